"""Killed at random in the middle of its work, the spooler loses no slip and repeats at most one a kill."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from PIL import Image
from pyzbar.pyzbar import ZBarSymbol, decode

from office import issuing, journal
from office.journal import Filter
from office.store import Store
from printer.simulator import Simulator
from tools.rehearsal import settings_with

HERE = Path(__file__).resolve().parent
KILLS = 4
TICKETS = 16
CHILD = """
import sys, time
from pathlib import Path
from office.phrases import Phrases
from office.store import Store
from printer.spooler import Spooler
from tools.rehearsal import CONFIG, settings_with

printer = {"driver": "network", "host": "127.0.0.1", "port": int(sys.argv[2]), "timeout_s": 1, "retry_s": 0.1}
settings = settings_with(printer=printer)
settings = settings.model_copy(update={"office": settings.office.model_copy(update={"public_url": "http://a"})})
spooler = Spooler(Store(Path(sys.argv[1])), settings, Phrases.load(CONFIG / "phrases"), look_s=0.05)
spooler.start()
print("up", flush=True)
time.sleep(60)
"""


def test_killed_spooler_loses_nothing(tmp_path: Path) -> None:
    dice = random.Random(20261122)
    settings, store = settings_with(), Store(tmp_path / "office.sqlite3")
    with Simulator() as printer:
        printer.turn(slow=400_000)  # so that a kill may fall into the middle of a slip

        def child() -> subprocess.Popen[bytes]:
            started = subprocess.Popen(
                [sys.executable, "-c", CHILD, str(store.path), str(printer.port)],
                cwd=HERE.parent,
                stdout=subprocess.PIPE,
                env={**os.environ, "TMPDIR": str(tmp_path)},
            )
            assert started.stdout is not None
            assert started.stdout.readline() == b"up\n"
            started.stdout.close()
            return started

        running = child()
        tokens = []
        for n in range(TICKETS):
            with store.act() as act:
                tokens.append(issuing.issue(act, settings, service="ho-tich", actor="test").token)
            if n % (TICKETS // KILLS) == 1:
                time.sleep(dice.uniform(0.2, 0.9))
                running.kill()
                running.wait()
                running = child()
        end = time.monotonic() + 30
        while len(journal.read(store.read(), only=Filter(kinds=("ticket.printed",)))) < TICKETS:
            assert time.monotonic() < end, "slips are missing"
            time.sleep(0.05)
        running.kill()
        running.wait()
        slips = Counter(token_on(strip.picture) for strip in printer.printed)
    store.close()
    assert set(tokens) <= set(slips)
    assert sum(slips[token] for token in tokens) <= TICKETS + KILLS
    assert all(slips[token] <= 1 + KILLS for token in tokens)


def token_on(picture: Image.Image) -> str:
    """The token in the slip's code; empty for a spoiled piece."""
    paper = Image.new("L", (picture.width + 80, picture.height + 80), 255)
    paper.paste(picture.convert("L"), (40, 40))
    return "".join(code.data.decode()[-16:] for code in decode(paper, symbols=[ZBarSymbol.QRCODE]))
