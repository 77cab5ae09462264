"""The figures as a page for people and as JSON for programs, next to each other."""

import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.figures import Figure

HERE = Path(__file__).resolve().parent
HEAD = ("| figure | measured | target | met |", "| --- | ---: | ---: | --- |")
NOTES = {
    "a": (
        "POST /tickets",
        "2 processes × 4 clients over kept connections ask the real server (`serve`, no printer, no voice) and the"
        " floor in turn: the office's own waitress with the same threads in front of a bare Flask route that commits"
        " one row (`synchronous=FULL`, a connection a thread, the same turn-taking). Between rounds all who wait"
        " are sent home. Both commit to disk before they answer; acts of the office that queue behind one another share"
        " a commit, rows of the floor do not.",
    ),
    "b": (
        "Calls to screens",
        "50 event streams, half of them boards, half other systems, in one process; every receipt of every call counts."
        " Then one board in headless Chromium at 1920 × 1080: painted is the first message after the frame.",
    ),
    "c": (
        "Slips",
        "An 80 mm slip with QR, drawn, encoded and sent by the real network driver, status asked before; the simulator"
        " takes bytes as fast as they come. The last byte counted is that of the closing question.",
    ),
    "d": (
        "History",
        "The acts of the core with what the API looks up for its answer, in one process, alternately in an office with"
        " 1,000 tickets a day for 1,000 days (rows and events) and in one that opened today; 30 wait in both.",
    ),
    "e": (
        "Start and memory",
        "`python server.py serve` with network printer and pyttsx3, asked for its door page until it answers. Memory"
        " after every face was opened once, one slip printed, one number called.",
    ),
    "f": (
        "Footage",
        "Eight simulated cameras (1080p15, 2.5 Mbit/s, a loop encoded beforehand, a process of their own) recorded by"
        " `python server.py serve`, each at the same time by `ffmpeg -c copy -f segment -segment_time 10` (Debian's"
        " package; where it is missing, libav's segment muxer stands in and its figure says so), one also by OpenCV,"
        " decoding and encoding mp4v. Processor time is that of the processes (user and system), the cameras' not"
        " counted. Recorders are killed at any moment; lost is what lies between the kill and the end of what was"
        " salvaged. Clips are of a quarter of an hour of four cameras (one recorded piece again and again), asked for"
        " by a key over a kept connection; pieces from the disk: the system was told to forget them. Clicks are a"
        " supervisor's in headless Chromium, at moments whose footage is not at hand, to the frame in which both"
        " cameras of the counter are painted.",
    ),
    "s": (
        "Search",
        "`GET /api/v1/procedures?q=` for every beginning of what people look for, one after another over a kept"
        " connection to `python server.py serve`, whole answers with papers and fees; in the catalogue as shipped and"
        " in the portal's whole list, where that is at hand. Then each name's first words with one slip of the finger.",
    ),
    "i": (
        "Imports",
        "100,000 dossiers of invented people in 18 columns (CSV 30 MB, XLSX 9 MB, JSON lines 70 MB), imported by the"
        " process that the server starts for an upload or the watched folder, beside the running server, whose kiosk"
        " takes a number every few hundredths of a second over a kept connection. Memory is the greatest the process"
        " ever had (`VmHWM`). The longest wait falls into the one act that writes the file.",
    ),
    "r": (
        "Codes on receipts",
        "Generated photographs (tools/receipts.py; held-out: tools/receipt_strangers.py, written differently and never"
        " fitted to), 640 × 480 to 12 megapixels, fixed seeds. Every reader sees the same picture; a picture counts as"
        " read when one of its codes came back right. True corners: the code straightened by where it truly lies, then"
        " every library. Clips: 30 frames at 15 a second.",
    ),
}


def write(machine: dict[str, str], figures: list[Figure], folder: Path = HERE) -> None:
    """Write results.md and results.json into ``folder``."""
    told = [asdict(figure) | {"met": figure.met} for figure in figures]
    whole = json.dumps({"machine": machine, "figures": told}, ensure_ascii=False, indent=1)
    (folder / "results.json").write_text(whole + "\n", encoding="utf-8")
    (folder / "results.md").write_text(page(machine, figures), encoding="utf-8")


def page(machine: dict[str, str], figures: list[Figure]) -> str:
    """The results as Markdown."""
    lines = ["# Measured", "", "Written by `make bench`; do not edit. Targets are those of the project's issues.", ""]
    lines += [f"- {name}: {value}" for name, value in machine.items()]
    for item, (title, note) in NOTES.items():
        mine = [figure for figure in figures if figure.item == item]
        if mine:
            lines += [
                "",
                f"## ({item}) {title}",
                "",
                note,
                "",
                *HEAD,
            ]
            lines += [_row(figure) for figure in mine]
    return "\n".join([*lines, ""])


def line(figure: Figure) -> str:
    """One figure for the terminal."""
    verdict = {True: "met", False: "MISSED", None: ""}[figure.met]
    return f"({figure.item}) {figure.name}: {_value(figure)}  {_target(figure)}  {verdict}".rstrip()


def _row(figure: Figure) -> str:
    verdict = {True: "yes", False: "**no**", None: ""}[figure.met]
    return f"| {figure.name} | {_value(figure)} | {_target(figure)} | {verdict} |"


def _value(figure: Figure) -> str:
    size = abs(figure.value)
    digits = 0 if size >= 100 or figure.value == int(figure.value) else 1 if size >= 10 else 2
    return f"{figure.value:,.{digits}f} {figure.unit}".strip()


def _target(figure: Figure) -> str:
    if figure.target is None:
        return ""
    return f"{'≤' if figure.must == 'at most' else '≥'} {figure.target:g} {figure.unit}".strip()
