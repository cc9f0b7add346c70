"""Walks over HTTP: a floor described, work claimed, walked, ended; pictures of it."""

from typing import Any

import pytest

from tests.client import Client
from tests.doors.conftest import Served

FLOOR = {
    "layout": {"zone": [{"name": "A", "aisles": 3, "bays": 5}]}, "carts": [{"kind": "CART", "totes": 2}],
    "strategies": ["batch"], "zones": [{"zone": "A", "hand_over": "GATE"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def call(served: Served) -> Client:
    return served.at("floor:read", "floor:write", "stock:write", "orders:write", "reports:read")


@pytest.fixture
def released(served: Served, call: Client) -> dict[str, Any]:
    """An order for two MUGs from a bin of GLASGOW's aisles: its number and fulfilment."""
    assert call("PUT", "/v1/sites/GLASGOW/floor", FLOOR).status in (200, 201)
    bin_ = {"kind": "bin", "zone": "A", "aisle": 2, "bay": 3}
    assert call("PUT", "/v1/sites/GLASGOW/places/A-02-03", bin_).status in (200, 201)
    lines = [{"sku": "HAT", "quantity": 2, "place": "A-02-03"}]
    assert call("POST", "/v1/stock/receipts", {"site": "GLASGOW", "lines": lines}).status in (200, 201)
    placed = served.shop.place({"HAT": 2})
    [part] = placed.fulfilments
    assert part.site == "GLASGOW"
    assert call("POST", f"/v1/fulfilments/{part.id}/release").status == 200
    return {"number": placed.number, "id": part.id}


def test_a_floor_is_put_and_read_and_drawn(call: Client) -> None:
    call("PUT", "/v1/sites/GLASGOW/floor", FLOOR)
    shown = call("GET", "/v1/sites/GLASGOW/floor").json
    assert (shown["aisles"], shown["floor"]["carts"][0]["totes"]) == (3, 2)
    drawn = call("GET", "/v1/sites/GLASGOW/floor/map")
    assert (drawn.headers["content-type"].split(";")[0], drawn.content[:5]) == ("image/svg+xml", b"<svg ")
    wrong = call("PUT", "/v1/sites/GLASGOW/floor", {**FLOOR, "layout": {"zone": [{"name": "A"}]}})
    assert (wrong.status, wrong.code) == (422, "malformed")
    assert {each["pointer"] for each in wrong.json["findings"]} >= {"/layout/zone/0/aisles", "/layout/zone/0/bays"}
    assert call("GET", "/v1/sites/MARS/floor").code == "not_found"


def test_work_is_claimed_walked_and_ended(call: Client, released: dict[str, Any]) -> None:
    claim = {"site": "GLASGOW", "picker": "gus", "totes": ["G-1"]}
    walk = call("POST", "/v1/pick-batches", claim)
    assert (walk.status, walk.json["orders"], walk.json["totes"][0]["code"]) == (201, 1, "G-1")
    assert call("POST", "/v1/pick-batches", claim).json["repeated"]
    id_ = walk.json["id"]
    [stop] = call("GET", f"/v1/pick-batches/{id_}").json["stops"]
    assert (stop["place"], stop["sku"], stop["quantity"], stop["tote"]) == ("A-02-03", "HAT", 2, "G-1")
    assert b"A-02-03" in call("GET", f"/v1/pick-batches/{id_}/map").content
    task = f"/v1/pick-tasks/{stop['task_id']}"
    assert call("POST", f"{task}/pick", {"quantity": 1, "tote": "G-9"}).code == "wrong_tote"
    assert call("POST", f"{task}/pick", {"quantity": 1, "tote": "G-1"}).status == 200
    split = call("POST", f"{task}/split", {"tote": "G-2"}).json
    assert (split["picked"], split["left"]) == (1, 1)
    assert call("POST", f"/v1/pick-batches/{id_}/end", {}).code == "walk_open"
    assert call("POST", f"/v1/pick-tasks/{split['rest_id']}/pick", {"quantity": 1}).status == 200
    assert call("POST", f"/v1/pick-batches/{id_}/totes", {"tote": "G-3"}).status == 200
    ended = call("POST", f"/v1/pick-batches/{id_}/end", {"stands_at": "PACK-1"}).json
    assert (ended["state"], {tote["code"] for tote in ended["totes"]}) == ("done", {"G-1", "G-2"})
    assert call("POST", f"{task}/sort", {"tote": "G-5", "quantity": 1}).code == "not_in_tote"
    assert call("POST", f"/v1/pick-batches/{id_}/drop").code == "walk_step"
    listed = call("GET", "/v1/pick-batches?site=GLASGOW&state=done").json["items"]
    assert id_ in [each["id"] for each in listed]
    assert call("GET", "/v1/reports/picking?site=GLASGOW").json["total"]["walks"] >= 1
    assert call("POST", "/v1/pick-batches", {"site": "GLASGOW", "picker": "gil"}).code == "nothing_to_pick"
    assert call("GET", "/v1/sites/GLASGOW/walk-plans").json == {"items": [], "next": None}


def test_a_key_of_another_site_sees_and_does_nothing_of_it(served: Served, released: dict[str, Any]) -> None:
    other = served.at("floor:read", "floor:write", sites=["LEEDS"])
    assert other("POST", "/v1/pick-batches", {"site": "GLASGOW", "picker": "eve"}).code == "forbidden"
    assert other("GET", "/v1/sites/GLASGOW/floor").code == "forbidden"
    assert other("GET", "/v1/pick-batches").json["items"] == []


def test_totes_are_named_by_their_code_or_by_their_barcode_as_scanned(call: Client, released: dict[str, Any]) -> None:
    claim = {"site": "GLASGOW", "picker": "hal", "totes": ["T:G-5"]}
    for wrong in ("L:GLASGOW/A-02-03", "T:", "T:\u00fc"):
        assert call("POST", "/v1/pick-batches", {**claim, "totes": [wrong]}).code == "bad_code"
    walk = call("POST", "/v1/pick-batches", claim).json
    assert [each["code"] for each in walk["totes"]] == ["G-5"]
    [stop] = call("GET", f"/v1/pick-batches/{walk['id']}").json["stops"]
    task = f"/v1/pick-tasks/{stop['task_id']}"
    assert call("POST", f"{task}/pick", {"quantity": 1, "tote": "T:G-5"}).json["picked"] == 1
    assert call("POST", f"{task}/split", {"tote": "t:G-6"}).json["tote"] == "G-6"
    assert call("POST", f"/v1/pick-batches/{walk['id']}/totes", {"tote": "T:G-7"}).json["tote"] == "G-7"
    assert call("POST", f"/v1/pick-batches/{walk['id']}/end", {"reason": "break"}).json["state"] == "done"
