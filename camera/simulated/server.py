"""The simulator: cameras behind one RTSP port. Tests use it in their own process, the program serves its panel."""

import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from camera.simulated.dials import SMALL, Dials, Profile
from camera.simulated.feed import Camera
from camera.simulated.live import Live
from camera.simulated.onvif import Onvif
from camera.simulated.past import KEPT_MS, Past
from camera.simulated.recorder_addresses import understood
from camera.simulated.rtsp import Connection, RefusedError, Source
from camera.simulated.sign_in import SignIn
from simulation.ending import Ending

HOST: Final = "127.0.0.1"
USER: Final = "viewer"
PASSWORD: Final = "counter-7"  # noqa: S105 - nothing real is behind it
HALL: Final = "hall"


class Simulator(Ending):
    """Serves ``cameras`` at ``rtsp://127.0.0.1:PORT/NAME`` until ``stop``. Raises OSError when the port is taken.

    A camera called hall sees the hall, any other a counter. An empty ``user`` lets everybody look. It is a recorder
    (NVR) too: the n-th camera is channel n of its addresses, and ``web_port`` has ONVIF's web service.
    """

    def __init__(
        self,
        cameras: Sequence[str] = ("cam1",),
        profile: Profile = SMALL,
        *,
        port: int = 0,
        user: str = USER,
        password: str = PASSWORD,
        web_port: int = 0,
    ) -> None:
        self.user, self.password = user, password
        self.cameras = {
            name: Camera(name, number, profile, hall=name == HALL) for number, name in enumerate(cameras, 1)
        }
        self._sign_in = SignIn(user, password)
        self._connections: set[Connection] = set()
        self._listening: socket.socket | None = None
        self._web: Onvif | None = None
        self.port, self.web_port = port, web_port
        self.revive()

    def address(self, camera: str = "cam1", *, signed_in: bool = False) -> str:
        """Where a camera's stream is; with name and password when ``signed_in``."""
        before = f"{self.user}:{self.password}@" if signed_in and self.user else ""
        return f"rtsp://{before}{HOST}:{self.port}/{camera}"

    @property
    def alive(self) -> bool:
        """Whether the port is open."""
        return self._listening is not None

    def turn(self, camera: str = "cam1", **dials: Any) -> Dials:
        """Turn a camera's dials by name. Raises KeyError for a camera, TypeError for a dial there is not."""
        return self.cameras[camera].turn(**dials)

    def drop(self, camera: str = "cam1") -> None:
        """Hang up on all who look at it; who comes again is served."""
        self.cameras[camera].drop()

    def kill(self) -> None:
        """As if the power were cut: the port is closed and everybody hung up on."""
        listening, self._listening = self._listening, None
        if listening:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        web, self._web = self._web, None
        if web:
            web.stop()
        for connection in list(self._connections):
            connection.hang_up()

    def revive(self) -> None:
        """Power again: the same port is open."""
        if self._listening:
            return
        self._listening = socket.create_server((HOST, self.port))
        self.port = int(self._listening.getsockname()[1])
        self._web = Onvif(Recorder(self), self._sign_in, self.web_port)
        self.web_port = self._web.port
        threading.Thread(target=self._accept, args=(self._listening,), name="simulated cameras", daemon=True).start()

    def stop(self) -> None:
        """End it all."""
        self.kill()
        for camera in self.cameras.values():
            camera.close()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                line, _ = listening.accept()
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._serve, args=(line,), name="simulated client", daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line:
            connection = Connection(line, self._find, self._sign_in)
            self._connections.add(connection)
            connection.serve()
            self._connections.discard(connection)

    def _find(self, path: str, query: str) -> Source:
        camera = self.cameras.get(path.strip("/"))
        if camera:
            return Live(camera)
        try:
            asked = understood(path, query)
        except ValueError:
            raise RefusedError(400) from None
        if asked is None or not 1 <= asked.channel <= len(self.cameras):
            raise RefusedError(404)
        camera = list(self.cameras.values())[asked.channel - 1]
        return Past(camera, asked) if asked.past else Live(camera)


class Recorder:
    """The simulator as ONVIF's web service sees it: a recorder whose clock and password are those of channel 1."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    @property
    def _first(self) -> Camera:
        return next(iter(self._simulator.cameras.values()))

    def clock_ms(self) -> int:
        """What its clock says."""
        return self._first.clock_ms()

    def locked(self) -> bool:
        """Whether its password was changed."""
        return self._first.dials.changed_password

    def channels(self) -> list[str]:
        """The names of its channels."""
        return list(self._simulator.cameras)

    def kept(self) -> tuple[int, int]:
        """From when to when it has footage."""
        now = self.clock_ms()
        return now - KEPT_MS, now

    def replay_address(self, path: str) -> str:
        """The RTSP address of a path."""
        return f"rtsp://{HOST}:{self._simulator.port}{path}"
