"""What a repeated request is answered: the same for the same, nothing done twice, a refusal for another."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from office import answers, journal
from office.answers import Answer
from office.errors import KeyReused
from office.store import Store
from tools.rehearsal import Hall

FIRST = answers.digest("POST", "/api/v1/tickets?", b'{"service":"ho-tich"}')


def keep(hall: Hall, key: str, answer: Answer, caller: str = "key:province") -> None:
    with hall.store.act() as act:
        answers.keep(act, caller, key, FIRST, answer)


def recall(hall: Hall, key: str, request: str = FIRST, caller: str = "key:province") -> Answer | None:
    return answers.recall(hall.store.read(), caller, key, request, hall.clock())


def test_same_key_and_body_get_the_same_answer_across_restarts(hall: Hall) -> None:
    answer = Answer(201, '{"number":"H-001","name":"Hộ tịch"}')
    assert recall(hall, "k1") is None
    keep(hall, "k1", answer)
    hall.store.close()
    hall.store = Store(hall.store.path, hall.clock)
    assert recall(hall, "k1") == answer
    assert recall(hall, "k2") is None
    assert recall(hall, "k1", caller="key:other") is None
    hall.clock.turn(hours=23.99)
    assert recall(hall, "k1") == answer
    hall.clock.turn(hours=0.02)
    assert recall(hall, "k1") is None
    keep(hall, "k1", Answer(201, "new"))
    assert recall(hall, "k1") == Answer(201, "new")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/v1/tickets?", b'{"service":"dat-dai"}'),
        ("PUT", "/api/v1/tickets?", b'{"service":"ho-tich"}'),
        ("POST", "/api/v1/tickets/1/cancel?", b'{"service":"ho-tich"}'),
        ("POST", "/api/v1/tickets?", b""),
    ],
)
def test_same_key_with_another_request_is_refused(hall: Hall, method: str, path: str, body: bytes) -> None:
    keep(hall, "k1", Answer(201, "{}"))
    with pytest.raises(KeyReused) as told:
        recall(hall, "k1", answers.digest(method, path, body))
    assert told.value.status == 422


def test_old_answers_are_forgotten(hall: Hall) -> None:
    keep(hall, "old", Answer(201, "{}"))
    hall.clock.turn(hours=24)
    keep(hall, "new", Answer(201, "{}"))
    with hall.store.act() as act:
        assert answers.forget_old(act) == 1
    assert recall(hall, "new") is not None


def test_answer_is_kept_with_its_act_or_not_at_all(hall: Hall) -> None:
    def interrupted() -> None:
        with hall.store.act() as act:
            answers.keep(act, "key:province", "k1", FIRST, Answer(201, "{}"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert recall(hall, "k1") is None


def test_one_key_sent_many_times_at_once_acts_once(hall: Hall) -> None:
    gate = threading.Barrier(8)

    def request(_: int) -> str:
        gate.wait()
        with hall.store.act() as act:
            if known := answers.recall(act.db, "key:province", "k1", FIRST, act.now):
                return known.body
            event = journal.append(act, "help.requested", office="H55.242", actor="system")
            answers.keep(act, "key:province", "k1", FIRST, Answer(201, str(event.seq)))
            return str(event.seq)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(request, range(8))) == ["1"] * 8
    assert journal.head(hall.store.read())[0] == 1
