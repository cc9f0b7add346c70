"""Who may do what: every route is asked without a key and with a key that may not."""

import hashlib
import http.client
from typing import Any

import msgspec
import pytest

from orderwright.business.orders.form import PaymentForm
from orderwright.database.keys import SCOPES, RevokeKey, revoke_keys
from orderwright.doors.api import access, rate
from orderwright.doors.api.route import ByToken, Deed, Many, Open, Read, Route
from orderwright.values.refusal import Refusal
from tests.client import Client
from tests.doors.conftest import Served, routes

GUARDED = [route for route in routes() if not isinstance(route, (Open, ByToken))]
OPEN = [route for route in routes() if isinstance(route, Open)]


def _name(route: Route) -> str:
    return f"{route.method} {route.path}"


def _path(route: Route) -> str:
    return route.path.replace("{", "").replace("}", "")


@pytest.mark.parametrize("route", GUARDED, ids=_name)
def test_without_a_key_nothing_is_done(served: Served, route: Route) -> None:
    reply = Client(served.port)(route.method, _path(route), {} if route.method != "GET" else None)
    assert (reply.status, reply.code, reply.headers["www-authenticate"]) == (401, "unauthorized", "Bearer")


@pytest.fixture(scope="module")
def all_but(served: Served) -> dict[str, Client]:
    """For each scope, a key that has every other one."""
    names = [scope for scope in SCOPES if scope != "admin"]
    return {scope: served.at(*[name for name in names if name != scope]) for scope in SCOPES}


@pytest.mark.parametrize("route", GUARDED, ids=_name)
def test_without_its_scope_nothing_is_done(all_but: dict[str, Client], route: Deed | Read | Many) -> None:
    reply = all_but[route.scope](route.method, _path(route), {} if route.method != "GET" else None)
    assert (reply.status, reply.code, reply.json["scope"]) == (403, "forbidden", route.scope)


@pytest.mark.parametrize("route", OPEN, ids=_name)
def test_what_is_open_needs_no_key(served: Served, route: Route) -> None:
    assert Client(served.port)("GET", route.path).status == 200


@pytest.mark.parametrize(
    "key", ["", "ow", "ow_a_b", f"ow_{'0' * 12}_{'0' * 64}", "ow_" + "é" * 90, f"xx_{'0' * 12}_{'0' * 64}"]
)
def test_what_is_no_key_opens_nothing(served: Served, key: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    connection.request("GET", "/v1/settings", headers={"authorization": f"Bearer {key}".encode()})
    assert connection.getresponse().status == 401
    connection.close()


def test_a_key_with_a_wrong_secret_opens_nothing(served: Served) -> None:
    key = served.key("admin").key or ""
    assert Client(served.port, key[:-1] + ("0" if key[-1] != "0" else "1"))("GET", "/v1/settings").status == 401


def test_a_revoked_key_opens_nothing_once_what_is_known_of_it_is_old(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert access.VALID_S < 5
    key = served.key("admin")
    client = Client(served.port, key.key)
    assert client("GET", "/v1/settings").status == 200
    served.shop.run(revoke_keys, RevokeKey(prefix=key.prefix, actor="test"))
    assert client("GET", "/v1/settings").status == 200  # still believed
    monkeypatch.setattr(access, "VALID_S", 0.0)
    assert client("GET", "/v1/settings").status == 401


def test_the_secret_is_nowhere_in_the_database(served: Served) -> None:
    key = served.key("admin").key or ""
    row = served.shop.rows("SELECT * FROM api_key WHERE prefix = %(prefix)s", prefix=key.split("_")[1])[0]
    secret = key.split("_")[2]
    assert bytes(row.secret) == hashlib.sha256(secret.encode()).digest()
    assert secret not in str(row)


@pytest.mark.parametrize(
    ("scopes", "sites"), [(["sales:write"], None), ([], None), (["admin"], ["LEEDS"]), (["orders:read", "all"], None)]
)
def test_a_key_without_sound_scopes_is_not_made(served: Served, scopes: list[str], sites: Any) -> None:
    admin = served.at("admin")
    before = len(admin("GET", "/v1/keys").json["items"])
    reply = admin("POST", "/v1/keys", {"name": "x", "scopes": scopes, "sites": sites})
    assert (reply.status, reply.code) == (422, "bad_scope" if scopes else "malformed")
    assert len(admin("GET", "/v1/keys").json["items"]) == before


def test_a_key_is_shown_once_even_to_the_one_who_made_it(served: Served) -> None:
    admin = served.at("admin")
    body = {"name": "till", "scopes": ["orders:write"], "channels": ["web"]}
    first = admin("POST", "/v1/keys", body, idempotency_key="till-1")
    assert (first.status, first.json["key"][:3]) == (201, "ow_")
    again = admin("POST", "/v1/keys", body, idempotency_key="till-1")
    assert (again.status, again.json["key"], again.json["prefix"]) == (201, None, first.json["prefix"])
    (shown,) = [each for each in admin("GET", "/v1/keys").json["items"] if each["prefix"] == first.json["prefix"]]
    assert (shown["channels"], "key" in shown) == (["web"], False)


def test_making_and_revoking_a_key_is_kept_with_its_actor(served: Served) -> None:
    admin = served.at("admin")
    prefix = admin("POST", "/v1/keys", {"name": "seen", "scopes": ["admin"]}).json["prefix"]
    assert admin("DELETE", f"/v1/keys/{prefix}").json["revoked_at"] is not None
    assert admin("DELETE", f"/v1/keys/{prefix}").status == 200
    rows = served.shop.rows(
        "SELECT before IS NULL AS is_new, actor FROM house_change WHERE kind = 'key' AND name = %(name)s ORDER BY id",
        name=prefix,
    )
    assert [row.is_new for row in rows] == [True, False]
    assert all(row.actor.startswith("key:") for row in rows)
    assert admin("DELETE", "/v1/keys/nobody").code == "not_found"


def test_a_key_limited_to_a_channel_touches_no_other(served: Served) -> None:
    shop = served.shop
    form = shop.form({"MUG": 1})
    limited = served.at("orders:write", "orders:read", "stock:read", "stock:write", channels=["market"])
    body = msgspec.json.encode(form)
    assert limited("POST", "/v1/orders", body).code == "forbidden"
    number = served.at("orders:write")("POST", "/v1/orders", body).json["number"]
    assert limited("GET", f"/v1/orders/{number}").code == "forbidden"
    assert limited("GET", f"/v1/orders/{number}/timeline").code == "forbidden"
    assert limited("GET", "/v1/orders/OW-999999").code == "not_found"
    assert [each for each in limited("GET", "/v1/orders").json["items"] if each["channel"] != "market"] == []
    results = limited("POST", "/v1/orders/batch", b"[" + body + b"]").json["items"]
    assert [each["problem"]["code"] for each in results] == ["forbidden"]
    assert limited("GET", "/v1/availability?sku=MUG").code == "forbidden"
    assert limited("GET", "/v1/availability?sku=MUG&channel=market").code == "unknown_channel"


def test_a_key_limited_to_a_site_touches_no_other(served: Served) -> None:
    limited = served.at("stock:write", "stock:read", "orders:read", sites=["BRISTOL"])
    receipt = {"site": "LEEDS", "lines": [{"sku": "MUG", "quantity": 1}]}
    reply = limited("POST", "/v1/stock/receipts", receipt)
    assert (reply.code, reply.json["limits"]) == ("forbidden", {"sites": ["BRISTOL"]})
    assert limited("POST", "/v1/stock/receipts", {**receipt, "site": "BRISTOL"}).status == 201
    assert limited("GET", "/v1/stock").code == "forbidden"
    assert limited("GET", "/v1/stock?site=BRISTOL").status == 200
    assert limited("PUT", "/v1/sites/LEEDS/places/A-1", {}).code == "forbidden"


def test_a_key_limited_to_a_site_takes_back_no_link_of_an_order_at_another(served: Served) -> None:
    served.shop.stock("LEEDS", MUG=2)
    number = served.shop.place({"MUG": 1}, payment=PaymentForm(state="unpaid")).number
    sites = served.shop.rows(
        "SELECT DISTINCT f.site FROM fulfilment f JOIN orders o ON o.id = f.order_id WHERE o.number = %(n)s", n=number
    )
    assert [row.site for row in sites] == ["LEEDS"]
    id_ = served.at("orders:write")("POST", f"/v1/orders/{number}/pay-link", {}).json["id"]
    assert served.at("orders:read", sites=["BRISTOL"])("GET", f"/v1/orders/{number}/pay-link").code == "forbidden"
    other = served.at("orders:write", "money:write", sites=["BRISTOL"])
    assert [other("POST", f"/v1/pay-links/{id_}/{deed}").code for deed in ("withdraw", "given-back")] == [
        "forbidden"
    ] * 2
    own = served.at("orders:write", sites=["LEEDS"])("POST", f"/v1/pay-links/{id_}/withdraw")
    assert own.json["state"] == "withdrawn"


def test_too_many_requests_are_told_to_wait(served: Served) -> None:
    admin = served.at("admin")
    assert admin("PUT", "/v1/settings", {"api.requests_per_second": 1}).status == 200
    hurried = served.at("floor:read")
    replies = [hurried("GET", "/v1/trial/echo") for _ in range(4)]
    assert served.at("admin")("PUT", "/v1/settings", {}).status == 200
    assert [reply.status for reply in replies] == [200, 200, 429, 429]
    assert (replies[2].code, replies[2].headers["retry-after"]) == ("too_many_requests", "1")


def test_a_bucket_fills_again_with_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(rate.time, "monotonic", lambda: now)
    buckets = rate.Buckets()
    for _ in range(20):
        buckets.take("k", 10)
    with pytest.raises(Refusal, match="too_many_requests"):
        buckets.take("k", 10)
    now = 100.15
    buckets.take("k", 10)
    with pytest.raises(Refusal, match="too_many_requests"):
        buckets.take("k", 10)
    buckets.take("another", 10)
