"""What a simulated camera sees: a counter or the hall, drawn, with silhouettes that move. Nobody real is in it.

A picture depends on the moment and the dials alone, so the past can be shown again.
"""

import math
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from camera.simulated.burnt import BLACK, GREY, LOCAL_H, Plane
from camera.simulated.dials import Dials

ROOM: Final = 1.25
"""The drawing is that much larger than what the camera sees, so that it can be moved."""
DARK: Final = 0.1
"""Light left when the lights are off."""
_KEPT: Final = 6
_COLOURS: Final = ((60, 110, 150), (95, 150, 110), (45, 128, 120), (120, 120, 160), (75, 140, 140), (150, 118, 134))


@dataclass(frozen=True, slots=True)
class Person:
    """A silhouette: its path across the room in shares of the view, how long a way there and back takes, its size."""

    left: float
    right: float
    floor: float
    tall: float
    period_s: float
    colour: tuple[int, int, int]


def _people(hall: bool, number: int) -> tuple[Person, ...]:
    if hall:
        return tuple(
            Person(0.1 + 0.04 * i, 0.85 - 0.03 * i, 0.72 + 0.05 * i, 0.3 + 0.04 * i, 17 + 5 * i, _COLOURS[i])
            for i in range(5)
        )
    clerk = Person(0.42, 0.5, 0.62, 0.32, 9 + number, _COLOURS[number % 6])
    asking = Person(0.34, 0.4, 0.98, 0.55, 13, _COLOURS[(number + 2) % 6])
    passing = Person(-0.2, 1.2, 0.92, 0.42, 31 + 2 * number, _COLOURS[(number + 4) % 6])
    return clerk, asking, passing


class Scene:
    """The room before camera ``number`` at ``width`` x ``height`` (both even); the hall when ``hall``.

    ``sign``: what stands on its desk, its number if not given.
    """

    def __init__(
        self, width: int, height: int, number: int, *, hall: bool = False, noise: int = 3, sign: str = ""
    ) -> None:
        self.width, self.height, self.number = width, height, number
        self._people = _people(hall, number)
        self._room = _draw(even(width * ROOM), even(height * ROOM), number, sign or str(number), hall=hall)
        chance = np.random.default_rng(number)
        self._noise = chance.integers(0, noise + 1, (height + 32, width + 64), dtype=np.uint8)
        self._lit: OrderedDict[tuple[bool, int], Plane] = OrderedDict()

    def picture(self, ms: int, dials: Dials) -> Plane:
        """The picture at ``ms`` UTC as I420: an array of height * 3/2 rows."""
        if dials.black:
            return self._black()
        if dials.covered:
            return self._grainy(self._covered(), ms)
        light = brightness(ms, dials)
        made = self._background(dials.moved, round(light * 64)).copy()
        for person in self._people if not dials.day or opened(ms) else ():
            self._stand(made, person, ms, light, moved=dials.moved)
        if dials.blurred:
            self._blur(made)
        return self._grainy(made, ms)

    def _background(self, moved: bool, step: int) -> Plane:
        key = moved, step
        if key not in self._lit:
            across, down = self._view(moved)
            seen = np.ascontiguousarray(self._room[down : down + self.height, across : across + self.width])
            made = np.asarray(cv2.cvtColor(seen, cv2.COLOR_BGR2YUV_I420), np.uint8)
            for plane, shade in zip(planes(made), (0, GREY, GREY), strict=True):
                alpha = step / 64 if not shade else min(1.0, step / 64)
                cv2.convertScaleAbs(plane, plane, alpha, shade * (1 - alpha))
            self._lit[key] = made
            while len(self._lit) > _KEPT:
                self._lit.popitem(last=False)
        return self._lit[key]

    def _view(self, moved: bool) -> tuple[int, int]:
        across, down = (ROOM - 1) * self.width, (ROOM - 1) * self.height
        return (even(across * 0.95), even(down * 0.9)) if moved else (even(across * 0.2), even(down * 0.4))

    def _stand(self, made: Plane, one: Person, ms: int, light: float, *, moved: bool) -> None:
        (x, y), (x0, y0) = self._view(moved), self._view(False)
        turn = (1 - math.cos(2 * math.pi * ms / 1000 / one.period_s)) / 2
        bob = math.sin(2 * math.pi * ms / 1000 / 1.1) * 0.004
        tall = one.tall * self.height
        middle = (one.left + (one.right - one.left) * turn) * self.width - (x - x0)
        feet = (one.floor + bob) * self.height - (y - y0)
        luma, blue, red = planes(made)
        _silhouette(luma, middle, feet, tall, max(BLACK, round(one.colour[0] * light)))
        for plane, shade in ((blue, one.colour[1]), (red, one.colour[2])):
            faded = round(GREY + (shade - GREY) * min(1.0, light))  # there is no colour in the dark
            _silhouette(plane, middle / 2, feet / 2, tall / 2, faded)

    def _blur(self, made: Plane) -> None:
        for plane, far in zip(planes(made), (80, 160, 160), strict=True):
            plane[:] = cv2.GaussianBlur(plane, (0, 0), self.width / far)

    def _grainy(self, made: Plane, ms: int) -> Plane:
        down, across = ms * 7 // 10 % 32, ms * 11 // 10 % 64
        luma = made[: self.height]
        cv2.add(luma, self._noise[down : down + self.height, across : across + self.width], dst=luma)
        return made

    def _black(self) -> Plane:
        made = np.full((self.height * 3 // 2, self.width), GREY, np.uint8)
        made[: self.height] = BLACK
        return made

    def _covered(self) -> Plane:
        """A hand or a cloth before the lens: a dull brown, a little lighter where some light comes in."""
        made = np.full((self.height * 3 // 2, self.width), GREY, np.uint8)
        made[: self.height] = np.linspace(44, 62, self.width).astype(np.uint8)
        planes(made)[2][:] = 140
        return made


def sign_of(name: str, number: int) -> str:
    """The counter's number at the end of a camera's name (``counter-2``), else the camera's own."""
    found = re.search(r"\d{1,2}$", name)
    return found.group() if found else str(number)


def planes(picture: Plane) -> tuple[Plane, Plane, Plane]:
    """Y, U and V of an I420 picture, to read and to write."""
    rows, width = picture.shape
    height = rows * 2 // 3
    blue, red = picture[height:].reshape(2, height // 2, width // 2)
    return picture[:height], blue, red


def rgb(picture: Plane) -> Plane:
    """An I420 picture as height x width x RGB."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_YUV2RGB_I420), np.uint8)


def opened(ms: int) -> bool:
    """Whether people are about: half past six to half past five, local time."""
    return 6.5 <= local_hour(ms) < 17.5


def local_hour(ms: int) -> float:
    """The local hour of the day, 0 to 24."""
    return (ms / 3_600_000 + LOCAL_H) % 24


def brightness(ms: int, dials: Dials) -> float:
    """How light the room is; 1 is usual. Clouds pass; with ``day`` the sun rises and sets and lights are on by day."""
    clouds = 0.04 * math.sin(2 * math.pi * ms / 1000 / 900)
    sun = max(0.0, math.sin(math.pi * (local_hour(ms) - 6) / 12)) if dials.day else 0.6
    lamps = 0.0 if dials.lights_off or (dials.day and not opened(ms)) else 0.65
    return DARK + lamps + (0.25 * sun if lamps else 0.1 * sun) + clouds * min(1.0, lamps + sun)


def even(number: float) -> int:
    """The even number next below."""
    return int(number) // 2 * 2


def _silhouette(plane: Plane, middle: float, feet: float, tall: float, shade: int) -> None:
    """A head on shoulders and a body, standing at ``feet``."""
    wide = tall * 0.34
    centre = round(middle), round(feet - tall * 0.42)
    cv2.ellipse(plane, centre, (round(wide / 2), round(tall * 0.42)), 0, 0, 360, shade, -1)
    cv2.circle(plane, (round(middle), round(feet - tall * 0.88)), round(tall * 0.13), shade, -1)


# ---- the drawing ----------------------------------------------------------------------------------


def _draw(width: int, height: int, number: int, sign: str, *, hall: bool) -> Plane:
    room = np.zeros((height, width, 3), np.uint8)
    wall = np.linspace(205, 165, height, dtype=np.float32)[:, None]
    room[:] = (np.concatenate((wall * 0.92, wall * 0.98, wall), axis=1)[:, None, :]).astype(np.uint8)
    _floor(room)
    _window(room)
    _posters(room, number)
    _chairs(room) if hall else _desk(room, sign)
    return room


def _box(room: Plane, corners: tuple[float, float, float, float], colour: tuple[int, int, int]) -> None:
    """A filled rectangle: left, top, right, bottom in shares of the room."""
    height, width = room.shape[:2]
    left, top, right, bottom = corners
    first = round(left * width), round(top * height)
    cv2.rectangle(room, first, (round(right * width), round(bottom * height)), colour, -1)


def _floor(room: Plane) -> None:
    height, width = room.shape[:2]
    edge = round(height * 0.66)
    room[edge:] = (118, 132, 140)
    for tile in range(-6, 18):
        far, near = width // 2 + (tile - 6) * width // 14, width // 2 + (tile - 6) * width // 5
        cv2.line(room, (far, edge), (near, height), (90, 100, 108), 1)
    for row in range(6):
        y = edge + round((height - edge) * (row / 6) ** 1.5)
        cv2.line(room, (0, y), (width, y), (90, 100, 108), 2)


def _window(room: Plane) -> None:
    _box(room, (0.68, 0.22, 0.92, 0.56), (70, 80, 92))
    for pane in range(3):
        _box(room, (0.69 + pane * 0.078, 0.24, 0.756 + pane * 0.078, 0.54), (238, 226, 205))


def _posters(room: Plane, number: int) -> None:
    chance = np.random.default_rng(40 + number)
    for place in range(3):
        left, top = 0.16 + place * 0.16, 0.26
        _box(room, (left, top, left + 0.11, top + 0.24), (236, 240, 242))
        _box(room, (left, top, left + 0.11, top + 0.04), tuple(chance.integers(40, 190, 3).tolist()))
        for line in range(7):
            end = left + 0.03 + float(chance.random()) * 0.07
            _box(room, (left + 0.01, top + 0.06 + line * 0.025, end, top + 0.07 + line * 0.025), (70, 70, 70))


def _desk(room: Plane, sign: str) -> None:
    _box(room, (0.14, 0.6, 0.8, 0.64), (70, 105, 150))
    _box(room, (0.16, 0.64, 0.78, 0.84), (92, 130, 176))
    for plank in range(9):
        _box(room, (0.16 + plank * 0.07, 0.64, 0.163 + plank * 0.07, 0.84), (66, 96, 134))
    _box(room, (0.56, 0.48, 0.66, 0.58), (40, 40, 44))  # a screen and its foot
    _box(room, (0.6, 0.58, 0.62, 0.6), (30, 30, 34))
    _box(room, (0.22, 0.57, 0.34, 0.6), (225, 232, 236))  # papers
    _box(room, (0.44, 0.66, 0.52, 0.78), (40, 30, 160))
    height, width = room.shape[:2]
    where = round(0.462 * width), round(0.765 * height)
    white, thick = (245, 245, 245), max(2, height // 120)
    cv2.putText(room, sign, where, cv2.FONT_HERSHEY_SIMPLEX, height / 300, white, thick)


def _chairs(room: Plane) -> None:
    for row in range(3):
        for seat in range(7):
            left, top = 0.12 + seat * 0.11, 0.66 + row * 0.1
            _box(room, (left, top, left + 0.07, top + 0.05), (150, 96, 40))
            _box(room, (left + 0.01, top + 0.05, left + 0.02, top + 0.09), (60, 60, 60))
            _box(room, (left + 0.05, top + 0.05, left + 0.06, top + 0.09), (60, 60, 60))
