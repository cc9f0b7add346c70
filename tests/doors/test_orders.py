"""Orders over HTTP: taken, taken many at a time, listed, found, told."""

import gzip
import json
from datetime import datetime
from typing import Any

import msgspec
import pytest

from orderwright.business.orders import reads
from orderwright.values.ids import new_id
from tests.client import Client
from tests.doors.conftest import Served


@pytest.fixture(scope="module")
def call(served: Served) -> Client:
    served.shop.stock("LEEDS", MUG=100_000)
    return served.at("orders:read", "orders:write")


@pytest.fixture
def order(served: Served) -> dict[str, Any]:
    """An order nobody placed yet."""
    form = served.shop.form({"MUG": 2}, reference=f"R-{new_id()}")
    told: dict[str, Any] = json.loads(msgspec.json.encode(form))
    return told


def test_an_order_is_taken_and_told_from_where_it_ships(call: Client, order: dict[str, Any]) -> None:
    reply = call("POST", "/v1/orders", order)
    assert (reply.status, reply.json["state"], reply.json["holds"]) == (201, "allocated", [])
    (part,) = reply.json["fulfilments"]
    assert (part["site"], part["lines"]) == ("LEEDS", [{"reference": "1", "sku": "MUG", "quantity": 2}])
    assert set(part["promise"]) == {"ship_by", "deliver_by"}


def test_the_same_order_again_is_repeated_and_another_differs(call: Client, order: dict[str, Any]) -> None:
    number = call("POST", "/v1/orders", order).json["number"]
    again = call("POST", "/v1/orders", order)
    assert (again.status, again.json["number"], again.json["repeated"]) == (200, number, True)
    differing = call("POST", "/v1/orders", {**order, "priority": 5})
    assert (differing.status, differing.code, differing.json["number"]) == (409, "order_differs", number)
    assert differing.json["fields"] == ["/priority"]


def test_an_order_that_cannot_be_taken_says_all_that_is_wrong(call: Client, order: dict[str, Any]) -> None:
    order["lines"][0]["sku"] = "NOTHING"
    reply = call("POST", "/v1/orders", {**order, "total": "1.00"})
    assert (reply.status, reply.code) == (422, "order_refused")
    assert {each["code"] for each in reply.json["findings"]} >= {"unknown_sku", "total_differs"}


def test_a_batch_is_answered_one_by_one_in_order(call: Client, order: dict[str, Any]) -> None:
    bad = {**order, "reference": "bad", "total": 7}
    reply = call("POST", "/v1/orders/batch", [order, bad, order])
    assert reply.status == 200
    told = [(each["index"], each["status"]) for each in reply.json["items"]]
    assert told == [(0, 201), (1, 422), (2, 200)]
    assert reply.json["items"][0]["answer"]["number"] == reply.json["items"][2]["answer"]["number"]
    assert reply.json["items"][1]["problem"]["findings"][0]["pointer"] == "/total"


def test_a_batch_of_lines_is_streamed_and_one_bad_line_spoils_no_other(call: Client, order: dict[str, Any]) -> None:
    lines = [json.dumps({**order, "reference": f"{order['reference']}-{i}"}) for i in range(600)]
    lines[17] = "{no json"
    lines[300] = "x" * 1_200_000
    body = gzip.compress("\n".join(lines).encode())
    reply = call("POST", "/v1/orders/batch", body, content_type="application/x-ndjson", content_encoding="gzip")
    results = [json.loads(line) for line in reply.content.splitlines()]
    assert [each["index"] for each in results] == list(range(600))
    refused = {each["index"]: each["problem"]["code"] for each in results if "problem" in each}
    assert refused == {17: "malformed", 300: "too_large"}
    assert {each["status"] for each in results} == {201, 422, 413}


def test_a_batch_sent_again_under_its_key_is_answered_the_same(
    served: Served, call: Client, order: dict[str, Any]
) -> None:
    lines = "\n".join(json.dumps({**order, "reference": f"{order['reference']}-{i}"}) for i in range(300)).encode()
    send = {"content_type": "application/x-ndjson", "idempotency_key": order["reference"]}
    first = call("POST", "/v1/orders/batch", lines, **send)
    again = call("POST", "/v1/orders/batch", lines, **send)
    assert again.content == first.content
    assert b'"status":201' in again.content
    other = call("POST", "/v1/orders/batch", lines.replace(b"A. Buyer", b"B. Buyer"), **send)
    assert {json.loads(line)["problem"]["code"] for line in other.content.splitlines()} == {"key_reused"}


def test_a_batch_of_nothing_is_answered_with_nothing(call: Client) -> None:
    assert call("POST", "/v1/orders/batch", []).json == {"items": []}
    assert call("POST", "/v1/orders/batch", b"\n \n", content_type="application/x-ndjson").content.strip() == b""


@pytest.mark.parametrize("body", [b"{}", b"[1", b"", b"[" * 100_000])
def test_a_batch_that_is_no_list_is_refused(call: Client, body: bytes) -> None:
    reply = call("POST", "/v1/orders/batch", body)
    assert (reply.status, reply.code) == (422, "malformed")


def test_a_list_is_read_page_by_page_without_gap_or_double(served: Served, call: Client) -> None:
    times = [f"2026-01-0{1 + i % 3}T10:00:00Z" for i in range(7)]
    for i, time in enumerate(times):
        form = served.shop.form({"MUG": 1}, reference=f"PG-{i}", placed_at=datetime.fromisoformat(time))
        assert call("POST", "/v1/orders", msgspec.json.encode(form)).status == 201
    seen: list[tuple[str, str]] = []
    after = ""
    while True:
        page = call("GET", f"/v1/orders?q=PG-&limit=3{after}").json
        assert len(page["items"]) <= 3
        seen += [(each["placed_at"], each["reference"]) for each in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [placed for placed, _ in seen] == sorted(times, reverse=True)
    assert sorted(reference for _, reference in seen) == [f"PG-{i}" for i in range(7)]


def test_orders_are_found_by_what_people_have_in_hand(served: Served, call: Client, order: dict[str, Any]) -> None:
    order["customer"]["email"] = "Zoe.Quill@Example.org"
    order["ship_to"]["postal_code"] = "ls29 8td"
    number = call("POST", "/v1/orders", order).json["number"]
    tracked = f"TRACK{number[3:]}"
    with served.shop.begin() as tx:
        tx.write(
            "INSERT INTO parcel (id, number, fulfilment_id, order_id, site, state, service, weight_g,"
            " expected_weight_g, tracking_code, token_hash, packed_at, deliver_by)"
            " SELECT id, number, id, id, 'LEEDS', 'packed', 'standard', 1, 1, %(code)s, number::bytea, %(now)s,"
            " '2026-12-01' FROM orders WHERE number = %(number)s",
            code=tracked, number=number, now=tx.now,
        )  # fmt: skip
    for q in (order["reference"], number, number.lower(), "zoe.quill@example", "LS29", "ls29 8t", tracked):
        items = call("GET", f"/v1/orders?q={q.replace(' ', '+')}").json["items"]
        assert number in [each["number"] for each in items], q
    assert call("GET", "/v1/orders?q=zoe.quill&state=cancelled").json["items"] == []
    assert call("GET", "/v1/orders?q=%25%25%25").json["items"] == []


def test_too_many_matches_are_walked_from_the_newest(
    served: Served, call: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(6):
        assert call("POST", "/v1/orders", msgspec.json.encode(served.shop.form({"MUG": 1}, reference=f"MANY-{i}")))
    few = call("GET", "/v1/orders?q=MANY-&limit=4").json
    monkeypatch.setattr(reads, "SORTED_MAX", 3)
    many = call("GET", "/v1/orders?q=MANY-&limit=4").json
    assert many == few
    assert len(call("GET", f"/v1/orders?q=MANY-&limit=4&after={many['next']}").json["items"]) == 2


def test_a_list_keeps_to_its_state_and_channel(call: Client, order: dict[str, Any]) -> None:
    order["payment"] = {"state": "unpaid"}
    number = call("POST", "/v1/orders", order).json["number"]
    held = call("GET", "/v1/orders?state=held&channel=web&limit=200").json["items"]
    assert number in [each["number"] for each in held]
    assert {(each["state"], each["channel"]) for each in held} == {("held", "web")}
    assert call("GET", "/v1/orders?channel=none").json == {"items": [], "next": None}


@pytest.mark.parametrize("query", ["state=lost", "q=ab", "q=+++", "after=nonsense", "after=WzFd", "limit=201"])
def test_a_list_asked_for_wrongly_is_refused(call: Client, query: str) -> None:
    assert call("GET", f"/v1/orders?{query}").code == "malformed"


def test_one_order_shows_its_lines_and_what_ships_them(call: Client, order: dict[str, Any]) -> None:
    order["lines"][0]["quantity"] = 3
    order["total"] = order["payment"]["amount"] = "22.50"
    number = call("POST", "/v1/orders", order).json["number"]
    shown = call("GET", f"/v1/orders/{number}").json
    assert (shown["number"], shown["reference"], shown["version"]) == (number, order["reference"], 1)
    assert shown["amounts"] == {
        "goods": "22.50", "discount": "0.00", "shipping": "0.00", "tax": "0.00", "total": "22.50",
    }  # fmt: skip
    (line,) = shown["lines"]
    assert (line["sku"], line["quantity"], line["unit_price"], line["amount"]) == ("MUG", 3, "7.50", "22.50")
    assert line["stages"]["allocated"] == 3
    (part,) = shown["fulfilments"]
    assert (part["site"], part["lines"], part["parcels"]) == (
        "LEEDS", [{"position": 1, "sku": "MUG", "quantity": 3}], [],
    )  # fmt: skip
    assert shown["written"]["ship_to"]["city"] == "Leeds"


def test_the_timeline_tells_every_fact_with_its_hash(call: Client, order: dict[str, Any]) -> None:
    number = call("POST", "/v1/orders", order).json["number"]
    page = call("GET", f"/v1/orders/{number}/timeline").json
    (fact,) = [each for each in page["items"] if each["kind"] == "order"]
    assert (fact["type"], fact["seq"], len(fact["hash"])) == ("order_placed", 1, 64)
    assert fact["facts"]["total_minor"] == 1500
    assert page["next"] is None


def test_why_it_was_routed_and_held_so(call: Client, order: dict[str, Any]) -> None:
    order["payment"] = {"state": "unpaid"}
    number = call("POST", "/v1/orders", order).json["number"]
    told = call("GET", f"/v1/orders/{number}/explain").json
    (decision,) = told["decisions"]
    assert (decision["kind"], decision["outcome"]) == ("placed", "whole")
    # Other tests of this served shop may have opened sites of their own.
    assert {each["site"] for each in decision["candidates"]} >= {"LEEDS", "BRISTOL", "GLASGOW"}
    assert [(each["kind"], [why["code"] for why in each["because"]]) for each in told["holds"]] == [
        ("payment", ["payment_missing"])
    ]


@pytest.mark.parametrize("what", ["", "/timeline", "/explain"])
def test_an_order_there_is_none_of(call: Client, what: str) -> None:
    assert call("GET", f"/v1/orders/OW-0{what}").code == "not_found"
