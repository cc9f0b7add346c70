"""The description says what is served, no less and no more."""

from collections.abc import Iterator
from typing import Any, get_origin
from urllib.parse import urlencode

import msgspec
import pytest

from orderwright.doors.api import queries
from orderwright.doors.api.openapi import describe
from orderwright.doors.api.route import Deed, Read, Route
from orderwright.doors.api.routes import all_routes
from orderwright.values import strict_json

DEEDS = [route for route in all_routes() if isinstance(route, Deed)]
READS = [route for route in all_routes() if isinstance(route, Read)]


def _name(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture(scope="module")
def described() -> Any:
    return msgspec.json.decode(describe(all_routes()))


def test_every_route_is_described(described: Any) -> None:
    told = {(method.upper(), path) for path, methods in described["paths"].items() for method in methods}
    assert told == {(route.method, route.path) for route in all_routes()}
    assert described["openapi"] == "3.1.0"


@pytest.mark.parametrize("route", all_routes(), ids=_name)
def test_a_route_says_what_it_is_for(route: Route) -> None:
    summary, _, rest = route.notes.text.partition("\n")
    assert summary.endswith(".")
    assert rest == "" or rest.startswith("\n") or rest[0].isupper()


@pytest.mark.parametrize("route", [route for route in DEEDS if route.body is not None], ids=_name)
def test_the_example_of_a_body_is_a_sound_body(route: Deed) -> None:
    assert route.notes.example is not None
    body = strict_json.decode(msgspec.json.encode(route.notes.example), route.body)
    assert isinstance(body, get_origin(route.body) or route.body)


@pytest.mark.parametrize("route", [route for route in READS if route.query is not None and route.notes.example])
def test_the_example_of_a_query_is_a_sound_query(route: Read) -> None:
    query = queries.parse(urlencode(route.notes.example).encode(), route.query)
    assert isinstance(query, route.query)


def test_no_body_takes_unknown_fields(described: Any) -> None:
    schemas = described["components"]["schemas"]
    for route in DEEDS:
        for name in _forms(described["paths"][route.path][route.method.lower()].get("requestBody"), schemas):
            assert schemas[name]["additionalProperties"] is False, name


def test_what_is_open_says_so_and_the_rest_needs_a_key(described: Any) -> None:
    assert described["security"] == [{"key": []}]
    assert described["paths"]["/health/ready"]["get"]["security"] == []
    assert "security" not in described["paths"]["/v1/orders"]["post"]
    assert described["paths"]["/v1/orders"]["post"]["x-scope"] == "orders:write"


@pytest.mark.parametrize("route", [*DEEDS, *READS], ids=_name)
def test_a_time_that_is_told_to_us_names_its_zone(route: Deed | Read) -> None:
    told = route.body if isinstance(route, Deed) else route.query
    loose = _times(msgspec.inspect.type_info(told), frozenset(), "") if told is not None else iter(())
    # An order's are a finding of their own among all the others.
    assert [each for each in loose if not each.endswith(("/placed_at", "/ship_before"))] == []


def _times(shape: Any, within: frozenset[type], at: str) -> Iterator[str]:
    """Where times without a zone are taken."""
    if isinstance(shape, msgspec.inspect.DateTimeType) and shape.tz is not True:
        yield at
    for field in getattr(shape, "fields", ()) if getattr(shape, "cls", None) not in within else ():
        yield from _times(field.type, within | {shape.cls}, f"{at}/{field.encode_name}")
    for name in ("type", "item_type", "value_type"):
        if isinstance(inner := getattr(shape, name, None), msgspec.inspect.Type):
            yield from _times(inner, within, at)
    for name in ("types", "item_types"):
        for inner in getattr(shape, name, ()):
            yield from _times(inner, within, at)


def test_every_reference_leads_somewhere(described: Any) -> None:
    schemas = described["components"]["schemas"]
    assert set(_references(described)) <= set(schemas)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].rpartition("/")[2]
        for each in node.values():
            yield from _references(each)
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)


def _forms(node: Any, schemas: Any) -> set[str]:
    """Object schemas a body is made of, through all references."""
    found: set[str] = set()
    left = list(_references(node))
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left.extend(_references(schemas[name]))
    return {name for name in found if schemas[name].get("type") == "object"}
