"""Uploaded pictures, read in a process of their own that starts with the first one; nothing heavy is loaded before."""

import threading
from pkgutil import resolve_name
from typing import Any, Final

from office.errors import NoReading, ReadingBusy, UnreadablePicture
from scanner.picture_size import MOST, pixels

DECODER: Final = "scanner.child:Decoder"
ENDED_S: Final = 5
"""When to try again after the reading process ended or hung, or while other pictures wait before this one."""


class Pictures:
    """For several threads; they take turns at the one process, ``decoder`` names it. ``close`` ends it."""

    def __init__(self, decoder: str = DECODER) -> None:
        self._name = decoder
        self._lock = threading.Lock()
        self._decoder: Any = None

    def read(self, data: bytes) -> list[tuple[str, str]]:
        """Symbology and text of each code in a JPEG or PNG of up to 12 megapixels.

        Raises UnreadablePicture, ReadingBusy, or NoReading when reading does not work here or did not end in time.
        """
        if not 0 < pixels(data) <= MOST:
            raise UnreadablePicture("no JPEG or PNG, or more than 12 megapixels")
        try:
            return [(found.symbology, found.text) for found in self._reader().read_bytes(data)]
        except ValueError as fault:  # scanner.reading.UnreadablePicture
            raise UnreadablePicture(str(fault)) from None
        except Exception as fault:  # DecoderFault; its text holds nothing of the picture
            refusal = ReadingBusy if getattr(fault, "busy", False) else NoReading  # no fault of the process
            raise refusal(f"{fault}", seconds=ENDED_S) from None

    def check(self) -> str:
        """One line for the command ``check``, once the reading libraries are up. Raises whatever keeps them down."""
        self._reader().start()
        return "codes in pictures are read"

    def close(self) -> None:
        """End the process."""
        if self._decoder is not None:
            self._decoder.close()

    def _reader(self) -> Any:
        with self._lock:
            if self._decoder is None:
                self._decoder = self._load()
            return self._decoder

    def _load(self) -> Any:
        try:
            return resolve_name(self._name)()
        except ImportError as fault:
            raise NoReading(f"pictures cannot be read here: {fault}", seconds=3600) from fault
