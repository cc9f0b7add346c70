"""Keys limited to scopes, sites or channels, at the routes of an order's life."""

import pytest

from tests.client import Client
from tests.doors_life.conftest import Life

ID = "0198c2f0-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def number(life: Life) -> str:
    """A shipped and returned order of channel web at LEEDS, with an exception."""
    number = life.place({"MUG": 2})
    life.shipped(number)
    life.done("/v1/returns", {"order": number, "lines": [{"position": 1, "quantity": 1}]})
    life.done(f"/v1/orders/{number}/refunds", {"amount": "1.00", "reason": "x", "reference": "1"})
    other = life.place({"MUG": 1})
    life.done(f"/v1/orders/{other}/hold", {"kind": "fraud"})
    return number


def paths(life: Life, number: str) -> list[tuple[str, str, object]]:
    """Every call about a thing of the order's."""
    order = life.get(f"/v1/orders/{number}")
    [part] = order["fulfilments"]
    [parcel] = part["parcels"]
    [task] = life.get(f"/v1/fulfilments/{part['id']}/pick-list")["tasks"]
    [back] = life.get(f"/v1/returns?order={number}")["items"]
    paper = life.get(f"/v1/orders/{number}/balance")["papers"][0]["number"]
    exception = next(row for row in life.get("/v1/exceptions?kind=manual")["items"] if row["is_hold"])["id"]
    scan = {"carrier": "practice", "external_id": "s", "tracking_code": parcel["tracking_code"],
            "milestone": "in_transit", "occurred_at": "2026-12-01T10:00:00Z"}  # fmt: skip
    paid = {"state": "paid", "amount": "1.00", "gateway": "bank", "reference": "T-1"}
    return [
        ("POST", f"/v1/orders/{number}/cancel", {"reason": "x"}),
        ("POST", f"/v1/orders/{number}/hold", {}),
        ("POST", f"/v1/orders/{number}/release", {"kind": "x"}),
        ("POST", f"/v1/orders/{number}/payments", paid),
        ("POST", f"/v1/orders/{number}/refunds", {"amount": "1.00", "reason": "x", "reference": "2"}),
        ("GET", f"/v1/orders/{number}/balance", None),
        ("GET", f"/v1/invoices/{paper}", None),
        ("GET", f"/v1/exceptions/{exception}", None),
        ("POST", f"/v1/exceptions/{exception}/resolve", {"resolution": "x", "release": True}),
        ("POST", f"/v1/exceptions/{exception}/assign", {"owner": "sue"}),
        ("GET", f"/v1/fulfilments/{part['id']}", None),
        ("GET", f"/v1/fulfilments/{part['id']}/pick-list", None),
        ("POST", f"/v1/fulfilments/{part['id']}/release", None),
        ("POST", f"/v1/fulfilments/{part['id']}/pack", {}),
        ("POST", f"/v1/pick-tasks/{task['id']}/pick", {"quantity": 2}),
        ("POST", f"/v1/pick-tasks/{task['id']}/short", {"found": 0}),
        ("GET", f"/v1/parcels/{parcel['id']}", None),
        ("GET", f"/v1/parcels/{parcel['id']}/label", None),
        ("POST", f"/v1/parcels/{parcel['id']}/hand-over", {}),
        ("POST", "/v1/tracking-events", scan),
        ("POST", "/v1/returns", {"order": number, "lines": [{"position": 1, "quantity": 1}]}),
        ("GET", f"/v1/returns/{back['id']}", None),
        ("POST", f"/v1/returns/{back['id']}/receive", {}),
        ("POST", "/v1/sites/LEEDS/release", {}),
        ("POST", "/v1/put-backs", {"site": "LEEDS", "sku": "MUG", "quantity": 1}),
    ]  # fmt: skip


SCOPES = ("orders:read", "orders:write", "floor:read", "floor:write", "shipping:read", "shipping:write",
          "money:read", "money:write")  # fmt: skip


@pytest.mark.parametrize("limits", [{"channels": ["shop"]}, {"sites": ["BRISTOL"]}])
def test_a_key_reaches_nothing_beyond_its_limits(life: Life, number: str, limits: dict[str, list[str]]) -> None:
    call = life.served.at(*SCOPES, **limits)
    before = life.snapshot()
    for method, path, body in paths(life, number):
        reply = call(method, path, body)
        assert (reply.status, reply.code) == (403, "forbidden"), (method, path)
    assert life.snapshot() == before


def test_a_key_reaches_what_is_within_its_limits(life: Life, number: str) -> None:
    call = life.served.at(*SCOPES, channels=["web"], sites=["LEEDS"])
    for method, path, _ in paths(life, number):
        if method == "GET":
            assert call(method, path).status == 200, path
    assert call("POST", f"/v1/orders/{number}/hold", {}).code == "order_step"


def test_lists_hold_only_what_is_within_the_limits(life: Life, number: str) -> None:
    foreign = life.served.at(*SCOPES, channels=["shop"])
    ours = life.served.at(*SCOPES, channels=["web"])
    picked = life.place({"MUG": 1})
    life.picked(picked)
    life.done(f"/v1/orders/{picked}/cancel", {"reason": "x"})
    for path in ("/v1/exceptions", "/v1/returns", "/v1/fulfilments", "/v1/fulfilments?state=shipped&site=LEEDS",
                 "/v1/parcels?state=shipped", "/v1/put-backs?site=LEEDS"):  # fmt: skip
        assert life.get(path)["items"], path
        assert ours("GET", path).json == life.get(path), path
        assert foreign("GET", path).json == {"items": [], "next": None}, path
    elsewhere = life.served.at(*SCOPES, sites=["BRISTOL"])
    assert elsewhere("GET", "/v1/put-backs?site=LEEDS").code == "forbidden"
    for path in ("/v1/exceptions", "/v1/returns", "/v1/fulfilments?state=shipped", "/v1/parcels?state=shipped"):
        assert elsewhere("GET", path).json["items"] == [], path


def test_a_thing_there_is_none_of_is_not_found_for_a_limited_key_too(life: Life) -> None:
    call = life.served.at(*SCOPES, channels=["web"], sites=["LEEDS"])
    for path in (f"/v1/exceptions/{ID}", f"/v1/fulfilments/{ID}", f"/v1/parcels/{ID}", f"/v1/returns/{ID}",
                 "/v1/invoices/INV-999999", "/v1/invoices/x", "/v1/orders/OW-0/balance"):  # fmt: skip
        assert call("GET", path).code == "not_found", path
    assert call("POST", f"/v1/pick-tasks/{ID}/pick", {"quantity": 1}).code == "not_found"


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ("orders:write", "/v1/orders/OW-0/cancel"), ("orders:write", f"/v1/exceptions/{ID}/resolve"),
        ("floor:write", f"/v1/fulfilments/{ID}/release"), ("floor:write", f"/v1/returns/{ID}/inspect"),
        ("shipping:write", f"/v1/parcels/{ID}/label"), ("shipping:write", "/v1/tracking-events"),
        ("money:write", "/v1/orders/OW-0/refunds"), ("money:write", f"/v1/returns/{ID}/settle"),
        ("orders:write", "/v1/returns"),
    ],
)  # fmt: skip
def test_each_call_needs_its_scope(life: Life, scope: str, path: str) -> None:
    others: Client = life.served.at(*[each for each in SCOPES if each != scope])
    reply = others("POST", path, {})
    assert (reply.status, reply.code, reply.json["scope"]) == (403, "forbidden", scope)
