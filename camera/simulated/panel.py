"""The simulated cameras' own little web page: what each sees, and its dials."""

import io
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from PIL import Image

from camera.simulated.dials import Dials
from camera.simulated.scene import rgb
from camera.simulated.server import Simulator
from simulation.panel import Face

_PAGE: Final = Path(__file__).with_name("panel.html")
_CALM: Final = asdict(Dials())
_WIDE: Final = 480


def face(simulator: Simulator) -> Face:
    """The page of ``simulator``.

    ``POST /dials {"camera": NAME, DIAL: VALUE...}``; ``/drop {"camera": NAME}`` hangs up on who looks; ``/power
    {"on": false}`` closes the port. ``GET /state`` has the dials of all; /pictures/NAME.png is what one sees.
    """

    def turn(asked: Any) -> None:
        name, dials = _camera(simulator, asked), {key: value for key, value in asked.items() if key != "camera"}
        simulator.turn(name, **{key: _fitting(key, value) for key, value in dials.items()})

    def power(asked: Any) -> None:
        if not isinstance(asked, dict) or type(asked.get("on")) is not bool:
            raise TypeError('a JSON object {"on": true or false}')
        (simulator.revive if asked["on"] else simulator.kill)()

    deeds = {"/dials": turn, "/drop": lambda asked: simulator.drop(_camera(simulator, asked)), "/power": power}
    return Face(_PAGE, lambda: _state(simulator), deeds, lambda name: _picture(simulator, name))


def _camera(simulator: Simulator, asked: Any) -> str:
    if not isinstance(asked, dict) or asked.get("camera") not in simulator.cameras:
        raise TypeError(f"a JSON object with a camera: {', '.join(simulator.cameras)}")
    return str(asked["camera"])


def _fitting(dial: str, value: Any) -> bool | float:
    """The value as that dial has it. Raises TypeError."""
    kind = type(_CALM.get(dial))
    if kind is float and type(value) in (int, float):
        return float(value)
    if kind is bool and type(value) is bool:
        return value
    raise TypeError(f"dials are {', '.join(_CALM)}; true or false, numbers where they count")


def _state(simulator: Simulator) -> dict[str, Any]:
    cameras = [
        {"name": one.name, "address": simulator.address(one.name), "looking": one.looking, "dials": asdict(one.dials)}
        for one in simulator.cameras.values()
    ]
    return {"port": simulator.port, "on": simulator.alive, "cameras": cameras, "dials": {}}


def _picture(simulator: Simulator, name: str) -> bytes | None:
    camera = simulator.cameras.get(name)
    if camera is None:
        return None
    ms = round(time.time() * 1000)
    made = io.BytesIO()
    picture = Image.fromarray(rgb(camera.picture(ms, camera.clock_ms(ms))))
    picture.thumbnail((_WIDE, _WIDE))
    picture.save(made, "PNG", compress_level=1)
    return made.getvalue()
