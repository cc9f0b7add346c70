"""Following parcels: each scan once, and none undoes a delivery."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orderwright.business.deeds.track import record_scans, record_tracking
from orderwright.business.shipping.following import SCAN, TellScans
from orderwright.business.shipping.forms import Tracked, TrackingEvent
from orderwright.business.shipping.reads import ItemShown, store_of, track
from orderwright.database import tasks
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.floor import Floor, done, refused

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def on_its_way(floor: Floor, units: int = 2) -> tuple[str, Any]:
    """An order that left on Friday: number and parcel, with its `code`."""
    floor.at(FRIDAY)
    floor.stock("LEEDS", MUG=units)
    number = str(floor.place({"MUG": units}).number)
    parcel = floor.shipped(number)
    return number, floor.parcel(parcel.id)


def test_a_delivered_parcel_delivers_its_order(floor: Floor) -> None:
    number, parcel = on_its_way(floor)
    answer = floor.scan(parcel.tracking_code, "delivered", MONDAY)
    assert answer == Tracked(f"{parcel.tracking_code}:delivered", str(parcel.id), "delivered")
    assert floor.units(number) == [("MUG", {"shipped": 2, "delivered": 2})]
    assert (floor.state(number), floor.parcel(parcel.id).delivered_at) == ("delivered", MONDAY)
    assert floor.facts(str(parcel.id))[-1] == "parcel_delivered"
    assert floor.facts(floor.order_id(number))[-1] == "order_delivered"


def test_a_scan_counts_once_however_often_it_is_told(floor: Floor) -> None:
    _, parcel = on_its_way(floor)
    told = {"carrier": "practice", "tracking_code": parcel.tracking_code, "milestone": "delivered", "actor": "carrier"}
    event = TrackingEvent(**told, external_id="e1", occurred_at=MONDAY)
    first, second = floor.run(record_tracking, event, event)
    before = floor.counts()
    [third] = floor.run(record_tracking, event)
    assert [first.repeated, second.repeated, third.repeated] == [False, True, True]
    assert [each.parcel_state for each in (first, second, third)] == ["delivered"] * 3
    assert floor.counts() == before


@pytest.mark.parametrize("milestone", ["in_transit", "failed", "returned", "lost", "delivered"])
def test_what_comes_after_the_delivery_does_not_undo_it(floor: Floor, milestone: str) -> None:
    # Edge case 60.
    number, parcel = on_its_way(floor)
    floor.scan(parcel.tracking_code, "delivered", MONDAY)
    floor.scan(parcel.tracking_code, milestone, MONDAY + timedelta(hours=2), external_id="later")
    assert (floor.state(number), floor.parcel(parcel.id).state) == ("delivered", "delivered")
    assert floor.units(number) == [("MUG", {"shipped": 2, "delivered": 2})]
    assert floor.exceptions() == []


def test_scans_of_one_call_are_heard_in_the_order_they_happened(floor: Floor) -> None:
    number, parcel = on_its_way(floor)
    code = parcel.tracking_code
    events = [
        TrackingEvent(
            carrier="practice", external_id=milestone, tracking_code=code, milestone=milestone,
            occurred_at=MONDAY + timedelta(hours=at), actor="carrier",
        )
        for milestone, at in (("delivered", 30), ("lost", 20), ("in_transit", 10))
    ]  # fmt: skip
    answers = floor.run(record_tracking, *events)
    assert [each.parcel_state for each in answers] == ["delivered"] * 3
    assert floor.facts(str(parcel.id))[-3:] == ["tracking_recorded", "parcel_lost", "parcel_delivered"]
    assert (floor.state(number), floor.exceptions()) == ("delivered", [])


def test_delivered_before_it_was_handed_over_opens_an_exception_and_counts_when_it_is(floor: Floor) -> None:
    # Edge case 60.
    floor.at(FRIDAY)
    floor.stock("LEEDS", MUG=1)
    number = str(floor.place({"MUG": 1}).number)
    parcel = floor.parcel(floor.labelled(number).id)
    floor.scan(parcel.tracking_code, "delivered", MONDAY)
    assert (floor.state(number), floor.parcel(parcel.id).state) == ("packed", "labelled")
    assert floor.exceptions() == ["delivered_unshipped"]
    floor.at(MONDAY + timedelta(hours=1))
    answer = floor.hand_over(str(parcel.id))
    assert (answer.state, answer.order_state) == ("delivered", "delivered")
    assert floor.units(number) == [("MUG", {"shipped": 1, "delivered": 1})]
    assert (floor.parcel(parcel.id).delivered_at, floor.exceptions()) == (MONDAY, [])


def test_a_scan_of_an_unknown_parcel_is_kept(floor: Floor) -> None:
    assert floor.scan("PX9", "delivered", MONDAY) == Tracked("PX9:delivered", None, None)
    assert floor.rows("SELECT carrier, tracking_code, parcel_id, milestone FROM tracking_event") == [
        ("practice", "PX9", None, "delivered")
    ]


def test_a_code_used_again_a_year_later_belongs_to_the_parcel_that_has_it_then(floor: Floor) -> None:
    # Edge case 60.
    number, old = on_its_way(floor)
    code = old.tracking_code
    floor.scan(code, "delivered", MONDAY)
    floor.at(FRIDAY + timedelta(days=365))
    floor.stock("LEEDS", MUG=1)
    second = str(floor.place({"MUG": 1}).number)
    new = floor.shipped(second)
    with floor.store.begin() as tx:  # the carrier has come round to the same number
        tx.write("UPDATE label SET tracking_code = 'old' WHERE parcel_id = %(id)s", id=str(old.id))
        tx.write("UPDATE label SET tracking_code = %(code)s WHERE parcel_id = %(id)s", code=code, id=new.id)
        tx.write("UPDATE parcel SET tracking_code = %(code)s WHERE id = %(id)s", code=code, id=new.id)
    late = floor.scan(code, "in_transit", MONDAY, external_id="old")
    fresh = floor.scan(code, "delivered", MONDAY + timedelta(days=365), external_id="new")
    assert (late.parcel_id, fresh.parcel_id) == (str(old.id), new.id)
    assert (floor.state(number), floor.state(second)) == ("delivered", "delivered")
    with floor.store.begin() as tx:
        tx.write("UPDATE parcel SET tracking_code = 'old' WHERE id = %(id)s", id=str(old.id))


def test_a_lost_parcel_opens_an_exception_and_may_yet_arrive(floor: Floor) -> None:
    number, parcel = on_its_way(floor)
    assert floor.scan(parcel.tracking_code, "lost", MONDAY).parcel_state == "lost"
    assert (floor.exceptions(), floor.state(number)) == (["parcel_lost"], "shipped")
    floor.scan(parcel.tracking_code, "delivered", MONDAY + timedelta(days=3))
    assert (floor.exceptions(), floor.state(number)) == ([], "delivered")


def test_a_failed_delivery_opens_an_exception_until_it_succeeds(floor: Floor) -> None:
    _, parcel = on_its_way(floor)
    floor.scan(parcel.tracking_code, "failed", MONDAY, detail="nobody home")
    [(kind, document)] = floor.rows("SELECT kind, document::jsonb ->> 'detail' FROM exception")
    assert (kind, document) == ("delivery_failed", "nobody home")
    floor.scan(parcel.tracking_code, "delivered", MONDAY + timedelta(days=1))
    assert floor.exceptions() == []


def test_a_text_no_database_can_hold_is_refused_and_spoils_no_other(floor: Floor) -> None:
    _, parcel = on_its_way(floor)
    told: dict[str, Any] = {"carrier": "practice", "milestone": "in_transit", "occurred_at": MONDAY, "actor": "c"}
    bad, good = floor.run(
        record_tracking,
        TrackingEvent(**told, external_id="e\0", tracking_code="X"),
        TrackingEvent(**told, external_id="e1", tracking_code=parcel.tracking_code),
    )
    assert refused(bad)[0] == "malformed"
    assert good.parcel_id == str(parcel.id)


def test_the_practice_carrier_tells_its_scans_when_their_time_comes(floor: Floor) -> None:
    number, parcel = on_its_way(floor)
    with floor.store.begin() as tx:
        claimed = tasks.claim(tx, ["practice_tracking"], 10)
        TellScans({"practice": floor.carrier}).work(tx, claimed)
        tasks.finish(tx, claimed)
    due = floor.rows("SELECT run_at, body::jsonb ->> 'milestone' AS milestone FROM task WHERE name = %(n)s", n=SCAN)
    assert [row.milestone for row in sorted(due)] == ["accepted", "in_transit", "out_for_delivery", "delivered"]
    assert max(due).run_at.date() == parcel.deliver_by == MONDAY.date()
    for row in sorted(due):
        floor.at(row.run_at)
        with floor.store.begin() as tx:
            claimed = tasks.claim(tx, [SCAN], 10)
            assert len(claimed) == 1
            record_scans(tx, claimed)
            tasks.finish(tx, claimed)
    assert floor.state(number) == "delivered"
    assert floor.parcel(parcel.id).delivered_at == max(due).run_at


def test_scans_of_another_carrier_are_not_made_up(floor: Floor) -> None:
    on_its_way(floor)
    with floor.store.begin() as tx:
        TellScans({}).work(tx, tasks.claim(tx, ["practice_tracking"], 10))
    assert floor.rows("SELECT 1 FROM task WHERE name = %(name)s", name=SCAN) == []


def test_the_customer_s_token_opens_the_parcel_without_names(floor: Floor) -> None:
    floor.at(FRIDAY)
    floor.stock("LEEDS", MUG=2)
    number = str(floor.place({"MUG": 2}).number)
    parcel = floor.shipped(number)
    code = floor.parcel(parcel.id).tracking_code
    floor.scan(code, "in_transit", FRIDAY + timedelta(hours=6), detail="handled by J. Doe")
    with floor.store.read() as tx:
        seen = track(tx, parcel.tracking_token)
        assert (seen.order, seen.parcel, seen.state, seen.tracking_code) == (number, "P-000001", "shipped", code)
        assert seen.items == [ItemShown("Mug", 2)]
        assert [each.milestone for each in seen.seen] == ["in_transit"]
        assert "Doe" not in repr(seen)
        assert "Buyer" not in repr(seen)
        for token in ("", "nonsense", parcel.tracking_token + "x"):
            with pytest.raises(Refusal) as no:
                track(tx, token)
            assert no.value.code == "not_found"
    assert store_of(parcel.tracking_token) == floor.store.name
    assert done([floor.scan(new_id(), "lost", MONDAY)])[0].parcel_id is None
