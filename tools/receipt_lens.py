"""The lens over the paper: where it stands, how the paper bends, what light and sensor make of it."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from tools.receipt_page import Page, Point, Truth

Rng = np.random.Generator
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shot:
    """One exposure. Lengths are in its pixels unless said otherwise, angles in degrees."""

    size: tuple[int, int]
    angle: float = 0.0
    tilt: tuple[float, float] = (0.0, 0.0)
    module: float = 2.5
    """Pixels of a module in the middle of the code."""
    shift: Point = (0.0, 0.0)
    curl: float = 0.0
    """How far the paper's edge bends away, as an angle in radians over the code's length."""
    curl_angle: float = 0.0
    blur: float = 0.5
    """Radius of the circle of confusion."""
    motion: float = 0.0
    motion_angle: float = 0.0
    noise: float = 3.0
    light: float = 1.0
    slope: float = 0.0
    """How much darker one side of the picture is."""
    glare: float = 0.0
    glare_size: float = 0.1
    cover: float = 0.0
    """Share of the code's height that something covers."""
    jpeg: int = 90

    def moved(self, rng: Rng, blur: float) -> "Shot":
        """The next exposure of a hand that is not quite still."""
        shift = (self.shift[0] + float(rng.normal(0, 3)), self.shift[1] + float(rng.normal(0, 3)))
        return replace(self, shift=shift, angle=self.angle + float(rng.normal(0, 0.5)), blur=blur)


def photograph(page: Page, shot: Shot, rng: Rng) -> tuple[npt.NDArray[np.uint8], tuple[Truth, ...]]:
    """The picture, and the page's codes with their corners in it."""
    wide, high = shot.size
    centre, reach = _middle(page)
    scale = min(shot.module / page.module, 0.9 * high / reach if abs(shot.angle) > 40 else 0.92 * wide / reach)
    home = _homography(shot, centre, scale)
    bend = _Bend(centre, reach, shot.curl, shot.curl_angle)
    ys, xs = np.mgrid[0:high, 0:wide].astype(np.float32)
    u, v = _through(np.asarray(np.linalg.inv(home), np.float64), xs, ys)
    u, v = bend.back(u, v)
    soft = cv2.GaussianBlur(page.image, (0, 0), max(0.3, 0.45 / scale))
    paper = cv2.remap(soft, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0).astype(np.float32)
    inside = (u > 0) & (v > 0) & (u < page.image.shape[1] - 1) & (v < page.image.shape[0] - 1)
    scene = np.where(inside, paper, _desk(rng, high, wide))
    truths = tuple(replace(truth, corners=_seen(truth, home, bend)) for truth in page.truths)
    return _exposed(scene.astype(np.float32), shot, truths, rng), truths


class _Bend:
    """Paper bent around an axis: what the eye sees as ``u`` lies farther along the paper, and lower."""

    def __init__(self, centre: Point, reach: float, curl: float, angle: float) -> None:
        self._centre = np.asarray(centre)
        self._curl, self._reach = curl, reach
        turn = np.radians(angle)
        self._c, self._s = np.cos(turn), np.sin(turn)

    def back(self, u: Floats, v: Floats) -> tuple[Floats, Floats]:
        """From the flat plane to the paper."""
        if not self._curl:
            return u, v
        x, y = self._turned(u - self._centre[0], v - self._centre[1], 1)
        radius = self._reach / abs(self._curl)
        part = np.clip(x / radius, -0.98, 0.98)
        along = radius * np.arcsin(part)
        fall = radius * (1 - np.sqrt(1 - part**2)) * np.sign(self._curl) * 0.6
        x, y = self._turned(along, y + fall, -1)
        return (x + self._centre[0]).astype(np.float32), (y + self._centre[1]).astype(np.float32)

    def seen(self, point: Point) -> Point:
        """From the paper to the flat plane: the way back, walked until it fits."""
        x, y = point
        for _ in range(30):
            bx, by = self.back(np.array([x], np.float32), np.array([y], np.float32))
            x, y = x + point[0] - float(bx[0]), y + point[1] - float(by[0])
        return x, y

    def _turned(self, x: Floats, y: Floats, way: int) -> tuple[Floats, Floats]:
        return x * self._c + way * y * self._s, y * self._c - way * x * self._s


def _middle(page: Page) -> tuple[Point, float]:
    points = np.asarray([truth.corners for truth in page.truths]).reshape(-1, 2)
    low, high = points.min(0), points.max(0)
    return (float((low[0] + high[0]) / 2), float((low[1] + high[1]) / 2)), float(max(high - low) * 1.08)


def _homography(shot: Shot, centre: Point, scale: float) -> npt.NDArray[np.float64]:
    a, b, c = np.radians([shot.tilt[0], shot.tilt[1], shot.angle])
    turn_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    turn_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    turn_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    wide, high = shot.size
    far = 1.3 * wide
    place = (turn_z @ turn_y @ turn_x)[:, :2] * scale
    flat = np.column_stack([place, [0, 0, far]]) @ np.array([[1, 0, -centre[0]], [0, 1, -centre[1]], [0, 0, 1]])
    eye = np.array([[far, 0, wide / 2 + shot.shift[0]], [0, far, high / 2 + shot.shift[1]], [0, 0, 1]])
    return np.asarray(eye @ flat)


def _through(home: npt.NDArray[np.float64], x: Floats, y: Floats) -> tuple[Floats, Floats]:
    below = home[2, 0] * x + home[2, 1] * y + home[2, 2]
    u = (home[0, 0] * x + home[0, 1] * y + home[0, 2]) / below
    v = (home[1, 0] * x + home[1, 1] * y + home[1, 2]) / below
    return u.astype(np.float32), v.astype(np.float32)


def _seen(truth: Truth, home: npt.NDArray[np.float64], bend: _Bend) -> tuple[Point, ...]:
    corners = []
    for corner in truth.corners:
        x, y = bend.seen(corner)
        u, v = _through(home, np.array([x], np.float32), np.array([y], np.float32))
        corners.append((float(u[0]), float(v[0])))
    return tuple(corners)


def _desk(rng: Rng, high: int, wide: int) -> Floats:
    base = float(rng.uniform(20, 190))
    coarse = rng.normal(base, 18, (max(2, high // 60), max(2, wide // 60))).astype(np.float32)
    desk = cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.3:  # a grained or ribbed surface
        desk = desk + 22 * np.sin(np.arange(wide, dtype=np.float32) / float(rng.uniform(2, 9)))[None]
    return desk.astype(np.float32)


def _exposed(scene: Floats, shot: Shot, truths: tuple[Truth, ...], rng: Rng) -> npt.NDArray[np.uint8]:
    wide = scene.shape[1]
    scene = _covered(scene, shot, truths, rng)
    if shot.slope:
        ramp = np.linspace(1 - shot.slope, 1 + 0.3 * shot.slope, wide, dtype=np.float32)[None]
        scene = scene * (ramp if rng.random() < 0.5 else ramp[:, ::-1])
    if shot.glare:
        scene = scene + 255 * shot.glare * _spot(shot, truths, rng, scene.shape)
    scene = _spread(np.clip(scene, 0, 255), _disc(shot.blur))
    if shot.motion > 1:
        scene = _spread(scene, _streak(shot.motion, shot.motion_angle))
    scene = scene * shot.light
    grain = rng.standard_normal(scene.shape, dtype=np.float32)
    scene = scene + grain * np.sqrt(shot.noise**2 + 0.05 * np.clip(scene, 0, 255))
    flat = np.clip(scene, 0, 255).astype(np.uint8)
    _, stored = cv2.imencode(".jpg", flat, [cv2.IMWRITE_JPEG_QUALITY, shot.jpeg])
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE), np.uint8)


def _covered(scene: Floats, shot: Shot, truths: tuple[Truth, ...], rng: Rng) -> Floats:
    """A finger, a stamp or a staple over part of each code, from one long side."""
    for truth in truths if shot.cover else ():
        corners = np.asarray(truth.corners)
        side = rng.integers(2)
        near, far = (corners[:2], corners[[3, 2]]) if side else (corners[[3, 2]], corners[:2])
        begins = float(rng.uniform(0, 0.6))
        a, b = near[0] + (near[1] - near[0]) * begins, near[0] + (near[1] - near[0]) * (begins + 0.4)
        deep = (far[0] - near[0]) * shot.cover * (0.6 if truth.symbology == "qr" else 1.6)
        patch = np.array([a, b, b + deep, a + deep])
        cv2.fillConvexPoly(scene, patch.astype(np.int32), float(rng.uniform(40, 200)))
    return scene


def _spot(shot: Shot, truths: tuple[Truth, ...], rng: Rng, shape: tuple[int, ...]) -> Floats:
    corners = np.asarray(truths[0].corners)
    x, y = corners.mean(0) + (corners[1] - corners[0]) * rng.uniform(-0.5, 0.5)
    ys, xs = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    size = shot.glare_size * shape[1]
    spot = np.exp(-(((xs - x) / size) ** 2) - ((ys - y) / (size * float(rng.uniform(0.4, 1)))) ** 2)
    return np.asarray(spot, np.float32)


def _spread(scene: Floats, kernel: Floats) -> Floats:
    return np.asarray(cv2.filter2D(scene, -1, kernel), np.float32)


def _disc(radius: float) -> Floats:
    """Out of focus: a disc with soft edge."""
    reach = int(np.ceil(radius)) + 1
    ys, xs = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius + 0.5 - np.hypot(xs, ys), 0, 1)
    return np.asarray(disc / disc.sum(), np.float32)


def _streak(length: float, angle: float) -> Floats:
    reach = int(np.ceil(length / 2)) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    step = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    for along in np.linspace(-length / 2, length / 2, 8 * reach):
        x, y = step * along + reach
        kernel[round(y), round(x)] += 1
    return np.asarray(kernel / kernel.sum(), np.float32)
