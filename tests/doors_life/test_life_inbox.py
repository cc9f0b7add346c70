"""A channel's messages over HTTP: kept as they came, read by themselves, parked when they are no good."""

from typing import Any

import msgspec
import pytest

from orderwright.values.ids import new_id
from tests.doors_life.conftest import Life


@pytest.fixture
def order(life: Life) -> dict[str, Any]:
    """The form of an order nobody sent yet."""
    life.shop.stock("LEEDS", MUG=5)
    form: dict[str, Any] = msgspec.to_builtins(life.shop.form({"MUG": 2}, reference=f"I-{new_id()}"))
    return form


def message(order: dict[str, Any], topic: str = "order.created", **changes: Any) -> dict[str, Any]:
    return {"topic": topic, "external_id": order["reference"], "message": {**order, **changes}}


def outcomes(life: Life, order: dict[str, Any]) -> list[tuple[str, str, str]]:
    items = life.get(f"/v1/inbox?external_id={order['reference']}")["items"]
    return [(row["topic"], row["state"], row["outcome"]) for row in items]


def test_a_message_becomes_an_order_once(life: Life, order: dict[str, Any]) -> None:
    first = life.post("/v1/inbox/web", message(order))
    assert first.status == 201
    again = life.post("/v1/inbox/web", message(order))
    assert (again.status, again.json) == (200, {"id": first.json["id"], "repeated": True})
    life.work()
    [row] = life.get(f"/v1/orders?q={order['reference']}")["items"]
    assert outcomes(life, order) == [("order.created", "done", f"placed {row['number']}")]
    cancelled = {"reference": order["reference"], "reason": "changed_mind"}
    life.done("/v1/inbox/web", {**message(order, "order.cancelled"), "message": cancelled})
    life.work()
    assert life.state(row["number"]) == "cancelled"


def test_a_message_is_kept_byte_for_byte(life: Life, order: dict[str, Any]) -> None:
    sent = b'{"b": 1.50,  "a\\u003ab": "caf\\u00e9"}'
    body = b'{"topic": "x", "external_id": "%s", "message": %s }' % (order["reference"].encode(), sent)
    life.done("/v1/inbox/web", body)
    kept = life.shop.value("SELECT body FROM inbox WHERE external_id = %(id)s", id=order["reference"])
    assert bytes(kept) == sent


def test_a_message_that_is_no_good_is_parked_and_read_again_when_told(life: Life, order: dict[str, Any]) -> None:
    told = life.done("/v1/inbox/web", message(order, total=7))
    refused = life.refused(f"/v1/inbox/{told['id']}/retry")
    assert refused == (409, "message_step", {"state": "stored"})
    life.work()
    [(_, state, outcome)] = outcomes(life, order)
    assert (state, outcome.partition(" ")[0]) == ("parked", "malformed:")
    assert life.done(f"/v1/inbox/{told['id']}/retry") == {"id": told["id"]}
    life.work()
    assert outcomes(life, order)[0][1] == "parked"
    assert life.refused("/v1/inbox/nothing/retry")[:2] == (404, "not_found")


def test_a_channel_nobody_knows_and_a_message_that_is_none_are_refused(life: Life, order: dict[str, Any]) -> None:
    assert life.refused("/v1/inbox/moon", message(order))[:2] == (422, "unknown_channel")
    status, code, facts = life.refused("/v1/inbox/web", {"topic": "", "external_id": 7, "colour": 1})
    assert (status, code) == (422, "malformed")
    assert sorted(each["pointer"] for each in facts["findings"]) == [
        "/colour", "/external_id", "/message", "/topic",
    ]  # fmt: skip
    twice = b'{"topic": "x", "external_id": "y", "message": {"a": 1, "a": 2}}'
    status, code, facts = life.refused("/v1/inbox/web", twice)
    assert [(each["pointer"], each["code"]) for each in facts["findings"]] == [("/message/a", "duplicate_key")]


def test_a_key_of_another_channel_neither_hands_in_nor_reads(life: Life, order: dict[str, Any]) -> None:
    told = life.done("/v1/inbox/web", message(order))
    call = life.served.at("orders:read", "orders:write", channels=["shop"])
    for method, path, body in (
        ("POST", "/v1/inbox/web", message(order)), ("POST", f"/v1/inbox/{told['id']}/retry", None),
        ("GET", "/v1/inbox?channel=web", None), ("GET", "/v1/inbox", None),
    ):  # fmt: skip
        assert call(method, path, body).code == "forbidden", path
    assert call("GET", "/v1/inbox?channel=shop").json == {"items": [], "next": None}
