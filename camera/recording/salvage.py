"""What is left of a piece whose recorder was killed or whose disk was full: its whole fragments, made a piece."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from camera import fragments
from camera.recording.part import SUFFIX, sync_folder

DAY: Final = "[0-9]" * 8


def parts(folder: Path, days: int = 0) -> Iterator[Path]:
    """Pieces in ``folder`` (of one camera) that were left under way; in its last ``days`` days only, unless 0."""
    for day in sorted(folder.glob(DAY))[-days:]:
        yield from sorted(Path(one.path) for one in os.scandir(day) if one.name.endswith(SUFFIX))


def salvage(part: Path) -> tuple[Path, fragments.Content] | None:
    """Cut ``part`` to what is whole in it, durable and under its name; None when that is nothing, then it is deleted.

    Raises OSError.
    """
    path = part.with_name(part.name.removesuffix(SUFFIX))
    try:
        content = fragments.read(part)
    except ValueError:
        part.unlink()
        return None
    with part.open("r+b") as file:
        file.truncate(content.whole)
        os.fsync(file.fileno())
    part.rename(path)
    sync_folder(part.parent)
    return path, content


def told(content: fragments.Content, begins: int) -> dict[str, Any]:
    """A piece that begins at ``begins`` (ms UTC), as recorders tell it."""
    ends = begins + content.length
    times = {"begins": begins, "ends": ends, "keyframes": content.keyframes, "gaps": content.gaps}
    return {**times, "bytes": content.whole}
