"""/visits: the service log for other systems and the supervisors' own programs."""

from flask import Blueprint, Response

from office import visit_filters
from web.acts import reply
from web.api.operation import operation
from web.callers import allow
from web.hall import Hall
from web.visit_query import QUERY, figure, wanted
from web.visit_shapes import visit_shape

LIMIT, LIMIT_MAX = 200, 1000


def create(hall: Hall) -> Blueprint:
    """The blueprint of /visits. Clerks and screens have no business here."""
    api = Blueprint("api_visits", __name__)

    @api.get("/visits")
    @operation(
        "Visits that fit all that is asked, the newest first: one a ticket, with every counter it came to",
        answers={200: "Visits"},
        query=QUERY | {"limit": f"1 to {LIMIT_MAX}", "offset": "how many to leave out"},
        scope="journal",
    )
    @allow(hall, "person", "key", scope="journal", supervisor=True)
    def visits() -> Response:
        asked, now = wanted(hall), hall.store.clock()
        found = visit_filters.find(hall.store.read(), asked, now, hall.settings.office.zone)
        begin = figure("offset", 1_000_000)
        page = found[begin : begin + (figure("limit", LIMIT_MAX) or LIMIT)]
        shapes = [visit_shape(hall, visit, now) for visit in page]
        return reply(200, {"day": asked.day.isoformat(), "total": len(found), "visits": shapes})

    return api
