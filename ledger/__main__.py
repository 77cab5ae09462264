"""``python -m ledger --config DIR --file OFFICE --actor WHO [--confirmed] -- PATH``: the child of ledger/child.py."""

import argparse
import signal
import sys
from functools import partial
from pathlib import Path

from ledger.child import tell
from ledger.importing import import_file
from office.settings import load
from office.store import Store


def main() -> int:
    """Import PATH into the office's file; 1 when it is refused."""
    parser = argparse.ArgumentParser(prog="python -m ledger")
    for name in ("config", "file"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--actor", required=True)
    parser.add_argument("--confirmed", action="store_true")
    parser.add_argument("path", type=Path)
    asked = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a Windows pipe may not be UTF-8
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us in order
    settings, store = load(asked.config), Store(asked.file)
    work = partial(import_file, store, settings, asked.path, actor=asked.actor, confirmed=asked.confirmed)
    return tell(lambda progress: work(progress=progress))


if __name__ == "__main__":
    sys.exit(main())
