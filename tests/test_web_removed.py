"""Who was removed, signed out, or is over their hours hears nothing more, on a stream that was open before."""

import threading
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from office import doors, people
from tools.rehearsal import Hall
from tools.webhall import API, Doors

WITHIN_S = 15


def _remove_key(doors_of: Doors) -> None:
    doors_of.hall.do(doors.remove_key, "system", actor="system")


def _remove_screen(doors_of: Doors) -> None:
    doors_of.hall.do(doors.remove_screen, "board-1", actor="system")


def _remove_person(doors_of: Doors) -> None:
    doors_of.hall.do(people.remove, "lan", actor="system")


def _next_day(doors_of: Doors) -> None:
    doors_of.hall.clock.turn(hours=13)


def _nothing(_: Doors) -> None:
    pass


def _client(made: Doors, who: str) -> FlaskClient:
    if who == "key":
        return made.key("journal")
    return made.screen("board") if who == "board" else made.person()


CASES: list[tuple[str, Callable[[Doors], None], bool]] = [
    ("key", _remove_key, True),
    ("board", _remove_screen, True),
    ("person", _remove_person, True),
    ("person", _next_day, True),
    ("board", _next_day, False),
    ("key", _nothing, False),
]


@pytest.mark.parametrize(("who", "happens", "ends"), CASES)
def test_an_open_stream_ends_with_its_welcome(
    hall: Hall, quick_beat: float, who: str, happens: Callable[[Doors], None], ends: bool
) -> None:
    made = Doors(hall)
    made.web.pulse.beat_s = quick_beat
    client = _client(made, who)
    answer = client.get(f"{API}/events", buffered=False)
    told = iter(answer.response)
    next(told)
    over = threading.Event()

    def listen() -> None:
        for _ in told:
            pass
        over.set()

    threading.Thread(target=listen, daemon=True).start()
    happens(made)
    assert over.wait(WITHIN_S if ends else 6 * quick_beat) is ends
    made.web.pulse.stop()
    assert over.wait(WITHIN_S)


@pytest.fixture
def quick_beat() -> float:
    """A quicker beat, so that the test need not wait for five seconds."""
    return 0.2
