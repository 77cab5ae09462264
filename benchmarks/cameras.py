"""Simulated cameras in a process of their own, and offices that have them: so what cameras cost is nobody else's."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from benchmarks.hall import ROOT, Office
from camera.simulated.server import PASSWORD, USER

SILENT: Final = '[printer]\ndriver = "none"\n[voice]\ndriver = "none"\n'
NOWHERE: Final = "rtsp://127.0.0.1:9/none"
"""The address of a camera that nothing answers for: what it saw is there already."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera: ``address`` without sign-in. ``counter`` it sees; empty: the hall."""

    name: str
    address: str = NOWHERE
    counter: str = ""

    @property
    def signed_in(self) -> str:
        """The address with name and password, for programs that take them so."""
        return self.address.replace("rtsp://", f"rtsp://{USER}:{PASSWORD}@")

    @property
    def toml(self) -> str:
        """As devices.toml has it."""
        title = f'title = {{ vi = "{self.name}", en = "{self.name}" }}'
        sign_in = f'user = "{USER}"\npassword = "{PASSWORD}"'
        covers = f'covers = [{{ counter = "{self.counter}" }}]'
        return f'[[camera]]\nname = "{self.name}"\n{title}\naddress = "{self.address}"\n{sign_in}\n{covers}\n'


@contextmanager
def simulated(names: Iterable[str], profile: str) -> Iterator[list[Camera]]:
    """Cameras of these names until the end of the block. Raises RuntimeError when they do not come up."""
    command = [sys.executable, "-m", "camera.simulator", "--port", "0", "--panel", "0", "--profile", profile]
    wanted = list(names)
    command += [word for name in wanted for word in ("--camera", name)]
    with subprocess.Popen(
        [*command, "--with-input"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        said = [process.stdout.readline().split() for _ in wanted] if process.stdout else []
        if not all(said):
            raise RuntimeError("the simulated cameras do not come up")
        yield [Camera(name, line[1]) for name, line in zip(wanted, said, strict=True)]
        process.terminate()


def devices(cameras: Iterable[Camera]) -> str:
    """devices.toml of an office with these cameras and nothing else."""
    return SILENT + "".join(camera.toml for camera in cameras)


def keep(office: Office, **footage: float) -> None:
    """How the server, when it starts, keeps footage: the section [footage] of office.toml."""
    path = office.config / "office.toml"
    rows = "".join(f"{name} = {value}\n" for name, value in footage.items())
    path.write_text(f"{path.read_text(encoding='utf-8')}\n[footage]\n{rows}", encoding="utf-8")
