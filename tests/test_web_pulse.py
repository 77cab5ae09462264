"""The journal cannot be read for a moment (a failing disk): the streams go on telling afterwards."""

import threading
import time

import pytest

from tools.rehearsal import Hall
from web.pulse import Pulse


def test_streams_go_on_after_the_journal_could_not_be_read(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    pulse, stop = Pulse(hall.store, hall.settings), threading.Event()
    pulse.beat_s = 2
    assert pulse.enter()
    stream = pulse.follow(None, "all")
    next(stream)
    thread = threading.Thread(target=pulse.run, args=(stop,))
    try:
        hall.store.read().execute("ALTER TABLE journal RENAME TO away")
        thread.start()
        until = time.monotonic() + 5
        while "stumbled" not in caplog.text:
            assert time.monotonic() < until
            time.sleep(0.01)
        hall.store.read().execute("ALTER TABLE away RENAME TO journal")
        ticket = hall.issue("ho-tich")
        assert f'"number":"{ticket.number}"' in next(stream).decode()
    finally:
        stop.set()
        pulse.stop()
        thread.join(5)
