"""Calls of a real journal, spoken: in order, never two at once, stale ones told, faults leaving the chime."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import pytest

from display.voice import VoiceFault, sound
from display.voice.engine import ChildEngine
from display.voice.player import Loudspeaker
from display.voice.service import Voice
from office import journal, turns
from office.errors import NotFound
from office.journal import Event, Filter
from office.phrases import Phrases
from office.tickets import Ticket
from tools.rehearsal import CONFIG, Hall, settings_with
from tools.waiting import wait_for

PLAYER = """
import json, sys, time, wave
begin = time.time()
with wave.open(sys.argv[1]) as file:
    time.sleep(file.getnframes() / file.getframerate() / 4)
with open(sys.argv[2], "a") as log:
    log.write(json.dumps({"file": sys.argv[1], "begin": begin, "end": time.time()}) + "\\n")
"""
QUICK = {"chime": False, "repeat": 1}


class Rehearsal:
    """A hall with a voice: simulated engine and player, or the real engine."""

    def __init__(self, folder: Path, *, real: bool = False, patience_s: float = 8, **voice: Any) -> None:
        self.folder = folder
        self.hall = Hall(folder, settings_with(voice={**QUICK, **voice}))
        self.dials = folder / "dials.json"
        self.engine = None if real else self.new_engine(patience_s)
        self.heard_log = folder / "heard"
        (folder / "player.py").write_text(PLAYER)
        self.player = [sys.executable, str(folder / "player.py"), "{file}", str(self.heard_log)]
        self.hall.open("1", "2", "3")
        self.voice = self.new_voice()

    def new_engine(self, patience_s: float = 8) -> ChildEngine:
        program = [sys.executable, "-m", "display.voice.simulator", str(self.dials)]
        return ChildEngine("simulator", program, timeout_s=patience_s)

    def new_voice(self) -> Voice:
        phrases = Phrases.load(CONFIG / "phrases")
        player = Loudspeaker([self.player])
        return Voice(
            self.hall.store, self.hall.settings, phrases, self.folder / "sounds", engine=self.engine, player=player
        )

    def turn_dials(self, **to: Any) -> None:
        self.dials.write_text(json.dumps(to))

    def call(self, counter: str) -> Ticket:
        self.hall.issue({"1": "ho-tich", "2": "chung-thuc", "3": "dat-dai"}[counter])
        called = self.hall.do(turns.call_next, counter, actor=f"person:clerk{counter}")
        assert called is not None
        return called.ticket

    def announced(self, count: int, within_s: float = 40) -> list[Event]:
        """The first ``count`` announcements, waited for."""
        found: list[Event] = []

        def enough() -> bool:
            found[:] = journal.read(self.hall.store.read(), only=Filter(kinds=("ticket.announced",)))
            return len(found) >= count

        wait_for(enough, within_s)
        return found

    def heard(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.heard_log.read_text().splitlines()] if self.heard_log.exists() else []

    def said(self) -> list[str]:
        """Texts the engine spoke for calls, in order."""
        log = self.dials.with_suffix(".said")
        texts = [json.loads(line)["text"] for line in log.read_text().splitlines()] if log.exists() else []
        return [text for text in texts if "số thứ tự" in text and "quầy số" in text and "tự không," not in text]

    def close(self) -> None:
        self.voice.close()
        self.hall.store.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Rehearsal]:
    rehearsal = Rehearsal(tmp_path, output="server")
    yield rehearsal
    rehearsal.close()


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Rehearsal]:
    rehearsal = Rehearsal(tmp_path, output="board")
    yield rehearsal
    rehearsal.close()


def test_calls_are_heard_one_after_another_in_order(server: Rehearsal) -> None:
    server.voice.start()
    tickets = [server.call(counter) for counter in ("1", "2", "3")]
    server.hall.clock.turn(seconds=20)
    server.hall.do(turns.recall, "2", actor="person:clerk2")
    events = server.announced(4)
    assert [event.ticket for event in events] == [*(ticket.id for ticket in tickets), tickets[1].id]
    assert [event.counter for event in events] == ["1", "2", "3", "2"]
    assert [event.data["recall"] for event in events] == [False, False, False, True]
    assert all(event.data["speech"] and event.data["reason"] == "" for event in events)
    heard = server.heard()
    assert [Path(each["file"]).name for each in heard] == [event.data["clip"] for event in events]
    assert all(first["end"] <= second["begin"] for first, second in pairwise(heard)), "two calls overlapped"
    said = server.said()
    assert said[1].startswith("Xin mời số thứ tự")
    assert said[3].startswith("Mời lại số thứ tự")
    assert said[1].split("tự")[1] == said[3].split("tự")[1]


def test_the_event_tells_all_and_nothing_of_the_applicant(server: Rehearsal) -> None:
    server.hall.issue("ho-tich", "CAO_TUOI")
    server.voice.start()
    server.hall.do(turns.call_next, "1", actor="person:clerk1")
    (event,) = server.announced(1)
    file = server.voice.clip(event.data["clip"])
    assert event.data["seconds"] == pytest.approx(sound.seconds(sound.read(file)), abs=0.01)
    assert event.data["output"] == "server"
    call = journal.read(server.hall.store.read(), only=Filter(kinds=("ticket.called",)))[0]
    assert event.data["call_seq"] == call.seq
    told = json.dumps(event.data, ensure_ascii=False) + "".join(server.said())
    for secret in ("CAO_TUOI", "cao tuổi", "ưu tiên", "clerk1"):
        assert secret.lower() not in told.lower()


def test_on_the_board_the_next_call_waits_for_the_clip_to_end(board: Rehearsal) -> None:
    board.voice.start()
    appeared: list[float] = []
    for counter in ("1", "2", "3"):
        board.call(counter)
    for count in (1, 2, 3):
        events = board.announced(count)
        appeared.append(time.monotonic())
    assert [event.counter for event in events] == ["1", "2", "3"]
    for (first, second), event in zip(pairwise(appeared), events, strict=False):
        assert second - first >= event.data["seconds"], "the board would speak two at once"
    assert board.heard() == [], "the server's loudspeaker stays silent"


@pytest.mark.parametrize("output", ["server", "board"])
def test_a_fault_leaves_the_chime_and_the_reason(tmp_path: Path, output: str) -> None:
    rehearsal = Rehearsal(tmp_path, output=output)
    rehearsal.turn_dials(mode="refuse")
    rehearsal.voice.start()
    rehearsal.call("1")
    (event,) = rehearsal.announced(1)
    assert event.data["speech"] is False
    assert event.data["reason"] == "the engine refuses"
    chime = sound.read(rehearsal.voice.clip(event.data["clip"]))
    assert chime.tobytes() == sound.chime().tobytes()
    assert len(rehearsal.heard()) == (output == "server")
    told = rehearsal.voice.state()
    assert (told["state"], told["reason"]) == ("fault", "the engine refuses")
    rehearsal.turn_dials()
    rehearsal.call("2")
    assert rehearsal.announced(2)[1].data["speech"] is True
    assert rehearsal.voice.state()["state"] == "ok"
    rehearsal.close()


def test_a_hanging_engine_delays_a_call_by_its_time_and_no_more(tmp_path: Path) -> None:
    server = Rehearsal(tmp_path, output="server", patience_s=0.5)
    server.turn_dials(mode="hang")
    for counter in ("1", "2", "3"):
        server.call(counter)
    begin = time.monotonic()
    server.voice.start()
    events = server.announced(3)
    assert time.monotonic() - begin < 12
    assert [event.data["speech"] for event in events] == [False] * 3
    assert all(event.data["clip"] for event in events), "the chime sounds for each"
    server.close()


def test_a_loudspeaker_fault_is_told(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path, output="server")
    (tmp_path / "player.py").write_text("import sys; sys.exit('no sound card')")
    rehearsal.voice.start()
    rehearsal.call("1")
    (event,) = rehearsal.announced(1)
    assert (event.data["clip"], event.data["speech"]) == ("", False)
    assert "no sound card" in event.data["reason"]
    rehearsal.close()


def test_stale_calls_are_not_spoken_and_say_why(server: Rehearsal) -> None:
    server.call("1")
    server.hall.clock.turn(seconds=91)
    started = server.call("2")
    server.hall.do(turns.start, "2", actor="person:clerk2")
    fresh = server.call("3")
    server.voice.start()
    old, served, spoken = server.announced(3)
    assert old.data["reason"] == "stale: called 91 s ago"
    assert (served.ticket, served.data["reason"]) == (started.id, "stale: the ticket is serving")
    assert not old.data["speech"]
    assert old.data["clip"] == served.data["clip"] == ""
    assert (spoken.ticket, spoken.data["speech"]) == (fresh.id, True)
    assert len(server.heard()) == 1
    assert server.voice.state()["state"] == "ok", "a stale call is no fault"


def test_nothing_is_repeated_or_lost_over_a_restart(server: Rehearsal) -> None:
    server.voice.start()
    server.call("1")
    server.announced(1)
    server.voice.close()
    server.call("2")
    server.engine = server.new_engine()
    server.voice = server.new_voice()
    server.voice.start()
    events = server.announced(2)
    time.sleep(0.3)
    assert [event.counter for event in server.announced(2)] == ["1", "2"] == [event.counter for event in events]
    assert len(server.heard()) == 2


def test_a_call_cut_off_by_stopping_is_spoken_again(server: Rehearsal) -> None:
    (server.folder / "player.py").write_text("import time; time.sleep(60)")
    server.voice.start()
    server.call("1")
    wait_for(lambda: bool(server.voice.state()["announcer"]["speaking"]) and len(server.said()) == 1, 10)
    time.sleep(0.3)
    begin = time.monotonic()
    server.voice.close()
    assert time.monotonic() - begin < 3
    assert journal.read(server.hall.store.read(), only=Filter(kinds=("ticket.announced",))) == []
    (server.folder / "player.py").write_text(PLAYER)
    server.engine = server.new_engine()
    server.voice = server.new_voice()
    server.voice.start()
    assert server.announced(1)[0].data["speech"] is True


def test_stopping_while_a_call_is_being_made_writes_nothing(board: Rehearsal) -> None:
    board.turn_dials(slow_s=30)
    board.voice.start()
    board.call("1")
    wait_for(lambda: bool(board.voice.state()["announcer"]["speaking"]), 10)
    began = time.monotonic()
    board.voice.close()
    assert time.monotonic() - began < 2
    assert journal.read(board.hall.store.read(), only=Filter(kinds=("ticket.announced",))) == []
    assert board.voice.state()["engine"]["running"] is False


def test_output_none_speaks_nothing_and_says_so(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path, output="none")
    rehearsal.voice.start()
    rehearsal.call("1")
    (event,) = rehearsal.announced(1)
    assert (event.data["speech"], event.data["reason"]) == (False, "output is none")
    assert rehearsal.voice.check() == "off (output is none)"
    assert rehearsal.voice.state()["state"] == "off"
    rehearsal.close()


def test_the_real_engine_speaks_a_real_call_and_survives_kill_9(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path, real=True, output="board", languages=("vi", "en"), timeout_s=20.0)
    assert rehearsal.voice.check().startswith("pyttsx3, vi, en, ")
    rehearsal.voice.start()
    psutil.Process(rehearsal.voice.state()["engine"]["pid"]).kill()
    rehearsal.call("1")
    (event,) = rehearsal.announced(1)
    assert event.data["speech"] is True
    assert event.data["seconds"] > 5
    assert sound.peak(sound.read(rehearsal.voice.clip(event.data["clip"]))) > 3_000
    child = psutil.Process(rehearsal.voice.state()["engine"]["pid"])
    rehearsal.close()
    assert not child.is_running()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("voice-")] == []


def test_screens_are_read_aloud_from_the_shelf(server: Rehearsal) -> None:
    first = server.voice.help("vi", "home")
    spoken = server.dials.with_suffix(".said").read_text()
    assert server.voice.help("vi", "home") == first
    assert server.dials.with_suffix(".said").read_text() == spoken, "the engine was asked again"
    assert server.voice.help("en", "home").name != first.name
    assert server.voice.clip(first.name).is_file()
    server.turn_dials(mode="refuse")
    with pytest.raises(VoiceFault, match="refuses"):
        server.voice.help("vi", "closed")


@pytest.mark.parametrize(
    ("language", "screen"), [("vi", "nowhere"), ("vi", "../voice.call"), ("xx", "home"), ("vi", ""), ("en", "home.x")]
)
def test_only_screens_are_read_aloud(server: Rehearsal, language: str, screen: str) -> None:
    with pytest.raises(NotFound):
        server.voice.help(language, screen)


def test_a_ticket_number_is_read_aloud_as_calls_read_it(server: Rehearsal) -> None:
    clip = server.voice.help_number("vi", "A-025")
    assert server.voice.clip(clip.name).is_file()
    assert "Số thứ tự của ông bà là a, không, hai, năm" in server.dials.with_suffix(".said").read_text()
    assert server.voice.help_number("vi", "A-025") == clip
    for language, number in (("xx", "A-025"), ("vi", "../x"), ("vi", "A-"), ("vi", "")):
        with pytest.raises(NotFound):
            server.voice.help_number(language, number)


def test_only_sounds_are_served(server: Rehearsal) -> None:
    secret = server.folder / "office.sqlite3"
    assert secret.exists()
    good = server.voice.studio.chime("").name
    assert server.voice.clip(good).is_file()
    for name in (
        "",
        "..",
        "../office.sqlite3",
        f"../sounds/{good}",
        good.upper(),
        good[:-4],
        f"{'0' * 32}.wav",
        f"{good}\n",
    ):
        with pytest.raises(NotFound):
            server.voice.clip(name)


def test_all_spoken_help_is_ready_ahead_of_need(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path)
    rehearsal.voice.start()
    phrases = Phrases.load(CONFIG / "phrases")
    screens = phrases.section("vi", "kiosk.voice")
    assert {"home", "class", "number"} <= screens.keys()
    # one sound a screen and language, the sample call and the chime
    expected = 2 * len(screens) + 2
    wait_for(lambda: len(list((tmp_path / "sounds").glob("[0-9a-f]*.wav"))) >= expected, 60)
    rehearsal.turn_dials(mode="hang")
    for screen in screens:
        assert rehearsal.voice.help("vi", screen).seconds > 1
    rehearsal.close()
