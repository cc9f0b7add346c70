"""The bench over HTTP: cartons, advice, who packs, photos kept and given back, errors by cause."""

from typing import Any

import pytest

from orderwright.business.orders.form import CustomerForm
from orderwright.values.ids import new_id
from tests.client import Client
from tests.doors.conftest import Served
from tests.floor import Floor
from tests.packing.pictures import png


@pytest.fixture(scope="module")
def call(served: Served) -> Client:
    return served.at(
        "floor:read", "floor:write", "stock:write", "orders:write", "shipping:read", "shipping:write", "reports:read"
    )


@pytest.fixture
def floor(served: Served, call: Client) -> Floor:
    floor = Floor(served.shop.store)
    floor.product("BOWL", length_mm=100, width_mm=100, height_mm=50)
    body = {"length_mm": 200, "width_mm": 200, "height_mm": 100, "tare_g": 80, "cost_minor": 30}
    assert call("PUT", "/v1/cartons/FLAT", body).status in (200, 201)
    return floor


def picked(floor: Floor) -> Any:
    floor.stock("LEEDS", BOWL=2)
    name = new_id()
    customer = CustomerForm(email=f"{name}@example.org", name="A. Buyer")
    number = floor.place({"BOWL": 2}, reference=name, customer=customer).number
    floor.pick_all(number)
    return floor.fulfilment(number)


def test_cartons_are_kept_and_booked(call: Client, floor: Floor) -> None:
    assert "FLAT" in [each["code"] for each in call("GET", "/v1/cartons").json["items"]]
    body = {"carton": "FLAT", "site": "LEEDS", "kind": "count", "quantity": 5, "low_at": 9}
    assert call("POST", "/v1/carton-stock", body).json["is_low"] is True
    low = call("GET", "/v1/carton-stock?site=LEEDS&low=true").json["items"]
    assert [(each["carton"], each["quantity"]) for each in low] == [("FLAT", 5)]
    assert call("POST", "/v1/carton-stock", {**body, "carton": "NONE"}).code == "unknown_carton"


def test_advice_is_read_and_drawn_and_one_person_packs(call: Client, floor: Floor) -> None:
    assert call("PUT", "/v1/inserts/card", {"put": "A card", "skus": ["BOWL"]}).status in (200, 201)
    assert call("GET", "/v1/inserts").json["items"][0]["form"]["put"] == "A card"
    id_ = picked(floor)
    advice = call("GET", f"/v1/fulfilments/{id_}/packing").json
    assert [each["carton"] for each in advice["cartons"]] == ["FLAT"]
    assert advice["inserts"] == [{"code": "card", "kind": "insert", "put": "A card", "text": ""}]
    drawn = call("GET", advice["cartons"][0]["picture"])
    assert (drawn.headers["content-type"].split(";")[0], drawn.content[:4]) == ("image/svg+xml", b"<svg")
    assert call("POST", f"/v1/fulfilments/{id_}/packing", {"person": "ann"}).json["person"] == "ann"
    now = call("GET", f"/v1/fulfilments/{id_}/packing").json
    assert (now["check"], now["score"], now["packed_by"]) == ("weight", 20, "ann")
    told = call("POST", f"/v1/fulfilments/{id_}/packing", {"person": "bob"})
    assert (told.status, told.code, told.json["person"]) == (409, "packed_by_other", "ann")
    parcel = {"weight": {"value": "1.5", "unit": "lb"}}
    made = call("POST", f"/v1/fulfilments/{id_}/pack", {"person": "ann", "parcels": [parcel]}).json
    assert (made["parcels"][0]["weight_g"], made["parcels"][0]["carton"]) == (680, "FLAT")
    shown = call("GET", f"/v1/parcels/{made['parcels'][0]['id']}").json
    assert (shown["carton"], shown["packer"]) == ("FLAT", "ann")


def test_photos_are_kept_once_and_given_back_as_files(call: Client, floor: Floor, served: Served) -> None:
    id_ = picked(floor)
    # What it is called does not count.
    before = call("POST", f"/v1/fulfilments/{id_}/photos", png(), content_type="image/jpeg")
    assert (before.status, before.json["media"], before.json["width_px"]) == (200, "image/png", 4)
    parcel = call("POST", f"/v1/fulfilments/{id_}/pack").json["parcels"][0]["id"]
    again = call("POST", f"/v1/parcels/{parcel}/photos", png(), content_type="image/jpeg").json
    assert (again["repeated"], again["parcel_id"]) == (True, parcel)
    other = call("POST", f"/v1/parcels/{parcel}/photos", png(7, 7), content_type="image/jpeg").json
    kept = call("GET", f"/v1/parcels/{parcel}/photos").json["items"]
    assert [each["id"] for each in kept] == [before.json["id"], other["id"]]
    file = call("GET", f"/v1/photos/{other['id']}")
    assert (file.content, file.headers["content-type"]) == (png(7, 7), "image/png")
    assert file.headers["content-disposition"] == f'attachment; filename="{other["id"]}.png"'
    assert file.headers["x-content-type-options"] == "nosniff"
    wrong = call("POST", f"/v1/parcels/{parcel}/photos", b"<svg onload=alert(1)>", content_type="image/jpeg")
    assert (wrong.status, wrong.code, wrong.json["reason"]) == (422, "bad_photo", "not_a_picture")
    assert call("POST", f"/v1/parcels/{id_}/photos", png(), content_type="image/jpeg").status in (200, 404)
    elsewhere = served.at("floor:read", sites=["BRISTOL"])
    assert elsewhere("GET", f"/v1/photos/{other['id']}").code == "forbidden"


def test_errors_are_told_by_cause(call: Client, served: Served, floor: Floor) -> None:
    told = {"found_at": "customer", "cause": "wrong_item", "sku": "BOWL", "units": 9}
    assert call("POST", "/v1/errors", told).status == 201
    assert call("POST", "/v1/errors", {**told, "cause": "damaged", "units": 1}).status == 201
    causes = call("GET", "/v1/errors/causes").json
    assert (causes["causes"][0]["cause"], causes["causes"][0]["worst"]) == ("wrong_item", ["BOWL"])
    assert call("POST", "/v1/errors", {**told, "sku": "NOPE"}).code == "unknown_sku"
    assert call("POST", "/v1/errors", {**told, "order": "OW-9"}).code == "not_found"
