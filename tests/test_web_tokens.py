"""The colours of tokens.css keep their promise: 7:1 for text and 3:1 for shapes, in both themes."""

import itertools
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[1] / "web" / "static"
GROUNDS = ("paper", "surface", "sunken")
TEXTS = ("ink", "ink-soft", "red", "gold-ink", "green", "amber-ink", "fault")
PAIRS = [
    *itertools.product(TEXTS, ("paper", "surface")),
    ("ink", "sunken"),
    ("ink-soft", "sunken"),
    ("ink", "gold-tint"),
    ("ink", "red-tint"),
    ("red", "red-tint"),
    ("gold-ink", "gold-tint"),
    ("green", "green-tint"),
    ("amber-ink", "amber-tint"),
    ("fault", "fault-tint"),
    ("on-red", "red"),
    ("on-red", "red-deep"),
    ("on-gold", "gold"),
    ("on-green", "green"),
    ("on-fault", "fault"),
]
SHAPES = list(itertools.product(("line-strong", "focus"), GROUNDS))


def themes() -> dict[str, dict[str, str]]:
    """Custom properties holding a ``#rrggbb`` colour, by theme; dark inherits the rest."""
    sheet = re.sub(r"/\*.*?\*/", "", (STATIC / "tokens.css").read_text(encoding="utf-8"), flags=re.S)
    colour = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6})\s*;")
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        if selector.strip() == ":root":
            light.update(colour.findall(body))
        elif selector.strip() == ':root[data-theme="dark"]':
            dark.update(colour.findall(body))
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_ratio_is_the_published_one() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_is_seven_to_one(theme: str, text: str, ground: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[text], colours[ground]) >= 7


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_are_three_to_one(theme: str, shape: str, ground: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[shape], colours[ground]) >= 3


def test_type_scale_is_one_ratio() -> None:
    sheet = (STATIC / "tokens.css").read_text(encoding="utf-8")
    sizes = [float(rem) for rem in re.findall(r"--t-?\d+: ([\d.]+)rem", sheet)]
    assert len(sizes) == 12
    for smaller, larger in itertools.pairwise(sizes):
        assert larger / smaller == pytest.approx(1.25, abs=0.002)


def test_space_is_the_eight_pixel_grid() -> None:
    sheet = (STATIC / "tokens.css").read_text(encoding="utf-8")
    assert [int(px) for px in re.findall(r"--s\d+: (\d+)px", sheet)] == [8 * n for n in range(1, 11)]


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_colours_live_in_tokens_only(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    found = re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", text)
    assert sheet.name == "tokens.css" or found == []
