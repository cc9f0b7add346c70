"""Returns over HTTP: asked for, received, inspected, settled to the cent."""

from typing import Any

import pytest

from tests.doors_life.conftest import Life


def asked(life: Life, units: int = 2, **changes: Any) -> tuple[str, dict[str, Any]]:
    """A shipped order of three mugs, and a return of some of them."""
    number = life.place({"MUG": 3}, **changes)
    life.shipped(number)
    lines = [{"reference": "1", "quantity": units, "reason": "damaged"}]
    return number, life.done("/v1/returns", {"order": number, "lines": lines})


def test_a_return_goes_its_four_steps_and_pays_back_to_the_cent(life: Life) -> None:
    before = life.shop.free("MUG", "LEEDS")
    number, told = asked(life)
    id_ = told["id"]
    assert (told["order"], told["site"], told["state"]) == (number, "LEEDS", "asked")
    assert told["lines"] == [{
        "line": 1, "position": 1, "sku": "MUG", "reason": "damaged", "asked": 2, "received": 0, "restocked": 0,
        "scrapped": 0, "quarantined": 0,
    }]  # fmt: skip
    assert life.done(f"/v1/returns/{id_}/receive", {})["state"] == "received"
    lines = [{"line": 1, "restock": 1, "scrap": 1}]
    assert life.done(f"/v1/returns/{id_}/inspect", {"lines": lines})["state"] == "inspected"
    settled = life.done(f"/v1/returns/{id_}/settle", {})
    assert (settled["state"], settled["refund"]) == ("settled", "15.00")
    life.work()
    balance = life.get(f"/v1/orders/{number}/balance")
    assert (balance["credited"], balance["refunded"], balance["due"]) == ("15.00", "15.00", "0.00")
    assert life.state(number) == "partially_returned"
    assert life.shop.free("MUG", "LEEDS") == before + 1
    note = life.get(f"/v1/invoices/{settled['credit_note']}")
    assert [(line["sku"], line["title"], line["units"], line["goods"]) for line in note["lines"]] == [
        ("MUG", "Mug", 2, "15.00")
    ]
    for step, body in (("receive", {}), ("inspect", {"lines": lines}), ("settle", {})):
        shot = life.snapshot()
        again = life.done(f"/v1/returns/{id_}/{step}", body)
        assert (again["repeated"], again["state"], life.snapshot()) == (True, "settled", shot)
    assert life.get(f"/v1/returns/{id_}") == {name: each for name, each in again.items() if name != "repeated"}


def test_no_more_comes_back_than_left(life: Life) -> None:
    number, _ = asked(life)
    lines = [{"position": 1, "quantity": 2}]
    refused = life.refused("/v1/returns", {"order": number, "lines": lines})
    assert refused == (422, "return_too_much", {"position": 1, "asked": 2, "possible": 1})
    refused = life.refused("/v1/returns", {"order": number, "lines": [{"reference": "x", "quantity": 1}]})
    assert refused == (422, "unknown_line", {"reference": "x"})
    refused = life.refused("/v1/returns", {"order": number, "lines": [{"position": 1, "quantity": 1}], "site": "MOON"})
    assert refused == (422, "unknown_site", {"site": "MOON"})


def test_steps_out_of_order_and_sums_that_do_not_fit_are_refused(life: Life) -> None:
    _, told = asked(life)
    path = f"/v1/returns/{told['id']}"
    body = {"lines": [{"line": 1, "restock": 2}]}
    assert life.refused(f"{path}/inspect", body) == (409, "return_step", {"state": "asked", "deed": "inspect"})
    assert life.refused(f"{path}/settle", {}) == (409, "return_step", {"state": "asked", "deed": "settle"})
    assert life.refused(f"{path}/receive", {"lines": [{"line": 2, "quantity": 1}]})[1] == "unknown_line"
    life.done(f"{path}/receive", {"lines": [{"line": 1, "quantity": 1}]})
    facts = {"line": 1, "received": 1, "restock": 2, "scrap": 0, "quarantine": 0}
    assert life.refused(f"{path}/inspect", body) == (422, "inspection_differs", facts)
    refused = life.refused(f"{path}/inspect", {"lines": [{"line": 1, "scrap": 1}], "place": "MOON"})
    assert refused == (422, "unknown_place", {"place": "MOON"})


def test_a_line_told_twice_is_refused(life: Life) -> None:
    _, told = asked(life)
    lines = [{"line": 1, "quantity": 1}, {"line": 1, "quantity": 2}]
    status, code, facts = life.refused(f"/v1/returns/{told['id']}/receive", {"lines": lines})
    assert (status, code) == (422, "malformed")
    assert [(each["pointer"], each["code"]) for each in facts["findings"]] == [("/lines/1/line", "told_twice")]


def test_what_came_beside_what_was_announced_opens_an_exception(life: Life) -> None:
    number, told = asked(life)
    body = {"lines": [{"line": 1, "quantity": 0}], "unexpected": [{"sku": "HAT", "quantity": 1}]}
    life.done(f"/v1/returns/{told['id']}/receive", body)
    [row] = life.get(f"/v1/exceptions?order={number}")["items"]
    assert (row["kind"], row["subject"]) == ("return_differs", told["id"])
    assert row["about"] == {"lines": [[1, 2, 0]], "unexpected": [["HAT", 1]]}


def test_returns_are_listed_newest_first_by_state_and_order(life: Life) -> None:
    number, first = asked(life, 1)
    lines = [{"position": 1, "quantity": 1}]
    second, third = (life.done("/v1/returns", {"order": number, "lines": lines}) for _ in range(2))
    life.done(f"/v1/returns/{first['id']}/receive", {})
    page = life.get(f"/v1/returns?order={number}&limit=2")
    rest = life.get(f"/v1/returns?order={number}&limit=2&after={page['next']}")
    rows = page["items"] + rest["items"]
    assert [row["id"] for row in rows] == [third["id"], second["id"], first["id"]]
    assert [(row["state"], row["units"], row["refund"]) for row in rows] == [
        ("asked", 1, None), ("asked", 1, None), ("received", 1, None),
    ]  # fmt: skip
    assert rest["next"] is None
    received = life.get("/v1/returns?state=received&limit=200")["items"]
    assert first["id"] in [row["id"] for row in received]
    assert {row["state"] for row in received} == {"received"}


def test_a_step_meant_for_another_version_of_a_return_is_stale(life: Life) -> None:
    _, told = asked(life)
    path = f"/v1/returns/{told['id']}/receive"
    assert life.refused(path, {}, if_match="9") == (412, "stale", {"version": 1})
    assert life.post(path, {}, if_match="1").status == 200


@pytest.mark.parametrize("id_", ["0198c2f0-0000-7000-8000-000000000000", "nothing"])
def test_a_return_there_is_none_of(life: Life, id_: str) -> None:
    assert life.call("GET", f"/v1/returns/{id_}").code == "not_found"
    for step, body in (("receive", {}), ("inspect", {"lines": [{"line": 1}]}), ("settle", {})):
        assert life.refused(f"/v1/returns/{id_}/{step}", body)[:2] == (404, "not_found")
    lines = [{"position": 1, "quantity": 1}]
    assert life.refused("/v1/returns", {"order": "OW-0", "lines": lines})[:2] == (404, "not_found")
