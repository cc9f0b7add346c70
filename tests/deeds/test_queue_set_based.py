"""At the exception queue and the till, too, twenty commands cost the statements of one."""

from collections.abc import Sequence
from typing import Any

import pytest

from orderwright.business.deeds.at_version import AtVersion, at_version, order_versions
from orderwright.business.deeds.by_line import by_line
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.refund import RefundOrder, refund_orders
from orderwright.business.deeds.resolve import (
    AssignException,
    ResolveException,
    assign_exceptions,
    resolve_exceptions,
)
from orderwright.business.orders.commands import CancelOrder, HoldOrder, LineUnits
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal
from tests.shop import Shop

hold = at_version(order_versions, hold_orders)
hold_parts = at_version(order_versions, by_line(hold_orders))
cancel = at_version(order_versions, by_line(cancel_orders))


def cost(shop: Shop, monkeypatch: pytest.MonkeyPatch, action: Any, commands: Sequence[Any]) -> int:
    """Statements of one call, all of whose commands must be done."""
    count = 0

    def counting(real: Any) -> Any:
        def run(self: Tx, *given: Any, **values: Any) -> Any:
            nonlocal count
            count += 1
            return real(self, *given, **values)

        return run

    with monkeypatch.context() as patched:
        for name in ("rows", "row", "write", "copy_text"):
            patched.setattr(Tx, name, counting(getattr(Tx, name)))
        results = shop.run(action, *commands)
    assert not [each for each in results if isinstance(each, Refusal)], results
    return count


def costs(shop: Shop, monkeypatch: pytest.MonkeyPatch, count: int) -> dict[str, int]:
    numbers = [answer.number for answer in shop.place_all([shop.form({"MUG": 2}) for _ in range(count)])]
    told = {"hold": cost(shop, monkeypatch, hold, [
        AtVersion(number, 1, HoldOrder(number=number, actor="test")) for number in numbers
    ])}  # fmt: skip
    rows = shop.rows("SELECT id::text FROM exception WHERE closed_at IS NULL")
    owned = [AssignException(id=row.id, owner="sue", actor="test") for row in rows]
    told["assign"] = cost(shop, monkeypatch, assign_exceptions, owned)
    settled = [ResolveException(id=row.id, resolution="seen", release=True, actor="test") for row in rows]
    told["resolve"] = cost(shop, monkeypatch, resolve_exceptions, settled)
    back = [RefundOrder(number=each, amount="1.00", reason="late", reference="G", actor="test") for each in numbers]
    told["refund"] = cost(shop, monkeypatch, refund_orders, back)
    lines = [LineUnits(0, 1, "1")]
    told["cancel"] = cost(shop, monkeypatch, cancel, [
        AtVersion(each, None, CancelOrder(number=each, reason="x", lines=lines, actor="test")) for each in numbers
    ])  # fmt: skip
    return told


def parts_held(shop: Shop, monkeypatch: pytest.MonkeyPatch, count: int) -> int:
    """Statements of holding a part of each of so many orders; the parts are set apart after it."""
    numbers = [answer.number for answer in shop.place_all([shop.form({"MUG": 2, "TEE": 1}) for _ in range(count)])]
    lines = [LineUnits(0, 1, "1")]
    statements = cost(shop, monkeypatch, hold_parts, [
        AtVersion(number, 1, HoldOrder(number=number, lines=lines, actor="test")) for number in numbers
    ])  # fmt: skip
    apart = shop.rows(
        "SELECT a.allocated FROM hold h JOIN orders o ON o.id = h.order_id JOIN allocation a USING (fulfilment_id)"
        " WHERE o.number = ANY(%(numbers)s::text[])",
        numbers=array(numbers),
    )
    assert apart == [(1,)] * count
    return statements


def test_parts_of_twenty_orders_are_held_with_the_statements_of_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.stock("LEEDS", MUG=100, TEE=50)
    assert parts_held(shop, monkeypatch, 20) == parts_held(shop, monkeypatch, 1)


def test_twenty_commands_cost_the_statements_of_one(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.stock("LEEDS", MUG=100)
    assert costs(shop, monkeypatch, 20) == costs(shop, monkeypatch, 1)
