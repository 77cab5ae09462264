"""Processes of their own: heard line by line, killed when they hang, ended with the server, rested when they fail."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from apart.child import ROOT, Child, GoneError, once
from apart.rest import Rest

ECHO = """
import time
from apart.inside import Inside, lines
inside = Inside()
print("a library prints")
orders = inside.orders(lines)
inside.tell({"ready": True})
while True:
    order = orders.get().strip()
    if order == "hang":
        time.sleep(600)
    inside.tell({"said": order})
"""
PROGRAM = [sys.executable, "-c", ECHO]
SERVER = f"""
import time
from apart.child import Child
child = Child({PROGRAM!r})
child.hear(20)
child.say(b"hang\\n")
print(child.pid, flush=True)
time.sleep(600)
"""


def test_it_is_told_and_heard_and_ended() -> None:
    child = Child(PROGRAM)
    assert child.hear(20) == {"ready": True}
    child.say("số một\n".encode())
    assert child.hear(20) == {"said": "số một"}
    child.hand(b"two\n")
    assert child.hear(20) == {"said": "two"}
    with pytest.raises(TimeoutError):
        child.hear(0.01)
    assert child.running
    child.end()
    assert not psutil.pid_exists(child.pid)
    for _ in range(2):
        with pytest.raises(GoneError, match="it ended"):
            child.hear(20)
    with pytest.raises(GoneError):
        child.say(b"x" * 1_000_000)
    child.end()


def test_a_hanging_one_is_killed() -> None:
    child = Child(PROGRAM)
    child.hear(20)
    child.say(b"hang\n")
    begun = time.monotonic()
    child.end(0.1)
    assert time.monotonic() - begun < 5
    assert not psutil.pid_exists(child.pid)


@pytest.mark.skipif(sys.platform == "win32", reason="groups of processes are POSIX")
def test_a_signal_to_the_servers_group_is_not_for_it() -> None:
    child = Child(PROGRAM)
    assert os.getpgid(child.pid) != os.getpgid(0)
    child.end()


def test_it_ends_with_the_server_even_while_it_hangs() -> None:
    server = subprocess.Popen([sys.executable, "-c", SERVER], cwd=ROOT, stdout=subprocess.PIPE)
    with server:
        child = psutil.Process(int(server.stdout.readline() if server.stdout else 0))
        server.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    assert psutil.wait_procs([child], timeout=5)[1] == []


def test_what_is_no_answer_or_cannot_start_counts_as_its_end() -> None:
    child = Child([sys.executable, "-c", "print('no JSON', flush=True); import time; time.sleep(600)"])
    with pytest.raises(GoneError):
        child.hear(20)
    child.end()
    with pytest.raises(GoneError, match="cannot be started"):
        Child(["/no/such/program"])


def test_in_one_go_or_with_its_last_word() -> None:
    assert once([sys.executable, "-c", "print(input() * 2, end='')"], b"ab\n", 20) == b"abab"
    with pytest.raises(GoneError, match="RuntimeError: no ink"):
        once([sys.executable, "-c", "raise RuntimeError('no ink')"], b"", 20)
    with pytest.raises(TimeoutError):
        once([sys.executable, "-c", "import time; time.sleep(600)"], b"", 0.2)


def test_faults_in_a_row_give_longer_and_longer_pauses() -> None:
    rest = Rest(10, 60, patience=2)
    pauses = []
    for _ in range(40):
        rest.fault()
        pauses.append(round(rest.left_s))
    assert pauses[:6] == [0, 10, 20, 40, 60, 60]
    assert pauses[-1] == 60
    rest.well()
    rest.fault()
    assert rest.left_s == 0
