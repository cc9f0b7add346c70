"""Step 2, by calls and commands alone: which site ships what, who waits, what is held, and what needs a person."""

import json

from tests.acceptance.conftest import House, until


def sites_of(placed: dict[str, object]) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (part["site"], [(line["sku"], line["quantity"]) for line in part["lines"]])
        for part in placed["fulfilments"]  # type: ignore[attr-defined]
    ]


def test_an_order_ships_whole_from_the_best_site_and_splits_only_when_it_must(house: House) -> None:
    house.stock("LEEDS", MUG=5)
    house.stock("BRISTOL", MUG=5, TEE=2)
    near = house.place({"MUG": 1})
    assert sites_of(near) == [("LEEDS", [("MUG", 1)])]
    assert sites_of(house.place({"MUG": 2, "TEE": 1})) == [("BRISTOL", [("MUG", 2), ("TEE", 1)])]
    split = house.place({"MUG": 4, "TEE": 1})  # 4 mugs are only left at LEEDS, the shirt only at BRISTOL
    assert sorted(sites_of(split)) == [("BRISTOL", [("TEE", 1)]), ("LEEDS", [("MUG", 4)])]
    told = house.get(f"/v1/orders/{near['number']}/explain")
    [decision] = told["decisions"]
    assert (decision["kind"], decision["outcome"]) == ("placed", "whole")
    costs = {each["site"]: float(each["cost"]) for each in decision["candidates"]}
    assert costs["LEEDS"] <= costs["BRISTOL"]
    offers = house.get("/v1/availability?sku=MUG&channel=web&postal_code=LS2+7EW&country=GB")
    assert (offers["units"], [(each["site"], each["units"]) for each in offers["offers"]]) == (3, [("BRISTOL", 3)])
    never = house.place({"MUG": 3, "HAT": 1}, policy={"split": "never"})
    assert (never["state"], never["fulfilments"]) == ("waiting", [])
    house.done(f"/v1/orders/{never['number']}/cancel", {"reason": "test_over"})


def test_who_waited_first_is_served_first_and_nobody_overtakes(house: House) -> None:
    house.product("POT")
    house.stock("LEEDS", POT=1)
    first = house.place({"POT": 3})
    urgent = house.place({"POT": 1}, priority=9)
    assert (first["state"], urgent["state"]) == ("partially_allocated", "waiting")
    assert first["backordered"] == [{"reference": "1", "sku": "POT", "quantity": 2}]
    house.stock("BRISTOL", POT=1)
    assert house.place({"POT": 1})["state"] == "waiting"  # what came in is claimed already
    until(lambda: house.units(urgent["number"]) == [{"allocated": 1}], "the urgent one is filled")
    assert house.units(first["number"]) == [{"waiting": 2, "allocated": 1}]
    house.done(f"/v1/orders/{urgent['number']}/cancel", {"reason": "changed_mind"})
    until(
        lambda: house.units(first["number"]) == [{"waiting": 1, "allocated": 2}], "a cancelled unit goes to who waits"
    )
    assert house.level("POT", "BRISTOL") == (1, 1, 2, 0)


def test_a_kit_is_promised_from_its_components(house: House) -> None:
    for sku in ("CUP", "SAUCER"):
        house.product(sku)
    parts = [{"sku": "CUP", "quantity": 2}, {"sku": "SAUCER", "quantity": 2}]
    house.product("TEASET", "30.00", components=parts)
    house.stock("LEEDS", CUP=5, SAUCER=4)
    assert house.get("/v1/availability?sku=TEASET")["units"] == 2
    line = {"reference": "1", "sku": "TEASET", "quantity": 1, "unit_price": "30.00"}
    order = house.order({"TEASET": 1}, lines=[line], total="30.00", payment={"state": "paid", "amount": "30.00"})
    placed = house.done("/v1/orders", order)
    assert sites_of(placed) == [("LEEDS", [("TEASET", 1)])]
    assert (house.level("CUP"), house.level("SAUCER")) == ((5, 2, 0, 3), (4, 2, 0, 2))
    assert house.get("/v1/availability?sku=TEASET")["units"] == 1
    assert house.refused("/v1/stock/receipts", {"site": "LEEDS", "lines": [{"sku": "TEASET", "quantity": 1}]}) == (
        422, "kit_not_stocked",
    )  # fmt: skip


def test_holds_stop_an_order_each_by_itself_and_people_see_why(house: House) -> None:
    house.stock("LEEDS", HAT=5)
    placed = house.place({"HAT": 1}, payment={"state": "unpaid"}, total="7.50")
    number = placed["number"]
    assert (placed["state"], placed["holds"]) == ("held", ["payment"])
    assert house.level("HAT") == (5, 1, 0, 4)  # held, and still promised
    house.done(f"/v1/orders/{number}/hold", {"kind": "fraud", "note": "first order, express"})
    queue = house.get(f"/v1/exceptions?order={number}")["items"]
    assert [(row["kind"], row["owner"], row["is_hold"]) for row in queue] == [
        ("manual", "clerk", True), ("payment", "accounts", True),
    ]  # fmt: skip

    paid = {"state": "paid", "amount": "7.50", "gateway": "bank", "reference": "T-1"}
    assert house.done(f"/v1/orders/{number}/payments", paid)["missing"] == "0.00"
    assert house.get(f"/v1/orders/{number}")["state"] == "held"
    path = f"/v1/exceptions/{queue[0]['id']}"
    assert house.refused(f"{path}/resolve", {"resolution": "seen"}) == (409, "hold_open")
    house.done(f"{path}/assign", {"owner": "manager"})
    body = {"resolution": "called_back", "note": "It is a gift.", "release": True}
    resolved = house.told("POST", f"{path}/resolve", json.dumps(body))
    assert (resolved["closed_by"], resolved["resolution"], resolved["owner"]) == ("cli", "called_back", "manager")
    assert house.get(f"/v1/orders/{number}")["state"] == "allocated"
    assert house.get(f"/v1/exceptions?order={number}") == {"items": [], "next": None}
    holds = house.get(f"/v1/orders/{number}/explain")["holds"]
    assert [(each["kind"], each["released_at"] is not None) for each in holds] == [("payment", True), ("fraud", True)]

    # A strange quantity is taken and held, half of an order may be held too.
    big = house.place({"HAT": 50_000})
    assert (big["state"], big["holds"]) == ("held", ["quantity"])
    house.done(f"/v1/orders/{big['number']}/cancel", {"reason": "typing_error"})
    house.stock("LEEDS", MUG=4)
    half = house.place({"MUG": 4})["number"]
    told = house.done(f"/v1/orders/{half}/hold", {"kind": "engraving", "lines": [{"position": 1, "quantity": 1}]})
    assert (told["state"], told["holds"]) == ("allocated", ["engraving"])
    works = [row for row in house.get("/v1/fulfilments?state=planned&limit=200")["items"] if row["order"] == half]
    assert sorted((row["allocated"], row["is_held"]) for row in works) == [(1, True), (3, False)]


def test_an_order_is_edited_as_long_as_nobody_works_on_it(house: House) -> None:
    house.product("VASE")
    house.stock("LEEDS", VASE=3)
    order = house.order({"VASE": 1})
    number = house.done("/v1/orders", order)["number"]
    more = {**order, "lines": [{**order["lines"][0], "quantity": 2}], "total": "15.00"}
    preview = house.done(f"/v1/orders/{number}/edit", {"order": more, "dry_run": True})
    assert (preview["amount_due"], house.level("VASE")) == ("7.50", (3, 1, 0, 2))
    assert house.done(f"/v1/orders/{number}/edit", {"order": more})["after"]["total"] == "15.00"
    assert house.level("VASE") == (3, 2, 0, 1)
    balance = house.get(f"/v1/orders/{number}/balance")
    assert (balance["worth"], balance["captured"], balance["due"]) == ("15.00", "7.50", "7.50")
