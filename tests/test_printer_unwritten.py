"""The journal cannot be written for a while (a full disk): what the printer has already is not sent to it again."""

from pathlib import Path

import pytest

from office import journal
from office.journal import Filter
from office.phrases import Phrases
from printer import FaultKind, Paper
from printer.simulator import Simulator
from printer.spooler import Spooler
from tools.rehearsal import CONFIG, Hall, settings_with
from tools.waiting import wait_for


@pytest.mark.parametrize(("kind", "paper_left"), [("ticket.printed", 0), ("printer.failed", 200)])
def test_slip_is_not_repeated_while_the_journal_cannot_be_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str, paper_left: int
) -> None:
    with Simulator() as printer:
        where = {"driver": "network", "host": "127.0.0.1", "port": printer.port, "timeout_s": 0.4, "retry_s": 0.02}
        hall = Hall(tmp_path, settings_with(printer=where))
        refuse(hall, f"CREATE TRIGGER full BEFORE INSERT ON journal WHEN NEW.kind = '{kind}'"
                     " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END")  # fmt: skip
        printer.turn(paper_left=paper_left)
        spooler = Spooler(hall.store, hall.settings, Phrases.load(CONFIG / "phrases"))
        spooler.start()
        try:
            ticket = hall.issue("ho-tich")
            wait_for(lambda: sum("disk is full" in (record.exc_text or "") for record in caplog.records) > 2)
            assert [one for one in caplog.messages if "disk is full" in one] == []  # it is no fault of the printer
            printer.turn(paper=Paper.OK)
            refuse(hall, "DROP TRIGGER full")
            wait_for(lambda: journal.read(hall.store.read(), only=Filter(kinds=("ticket.printed",), ticket=ticket.id)))
            assert len(printer.wait_for(2, 0.1)) == 1
        finally:
            spooler.stop()
            hall.store.close()


def test_a_fault_of_the_driver_that_nobody_foresaw_is_told(tmp_path: Path) -> None:
    hall = Hall(tmp_path, settings_with(printer={"driver": "network", "retry_s": 0.02}))
    odd = hall.settings.printer.model_copy(update={"host": 5})  # which no configuration allows
    spooler = Spooler(hall.store, hall.settings.model_copy(update={"printer": odd}), Phrases.load(CONFIG / "phrases"))
    spooler.start()
    try:
        ticket = hall.issue("ho-tich")
        wait_for(lambda: hall.ticket(ticket).slip == "failed")
        assert spooler.status().fault is FaultKind.UNKNOWN
    finally:
        spooler.stop()
        hall.store.close()


def refuse(hall: Hall, statement: str) -> None:
    """Have SQLite refuse one kind of event, or stop doing so."""
    with hall.store.act() as act:
        act.db.execute(statement)
