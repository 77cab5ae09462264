"""Other systems' keys, for supervisors: which there are, and their end. They are made on the command line."""

from flask import Blueprint, Response

from office import doors
from web.acts import done, reply
from web.api.operation import operation
from web.callers import allow
from web.hall import Hall


def create(hall: Hall) -> Blueprint:
    """The blueprint of /keys."""
    api = Blueprint("api_keys", __name__)
    chiefs = allow(hall, "person", "key", scope="admin", supervisor=True)

    @api.get("/keys")
    @operation("Keys of other systems; never their secrets", answers={200: ""}, scope="admin")
    @chiefs
    def list_keys() -> Response:
        found = doors.keys(hall.store.read())
        return reply(200, {"keys": [{"name": key.name, "scopes": sorted(key.scopes)} for key in found]})

    @api.delete("/keys/<name>")
    @operation("Remove a key; it opens nothing from then on", answers={204: ""}, scope="admin")
    @chiefs
    def remove_key(name: str) -> Response:
        return done(hall, lambda act, actor: doors.remove_key(act, hall.settings, name, actor=actor))

    return api
