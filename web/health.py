"""Liveness with each device's state, and figures for Prometheus."""

import json
from typing import Any

from flask import Blueprint, Response

from office import figures, journal, lines
from office.clock import day_of
from web.hall import Hall

BAD = frozenset({"trouble", "fault"})
BEHIND_S = 60
"""A clock further than this behind the last event was set wrong, now or when that was written."""


def create(hall: Hall) -> Blueprint:
    """The blueprint of /healthz and /metrics; neither tells anything about a person."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        body = health(hall)
        return Response(json.dumps(body), 503 if body["state"] == "stopping" else 200, content_type="application/json")

    @blueprint.get("/metrics")
    def metrics() -> Response:
        text = "\n".join([*_metrics(hall), ""])
        return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")

    return blueprint


def health(hall: Hall) -> dict[str, Any]:
    """The office's state: ok, trouble when a device or the clock is in trouble, or stopping."""
    devices = {name: ask() for name, ask in hall.devices.items()}
    clock = _clock(hall)
    trouble = any(device.get("state") in BAD for device in (*devices.values(), clock))
    state = "stopping" if hall.stopping.is_set() else "trouble" if trouble else "ok"
    head = journal.head(hall.store.read())[0]
    return {"state": state, "devices": devices, "clock": clock, "streams": hall.pulse.streams, "journal": head}


def _clock(hall: Hall) -> dict[str, Any]:
    """The clock's state: behind the journal means that events bear moments still to come."""
    behind_s = round((journal.latest(hall.store.read()) - hall.store.clock()) / 1000)
    if behind_s > BEHIND_S:
        return {"state": "trouble", "reason": "behind_journal", "behind_s": behind_s}
    return {"state": "ok"}


def _metrics(hall: Hall) -> list[str]:
    db, day = hall.store.read(), day_of(hall.store.clock(), hall.settings.office.zone)
    states, waiting = figures.counts(db, day), lines.waiting_counts(db, day)
    rows = ["# HELP hall_tickets Tickets of today by state.", "# TYPE hall_tickets gauge"]
    rows += [f'hall_tickets{{state="{state}"}} {count}' for state, count in sorted(states.items())]
    rows += ["# HELP hall_waiting Tickets waiting now, by service.", "# TYPE hall_waiting gauge"]
    rows += [
        f'hall_waiting{{service="{service.id}"}} {waiting.get(service.id, (0, None))[0]}'
        for service in hall.settings.services
    ]
    rows += ["# HELP hall_journal_events Events in the journal.", "# TYPE hall_journal_events counter"]
    rows += [f"hall_journal_events {journal.head(db)[0]}"]
    rows += ["# HELP hall_streams Event streams open now.", "# TYPE hall_streams gauge"]
    rows += [f"hall_streams {hall.pulse.streams}"]
    rows += ["# HELP hall_device_ok 1 when the device works.", "# TYPE hall_device_ok gauge"]
    rows += [
        f'hall_device_ok{{device="{name}"}} {int(ask().get("state") not in BAD)}' for name, ask in hall.devices.items()
    ]
    return rows
