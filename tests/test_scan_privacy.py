"""After a wild run of the real server its journal, log, database and data folder hold no number, name or address of a
person, and no raw scanned URL (issue line 9, DOMAIN 6.3)."""

import http.client
import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import segno

from benchmarks.hall import HOST, ROOT, Office, end, found, serve_command
from office import doors, people
from office.dossier_acts import set_status
from office.dossier_intake import Intake, receive
from office.dossiers import DONE
from office.people import Role
from office.store import Store
from scanner.simulated import Simulator, wire
from tools.waiting import wait_for
from web.callers import SCREEN_COOKIES, SESSION_COOKIE
from web.passwords import Argon2

if sys.platform == "win32":
    pytest.skip("Windows has no pseudo-terminals", allow_module_level=True)

IDS = ("001066012345", "036199000111", "012345678", "079300123456789")
PHONE = "0912345678"
NAME, STREET = "Nguyễn Văn Thử", "Thôn Không Có Thật"
HOST_OF_LINKS = "dichvucong-khong-co.example"
SECRETS = (*IDS, PHONE, NAME, STREET, HOST_OF_LINKS, "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "pass-cua-camera")
DEVICES = """
[printer]
driver = "none"
[voice]
driver = "none"
[[scanner]]
name = "hall"
driver = "serial"
device = "{device}"
screen = "kiosk-1"
[[scanner]]
name = "lens"
driver = "lens"
device = "rtsp://admin:pass-cua-camera@127.0.0.1:9/stream"
counter = "1"
"""
SEED, ROUNDS = 766, 160


class Caller:
    """Sends what comes to mind, with the headers of one kind of caller."""

    def __init__(self, office: Office, headers: dict[str, str]) -> None:
        self._port, self._headers = office.port, headers
        self.statuses: set[int] = set()

    def send(self, path: str, body: bytes | Any, kind: str = "application/json", **headers: str) -> Any:
        line = http.client.HTTPConnection(HOST, self._port, timeout=30)
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        line.request("POST", path, data, {"Content-Type": kind} | self._headers | headers)
        answer = line.getresponse()
        text = answer.read()
        line.close()
        self.statuses.add(answer.status)
        with suppress(ValueError):
            return json.loads(text)

    def look(self, path: str) -> None:
        line = http.client.HTTPConnection(HOST, self._port, timeout=30)
        line.request("GET", path, headers=self._headers)
        with line.getresponse() as answer:
            self.statuses.add(answer.status)
            answer.read()
        line.close()


def payloads(chance: random.Random, codes: list[str]) -> Iterator[str]:
    """Texts as scanners and people send them, a person's data in each."""
    while True:
        number, code = chance.choice(IDS), chance.choice(codes)
        link = f"https://{HOST_OF_LINKS}/tra-cuu"
        yield chance.choice(
            [
                f"{link}?SGT={number}&MHS={code}",
                f"{link}?MaHoSo={code}&SoDinhDanh={number}",
                f"{link}?mahs={code}%20{number}",
                f"{link}/{number}",
                f"{link}/{number}/{code}#hoten={NAME}",
                f"https://{HOST_OF_LINKS}/apiqr/qr?id=6f9619ff-8b86-d011-b42d-00cf4fc964ff",
                number,
                " ".join(number),
                f"{number} {code}",
                PHONE,
                f"{number}|012345678|{NAME}|01011950|Nam|{STREET}|01012022",
                f"{number}|{NAME}",
                f"CCCD {number} {NAME}",
                f"*{number}*",
                f"MC-{number}",
                f"{link}?x={'y' * 3000}&cccd={number}",
                f"\x00\ud7ff{number}\n",
                f"H55.242-261120-{chance.randint(0, 9999):04d} {number}",
            ]
        )


def picture(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text[:600], micro=False).save(out, kind="png", scale=6, border=4)
    return out.getvalue()


@contextmanager
def running(office: Office) -> Iterator[None]:
    """The server at its most talkative, all it says in a file of its data folder."""
    with (office.data / "server.log").open("wb") as log:
        environment = os.environ | {"LOG_LEVEL": "DEBUG", "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            [sys.executable, *serve_command(office)], cwd=ROOT, stdout=log, stderr=log, env=environment
        )
        try:
            wait_for(lambda: b"http://" in (office.data / "server.log").read_bytes())
            yield
        finally:
            end(process)


def traces(folder: Path) -> list[str]:
    """File and secret, for each secret that a file holds: as text, as JSON escapes, or without its spaces."""
    found = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        data = path.read_bytes()
        for secret in SECRETS:
            forms = {secret.encode(), json.dumps(secret)[1:-1].encode(), " ".join(secret).encode()}
            found += [f"{path.relative_to(folder)}: {secret}" for form in forms if form in data]
    return found


@pytest.mark.slow
def test_nothing_of_a_person_is_left_after_a_wild_run(tmp_path: Path) -> None:
    with Simulator(wire("pty", tmp_path / "scanner.line")) as trigger:
        office = found(tmp_path / "office", devices=DEVICES.format(device=trigger.wire.address))
        callers, codes = furnished(office)
        with running(office):
            wild(office, trigger, callers, codes)
    assert {200, 201, 400, 404, 422, 429} <= set.union(*(caller.statuses for caller in callers.values()))
    assert max(set.union(*(caller.statuses for caller in callers.values()))) < 500
    assert "scanner lens: " in (office.data / "server.log").read_text(encoding="utf-8")
    assert traces(office.data) == []
    kept = Store(office.data / "office.sqlite3")
    kinds = {kind for (kind,) in kept.read().execute("SELECT DISTINCT kind FROM journal")}
    kept.close()
    assert {"scan.read", "scan.arrived", "scan.guessed", "scanner.failed", "dossier.visited"} <= kinds


def test_the_search_itself_would_find_what_was_left(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"scan of {IDS[0]} failed; {json.dumps(NAME)}", encoding="utf-8")
    assert len(traces(tmp_path)) == 2


def furnished(office: Office) -> tuple[dict[str, Caller], list[str]]:
    """A register with some dossiers, and callers of each kind."""
    store = Store(office.data / "office.sqlite3")
    with store.act() as act:
        wishes = [Intake(procedure_name="Việc mẫu", service="dat-dai") for _ in range(6)]
        codes = [receive(act, office.settings, wish, actor="system").code for wish in wishes]
        for code in codes[:3]:
            set_status(act, office.settings, code, DONE, actor="system")
        kiosk, other = (doors.admit(act, office.settings, name, "kiosk") for name in ("kiosk-1", "kiosk-2"))
    with store.act() as act:
        people.add(act, office.settings, Argon2(), "lan", Role.CLERK, "hoa dao thang chap", actor="system")
    secret, session = people.sign_in(store, office.settings, Argon2(), "lan", "hoa dao thang chap", address="127.0.0.1")
    store.close()
    clerk = {"Cookie": f"{SESSION_COOKIE}={secret}", "X-CSRF-Token": session.csrf}
    return {
        "key": Caller(office, {"Authorization": f"Bearer {office.key}"}),
        "kiosk": Caller(office, {"Cookie": f"{SCREEN_COOKIES['kiosk']}={kiosk}"}),
        "guesser": Caller(office, {"Cookie": f"{SCREEN_COOKIES['kiosk']}={other}"}),
        "clerk": Caller(office, clerk),
    }, codes


def wild(office: Office, trigger: Simulator, callers: dict[str, Caller], codes: list[str]) -> None:
    chance = random.Random(SEED)
    texts = payloads(chance, codes)
    for n in range(ROUNDS):
        caller, text = callers[chance.choice(("key", "kiosk"))], next(texts)
        key = {"Idempotency-Key": f"round {n // 2}"} if n % 3 else {}
        told = caller.send("/api/v1/scans", {"text": text, "by": chance.choice(("keys", "wedge"))}, **key)
        wish = (told or {}).get("action", {}).get("wish") if isinstance(told, dict) else None
        caller.send("/api/v1/tickets", chance.choice([wish or {}, {"service": "dat-dai", "dossier": text}]))
        if n % 8 == 0:
            callers["key"].send("/api/v1/scans", picture(text), "image/png", **key)
            callers["clerk"].send("/api/v1/scans", {"text": text}, **key)
            callers["key"].send("/api/v1/scans", {"arrival": text, "text": text, text: 1})
            caller.send("/api/v1/scans", text.encode("utf-8", "ignore"))
            caller.look(f"/t/{chance.choice(IDS)}")
            trigger.scan(text)
    callers["key"].send("/api/v1/scans", picture(f"https://{HOST_OF_LINKS}/?MHS={codes[0]}&SGT={IDS[0]}"), "image/png")
    take_arrivals(callers["kiosk"], office)
    for n in range(office.settings.scans.guesses):
        callers["guesser"].send("/api/v1/scans", {"text": f"H56.14-240823-{n:04d} {IDS[0]}"})


def take_arrivals(kiosk: Caller, office: Office) -> None:
    """Ask for what the serial scanner read, as the kiosk's page does."""
    store = Store(office.data / "office.sqlite3")
    rows = store.read().execute("SELECT data FROM journal WHERE kind = 'scan.arrived'").fetchall()
    store.close()
    assert rows
    for (data,) in rows:
        kiosk.send("/api/v1/scans", {"arrival": json.loads(data)["id"]}, **{"Idempotency-Key": data})
