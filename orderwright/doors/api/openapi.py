"""The OpenAPI 3.1 description, made from the routes: whatever is served is described, and nothing else."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from orderwright import __version__
from orderwright.doors.api.route import JSON, ByToken, Deed, Many, Open, Read, Route, Upload

_REF = "#/components/schemas/{name}"
_PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457): `code` is stable, the other members are the facts behind it.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "may_retry": {"type": "boolean", "description": "Whether the same call may succeed later."},
        "request_id": {"type": "string"},
        "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}},
    },
    "examples": [
        {
            "type": "urn:orderwright:problem:malformed", "title": "Malformed", "status": 422,
            "code": "malformed", "detail": "The request has fields that cannot be read; `findings` lists each of them.",
            "may_retry": False,
            "findings": [{"pointer": "/lines/0/quantity", "code": "wrong_value", "message": "Expected `int`."}],
        }
    ],
}  # fmt: skip
_FINDING = {
    "type": "object",
    "description": "One thing wrong with a request.",
    "properties": {
        "pointer": {"type": "string", "description": "JSON pointer into the body, or ?parameter."},
        "code": {"type": "string"},
        "message": {"type": "string"},
    },
}


def describe(routes: Sequence[Route]) -> bytes:
    """The description as JSON."""
    shapes = list(dict.fromkeys(shape for route in routes for shape in _shapes(route)))
    refs, components = msgspec.json.schema_components(shapes, schema_hook=_hook, ref_template=_REF)
    by_shape = dict(zip(shapes, refs, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, by_shape)
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Orderwright", "version": __version__,
                "description": "Orders from placed to kept. Money is a decimal string, times are UTC,"
                " unknown fields are refused, and every POST takes an Idempotency-Key.",
            },
            "security": [{"key": []}],
            "paths": paths,
            "components": {
                "schemas": {**components, "Problem": _PROBLEM, "Finding": _FINDING},
                "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            },
        }
    )  # fmt: skip


def _hook(shape: type) -> dict[str, Any]:
    if shape in (msgspec.Raw, object):
        return {"description": "A JSON value whose members depend on what it is about."}
    raise NotImplementedError


def _shapes(route: Route) -> list[Any]:
    if isinstance(route, Deed):
        return [shape for shape in (route.body, route.answer) if shape is not None]
    if isinstance(route, (Read, Upload, ByToken)):
        return [route.answer]
    return _shapes(route.deed) if isinstance(route, Many) else []


def _operation(route: Route, refs: dict[Any, Any]) -> dict[str, Any]:
    summary, _, rest = route.notes.text.partition("\n")
    operation: dict[str, Any] = {
        "operationId": route.notes.name,
        "summary": summary,
        "parameters": _parameters(route),
        "responses": _responses(route, refs),
    }
    if rest.strip():
        operation["description"] = rest.strip()
    if isinstance(route, (Open, ByToken)):
        operation["security"] = []
    else:
        operation["x-scope"] = route.scope
    if isinstance(route, Deed) and route.body is not None:
        operation["requestBody"] = {"content": {"application/json": _content(refs[route.body], route.notes.example)}}
    elif isinstance(route, Many):
        body = refs[route.deed.body]
        operation["requestBody"] = {
            "content": {
                "application/json": {"schema": {"type": "array", "items": body}},
                "application/x-ndjson": {"schema": body},
            }
        }
    elif isinstance(route, Upload):
        operation["requestBody"] = {"content": {"application/octet-stream": {}}}
    return operation


def _content(schema: Any, example: Any) -> dict[str, Any]:
    return {"schema": schema} if example is None else {"schema": schema, "example": example}


def _responses(route: Route, refs: dict[Any, Any]) -> dict[str, Any]:
    if isinstance(route, Open):
        return {"200": {"description": "OK"}}
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    responses: dict[str, Any] = {
        "default": {"description": "Refused.", "content": {"application/problem+json": problem}}
    }
    if isinstance(route, Deed) and route.outcome is not None:
        responses["202"] = {"description": "It takes longer; `ask` is the address to ask."}
    for status in _statuses(route):
        phrase = HTTPStatus(status).phrase
        responses[str(status)] = {"description": phrase}
        if not isinstance(route, Many):
            kind = route.content_type if isinstance(route, Read) else JSON
            is_file = isinstance(route, Read) and route.answer is bytes
            schema = {"type": "string", "format": "binary"} if is_file else refs[route.answer]
            responses[str(status)]["content"] = {kind: {"schema": schema}}
    return responses


def _statuses(route: Deed | Read | Many | Upload | ByToken) -> tuple[int, ...]:
    if isinstance(route, Deed):
        return (route.status,) if isinstance(route.status, int) else (200, 201)
    return (200, 202) if isinstance(route, Upload) else (200,)


def _parameters(route: Route) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    if isinstance(route, (Read, Upload)) and route.query is not None:
        example = route.notes.example or {}
        (_, components) = msgspec.json.schema_components([route.query], ref_template=_REF)
        schema = components[route.query.__name__]
        for name, each in schema["properties"].items():
            about = each.pop("description", "")
            parameter = {"name": name, "in": "query", "schema": each, "description": about}
            parameter["required"] = name in schema["required"]
            parameters.append(parameter | ({"example": example[name]} if name in example else {}))
    if isinstance(route, (Deed, Many)):
        if route.method == "POST":
            parameters.append(_header("Idempotency-Key", "The same key and body get the first answer again."))
        if isinstance(route, Deed):
            parameters.append(_header("If-Match", "The `version` you read: refused with 412 when it is stale."))
    return parameters


def _header(name: str, about: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": {"type": "string"}, "description": about}
