"""Picking: a scan counts once, however often it comes, and the books learn what a bin really holds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.pick import pick, report_short
from orderwright.business.orders.commands import CancelOrder, HoldOrder, LineUnits
from orderwright.business.stock.actions import receive
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.forms import Pick, Picked, Shorted, ShortPick
from orderwright.business.warehouse.reads import get_pick_list
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.floor import Floor, done, refused

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def released(floor: Floor, units: int, in_stock: int | None = None) -> tuple[str, Any]:
    """A released order for MUGs at LEEDS: its number and its one pick task."""
    floor.stock("LEEDS", MUG=in_stock or units)
    number = floor.place({"MUG": units}).number
    floor.release(number)
    [task] = floor.tasks(number)
    return number, task


def test_a_picked_unit_lies_in_packing_and_is_no_longer_on_a_list(floor: Floor) -> None:
    number, task = released(floor, 2, in_stock=5)
    assert floor.pick(task) == Picked(task.task_id, 2, 0, floor.fulfilment(number), "picked")
    assert floor.lying("LEEDS") == {("MUG", "STOCK"): (3, 0), ("MUG", "PACKING"): (2, 0)}
    assert floor.counters("MUG", "LEEDS") == (5, 2)
    assert floor.units(number) == [("MUG", {"picked": 2})]
    assert floor.state(number) == "picking"
    assert floor.facts(floor.fulfilment(number)) == ["fulfilment_released", "units_picked"]


def test_a_scan_sent_twice_counts_once(floor: Floor) -> None:
    number, task = released(floor, 2, in_stock=5)
    first = floor.pick(task, occurred_at=FRIDAY)
    before = floor.counts()
    again = floor.pick(task, occurred_at=FRIDAY)
    assert (first.repeated, again.repeated, again.picked) == (False, True, 2)
    assert (floor.counts(), floor.units(number)) == (before, [("MUG", {"picked": 2})])


def test_scans_of_a_picker_who_was_offline_come_late_twice_and_out_of_order(floor: Floor) -> None:
    # Edge case 37: each scan says how many units are in the tote in all.
    number, task = released(floor, 5)
    scans = [
        Pick(task_id=task.task_id, quantity=quantity, actor="picker:ann", occurred_at=FRIDAY + timedelta(seconds=at))
        for quantity, at in ((2, 10), (5, 30), (3, 20), (2, 10), (5, 30))
    ]
    answers = floor.run(pick, *scans)
    assert [each.repeated for each in answers] == [False, False, True, True, True]
    assert floor.units(number) == [("MUG", {"picked": 5})]
    assert floor.rows("SELECT quantity, occurred_at FROM stock_move WHERE kind = 'pick' ORDER BY cause_line") == [
        (2, FRIDAY + timedelta(seconds=10)), (3, FRIDAY + timedelta(seconds=30)),
    ]  # fmt: skip


def test_half_a_task_leaves_the_fulfilment_on_the_floor(floor: Floor) -> None:
    number, task = released(floor, 5)
    assert floor.pick(task, 2) == Picked(task.task_id, 2, 3, floor.fulfilment(number), "released")
    assert floor.lying("LEEDS") == {("MUG", "STOCK"): (3, 3), ("MUG", "PACKING"): (2, 0)}
    assert floor.units(number) == [("MUG", {"allocated": 3, "picked": 2})]


@pytest.mark.parametrize(
    ("scan", "code", "facts"),
    [
        ({"quantity": 3}, "pick_quantity", {"asked": 2, "told": 3}),
        ({"quantity": 2, "sku": "TEE"}, "wrong_item", {"wanted": "MUG", "scanned": "TEE"}),
        ({"quantity": 2, "lot": "L9"}, "wrong_lot", {"wanted": "", "scanned": "L9"}),
    ],
)
def test_a_wrong_scan_is_refused_and_moves_nothing(
    floor: Floor, scan: dict[str, Any], code: str, facts: dict[str, Any]
) -> None:
    number, task = released(floor, 2)
    before = floor.counts()
    assert refused(floor.pick(task, **scan)) == (code, {"task_id": task.task_id, **facts})
    assert (floor.counts(), floor.units(number)) == (before, [("MUG", {"allocated": 2})])


def test_one_wrong_scan_spoils_no_other(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=5, TEE=5)
    number = floor.place({"MUG": 1, "TEE": 2}).number
    floor.release(number)
    tasks = floor.tasks(number)
    scans = [Pick(task_id=each.task_id, quantity=each.quantity, sku="MUG", actor="test") for each in tasks]
    answers = floor.run(pick, Pick(task_id=new_id(), quantity=1, actor="test"), *scans)
    assert [each.code if isinstance(each, Refusal) else each.picked for each in answers] == [
        "not_found", 1, "wrong_item",
    ]  # fmt: skip
    assert floor.units(number) == [("MUG", {"picked": 1}), ("TEE", {"allocated": 2})]


def test_a_cancelled_task_cannot_be_picked(floor: Floor) -> None:
    number, task = released(floor, 2)
    done(floor.run(cancel_orders, CancelOrder(number=number, reason="changed_mind", actor="test")))
    code, facts = refused(floor.pick(task))
    assert (code, facts["state"]) == ("pick_step", "cancelled")
    assert floor.lying("LEEDS") == {("MUG", "STOCK"): (2, 0)}


def test_cancelling_some_units_shortens_the_pick_list(floor: Floor) -> None:
    number, task = released(floor, 5)
    floor.pick(task, 1)
    done(floor.run(cancel_orders, CancelOrder(number=number, reason="x", actor="test", lines=[LineUnits(1, 3)])))
    [task] = floor.tasks(number)
    assert (task.quantity, task.picked, task.state) == (2, 1, "open")
    assert floor.lying("LEEDS") == {("MUG", "STOCK"): (4, 1), ("MUG", "PACKING"): (1, 0)}
    assert floor.pick(task).fulfilment_state == "picked"


def test_a_hold_does_not_unpick_what_a_picker_took(floor: Floor) -> None:
    number, task = released(floor, 2)
    done(floor.run(hold_orders, HoldOrder(number=number, actor="test", kind="fraud")))
    assert floor.pick(task).fulfilment_state == "picked"
    assert refused(floor.pack(number)) == ("order_held", {"number": number})


def test_two_of_five_are_missing_and_another_site_has_one(floor: Floor) -> None:
    # Edge case 23.
    number, task = released(floor, 5)
    floor.stock("BRISTOL", MUG=1)
    assert floor.short(task, 3) == Shorted(task.task_id, 3, 2, floor.fulfilment(number), "picked", sent=1, waiting=1)
    assert floor.units(number) == [("MUG", {"waiting": 1, "allocated": 1, "picked": 3})]
    assert [(row.site, row.state) for row in floor.fulfilments(number)] == [
        ("BRISTOL", "planned"), ("LEEDS", "picked"),
    ]  # fmt: skip
    assert floor.lying("LEEDS") == {("MUG", "PACKING"): (3, 0)}
    assert (floor.counters("MUG", "LEEDS"), floor.counters("MUG", "BRISTOL")) == ((3, 3), (1, 1))
    assert floor.exceptions() == ["pick_short"]
    assert floor.facts(floor.fulfilment(number)) == ["fulfilment_released", "units_picked", "pick_short"]
    assert "order_rerouted" in floor.facts(floor.order_id(number))


@pytest.mark.parametrize(("reason", "place"), [("missing", None), ("damaged", "QUARANTINE"), ("expired", "QUARANTINE")])
def test_where_short_units_go_depends_on_why(floor: Floor, reason: str, place: str | None) -> None:
    number, task = released(floor, 2, in_stock=6)
    floor.short(task, 0, reason=reason)
    left = {("MUG", "STOCK"): (4, 0)}
    assert floor.lying("LEEDS") == (left if place is None else {**left, ("MUG", place): (2, 0)})
    assert floor.counters("MUG", "LEEDS") == (4, 0)
    assert floor.units(number) == [("MUG", {"waiting": 2})]
    assert [row.state for row in floor.fulfilments(number)] == ["cancelled"]


def test_a_short_report_again_changes_nothing(floor: Floor) -> None:
    _, task = released(floor, 5)
    first = floor.short(task, 3)
    before = floor.counts()
    again = floor.short(task, 3)
    assert (first.repeated, again.repeated, again.missing) == (False, True, 2)
    assert floor.counts() == before
    assert refused(floor.short(task, 2))[0] == "pick_step"
    assert refused(floor.pick(task, 4))[0] == "pick_step"


def test_what_is_not_short_is_refused(floor: Floor) -> None:
    number, task = released(floor, 3)
    assert refused(floor.short(task, 3)) == ("not_short", {"task_id": task.task_id, "asked": 3, "found": 3})
    floor.pick(task, 2)
    assert refused(floor.short(task, 1))[0] == "pick_step"  # two are in the tote already
    assert floor.units(number) == [("MUG", {"allocated": 1, "picked": 2})]
    assert refused(floor.one(report_short, ShortPick(task_id="?", found=0, actor="test")))[0] == "not_found"


def test_a_lot_that_expires_before_the_pick_is_not_sent(floor: Floor) -> None:
    # Edge case 36.
    floor.at(FRIDAY)
    floor.product("SOAP", tracking="lot")
    line = ReceiptLine(sku="SOAP", quantity=3, lot="OLD", expires_on=date(2026, 11, 20))
    done(floor.run(receive, Receipt(form=ReceiptForm(site="LEEDS", lines=[line]), actor="test")))
    number = floor.place({"SOAP": 3}).number
    floor.release(number)
    [task] = floor.tasks(number)
    floor.pick(task, 1)
    floor.at(FRIDAY + timedelta(days=1))
    expected = {"task_id": task.task_id, "lot": "OLD", "expires_on": "2026-11-20"}
    assert refused(floor.pick(task, 3)) == ("lot_expired", expected)
    assert refused(floor.short(task, 2, reason="expired")) == ("lot_expired", expected)
    assert floor.short(task, 1, reason="expired").missing == 2
    assert floor.lying("LEEDS") == {("SOAP", "PACKING"): (1, 0), ("SOAP", "QUARANTINE"): (2, 0)}
    assert floor.units(number) == [("SOAP", {"waiting": 2, "picked": 1})]


def test_the_pick_list_reads_in_walking_order_without_what_was_cancelled(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=2, TEE=2)
    number = floor.place({"MUG": 1, "TEE": 2}).number
    floor.release(number)
    done(floor.run(cancel_orders, CancelOrder(number=number, reason="x", actor="test", lines=[LineUnits(1, 1)])))
    with floor.store.read() as tx:
        shown = get_pick_list(tx, floor.fulfilment(number))
        assert (shown.order, shown.site, shown.state, shown.is_held) == (number, "LEEDS", "released", False)
        assert [(each.sku, each.title, each.place, each.quantity, each.picked) for each in shown.tasks] == [
            ("TEE", "Tee", "STOCK", 2, 0),
        ]  # fmt: skip
        with pytest.raises(Refusal) as no:
            get_pick_list(tx, new_id())
    assert no.value.code == "not_found"
