"""The board before a gate, and why one fulfilment is not on the floor."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orderwright.business.deeds.hold import hold_orders
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.orders.form import PolicyForm
from orderwright.business.warehouse.release_board import Counts, TruckNow, ZoneNow, get_board
from orderwright.business.warehouse.release_policy import TruckForm
from orderwright.business.warehouse.release_why import explain_release
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.floor import Floor, done
from tests.release.test_gate import FRIDAY, MINUTE, let_out, orders, policy, stocked


def board(floor: Floor, site: str = "LEEDS") -> Any:
    with floor.store.read() as tx:
        return get_board(tx, site)


def why(floor: Floor, number: str) -> Any:
    with floor.store.read() as tx:
        return explain_release(tx, floor.fulfilment(number))


def test_the_board_counts_what_waits_each_once_and_what_is_out(floor: Floor) -> None:
    stocked(floor, MUG=("A", 20), TEE=("B", 20))
    policy(floor, orders_max=7, zones={"A": 5}, trucks=[TruckForm(leaves_at="15:00"), TruckForm(leaves_at="11:00")])
    done([floor.release(*orders(floor, {"MUG": 2, "TEE": 1}))])
    held, _ = orders(floor, {"MUG": 1}, {"MUG": 1})
    done(floor.run(hold_orders, HoldOrder(number=held, actor="test", kind="fraud")))
    floor.channel("web", cancel_minutes=30)
    orders(floor, {"TEE": 1})
    seen = board(floor)
    assert seen.waiting == Counts(planned=3, held=1, incomplete=0, cancel_open=1, releasable=1, late=0)
    assert (seen.orders_out, seen.orders_out_max, seen.policy_version) == (1, 7, 1)
    assert (str(seen.day), seen.orders_let_out, seen.units_let_out) == ("2026-11-20", 1, 3)
    assert (seen.orders_a_day, seen.units_a_day) == (100_000, 10_000_000)
    assert seen.zones == [ZoneNow("A", 2, 5), ZoneNow("B", 1, None)]
    friday = [FRIDAY.replace(hour=11), FRIDAY.replace(hour=15)]
    assert seen.trucks[:3] == [
        TruckNow(friday[0], "", "", 0), TruckNow(friday[1], "", "", 3),
        TruckNow(friday[0] + timedelta(days=3), "", "", 0),
    ]  # fmt: skip
    assert seen.late == []


def test_what_is_late_is_told_with_its_reason(floor: Floor) -> None:
    stocked(floor, MUG=("A", 20))
    policy(floor, lead_minutes=90, trucks=[TruckForm(leaves_at="15:00", carrier="dash")], zones={"A": 1})
    held, next_one, big = orders(floor, {"MUG": 1}, {"MUG": 1}, {"MUG": 2})
    done(floor.run(hold_orders, HoldOrder(number=held, actor="test", kind="fraud")))
    floor.at(FRIDAY.replace(hour=13, minute=30))
    assert board(floor).waiting.late == 0
    floor.at(FRIDAY.replace(hour=13, minute=30) + timedelta(microseconds=1))
    seen = board(floor)
    assert (seen.waiting.late, [(each.order, each.reason) for each in seen.late]) == (
        3, [(held, "order_held"), (next_one, "in_turn"), (big, "in_turn")],
    )  # fmt: skip
    let_out(floor, limit=1)
    seen = board(floor)
    assert [(each.order, each.reason, each.says) for each in seen.late] == [
        (held, "order_held", "A hold stops it."),
        (big, "zone_full", "Zone A has 1 units to pick and takes 1; this needs 2."),
    ]
    assert [(each.leaves_at, each.carrier) for each in seen.late] == [(FRIDAY.replace(hour=15), "dash")] * 2


def test_a_missed_truck_is_still_late_though_another_comes(floor: Floor) -> None:
    stocked(floor, MUG=("A", 20))
    policy(floor, trucks=[TruckForm(leaves_at="15:00")])
    [number] = orders(floor, {"MUG": 1})
    floor.at(FRIDAY.replace(hour=15))
    assert (why(floor, number).is_late, why(floor, number).leaves_at) == (False, datetime(2026, 11, 23, 15, tzinfo=UTC))
    floor.at(FRIDAY.replace(hour=16) + MINUTE)  # now its promise is broken, too
    assert why(floor, number).is_late


def test_each_reason_is_told_in_a_word_and_a_sentence(floor: Floor) -> None:
    stocked(floor, MUG=("A", 20), TEE=("B", 2))
    [first] = orders(floor, {"MUG": 1})
    assert (why(floor, first).reason, why(floor, first).zones, why(floor, first).units) == ("in_turn", {"A": 1}, 1)
    floor.site("LEEDS", daily_capacity=1)
    done([floor.release(first)])
    told = why(floor, first)
    assert (told.reason, told.says, told.is_late) == ("out", "It is on the floor since 2026-11-20 09:00.", False)
    [second] = orders(floor, {"MUG": 1})
    assert why(floor, second).reason == "site_full"
    floor.site("LEEDS")
    policy(floor, orders_max=1)
    assert why(floor, second).reason == "floor_full"
    floor.channel("web", cancel_minutes=30)
    [third] = orders(floor, {"MUG": 1})
    told = why(floor, third)
    assert (told.reason, told.cancel_until) == ("cancel_open", FRIDAY + 30 * MINUTE)
    assert told.says == "Its order can be cancelled for nothing until 2026-11-20 09:30; then it may go."
    whole = floor.place({"TEE": 2}, policy=PolicyForm(ship_complete=True)).number
    with floor.store.begin() as tx:  # one of them is waited for
        tx.write("UPDATE demand SET ordered = 3, waiting = 1, claims = false WHERE sku = 'TEE'")
    assert why(floor, whole).reason == "order_incomplete"
    with floor.store.begin() as tx:
        tx.write("UPDATE demand SET ordered = 2, waiting = 0, claims = true WHERE sku = 'TEE'")
    floor.pick_all(first)
    assert (why(floor, first).reason, why(floor, first).says) == ("over", "It is picked.")


def test_neither_says_anything_of_what_there_is_not(floor: Floor) -> None:
    with floor.store.read() as tx:
        for id_ in (new_id(), "mist"):
            with pytest.raises(Refusal) as no:
                explain_release(tx, id_)
            assert no.value.code == "not_found"
        with pytest.raises(Refusal) as no:
            get_board(tx, "NOWHERE")
        assert (no.value.code, no.value.facts) == ("not_found", {"site": "NOWHERE"})
    assert board(floor, "GLASGOW").waiting == Counts(0, 0, 0, 0, 0, 0)
