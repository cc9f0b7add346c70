"""How far the system goes by itself, and what people decide otherwise."""

from typing import Any

import pytest

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.dials import accept_decisions, override_decisions, turn_dials
from orderwright.business.deeds.resolve import ResolveException, resolve_exceptions
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.orders.dials import (
    AcceptDecision,
    DecisionQuery,
    Dial,
    OverrideDecision,
    SetDial,
    came_of,
    list_decisions,
    list_dials,
    set_dials,
)
from orderwright.business.orders.form import CustomerForm, LineForm, PaymentForm
from orderwright.values.forms import AddressForm
from tests.shop import Shop

TYPO = AddressForm(name="Bea Buyer", lines=["1 High St"], city="Leeds", postal_code="LS1 IAA", country="GB")
BEA = CustomerForm(email="b@example.org", name="Bea Buyer")


def doubtful(shop: Shop) -> str:
    return str(shop.place({"MUG": 1}, ship_to=TYPO).number)


def double(shop: Shop) -> tuple[str, str]:
    return str(shop.place({"MUG": 2}, customer=BEA).number), str(shop.place({"MUG": 2}, customer=BEA).number)


def cheap(shop: Shop) -> str:
    lines = [LineForm(sku="MUG", quantity=2, unit_price="0.75", reference="1")]
    paid = PaymentForm(state="paid", amount="1.50")
    return str(shop.place({"MUG": 2}, lines=lines, total="1.50", payment=paid).number)


def turn(shop: Shop) -> None:
    with shop.begin() as tx:
        turn_dials(tx, [])


def set_to(shop: Shop, kind: str, setting: Any) -> Any:
    return shop.run(set_dials, SetDial(kind=kind, setting=setting, actor="staff:Mae"))[0]


def dial(shop: Shop, kind: str) -> Dial:
    with shop.store.read() as tx:
        return next(each for each in list_dials(tx) if each.kind == kind)


def exception(shop: Shop, number: str) -> str:
    sql = "SELECT id::text FROM exception WHERE order_id = %(id)s::uuid ORDER BY opened_at LIMIT 1"
    return str(shop.value(sql, id=shop.order_id(number)))


def decided(shop: Shop, state: Any = "untold") -> list[tuple[str, str, str]]:
    with shop.store.read() as tx:
        return [(each.order, each.kind, each.came) for each in list_decisions(tx, DecisionQuery(state=state)).items]


def resolve(shop: Shop, number: str, resolution: str, note: str = "") -> Any:
    told = ResolveException(
        id=exception(shop, number), resolution=resolution, note=note, release=True, actor="staff:Clara"
    )
    return shop.run(resolve_exceptions, told)[0]


def test_a_dial_that_suggests_does_nothing_by_itself(shop: Shop):
    shop.stock("LEEDS", MUG=9)
    numbers = [doubtful(shop), double(shop)[1], cheap(shop)]
    turn(shop)
    assert [shop.state(number) for number in numbers] == ["held", "held", "held"]
    assert [(dial(shop, kind).suggested, dial(shop, kind).done) for kind in ("address", "duplicate", "price")] == [
        (1, 0), (1, 0), (1, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(("setting", "told"), [("tell", True), ("silent", False)])
def test_what_is_suggested_is_done_by_the_deeds_people_use(shop: Shop, setting: str, told: bool):
    shop.stock("LEEDS", MUG=9)
    typo, (first, second), off = doubtful(shop), double(shop), cheap(shop)
    for kind in ("address", "duplicate", "price"):
        set_to(shop, kind, setting)
    turn(shop)
    assert [shop.state(each) for each in (typo, first, second, off)] == [
        "allocated", "allocated", "cancelled", "allocated",
    ]  # fmt: skip
    assert shop.value("SELECT count(*) FROM exception WHERE closed_at IS NULL") == 0
    assert sorted(decided(shop, "all")) == sorted(
        [(typo, "address", "taken"), (second, "duplicate", "taken"), (off, "price", "taken")]
    )
    assert len(decided(shop)) == (3 if told else 0)
    turn(shop)
    assert len(decided(shop, "all")) == 3


def test_what_cannot_be_done_is_left_to_people(shop: Shop):
    shop.stock("LEEDS", MUG=9)
    number = str(shop.place({"MUG": 1}, ship_to=AddressForm(name="B", lines=["1 St"], country="GB")).number)
    set_to(shop, "address", "silent")
    turn(shop)
    assert (shop.state(number), dial(shop, "address").suggested) == ("held", 0)


def test_deciding_otherwise_needs_a_reason_and_is_counted_with_what_became_of_it(shop: Shop):
    shop.stock("LEEDS", MUG=9)
    number = doubtful(shop)
    turn(shop)
    before = shop.counts()
    assert resolve(shop, number, "address_confirmed").code == "reason_needed"
    assert shop.counts() == before
    assert resolve(shop, number, "address_confirmed", "By phone.").resolution == "address_confirmed"
    turn(shop)
    found = dial(shop, "address")
    assert (found.overridden, found.overridden_milli, [tuple(each) for each in map(_pair, found.became)]) == (
        1, 1000, [("allocated", 1)],
    )  # fmt: skip
    assert shop.value("SELECT reason FROM suggestion") == "By phone."


def _pair(became: Any) -> tuple[str, int]:
    return became.state, became.orders


def test_who_takes_a_suggestion_needs_no_reason(shop: Shop):
    shop.stock("LEEDS", MUG=9)
    _, second = double(shop)
    off = cheap(shop)
    turn(shop)
    shop.run(cancel_orders, CancelOrder(number=second, reason="duplicate", actor="staff:Clara"))
    resolve(shop, off, "price_kept")
    turn(shop)
    assert [(dial(shop, kind).taken, dial(shop, kind).overridden) for kind in ("duplicate", "price")] == [
        (1, 0),
        (1, 0),
    ]


def test_a_decision_of_the_system_is_taken_back_with_a_reason_and_the_order_held(shop: Shop):
    shop.stock("LEEDS", MUG=9)
    number = doubtful(shop)
    set_to(shop, "address", "tell")
    turn(shop)
    told = OverrideDecision(id=exception(shop, number), reason="Wrong town.", actor="staff:Clara")
    empty = OverrideDecision(id=told.id, reason=" ", actor="staff:Clara")
    assert shop.run(override_decisions, empty)[0].code == "reason_needed"
    first, second = shop.run(override_decisions, told, told)
    assert (first.came, first.reason, first.is_held, second.code) == (
        "overridden",
        "Wrong town.",
        True,
        "decision_step",
    )
    assert (shop.state(number), decided(shop)) == ("held", [])
    assert dial(shop, "address").overridden_milli == 1000


def test_what_was_cancelled_by_itself_stays_cancelled_when_it_was_wrong(shop: Shop):
    shop.stock("LEEDS", MUG=9)
    _, second = double(shop)
    set_to(shop, "duplicate", "silent")
    turn(shop)
    told = OverrideDecision(id=exception(shop, second), reason="Both were wanted.", actor="staff:Clara")
    [decision] = shop.run(override_decisions, told)
    assert (decision.state, decision.is_held, decision.came) == ("cancelled", False, "overridden")


def test_what_was_told_is_told_until_somebody_looked_at_it(shop: Shop):
    shop.stock("LEEDS", MUG=9)
    number = cheap(shop)
    set_to(shop, "price", "tell")
    turn(shop)
    told = AcceptDecision(id=exception(shop, number), actor="staff:Clara")
    unknown = AcceptDecision(id="nothing", actor="staff:Clara")
    first, second, none = shop.run(accept_decisions, told, told, unknown)
    assert (first.told_at is not None, second, none.code) == (True, first, "not_found")
    assert decided(shop) == []


def test_turning_a_dial_is_kept_with_before_and_after(shop: Shop):
    assert set_to(shop, "address", "tell").setting == "tell"
    set_to(shop, "address", "tell")
    assert set_to(shop, "colour", "tell").code == "not_found"
    rows = shop.rows("SELECT name, before, after, actor FROM house_change WHERE kind = 'dial'")
    assert [tuple(row) for row in rows] == [("address", '"suggest"', '"tell"', "staff:Mae")]


@pytest.mark.parametrize(
    ("kind", "resolution", "is_as_suggested", "came"),
    [
        ("address", "released", True, "taken"),
        ("address", "released", False, "overridden"),
        ("address", "address_confirmed", False, "overridden"),
        ("address", "cancelled", False, "gone"),
        ("duplicate", "cancelled", False, "taken"),
        ("duplicate", "both_wanted", False, "overridden"),
        ("price", "price_kept", False, "taken"),
        ("price", "released", False, "taken"),
        ("price", "cancelled", False, "gone"),
    ],
)
def test_what_came_of_a_suggestion(kind: str, resolution: str, is_as_suggested: bool, came: str):
    assert came_of(kind, resolution, is_as_suggested=is_as_suggested) == came
