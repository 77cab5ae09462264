"""The demo's devices find ports, also when others take them meanwhile."""

import socket
from pathlib import Path

import pytest

from demo import printer
from demo.beside import HOST, running
from office.errors import OfficeError


def taken() -> socket.socket:
    """A port that is in use."""
    line = socket.create_server((HOST, 0))
    line.listen()
    return line


def test_a_port_that_others_hold_is_left_to_them(tmp_path: Path) -> None:
    place = printer.Place(tmp_path)
    with taken() as port, taken() as panel:
        place.port, place.panel = port.getsockname()[1], panel.getsockname()[1]
        with place.running():
            assert place.port != port.getsockname()[1]
            socket.create_connection((HOST, place.port), 5).close()
            assert place.panel_url == f"http://{HOST}:{place.panel}/"


def test_a_port_that_is_taken_between_is_given_up_for_another() -> None:
    with taken() as line:
        wanted = [str(line.getsockname()[1]), "0"]
        with running("printer", lambda: ["printer.simulator", "--port", wanted.pop(0), "--panel", "0"]):
            assert wanted == []
        with pytest.raises(OfficeError):
            running("printer", lambda: ["printer.simulator", "--port", "-1", "--panel", "0"]).__enter__()
