"""The bytes of a slip: what ESC/POS they are made of, and what the answers mean."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from office.sections import PrinterSettings
from printer import Paper, PrinterFault, PrinterStatus, wire
from printer.interpreter import Head
from printer.sheet import Raster, Sheet
from printer.thermal import encode

HERE = Path(__file__).resolve().parent


def sheet_of(rows: int) -> Sheet:
    """``rows`` of slanting lines, with a blank margin."""
    return Sheet((Raster(576, rows, b"".join(b"\x00" + bytes([1 << y % 8]) * 70 + b"\x00" for y in range(rows))),))


def test_bytes_of_the_guide() -> None:
    """Examples worked out by hand from Epson's tables, so that driver and simulator cannot agree on an error."""
    assert wire.ask(4) == b"\x10\x04\x04"
    assert wire.status_from(0x12, 0x12, 0x12) == PrinterStatus(True, Paper.OK)
    assert wire.status_from(0x1A, 0x32, 0x7E) == PrinterStatus(False, Paper.OUT)
    assert wire.status_from(0x12, 0x12, 0x1E).paper is Paper.NEAR_END
    assert wire.status_from(0x1A, 0x16, 0x12) == PrinterStatus(False, Paper.OK, cover_open=True)
    assert wire.status_from(0x1A, 0x52, 0x12, 0x1A).error == "cutter"
    assert [wire.is_realtime(byte) for byte in (0x12, 0x7E, 0x00, 0x0F, 0x10, 0x92)] == [True, True, *[False] * 4]
    assert [wire.is_paper_in_turn(byte) for byte in (0x00, 0x03, 0x0C, 0x0F, 0x12, 0x01)] == [*[True] * 4, False, False]


@pytest.mark.parametrize("paper", list(Paper)[:3])
@pytest.mark.parametrize("cover_open", [False, True])
@pytest.mark.parametrize("online", [False, True])
def test_status_goes_there_and_back(paper: Paper, *, cover_open: bool, online: bool) -> None:
    told = wire.answers(PrinterStatus(online, paper, cover_open))
    heard = wire.status_from(told[1], told[2], told[4], told[3])
    assert (heard.paper, heard.cover_open) == (paper, cover_open)
    assert heard.fault == PrinterStatus(online, paper, cover_open).fault


def test_blank_rows_are_fed_and_bands_are_as_wide_as_their_ink() -> None:
    blank = Sheet((Raster(576, 1000, bytes(72_000)),))
    assert len(encode(blank, PrinterSettings())) < 60
    narrow = Sheet((Raster(576, 96, (b"\x00\xff" + bytes(70)) * 96),))
    assert len(encode(narrow, PrinterSettings())) < 96 * 4 + 60


def test_no_cutter_feeds_out_to_be_torn() -> None:
    job = encode(sheet_of(50), PrinterSettings(cut=False))
    assert b"\x1dV" not in job
    assert job.endswith(b"\x1bJ\xa0")


def test_profile_narrower_than_the_paper_is_told() -> None:
    with pytest.raises(PrinterFault, match="'POS-5890' cannot print it"):
        encode(Sheet((Raster(576, 10, b"\x00" + b"\xff" * 719),)), PrinterSettings(profile="POS-5890"))


def test_unknown_profile_is_told() -> None:
    with pytest.raises(PrinterFault, match="no profile 'nonesuch'"):
        encode(sheet_of(10), PrinterSettings(profile="nonesuch"))


def test_importing_the_drivers_leaves_nothing_behind(tmp_path: Path) -> None:
    """No folder in the temporary directory, no handler on the root logger, no word on stdout."""
    program = (
        "import logging, printer.thermal as t; from office.sections import PrinterSettings;"
        "from printer.sheet import Raster, Sheet;"
        "t.encode(Sheet((Raster(576, 8, bytes(576)),)), PrinterSettings());"
        "assert not logging.getLogger().handlers"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=HERE.parent,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        timeout=30,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == (b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_interpreter_waits_for_the_rest_of_a_command() -> None:
    """Byte by byte or all at once: the same paper."""
    job = encode(sheet_of(120), PrinterSettings()) + b"hello\n\x1d(H\x06\x0000ABCD" + wire.ASK_PAPER_IN_TURN
    results = []
    for step in (1, 7, len(job)):
        said, cut = bytearray(), list[Image.Image]()
        head = Head(576, said.extend, cut.append, lambda: 0)
        for at in range(0, len(job), step):
            head.take(job[at : at + step])
        results.append((bytes(said), [strip.tobytes() for strip in cut], head.printed))
    assert results[0] == results[1] == results[2]
    assert results[0][0] == b"\x37\x22ABCD\x00\x00"
    assert results[0][2] == 30
