"""Sixty streams over the real server at once: every event once and in order, whoever else stalls, goes, or restarts."""

import json
import re
import selectors
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from benchmarks.hall import HOST, ROOT, Office, connect, found, post, program, serve_command
from office import journal
from office.kinds import KINDS
from office.store import Store
from tools.crowd import Wish, answers, started
from tools.waiting import wait_for

PATIENCE_S = 60
SILENT = '[printer]\ndriver = "none"\n[voice]\ndriver = "none"\noutput = "none"\n'
EVENT = re.compile(rb"id: (\d+)\nevent: ([\w.]+)\ndata: (\{.*\})\n\n")


class Stream:
    """One reader of GET /events; what it received, as bytes."""

    def __init__(
        self, office: Office, *, board: bool = False, query: str = "", headers: str = "", narrow: bool = False
    ) -> None:
        door = f"Cookie: mc_board={office.board}" if board else f"Authorization: Bearer {office.key}"
        ask = f"GET /api/v1/events{query} HTTP/1.1\r\nHost: {HOST}\r\n{door}\r\n{headers}\r\n"
        self.told = b""
        self.line = socket.socket()
        if narrow:
            self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.line.settimeout(10)
        self.line.connect((HOST, office.port))
        self.line.sendall(ask.encode())

    def events(self) -> list[tuple[int, str]]:
        """Seq and kind of each event received whole."""
        return [(int(seq), kind.decode()) for seq, kind, _ in EVENT.findall(self.plain())]

    def seqs(self) -> list[int]:
        """Seq of each event received whole."""
        return [seq for seq, _ in self.events()]

    def has(self, seq: int) -> bool:
        """Whether event ``seq`` came whole."""
        told = self.told  # it grows meanwhile
        begin = told.find(b"id: %d\n" % seq)
        return begin >= 0 and told.find(b"}\n\n", begin) >= 0

    def plain(self) -> bytes:
        """What was told without the sizes of chunks, which may stand anywhere between two writes."""
        return re.sub(rb"\r\n[0-9a-fA-F]+\r\n", b"", self.told)


class Readers:
    """One thread that reads any number of streams as fast as they come."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def add(self, stream: Stream) -> Stream:
        """Read ``stream`` from now on."""
        self._selector.register(stream.line, selectors.EVENT_READ, stream)
        return stream

    def drop(self, stream: Stream) -> None:
        """Stop reading a stream and hang up."""
        self._selector.unregister(stream.line)
        stream.line.close()

    def close(self) -> None:
        """Hang up everywhere."""
        self._stop.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            self.drop(key.data)
        self._selector.close()

    def _read(self) -> None:
        while not self._stop.is_set():
            for key, _ in self._selector.select(0.1):
                try:
                    piece = key.data.line.recv(1 << 20)
                except OSError:
                    piece = b""
                key.data.told += piece
                if not piece:
                    self.drop(key.data)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = found(tmp_path_factory.mktemp("streams"), devices=SILENT)
    with program(*serve_command(made), port=made.port):
        yield made


@pytest.fixture
def readers() -> Iterator[Readers]:
    made = Readers()
    yield made
    made.close()


def until(test: Callable[[], bool], what: str) -> None:
    """Wait for ``test``; fails, saying ``what``, when it does not come true."""
    wait_for(test, PATIENCE_S, lambda: what)


def health(office: Office) -> dict[str, int]:
    """What /healthz tells."""
    line = connect(office.port)
    line.request("GET", "/healthz")
    told: dict[str, int] = json.loads(line.getresponse().read())
    line.close()
    return told


def quiet(office: Office) -> int:
    """Wait until nothing is written any more; the journal's head."""
    last, since = -1, time.monotonic()
    while time.monotonic() - since < 0.4:
        head = health(office)["journal"]
        if head != last:
            last, since = head, time.monotonic()
        time.sleep(0.05)
    return last


def act(office: Office) -> int:
    """Take a number in a quiet hall; the journal's head after it."""
    line = connect(office.port)
    status, _ = post(line, office, "/tickets", '{"service": "ho-tich"}')
    line.close()
    assert status == 201
    return health(office)["journal"]


def listening(office: Office, count: int) -> None:
    """Wait until so many streams are open."""
    until(lambda: health(office)["streams"] == count, f"{count} streams")


def alone(office: Office) -> None:
    """Wait until earlier streams gave their places back: the next event tells that a reader has gone."""
    until(lambda: act(office) > 0 and health(office)["streams"] == 0, "places given back")


def written(office: Office, since: int = 0) -> list[tuple[int, str]]:
    """Seq and kind of the events in the file."""
    store = Store(office.data / "office.sqlite3")
    try:
        return [(event.seq, event.kind) for event in journal.walk(store.read(), since)]
    finally:
        store.close()


def work(office: Office, name: str, tickets: int = 320) -> list[subprocess.Popen[str]]:
    """32 clients begin to take numbers while two counters call."""
    return [
        started(Wish(office.port, office.key, f"{name}{n}", tickets // 2, 16, [desk])) for n, desk in enumerate("12")
    ]


def done(crowd: list[subprocess.Popen[str]]) -> None:
    """Hear the crowd out; every request was answered as it should."""
    heard = [answer.status for process in crowd for answer in answers(process)]
    assert [process.wait(10) for process in crowd] == [0, 0]
    assert set(heard) <= {200, 201, 204}


def test_sixty_streams_get_every_event_once_in_order_while_32_clients_work(office: Office, readers: Readers) -> None:
    streams = [readers.add(Stream(office, board=n % 2 == 1)) for n in range(60)]
    listening(office, 60)
    begin = quiet(office)
    done(work(office, "sixty"))
    quiet(office)
    events = written(office, begin)
    assert len(events) > 330
    public = [event for event in events if KINDS[event[1]].public is not None]
    for n, stream in enumerate(streams):
        wanted = public if n % 2 else events
        until(partial(stream.has, wanted[-1][0]), f"the end of stream {n}")
        assert stream.told.startswith(b"HTTP/1.1 200 OK")
        assert b"Content-Type: text/event-stream" in stream.told
        assert stream.events()[: len(wanted)] == wanted, f"stream {n}"


def test_resuming_by_header_or_query_repeats_and_misses_nothing(office: Office, readers: Readers) -> None:
    alone(office)
    head = quiet(office)
    asked = [
        Stream(office, headers=f"Last-Event-ID: {head - 5}\r\n"),
        Stream(office, query=f"?since={head - 5}"),
        Stream(office, query="?since=1", headers=f"Last-Event-ID: {head - 5}\r\n"),
        Stream(office, query=f"?since={head + 50}"),  # a screen that saw more than the file put back has
        Stream(office),
    ]
    for stream in asked:
        readers.add(stream)
    listening(office, len(asked))
    assert act(office) == head + 1
    until(lambda: all(stream.has(head + 1) for stream in asked), "the new event")
    for stream in asked[:3]:
        assert stream.seqs() == list(range(head - 4, head + 2))
    for stream in asked[3:]:
        assert stream.seqs() == [head + 1]
    everything = readers.add(Stream(office, query="?since=0"))
    until(lambda: everything.has(head + 1), "the whole journal")
    assert everything.seqs() == list(range(1, head + 2))


def test_each_event_has_the_contracts_shape(office: Office, readers: Readers) -> None:
    stream = readers.add(Stream(office, query="?since=0"))
    head = act(office)
    until(lambda: stream.has(head), "the whole journal")
    for seq, kind, data in EVENT.findall(stream.plain()):
        event = json.loads(data)
        assert set(event) == {"seq", "at", "kind", "counter", "ticket", "dossier", "data"}
        assert (event["seq"], event["kind"]) == (int(seq), kind.decode())
        if kind.startswith(b"ticket."):
            assert set(event["ticket"]) == {"id", "number", "service"}


def test_the_stream_too_many_is_told_to_come_again_and_places_are_given_back(office: Office, readers: Readers) -> None:
    alone(office)
    most = office.settings.web.streams
    streams = [readers.add(Stream(office)) for _ in range(most)]
    listening(office, most)
    line = connect(office.port)
    line.request("GET", "/api/v1/events", headers=office.headers)
    answer = line.getresponse()
    problem = json.loads(answer.read())
    line.close()
    assert (answer.status, problem["key"]) == (503, "error.no_room")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) >= 1
    head = act(office)  # the rest of the office goes on
    until(lambda: all(stream.has(head) for stream in streams), "all streams hear it")
    for stream in streams:
        readers.drop(stream)
    alone(office)


def test_who_stalls_or_vanishes_harms_nobody(office: Office, readers: Readers) -> None:
    alone(office)
    listener = readers.add(Stream(office))
    listening(office, 1)
    begin = quiet(office)
    before = latency(office)
    stalled = [Stream(office, query="?since=0", narrow=True) for _ in range(25)]  # nobody reads them
    gone = [Stream(office, query="?since=0") for _ in range(25)]
    listening(office, 51)
    for stream in gone:
        stream.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stream.line.close()  # a reset, as when a plug is pulled
    beside = latency(office)
    head = act(office)
    until(lambda: listener.has(head), "the good stream hears everything")
    assert listener.seqs() == list(range(begin + 1, head + 1))
    assert beside < 5 * before, f"others wait {beside / before:.1f} times as long"
    until(lambda: act(office) > 0 and health(office)["streams"] <= 1 + len(stalled), "places of those who vanished")
    for stream in stalled:
        stream.line.close()
    until(lambda: act(office) > 0 and health(office)["streams"] == 1, "places of those who stalled")


def latency(office: Office) -> float:
    """Lower quartile of the seconds that taking a number takes: what the machine does besides shows least there."""
    line, times = connect(office.port), []
    for _ in range(60):
        began = time.perf_counter()
        assert post(line, office, "/tickets", '{"service": "ho-tich"}')[0] == 201
        times.append(time.perf_counter() - began)
    line.close()
    return statistics.quantiles(times, n=4)[0]


def test_what_another_program_writes_arrives_too(office: Office, readers: Readers) -> None:
    stream = readers.add(Stream(office))
    listening(office, 1)
    begin = quiet(office)
    place = ["--config", str(office.config), "--data", str(office.data)]
    command = [sys.executable, "server.py", *place, "keys", "add", "beside", "--scope", "tickets"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    until(lambda: stream.has(begin + 1), "the other program's event")
    assert stream.events()[-1] == (begin + 1, "setting.changed")


def test_a_restart_leaves_no_gap_and_repeats_nothing(tmp_path: Path, readers: Readers) -> None:
    office = found(tmp_path, devices=SILENT)
    heard: list[list[tuple[int, str]]] = []
    crowd: list[subprocess.Popen[str]] = []
    for life in range(3):
        with program(*serve_command(office), port=office.port) as server:
            if not crowd:
                crowd = work(office, "lives", 600)
            last = heard[-1][-1][0] if heard else 0
            stream = readers.add(Stream(office, query=f"?since={last}"))
            until(partial(stream.has, last + 150), "enough events")
            if life < 2:
                server.kill()
            else:
                done(crowd)
                until(partial(stream.has, quiet(office)), "the end")
            heard.append(stream.events())
    whole = [event for life in heard for event in life]
    assert whole == written(office)[: len(whole)]
