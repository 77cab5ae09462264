"""What the recorder's web service answers, as SOAP 1.2 envelopes (ONVIF core, search and replay service)."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Protocol
from xml.sax.saxutils import escape

from camera.simulated.recorder_addresses import REPLAY

NAMES: Final = {
    "env": "http://www.w3.org/2003/05/soap-envelope",
    "tt": "http://www.onvif.org/ver10/schema",
    "tds": "http://www.onvif.org/ver10/device/wsdl",
    "tse": "http://www.onvif.org/ver10/search/wsdl",
    "trp": "http://www.onvif.org/ver10/replay/wsdl",
    "ter": "http://www.onvif.org/ver10/error",
}
SERVICES: Final = {"tds": "device_service", "tse": "search_service", "trp": "replay_service"}
SEARCH: Final = "search-1"


class Device(Protocol):
    """The recorder behind it."""

    def clock_ms(self) -> int:
        """What its clock says (ms UTC)."""

    def locked(self) -> bool:
        """Whether its password was changed."""

    def channels(self) -> list[str]:
        """The names of its channels; the first is channel 1."""

    def kept(self) -> tuple[int, int]:
        """From when to when it has footage (ms, its own clock)."""

    def replay_address(self, path: str) -> str:
        """The RTSP address of a path."""


class Answers:
    """Answers to operations asked of ``device`` at ``here`` (http://HOST:PORT)."""

    def __init__(self, device: Device, here: str) -> None:
        self._device, self._here = device, here

    def answer(self, name: str, asked: ET.Element) -> tuple[int, str]:
        """Status and envelope of an operation."""
        known: dict[str, Callable[[ET.Element], str]] = {
            "GetSystemDateAndTime": self._time,
            "GetServices": self._services,
            "GetCapabilities": self._capabilities,
            "GetDeviceInformation": self._device_information,
            "GetRecordingSummary": self._summary,
            "FindRecordings": self._find,
            "GetRecordingSearchResults": self._results,
            "EndSearch": self._end_search,
            "GetReplayUri": self._replay,
        }
        if name not in known:
            return 400, fault("Receiver", "ter:ActionNotSupported", f"no operation {name}")
        try:
            return 200, envelope(known[name](asked))
        except LookupError as missing:
            return 400, fault("Sender", "ter:InvalidArgVal", str(missing))

    def _time(self, _: ET.Element) -> str:
        now = datetime.fromtimestamp(self._device.clock_ms() / 1000, UTC)
        clock = f"<tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute><tt:Second>{now.second}</tt:Second>"
        day = f"<tt:Year>{now.year}</tt:Year><tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day>"
        moment = f"<tt:Time>{clock}</tt:Time><tt:Date>{day}</tt:Date>"
        told = (
            "<tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>"
            f"<tt:TimeZone><tt:TZ>ICT-7</tt:TZ></tt:TimeZone><tt:UTCDateTime>{moment}</tt:UTCDateTime>"
        )
        inner = f"<tds:SystemDateAndTime>{told}</tds:SystemDateAndTime>"
        return f"<tds:GetSystemDateAndTimeResponse>{inner}</tds:GetSystemDateAndTimeResponse>"

    def _services(self, _: ET.Element) -> str:
        version = "<tds:Version><tt:Major>2</tt:Major><tt:Minor>6</tt:Minor></tds:Version>"
        told = "".join(
            f"<tds:Service><tds:Namespace>{NAMES[short]}</tds:Namespace>"
            f"<tds:XAddr>{self._where(short)}</tds:XAddr>{version}</tds:Service>"
            for short in SERVICES
        )
        return f"<tds:GetServicesResponse>{told}</tds:GetServicesResponse>"

    def _capabilities(self, _: ET.Element) -> str:
        device = f"<tt:Device><tt:XAddr>{self._where('tds')}</tt:XAddr></tt:Device>"
        search = f"<tt:Search><tt:XAddr>{self._where('tse')}</tt:XAddr></tt:Search>"
        replay = f"<tt:Replay><tt:XAddr>{self._where('trp')}</tt:XAddr></tt:Replay>"
        told = f"<tds:Capabilities>{device}<tt:Extension>{search}{replay}</tt:Extension></tds:Capabilities>"
        return f"<tds:GetCapabilitiesResponse>{told}</tds:GetCapabilitiesResponse>"

    def _device_information(self, _: ET.Element) -> str:
        told = "<tds:Manufacturer>Simulated</tds:Manufacturer><tds:Model>Recorder</tds:Model>"
        told += "<tds:FirmwareVersion>1</tds:FirmwareVersion><tds:SerialNumber>1</tds:SerialNumber>"
        return f"<tds:GetDeviceInformationResponse>{told}</tds:GetDeviceInformationResponse>"

    def _summary(self, _: ET.Element) -> str:
        begin, end = map(written, self._device.kept())
        told = f"<tt:DataFrom>{begin}</tt:DataFrom><tt:DataUntil>{end}</tt:DataUntil>"
        told += f"<tt:NumberRecordings>{len(self._device.channels())}</tt:NumberRecordings>"
        return f"<tse:GetRecordingSummaryResponse><tse:Summary>{told}</tse:Summary></tse:GetRecordingSummaryResponse>"

    def _find(self, _: ET.Element) -> str:
        return f"<tse:FindRecordingsResponse><tse:SearchToken>{SEARCH}</tse:SearchToken></tse:FindRecordingsResponse>"

    def _results(self, asked: ET.Element) -> str:
        if _told(asked, "SearchToken") != SEARCH:
            raise LookupError("no such search")
        found = "".join(self._recording(at, name) for at, name in enumerate(self._device.channels(), 1))
        told = f"<tse:ResultList><tt:SearchState>Completed</tt:SearchState>{found}</tse:ResultList>"
        return f"<tse:GetRecordingSearchResultsResponse>{told}</tse:GetRecordingSearchResultsResponse>"

    def _recording(self, channel: int, name: str) -> str:
        begin, end = map(written, self._device.kept())
        source = (
            f"<tt:SourceId>{channel}</tt:SourceId><tt:Name>{escape(name)}</tt:Name><tt:Location/>"
            "<tt:Description/><tt:Address/>"
        )
        track = (
            "<tt:TrackToken>video</tt:TrackToken><tt:TrackType>Video</tt:TrackType><tt:Description/>"
            f"<tt:DataFrom>{begin}</tt:DataFrom><tt:DataTo>{end}</tt:DataTo>"
        )
        told = (
            f"<tt:RecordingToken>recording-{channel}</tt:RecordingToken><tt:Source>{source}</tt:Source>"
            f"<tt:EarliestRecording>{begin}</tt:EarliestRecording><tt:LatestRecording>{end}</tt:LatestRecording>"
            f"<tt:Content/><tt:Track>{track}</tt:Track><tt:RecordingStatus>Recording</tt:RecordingStatus>"
        )
        return f"<tt:RecordingInformation>{told}</tt:RecordingInformation>"

    def _end_search(self, _: ET.Element) -> str:
        told = f"<tse:Endpoint>{written(self._device.kept()[1])}</tse:Endpoint>"
        return f"<tse:EndSearchResponse>{told}</tse:EndSearchResponse>"

    def _replay(self, asked: ET.Element) -> str:
        channel = _told(asked, "RecordingToken").removeprefix("recording-")
        if channel not in map(str, range(1, len(self._device.channels()) + 1)):
            raise LookupError("no such recording")
        address = escape(self._device.replay_address(f"{REPLAY}{channel}"))
        return f"<trp:GetReplayUriResponse><trp:Uri>{address}</trp:Uri></trp:GetReplayUriResponse>"

    def _where(self, service: str) -> str:
        return f"{self._here}/onvif/{SERVICES[service]}"


def written(ms: int) -> str:
    """A moment as XML has it."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def envelope(body: str) -> str:
    """A SOAP 1.2 envelope around ``body``."""
    names = " ".join(f'xmlns:{short}="{name}"' for short, name in NAMES.items())
    return f'<?xml version="1.0" encoding="UTF-8"?><env:Envelope {names}><env:Body>{body}</env:Body></env:Envelope>'


def fault(side: str, code: str, text: str) -> str:
    """The envelope of a fault."""
    inner = f"<env:Value>env:{side}</env:Value><env:Subcode><env:Value>{code}</env:Value></env:Subcode>"
    reason = f'<env:Reason><env:Text xml:lang="en">{escape(text)}</env:Text></env:Reason>'
    return envelope(f"<env:Fault><env:Code>{inner}</env:Code>{reason}</env:Fault>")


def _told(asked: ET.Element, name: str) -> str:
    return next((part.text or "" for part in asked.iter() if part.tag.endswith(f"}}{name}")), "")
