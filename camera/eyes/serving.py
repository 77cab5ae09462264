"""The eyes' process: ``python -m camera.eyes.serving``. Told one JSON line for each look, it answers with one.

Told: ``{"camera", "piece": path, "begins": ms UTC, "folder": where the camera's pictures go, "closed": whether the hall
is, "standing": trouble told before or "", "accepted": when another view was said to be right, ms UTC, or 0}``. It says
``{"trouble", "judged", "news", "standing", "before", "now", "figures"}``, or ``{"fault": why nothing could be seen}``.
With a new trouble its two pictures lie in the folder, named by their moments: ``<ms>.jpg``.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from apart.inside import Inside, lines
from camera.eyes import Trouble, decoding, known, sight
from camera.eyes.judging import Eye

KNOWN: Final = "known.npz"
USUAL: Final = "usual-*.jpg"
SAVE_LOOKS: Final = 30
"""Good looks after which what was learned is kept: a start costs no more."""


@dataclass(slots=True)
class Watched:
    """One camera: its eye, its last good picture with its moment, and in how many good looks that is kept."""

    eye: Eye | None = None
    good: tuple[int, bytes] = (0, b"")
    keep_in: int = 0


class Looking:
    """All cameras' eyes."""

    def __init__(self) -> None:
        self._watched: dict[str, Watched] = defaultdict(Watched)

    def look(self, order: dict[str, Any]) -> dict[str, Any]:
        """Take one look as it was told. Raises OSError, ValueError when there is nothing to be seen."""
        one, folder = self._watched[order["camera"]], Path(order["folder"])
        eye = one.eye = one.eye or _woken(one, folder)
        eye.standing = Trouble(order["standing"]) if order["standing"] else None
        taken = decoding.newest(Path(order["piece"]))
        now = order["begins"] + taken.offset_ms
        eye.accept(order["accepted"])
        verdict, news = eye.see(sight.look(taken.luma), closed=order["closed"], at=now)
        picture, before = sight.jpeg(taken.colours), one.good[0]
        if verdict.trouble is None and verdict.judged:
            one.good = now, picture
            _remember(one, folder)
        elif news:
            _keep(folder, [one.good, (now, picture)])
        told = {"trouble": verdict.trouble or "", "judged": verdict.judged, "news": news}
        return told | {"standing": eye.standing or "", "before": before, "now": now, "figures": verdict.figures}


def _woken(one: Watched, folder: Path) -> Eye:
    """An eye that knows what was kept of its camera."""
    for path in folder.glob(USUAL):
        one.good = int(path.stem.partition("-")[2]), path.read_bytes()
    return Eye(known.load(folder / KNOWN))


def _remember(one: Watched, folder: Path) -> None:
    """Keep, now and then, what was learned, and a good picture to compare with."""
    if one.eye is None or one.eye.known is None or not one.eye.known.ready:
        return
    one.keep_in -= 1
    if one.keep_in > 0:
        return
    one.keep_in = SAVE_LOOKS
    folder.mkdir(parents=True, exist_ok=True)
    one.eye.known.save(folder / KNOWN)
    usual = folder / f"usual-{one.good[0]}.jpg"
    usual.write_bytes(one.good[1])
    for path in set(folder.glob(USUAL)) - {usual}:
        path.unlink(missing_ok=True)


def _keep(folder: Path, pictures: list[tuple[int, bytes]]) -> None:
    """Keep the pictures of an alarm."""
    folder.mkdir(parents=True, exist_ok=True)
    for at, picture in pictures:
        if at:
            (folder / f"{at}.jpg").write_bytes(picture)


def main() -> None:
    """Look as told until the input ends."""
    inside = Inside(silent=True)
    orders, looking = inside.orders(lines), Looking()
    inside.tell({"state": "ready"})
    while True:
        try:
            inside.tell(looking.look(json.loads(orders.get())))
        except Exception as fault:
            inside.tell({"fault": f"{type(fault).__name__}: {fault}"[:200]})


if __name__ == "__main__":
    main()
