"""The spooler with a real journal, the real network driver and a printer whose dials are turned."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pyzbar.pyzbar import ZBarSymbol, decode

from office import issuing, journal, turns
from office.journal import Event, Filter
from office.phrases import Phrases
from office.tickets import Ticket
from printer import FaultKind, Paper
from printer.jobs import Job, slip_of
from printer.simulator import Dials, Simulator
from printer.slip import draw
from printer.spooler import Spooler
from tools.rehearsal import CONFIG, Hall, settings_with
from tools.strips import dots
from tools.waiting import wait_for

PHRASES = Phrases.load(CONFIG / "phrases")
CLERK = "person:lan"


class Desk:
    """A hall with a printer: ``start`` and ``stop`` the spooler, watch what it writes."""

    def __init__(self, folder: Path, **printer: Any) -> None:
        self.printer = Simulator()
        settings = settings_with(
            printer={
                "driver": "network",
                "host": "127.0.0.1",
                "port": self.printer.port,
                "timeout_s": 0.4,
                "retry_s": 0.1,
            }
            | printer,
            office={**_office(), "public_url": "http://192.168.1.10:8000"},
        )
        self.hall = Hall(folder, settings)
        self.spooler: Spooler | None = None

    def start(self, look_s: float = 30) -> None:
        self.spooler = Spooler(self.hall.store, self.hall.settings, PHRASES, look_s=look_s)
        self.spooler.start()

    def stop(self) -> None:
        if self.spooler is not None:
            self.spooler.stop()
            assert not self.spooler._thread.is_alive()
        self.spooler = None

    def close(self) -> None:
        self.stop()
        self.printer.stop()
        self.hall.store.close()

    def events(self, *kinds: str) -> list[Event]:
        return journal.read(self.hall.store.read(), only=Filter(kinds=kinds))

    def reasons(self) -> list[tuple[str, str]]:
        return [(e.data["number"], e.data["reason"]) for e in self.events("printer.failed")]

    def until(self, true: Callable[[], object], timeout_s: float = 8) -> None:
        """Wait until ``true`` is, and fail when it does not become so."""
        wait_for(true, timeout_s, lambda: [(e.kind, e.data) for e in self.events()])

    def printed(self, count: int) -> list[Image.Image]:
        """The pictures of the first ``count`` slips, once the journal says they are on paper."""
        self.until(lambda: len(self.events("ticket.printed")) >= count)
        return [strip.picture for strip in self.printer.printed]

    def expected(self, ticket: Ticket, kind: str = "ticket.issued") -> bytes:
        """The dots that the ticket's slip must be, drawn anew from the journal."""
        event = next(e for e in self.events(kind) if e.ticket == ticket.id)
        slip = slip_of(Job(event), self.hall.store.read(), self.hall.settings)
        return dots(draw(slip, PHRASES, 80))


def _office() -> dict[str, Any]:
    return {key: value for key, value in settings_with().office.model_dump().items() if key != "public_url"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.start()
    yield made
    made.close()


def read_code(picture: Image.Image) -> str:
    paper = Image.new("L", (picture.width + 80, picture.height + 80), 255)
    paper.paste(picture.convert("L"), (40, 40))
    return "".join(code.data.decode() for code in decode(paper, symbols=[ZBarSymbol.QRCODE]))


def test_issued_ticket_comes_out_as_drawn(desk: Desk) -> None:
    ticket = desk.hall.issue("ho-tich")
    (picture,) = desk.printed(1)
    assert picture.tobytes() == desk.expected(ticket)
    assert read_code(picture) == f"http://192.168.1.10:8000/t/{ticket.token}"
    (event,) = desk.events("ticket.printed")
    assert event.data == {
        "number": ticket.number, "service": "ho-tich", "copy": False, "confirmed": True, "job": ticket.seq,
    }  # fmt: skip
    assert desk.hall.ticket(ticket).slip == "printed"
    assert desk.spooler is not None
    health = desk.spooler.status()
    assert (health.fault, health.paper, health.printed, health.waiting) == (None, Paper.OK, 1, 0)


def test_slips_come_in_order_and_only_where_wanted(desk: Desk) -> None:
    wanted = [desk.hall.issue("ho-tich")]
    desk.hall.do(issuing.issue, service="ho-tich", actor="api", slip=False)
    wanted += [desk.hall.issue("chung-thuc"), desk.hall.issue("ho-tich")]
    pictures = desk.printed(3)
    assert [read_code(p)[-16:] for p in pictures] == [t.token for t in wanted]
    assert [e.ticket for e in desk.events("ticket.printed")] == [t.id for t in wanted]


def test_reprint_is_marked_as_a_copy(desk: Desk) -> None:
    ticket = desk.hall.issue("ho-tich")
    desk.printed(1)
    desk.hall.do(issuing.request_slip, ticket.id, actor=CLERK)
    first, copy = desk.printed(2)
    assert copy.tobytes() == desk.expected(ticket, "slip.requested") != first.tobytes()
    assert read_code(copy) == read_code(first)
    assert [e.data["copy"] for e in desk.events("ticket.printed")] == [False, True]


def test_out_of_paper_holds_and_then_prints_once(desk: Desk) -> None:
    desk.printer.turn(paper=Paper.OUT)
    tickets = [desk.hall.issue("ho-tich"), desk.hall.issue("ho-tich")]
    numbers = [t.number for t in tickets]
    desk.until(lambda: set(desk.reasons()) >= {(n, "paper_out") for n in numbers})
    time.sleep(0.5)  # several retries: nothing is told twice
    assert [r for r in desk.reasons() if r[0]] == [(n, "paper_out") for n in numbers]
    assert desk.hall.ticket(tickets[1]).slip == "failed"
    assert desk.spooler is not None
    assert (desk.spooler.status().fault, desk.spooler.status().waiting) == (FaultKind.PAPER_OUT, 2)
    desk.printer.turn(paper=Paper.OK)
    pictures = desk.printed(2)
    assert [read_code(p)[-16:] for p in pictures] == [t.token for t in tickets]
    assert len(desk.events("printer.recovered")) == 1
    assert desk.hall.ticket(tickets[1]).slip == "printed"


@pytest.mark.parametrize(
    ("dials", "reason"),
    [
        ({"cover_open": True}, "cover_open"),
        ({"offline": True}, "offline"),
        ({"mute": True}, "timeout"),
        ({"unplugged": True}, "cut_off"),
        ({"error": "cutter"}, "unknown"),
    ],
)
def test_each_fault_is_named_and_passes(desk: Desk, dials: dict[str, Any], reason: str) -> None:
    desk.printer.turn(**dials)
    ticket = desk.hall.issue("ho-tich")
    desk.until(lambda: (ticket.number, reason) in desk.reasons())
    desk.printer.turn(**{name: getattr(Dials(), name) for name in dials})
    (picture,) = desk.printed(1)
    assert read_code(picture).endswith(ticket.token)


def test_job_held_by_the_printer_is_not_sent_again(desk: Desk) -> None:
    """The roll runs out inside the slip: the printer keeps the rest and finishes it on the new roll."""
    desk.printer.turn(paper_left=200)
    first, second = desk.hall.issue("ho-tich"), desk.hall.issue("ho-tich")
    desk.until(lambda: {(first.number, "paper_out"), (second.number, "paper_out")} <= set(desk.reasons()))
    received = desk.printer.received
    time.sleep(0.5)
    assert desk.printer.received - received < 200  # questions only
    desk.printer.turn(paper=Paper.OK)
    pictures = desk.printed(2)
    assert [read_code(p)[-16:] for p in pictures] == [first.token, second.token]
    assert [e.data["confirmed"] for e in desk.events("ticket.printed")] == [True, True]


def test_held_job_survives_a_lost_connection_without_being_sent_again(desk: Desk) -> None:
    desk.printer.turn(paper_left=200)
    ticket = desk.hall.issue("ho-tich")
    desk.until(lambda: (ticket.number, "paper_out") in desk.reasons())
    desk.printer.turn(unplugged=True)
    desk.until(lambda: any(reason in ("cut_off", "offline") for _, reason in desk.reasons()))
    desk.printer.turn(unplugged=False)
    time.sleep(0.3)
    desk.printer.turn(paper=Paper.OK)
    (picture,) = desk.printed(1)
    assert read_code(picture).endswith(ticket.token)
    time.sleep(0.3)
    assert len(desk.printer.printed) == 1
    assert desk.events("ticket.printed")[0].data["confirmed"] is False  # it may have been switched off


def test_job_cut_off_on_its_way_is_sent_again_whole(desk: Desk) -> None:
    desk.printer.turn(cut_off_after=8000)
    ticket = desk.hall.issue("ho-tich")
    pictures = desk.printed(1)
    desk.until(lambda: len(desk.printer.printed) == 2)
    torn, whole = (strip.picture for strip in desk.printer.printed)
    assert whole.tobytes() == desk.expected(ticket)
    assert read_code(torn) == ""  # the spoiled piece was cut off first
    assert (ticket.number, "cut_off") in desk.reasons()
    assert len(desk.events("ticket.printed")) == 1
    assert pictures


def test_slow_reader_is_waited_for(desk: Desk) -> None:
    desk.printer.turn(slow=24_000)
    ticket = desk.hall.issue("ho-tich")
    (picture,) = desk.printed(1)
    assert picture.tobytes() == desk.expected(ticket)
    time.sleep(0.3)
    assert len(desk.printer.printed) == 1


def test_small_buffer_blocks_until_paper_returns(desk: Desk) -> None:
    """The printer stops reading in the middle: whatever it did with the first part, one whole slip comes out."""
    desk.printer.turn(paper_left=120, buffer=2048)
    ticket = desk.hall.issue("ho-tich")
    desk.until(lambda: (ticket.number, "timeout") in desk.reasons() or (ticket.number, "paper_out") in desk.reasons())
    desk.printer.turn(paper=Paper.OK)
    desk.printed(1)
    codes = [read_code(strip.picture) for strip in desk.printer.printed]
    assert codes.count(f"http://192.168.1.10:8000/t/{ticket.token}") == 1


def test_stale_slip_is_given_up(desk: Desk) -> None:
    desk.printer.turn(paper=Paper.OUT)
    old, called, cancelled, fresh = (desk.hall.issue("ho-tich") for _ in range(4))
    desk.until(lambda: (fresh.number, "paper_out") in desk.reasons())
    desk.hall.open("1")
    desk.hall.do(turns.cancel, cancelled.id, actor=CLERK)
    desk.until(lambda: desk.hall.ticket(old).slip == "failed")
    desk.hall.clock.turn(seconds=40)
    assert desk.hall.do(turns.call_next, "1", actor=CLERK) is not None  # the oldest: its paper helps nobody now
    desk.until(lambda: (old.number, "stale") in desk.reasons())
    desk.printer.turn(paper=Paper.OK)
    pictures = desk.printed(2)
    assert [read_code(p)[-16:] for p in pictures] == [called.token, fresh.token]
    stale = [e for e in desk.events("printer.failed") if e.data["reason"] == "stale"]
    assert [e.data["number"] for e in stale] == [old.number, cancelled.number]
    assert all(e.data["given_up"] for e in stale)
    assert desk.spooler is not None
    desk.until(lambda: desk.spooler is not None and desk.spooler.status().waiting == 0)


def test_slip_of_a_number_called_at_once_still_comes_out(desk: Desk) -> None:
    desk.printer.turn(cover_open=True)
    ticket = desk.hall.issue("ho-tich")
    desk.until(lambda: (ticket.number, "cover_open") in desk.reasons())
    desk.hall.open("1")
    assert desk.hall.do(turns.call_next, "1", actor=CLERK) is not None
    desk.printer.turn(cover_open=False)
    (picture,) = desk.printed(1)
    assert read_code(picture).endswith(ticket.token)


def test_slip_too_old_is_given_up(desk: Desk) -> None:
    desk.printer.turn(offline=True)
    ticket = desk.hall.issue("ho-tich")
    desk.until(lambda: (ticket.number, "offline") in desk.reasons())
    desk.hall.clock.turn(minutes=11)
    desk.until(lambda: (ticket.number, "stale") in desk.reasons())
    desk.printer.turn(offline=False)
    later = desk.hall.issue("ho-tich")
    (picture,) = desk.printed(1)
    assert read_code(picture).endswith(later.token)


def test_stopped_spooler_goes_on_where_it_was(desk: Desk) -> None:
    first = desk.hall.issue("ho-tich")
    desk.printed(1)
    desk.stop()
    second = desk.hall.issue("ho-tich")
    desk.start()
    pictures = desk.printed(2)
    assert [read_code(p)[-16:] for p in pictures] == [first.token, second.token]
    time.sleep(0.3)
    assert len(desk.printer.printed) == 2


def test_stop_in_an_outage_passes_no_slip_over(tmp_path: Path) -> None:
    """Behind the slip that cannot be printed stand so many numbers without one that the place would be moved."""
    desk = Desk(tmp_path)
    try:
        desk.start()
        desk.stop()
        desk.printer.turn(offline=True)
        ticket = desk.hall.issue("ho-tich")
        with desk.hall.store.act() as act:
            for _ in range(280):
                other = issuing.issue(act, desk.hall.settings, service="ho-tich", actor="api", slip=False)
                turns.cancel(act, desk.hall.settings, other.id, actor="api")
        desk.start()
        desk.until(lambda: (ticket.number, "offline") in desk.reasons())
        desk.stop()
        desk.printer.turn(offline=False)
        desk.start()
        (picture,) = desk.printed(1)
        assert read_code(picture).endswith(ticket.token)
    finally:
        desk.close()


def test_outage_is_remembered_over_a_restart(desk: Desk) -> None:
    desk.printer.turn(paper=Paper.OUT)
    ticket = desk.hall.issue("ho-tich")
    desk.until(lambda: (ticket.number, "paper_out") in desk.reasons())
    told = len(desk.reasons())
    desk.stop()
    desk.start()
    time.sleep(0.4)
    assert len(desk.reasons()) == told
    desk.hall.clock.turn(seconds=90)
    desk.printer.turn(paper=Paper.OK)
    desk.printed(1)
    (recovered,) = desk.events("printer.recovered")
    assert recovered.data["after_s"] == 90


def test_stop_while_the_printer_holds_a_job(desk: Desk) -> None:
    desk.printer.turn(paper_left=200)
    ticket = desk.hall.issue("ho-tich")
    desk.until(lambda: (ticket.number, "paper_out") in desk.reasons())
    began = time.monotonic()
    desk.stop()
    assert time.monotonic() - began < 2
    assert desk.events("ticket.printed") == []


def test_idle_printer_is_looked_at(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.start(look_s=0.2)
    try:
        desk.printer.turn(cover_open=True)
        desk.until(lambda: desk.reasons() == [("", "cover_open")])
        desk.printer.turn(cover_open=False, paper=Paper.NEAR_END)
        desk.until(lambda: desk.events("printer.recovered"))
        assert desk.spooler is not None
        assert desk.spooler.status().paper is Paper.NEAR_END
    finally:
        desk.close()


def test_driver_that_cannot_be_loaded_is_told_and_harms_nobody(tmp_path: Path) -> None:
    desk = Desk(tmp_path, driver="windows")
    desk.start(look_s=0.1)
    try:
        desk.until(lambda: desk.reasons() == [("", "unknown")])
        assert desk.hall.issue("ho-tich").number
    finally:
        desk.close()


def test_unknown_profile_is_told_and_harms_nobody(tmp_path: Path) -> None:
    desk = Desk(tmp_path, profile="nonesuch")
    desk.start()
    try:
        ticket = desk.hall.issue("ho-tich")
        desk.until(lambda: (ticket.number, "unknown") in desk.reasons())
    finally:
        desk.close()


def test_touch_to_last_byte_is_quick(desk: Desk) -> None:
    """The bench proper is in benchmarks/; this only keeps a slow path from slipping in."""
    desk.hall.issue("ho-tich")
    desk.printed(1)
    took = []
    for n in range(2, 12):
        began = time.monotonic()
        desk.hall.issue("ho-tich")
        desk.printer.wait_for(n)
        took.append(desk.printer.last_byte_at - began)
        desk.printed(n)
    assert sorted(took)[len(took) // 2] < 0.2
