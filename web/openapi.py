"""/api/v1/openapi.json, built from what the calls say of themselves."""

import json
import re
from functools import cache
from typing import Any

from flask import Flask, Response

from web.api.operation import ATTRIBUTE, Operation
from web.api.schemas import SCHEMAS
from web.bodies import Body

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
VERSION = "1.0.0"


def install(app: Flask, prefix: str) -> None:
    """Serve the description of every call below ``prefix``; made when it is first asked for."""

    @cache
    def text() -> str:
        return json.dumps(describe(app, prefix), ensure_ascii=False)

    def openapi() -> Response:
        return Response(text(), content_type="application/json")

    app.add_url_rule(f"{prefix}/openapi.json", "openapi", openapi, methods=["GET"])


def describe(app: Flask, prefix: str) -> dict[str, Any]:
    """The OpenAPI 3.1 description of the app's calls. Raises KeyError for an answer schema that is not defined."""
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = dict(SCHEMAS)
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
        found: Operation | None = getattr(app.view_functions[rule.endpoint], ATTRIBUTE, None)
        if found is None or not rule.rule.startswith(prefix):
            continue
        path = PARAMETER.sub(r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _call(found, method, path, rule.endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Một cửa: counter hall", "version": VERSION},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": _DOORS},
    }


_DOORS = {
    "key": {"type": "http", "scheme": "bearer", "description": "made by: server.py keys add NAME --scope SCOPE"},
    "session": {"type": "apiKey", "in": "cookie", "name": "mc_session", "description": "with X-CSRF-Token on acts"},
    "kiosk": {"type": "apiKey", "in": "cookie", "name": "mc_kiosk"},
    "board": {"type": "apiKey", "in": "cookie", "name": "mc_board"},
}


def _call(found: Operation, method: str, path: str, endpoint: str, schemas: dict[str, Any]) -> dict[str, Any]:
    call: dict[str, Any] = {
        "operationId": endpoint.removeprefix("api_").replace(".", "_"),
        "summary": found.summary,
        "responses": {str(status): _answer(name, found.gives) for status, name in found.answers.items()},
    }
    call["responses"]["default"] = {
        "description": "problem",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if found.scope:
        call["security"] = [*({"key": [scope]} for scope in found.scope), {"session": []}, {"kiosk": []}, {"board": []}]
    call["parameters"] = [_parameter(name, "path") for name in re.findall(r"{(\w+)}", path)]
    call["parameters"] += [_parameter(name, "query", text) for name, text in found.query.items()]
    if method == "POST":
        call["parameters"].append(_parameter("Idempotency-Key", "header", "the same key gives the same answer, 24 h"))
    if (found.body is not None or found.media) and method != "GET":
        call["requestBody"] = _body(found.body, found.media, schemas)
    return call


def _body(model: type[Body] | None, media: tuple[str, ...], schemas: dict[str, Any]) -> dict[str, Any]:
    """JSON as ``model`` says, or a file of one of ``media`` as it is; the model joins ``schemas``."""
    if model is None:
        return {"content": {kind: {} for kind in media}, "required": True}
    name = model.__name__
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    for inner, described in schema.pop("$defs", {}).items():
        schemas.setdefault(inner, described)
    schemas.setdefault(name, schema)
    content: dict[str, Any] = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    content |= {kind: {} for kind in media}  # OpenAPI 3.1: binary content has no schema
    return {"content": content, "required": bool(schemas[name].get("required")) or bool(media)}


def _answer(name: str, gives: tuple[str, ...]) -> dict[str, Any]:
    if not name:
        return {"description": "done"} | ({"content": {kind: {} for kind in gives}} if gives else {})
    SCHEMAS[name]
    kind = "application/problem+json" if name.endswith("Problem") else "application/json"
    return {"description": name, "content": {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


def _parameter(name: str, place: str, text: str = "") -> dict[str, Any]:
    shape = {"name": name, "in": place, "required": place == "path", "schema": {"type": "string"}}
    return shape | ({"description": text} if text else {})
