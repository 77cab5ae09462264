"""A printer known never to answer: slips are sent unasked, come out, and are written down as unconfirmed."""

import time
from pathlib import Path
from typing import Any

import pytest

from office import issuing, journal
from office.journal import Filter
from office.phrases import Phrases
from printer import look
from printer.simulator import Simulator
from printer.spooler import Spooler
from tools.rehearsal import CONFIG, Hall, settings_with


@pytest.mark.parametrize(("answers", "slips"), [(False, 1), (True, 0)])
def test_a_mute_printer_prints_only_when_the_office_knows_it_is_mute(tmp_path: Path, answers: bool, slips: int) -> None:
    with Simulator() as printer:
        printer.turn(mute=True)
        hall = Hall(tmp_path, _settings(printer.port, answers=answers))
        spooler = Spooler(hall.store, hall.settings, Phrases.load(CONFIG / "phrases"))
        spooler.start()
        try:
            ticket = hall.do(issuing.issue, service=hall.settings.services[0].id, actor="screen:kiosk")
            kind = "printer.failed" if answers else "ticket.printed"
            event = _first(hall, kind)
            assert event.data.get("confirmed") is (None if answers else False)
            assert event.ticket == ticket.id
            assert len(printer.wait_for(slips, 5)) == slips
        finally:
            spooler.stop()
            hall.store.close()


def test_checking_a_mute_printer_asks_it_nothing() -> None:
    with Simulator() as printer:
        printer.turn(mute=True)
        assert look(_settings(printer.port, answers=False).printer).fault is None


def _settings(port: int, *, answers: bool) -> Any:
    return settings_with(
        printer={
            "driver": "network",
            "host": "127.0.0.1",
            "port": port,
            "timeout_s": 0.3,
            "retry_s": 0.1,
            "answers": answers,
        }
    )


def _first(hall: Hall, kind: str) -> Any:
    end = time.monotonic() + 8
    while time.monotonic() < end:
        if found := journal.read(hall.store.read(), only=Filter(kinds=(kind,))):
            return found[0]
        time.sleep(0.02)
    raise AssertionError(f"no {kind} in 8 s")
