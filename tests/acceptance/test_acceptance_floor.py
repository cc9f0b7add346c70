"""Step 3, by calls and commands alone: the plain floor from the gate to the customer's door."""

from typing import Any

import pytest

from tests.acceptance.conftest import House, until


def released(house: House, number: str) -> tuple[str, list[dict[str, Any]]]:
    """Let an order's fulfilment out; its id, and its pick tasks in walking order."""
    id_ = house.get(f"/v1/orders/{number}")["fulfilments"][0]["id"]
    house.done(f"/v1/fulfilments/{id_}/release")
    return id_, house.get(f"/v1/fulfilments/{id_}/pick-list")["tasks"]


def picked(house: House, number: str) -> str:
    id_, tasks = released(house, number)
    for task in tasks:
        house.done(f"/v1/pick-tasks/{task['id']}/pick", {"quantity": task["quantity"]})
    return id_


@pytest.fixture(scope="module", autouse=True)
def bins(house: House) -> None:
    for place, aisle, bay in (("A-01-02", 1, 2), ("A-01-05", 1, 5), ("A-02-03", 2, 3)):
        house.put(f"/v1/sites/LEEDS/places/{place}", {"kind": "bin", "zone": "A", "aisle": aisle, "bay": bay})


def test_from_the_gate_to_the_door(house: House) -> None:
    house.stock("LEEDS", "A-02-03", MUG=5)
    house.stock("LEEDS", "A-01-05", TEE=5)
    house.stock("LEEDS", "A-01-02", HAT=5)
    number = house.place({"MUG": 2, "TEE": 1, "HAT": 1})["number"]
    id_, tasks = released(house, number)
    assert [(task["walk"], task["place"], task["sku"], task["quantity"]) for task in tasks] == [
        (1, "A-01-02", "HAT", 1), (2, "A-01-05", "TEE", 1), (3, "A-02-03", "MUG", 2),
    ]  # fmt: skip
    assert house.done(f"/v1/fulfilments/{id_}/release")["repeated"]

    first = f"/v1/pick-tasks/{tasks[0]['id']}/pick"
    assert house.refused(first, {"quantity": 1, "sku": "MUG"}) == (422, "wrong_item")
    for task in tasks:
        house.done(f"/v1/pick-tasks/{task['id']}/pick", {"quantity": task["quantity"], "sku": task["sku"]})
    assert house.done(first, {"quantity": 1})["repeated"]
    assert house.get(f"/v1/orders/{number}")["state"] == "picking"
    assert house.level("MUG") == (5, 2, 0, 3)  # in the tote, and still ours

    assert house.refused(f"/v1/fulfilments/{id_}/pack", {"parcels": [{"weight_g": 1500}]}) == (409, "weight_off")
    [parcel] = house.done(f"/v1/fulfilments/{id_}/pack", {"parcels": [{"weight_g": 1240}]})["parcels"]
    assert (parcel["weight_g"], parcel["expected_weight_g"], len(parcel["lines"])) == (1240, 1200, 3)
    assert house.refused(f"/v1/fulfilments/{id_}/pack", {}) == (409, "nothing_to_pack")
    at = f"/v1/parcels/{parcel['id']}"
    labelled = house.done(f"{at}/label")
    assert (labelled["state"], labelled["carrier"]) == ("labelled", "practice")
    zpl = house.call("GET", f"{at}/label")
    assert (zpl.content[:3], zpl.headers["content-type"]) == (b"^XA", "application/zpl")
    assert labelled["tracking_code"].encode() in zpl.content

    told = house.done(f"{at}/hand-over", {})
    assert (told["state"], told["order_state"]) == ("shipped", "shipped")
    assert house.done(f"{at}/hand-over", {})["repeated"]
    assert house.level("MUG") == (3, 0, 0, 3)

    scan = {"carrier": "practice", "external_id": "scan-1", "tracking_code": labelled["tracking_code"],
            "milestone": "delivered", "occurred_at": "2030-01-01T09:00:00Z"}  # fmt: skip
    first_time, again = house.post("/v1/tracking-events", scan), house.post("/v1/tracking-events", scan)
    assert (first_time.status, first_time.json["parcel_state"]) == (201, "delivered")
    assert (again.status, again.json["repeated"]) == (200, True)
    shown = house.told("GET", f"/v1/orders/{number}")
    assert shown["state"] == "delivered"
    assert house.units(number) == [{"shipped": count, "delivered": count} for count in (2, 1, 1)]
    kinds = {fact["type"] for fact in house.get(f"/v1/orders/{number}/timeline")["items"]}
    assert kinds >= {"order_placed", "fulfilment_released", "units_picked", "parcel_packed", "label_bought",
                     "parcel_handed_over", "order_shipped", "parcel_delivered", "order_delivered"}  # fmt: skip


def test_a_bin_that_is_short_sends_the_rest_elsewhere_and_asks_for_a_count(house: House) -> None:
    house.product("JUG")
    house.stock("LEEDS", JUG=3)
    house.stock("BRISTOL", JUG=1)
    number = house.place({"JUG": 3})["number"]
    _, [task] = released(house, number)
    path = f"/v1/pick-tasks/{task['id']}/short"
    assert house.refused(path, {"found": 3}) == (422, "not_short")
    told = house.done(path, {"found": 1, "reason": "missing"})
    assert (told["found"], told["missing"]) == (1, 2)
    assert house.done(path, {"found": 1, "reason": "missing"})["repeated"]
    [parts] = [house.get(f"/v1/orders/{number}")["fulfilments"]]
    assert sorted((part["site"], part["lines"][0]["quantity"]) for part in parts) == [("BRISTOL", 1), ("LEEDS", 1)]
    assert house.units(number)[0]["waiting"] == 1
    [row] = house.get(f"/v1/exceptions?order={number}")["items"]
    assert (row["kind"], row["about"]["site"], row["about"]["bins"][0]["missing"]) == ("pick_short", "LEEDS", 2)
    house.done(f"/v1/exceptions/{row['id']}/resolve", {"resolution": "counted"})
    assert house.level("JUG") == (1, 1, 1, 0)


def test_a_label_is_taken_back_and_the_parcel_opened_again(house: House) -> None:
    house.stock("LEEDS", MUG=2)
    number = house.place({"MUG": 2})["number"]
    id_ = picked(house, number)
    parcels = [{"lines": [{"reference": "1", "quantity": 1}]}, {"lines": [{"reference": "1", "quantity": 1}]}]
    one, other = house.done(f"/v1/fulfilments/{id_}/pack", {"parcels": parcels})["parcels"]
    at = f"/v1/parcels/{one['id']}"
    code = house.done(f"{at}/label")["tracking_code"]
    assert house.refused(f"{at}/unpack") == (409, "label_live")
    assert house.done(f"{at}/void-label")["state"] == "packed"
    assert house.done(f"{at}/weigh", {"weight_g": 330})["weight_g"] == 330
    assert house.done(f"{at}/label")["tracking_code"] != code
    house.done(f"{at}/void-label")
    assert house.done(f"{at}/unpack")["state"] == "unpacked"
    assert house.units(number) == [{"picked": 1, "packed": 1}]

    # What is cancelled now is taken out of the tote, and is to be put back; the packed one still goes.
    assert house.done(f"/v1/orders/{number}/cancel", {"reason": "changed_mind"})["lines"][0]["quantity"] == 1
    [back] = house.get("/v1/put-backs?site=LEEDS")["items"]
    assert (back["sku"], back["quantity"]) == ("MUG", 1)
    before = house.level("MUG")
    house.done("/v1/put-backs", {"site": "LEEDS", "sku": "MUG", "quantity": 1, "place": "A-01-02"})
    assert house.refused("/v1/put-backs", {"site": "LEEDS", "sku": "MUG", "quantity": 1}) == (
        409, "nothing_to_put_back",
    )  # fmt: skip
    assert house.level("MUG") == (before[0] + 1, before[1], before[2], before[3] + 1)
    house.done(f"/v1/parcels/{other['id']}/label")
    told = house.done(f"/v1/parcels/{other['id']}/hand-over", {})
    assert (told["order_state"], house.units(number)) == ("shipped", [{"shipped": 1, "cancelled": 1}])


def test_the_gate_lets_out_what_is_due_and_keeps_what_is_held(house: House) -> None:
    house.stock("BRISTOL", TEE=3)
    free, held = (house.place({"TEE": 1}, ship_to={
        "name": "A. Buyer", "lines": ["1 Quay"], "city": "Bristol", "postal_code": "BS1 4DJ", "country": "GB"
    })["number"] for _ in range(2))  # fmt: skip
    house.done(f"/v1/orders/{held}/hold", {"kind": "fraud"})
    let_out = house.done("/v1/sites/BRISTOL/release", {"limit": 50})["released"]
    works = {row["id"]: row["order"] for row in house.get("/v1/fulfilments?site=BRISTOL&limit=200")["items"]}
    assert free in {works[each["fulfilment_id"]] for each in let_out}
    assert held not in {works[each["fulfilment_id"]] for each in let_out}
    [work] = [id_ for id_, number in works.items() if number == held]
    assert house.refused(f"/v1/fulfilments/{work}/release") == (409, "order_held")
    assert until(lambda: house.get("/v1/fulfilments?site=BRISTOL&state=released")["items"], "work is on the floor")
