"""The posted catalogue."""

from typing import Any

from flask import Blueprint, Response, request

from office import procedures
from office.catalogue_entry import Procedure
from office.clock import local
from office.errors import BadRequest
from web.acts import reply
from web.api.operation import operation
from web.hall import Hall

LIMIT, LIMIT_MAX, QUERY_MAX = 20, 500, 100


def create(hall: Hall) -> Blueprint:
    """The blueprint of /procedures. Open to all: the catalogue is posted for everyone to read."""
    api = Blueprint("api_procedures", __name__)

    @api.get("/procedures")
    @operation(
        "Search the catalogue; accents and one typing slip a word are forgiven",
        answers={200: "Procedures"},
        query={"q": "words or a code", "field": "field name", "limit": f"1 to {LIMIT_MAX}"},
    )
    def search() -> Response:
        query, field = request.args.get("q", ""), request.args.get("field", "")
        if len(query) > QUERY_MAX or len(field) > QUERY_MAX:
            raise BadRequest(f"q and field have at most {QUERY_MAX} characters", field="q")
        limit = request.args.get("limit", str(LIMIT))
        if not limit.isdecimal() or not 1 <= int(limit[:6]) <= LIMIT_MAX:
            raise BadRequest(f"limit is 1 to {LIMIT_MAX}", field="limit")
        db = hall.store.read()
        day = local(hall.store.clock(), hall.settings.office.zone).date()
        found = procedures.search(db, query, field, int(limit), day)
        edition = procedures.edition(db)
        return reply(
            200,
            {
                "procedures": [_shape(hall, p) for p in found],
                "fields": [{"field": f.field, "count": f.count} for f in procedures.fields(db, day)],
                "total": edition.total if edition else 0,
                "updated": edition.newest.isoformat() if edition else None,
            },
        )

    @api.get("/procedures/<code>")
    @operation("One procedure; the first eight characters of the code count", answers={200: "Procedure"})
    def show(code: str) -> Response:
        return reply(200, _shape(hall, procedures.get(hall.store.read(), code)))

    return api


def _shape(hall: Hall, procedure: Procedure) -> dict[str, Any]:
    """A procedure, with the service whose counter handles it (None: ask at the guidance desk)."""
    return procedure.model_dump(mode="json") | {"service": hall.settings.service_of_field.get(procedure.field)}
