"""The command line as an office uses it: every command, its words, its exit codes, beside a running server or alone."""

import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from benchmarks.hall import HOST, ROOT, Office, found, free_port, program, serve_command
from tools.warm import Warm

SHARED = ROOT.parent / "shared" / "data" / "procedures.jsonl"
PASSWORD = "hoa dao thang chap"
LIMIT_S = 60


class Done:
    """What a command did."""

    def __init__(self, process: Warm) -> None:
        self.code, self.out, self.err = process.ended(LIMIT_S), process.out, process.err

    def good(self) -> str:
        """Its stdout, once it ended well and said nothing else."""
        assert (self.code, self.err) == (0, ""), self.out + self.err
        return self.out

    def bad(self, code: int) -> str:
        """Its one polite line, once it failed so."""
        assert self.code == code, self.out + self.err
        assert "Traceback" not in self.err
        assert self.err.strip()
        return self.err


def run(office: Office, *args: str, stdin: str = "", config: Path | None = None, data: Path | None = None) -> Done:
    """One command; its exit code and what it said."""
    place = ["--config", str(config or office.config), "--data", str(data or office.data)]
    return Done(Warm(office.folder / "command", *place, *args, stdin=stdin))


def ask(
    port: int, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
) -> tuple[int, bytes, http.client.HTTPMessage]:
    line = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        text = None if body is None else json.dumps(body)
        line.request(method, path, text, {"Content-Type": "application/json"} | (headers or {}))
        answer = line.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        line.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office whose server runs."""
    made = found(tmp_path_factory.mktemp("office"))
    with program(*serve_command(made), port=made.port):
        yield made


@pytest.fixture
def shut(tmp_path: Path) -> Office:
    """An office whose server does not run."""
    return found(tmp_path)


# ---- beside a running server ----------------------------------------------------------------------------


def test_a_person_added_beside_the_server_signs_in_at_once(office: Office) -> None:
    said = run(office, "people", "add", "lan", "--role", "clerk", "--password-stdin", stdin=PASSWORD + "\n").good()
    assert PASSWORD not in said
    assert ask(office.port, "POST", "/api/v1/session", {"name": "lan", "password": PASSWORD})[0] == 200
    run(office, "people", "add", "lan", "--role", "clerk", "--password-stdin", stdin="abc\n").bad(1)
    run(office, "people", "add", "Lan Anh!", "--role", "clerk", "--password-stdin", stdin=PASSWORD).bad(1)
    assert "supervisor" in run(office, "people", "add", "lan", "--role", "king", "--password-stdin").bad(2)
    assert PASSWORD not in run(office, "journal", "export").good()


def test_a_key_is_the_last_word_and_works_at_once(office: Office) -> None:
    said = run(office, "keys", "add", "bang-dien-tu", "--scope", "tickets", "--scope", "journal").good()
    key = {"Authorization": f"Bearer {said.split()[-1]}"}
    assert ask(office.port, "GET", "/api/v1/queue", headers=key)[0] == 200
    assert ask(office.port, "GET", "/api/v1/journal", headers=key)[0] == 200
    assert ask(office.port, "POST", "/api/v1/counters/1/open", {}, headers=key)[0] == 403
    assert "dossiers" in run(office, "keys", "add", "x", "--scope", "all").bad(2)
    run(office, "keys", "add", "x").bad(2)
    run(office, "keys", "add", "", "--scope", "tickets").bad(1)


def test_what_is_removed_is_out_at_once(office: Office) -> None:
    for name, role in (("phu-trach", "supervisor"), ("nghi-viec", "clerk")):
        run(office, "people", "add", name, "--role", role, "--password-stdin", stdin=PASSWORD + "\n").good()
    body = {"name": "nghi-viec", "password": PASSWORD}
    status, _, headers = ask(office.port, "POST", "/api/v1/session", body)
    assert status == 200
    cookie = {"Cookie": headers["Set-Cookie"].partition(";")[0]}
    assert ask(office.port, "GET", "/api/v1/session", headers=cookie)[0] == 200
    run(office, "people", "remove", "nghi-viec").good()
    assert ask(office.port, "GET", "/api/v1/session", headers=cookie)[0] == 401
    key = run(office, "keys", "add", "tam", "--scope", "tickets").good().split()[-1]
    run(office, "keys", "remove", "tam").good()
    assert ask(office.port, "GET", "/api/v1/queue", headers={"Authorization": f"Bearer {key}"})[0] == 401
    run(office, "screens", "add", "man-cu", "--kind", "board").good()
    run(office, "screens", "remove", "man-cu").good()
    for what, name in (("people", "nghi-viec"), ("keys", "tam"), ("screens", "man-cu")):
        assert name in run(office, what, "remove", name).bad(1)


@pytest.mark.parametrize("kind", ["kiosk", "board"])
def test_a_screen_is_paired_with_the_printed_code(office: Office, kind: str) -> None:
    said = run(office, "screens", "add", f"man-hinh-{kind}", "--kind", kind).good()
    code = said.split()[-1]
    assert re.fullmatch(r"\d{6}", code)
    status, _, headers = ask(office.port, "POST", "/pair", {"kind": kind, "code": code})
    assert status == 200
    cookie = {"Cookie": headers["Set-Cookie"].partition(";")[0]}
    assert ask(office.port, "GET", f"/{kind}", headers=cookie)[0] == 200
    assert ask(office.port, "POST", "/pair", {"kind": kind, "code": code})[0] == 401


def test_journal_verify_and_export_beside_the_server(office: Office) -> None:
    assert "replay gives the same tables" in run(office, "journal", "verify").good()
    rows = [json.loads(line) for line in run(office, "journal", "export").good().splitlines()]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert set(rows[0]) >= {"seq", "at", "kind", "office", "actor", "counter", "ticket", "dossier", "data", "hash"}
    later = run(office, "journal", "export", "--since", "3").good().splitlines()
    assert [json.loads(line) for line in later] == rows[3:]


def test_a_backup_of_a_running_office_is_restored_where_none_runs(office: Office, shut: Office, tmp_path: Path) -> None:
    copy = tmp_path / "sao luu.sqlite3"
    run(office, "backup", str(copy)).good()
    assert "exists" in run(office, "backup", str(copy)).bad(1)
    assert "no backup could be written" in run(office, "backup", str(tmp_path / "not mounted" / "copy")).bad(1)
    before = run(office, "journal", "export").good()
    assert "in use" in run(office, "restore", str(copy)).bad(1)
    assert run(office, "journal", "export").good() == before
    assert ask(office.port, "GET", "/healthz")[0] == 200
    moved = re.search(r"is now (\S+)", run(shut, "restore", str(copy)).good())
    assert moved is not None
    assert Path(moved[1]).is_file()
    assert run(shut, "journal", "export").good() == before
    run(shut, "journal", "verify").good()
    copy.write_bytes(b"no office" * 1000)
    run(shut, "restore", str(copy)).bad(1)
    run(shut, "restore", str(tmp_path / "none")).bad(1)
    assert run(shut, "journal", "export").good() == before


# ---- alone ----------------------------------------------------------------------------------------------


def test_check_tells_each_device_on_a_line_and_fails_with_one(shut: Office) -> None:
    (shut.config / "devices.toml").write_text('[printer]\ndriver = "none"\n[voice]\noutput = "none"\n')
    lines = run(shut, "check").good().splitlines()
    names = [line.partition(":")[0] for line in lines]
    looked_at = ["configuration", "clock", "hours", "holidays", "journal", "printer", "voice"]
    assert names == [*looked_at, "scanner", "camera", "pictures", "forms", "import folder"]
    assert all(": ok" in line for line in lines)
    (shut.config / "dossiers.toml").write_text('[dossiers.imports]\nwatch = "exports"\n')
    printer = f'[printer]\ndriver = "network"\nhost = "{HOST}"\nport = {free_port()}\ntimeout_s = 1\n'
    (shut.config / "devices.toml").write_text(printer + '[voice]\noutput = "none"\n')
    done = run(shut, "check")
    assert done.code == 1
    failed = [line.partition(": FAILED: ") for line in done.out.splitlines() if ": FAILED: " in line]
    assert [name for name, _, _ in failed] == ["printer", "import folder"]
    assert "make the folder" in failed[1][2]


def test_a_broken_journal_is_found(shut: Office) -> None:
    with sqlite3.connect(shut.data / "office.sqlite3") as db:
        db.execute("DROP TRIGGER journal_no_update")
        db.execute("UPDATE journal SET actor = 'person:ai-do' WHERE seq = 3")
    db.close()
    assert "seq 3" in run(shut, "journal", "verify").bad(1)
    assert "journal: FAILED" in run(shut, "check").out


def test_looking_at_no_office_makes_none(shut: Office, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    for command in (("journal", "verify"), ("journal", "export"), ("backup", str(tmp_path / "x"))):
        assert "--data" in run(shut, *command, data=empty).bad(1)
    assert not (empty / "office.sqlite3").exists()


@pytest.mark.skipif(not SHARED.is_file(), reason="the full catalogue is not here")
def test_the_full_catalogue_is_imported(shut: Office) -> None:
    assert re.match(r"\d+ procedures: \d+ added", run(shut, "procedures", "import", str(SHARED)).good())
    assert " 0 added, 0 changed, 0 removed" in run(shut, "procedures", "import", str(SHARED)).good()


def test_the_own_catalogue_is_imported_and_a_bad_file_changes_nothing(shut: Office, tmp_path: Path) -> None:
    own = ROOT / "config" / "procedures.jsonl"
    run(shut, "procedures", "import", str(own)).good()
    before = run(shut, "journal", "export").good()
    bad = tmp_path / "bad.jsonl"
    bad.write_text(own.read_text(encoding="utf-8") + "{not json\n", encoding="utf-8")
    last = len(bad.read_text(encoding="utf-8").splitlines())
    assert str(last) in run(shut, "procedures", "import", str(bad)).bad(1)
    run(shut, "procedures", "import", str(tmp_path / "none.jsonl")).bad(2)
    assert run(shut, "journal", "export").good() == before


WRONG = {
    "unknown value": ("devices.toml", '[printer]\ndriver = "lpt"\n', ("printer.driver", "'network'", "'none'")),
    "out of range": ("office.toml", "[web]\nthreads = 9999\n", ("web.threads", "256")),
    "unknown key": ("devices.toml", "[printer]\ncolour = 1\n", ("printer.colour", "driver")),
    "unknown section": ("devices.toml", "[fax]\nx = 1\n", ("fax", "printer", "voice", "scanner")),
    "no TOML": ("services.toml", "[[service]\n", ("TOML",)),
    "a counter's unknown service": (
        "counters.toml",
        '[[counter]]\nid = "1"\nname = { vi = "Một" }\nservices = ["bay"]\n',
        ("bay", "ho-tich"),
    ),
    "streams over threads": ("office.toml", "[web]\nthreads = 10\nstreams = 20\n", ("web", "streams", "threads")),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_configuration_ends_everything_with_2_before_it_begins(shut: Office, case: str) -> None:
    name, text, words = WRONG[case]
    path = shut.config / name
    if name == "office.toml":
        section = text.split("\n")[0]
        text = re.sub(rf"(?ms)^{re.escape(section)}\n.*?(?=^\[|\Z)", text, path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    data = shut.folder / "never"
    commands = [("serve", "--port", "0"), ("check",), ("keys", "add", "x", "--scope", "tickets")]
    for command in commands[: 3 if case == "unknown value" else 1]:
        told = run(shut, *command, data=data).bad(2)
        assert name in told
        assert [word for word in words if word not in told] == [], told
    assert not data.exists()


def test_a_missing_folder_and_a_missing_phrase_file_are_named(shut: Office, tmp_path: Path) -> None:
    assert "office.toml" in run(shut, "serve", config=tmp_path / "nowhere").bad(2)
    (shut.config / "phrases" / "en.toml").unlink()
    assert "en.toml" in run(shut, "serve", "--port", "0").bad(2)


def test_a_folder_that_cannot_hold_data_is_told(shut: Office, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for command in (("serve", "--port", "0"), ("keys", "add", "x", "--scope", "tickets")):  # 1: systemd tries again
        assert "cannot be the folder of data" in run(shut, *command, data=tmp_path / "file" / "data").bad(1)


def test_a_taken_port_is_told(shut: Office) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        assert str(port) in run(shut, "serve", "--port", str(port)).bad(2)


# ---- serving and ending ---------------------------------------------------------------------------------


@contextmanager
def begun(*args: str) -> Iterator[subprocess.Popen[str]]:
    """A server of any kind in a session of its own; nothing of it is left afterwards."""
    process = subprocess.Popen(
        [sys.executable, "server.py", *args], cwd=ROOT, text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
        process.kill()
        process.communicate()


def heard(process: subprocess.Popen[str], until: str) -> str:
    """What it says up to the line with ``until``."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if until in line:
            return said
    raise AssertionError(said)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_ends_with_0_within_five_seconds_though_streams_are_open(shut: Office, number: signal.Signals) -> None:
    with begun(*serve_command(shut)[1:]) as process:
        heard(process, "http://")
        lines = [socket.create_connection((HOST, shut.port), timeout=10) for _ in range(12)]
        request = f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {shut.key}\r\n\r\n"
        for n, line in enumerate(lines):
            line.sendall(request.encode() if n % 3 else b"GET /half")
        for n, line in enumerate(lines):
            if n % 3:
                line.recv(65536)
        began = time.monotonic()
        process.send_signal(number)
        time.sleep(0.1)
        status, body, headers = ask(shut.port, "POST", "/api/v1/tickets", {"service": "ho-tich"})
        assert (status, json.loads(body)["key"]) == (503, "error.stopping")
        assert int(headers["Retry-After"]) >= 1
        assert process.wait(10) == 0
        assert time.monotonic() - began < 5
        assert "Traceback" not in (process.stdout.read() if process.stdout else "")
        for line in lines:
            line.close()
    run(shut, "journal", "verify").good()


@pytest.mark.skipif(sys.platform == "win32", reason="groups of processes are POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_demo_is_checked_as_it_runs_and_ends_quietly_by_ctrl_c(shut: Office, number: signal.Signals) -> None:
    place = ["--data", str(shut.folder / "try")]
    with begun(*place, "demo", "--port", str(shut.port)) as process:
        heard(process, "Ctrl-C")
        if number == signal.SIGINT:
            told = run(shut, "check", config=ROOT / "config", data=shut.folder / "try" / "demo")
            lines = told.out.splitlines()
            assert [line for line in lines if ": ok: " not in line and "voice" not in line] == [], told.err
            assert "printer: ok: network, paper ok" in lines
            assert "scanner demo-scanner: ok: serial, in use by the running server" in lines
            seen = [line.partition(", clock")[0] for line in lines if line.startswith("camera ")]
            names = ("counter-2", "counter-3", "hall")
            assert seen == [f"camera {name}: ok: rtsp, 640x360 H.264 at 10/s" for name in names]
        os.killpg(process.pid, number)  # as a terminal does: the server and whatever is in its group
        assert process.wait(30) == 0
        assert process.stdout is not None
        assert process.stdout.read() == ""
    assert not (shut.folder / "try" / "demo" / "demo-devices.json").exists()


def test_serve_says_who_is_missing_and_opens_no_door(shut: Office) -> None:
    with begun(*serve_command(shut)[1:]) as process:
        assert f":{shut.port}/" in heard(process, "http://")
        assert "people add" in heard(process, "sign in")
        assert ask(shut.port, "GET", "/kiosk")[0] == 401
        assert ask(shut.port, "GET", "/board")[0] == 401
        assert ask(shut.port, "POST", "/api/v1/tickets", {"service": "ho-tich"})[0] == 401
        for name in ("lan", "ha", "admin"):
            body = {"name": name, "password": "mot-cua-demo"}
            assert ask(shut.port, "POST", "/api/v1/session", body)[0] == 401


def test_the_demo_starts_answers_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with begun("--data", str(tmp_path), "demo", "--port", "0") as process:
        said = heard(process, "Ctrl-C")
        (port,) = set(re.findall(rf"http://{HOST}:(\d+)/kiosk", said))
        for word in ("Door", "Kiosk", "Board", "Staff", "Printer", "Cameras", "lan / mot-cua-demo"):
            assert word in said
        for path in ("/", "/kiosk", "/board", "/board/1", "/staff"):
            assert ask(int(port), "GET", path)[0] == 200, path
        assert ask(int(port), "POST", "/api/v1/session", {"name": "lan", "password": "mot-cua-demo"})[0] == 200
        family = psutil.Process(process.pid).children(recursive=True)
        assert len(family) >= 2  # the simulated printer and cameras, at least
        process.terminate()
        assert process.wait(10) == 0
        assert psutil.wait_procs(family, timeout=5)[1] == []


def test_a_demo_ended_while_it_starts_leaves_nothing_behind(tmp_path: Path) -> None:
    with begun("--data", str(tmp_path), "demo", "--port", "0") as process:
        server = psutil.Process(process.pid)
        family: list[psutil.Process] = []
        deadline = time.monotonic() + 30
        while not family and time.monotonic() < deadline:
            family = server.children(recursive=True)
            time.sleep(0.01)
        process.terminate()
        assert process.wait(20) == 0
        assert psutil.wait_procs(family, timeout=5)[1] == []
