"""A preview says what the edit would do, to the unit and the cent, and writes nothing."""

from typing import Any

import pytest

from orderwright.business.deeds.edit import edit_orders
from orderwright.business.deeds.editing.forms import EditOrder
from orderwright.business.orders.form import PaymentForm
from tests.edit.editing import PAID, Desk, replace
from tests.edit.test_editing import BRISTOL
from tests.floor import refused
from tests.shop import NO_SPLIT, REFUSE


@pytest.mark.parametrize(
    ("units", "changes"),
    [
        ({"MUG": 1}, {}),
        ({"MUG": 4}, {}),
        ({"MUG": 9}, {}),
        ({"TEE": 3}, {}),
        (None, {"ship_to": BRISTOL}),
        (None, {"service": "express", "policy": NO_SPLIT}),
        (None, {"ship_to": replace(BRISTOL, city="")}),
        ({"MUG": 2, "TEE": 1, "HAT": 1}, {"gift_note": "x", "payment": PaymentForm(state="on_account")}),
    ],
)
def test_a_preview_is_what_the_edit_then_does(desk: Desk, units: Any, changes: Any) -> None:
    desk.floor.stock("LEEDS", MUG=5, TEE=1)
    desk.floor.stock("BRISTOL", MUG=2, TEE=5)
    number = desk.place({"MUG": 2}, payment=PAID)
    before = (desk.floor.counts(), desk.order(number))
    told = desk.edit(number, units, dry_run=True, **changes)
    assert (desk.floor.counts(), desk.order(number)) == before
    done = desk.edit(number, units, **changes)
    assert told.dry_run
    parts = [replace(part, id="") for part in done.fulfilments]
    assert replace(done, dry_run=True, version=done.version - 1, fulfilments=parts) == told


def test_a_preview_is_refused_like_the_edit(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=2)
    number = desk.place({"MUG": 2}, policy=REFUSE)
    assert refused(desk.edit(number, {"MUG": 3}, dry_run=True)) == refused(desk.edit(number, {"MUG": 3}))


def test_many_edits_at_once_share_the_stock_and_previews_take_none_of_it(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=7)
    numbers = [desk.place({"MUG": 1}, policy=REFUSE) for _ in range(3)]
    commands = [
        EditOrder(number=numbers[0], form=desk.form(numbers[0], {"MUG": 5}), actor="sue", dry_run=True),
        EditOrder(number=numbers[1], form=desk.form(numbers[1], {"MUG": 4}), actor="sue"),
        EditOrder(number=numbers[2], form=desk.form(numbers[2], {"MUG": 4}), actor="sue"),
        EditOrder(number=numbers[1], form=desk.form(numbers[1], {"MUG": 1}), actor="tim"),
    ]
    preview, done, short, twin = desk.floor.run(edit_orders, *commands)
    assert [(each.site, each.quantity) for each in preview.allocated] == [("LEEDS", 4)]
    assert done.state == "allocated"
    assert (refused(short)[0], refused(twin)[0]) == ("short_stock", "stale")
    assert desk.floor.free("MUG", "LEEDS") == 1


def test_the_number_of_statements_does_not_grow_with_the_edits(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=90, TEE=90)
    numbers = [desk.place({"MUG": 1, "TEE": 1}) for _ in range(7)]

    def statements(which: list[str]) -> int:
        with desk.floor.begin() as tx:
            count = 0
            run = tx.rows

            def counted(sql: str, **values: Any) -> Any:
                nonlocal count
                count += 1
                return run(sql, **values)

            tx.rows = counted
            commands = [EditOrder(number=each, form=desk.form(each, {"MUG": 3}), actor="sue") for each in which]
            assert {each.state for each in edit_orders(tx, commands)} == {"allocated"}
        return count

    statements(numbers[:1])  # fills what the process caches
    assert statements(numbers[1:2]) == statements(numbers[2:])
