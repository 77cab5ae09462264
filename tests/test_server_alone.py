"""One server an office, nothing started before its port is had, and a demo that opens on any day."""

import socket
import subprocess
import sys
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest

from benchmarks.hall import HOST, ROOT, Office, found, free_port, program, serve_command
from demo import address
from demo.office import door, furnish, overlay
from display.board.phase import phase
from display.board.words import Words
from kiosk import home
from office import counters, journal
from office.errors import ConfigurationError
from office.lock import alone
from office.settings import Misfit, Settings, load
from office.store import Store
from tools.rehearsal import CONFIG, PHRASES, Dial, Hall
from web.passwords import Argon2
from web.serving import listen

PLAIN = load(CONFIG)
DAY_MS = 24 * 3600 * 1000


def test_a_second_server_on_the_same_folder_ends_with_2_and_changes_nothing(tmp_path: Path) -> None:
    office = found(tmp_path)
    with program(*serve_command(office), port=office.port):
        with urlopen(f"http://{HOST}:{office.port}/healthz", timeout=20) as answer:  # it has begun
            assert answer.status == 200
        before = _head(office)
        other = ["serve", "--host", HOST, "--port", str(free_port())]
        done = _run(office, *other)
        assert done.returncode == 2, done.stderr
        assert "another server already runs" in done.stderr
        assert _head(office) == before


def test_a_server_without_its_port_starts_nothing(tmp_path: Path) -> None:
    office = found(tmp_path)
    before = _head(office)
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        done = _run(office, "serve", "--host", HOST, "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2, done.stderr
    assert "cannot listen" in done.stderr
    assert _head(office) == before


def test_the_lock_ends_with_its_block(tmp_path: Path) -> None:
    lock = tmp_path / "office.lock"
    with alone(lock), pytest.raises(ConfigurationError, match="another server"), alone(lock):
        pass
    with alone(lock):
        pass


def test_a_name_with_two_addresses_is_heard_on_both() -> None:
    sockets = listen("localhost", 0)
    try:
        assert len({one.getsockname()[1] for one in sockets}) == 1
        for one in sockets:
            with socket.create_connection(one.getsockname()[:2], timeout=2):
                pass
    finally:
        for one in sockets:
            one.close()


def test_an_unknown_address_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"cannot listen on 192\.0\.2\.7"):
        listen("192.0.2.7", 0)


def test_a_service_without_a_counter_is_refused() -> None:
    counters_left = [c.model_dump() | {"services": [PLAIN.services[0].id]} for c in PLAIN.counters]
    with pytest.raises((ConfigurationError, Misfit), match="no counter serves"):
        load(CONFIG, {"counters": counters_left})


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::"])  # noqa: S104 — not bound
def test_every_address_is_told_as_one_that_can_be_reached(host: str) -> None:
    told = address.reachable(host)
    assert told.strip("[]") not in address.ANY
    socket.inet_aton(told)


@pytest.mark.parametrize(("url", "here"), [("http://127.0.0.1:8000", True), ("http://192.168.1.10:8000", False)])
def test_the_door_says_when_phones_cannot_follow_a_slip(url: str, here: bool) -> None:
    assert door(PLAIN, url)["only_here"] is here


def test_an_ipv6_address_is_written_as_urls_want_it() -> None:
    assert (address.reachable("::1"), address.reachable("127.0.0.1")) == ("[::1]", "127.0.0.1")


@pytest.mark.parametrize("wall", ["2026-11-23 08:00", "2026-11-23 00:20"])
def test_the_demo_opens_its_counters_on_the_first_day_and_on_the_next(tmp_path: Path, wall: str) -> None:
    settings = load(CONFIG, overlay(PLAIN, "http://127.0.0.1:8000", 9100))
    now = Hall(tmp_path / "clock").moment(wall)
    path = tmp_path / "demo.sqlite3"
    for days in (0, 1, 1):
        furnish(path, settings, Argon2(), now + days * DAY_MS)
        assert _open_now(path, settings, now + days * DAY_MS) == [c.id for c in settings.counters[1:]]


def test_the_demo_is_open_day_and_night_and_says_so_in_words_that_are_not_absurd(tmp_path: Path) -> None:
    settings = load(CONFIG, overlay(PLAIN, "http://127.0.0.1:8000", 9100))
    hall = Hall(tmp_path, settings)
    for wall in ("2026-11-28 23:50", "2026-11-29 00:00", "2026-11-29 03:00"):  # a Saturday's night
        hall.set_clock(wall)
        assert home.today(settings, hall.clock(), partial(PHRASES.say, "vi")) == "Hôm nay mở cửa cả ngày đêm"
        assert phase(settings, hall.clock(), Words(PHRASES, "vi", ""), at_work=True).name == "open"
    assert door(PLAIN, "http://127.0.0.1:8000")["counted"] == "07:00–11:30, 13:30–17:00"


def _open_now(path: Path, settings: Settings, now: int) -> list[str]:
    store = Store(path, Dial(now))
    try:
        assert journal.verify(store.read()) > 0
        return [desk.id for desk in counters.every(store.read(), settings) if desk.state == counters.OPEN]
    finally:
        store.close()


def _head(office: Office) -> tuple[int, str]:
    store = Store(office.data / "office.sqlite3")
    try:
        return journal.head(store.read())
    finally:
        store.close()


def _run(office: Office, *args: str) -> subprocess.CompletedProcess[str]:
    place = ["--config", str(office.config), "--data", str(office.data)]
    return subprocess.run(
        [sys.executable, "server.py", *place, *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
