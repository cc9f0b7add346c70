"""Orders changed over HTTP: cancelled, held, released, in whole or by line."""

import pytest

from orderwright.business.orders.form import LineForm, PaymentForm
from tests.doors_life.conftest import Life


def test_an_order_is_cancelled_and_its_stock_is_free(life: Life) -> None:
    before = life.shop.free("MUG", "LEEDS")
    number = life.place({"MUG": 2})
    assert life.done(f"/v1/orders/{number}/cancel", {"reason": "changed_mind"}) == {
        "number": number, "state": "cancelled", "lines": [{"position": 1, "reference": "1", "quantity": 2}],
    }  # fmt: skip
    assert life.shop.free("MUG", "LEEDS") == before + 2
    again = life.refused(f"/v1/orders/{number}/cancel", {"reason": "changed_mind"})
    assert again == (409, "nothing_to_cancel", {"number": number})


@pytest.mark.parametrize("name", [{"reference": "2"}, {"position": 2}])
def test_units_of_a_line_are_cancelled_by_its_reference_or_its_position(life: Life, name: dict[str, object]) -> None:
    number = life.place({"MUG": 1, "TEE": 3})
    body = {"reason": "too_many", "lines": [{**name, "quantity": 2}]}
    told = life.done(f"/v1/orders/{number}/cancel", body)
    assert (told["state"], told["lines"]) == ("allocated", [{"position": 2, "reference": "2", "quantity": 2}])
    stages = [line["stages"] for line in life.get(f"/v1/orders/{number}")["lines"]]
    assert [(each["allocated"], each["cancelled"]) for each in stages] == [(1, 0), (1, 2)]
    too_many = life.refused(f"/v1/orders/{number}/cancel", body)
    assert too_many == (409, "order_step", {"position": 2, "asked": 2, "possible": 1})


def test_a_line_nobody_has_or_several_have_is_refused(life: Life) -> None:
    number = life.place({"MUG": 1, "TEE": 1})
    body = {"reason": "x", "lines": [{"reference": "nine", "quantity": 1}]}
    assert life.refused(f"/v1/orders/{number}/cancel", body) == (422, "unknown_line", {"reference": "nine"})
    lines = [LineForm(sku=sku, quantity=1, unit_price="7.50", reference="same") for sku in ("MUG", "TEE")]
    number = life.order({"MUG": 2}, lines=lines)
    body = {"reason": "x", "lines": [{"reference": "same", "quantity": 1}]}
    refused = life.refused(f"/v1/orders/{number}/cancel", body)
    assert refused == (422, "unknown_line", {"reference": "same", "positions": [1, 2]})


def test_a_line_is_named_once_over(life: Life) -> None:
    number = life.place({"MUG": 2})
    lines = [{"quantity": 1}, {"reference": "1", "quantity": 1}, {"reference": "1", "position": 1, "quantity": 1}]
    for deed, body in (("cancel", {"reason": "x"}), ("hold", {})):
        status, code, facts = life.refused(f"/v1/orders/{number}/{deed}", {**body, "lines": lines})
        assert (status, code) == (422, "malformed")
        pointers = [(each["pointer"], each["code"]) for each in facts["findings"]]
        assert pointers == [("/lines/0", "name_of_line"), ("/lines/2", "name_of_line")]


def test_an_order_is_held_and_released_one_kind_at_a_time(life: Life) -> None:
    number = life.place({"MUG": 1})
    for kind in ("fraud", "manual"):
        life.done(f"/v1/orders/{number}/hold", {"kind": kind, "note": "who is it?"})
    again = life.refused(f"/v1/orders/{number}/hold", {"kind": "fraud"})
    assert again == (409, "hold_exists", {"kind": "fraud"})
    told = life.done(f"/v1/orders/{number}/release", {"kind": "fraud"})
    assert told == {"number": number, "state": "held", "holds": ["manual"]}
    told = life.done(f"/v1/orders/{number}/release", {"kind": "manual"})
    assert told == {"number": number, "state": "allocated", "holds": []}
    again = life.refused(f"/v1/orders/{number}/release", {"kind": "manual"})
    assert again == (409, "no_such_hold", {"kind": "manual", "open": []})


def test_some_units_of_a_line_are_held_and_the_rest_goes_on(life: Life) -> None:
    number = life.place({"MUG": 4})
    told = life.done(f"/v1/orders/{number}/hold", {"kind": "gift_wrap", "lines": [{"reference": "1", "quantity": 3}]})
    assert (told["state"], told["holds"]) == ("allocated", ["gift_wrap"])
    parts = life.get(f"/v1/orders/{number}")["fulfilments"]
    assert sorted(part["lines"][0]["quantity"] for part in parts) == [1, 3]
    held = [row for row in life.get("/v1/fulfilments?state=planned&limit=200")["items"] if row["order"] == number]
    assert sorted((row["allocated"], row["is_held"]) for row in held) == [(1, False), (3, True)]


@pytest.mark.parametrize("deed", ["cancel", "hold", "release", "payments", "refunds"])
def test_a_change_meant_for_another_version_is_stale(life: Life, deed: str) -> None:
    number = life.place({"MUG": 2}, payment=PaymentForm(state="unpaid"))
    body = {
        "cancel": {"reason": "x"}, "hold": {}, "release": {"kind": "payment"},
        "payments": {"state": "paid", "amount": "15.00", "gateway": "bank", "reference": number},
        "refunds": {"amount": "1.00", "reason": "late", "reference": "1"},
    }[deed]  # fmt: skip
    path = f"/v1/orders/{number}/{deed}"
    assert life.refused(path, body, if_match="7") == (412, "stale", {"version": 1})
    reply = life.post(path, body, if_match="1")
    assert reply.status in (200, 201) or reply.code == "refund_too_much"


def test_a_cancellation_is_replayed_under_its_key(life: Life) -> None:
    number = life.place({"MUG": 2})
    send = {"idempotency_key": f"cancel-{number}"}
    first = life.post(f"/v1/orders/{number}/cancel", {"reason": "changed_mind"}, **send)
    again = life.post(f"/v1/orders/{number}/cancel", {"reason": "changed_mind"}, **send)
    assert (first.status, again.status, again.content) == (200, 200, first.content)
    other = life.post(f"/v1/orders/{number}/cancel", {"reason": "other"}, **send)
    assert (other.status, other.code) == (422, "key_reused")


@pytest.mark.parametrize(
    ("deed", "body"),
    [("cancel", {"reason": "x"}), ("hold", {}), ("release", {"kind": "manual"})],
)
def test_an_order_there_is_none_of_cannot_be_changed(life: Life, deed: str, body: dict[str, object]) -> None:
    assert life.refused(f"/v1/orders/OW-0/{deed}", body)[:2] == (404, "not_found")
