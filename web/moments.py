"""Moments as callers write them."""

from datetime import datetime

from office.clock import millis
from office.errors import BadRequest


def moment(text: str, name: str) -> int:
    """The RFC 3339 moment ``text`` of the field ``name``, ms UTC. Raises BadRequest."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))  # a + in a query arrives as a space
        if found.tzinfo is None:
            raise ValueError("no offset")
        return millis(found)
    except (ValueError, OverflowError) as fault:
        raise BadRequest(f"{name} is not an RFC 3339 moment with offset", field=name) from fault
