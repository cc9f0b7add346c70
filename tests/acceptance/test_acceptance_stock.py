"""Step 1, by calls and commands alone: stock comes in, orders take it, cancelling gives it back."""

from tests.acceptance.conftest import House


def test_setting_up_is_creating_once_and_changing_after(house: House) -> None:
    assert (house.product("BOWL"), house.product("BOWL", price="8.00")) == (201, 200)
    body = {"title": "Bowl", "price": "1", "currency": "GBP"}
    stale = house.call("PUT", "/v1/products/BOWL", body, if_match="1")
    assert (stale.status, stale.code) == (412, "stale")


def test_a_receipt_is_booked_once_and_books_are_set_right(house: House) -> None:
    receipt = {"site": "LEEDS", "lines": [{"sku": "MUG", "quantity": 10, "unit_cost": "3.1000"}], "reference": "R-1"}
    first, again = house.post("/v1/stock/receipts", receipt), house.post("/v1/stock/receipts", receipt)
    assert (first.status, again.status, again.json["repeated"]) == (201, 200, True)
    other = {**receipt, "lines": [{"sku": "MUG", "quantity": 11}]}
    assert house.refused("/v1/stock/receipts", other) == (409, "receipt_differs")
    damaged = {"site": "LEEDS", "sku": "MUG", "reason": "damaged", "quantity": -1, "reference": "A-1"}
    assert house.post("/v1/stock/adjustments", damaged).status == 201
    assert house.level("MUG") == (9, 0, 0, 9)


def test_an_order_is_taken_once_and_cancelled_line_by_line(house: House) -> None:
    house.stock("LEEDS", TEE=9)
    order = house.order({"TEE": 4}, reference="1001")
    placed = house.post("/v1/orders", order)
    number = placed.json["number"]
    assert (placed.status, placed.json["state"], placed.json["holds"]) == (201, "allocated", [])
    assert [(part["site"], part["lines"]) for part in placed.json["fulfilments"]] == [
        ("LEEDS", [{"reference": "1", "sku": "TEE", "quantity": 4}])
    ]
    again = house.post("/v1/orders", order)
    assert (again.status, again.json["number"], again.json["repeated"]) == (200, number, True)
    differing = house.post("/v1/orders", {**order, "priority": 3})
    assert (differing.status, differing.code, differing.json["fields"]) == (409, "order_differs", ["/priority"])
    assert house.level("TEE") == (9, 4, 0, 5)

    cancel = {"reason": "changed_mind", "lines": [{"reference": "1", "quantity": 1}]}
    path = f"/v1/orders/{number}/cancel"
    assert house.post(path, cancel, if_match="1").json["lines"] == [{"position": 1, "reference": "1", "quantity": 1}]
    assert house.refused(path, cancel, if_match="1") == (412, "stale")
    assert (house.units(number), house.level("TEE")) == ([{"allocated": 3, "cancelled": 1}], (9, 3, 0, 6))
    assert house.done(path, {"reason": "changed_mind"})["state"] == "cancelled"
    assert house.refused(path, {"reason": "changed_mind"}) == (409, "nothing_to_cancel")
    assert house.level("TEE") == (9, 0, 0, 9)

    # Its story stands, and the command line tells the same.
    types = [each["type"] for each in house.get(f"/v1/orders/{number}/timeline")["items"]]
    assert types == ["order_cancelled", "order_cancelled", "order_placed"]
    assert house.told("GET", f"/v1/orders/{number}") == house.get(f"/v1/orders/{number}")
    again_there = house.run("call", "POST", path, '{"reason": "changed_mind"}', code=1)
    assert "nothing_to_cancel" in again_there.stderr


def test_what_cannot_be_is_told_in_full_and_leaves_nothing_behind(house: House) -> None:
    house.stock("LEEDS", HAT=3)
    short = house.order({"HAT": 4}, policy={"shortage": "refuse"})
    assert house.refused("/v1/orders", short) == (422, "short_stock")
    wrong = house.post("/v1/orders", {**house.order({"NOTHING": 1}), "total": "1.00"})
    assert (wrong.status, wrong.code) == (422, "order_refused")
    assert {each["code"] for each in wrong.json["findings"]} >= {"unknown_sku", "total_differs"}
    malformed = house.post("/v1/orders", {"channel": 7, "lines": [{"quantity": 0}], "colour": "red"})
    pointers = {each["pointer"] for each in malformed.json["findings"]}
    assert pointers >= {"/channel", "/colour", "/lines/0/quantity", "/lines/0/sku", "/reference", "/total"}
    batch = [house.order({"HAT": 1}), {**house.order({"HAT": 1}), "total": 7}, house.order({"HAT": 1})]
    told = house.post("/v1/orders/batch", batch).json["items"]
    assert [each["status"] for each in told] == [201, 422, 201]
    assert house.level("HAT") == (3, 2, 0, 1)


def test_the_house_is_described_and_in_order(house: House) -> None:
    described = house.get("/v1/openapi.json")
    assert described["openapi"] == "3.1.0"
    assert "/v1/orders/{number}/cancel" in described["paths"]
    assert "BAD" not in house.run("doctor").stdout
    assert house.call("GET", "/health/ready").status == 200
