"""An office with a quarter of an hour of footage behind it, of four cameras of 2.5 Mbit/s, and a visit in it."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from apart.child import Child
from benchmarks.cameras import Camera, devices, keep, simulated
from benchmarks.hall import Office, found
from camera.job import Job
from camera.orders import PROGRAM
from camera.simulated.server import PASSWORD, USER
from office import footage, issuing, people, turns
from office.clock import system_clock
from office.footage import Piece
from office.people import Role
from office.store import Store
from tools.rehearsal import Dial
from web.passwords import Argon2

CAMERAS: Final = (Camera("cam1", counter="1"), Camera("cam2", counter="2"), Camera("cam3", counter="3"), Camera("hall"))
MINUTES: Final = 15
AGO_S: Final = 1000
WAIT_S: Final = 30.0
PERSON: Final = "ha"
PASSWORD_OF_PERSON: Final = "hoa dao thang chap"  # noqa: S105 — of an invented person


@dataclass(frozen=True, slots=True)
class Day:
    """``ticket``: the visit's id; footage from ``begins`` to ``ends``, ms UTC; the cookie and token of a supervisor."""

    office: Office
    ticket: str
    begins: int
    ends: int
    cookie: str
    csrf: str


def made(folder: Path) -> Day:
    """Such an office in ``folder``. Its pieces are one that was really recorded, again and again."""
    clock = Dial(system_clock() - AGO_S * 1000)
    office = found(folder / "office", devices=devices(CAMERAS), clock=clock)
    keep(office, disk_share=0.98, alarm_share=0.97)
    store, begins = Store(office.data / "office.sqlite3", clock), clock.at
    ticket = _visit(store, office, clock)
    cookie, csrf = _supervisor(store, office)
    path, told = recorded(folder / "piece")
    ends = _again(store, office, path, told, begins)
    store.close()
    return Day(office, ticket, begins, ends, cookie, csrf)


def recorded(folder: Path) -> tuple[Path, dict[str, Any]]:
    """A piece of ten seconds that a recorder made, and what it told of it."""
    with simulated(["cam1"], "loop") as (camera,):
        child = Child(PROGRAM)
        job = Job(camera.name, "rtsp", camera.address, USER, PASSWORD, str(folder / camera.name))
        child.say(job.line())
        try:
            while "piece" not in (told := child.hear(WAIT_S)):
                pass
        finally:
            child.end()
    piece = dict(told["piece"])
    return footage.path_of(folder, camera.name, piece["begins"]), piece


def forget(office: Office) -> None:
    """Have the system forget the pieces, so that they are read from the disk; where it can."""
    for path in (office.data / "footage").rglob("*.mp4"):
        if hasattr(os, "posix_fadvise"):
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _visit(store: Store, office: Office, clock: Dial) -> str:
    """Taken after half a minute, served at counter 1 until half a minute before the end."""
    by: dict[str, Any] = {"actor": "system"}
    clock.turn(seconds=30)
    with store.act() as act:
        service = office.settings.counters[0].services[0]
        ticket = issuing.issue(act, office.settings, service=service, slip=False, **by)
    clock.turn(seconds=20)
    with store.act() as act:
        turns.call_number(act, office.settings, "1", ticket.number, "asked for", **by)
    clock.turn(seconds=10)
    with store.act() as act:
        turns.start(act, office.settings, "1", **by)
    clock.turn(minutes=MINUTES - 2, seconds=30)
    with store.act() as act:
        turns.finish(act, office.settings, "1", **by)
    return ticket.id


def _supervisor(store: Store, office: Office) -> tuple[str, str]:
    """Somebody who may watch: the session's cookie and token."""
    passwords = Argon2()
    with store.act() as act:
        people.add(act, office.settings, passwords, PERSON, Role.SUPERVISOR, PASSWORD_OF_PERSON, actor="system")
    secret, session = people.sign_in(store, office.settings, passwords, PERSON, PASSWORD_OF_PERSON, address="")
    return secret, session.csrf


def _again(store: Store, office: Office, path: Path, told: dict[str, Any], begins: int) -> int:
    """Each camera's pieces from ``begins`` on; where they end."""
    length: int = told["ends"] - told["begins"]
    count = MINUTES * 60_000 // length
    starts = [begins + number * length for number in range(count)]
    for camera in CAMERAS:
        for start in starts:
            place = footage.path_of(office.data / "footage", camera.name, start)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
        keys = tuple(told["keyframes"])
        pieces = [Piece(camera.name, one, one + length, told["bytes"], keys) for one in starts]
        with store.act() as act:
            footage.keep(act, pieces)
    return begins + count * length
