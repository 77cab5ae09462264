"""Schemas of the API's answers (JSON Schema 2020-12). A test holds real answers against them."""

from typing import Any, Final

from web.api.dossier_schemas import SCHEMAS as DOSSIERS
from web.api.footage_schemas import SCHEMAS as FOOTAGE

TEXT: Final = {"type": "string"}
WHOLE: Final = {"type": "integer", "minimum": 0}
MAYBE_TEXT: Final = {"type": ["string", "null"]}
MOMENT: Final = {"type": "string", "format": "date-time"}
MAYBE_MOMENT: Final = {"type": ["string", "null"], "format": "date-time"}
STATES: Final = {"enum": ["waiting", "called", "serving", "held", "finished", "absent", "cancelled"]}
NAMES: Final = {"type": "object", "additionalProperties": TEXT}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_STAFF_TICKET = ("url", "priority", "priority_verified", "dossier", "language", "target")
_TICKET = {
    "id": TEXT,
    "number": TEXT,
    "service": TEXT,
    "state": STATES,
    "ahead": WHOLE,
    "served": {"type": "boolean"},
    "wait": {"oneOf": [{"type": "null"}, _object({"p50_s": WHOLE, "p90_s": WHOLE})]},
    "issued_at": MOMENT,
    "url": TEXT,
    "counter": MAYBE_TEXT,
    "slip": {"enum": [None, "printed", "failed"]},
    "calls": WHOLE,
    "recalls": WHOLE,
    "called_at": MAYBE_MOMENT,
    "started_at": MAYBE_MOMENT,
    "ended_at": MAYBE_MOMENT,
    "hold_until": MAYBE_MOMENT,
    "priority": MAYBE_TEXT,
    "priority_verified": {"type": "boolean"},
    "dossier": MAYBE_TEXT,
    "language": TEXT,
    "target": MAYBE_TEXT,
}
_BRIEF = {"id": TEXT, "number": TEXT, "service": TEXT, "state": STATES, "issued_at": MOMENT}
_EVENT = {
    "seq": WHOLE,
    "at": MOMENT,
    "kind": TEXT,
    "counter": MAYBE_TEXT,
    "ticket": {"oneOf": [{"type": "null"}, _object({"id": TEXT, "number": MAYBE_TEXT, "service": MAYBE_TEXT})]},
    "dossier": MAYBE_TEXT,
    "data": {"type": "object"},
}
_COUNTER = {
    "id": TEXT,
    "name": NAMES,
    "state": {"enum": ["open", "paused", "closed"]},
    "since": MAYBE_MOMENT,
    "ticket": {"oneOf": [{"type": "null"}, _ref("TicketBrief")]},
    "services": _list(TEXT),
    "direction": {"enum": ["left", "straight", "right"]},
    "person": MAYBE_TEXT,
}
_SERVICE = {
    "id": TEXT,
    "name": NAMES,
    "series": TEXT,
    "open": {"type": "boolean"},
    "served": {"type": "boolean"},
    "waiting": WHOLE,
    "oldest_wait_s": {"type": ["integer", "null"], "minimum": 0},
}

_ACTION = {
    "name": {
        "enum": [
            *("status", "collect", "supplement", "overdue", "fee", "returned"),
            *("ticket", "card_class", "card_form", "to_clerk"),
        ]
    },
    "say": TEXT,
    "reason": MAYBE_TEXT,
    "service": MAYBE_TEXT,
    "wish": {"type": ["object", "null"]},
    "due_at": MAYBE_MOMENT,
    "days_late": {"type": ["integer", "null"]},
    "missing": _list(_object({"name": TEXT})),
    "reentry": MAYBE_TEXT,
    "ticket": {"oneOf": [{"type": "null"}, _ref("Ticket")]},
    "age_class": MAYBE_TEXT,
    "card": {"type": ["object", "null"]},
    "draft": MAYBE_TEXT,
}

_STATION = {
    "counter": TEXT,
    "clerk": TEXT,
    "called_at": MOMENT,
    "started_at": MAYBE_MOMENT,
    "left_at": MAYBE_MOMENT,
    "left": MAYBE_TEXT,
    "recalls": WHOLE,
    "reason": MAYBE_TEXT,
}

_VISIT = {
    "ticket": TEXT,
    "number": TEXT,
    "service": TEXT,
    "services": _list(TEXT),
    "state": STATES,
    "arrived_at": MOMENT,
    "first_call_at": MAYBE_MOMENT,
    "ended_at": MAYBE_MOMENT,
    "waited_s": WHOLE,
    "served_s": WHOLE,
    "calls": WHOLE,
    "priority": {"type": "boolean"},
    "out_of_order": _list(TEXT),
    "stars": {"type": ["integer", "null"], "minimum": 1, "maximum": 5},
    "stations": _list(_object(_STATION)),
    "dossiers": _list(
        _object({"code": TEXT, "purpose": TEXT, "status": {"type": "integer"}, "late": {"type": "boolean"}}),
    ),
}

_PROBLEM = {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "key": TEXT, "detail": TEXT}
_FAULT = {
    **dict.fromkeys(("row", "other"), WHOLE),
    **dict.fromkeys(("column", "cell", "field", "reason", "say"), TEXT),
}

_IMPORT = {"rows": WHOLE, "share": {"type": "number"}, "doing": {"enum": ["reading", "writing"]}}

SCHEMAS: Final[dict[str, Any]] = {
    "Imported": _object(
        dict.fromkeys(("rows", "added", "changed", "same", "ours", "erased"), WHOLE)
        | {"unused": _list(TEXT), "totals": _list(WHOLE), "sheets": _list(TEXT)}
    ),
    "ImportProblem": _object(_PROBLEM | {"count": WHOLE, "errors": _list(_object(_FAULT))}, "count", "errors"),
    "Importing": _object({"running": {"type": "boolean"}} | _IMPORT, *_IMPORT),
    **DOSSIERS,
    **FOOTAGE,
    "Problem": _object(_PROBLEM),
    "Ticket": _object(_TICKET, *_STAFF_TICKET),
    "NewTicket": _object(_TICKET, *(name for name in _STAFF_TICKET if name != "url")),
    "TicketBrief": _object(_BRIEF),
    "TicketWithEvents": _object(_TICKET | {"events": _list(_ref("Event"))}, *_STAFF_TICKET),
    "Event": _object(_EVENT | {"actor": TEXT}, "actor"),
    "Counter": _object(_COUNTER, "person"),
    "Desk": _object(
        _COUNTER
        | {
            "seq": WHOLE,
            "current": {"oneOf": [{"type": "null"}, _ref("Ticket")]},
            "waiting": _list(_ref("TicketBrief")),
            "waiting_count": WHOLE,
            "held": _list(_ref("TicketBrief")),
            "absent": _list(_ref("TicketBrief")),
            "next": {"type": ["object", "null"]},
        }
    ),
    "Call": _object({"ticket": _ref("Ticket"), "why": _object({"rule": TEXT})}),
    "Queue": _object(
        {"seq": WHOLE, "services": _list(_object(_SERVICE)), "counters": _list(_ref("Counter"))},
    ),
    "Journal": _object({"events": _list(_ref("Event")), "next": {"type": ["integer", "null"]}}),
    "Session": _object(
        {"name": TEXT, "role": {"enum": ["clerk", "supervisor", "leader"]}, "csrf": TEXT, "counter": MAYBE_TEXT},
    ),
    "Visits": _object({"day": TEXT, "total": WHOLE, "visits": _list(_ref("Visit"))}),
    "Visit": _object(_VISIT),
    "Day": _object(
        {
            "date": TEXT,
            "finished": WHOLE,
            "absent": WHOLE,
            "median_wait_s": {"type": ["integer", "null"]},
            "median_service_s": {"type": ["integer", "null"]},
        }
    ),
    "Procedure": _object({"code": TEXT, "name": TEXT, "field": TEXT, "service": MAYBE_TEXT}),
    "Deadline": _object(
        {
            "received_at": MOMENT,
            "due_at": MAYBE_MOMENT,
            "amount": {"type": ["integer", "null"], "minimum": 0},
            "unit": {"enum": [None, "gio", "ngay", "ngay_lam_viec"]},
            "service": MAYBE_TEXT,
            "channel": {"enum": ["direct", "online", "post"]},
            "procedure": {
                "oneOf": [
                    {"type": "null"},
                    _object(
                        {"code": TEXT, "name": TEXT, "note": MAYBE_TEXT, "source_url": TEXT, "fetched_at": TEXT},
                    ),
                ]
            },
            "steps": _list(_object({"key": TEXT, "params": {"type": "object"}, "say": TEXT})),
        }
    ),
    "Scan": _object(
        {
            "read": _list(_object({"symbology": TEXT, "text": TEXT})),
            "kind": {"enum": ["dossier", "ticket", "missing", "card", "unknown"]},
            "action": _object(_ACTION),
            "dossier": {
                "oneOf": [{"type": "null"}, _object({"code": TEXT, "degree": TEXT, "status": {"type": "integer"}})]
            },
        }
    ),
    "Procedures": _object(
        {
            "procedures": _list(_ref("Procedure")),
            "fields": _list(_object({"field": TEXT, "count": WHOLE})),
            "total": WHOLE,
            "updated": MAYBE_TEXT,
        }
    ),
}
