"""``python -m benchmarks [--only a,c] [--keep]``: measure, say, write results.md and results.json; exit 1 on a miss."""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import (
    footage_index,
    history,
    importing,
    machine,
    painting,
    reading,
    recording,
    report,
    searching,
    showing,
    slips,
    starting,
    streams,
    throughput,
)
from benchmarks.figures import Figure

PARTS: tuple[tuple[str, Callable[[Path], list[Figure]]], ...] = (
    ("a", throughput.measure),
    ("b", streams.measure),
    ("b", painting.measure),
    ("c", slips.measure),
    ("d", history.measure),
    ("e", starting.measure),
    ("f", recording.measure),
    ("f", footage_index.measure),
    ("f", showing.measure),
    ("i", importing.measure),
    ("r", reading.measure),
    ("s", searching.measure),
)
ROOM = 4_000_000_000
"""Bytes of disk that a million tickets with their events want, with some to spare."""


def main(arguments: list[str]) -> int:
    """Measure what is asked for; 1 when a target is missed."""
    asked = _asked(arguments)
    about = machine.describe() | {"load before": machine.load()}
    figures: list[Figure] = []
    began = time.monotonic()
    for item, measure in PARTS:
        if item in asked.only.split(","):
            with _folder(asked.folder) as folder:
                new = measure(folder)
            figures += new
            print("\n".join(report.line(figure) for figure in new), flush=True)
    about["took"] = f"{time.monotonic() - began:.0f} s"
    if set(asked.only.split(",")) >= {item for item, _ in PARTS}:
        report.write(about, figures)
    else:
        print("Only some parts: results.md stays as it is.")
    return int(any(figure.met is False for figure in figures))


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure what was promised.")
    parser.add_argument("--only", default="a,b,c,d,e,f,i,s,r", help="parts, for example a,c")
    parser.add_argument("--folder", type=Path, default=None, help="on which disk to work (default: the temporary one)")
    return parser.parse_args(arguments)


@contextmanager
def _folder(where: Path | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=where, prefix="bench-") as name:
        if shutil.disk_usage(name).free < ROOM:
            sys.exit(f"less than {ROOM / 1e9:.0f} GB free; say --folder on a larger disk")
        yield Path(name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
