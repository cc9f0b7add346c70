"""Handing over: the parcel leaves, and everything that counts its units knows it."""

from datetime import UTC, datetime
from typing import Any

from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.hold import hold_orders, release_holds
from orderwright.business.deeds.pack import unpack
from orderwright.business.orders.commands import HoldOrder, ReleaseHold
from orderwright.business.shipping.actions import void_labels
from orderwright.business.shipping.forms import HandedOver, HandOver, PackedLine, ParcelForm, Unpack, VoidLabel
from orderwright.flows import FLOWS
from orderwright.values.ids import new_id
from tests.floor import Floor, done, refused

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def labelled(floor: Floor, **units: int) -> tuple[str, Any]:
    """An order whose one parcel waits for its carrier: number and parcel."""
    floor.stock("LEEDS", **units)
    number = str(floor.place(units).number)
    return number, floor.labelled(number)


def test_a_parcel_that_leaves_takes_its_units_off_the_books(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=3)
    number, parcel = labelled(floor, MUG=2, TEE=1)
    assert floor.hand_over(parcel.id) == HandedOver(parcel.id, "P-000001", "shipped", number, "shipped")
    assert floor.units(number) == [("MUG", {"shipped": 2}), ("TEE", {"shipped": 1})]
    assert (floor.counters("MUG", "LEEDS"), floor.counters("TEE", "LEEDS")) == ((3, 0), (0, 0))
    assert floor.lying("LEEDS") == {("MUG", "STOCK"): (3, 0)}
    assert [row.state for row in floor.fulfilments(number)] == ["shipped"]
    assert floor.facts(parcel.id) == ["parcel_packed", "label_bought", "parcel_handed_over"]
    assert floor.facts(floor.order_id(number)) == ["order_placed", "order_shipped"]


def test_tracking_and_invoice_follow_the_hand_over_by_itself(floor: Floor) -> None:
    _, parcel = labelled(floor, MUG=1)
    floor.hand_over(parcel.id)
    followed = floor.rows(
        "SELECT t.name FROM task t JOIN fact f ON f.subject = t.subject AND f.seq = t.cause_seq"
        " WHERE f.type = 'parcel_handed_over' AND t.subject = %(id)s ORDER BY t.id",
        id=parcel.id,
    )
    assert [row.name for row in followed] == list(FLOWS["parcel_handed_over"])


def test_a_parcel_handed_over_twice_left_once(floor: Floor) -> None:
    number, parcel = labelled(floor, MUG=2)
    command = HandOver(parcel_id=parcel.id, actor="test")
    first, second = floor.run(hand_over, command, command)
    before = floor.counts()
    third = floor.hand_over(parcel.id)
    assert [first.repeated, second.repeated, third.repeated] == [False, True, True]
    assert (second.state, third.order_state) == ("shipped", "shipped")
    assert (floor.counts(), floor.units(number)) == (before, [("MUG", {"shipped": 2})])


def test_each_parcel_of_an_order_ships_its_own_part(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=3)
    number = str(floor.place({"MUG": 3}).number)
    floor.pick_all(number)
    parcels = [ParcelForm(lines=[PackedLine(reference="1", quantity=units)]) for units in (2, 1)]
    first, second = done([floor.pack(number, parcels=parcels)])[0].parcels
    floor.buy_labels()
    assert floor.hand_over(first.id).order_state == "partially_shipped"
    assert floor.units(number) == [("MUG", {"packed": 1, "shipped": 2})]
    assert floor.hand_over(second.id).order_state == "shipped"


def test_a_hold_placed_after_packing_stops_the_parcel(floor: Floor) -> None:
    number, parcel = labelled(floor, MUG=1)
    done(floor.run(hold_orders, HoldOrder(number=number, actor="test", kind="fraud")))
    before = floor.counts()
    assert refused(floor.hand_over(parcel.id)) == ("order_held", {"number": number})
    assert (floor.counts(), floor.parcel(parcel.id).state) == (before, "labelled")
    done(floor.run(release_holds, ReleaseHold(number=number, actor="test", kind="fraud")))
    assert floor.hand_over(parcel.id).state == "shipped"


def test_a_parcel_without_a_live_label_stays(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=1)
    parcel = floor.packed(str(floor.place({"MUG": 1}).number))
    assert refused(floor.hand_over(parcel.id)) == ("no_label", {"number": "P-000001"})
    floor.buy_labels()
    done(floor.run(void_labels, VoidLabel(parcel_id=parcel.id, actor="test")))
    assert refused(floor.hand_over(parcel.id)) == ("label_pending", {"number": "P-000001"})
    floor.void_labels()
    assert refused(floor.hand_over(parcel.id)) == ("no_label", {"number": "P-000001"})
    done(floor.run(unpack, Unpack(parcel_id=parcel.id, actor="test")))
    assert refused(floor.hand_over(parcel.id)) == ("parcel_step", {"state": "unpacked"})


def test_what_is_no_parcel_is_not_found(floor: Floor) -> None:
    strange = [HandOver(parcel_id=id_, actor="test") for id_ in (new_id(), "nonsense")]
    assert [refused(each)[0] for each in floor.run(hand_over, *strange)] == ["not_found", "not_found"]


def test_a_scan_that_comes_late_keeps_its_own_time(floor: Floor) -> None:
    _, parcel = labelled(floor, MUG=1)
    floor.hand_over(parcel.id, occurred_at=NOON)
    assert floor.parcel(parcel.id).shipped_at == NOON
    assert floor.rows("SELECT occurred_at FROM stock_move WHERE kind = 'ship'") == [(NOON,)]


def test_lots_leave_as_they_were_packed(floor: Floor) -> None:
    from orderwright.business.stock.actions import receive
    from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine

    floor.product("SOAP", tracking="lot")
    lines = [ReceiptLine(sku="SOAP", quantity=2, lot=lot) for lot in ("L1", "L2")]
    done(floor.run(receive, Receipt(form=ReceiptForm(site="LEEDS", lines=lines), actor="test")))
    number = str(floor.place({"SOAP": 3}).number)
    parcel = floor.shipped(number)
    packed = floor.rows("SELECT lot, quantity FROM parcel_line WHERE parcel_id = %(id)s ORDER BY lot", id=parcel.id)
    left = floor.rows("SELECT lot, quantity FROM stock_move WHERE kind = 'ship' ORDER BY lot")
    assert sorted(row.quantity for row in packed) == [1, 2]
    assert packed == left
