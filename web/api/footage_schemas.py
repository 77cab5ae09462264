"""Schemas of the API's answers about footage (web/api/schemas.py takes them in)."""

from typing import Any, Final

from office.footage_gaps import REASONS

TEXT: Final = {"type": "string"}
WHOLE: Final = {"type": "integer", "minimum": 0}
MAYBE_NUMBER: Final = {"type": ["number", "null"]}
MAYBE_TEXT: Final = {"type": ["string", "null"]}
MOMENT: Final = {"type": "string", "format": "date-time"}
MAYBE_MOMENT: Final = {"type": ["string", "null"], "format": "date-time"}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_SPAN = _object({"from": MOMENT, "to": MOMENT})
_COVERED = {
    "id": TEXT,
    "title": TEXT,
    "kind": {"enum": ["rtsp", "usb", "hikvision", "dahua", "onvif"]},
    "clock_offset_s": MAYBE_NUMBER,
    "clock_offsets": _list(_object({"from": MOMENT, "offset_s": MAYBE_NUMBER})),
    "ranges": _list(_SPAN),
    "gaps": _list(_object({"from": MOMENT, "to": MOMENT, "reason": {"enum": list(REASONS)}})),
    "recorded": {"enum": ["here", "recorder"]},
}

_ACT = {
    "seq": WHOLE,
    "at": MOMENT,
    "by": TEXT,
    "cameras": _list(TEXT),
    "from": MAYBE_MOMENT,
    "to": MAYBE_MOMENT,
    "reason": TEXT,
    "ticket": MAYBE_TEXT,
    "dossier": MAYBE_TEXT,
}
_HOLD = {
    "hold": TEXT,
    "cameras": _list(TEXT),
    "from": MOMENT,
    "to": MOMENT,
    "reason": TEXT,
    "owner": TEXT,
    "until": {"type": "string", "format": "date"},
    "cause": {"enum": ["person", "rating", "complaint", "out_of_order"]},
    "holds": {"type": "boolean"},
    "kept_here": {"type": "boolean"},
    "released_at": MAYBE_MOMENT,
}
_ALARM = {
    "seq": WHOLE,
    "at": MOMENT,
    "camera": TEXT,
    "trouble": {"enum": ["black", "covered", "blurred", "moved", "frozen"]},
    "before": MAYBE_MOMENT,
    "now": MOMENT,
    "cleared_at": MAYBE_MOMENT,
}
_EXPORT = _ACT | {"export": TEXT, "url": MAYBE_TEXT, "sha256": TEXT, "bytes": WHOLE, "masked": {"type": "boolean"}}
_EXPORT["masked_cameras"] = _list(TEXT)

SCHEMAS: Final[dict[str, Any]] = {
    "Footage": _object({"from": MOMENT, "to": MOMENT, "cameras": _list(_object(_COVERED))}),
    "Alarms": _object(
        {"alarms": _list(_object(_ALARM)), "ailing": _list(_object({"camera": TEXT, "reasons": _list(TEXT)}))}
    ),
    "Export": _object({"export": TEXT, "url": TEXT, "sha256": TEXT, "bytes": WHOLE}),
    "Exports": _object({"exports": _list(_object(_EXPORT))}),
    "Hold": _object(_HOLD),
    "Holds": _object({"holds": _list(_object(_HOLD))}),
    "Watched": _object({"acts": _list(_object(_ACT | {"kind": TEXT, "counter": MAYBE_TEXT, "note": MAYBE_TEXT}))}),
    "View": _object({"view": TEXT, "ends_at": MOMENT, "clips": _list(_object({"camera": TEXT, "url": TEXT}))}),
}
