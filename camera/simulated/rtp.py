"""RTP and RTCP on a stream's own connection: H.264 by RFC 6184, H.265 by RFC 7798, interleaved by RFC 2326 §10.12."""

import struct
from collections.abc import Iterator, Sequence
from typing import Final

PAYLOAD_TYPE: Final = 96
LARGEST: Final = 1400
"""Bytes of a packet's payload: what fits an Ethernet frame, as cameras send it over TCP too."""
NTP_EPOCH_S: Final = 2_208_988_800
"""Seconds from 1900, where NTP begins, to 1970."""


class Packer:
    """Makes the packets of one stream; counts them."""

    def __init__(self, source: int, *, hevc: bool) -> None:
        self.source = source
        self.hevc = hevc
        self.sequence = source & 0xFFFF
        self._packets = self._bytes = 0

    def frame(self, units: Sequence[bytes], ticks: int, channel: int) -> bytes:
        """One picture's NAL ``units`` as interleaved packets on ``channel``; the last one is marked."""
        payloads = [part for unit in units for part in self._parts(unit)]
        last = len(payloads) - 1
        return b"".join(self._packet(part, ticks, channel, at == last) for at, part in enumerate(payloads))

    def report(self, ms: int, ticks: int, channel: int) -> bytes:
        """A sender report: the source's clock says ``ms`` UTC at ``ticks``."""
        seconds, rest = divmod(ms, 1000)
        ntp = (seconds + NTP_EPOCH_S, (rest << 32) // 1000)
        told = (self._packets & 0xFFFFFFFF, self._bytes & 0xFFFFFFFF)
        body = struct.pack("!BBHIIIIII", 0x80, 200, 6, self.source, *ntp, ticks & 0xFFFFFFFF, *told)
        name = b"simulator"
        item = struct.pack("!IBB", self.source, 1, len(name)) + name
        item += b"\0" * (4 - len(item) % 4)
        return _interleaved(channel + 1, body + struct.pack("!BBH", 0x81, 202, len(item) // 4) + item)

    def goodbye(self, channel: int) -> bytes:
        """There is no more: an empty receiver report, by which such packets begin, and BYE."""
        report = struct.pack("!BBHI", 0x80, 201, 1, self.source)
        return _interleaved(channel + 1, report + struct.pack("!BBHI", 0x81, 203, 1, self.source))

    def _packet(self, payload: bytes, ticks: int, channel: int, marked: bool) -> bytes:
        kind = PAYLOAD_TYPE | (0x80 if marked else 0)
        head = struct.pack("!BBHII", 0x80, kind, self.sequence, ticks & 0xFFFFFFFF, self.source)
        self.sequence = (self.sequence + 1) & 0xFFFF
        self._packets += 1
        self._bytes += len(payload)
        return _interleaved(channel, head + payload)

    def _parts(self, unit: bytes) -> Iterator[bytes]:
        """The unit as it is, or in fragments (FU-A of H.264, type 49 of H.265)."""
        if len(unit) <= LARGEST:
            yield unit
            return
        if self.hevc:
            skip, kind = 2, unit[0] >> 1 & 63
            before = bytes((unit[0] & 0x81 | 49 << 1, unit[1]))
        else:
            skip, kind = 1, unit[0] & 31
            before = bytes((unit[0] & 0xE0 | 28,))
        room = LARGEST - skip - 1
        for at in range(skip, len(unit), room):
            first, last = at == skip, at + room >= len(unit)
            yield before + bytes((first << 7 | last << 6 | kind,)) + unit[at : at + room]


def _interleaved(channel: int, packet: bytes) -> bytes:
    return struct.pack("!BBH", 0x24, channel, len(packet)) + packet
