"""An office that really serves, in this process: the real store, the real app, waitress on a free port.

It can be stopped and started again on the same port, and its clock can be set back, as a test of a screen needs.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from flask import Blueprint

from office import counters, doors, issuing, journal, turns
from office.clock import system_clock
from office.settings import Settings
from office.store import Act, Store
from office.tickets import State, Ticket
from tools.rehearsal import phrases_in
from tools.serving import HOST, Serving
from web.app import create_app
from web.hall import Hall
from web.pulse import Pulse

P = ParamSpec("P")
R = TypeVar("R")
Face = Callable[[Hall], Blueprint]
ACTOR = "person:rehearsal"


class Live:
    """An office in ``folder`` that shows ``faces``; ``start`` before asking it anything, ``stop`` in the end.

    ``behind_s`` sets its clock back; ``clip`` answers for the sound of an announcement, by name.
    """

    def __init__(self, folder: Path, settings: Settings, *faces: Face) -> None:
        self.settings = settings
        self.behind_s = 0.0
        self.clip: Callable[[str], Path | None] = lambda _: None
        self.door: dict[str, Any] = {}
        self.store = Store(folder / "office.sqlite3", lambda: system_clock() - round(1000 * self.behind_s))
        self._phrases = phrases_in(settings.office.languages)
        self._faces = faces
        self._port = 0
        self._served: Serving | None = None

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://{HOST}:{self._port}"

    def start(self) -> None:
        """Serve; after a ``stop`` on the same port as before."""
        hall = Hall(self.settings, self._phrases, self.store, Pulse(self.store, self.settings), demo=self.door)
        hall.clip = self._sound
        app = create_app(hall, tuple(face(hall) for face in self._faces))
        self._served = Serving(hall, app, self._port)
        self._port = self._served.port

    def stop(self) -> None:
        """End every stream and close the port; the file stays."""
        if self._served is not None:
            self._served.stop()
            self._served = None

    def do(self, deed: Callable[Concatenate[Act, Settings, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """One act of the core in a transaction of its own; works while it does not serve, too."""
        with self.store.act() as act:
            return deed(act, self.settings, *args, **kwargs)

    def call(self, counter: str, service: str) -> Ticket:
        """A new number for ``service``, called to ``counter``; whoever was there before is finished."""
        self.free(counter)
        ticket = self.do(issuing.issue, service=service, actor=ACTOR, slip=False)
        return self.do(turns.call_number, counter, ticket.number, "rehearsal", actor=ACTOR).ticket

    def free(self, counter: str) -> None:
        """Serve whoever is at ``counter`` to the end."""
        here = counters.find(self.store.read(), self.settings, counter).ticket
        if not here:
            return
        if issuing.find(self.store.read(), here).state is State.CALLED:
            self.do(turns.start, counter, actor=ACTOR)
        self.do(turns.finish, counter, actor=ACTOR)

    def announce(self, ticket: Ticket, clip: str, seconds: float) -> None:
        """What the voice writes when a call's sound is ready for the board."""
        told = {"number": ticket.number, "service": ticket.service, "clip": clip, "seconds": seconds}
        told |= {"output": "board", "speech": bool(clip), "recall": False, "reason": "", "call_seq": 0}
        with self.store.act() as act:
            journal.append(
                act,
                "ticket.announced",
                office=self.settings.office.id,
                actor="system",
                counter=ticket.counter,
                ticket=ticket.id,
                data=told,
            )

    def _sound(self, name: str) -> Path | None:
        return self.clip(name)

    def pairing_code(self, name: str, kind: doors.ScreenKind) -> str:
        """A code that pairs a screen."""
        return self.do(doors.add_screen, name, kind, actor=ACTOR)
