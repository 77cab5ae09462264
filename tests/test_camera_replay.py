"""The simulator as a recorder (NVR): playback by time as Hikvision, Dahua and ONVIF G have it; its page of dials."""

import base64
import hashlib
import http.client
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import av
import pytest

from apart.child import ROOT
from camera.simulated.server import Simulator
from tools.burnt_clock import read

QUICK = {"rtsp_transport": "tcp", "fpsprobesize": "0", "analyzeduration": "200000"}
LOCAL = timedelta(hours=7)
FRAME = timedelta(milliseconds=100)
SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
Maker = Callable[[datetime, datetime], str]
UTILITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"


@pytest.fixture(name="recorder", scope="module")
def _recorder() -> Iterator[Simulator]:
    with Simulator(("cam1", "cam2")) as made:
        yield made


@pytest.fixture(autouse=True)
def _calm(recorder: Simulator) -> Iterator[None]:
    yield
    for camera in recorder.cameras.values():
        camera.calm()


@pytest.fixture(name="begin")
def _yesterday() -> datetime:
    return datetime.now(UTC).replace(microsecond=0, minute=30) - timedelta(hours=20)


def hikvision(begin: datetime, end: datetime) -> str:
    return f"Streaming/tracks/201?starttime={begin:%Y%m%dT%H%M%SZ}&endtime={end:%Y%m%dT%H%M%SZ}"


def dahua(begin: datetime, end: datetime) -> str:
    form = "%Y_%m_%d_%H_%M_%S"
    return f"cam/playback?channel=2&starttime={begin + LOCAL:{form}}&endtime={end + LOCAL:{form}}"


def played(recorder: Simulator, path: str, longest: int = 100) -> list[datetime]:
    """The burnt-in moments of the pictures of a path, to its end."""
    seen = []
    with av.open(recorder.address(path, signed_in=True), options=QUICK, timeout=(3, 2)) as stream:
        for frame in stream.decode(video=0):
            found = read(frame.to_ndarray(format="gray"))
            assert found
            assert found.camera == 2
            seen.append(found.moment)
            if len(seen) == longest:
                break
    return seen


@pytest.mark.parametrize("maker", [hikvision, dahua])
def test_the_asked_seconds_are_played(recorder: Simulator, begin: datetime, maker: Maker) -> None:
    begun = time.monotonic()
    seen = played(recorder, maker(begin, begin + timedelta(seconds=4)))
    assert (seen[0], seen[-1]) == (begin, begin + timedelta(seconds=4) - FRAME)
    assert len(seen) == 40
    assert time.monotonic() - begun < 3  # as fast as it is taken


def test_a_recorders_oddities(recorder: Simulator, begin: datetime) -> None:
    recorder.turn("cam2", ignores_end=True, local_z=True)
    seen = played(recorder, hikvision(begin + LOCAL, begin + LOCAL + timedelta(seconds=1)), 30)
    assert (seen[0], len(seen)) == (begin, 30)
    recorder.turn("cam2", local_z=False, ignores_end=False, holes=True)
    before = begin.replace(minute=19, second=58)
    seen = played(recorder, dahua(before, before + timedelta(seconds=303)), 40)
    assert before.replace(minute=20, second=0) not in seen
    assert seen[20:] == [before.replace(minute=25, second=0) + FRAME * at for at in range(10)]


def test_real_time_on_demand(recorder: Simulator, begin: datetime) -> None:
    recorder.turn("cam2", pace=2.0)
    begun = time.monotonic()
    assert len(played(recorder, hikvision(begin, begin + timedelta(seconds=2)))) == 20
    assert time.monotonic() - begun > 0.8


def test_a_recorder_whose_clock_is_wrong_plays_by_its_clock(recorder: Simulator, begin: datetime) -> None:
    recorder.turn("cam2", clock_s=3600.0)
    with av.open(recorder.address(hikvision(begin, begin + FRAME * 10), signed_in=True), options=QUICK) as stream:
        packet = next(stream.demux(video=0))
        told = {one.data_type: bytes(one) for one in packet.iter_sidedata()}
    assert int.from_bytes(told["prft"][:8], "little") == round(begin.timestamp() * 1e6)


@pytest.mark.parametrize("hours", [-200, 1])
def test_what_was_not_recorded_is_not_found(recorder: Simulator, hours: int) -> None:
    begin = datetime.now(UTC) + timedelta(hours=hours)
    with pytest.raises(av.error.HTTPNotFoundError):
        played(recorder, hikvision(begin, begin + timedelta(seconds=1)))


def asked(recorder: Simulator, service: str, body: str, *, password: str = "", skew_s: float = 0) -> tuple[int, str]:
    """The answer of ONVIF's web service; signed in with a digest when there is a ``password``."""
    head = ""
    if password:
        created = (datetime.now(UTC) + timedelta(seconds=skew_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
        digest = hashlib.sha1(b"salt" + created.encode() + password.encode(), usedforsecurity=False).digest()
        head = (
            f'<s:Header><w:Security xmlns:w="{SECURITY}" xmlns:u="{UTILITY}"><w:UsernameToken>'
            f"<w:Username>{recorder.user}</w:Username><w:Password>{base64.b64encode(digest).decode()}</w:Password>"
            f"<w:Nonce>{base64.b64encode(b'salt').decode()}</w:Nonce><u:Created>{created}</u:Created>"
            "</w:UsernameToken></w:Security></s:Header>"
        )
    soap = f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">{head}<s:Body>{body}</s:Body></s:Envelope>'
    line = http.client.HTTPConnection("127.0.0.1", recorder.web_port, timeout=3)
    line.request("POST", f"/onvif/{service}", soap.encode(), {"Content-Type": "application/soap+xml"})
    answer = line.getresponse()
    told = answer.status, answer.read().decode()
    line.close()
    return told


def test_onvif_finds_recordings_and_replays_them(recorder: Simulator, begin: datetime) -> None:
    find = '<FindRecordings xmlns="http://www.onvif.org/ver10/search/wsdl"/>'
    assert asked(recorder, "search_service", find)[0] == 400
    assert "NotAuthorized" in asked(recorder, "search_service", find, password="wrong")[1]
    assert "NotAuthorized" in asked(recorder, "search_service", find, password=recorder.password, skew_s=-900)[1]
    token = re.findall("SearchToken>([^<]+)<", asked(recorder, "search_service", find, password=recorder.password)[1])
    search = f"<r:SearchToken>{token[0]}</r:SearchToken>"
    results = f'<r:GetRecordingSearchResults xmlns:r="x">{search}</r:GetRecordingSearchResults>'
    told = asked(recorder, "search_service", results, password=recorder.password)[1]
    assert re.findall("RecordingToken>([^<]+)<", told) == ["recording-1", "recording-2"]
    uri = '<r:GetReplayUri xmlns:r="x"><r:RecordingToken>recording-2</r:RecordingToken></r:GetReplayUri>'
    found = re.findall("Uri>([^<]+)<", asked(recorder, "replay_service", uri, password=recorder.password)[1])
    assert found == [recorder.address("onvif/replay/2")]
    assert ranged(recorder, found[0], f"clock={begin:%Y%m%dT%H%M%S}.000Z-") == f"{begin:%Y%m%dT%H%M%S}.000Z"


def ranged(recorder: Simulator, address: str, wanted: str) -> str:
    """Where a replay says that it begins, asked to play a range."""
    basic = base64.b64encode(f"{recorder.user}:{recorder.password}".encode()).decode()
    with socket.create_connection(("127.0.0.1", recorder.port), 3) as line, line.makefile("rb") as heard:
        transport = "Transport: RTP/AVP/TCP;interleaved=0-1"
        setup, play = f"SETUP {address}/track1 RTSP/1.0\r\n{transport}", f"PLAY {address} RTSP/1.0\r\nRange: {wanted}"
        for request in (setup, play):
            line.sendall(f"{request}\r\nCSeq: 1\r\nAuthorization: Basic {basic}\r\n\r\n".encode())
            answer = b"".join(iter(heard.readline, b"\r\n")).decode()
    assert answer.startswith("RTSP/1.0 200")
    return answer.partition("Range: clock=")[2].partition("-")[0]


def test_the_web_service_tells_its_clock_to_anybody(recorder: Simulator) -> None:
    recorder.turn("cam1", clock_s=-7200.0)
    status, told = asked(recorder, "device_service", '<GetSystemDateAndTime xmlns="x"/>')
    hour = int(re.findall("Hour>([0-9]+)<", told)[0])
    assert (status, hour) == (200, (datetime.now(UTC) - timedelta(hours=2)).hour)
    line = http.client.HTTPConnection("127.0.0.1", recorder.web_port, timeout=3)
    line.request("GET", "/")
    dated = parsedate_to_datetime(line.getresponse().headers["Date"])
    line.close()
    assert abs((datetime.now(UTC) - dated).total_seconds() - 7200) < 2


@contextmanager
def program() -> Iterator[dict[str, str]]:
    """The simulator as a program; what it says of its addresses."""
    ports = ["--port", "0", "--panel", "0"]
    command = [sys.executable, "-m", "camera.simulator", *ports, "--camera", "cam1", "--camera", "hall", "--with-input"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        said = [process.stdout.readline().split() for _ in range(3)]
        yield {line[1].rpartition("/")[2] or line[0]: line[1] for line in said}
        assert process.stdin
        process.stdin.close()
        assert process.wait(5) == 0


def test_its_dials_are_turned_from_another_process() -> None:
    with program() as said:

        def post(path: str, body: dict[str, object]) -> dict[str, object]:
            wanted = urllib.request.Request(f"{said['panel']}{path}", json.dumps(body).encode())
            wanted.add_header("Content-Type", "application/json")
            with urllib.request.urlopen(wanted, timeout=3) as answer:
                told: dict[str, object] = json.load(answer)
                return told

        address = said["cam1"].replace("//", "//viewer:counter-7@")
        with av.open(address, options=QUICK, timeout=(3, 1)) as stream:
            assert next(stream.decode(video=0))
            post("dials", {"camera": "cam1", "clock_s": 30, "changed_password": True})
            post("drop", {"camera": "cam1"})
            assert sum(1 for _ in stream.demux(video=0)) < 10
        with pytest.raises(av.error.HTTPUnauthorizedError):
            av.open(address, options=QUICK)
        with pytest.raises(urllib.error.HTTPError):
            post("dials", {"camera": "cam1", "clock_s": True})
        with urllib.request.urlopen(f"{said['panel']}pictures/hall.png", timeout=3) as picture:
            assert picture.read(8) == b"\x89PNG\r\n\x1a\n"
        assert post("power", {"on": False})["on"] is False
        with pytest.raises(ConnectionRefusedError):
            av.open(address, options=QUICK)
