"""Many calls at once: all are spoken, in order, briefly while others wait."""

import math
import threading
import tomllib
from array import array
from pathlib import Path
from typing import Any

from display.voice import Made, child, sound
from display.voice.recipe import Line, Recipe
from display.voice.service import Voice
from office import journal, turns
from office.journal import Event, Filter
from office.phrases import Phrases
from tools.rehearsal import CONFIG, Hall, settings_with
from tools.waiting import wait_for

SENTENCE_S = 4.3
"""What the real engine needs for a call, about."""

IN_FULL_S = 2 * SENTENCE_S + sound.seconds(sound.chime())


class Reader:
    """An engine that reads every sentence in the time a real one takes, without taking it."""

    name = "reader"

    def make(self, order: Recipe, out: Path) -> Made:
        made, failed = child.compose(order, self._speak, out)
        sound.write(out, made)
        return Made(sound.seconds(made), tuple(failed))

    def _speak(self, line: Line, out: Path) -> None:
        tone = array("h", (round(9000 * math.sin(at / 9)) for at in range(round(SENTENCE_S * sound.RATE))))
        sound.write(out, tone)

    def state(self) -> dict[str, Any]:
        return {}

    def close(self) -> None:
        pass


class Deck:
    """A loudspeaker by the hall's clock: playing turns it forward by the sound's length."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.lengths: list[float] = []

    def ready(self) -> str:
        return "deck"

    def play(self, file: Path, seconds: float, stop: threading.Event) -> None:
        self.lengths.append(seconds)
        self.hall.clock.turn(seconds=seconds)


def rush(folder: Path, calls: int, **voice: Any) -> tuple[list[str], list[Event], list[float]]:
    """So many calls at once: their tickets, what was announced, and how long each sounded (s)."""
    names = [str(n) for n in range(1, calls + 1)]
    desks = [{"id": n, "name": {"vi": f"Quầy {n}", "en": f"Counter {n}"}, "services": ["ho-tich"]} for n in names]
    services = [{**one, "hours": None} for one in tomllib.loads((CONFIG / "services.toml").read_text())["service"]]
    hall = Hall(folder, settings_with(voice={"output": "server"} | voice, counters=desks, services=services[:1]))
    hall.open(*names)
    deck = Deck(hall)
    phrases = Phrases.load(CONFIG / "phrases")
    speaker = Voice(hall.store, hall.settings, phrases, folder / "sounds", engine=Reader(), player=deck)
    called = []
    for name in names:
        hall.issue("ho-tich")
        call = hall.do(turns.call_next, name, actor="person:clerk")
        assert call is not None
        called.append(call.ticket.id)
    speaker.start()
    only = Filter(kinds=("ticket.announced",))
    wait_for(lambda: len(journal.read(hall.store.read(), only=only)) == calls, 60)
    speaker.close()
    events = journal.read(hall.store.read(), only=only)
    hall.store.close()
    return called, events, deck.lengths


def test_a_burst_of_fifteen_calls_is_all_spoken_the_last_one_in_full(tmp_path: Path) -> None:
    called, events, (*brief, full) = rush(tmp_path, 15)
    assert [event.ticket for event in events] == called
    assert [event.data["reason"] for event in events if not event.data["speech"]] == []
    assert len(brief) == 14
    assert max(brief) < SENTENCE_S + 1, "more than once, or the long chime"
    assert full > IN_FULL_S, "nobody waits any more: in full"


def test_an_office_may_have_every_call_spoken_twice_however_many_wait(tmp_path: Path) -> None:
    _, _, lengths = rush(tmp_path, 2, brief=False)
    assert len(lengths) == 2
    assert min(lengths) > IN_FULL_S
