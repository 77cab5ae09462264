"""The voice's child process: reads orders, makes one WAV each, answers. One JSON object a line each way.

An order is ``{"id", "out", "recipe"}``; the answer ``{"id", "ok": true, "seconds", "failed": [reason…]}`` or
``{"id", "ok": false, "reason"}``. Once it can work the child says ``{"ready": true}``. It ends when its input
ends, so it never outlives the server, not even with an engine that hangs. Imports nothing heavy: it starts in
a fraction of a second and stays small.

Run by itself (``python -m display.voice.child``) it has no engine and joins recorded clips only.
"""

import json
from array import array
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from apart.inside import Inside, lines
from display.voice import recipe, sound

Speak = Callable[[recipe.Line, Path], None]
"""Writes the line as a WAV under the path. Raises with a reason; what it wrote is checked, not trusted."""

CHIME_REST_S = 0.25
SHORT_REST_S = 0.12
SHORTEST_S = 0.12
"""Speech shorter than this is no sentence."""


class MuteError(Exception):
    """Not one part of the order could be spoken."""


def serve(speak: Speak) -> None:
    """Answer orders on standard input until it ends. What the engine prints goes nowhere near the answers."""
    inside = Inside()
    orders = inside.orders(lines)
    inside.tell({"ready": True})
    while True:
        inside.tell(answer(orders.get(), speak))


def answer(line: str, speak: Speak) -> dict[str, Any]:
    """The answer to one order; a fault is an answer too."""
    order: dict[str, Any] = {}
    try:
        order = json.loads(line)
        made, failed = compose(recipe.unpack(order["recipe"]), speak, Path(order["out"]))
        sound.write(Path(order["out"]), made)
    except Exception as fault:  # whatever an engine raises reaches the server as an answer
        return {"id": order.get("id"), "ok": False, "reason": f"{fault}" or type(fault).__name__}
    return {"id": order["id"], "ok": True, "seconds": sound.seconds(made), "failed": failed}


def compose(order: recipe.Recipe, speak: Speak, out: Path) -> tuple["array[int]", list[str]]:
    """The whole sound, and why parts of it are missing. Raises MuteError when no part could be spoken."""
    spoken: list[array[int]] = []
    failed: list[str] = []
    for part in order.parts:
        try:
            spoken.append(_spoken(part, speak, out.with_suffix(".speech")))
        except Exception as fault:  # one language failing does not silence the others
            failed.append(f"{fault}" or type(fault).__name__)
    if order.parts and not spoken:
        raise MuteError("; ".join(failed))
    made = array("h")
    if order.chime:
        made += sound.short_chime() if order.short_chime else sound.chime()
        made += sound.silence(SHORT_REST_S if order.short_chime else CHIME_REST_S)
    gap = sound.silence(order.gap_s)
    for turn, part_sound in enumerate(spoken * order.repeat):
        made += (gap if turn else array("h")) + part_sound
    return made, failed


def _spoken(part: recipe.Line | recipe.Joined, speak: Speak, draft: Path) -> "array[int]":
    if isinstance(part, recipe.Joined):
        return _put_together(part)
    draft.unlink(missing_ok=True)
    try:
        speak(part, draft)
        speech = sound.trimmed(sound.read(draft))
    finally:
        draft.unlink(missing_ok=True)
    if sound.seconds(speech) < SHORTEST_S:
        raise sound.SoundError("the speech engine gave silence")
    return sound.faded(sound.levelled(speech))


def _put_together(part: recipe.Joined) -> "array[int]":
    pieces = [sound.silence(each) if isinstance(each, float) else clip(each, part.stamp) for each in part.clips]
    return sound.joined(pieces)


@lru_cache(maxsize=256)
def clip(path: str, stamp: str) -> "array[int]":
    """A recorded clip, trimmed and at the common loudness. ``stamp`` only tells recordings apart."""
    made = sound.trimmed(sound.read(Path(path)))
    if not made:
        raise sound.SoundError(f"{Path(path).name}: the clip is silent ({stamp})")
    return sound.levelled(made)


def no_engine(line: recipe.Line, out: Path) -> None:
    """The voice without an engine: every line that is not in the pack fails."""
    raise MuteError(f"no speech engine is configured to say {line.text!r} ({out.name})")


if __name__ == "__main__":
    serve(no_engine)
