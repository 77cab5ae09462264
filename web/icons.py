"""One icon set for all faces: Lucide, drawn inline from the packaged set, never fetched."""

from functools import lru_cache

from lucide import IconDoesNotExist
from lucide.jinja import lucide
from markupsafe import Markup

FALLBACK = "circle-question-mark"


@lru_cache(maxsize=512)
def icon(name: str, size: int = 24, label: str = "") -> Markup:
    """Draw the Lucide icon ``name`` as inline SVG, ``size`` CSS pixels square, in the colour of its text.

    An icon always stands beside a word, so it is hidden from screen readers unless ``label`` names it.
    A name that the set does not know (an office may write one in its services) draws a question mark:
    a page never fails for a picture.
    """
    hidden = {"aria_hidden": "true", "focusable": "false"}
    attributes = {"role": "img", "aria_label": label} if label else hidden
    try:
        return Markup(lucide(name, size=size, **attributes))  # noqa: S704 - the package escapes attributes
    except IconDoesNotExist:
        return Markup(lucide(FALLBACK, size=size, **attributes))  # noqa: S704 - as above


def known(name: str) -> bool:
    """Tell whether the set has an icon called ``name``."""
    try:
        lucide(name)
    except IconDoesNotExist:
        return False
    return True
