"""The slip of missing papers: drawn, printed by the real spooler and driver, and read back from the printed dots."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import settings as given_settings
from hypothesis import strategies as st
from PIL import Image
from pyzbar.pyzbar import ZBarSymbol, decode

from office import issuing, journal
from office.dossier_acts import ask_supplement
from office.dossier_intake import Intake, receive
from office.dossier_reentry import LENGTH, LETTERS, PREFIX
from office.dossiers import Applicant, Dossier, Missing
from office.journal import Event, Filter
from printer import Paper
from printer.jobs import Job, drawn
from printer.missing import BARS_TALL, MissingSlip, draw_missing
from printer.simulator import Simulator
from printer.slip import DOTS, LONGEST
from printer.spooler import Spooler
from tools.rehearsal import CLERK, PHRASES, Hall, settings_with
from tools.strips import picture
from tools.waiting import wait_for

NAME = "Nguyễn Văn Thử"
PLAIN = MissingSlip(
    office="Trung tâm Phục vụ hành chính công xã Phú Lương",
    parent="Ủy ban nhân dân xã Phú Lương",
    code="H55.242-261120-0007",
    papers=("Tờ khai có chữ ký", "Trích lục ghi chú ly hôn"),
    reentry="MC-KTMNPQBL",
    at=datetime(2026, 11, 20, 8, 15),  # noqa: DTZ001 - a slip shows local time and keeps no zone
)
LONG = replace(
    PLAIN,
    code="000.00.06.H56-231027-0361",
    papers=tuple(f"Giấy tờ thứ {n} về nguồn gốc sử dụng đất và tài sản gắn liền với đất" for n in range(1, 13)),
)


class Desk:
    """A hall with a printer whose dials are turned."""

    def __init__(self, folder: Path) -> None:
        self.printer = Simulator()
        address = {"driver": "network", "host": "127.0.0.1", "port": self.printer.port}
        self.hall = Hall(folder, settings_with(printer=address | {"timeout_s": 0.4, "retry_s": 0.1}))
        self.spooler: Spooler | None = None
        self.start()

    def start(self) -> None:
        self.spooler = Spooler(self.hall.store, self.hall.settings, PHRASES, look_s=30)
        self.spooler.start()

    def stop(self) -> None:
        if self.spooler is not None:
            self.spooler.stop()
        self.spooler = None

    def close(self) -> None:
        self.stop()
        self.printer.stop()
        self.hall.store.close()

    def ask(self, *papers: str) -> tuple[Dossier, str]:
        """A dossier whose papers are asked for, and its re-entry code."""
        wish = Intake(procedure_name="Xác nhận tình trạng hôn nhân", service="ho-tich", applicant=Applicant(name=NAME))
        dossier = self.hall.do(receive, wish, actor=CLERK)
        missing = [Missing(name) for name in papers or ("Tờ khai có chữ ký",)]
        return dossier, self.hall.do(ask_supplement, dossier.code, missing, "Chưa ký", actor=CLERK)

    def events(self, *kinds: str) -> list[Event]:
        return journal.read(self.hall.store.read(), only=Filter(kinds=kinds))

    def until(self, true: Callable[[], object]) -> None:
        wait_for(true, 8, lambda: [(e.kind, e.data) for e in self.events()])

    def printed(self, count: int) -> list[Image.Image]:
        self.until(lambda: len(self.events("dossier.slip_printed")) >= count)
        return [strip.picture for strip in self.printer.printed]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def read(image: Image.Image) -> tuple[list[str], list[str]]:
    """What pyzbar and zxing-cpp read from the slip lying on a sheet of paper."""
    paper = Image.new("L", (image.width + 80, image.height + 80), 255)
    paper.paste(image.convert("L"), (40, 40))
    by_pyzbar = [code.data.decode() for code in decode(paper, symbols=[ZBarSymbol.CODE128])]
    return by_pyzbar, [code.text for code in zxingcpp.read_barcodes(paper)]


@pytest.mark.parametrize("width", DOTS)
@pytest.mark.parametrize("slip", [PLAIN, LONG], ids=["plain", "long"])
def test_code_is_read_by_both_readers(width: int, slip: MissingSlip) -> None:
    assert read(picture(draw_missing(slip, PHRASES, width))) == ([slip.reentry], [slip.reentry])


@pytest.mark.parametrize("width", DOTS)
@pytest.mark.parametrize("slip", [PLAIN, LONG], ids=["plain", "long"])
def test_slip_is_short_and_its_bars_are_tall(width: int, slip: MissingSlip) -> None:
    image = picture(draw_missing(slip, PHRASES, width))
    assert image.width == DOTS[width]
    assert image.height <= LONGEST
    same, most = 0, 0
    rows = [image.crop((0, y, image.width, y + 1)).tobytes() for y in range(image.height)]
    for row, before in zip(rows[1:], rows, strict=False):
        same = same + 1 if row == before and any(byte != 0xFF for byte in row) else 0
        most = max(most, same + 1)
    assert most >= BARS_TALL >= 96  # 12 mm at 8 dots a mm


@pytest.mark.parametrize("width", DOTS)
@pytest.mark.parametrize("letters", ["BCGHKLMN", "QTVBQTVB", "VTQVTQVT", "MNMNMNMN"])
def test_any_reentry_code_fits_with_its_quiet_zones(width: int, letters: str) -> None:
    assert len(letters) == LENGTH
    assert set(letters) <= set(LETTERS)
    code = PREFIX + letters
    assert read(picture(draw_missing(replace(PLAIN, reentry=code), PHRASES, width))) == ([code], [code])


def test_slip_comes_out_once_and_is_read_back(desk: Desk) -> None:
    dossier, reentry = desk.ask("Tờ khai có chữ ký", "Trích lục ghi chú ly hôn")
    (image,) = desk.printed(1)
    assert read(image) == ([reentry], [reentry])
    (event,) = desk.events("dossier.slip_printed")
    (asked,) = desk.events("dossier.supplement_asked")
    assert event.dossier == dossier.key
    assert event.data == {"confirmed": True, "job": asked.seq}
    desk.stop()
    desk.start()
    time.sleep(0.3)
    assert len(desk.printer.printed) == 1


def test_slip_of_papers_is_not_the_slip_of_the_ticket(desk: Desk) -> None:
    """Neither printed nor failed: the ticket that is being served keeps its own."""
    ticket = desk.hall.do(issuing.issue, service="ho-tich", actor="api", slip=False)
    desk.printer.turn(paper=Paper.OUT)
    dossier = desk.hall.do(
        receive, Intake(procedure_name="Chứng thực", service="ho-tich"), actor=CLERK, ticket=ticket.id
    )
    desk.hall.do(ask_supplement, dossier.code, [Missing("Tờ khai")], "", actor=CLERK, ticket=ticket.id)
    desk.until(lambda: [e for e in desk.events("printer.failed") if e.data["reason"] == "paper_out"])
    # A busy machine may have found it offline too.
    assert {(e.ticket, e.data["number"]) for e in desk.events("printer.failed")} == {("", "")}
    desk.printer.turn(paper=Paper.OK)
    desk.printed(1)
    assert desk.events("printer.recovered")
    assert desk.hall.ticket(ticket).slip == ticket.slip
    assert desk.events("ticket.printed") == []


def test_slips_of_both_kinds_come_in_order(desk: Desk) -> None:
    desk.printer.turn(paper=Paper.OUT)
    first = desk.hall.issue("ho-tich")
    _, reentry = desk.ask()
    second = desk.hall.issue("ho-tich")
    desk.until(lambda: len(desk.events("printer.failed")) >= 3)
    desk.printer.turn(paper=Paper.OK)
    desk.until(lambda: len(desk.events("ticket.printed")) == 2)
    assert [read(image)[0] for image in desk.printed(1)] == [[], [reentry], []]
    assert [e.ticket for e in desk.events("ticket.printed")] == [first.id, second.id]


def test_slip_of_another_day_or_too_old_is_given_up(desk: Desk) -> None:
    desk.printer.turn(offline=True)
    desk.ask()
    desk.until(lambda: desk.events("printer.failed"))
    desk.hall.clock.turn(minutes=11)
    desk.until(lambda: [e for e in desk.events("printer.failed") if e.data["given_up"]])
    desk.printer.turn(offline=False)
    _, later = desk.ask()
    (image,) = desk.printed(1)
    assert read(image)[0] == [later]


def test_slip_whose_code_was_used_is_given_up(desk: Desk) -> None:
    desk.printer.turn(cover_open=True)
    dossier, reentry = desk.ask()
    desk.until(lambda: desk.events("printer.failed"))
    desk.hall.do(
        issuing.issue, service="ho-tich", actor="screen:kiosk", dossier=dossier.code, reentry=reentry, slip=False
    )
    desk.until(lambda: [e for e in desk.events("printer.failed") if e.data["reason"] == "stale"])
    desk.printer.turn(cover_open=False)
    time.sleep(0.3)
    assert desk.printer.printed == []


def test_no_name_is_on_the_slip(desk: Desk) -> None:
    """What is drawn depends on event and code alone: with another applicant it is the same dots."""
    dossier, _ = desk.ask()
    (event,) = desk.events("dossier.supplement_asked")
    db, settings = desk.hall.store.read(), desk.hall.settings
    before = picture(drawn(Job(event), db, settings, PHRASES)).tobytes()
    assert NAME not in repr(event)
    with desk.hall.store.act() as act:
        act.db.execute("UPDATE applicants SET name = 'Trần Thị Mẫu' WHERE dossier = ?", (dossier.key,))
    assert picture(drawn(Job(event), db, settings, PHRASES)).tobytes() == before


HOSTILE = st.text(max_size=300) | st.sampled_from(
    ["\x1b@\x1dV\x00", "{0.__class__}", "\ud800", "a\u0301" * 300, "名" * 200]
)


@given_settings(max_examples=40, deadline=None)
@given(HOSTILE, st.lists(HOSTILE, max_size=12), HOSTILE, st.sampled_from([58, 80]))
def test_hostile_words_do_not_break_a_slip(code: str, papers: list[str], reentry: str, width: int) -> None:
    slip = MissingSlip("Trung tâm", code, code, tuple(papers), reentry, PLAIN.at)
    sheet = draw_missing(slip, PHRASES, width)
    assert 200 < sheet.height <= LONGEST
    assert len(picture(sheet).tobytes()) == sheet.height * DOTS[width] // 8
