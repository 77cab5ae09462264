"""Reading a request's JSON body into a model, strictly."""

from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from office.errors import BadRequest, OfficeError
from web.problems import of_validation

Model = TypeVar("Model", bound="Body")


class Body(BaseModel):
    """A request body: unknown fields are refused, values are not converted."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


class UnsupportedMedia(OfficeError):
    """A body that is not JSON."""

    key = "error.media_type"
    status = 415


def body(model: type[Model]) -> Model:
    """The request's body as ``model``. An empty body counts as ``{}``.

    Raises UnsupportedMedia, BadRequest for malformed JSON, Invalid naming the fields that do not fit.
    """
    raw = request.get_data(cache=True)
    if raw and request.mimetype != "application/json":
        raise UnsupportedMedia("send Content-Type: application/json")
    try:
        return model.model_validate(_parse(raw) if raw else {})
    except ValidationError as fault:
        raise of_validation(fault) from fault


def _parse(raw: bytes) -> Any:
    try:
        return from_json(raw, allow_inf_nan=False)
    except ValueError as fault:
        raise BadRequest("the body is not valid JSON in UTF-8") from fault
