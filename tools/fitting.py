"""Holding answers of the API against its own description, as another program would."""

from datetime import datetime
from typing import Any

from openapi_schema_validator import OAS31Validator, oas31_format_checker
from werkzeug.test import TestResponse

from tools.webhall import API, Doors

PROBLEM = "application/problem+json"
MOMENTS = ("at", "since", "hold_until")


class Fits:
    """``fits(answer, status, schema)``: the answer's body, once it fits the described schema."""

    def __init__(self, doors: Doors) -> None:
        answer = doors.open.get(f"{API}/openapi.json")
        self.spec: dict[str, Any] = dict(answer.get_json())

    def __call__(self, answer: TestResponse, status: int, name: str) -> dict[str, Any]:
        """Raises AssertionError or a ValidationError, saying what does not fit."""
        kind = PROBLEM if status >= 400 else "application/json"
        if (answer.status_code, answer.mimetype) != (status, kind):
            raise AssertionError(f"{answer.status_code} {answer.mimetype}, not {status} {kind}: {answer.text}")
        body = answer.get_json(force=True)
        whole = {"$ref": f"#/components/schemas/{name}", "components": self.spec["components"]}
        OAS31Validator(whole, format_checker=oas31_format_checker).validate(body)
        for key, value in body.items():
            if (key.endswith("_at") or key in MOMENTS) and value and datetime.fromisoformat(value).tzinfo is None:
                raise AssertionError(f"{key} has no offset: {value}")
        return dict(body)
