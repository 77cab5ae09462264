"""The rules of the house hold here, and each is proved able to fail on a small planted tree."""

from pathlib import Path

import pytest

from tools.house import LONGEST, OFFICE_ORDER, problems

ROOT = Path(__file__).resolve().parent.parent

# A small house in which every rule holds: the planted violations below are added to it.
SOUND = {
    "server.py": "import office.store\nimport printer\nfrom kiosk import pages\n",
    "office/__init__.py": '"""The core."""\n',
    "office/errors.py": "class OfficeError(Exception): ...\n",
    "office/store.py": 'from office.errors import OfficeError\n\nASK = "SELECT 1 FROM tickets"\n',
    "web/__init__.py": "import flask\n",
    "web/door.py": "from office.errors import OfficeError\nfrom web import __doc__ as text\n",
    "kiosk/pages.py": "import flask\nfrom office import store\nfrom web import door\n",
    "printer/__init__.py": 'DRIVERS = {"network": "printer.thermal:Network"}\n',
    "printer/thermal.py": "import escpos.printer\nfrom printer import DRIVERS\nfrom office import errors\n",
    "display/__init__.py": "",
    "display/board.py": "import flask\nfrom web import door\n",
    "display/voice/engine.py": "import pyttsx3\nfrom office import errors\n",
    "tests/test_all.py": "import cv2\nfrom office import store\nfrom tools import draw\n",
    "tools/draw.py": "from kiosk import pages\n",
}

# What is planted, and a piece of the finding it must bring.
PLANTED = {
    "core sees a face": ({"office/store.py": "from kiosk import pages\n"}, "office may not import kiosk.pages"),
    "core sees the web": ({"office/store.py": "import web.door\n"}, "office may not import web.door"),
    "core sees a device": ({"office/errors.py": "from printer import DRIVERS\n"}, "may not import printer"),
    "core upward": ({"office/errors.py": "from office import store\n"}, "office.store stands above"),
    "core file without a place": ({"office/extra.py": ""}, "OFFICE_ORDER"),
    "core with flask": ({"office/store.py": "import flask\n"}, "office may not import flask"),
    "core with numpy": ({"office/store.py": "from numpy import array\n"}, "office may not import numpy"),
    "web sees a face": ({"web/door.py": "from kiosk.pages import draw\n"}, "web may not import kiosk.pages"),
    "face sees a face": ({"staff/pages.py": "import kiosk.pages\n"}, "staff may not import kiosk.pages"),
    "face sees a device": ({"kiosk/pages.py": "import printer.thermal\n"}, "kiosk may not import printer"),
    "face sees a gone device": ({"kiosk/pages.py": "from printer import gone\n"}, "may not import printer"),
    "board sees voice": (
        {"display/board.py": "from display.voice import engine\n"},
        "display.board may not import display.voice.engine",
    ),
    "voice sees board": (
        {"display/voice/engine.py": "from display import board\n"},
        "display.voice may not import display.board",
    ),
    "voice relatively": ({"display/voice/engine.py": "from ..board import draw\n"}, "may not import display"),
    "display has a third part": ({"display/panel.py": ""}, "display has two parts"),
    "device sees the web": ({"printer/spool.py": "from web import door\n"}, "printer may not import web.door"),
    "device sees a device": ({"camera/eye.py": "import printer\n"}, "camera may not import printer"),
    "device with flask": ({"camera/eye.py": "from flask import g\n"}, "a device may not import flask.g"),
    "server imported": ({"kiosk/pages.py": "import server\n"}, "kiosk may not import server"),
    "server imported by a test": ({"tests/test_all.py": "from server import main\n"}, "may not import server"),
    "tests imported": ({"tests/test_all.py": "from tests.fixtures import x\n"}, "tests may not import tests"),
    "tools used by the program": ({"kiosk/pages.py": "import tools.draw\n"}, "kiosk may not import tools.draw"),
    "tools used by the server": ({"server.py": "import tools.draw\n"}, "server may not import tools.draw"),
    "vendor in a face": ({"kiosk/pages.py": "import cv2\n"}, "cv2 belongs into a driver"),
    "vendor in the server": ({"server.py": "import serial\n"}, "serial belongs into a driver"),
    "vendor twice in a folder": ({"printer/usb_way.py": "from escpos import x\n"}, "escpos has its driver file"),
    "driver loaded at start": ({"server.py": "import printer.thermal\n"}, "server.py loads this driver"),
    "driver loaded by its folder": (
        {"printer/__init__.py": "from printer import spool\n", "printer/spool.py": "import printer.thermal\n"},
        "server.py loads this driver",
    ),
    "import in a function": ({"web/door.py": "def go():\n    import json\n"}, "inside a function"),
    "import in a method": (
        {"web/door.py": "class A:\n    def go(self):\n        if self:\n            from os import path\n"},
        "inside a function",
    ),
    "import by name": ({"web/door.py": "import importlib\nimportlib.import_module('x')\n"}, "import by name"),
    "import by dunder": ({"web/door.py": "x = __import__('x')\n"}, "import by name"),
    "ring of two": ({"web/a.py": "from web import b\n", "web/b.py": "import web.a\n"}, "web.a -> web.b -> web.a"),
    "ring by the package": ({"web/__init__.py": "from web.door import text\n"}, "ring"),
    "ring under TYPE_CHECKING": (
        {"web/a.py": "if True:\n    from web import b\n", "web/b.py": "from .a import x\n"},
        "ring",
    ),
    "SQL in a face": ({"kiosk/pages.py": 'ASK = "SELECT * FROM tickets"\n'}, "kiosk/pages.py:1 SQL outside"),
    "SQL in an f-string": ({"web/door.py": 'A = f"DELETE FROM {__name__}"\n'}, "SQL outside office"),
    "SQL on the second line": ({"server.py": 'A = """\n  UPDATE t SET a = 1"""\n'}, "server.py:1 SQL outside"),
    "SQL that makes a table": ({"printer/__init__.py": 'A = "CREATE TABLE t (a)"\n'}, "SQL outside office"),
    "SQL that begins": ({"camera/eye.py": 'A = "BEGIN IMMEDIATE"\n'}, "SQL outside office"),
    "vague file": ({"web/utils.py": ""}, "the name utils says nothing"),
    "vague folder": ({"web/helpers/x.py": ""}, "the name helpers says nothing"),
    "vague singular": ({"web/manager.py": ""}, "the name manager says nothing"),
    "shadowed library": ({"web/calendar.py": ""}, "calendar shadows the standard library"),
    "long file": ({"web/long.py": "x = 1\n" * (LONGEST + 1)}, "401 lines"),
    "patched test": ({"tests/test_all.py": "from unittest.mock import patch\n"}, "tests patch nothing"),
    "monkey-patched test": ({"tests/test_all.py": "def test(monkeypatch): monkeypatch.setattr(1, 2)\n"}, "patch"),
}

# Near misses: none of these is a violation.
INNOCENT = {
    "an HTTP method": {"web/door.py": 'METHODS = ["DELETE", "UPDATE"]\n'},
    "a sentence": {"web/door.py": '"""Select the door."""\nTEXT = "Create a table of calls"\n'},
    "SQL in a test": {"tests/test_all.py": 'ASK = "SELECT 1"\n'},
    "the same vendor in a folder of the device": {"camera/eye.py": "import cv2\n", "camera/low/eye.py": "import cv2\n"},
    "the same vendor in two devices": {"camera/eye.py": "import serial\n", "printer/line.py": "import serial\n"},
    "a name that only resembles": {"web/utilities_bill.py": "", "kiosk/commonplace.py": ""},
    "the environment of a test": {"tests/test_all.py": "def test(monkeypatch): monkeypatch.setenv('A', 'b')\n"},
    "hidden folders": {".venv/lib/utils.py": "import server\n"},
    "longest allowed": {"web/long.py": "x = 1\n" * LONGEST},
}


def plant(folder: Path, *layers: dict[str, str]) -> Path:
    """Write the files of ``layers`` below ``folder``; later ones replace earlier ones."""
    for path, text in {path: text for layer in layers for path, text in layer.items()}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def test_rules_hold_in_this_house() -> None:
    assert problems(ROOT) == []


def test_sound_house_has_no_findings(tmp_path: Path) -> None:
    assert problems(plant(tmp_path, SOUND)) == []


@pytest.mark.parametrize("case", PLANTED)
def test_planted_violation_is_found(tmp_path: Path, case: str) -> None:
    files, finding = PLANTED[case]
    found = problems(plant(tmp_path, SOUND, files))
    assert any(finding in line for line in found), found


@pytest.mark.parametrize("case", INNOCENT)
def test_near_miss_is_no_violation(tmp_path: Path, case: str) -> None:
    assert problems(plant(tmp_path, SOUND, INNOCENT[case])) == []


def test_finding_names_file_and_line(tmp_path: Path) -> None:
    root = plant(tmp_path, SOUND, {"kiosk/pages.py": "import flask\n\nimport printer\n"})
    assert problems(root) == ["kiosk/pages.py:3 kiosk may not import printer"]


def test_order_of_the_core_names_real_files() -> None:
    there = {path.stem for path in (ROOT / "office").glob("*.py")}
    assert [name for name in OFFICE_ORDER if name not in there] == []
    assert len(set(OFFICE_ORDER)) == len(OFFICE_ORDER)
