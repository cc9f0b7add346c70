"""Stock over HTTP: what is kept back, and what never arrives."""

from typing import Any

import pytest

from orderwright.values.ids import new_id
from tests.doors_life.conftest import Life


@pytest.fixture
def sku(life: Life) -> str:
    """A product nobody else touches, ten of it at Leeds."""
    name = f"P-{new_id()}"
    life.shop.product(name)
    life.shop.stock("LEEDS", **{name: 10})
    return name


def put(life: Life, sku: str, body: Any, site: str = "LEEDS") -> Any:
    return life.call("PUT", f"/v1/sites/{site}/safety-stock/{sku}", body)


def level(life: Life, sku: str) -> Any:
    [found] = life.get(f"/v1/stock?sku={sku}&site=LEEDS")["items"]
    return found


def test_what_is_kept_back_is_not_promised(life: Life, sku: str) -> None:
    reply = put(life, sku, {"units": 4})
    assert (reply.status, reply.json) == (200, {"sku": sku, "site": "LEEDS", "units": 4})
    assert (level(life, sku)["safety_stock"], level(life, sku)["available"]) == (4, 6)
    assert life.state(life.order({sku: 6})) == "allocated"
    assert life.state(life.order({sku: 1})) == "waiting"
    assert put(life, sku, {"units": 0}).status == 200
    assert level(life, sku)["safety_stock"] == 0


@pytest.mark.parametrize("units", [-1, 1.5, "4", None, 10**10])
def test_a_number_of_units_that_is_none_is_refused(life: Life, sku: str, units: object) -> None:
    reply = put(life, sku, {"units": units})
    assert (reply.status, reply.code, reply.json["findings"][0]["pointer"]) == (422, "malformed", "/units")
    assert level(life, sku)["safety_stock"] == 0


def test_what_or_where_there_is_none_of_is_refused(life: Life, sku: str) -> None:
    for asked, body, code in (
        ((sku, "NOWHERE"), {"units": 1}, "unknown_site"),
        (("NOTHING", "LEEDS"), {"units": 1}, "unknown_sku"),
        ((sku, "LEEDS"), {}, "malformed"),
        ((sku, "LEEDS"), {"units": 1, "for": "web"}, "malformed"),
    ):
        reply = put(life, asked[0], body, asked[1])
        assert (reply.status, reply.code) == (422, code)
    kit = f"K-{new_id()}"
    life.shop.product(kit, parts={sku: 2})
    assert put(life, kit, {"units": 1}).code == "kit_not_stocked"


def test_a_key_keeps_back_at_its_own_sites_only(life: Life, sku: str) -> None:
    call = life.served.at("stock:write", sites=["BRISTOL"])
    assert call("PUT", f"/v1/sites/LEEDS/safety-stock/{sku}", {"units": 1}).code == "forbidden"
    assert call("PUT", f"/v1/sites/BRISTOL/safety-stock/{sku}", {"units": 1}).status == 200


def test_a_transfer_that_ends_short_is_closed(life: Life, sku: str) -> None:
    reference = f"T-{new_id()}"
    sent = {"site": "LEEDS", "to_site": "BRISTOL", "reference": reference, "lines": [{"sku": sku, "quantity": 5}]}
    life.done("/v1/stock/transfers/out", sent)
    here = {"site": "BRISTOL", "from_site": "LEEDS", "transfer": reference}
    life.done("/v1/stock/transfers/in", {**here, "lines": [{"sku": sku, "quantity": 3}]})
    close = {**here, "reason": "lost"}
    first = life.post("/v1/stock/transfers/close", close)
    assert (first.status, first.json["lines"]) == (201, [{"sku": sku, "quantity": 2, "place": "LOST"}])
    again = life.post("/v1/stock/transfers/close", close)
    assert (again.status, again.json) == (200, {**first.json, "repeated": True})
    assert life.refused("/v1/stock/transfers/in", here)[1] == "short_stock"
    assert life.refused("/v1/stock/transfers/close", {**close, "reason": "eaten"})[1] == "malformed"
    call = life.served.at("stock:write", sites=["LEEDS"])
    assert call("POST", "/v1/stock/transfers/close", close).code == "forbidden"
