"""Follows the journal and has every call spoken: one after another, in order, never two at once.

While others wait, a call is spoken briefly (unless the office says otherwise): once, after a short chime, so that the
last of many is not too late.
A call is spoken and ``ticket.announced`` written with the follower's place in one transaction: after a crash a
call is repeated at most once and none is lost. A call that nobody waits for any more is not spoken, and the
event says so.
"""

import logging
import threading
from typing import Any, Literal

from display.voice import VoiceFault
from display.voice.player import Player
from display.voice.studio import Clip, Studio
from office import journal
from office.clock import local
from office.errors import UnknownTicket
from office.follow import Follower
from office.issuing import find
from office.journal import Event
from office.settings import Settings
from office.store import Store
from office.tickets import State

CLOSED = "hall.closed"
KINDS = ("ticket.called", "ticket.recalled", CLOSED)
NAME = "voice"
ACTOR = "system"
Output = Literal["board", "server", "none"]

BOARD_SLACK_S = 0.4
"""What a board's browser needs to fetch a clip and begin, on top of the clip's own length."""

LOOK_AHEAD = 5
"""Calls looked at to find one that is still to be spoken."""

AGAIN_S = 1.0
log = logging.getLogger(__name__)


class Announcer:
    """Speaks the calls of ``store`` until stopped; ``run`` belongs into a thread of its own."""

    def __init__(self, store: Store, settings: Settings, studio: Studio, player: Player) -> None:
        self._store = store
        self._settings = settings
        self._studio = studio
        self._player = player
        self._output: Output = settings.voice.output
        self._follower = Follower(store, NAME, KINDS)
        self._spoken: tuple[int, Clip] = (0, Clip("", 0))
        self._last: dict[str, Any] = {}
        self._fault = ""
        self._busy = False

    def run(self, stop: threading.Event) -> None:
        """Announce calls as they come, until ``stop``. Whatever goes wrong is logged and tried again."""
        while not stop.is_set():
            try:
                for event in self._follower.events(stop):
                    self._announce(event, stop)
            except Exception as fault:
                self._fault = f"{fault}" or type(fault).__name__
                log.exception("the announcer stumbled and goes on in %s s", AGAIN_S)
                stop.wait(AGAIN_S)

    def state(self) -> dict[str, Any]:
        """For ``/healthz``: whether it speaks now, how many calls wait, what was announced last, what is wrong."""
        waiting = len(self._follower.pending(limit=100))
        return {"speaking": self._busy, "waiting": waiting, "last": self._last, "fault": self._fault}

    def _announce(self, event: Event, stop: threading.Event) -> None:
        self._busy = True
        try:
            clip = self._sound(event, stop)
            if stop.is_set() and (self._output == "server" or not clip.speech):
                return  # cut off in the middle: spoken again at the next start, if still fresh
            self._write(event, clip)
            self._spoken = (event.seq, clip)
            if self._output == "board" and clip.name:
                stop.wait(clip.seconds + BOARD_SLACK_S)
        finally:
            self._busy = False

    def _sound(self, event: Event, stop: threading.Event) -> Clip:
        """Make and, on the server's loudspeaker, play the call. A clip without a name was not made to sound."""
        if event.seq == self._spoken[0]:
            return self._spoken[1]  # spoken already, only the writing failed
        if reason := self._unwanted(event):
            return Clip("", 0, speech=False, reason=reason)
        try:
            clip = self._made(event)
            if self._output == "server":
                self._play(clip, stop)
                self._spoken = (event.seq, clip)
        except VoiceFault as fault:
            log.warning("call %s was not heard: %s", event.seq, fault)
            clip = Clip("", 0, speech=False, reason=f"{fault}")
        self._fault = clip.reason
        return clip

    def _made(self, event: Event) -> Clip:
        if event.kind == CLOSED:
            zone, opens = self._settings.office.zone, int(event.data["opens"])
            return self._studio.closing(local(event.at, zone), local(opens, zone) if opens else None)
        recall = event.kind == "ticket.recalled"
        brief = self._settings.voice.brief and self._others_wait(event)
        return self._studio.call(str(event.data["number"]), event.counter, recall=recall, brief=brief)

    def _others_wait(self, event: Event) -> bool:
        """Whether another call is still to be spoken after this one."""
        return any(not self._unwanted(other) for other in self._follower.pending(LOOK_AHEAD, since=event.seq))

    def _play(self, clip: Clip, stop: threading.Event) -> None:
        file = self._studio.path(clip.name)
        if file is None:
            raise VoiceFault(f"the sound {clip.name} is gone")
        self._player.play(file, clip.seconds, stop)

    def _unwanted(self, event: Event) -> str:
        """Why the call is not to be spoken any more, or nothing."""
        if self._output == "none":
            return "output is none"
        age_s = (self._store.clock() - event.at) / 1000
        if age_s > self._settings.voice.stale_s:
            return f"stale: called {age_s:.0f} s ago"
        if event.kind == CLOSED:
            return ""
        try:
            ticket = find(self._store.read(), event.ticket)
        except UnknownTicket:
            return "stale: no such ticket"
        if ticket.state is not State.CALLED or ticket.counter != event.counter:
            return f"stale: the ticket is {ticket.state}"
        return ""

    def _write(self, event: Event, clip: Clip) -> None:
        told: dict[str, Any] = {
            "clip": clip.name,
            "seconds": round(clip.seconds, 2),
            "output": self._output,
            "speech": clip.speech,
            "reason": clip.reason,
            "call_seq": event.seq,
        }
        if event.kind != CLOSED:
            recall = event.kind == "ticket.recalled"
            told |= {"number": event.data["number"], "service": event.data["service"], "recall": recall}
        with self._store.act() as act:
            journal.append(
                act,
                "hall.announced" if event.kind == CLOSED else "ticket.announced",
                office=self._settings.office.id,
                actor=ACTOR,
                counter=event.counter,
                ticket=event.ticket,
                dossier=event.dossier,
                data=told,
            )
            self._follower.done(act, event.seq)
        self._last = {name: told.get(name, "") for name in ("number", "speech", "reason", "call_seq")}
