"""Eyes on the cameras: now and then one picture of each is looked at, and what makes it useless is told.

Runs in a process of its own (``python -m camera.eyes.serving``): libraries that decode pictures may hang or die. What
each trouble means and how its limits were chosen: docs/cameras.md. There is no recognition of faces or persons.
"""

from enum import StrEnum


class Trouble(StrEnum):
    """Why a picture is of no use; each has a phrase ``camera.trouble.<value>``."""

    BLACK = "black"
    COVERED = "covered"
    BLURRED = "blurred"
    MOVED = "moved"
    FROZEN = "frozen"
