"""Which simulated devices a running demo has, left beside its data so that ``check`` looks at them too."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

NAME: Final = "demo-devices.json"
SECTIONS: Final = ("printer", "voice", "scanners", "cameras")


@contextmanager
def kept(folder: Path, overlay: dict[str, Any]) -> Iterator[None]:
    """While the block runs, ``folder`` tells the devices of ``overlay``."""
    note = folder / NAME
    note.write_text(json.dumps({name: overlay[name] for name in SECTIONS}), encoding="utf-8")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def left(folder: Path) -> dict[str, Any]:
    """The devices of a demo that runs on ``folder``, as an overlay of settings; empty where none does."""
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return {name: told[name] for name in SECTIONS}
