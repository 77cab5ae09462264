"""What must not stand in any file of the project, and what the lock files must keep to."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Spelled so that this file does not contain what it looks for.
HOME = re.compile(r"(?<![\w.~-])/(?:home|root|work|Users)/[A-Za-z0-9._-]+|[A-Z]:[\\/]Users[\\/](?!Public|%)\w", re.I)
REGISTRY = re.compile(
    r"\b(?:pypi|files|test)\.(?:python|pythonhosted)\.org|\bpypi\.org|\bpythonhosted\.org"
    r"|\bregistry\.(?:npmjs|yarnpkg)\.\w+|\bdeb\.debian\.org|\b(?:archive|security)\.ubuntu\.com"
    r"|--(?:extra-)?index-url|--trusted-host"
)
MADE_BY = re.compile(r"\bsub[-_ ]?agents?\b|\bco-authored-by: (?:claude|gpt|copilot)", re.I)
HOST = re.compile(r"https?://([^/\s'\"]+)")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.M)


def tracked() -> list[Path]:
    """The files of the project as git lists them, those not yet added included."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: there is no list of the project's files")
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def findings(texts: Iterator[tuple[str, str]], patterns: list[re.Pattern[str]]) -> list[str]:
    """``name:line found`` for every match of a pattern in the (name, text) pairs."""
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1} {match[0]}"
        for name, text in texts
        for pattern in patterns
        for match in pattern.finditer(text)
    ]


def readable(paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Name and text of every file that is text."""
    for path in paths:
        raw = path.read_bytes()
        if b"\0" not in raw[:8192] and path != Path(__file__).resolve():
            yield path.relative_to(ROOT).as_posix(), raw.decode("utf-8", errors="replace")


def package_sources() -> set[str]:
    """The hosts from which pip is told to take packages on this machine."""
    told = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    return set(HOST.findall(told.stdout))


def test_no_machine_path_registry_or_maker_is_named() -> None:
    here = re.compile(re.escape(ROOT.as_posix()) + r"/") if len(ROOT.parts) > 2 else HOME
    own = [re.compile(re.escape(host)) for host in package_sources()]
    assert findings(readable(tracked()), [HOME, REGISTRY, MADE_BY, here, *own]) == []


@pytest.mark.parametrize(
    "text",
    [
        "see /ho" + "me/lan/project",
        "cd /ro" + "ot/x",
        "C:\\Us" + "ers\\lan",
        "https://pypi" + ".org/simple",
        "https://files.python" + "hosted.org/x",
        "--index" + "-url https://x",
        "http://deb.deb" + "ian.org/debian",
        "a sub" + "agent wrote this",
    ],
)
def test_forbidden_text_is_found(text: str) -> None:
    found = findings(iter([("a.md", "fine\n" + text)]), [HOME, REGISTRY, MADE_BY])
    assert found[0].startswith("a.md:2 ")


@pytest.mark.parametrize(
    "text",
    [
        "/opt/mot-cua",
        "href='/home'",
        "GET /work",
        "/".join(("web", "work", "x")),
        "https://example.org/users/",
        "/root",
    ],
)
def test_innocent_text_passes(text: str) -> None:
    assert findings(iter([("a.md", text)]), [HOME, REGISTRY, MADE_BY]) == []


def test_tests_run_what_the_office_runs() -> None:
    run = dict(PIN.findall((ROOT / "requirements.txt").read_text("utf-8")))
    dev = dict(PIN.findall((ROOT / "requirements-dev.txt").read_text("utf-8")))
    assert len(run) > 15
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_library_has_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8"))
    pinned = [block for block in blocks if PIN.match(block)]
    assert [block.splitlines()[0] for block in pinned if "--hash=sha256:" not in block] == []
    loose = [block for block in blocks if block.strip() and not PIN.match(block) and not block.startswith("#")]
    assert loose == []


def test_windows_command_file_suits_windows() -> None:
    raw = (ROOT / "run.cmd").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n") > 50
    assert not raw.startswith(b"\xef\xbb\xbf"), "cmd.exe would take the mark for a command"
    assert raw.isascii(), "its sentences are files of tools/windows, shown by `type`"
    shown = set(re.findall(rb"tools\\windows\\([a-z-]+\.txt)", raw))
    there = {path.name.encode() for path in (ROOT / "tools" / "windows").glob("*.txt")}
    assert shown == there


def test_windows_command_file_jumps_to_labels_that_exist() -> None:
    text = (ROOT / "run.cmd").read_text("ascii")
    labels = set(re.findall(r"^:(\w+)", text, re.M))
    jumps = set(re.findall(r"\bgoto (\w+)|\bcall :(\w+)", text))
    assert {name for pair in jumps for name in pair if name} == labels


@pytest.mark.parametrize("name", ["tools/setup.sh", ".ci/run"])
def test_scripts_are_executable_and_sound(name: str) -> None:
    path = ROOT / name
    assert path.stat().st_mode & 0o111
    checked = subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
