"""The process that reads: it answers, dies, hangs, and the next picture is read all the same."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed

import cv2
import pytest

from office.errors import ReadingBusy
from scanner.child import Decoder, DecoderFault
from scanner.pictures import Pictures
from scanner.reading import UnreadablePicture
from tools.receipts import Receipt, easy_clip, tilted

READY = "import sys, time; print('{\"ready\": true}', flush=True); "


class NoPlaces(Decoder):
    """One in which nothing may wait: even the first is too many."""

    def __init__(self) -> None:
        super().__init__(waiting=-1)


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


@pytest.fixture(scope="module")
def receipt() -> Receipt:
    return tilted(4, 1)


def stored(receipt: Receipt) -> bytes:
    return cv2.imencode(".jpg", receipt.image)[1].tobytes()


def texts(decoder: Decoder, receipt: Receipt) -> set[tuple[str, str]]:
    return {(found.symbology, found.text) for found in decoder.read_bytes(stored(receipt))}


def test_picture_is_read_in_another_process(decoder: Decoder, receipt: Receipt) -> None:
    assert texts(decoder, receipt) == receipt.texts
    assert decoder.pid not in (None, os.getpid())


def test_no_picture_is_refused_and_the_process_lives_on(decoder: Decoder, receipt: Receipt) -> None:
    decoder.start()
    pid = decoder.pid
    with pytest.raises(UnreadablePicture):
        decoder.read_bytes(b"this is no picture")
    assert texts(decoder, receipt) == receipt.texts
    assert decoder.pid == pid


def test_killed_process_is_started_anew(decoder: Decoder, receipt: Receipt) -> None:
    decoder.start()
    starts, pid = decoder.starts, decoder.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while decoder.pid is not None:
        time.sleep(0.01)
    assert texts(decoder, receipt) == receipt.texts
    assert decoder.starts == starts + 1


def test_frames_of_two_lenses_are_kept_apart(decoder: Decoder) -> None:
    frames = list(easy_clip(1, 4))
    given = [decoder.feed(one.image, lens, n / 15) for n, one in enumerate(frames) for lens in ("a", "b")]
    assert sum(verdict.found is not None for verdict in given) == 2


def test_hanging_process_is_ended_in_time(receipt: Receipt) -> None:
    decoder = Decoder([sys.executable, "-c", READY + "time.sleep(60)"], grace_s=0.3)
    began = time.monotonic()
    for starts in (1, 2):
        with pytest.raises(DecoderFault, match="no answer"):
            decoder.read_bytes(stored(receipt), 100)
        assert decoder.pid is None
        assert decoder.starts == starts
    assert time.monotonic() - began < 10
    decoder.close()


def test_process_that_dies_on_a_picture_is_a_fault(receipt: Receipt) -> None:
    decoder = Decoder([sys.executable, "-c", READY + "sys.stdin.readline(); sys.exit(3)"])
    with pytest.raises(DecoderFault, match="ended"):
        decoder.read_bytes(stored(receipt))
    decoder.close()


def test_a_queue_that_is_full_and_a_wait_that_is_long_are_refused() -> None:
    decoder = Decoder([sys.executable, "-c", READY + "time.sleep(60)"], waiting=1, wait_s=0.2)
    decoder.start()

    def kind() -> str:
        try:
            decoder.read_bytes(b"picture", 100)
        except DecoderFault as fault:
            return f"{type(fault).__name__}: {fault}"
        return "read"

    with ThreadPoolExecutor(6) as pool:
        began = time.monotonic()
        told = [pool.submit(kind) for _ in range(6)]
        refused = [one.result() for one in as_completed(told) if time.monotonic() - began < 2]
    assert sorted(refused) == [
        *["DecoderBusy: to be read: those before it took more than 0.2 s"],
        *["DecoderBusy: to be read: too many wait for their turn"] * 4,
    ]
    assert kind().startswith("DecoderFault: the reading process: no answer"), "whoever was refused left the queue"
    decoder.close()


def test_a_busy_reader_says_when_to_come_again() -> None:
    pictures = Pictures("tests.test_reading_child:NoPlaces")
    with pytest.raises(ReadingBusy) as refused:
        pictures.read(stored(tilted(4, 1)))
    assert refused.value.params["seconds"] == 5
    pictures.close()


def test_closed_decoder_refuses(receipt: Receipt) -> None:
    decoder = Decoder()
    decoder.close()
    with pytest.raises(DecoderFault, match="shutting down"):
        decoder.read_bytes(stored(receipt))
