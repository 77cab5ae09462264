"""Who gets in: people and their throttling, screens and their codes, keys."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from office import doors, journal, people
from office.errors import (
    BadRequest,
    LastSupervisor,
    NotSignedIn,
    OfficeError,
    Oneself,
    OtherKind,
    TooManyTries,
    UnknownName,
    WrongPassword,
)
from office.people import Person, Role, Session
from office.store import Store
from tools.rehearsal import Hall

SYSTEM = "system"
PASSWORD = "nắng-đẹp 42"


class Notebook:
    """Passwords kept readably: a real Passwords that counts its work and can be slow."""

    def __init__(self) -> None:
        self.hashed = self.compared = self.at_once = self.most_at_once = 0
        self.slow_s = 0.0

    def hash(self, password: str) -> str:
        self.hashed += 1
        return f"hash of {password}"

    def matches(self, hashed: str, password: str) -> bool:
        self.compared += 1
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        time.sleep(self.slow_s)
        self.at_once -= 1
        return hashed == f"hash of {password}"


@pytest.fixture
def notebook(hall: Hall) -> Notebook:
    """The notebook in which clerk lan and supervisor hoa stand."""
    made = Notebook()
    hall.do(people.add, made, "lan", Role.CLERK, PASSWORD, actor=SYSTEM)
    hall.do(people.add, made, "hoa", Role.SUPERVISOR, PASSWORD + "!", actor=SYSTEM)
    return made


def sign_in(
    hall: Hall, notebook: Notebook, name: str, password: str, address: str = "192.168.1.20"
) -> tuple[str, Session]:
    return people.sign_in(hall.store, hall.settings, notebook, name, password, address=address)


def refuse(hall: Hall, notebook: Notebook, name: str, times: int, address: str = "192.168.1.20") -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            sign_in(hall, notebook, name, "wrong", address)


# ---- people ----------------------------------------------------------------------------------------------


def test_sign_in_begins_a_session_and_tells_the_journal_no_secret(hall: Hall, notebook: Notebook) -> None:
    secret, session = sign_in(hall, notebook, " Lan ", PASSWORD)
    assert session.person == Person("lan", Role.CLERK)
    assert people.session(hall.store.read(), secret, hall.clock()) == session
    assert people.session(hall.store.read(), secret + "x", hall.clock()) is None
    assert people.session(hall.store.read(), session.hash, hall.clock()) is None
    dump = "\n".join(hall.dump())
    assert secret not in dump
    kinds = [e.kind for e in journal.read(hall.store.read())]
    assert kinds == ["setting.changed", "setting.changed", "person.signed_in"]
    events = [str(e) for e in journal.read(hall.store.read())]
    assert not [e for e in events if PASSWORD in e or "hash of" in e]


def test_session_ends_with_its_hours_with_sign_out_and_with_a_new_password(hall: Hall, notebook: Notebook) -> None:
    secret, first = sign_in(hall, notebook, "lan", PASSWORD)
    other, second = sign_in(hall, notebook, "lan", PASSWORD)
    assert (first.csrf, secret) != (second.csrf, other)
    with hall.store.act() as act:
        people.sit_at(act, first, "3")
    kept = people.session(hall.store.read(), secret, hall.clock())
    assert kept is not None
    assert kept.counter == "3"
    with hall.store.act() as act:
        people.sign_out(act, hall.settings, first)
    assert people.session(hall.store.read(), secret, hall.clock()) is None
    assert people.session(hall.store.read(), other, hall.clock()) is not None
    hall.clock.turn(hours=hall.settings.web.session_hours)
    assert people.session(hall.store.read(), other, hall.clock()) is None
    with hall.store.act() as act:
        assert people.forget_old(act) == 1
    secret, _ = sign_in(hall, notebook, "lan", PASSWORD)
    hall.do(people.add, notebook, "lan", Role.SUPERVISOR, "another-one", actor=SYSTEM)
    assert people.session(hall.store.read(), secret, hall.clock()) is None
    assert sign_in(hall, notebook, "lan", "another-one")[1].person.role is Role.SUPERVISOR


@pytest.mark.parametrize("name", ["", "x", "Lan Anh", "lan'--", "a" * 33, "-lan", "lan\n"])
def test_names_that_are_none_are_refused(hall: Hall, name: str) -> None:
    before = hall.dump()
    with pytest.raises(BadRequest):
        hall.do(people.add, Notebook(), name, Role.CLERK, PASSWORD, actor=SYSTEM)
    assert hall.dump() == before


@pytest.mark.parametrize(("password", "good"), [("1234567", False), ("aaabbbcccc", False), ("abcd1234", True),
                                                ("x" * 190 + "yzab", True), ("xyza" * 51, False)])  # fmt: skip
def test_passwords_have_a_least_quality(password: str, good: bool) -> None:
    if good:
        people.check_password(password)
    else:
        with pytest.raises(BadRequest):
            people.check_password(password)


@pytest.mark.parametrize("ahead_days", [0, 3650])
def test_name_waits_after_five_wrong_passwords_and_a_restart_forgets_none(
    hall: Hall, notebook: Notebook, ahead_days: int
) -> None:
    """Also where the clock was once ten years ahead: the journal's moments have stood still since."""
    hall.clock.turn(days=ahead_days)
    refuse(hall, notebook, "lan", 4)
    hall.clock.turn(days=-ahead_days)
    refuse(hall, notebook, "lan", 5 if ahead_days else 1)
    compared = notebook.compared
    with pytest.raises(TooManyTries):
        sign_in(hall, notebook, "lan", PASSWORD)
    assert notebook.compared == compared  # not even tried
    hall.store.close()
    hall.store = Store(hall.store.path, hall.clock)
    with pytest.raises(TooManyTries) as told:
        sign_in(hall, notebook, "lan", PASSWORD)
    assert told.value.params["seconds"] == 300
    assert sign_in(hall, notebook, "lan", PASSWORD, "192.168.1.99")[1].person.name == "lan", "locked out by a stranger"
    assert sign_in(hall, notebook, "hoa", PASSWORD + "!")[1].person.name == "hoa"
    hall.clock.turn(seconds=300)
    assert sign_in(hall, notebook, "lan", PASSWORD)[1].person.name == "lan"


def test_name_waits_after_fifty_wrong_passwords_from_anywhere(hall: Hall, notebook: Notebook) -> None:
    for n in range(10):
        assert sign_in(hall, notebook, "lan", PASSWORD, "192.168.1.99")
        refuse(hall, notebook, "lan", 5, f"192.168.2.{n}")
    hall.store.close()
    hall.store = Store(hall.store.path, hall.clock)
    with pytest.raises(TooManyTries):
        sign_in(hall, notebook, "lan", PASSWORD, "192.168.1.99")
    assert sign_in(hall, notebook, "hoa", PASSWORD + "!", "192.168.1.99")


def test_address_waits_after_twenty_wrong_passwords(hall: Hall, notebook: Notebook) -> None:
    for n in range(20):
        refuse(hall, notebook, f"guess{n}", 1)
    with pytest.raises(TooManyTries):
        sign_in(hall, notebook, "lan", PASSWORD)
    assert sign_in(hall, notebook, "lan", PASSWORD, "192.168.1.21")[1].person.name == "lan"


def test_right_password_in_between_does_not_reset_the_count(hall: Hall, notebook: Notebook) -> None:
    refuse(hall, notebook, "lan", 4)
    sign_in(hall, notebook, "lan", PASSWORD)
    refuse(hall, notebook, "lan", 1)
    with pytest.raises(TooManyTries):
        sign_in(hall, notebook, "lan", PASSWORD)


def test_unknown_name_is_answered_like_a_wrong_password_and_costs_the_same(hall: Hall, notebook: Notebook) -> None:
    def told_and_work(name: str) -> tuple[str, type[OfficeError], int, int]:
        hashed, compared = notebook.hashed, notebook.compared
        with pytest.raises(WrongPassword) as told:
            sign_in(hall, notebook, name, "wrong")
        return str(told.value), type(told.value), notebook.hashed - hashed, notebook.compared - compared

    told_and_work("nobody-yet")  # the first one may prepare what the others are compared with
    assert told_and_work("no-such") == told_and_work("lan")


def test_decoy_of_unknown_names_opens_nothing(hall: Hall, notebook: Notebook) -> None:
    for name in ("no-such", "nobody"):
        for password in ("nobody", "", "hash of nobody"):
            with pytest.raises(WrongPassword):
                sign_in(hall, notebook, name, password, address=f"{name}{password}")


def test_tries_at_once_are_counted_one_by_one(hall: Hall, notebook: Notebook) -> None:
    notebook.slow_s = 0.005

    def guess(n: int) -> str:
        try:
            sign_in(hall, notebook, "lan", f"guess {n}")
        except OfficeError as error:
            return type(error).__name__
        return "in"

    with ThreadPoolExecutor(16) as threads:
        told = list(threads.map(guess, range(40)))
    assert told.count("WrongPassword") == 5
    assert told.count("TooManyTries") == 35
    assert notebook.most_at_once == 1  # argon2 takes 19 MiB each time


def test_removed_person_is_out_at_once_and_stays_in_the_journal(hall: Hall, notebook: Notebook) -> None:
    secret, _ = sign_in(hall, notebook, "lan", PASSWORD)
    hall.do(people.remove, "lan", actor="person:hoa")
    assert people.session(hall.store.read(), secret, hall.clock()) is None
    assert [person.name for person in people.everyone(hall.store.read())] == ["hoa"]
    with pytest.raises(WrongPassword):
        sign_in(hall, notebook, "lan", PASSWORD)
    events = journal.read(hall.store.read())
    assert [e.data["name"] for e in events if e.kind == "person.signed_in"] == ["lan"]
    told = [e for e in events if e.data.get("removed")]
    assert [(e.actor, e.data) for e in told] == [("person:hoa", {"what": "people", "name": "lan", "removed": 1})]
    assert journal.verify(hall.store.read()) == len(events)
    hall.do(people.add, notebook, "lan", Role.CLERK, PASSWORD, actor=SYSTEM)
    assert people.session(hall.store.read(), secret, hall.clock()) is None


def test_a_supervisor_is_always_left(hall: Hall, notebook: Notebook) -> None:
    hall.refused(LastSupervisor, lambda: hall.do(people.remove, "hoa", actor=SYSTEM))
    clerk = Role.CLERK
    hall.refused(LastSupervisor, lambda: hall.do(people.add, notebook, "hoa", clerk, PASSWORD, actor=SYSTEM))
    hall.refused(UnknownName, lambda: hall.do(people.remove, "nobody", actor="person:hoa"))
    hall.do(people.add, notebook, "lan", Role.SUPERVISOR, PASSWORD, actor="person:hoa")
    hall.refused(Oneself, lambda: hall.do(people.remove, "hoa", actor="person:hoa"))
    hall.do(people.remove, "hoa", actor="person:lan")
    hall.refused(LastSupervisor, lambda: hall.do(people.remove, "lan", actor=SYSTEM))


# ---- screens ---------------------------------------------------------------------------------------------


def pair(hall: Hall, code: str, kind: doors.ScreenKind = "kiosk", address: str = "192.168.1.30") -> str:
    return doors.pair(hall.store, hall.settings, kind, code, address=address)[0]


def wrong_code(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_code_pairs_one_screen_once(hall: Hall) -> None:
    code = hall.do(doors.add_screen, "kiosk-1", "kiosk", actor=SYSTEM)
    assert re.fullmatch(r"\d{6}", code)
    with pytest.raises(NotSignedIn):
        pair(hall, code, "board")
    secret = pair(hall, f" {code[:3]} {code[3:]} ")
    assert doors.screen(hall.store.read(), secret) == doors.Screen("kiosk-1", "kiosk", paired=True)
    with pytest.raises(NotSignedIn):
        pair(hall, code)
    assert doors.screen(hall.store.read(), "") is None
    dump = "\n".join(hall.dump())
    assert secret not in dump
    assert not [e for e in journal.read(hall.store.read()) if code in str(e.data)]


def test_code_is_good_for_half_an_hour(hall: Hall) -> None:
    code = hall.do(doors.add_screen, "kiosk-1", "kiosk", actor=SYSTEM)
    hall.clock.turn(minutes=30)
    with pytest.raises(NotSignedIn):
        pair(hall, code)
    code = hall.do(doors.add_screen, "kiosk-1", "kiosk", actor=SYSTEM)
    hall.clock.turn(minutes=29.99)
    pair(hall, code)


def test_new_code_ends_the_old_pairing_when_used(hall: Hall) -> None:
    first = pair(hall, hall.do(doors.add_screen, "kiosk-1", "kiosk", actor=SYSTEM))
    code = hall.do(doors.add_screen, "kiosk-1", "kiosk", actor=SYSTEM)
    assert doors.screen(hall.store.read(), first) is not None
    second = pair(hall, code)
    assert doors.screen(hall.store.read(), first) is None
    assert doors.screen(hall.store.read(), second) is not None
    hall.do(doors.remove_screen, "kiosk-1", actor=SYSTEM)
    assert doors.screen(hall.store.read(), second) is None
    assert doors.screens(hall.store.read()) == []


def test_another_kind_needs_the_screen_removed_first(hall: Hall) -> None:
    hall.do(doors.add_screen, "hall-1", "board", actor=SYSTEM)
    secret = pair(hall, hall.do(doors.add_screen, "hall-1", "kiosk", actor=SYSTEM))  # not paired yet: it may change
    hall.refused(OtherKind, lambda: hall.do(doors.add_screen, "hall-1", "board", actor=SYSTEM))
    assert doors.screen(hall.store.read(), secret) == doors.Screen("hall-1", "kiosk", paired=True)
    hall.do(doors.remove_screen, "hall-1", actor=SYSTEM)
    pair(hall, hall.do(doors.add_screen, "hall-1", "board", actor=SYSTEM), "board")
    assert doors.screen(hall.store.read(), secret) is None


def test_what_is_not_there_cannot_be_removed(hall: Hall) -> None:
    hall.refused(UnknownName, lambda: hall.do(doors.remove_screen, "kiosk-9", actor=SYSTEM))
    hall.refused(UnknownName, lambda: hall.do(doors.remove_key, "province", actor=SYSTEM))


def test_a_stranger_guessing_codes_locks_out_no_other_address(hall: Hall) -> None:
    code = hall.do(doors.add_screen, "kiosk-1", "kiosk", actor=SYSTEM)
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            pair(hall, wrong_code(code), address="192.168.9.9")
    hall.store.close()
    hall.store = Store(hall.store.path, hall.clock)
    with pytest.raises(TooManyTries):
        pair(hall, code, address="192.168.9.9")
    pair(hall, code)


def test_codes_wait_after_a_hundred_wrong_ones_from_anywhere_until_a_new_code(hall: Hall) -> None:
    board = hall.do(doors.add_screen, "board-1", "board", actor=SYSTEM)
    code = hall.do(doors.add_screen, "kiosk-1", "kiosk", actor=SYSTEM)
    for n in range(100):
        with pytest.raises(NotSignedIn):
            pair(hall, wrong_code(code), address=f"192.168.9.{n // 10}")
    with pytest.raises(TooManyTries):
        pair(hall, code)
    pair(hall, hall.do(doors.add_screen, "kiosk-1", "kiosk", actor=SYSTEM))
    with pytest.raises(TooManyTries):
        pair(hall, board, "board")


def test_guessing_codes_ends_after_ten(hall: Hall) -> None:
    code = hall.do(doors.add_screen, "kiosk-1", "kiosk", actor=SYSTEM)
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            pair(hall, wrong_code(code))
    with pytest.raises(TooManyTries):
        pair(hall, code)
    assert [e.data for e in journal.read(hall.store.read()) if e.kind == "screen.refused"] == [
        {"from": "192.168.1.30", "clock": hall.clock()}
    ] * 10
    code = hall.do(doors.add_screen, "kiosk-1", "kiosk", actor=SYSTEM)
    pair(hall, code)  # a new code ends the waiting


@pytest.mark.parametrize("code", ["", "      ", "abcdef", "12345", "1234567", "१२३४५६"])
def test_what_is_no_code_pairs_nothing(hall: Hall, code: str) -> None:
    pair(hall, hall.do(doors.add_screen, "kiosk-1", "kiosk", actor=SYSTEM))  # its code is used: no hash is left
    with pytest.raises(NotSignedIn):
        pair(hall, code)


@pytest.mark.parametrize("name", ["", " kiosk", "a" * 41, "kiosk<script>", "kiosk\n"])
def test_screen_and_key_names_are_plain(hall: Hall, name: str) -> None:
    before = hall.dump()
    with pytest.raises(BadRequest):
        hall.do(doors.add_screen, name, "kiosk", actor=SYSTEM)
    with pytest.raises(BadRequest):
        hall.do(doors.add_key, name, ("tickets",), actor=SYSTEM)
    assert hall.dump() == before


# ---- keys ------------------------------------------------------------------------------------------------


def test_key_opens_its_scopes_and_is_kept_as_a_hash(hall: Hall) -> None:
    secret = hall.do(doors.add_key, "province", ("journal", "tickets"), actor=SYSTEM)
    assert doors.key(hall.store.read(), secret) == doors.Key("province", frozenset({"journal", "tickets"}))
    assert doors.key(hall.store.read(), "") is None
    assert doors.key(hall.store.read(), secret.upper()) is None
    assert secret not in "\n".join(hall.dump())
    again = hall.do(doors.add_key, "province", ("footage",), actor=SYSTEM)
    assert doors.key(hall.store.read(), secret) is None
    assert doors.key(hall.store.read(), again) == doors.Key("province", frozenset({"footage"}))
    assert doors.keys(hall.store.read()) == [doors.Key("province", frozenset({"footage"}))]
    hall.do(doors.remove_key, "province", actor=SYSTEM)
    assert doors.key(hall.store.read(), again) is None
    assert doors.keys(hall.store.read()) == []


@pytest.mark.parametrize("scopes", [(), ("everything",), ("tickets", "")])
def test_unknown_scopes_are_refused(hall: Hall, scopes: tuple[str, ...]) -> None:
    with pytest.raises(BadRequest, match="tickets, counters, dossiers, journal, footage, admin"):
        hall.do(doors.add_key, "province", scopes, actor=SYSTEM)
    assert "province" not in "\n".join(hall.dump())
