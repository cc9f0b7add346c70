"""Deeds meant for what the caller saw: also when several of them arrive at the same moment."""

from typing import Any

from orderwright.business.deeds.at_version import AtVersion, at_version, order_versions
from orderwright.business.deeds.by_line import by_line
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.orders.commands import CancelOrder, HoldOrder, LineUnits
from orderwright.values.refusal import Refusal
from tests.shop import Shop

hold = at_version(order_versions, hold_orders)
cancel = at_version(order_versions, by_line(cancel_orders))


def held(number: str, kind: str, version: int | None) -> AtVersion:
    return AtVersion(number, version, HoldOrder(number=number, kind=kind, actor="test"))


def codes(results: list[Any]) -> list[str]:
    return [each.code if isinstance(each, Refusal) else "done" for each in results]


def test_of_two_that_saw_the_same_the_second_is_stale(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 1}).number
    told = shop.run(hold, held(number, "fraud", 1), held(number, "vip", 1), held(number, "gift", None))
    assert codes(told) == ["done", "stale", "done"]
    assert shop.rows("SELECT kind FROM hold ORDER BY kind") == [("fraud",), ("gift",)]


def test_a_version_that_is_not_there_any_more_changes_nothing(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    number = shop.place({"MUG": 1}).number
    before = shop.counts()
    [told] = shop.run(hold, held(number, "fraud", 2))
    assert (told.code, told.facts, shop.counts()) == ("stale", {"version": 1}, before)


def test_an_order_there_is_none_of_is_not_found_rather_than_stale(shop: Shop) -> None:
    assert codes(shop.run(hold, held("OW-0", "fraud", 1))) == ["not_found"]


def test_each_command_is_answered_in_its_place(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    numbers = [shop.place({"MUG": 1}).number for _ in range(3)]

    def one(number: str, reference: str, version: int | None = None) -> AtVersion:
        lines = [LineUnits(0, 1, reference)]
        return AtVersion(number, version, CancelOrder(number=number, reason="x", lines=lines, actor="test"))

    told = shop.run(cancel, one(numbers[0], "1", 9), one(numbers[1], "9"), one(numbers[2], "1", 1), one("OW-0", "1"))
    assert codes(told) == ["stale", "unknown_line", "done", "not_found"]
    assert told[2].number == numbers[2]
    assert [shop.state(number) for number in numbers] == ["allocated", "allocated", "cancelled"]


def test_a_line_without_a_reference_goes_by_its_position_written_out(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5, TEE=5)
    form = shop.form({"MUG": 1, "TEE": 1})
    lines = [type(form.lines[0])(sku=line.sku, quantity=1, unit_price="7.50") for line in form.lines]
    number = shop.place({"MUG": 1, "TEE": 1}, lines=lines).number
    command = CancelOrder(number=number, reason="x", lines=[LineUnits(0, 1, "2")], actor="test")
    [told] = shop.run(cancel, AtVersion(number, None, command))
    assert [(line.position, line.quantity) for line in told.lines] == [(2, 1)]
