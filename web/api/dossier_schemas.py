"""Schemas of what the register answers (JSON Schema 2020-12), for web/api/schemas.py."""

from typing import Any, Final

TEXT: Final = {"type": "string"}
MAYBE_TEXT: Final = {"type": ["string", "null"]}
WHOLE: Final = {"type": "integer", "minimum": 0}
MAYBE_WHOLE: Final = {"type": ["integer", "null"]}
MOMENT: Final = {"type": "string", "format": "date-time"}
MAYBE_MOMENT: Final = {"type": ["string", "null"], "format": "date-time"}
STATUS: Final = {"type": "integer", "minimum": 1, "maximum": 10}
WAY: Final = {"enum": ["counter", "online", "post"]}

_BRIEF: Final[dict[str, Any]] = {
    "key": TEXT,
    "code": TEXT,
    "shape": {"enum": ["qcvn102", "short", "qd20", "other"]},
    "procedure": MAYBE_TEXT,
    "procedure_name": TEXT,
    "service": MAYBE_TEXT,
    "status": STATUS,
    "status_name": TEXT,
    "degree": TEXT,
    "local_status": MAYBE_TEXT,
    "unit": MAYBE_TEXT,
    "intake": WAY,
    "give_back": WAY,
    "tracking": MAYBE_TEXT,
    "sets": WHOLE,
    "fee": MAYBE_WHOLE,
    "fee_note": MAYBE_TEXT,
    "received_at": MOMENT,
    "due_at": MAYBE_MOMENT,
    "term_amount": MAYBE_WHOLE,
    "term_unit": {"enum": [None, "gio", "ngay", "ngay_lam_viec"]},
    "finished_at": MAYBE_MOMENT,
    "returned_at": MAYBE_MOMENT,
    "paused_at": MAYBE_MOMENT,
    "due_left": MAYBE_WHOLE,
    "rescheduled": {"type": "boolean"},
    "rescheduled_late": {"type": "boolean"},
    "supplements": WHOLE,
    "source": TEXT,
    "seq": WHOLE,
    "timeliness": {"enum": ["early", "on_time", "late", "open", "near", "overdue", "none"]},
}
_PERSON: Final = ("name", "address", "phone", "email", "id_number", "owner", "owner_address")


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


SCHEMAS: Final[dict[str, Any]] = {
    "Dossier": _object(
        _BRIEF
        | {
            "trips": WHOLE,
            "reentry": MAYBE_TEXT,
            "hindered": {
                "type": "object",
                "description": "deeds that would be refused now, and why",
                "additionalProperties": {"enum": ["status", "asked", "put_off", "returned"]},
            },
            "applicant": {"oneOf": [{"type": "null"}, _object(dict.fromkeys(_PERSON, TEXT))]},
            "papers": _list({"name": TEXT, "kind": {"enum": ["", "original", "certified", "copy"]}, "count": WHOLE}),
            "missing": _list({"name": TEXT}),
            "moves": _list(
                {
                    "seq": WHOLE,
                    "at": MOMENT,
                    "actor": TEXT,
                    "from_unit": TEXT,
                    "to_unit": TEXT,
                    "status": STATUS,
                    "result": {"enum": ["", "early", "on_time", "late"]},
                    "due_at": MAYBE_MOMENT,
                    "note": TEXT,
                }
            ),
            "visits": _list(
                {
                    "ticket": TEXT,
                    "number": MAYBE_TEXT,
                    "purpose": {"enum": ["hand_in", "supplement", "collect", "ask"]},
                    "at": MOMENT,
                }
            ),
            "notes": _list({"seq": WHOLE, "at": MOMENT, "kind": TEXT, "text": TEXT}),
        }
    ),
    "OverdueSeen": _object({"waiting": _list({"seq": WHOLE, "at": MOMENT, "dossier": TEXT, "days": WHOLE})}),
    "Dossiers": _object(
        {
            "dossiers": _list(_BRIEF | {"name": MAYBE_TEXT}),
            "counts": _object({"overdue": WHOLE, "today": WHOLE, "soon": WHOLE}),
        }
    ),
}
