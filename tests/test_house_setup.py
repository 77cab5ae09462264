"""Set-up on a fresh machine: the real script with an empty lock file, and an apt, a sudo and a Python with dials."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PLAIN_TOOLS = "bash env id uname dirname sha256sum readlink grep find flock mkdir rm mv cat ldconfig true"

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="tools/setup.sh is for Linux; Windows has run.cmd"),
    pytest.mark.xdist_group("setup"),
]


def python_script(*, version_ok: bool = True, with_venv: bool = True, quick: bool = True) -> str:
    """The body of a python3 command with these dials."""
    verdict = 0 if version_ok and with_venv else 3 if version_ok else 2
    lines = [f'case "$2" in *ensurepip*) exit {verdict};; esac'] if verdict else []
    if quick:
        pth = '"$3"/lib/python3*/site-packages'
        lines += [
            f'if [ "$2" = venv ]; then "{sys.executable}" -m venv --without-pip "$3"',
            f'for d in {pth}; do echo "{sysconfig.get_path("purelib")}" >"$d/borrowed.pth"; done; exit; fi',
        ]
    return "\n".join([*lines, f'exec "{sys.executable}" "$@"'])


class Machine:
    """A checkout with an empty lock file and a PATH that holds only what the test puts there."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a folder with spaces"
        self.bin = folder / "bin"
        self.log = folder / "log"
        (self.root / "tools").mkdir(parents=True)
        self.bin.mkdir()
        self.log.touch()
        shutil.copy(ROOT / "tools" / "setup.sh", self.root / "tools")
        (self.root / "requirements.txt").write_text("# nothing\n", encoding="utf-8")
        for name in PLAIN_TOOLS.split():
            if found := shutil.which(name, path=os.environ["PATH"] + ":/sbin:/usr/sbin"):
                (self.bin / name).symlink_to(found)
        self.python()

    def command(self, name: str, body: str) -> None:
        """Put a shell script on the PATH; every call of it is logged with its arguments."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f'#!/bin/sh\necho "{name} $*" >>"{self.log}"\n{body}\n', encoding="utf-8")
        path.chmod(0o755)

    def python(self, *, version_ok: bool = True, with_venv: bool = True, quick: bool = True) -> None:
        """The Python of the machine: new enough or not, with python3-venv or not.

        ``quick``: its virtual environments borrow this one's pip, which saves seconds each.
        """
        self.command("python3", python_script(version_ok=version_ok, with_venv=with_venv, quick=quick))

    def someone(self, *, root: bool, sudo: bool = False) -> None:
        """Who sets up."""
        self.command("id", f"echo {0 if root else 1000}")
        self.command("sudo", 'shift; exec "$@"' if sudo else "exit 1")

    def apt(self, body: str = "exit 0") -> None:
        """An apt that does ``body``."""
        self.command("apt-get", body)

    def setup(self, what: str = "run", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the set-up; no terminal, as on a build machine."""
        return subprocess.run(
            [self.root / "tools" / "setup.sh", what],
            env={"PATH": str(self.bin), "PIP_NO_INDEX": "1", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def calls(self, name: str) -> list[str]:
        """The logged calls of a command."""
        return [line for line in self.log.read_text("utf-8").splitlines() if line.startswith(name + " ")]


@pytest.fixture(name="machine")
def _machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.someone(root=False)
    machine.apt()
    return machine


def test_sets_up_once_then_only_when_the_lock_changes(machine: Machine) -> None:
    machine.python(quick=False)
    first = machine.setup()
    assert first.returncode == 0, first.stderr
    assert (machine.root / ".venv" / "bin" / "python").exists()
    assert "installing the libraries" in first.stderr

    assert "installing" not in machine.setup(APT="no").stderr

    (machine.root / "requirements.txt").write_text("# changed\n", encoding="utf-8")
    changed = machine.setup().stderr
    assert "installing the libraries" in changed
    assert "making .venv" not in changed


@pytest.mark.parametrize("where", ["while pip worked", "before pip", "moved"])
def test_interrupted_or_moved_begins_afresh(machine: Machine, where: str) -> None:
    venv = machine.root / ".venv"
    if where == "moved":
        assert machine.setup().returncode == 0
        machine.root = machine.root.rename(machine.root.with_name("elsewhere"))
        venv = machine.root / ".venv"
    else:
        venv.mkdir()
        (venv / "unfinished").touch()
        if where == "while pip worked":
            (venv / "bin").mkdir()
            (venv / "bin" / "python").symlink_to(sys.executable)
    (venv / "torn").touch()
    again = machine.setup()
    assert again.returncode == 0, again.stderr
    assert "making .venv" in again.stderr
    assert not (venv / "torn").exists()
    assert not (venv / "unfinished").exists()


def test_failed_libraries_are_told_and_tried_again(machine: Machine) -> None:
    (machine.root / "requirements.txt").write_text(
        f"no-such-library-here==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8"
    )
    failed = machine.setup()
    assert failed.returncode == 1
    assert "the libraries could not be installed" in failed.stderr
    assert not (machine.root / ".venv" / "installed").exists()


def small_library(folder: Path) -> Path:
    """A wheel that brings one module, `smallest`."""
    path = folder / "smallest-1.0-py3-none-any.whl"
    info = "smallest-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("smallest.py", "")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: smallest\nVersion: 1.0\n")
        tags = "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.writestr(f"{info}/WHEEL", tags)
        wheel.writestr(f"{info}/RECORD", "")
    return path


def test_library_is_installed_only_with_its_hash(machine: Machine) -> None:
    wheel = small_library(machine.bin)
    lock = machine.root / "requirements.txt"

    lock.write_text(f"smallest==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    refused = machine.setup(PIP_FIND_LINKS=str(machine.bin))
    assert refused.returncode == 1
    assert "DO NOT MATCH THE HASHES" in refused.stderr

    lock.write_text(f"smallest==1.0 --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n", encoding="utf-8")
    assert machine.setup(PIP_FIND_LINKS=str(machine.bin)).returncode == 0
    assert list(machine.root.glob(".venv/lib/python3*/site-packages/smallest.py"))


def test_missing_venv_module_says_what_to_type(machine: Machine) -> None:
    machine.python(with_venv=False)
    told = machine.setup()
    assert told.returncode == 1
    assert "sudo apt-get install -y python3-venv" in told.stderr
    assert machine.calls("apt-get") == []


def test_old_python_says_what_to_type(machine: Machine) -> None:
    machine.python(version_ok=False)
    machine.command("apt-cache", 'case "$3" in python3.12-venv) echo found;; esac')
    told = machine.setup()
    assert told.returncode == 1
    assert "sudo apt-get install -y python3.12 python3.12-venv" in told.stderr


def test_programs_that_only_tests_run_are_installed_for_tests_alone(machine: Machine) -> None:
    machine.someone(root=True)
    machine.setup("run")
    assert not any("poppler-utils" in call for call in machine.calls("apt-get"))
    machine.setup("browser")
    assert any("poppler-utils" in call for call in machine.calls("apt-get"))


def test_root_installs_missing_venv_module_with_apt(machine: Machine) -> None:
    machine.someone(root=True)
    machine.python(with_venv=False)
    mended = machine.bin / "mended"
    mended.write_text(f"#!/bin/sh\n{python_script()}\n", encoding="utf-8")
    mended.chmod(0o755)
    machine.apt(f'case "$*" in *python3-venv*) mv "{mended}" "{machine.bin}/python3";; esac')
    done = machine.setup()
    assert done.returncode == 0, done.stderr
    assert any("install --no-install-recommends python3-venv" in call for call in machine.calls("apt-get"))


def nothing_installed(machine: Machine) -> None:
    machine.command("ldconfig", "exit 0")


def test_without_apt_rights_goes_on_and_says_the_line(machine: Machine) -> None:
    nothing_installed(machine)
    done = machine.setup()
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stderr.splitlines() if "sudo apt-get install -y" in line)
    assert set(line.split(" -y ")[1].split()) == {
        *("espeak-ng", "libespeak-ng1", "alsa-utils", "libzbar0", "libgl1", "libglib2.0-0", "libxcb1")
    }
    assert machine.calls("apt-get") == []


@pytest.mark.parametrize("who", ["root", "sudo"])
def test_with_apt_rights_installs_without_asking(machine: Machine, who: str) -> None:
    nothing_installed(machine)
    machine.someone(root=who == "root", sudo=True)
    machine.apt('[ "$DEBIAN_FRONTEND" = noninteractive ] || exit 9')
    done = machine.setup()
    assert done.returncode == 0, done.stderr
    assert any("espeak-ng" in call and " -y " in call for call in machine.calls("apt-get"))
    assert not any("update" in call for call in machine.calls("apt-get"))


def test_reads_package_lists_only_when_needed(machine: Machine) -> None:
    nothing_installed(machine)
    machine.someone(root=True)
    machine.apt(f'case "$*" in *update*) touch "{machine.log}.lists";; esac; [ -e "{machine.log}.lists" ]')
    (machine.bin / "touch").symlink_to(str(shutil.which("touch")))
    assert machine.setup().returncode == 0
    assert [call.split()[-1] == "update" for call in machine.calls("apt-get")] == [False, True, False]


def test_apt_is_left_alone_when_told_so(machine: Machine) -> None:
    nothing_installed(machine)
    machine.someone(root=True)
    done = machine.setup(APT="no")
    assert done.returncode == 0
    assert "    apt-get update && apt-get install -y" in done.stderr
    assert machine.calls("apt-get") == []


def test_unknown_word_is_refused(machine: Machine) -> None:
    assert machine.setup("everything").returncode == 1
