"""The gate: what goes out, in which turn, and what it keeps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.deeds.hold import hold_orders, release_holds
from orderwright.business.deeds.release import release_due, release_fulfilments
from orderwright.business.deeds.tending import release_sites
from orderwright.business.orders.commands import HoldOrder, LineUnits, ReleaseHold
from orderwright.business.orders.form import PolicyForm
from orderwright.business.stock.actions import receive
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.days import lock_days
from orderwright.business.warehouse.forms import Release, Released, ReleaseDue
from orderwright.business.warehouse.release_policy import (
    PutReleasePolicy,
    ReleasePolicyForm,
    TruckForm,
    ZoneLimitForm,
    get_release_policy,
    put_release_policies,
)
from tests.floor import Floor, done, refused
from tests.meeting import while_open

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def policy(floor: Floor, site: str = "LEEDS", zones: dict[str, int] | None = None, **told: Any) -> Any:
    limits = [ZoneLimitForm(zone=zone, units_max=most) for zone, most in (zones or {}).items()]
    form = ReleasePolicyForm(zones=limits, **told)
    return done([floor.one(put_release_policies, PutReleasePolicy(site=site, form=form, actor="test"))])[0]


def stocked(floor: Floor, **units: tuple[str, int]) -> None:
    """Friday morning; stocked(floor, MUG=("A", 9)) puts nine mugs into a bin of zone A at LEEDS."""
    floor.at(FRIDAY)
    for sku, (zone, count) in units.items():
        place = f"{zone}-{sku}"
        done([floor.one(put_places, PutPlace(site="LEEDS", code=place, form=PlaceForm(zone=zone), actor="test"))])
        line = ReceiptLine(sku=sku, quantity=count, place=place)
        done([floor.one(receive, Receipt(form=ReceiptForm(site="LEEDS", lines=[line]), actor="test"))])


def orders(floor: Floor, *units: dict[str, int], **told: Any) -> list[str]:
    return [str(floor.place(each, **told).number) for each in units]


def let_out(floor: Floor, limit: int = 200, site: str = "LEEDS", **told: Any) -> Any:
    return done(floor.run(release_due, ReleaseDue(site=site, limit=limit, actor="clock", **told)))[0]


def out(floor: Floor, answer: Any) -> list[str]:
    """Numbers of the orders that went out, in their turn."""
    ids = [each.fulfilment_id for each in answer.released]
    rows = floor.rows("SELECT f.id::text, o.number FROM fulfilment f JOIN orders o ON o.id = f.order_id")
    numbers = {row.id: row.number for row in rows}
    return [numbers[id_] for id_ in ids]


def test_an_open_cancel_window_keeps_an_order_off_the_floor_until_it_ends(floor: Floor) -> None:
    stocked(floor, MUG=("A", 9))
    floor.channel("web", cancel_minutes=30)
    [number] = orders(floor, {"MUG": 1})
    hurried = orders(floor, {"MUG": 1}, service="express")
    assert out(floor, let_out(floor)) == hurried
    until = FRIDAY + 30 * MINUTE
    floor.at(until - timedelta(microseconds=1))
    assert refused(floor.release(number)) == ("cancel_open", {"number": number, "cancel_until": until})
    assert (floor.tasks(number), out(floor, let_out(floor))) == ([], [])
    floor.at(until)
    assert out(floor, let_out(floor)) == [number]


def test_held_partly_held_and_incomplete_work_never_passes(floor: Floor) -> None:
    stocked(floor, MUG=("A", 5))
    held, partly, whole = orders(floor, {"MUG": 1}, {"MUG": 2}, {"MUG": 2})
    waits = floor.place({"MUG": 9}, policy=PolicyForm(ship_complete=True)).number
    done(floor.run(hold_orders, HoldOrder(number=held, actor="test", kind="fraud")))
    lines = [LineUnits(position=1, quantity=1)]
    done(floor.run(hold_orders, HoldOrder(number=partly, actor="test", kind="manual", lines=lines)))
    policy(floor, orders_max=100, zones={"A": 100})
    assert out(floor, let_out(floor)) == [partly, whole]  # the half that nobody holds goes
    assert sorted(row.state for row in floor.fulfilments(partly)) == ["planned", "released"]
    done(floor.run(release_holds, ReleaseHold(number=held, actor="test", kind="fraud")))
    assert out(floor, let_out(floor)) == [held]
    assert floor.state(waits) == "waiting"


def test_the_floor_holds_so_many_orders_and_is_fed_as_they_are_picked(floor: Floor) -> None:
    stocked(floor, MUG=("A", 9))
    numbers = orders(floor, *[{"MUG": 1}] * 4)
    policy(floor, orders_max=2)
    answer = let_out(floor)
    assert (out(floor, answer), answer.is_floor_full, answer.policy_version) == (numbers[:2], True, 1)
    again = let_out(floor)
    assert (out(floor, again), again.is_floor_full) == ([], True)
    facts = {"site": "LEEDS", "orders": 2, "orders_max": 2}
    assert refused(floor.release(numbers[2])) == ("floor_full", facts)
    [task] = floor.tasks(numbers[0])
    done([floor.pick(task)])
    assert out(floor, let_out(floor)) == [numbers[2]]


def test_a_full_zone_keeps_its_own_and_nothing_else(floor: Floor) -> None:
    stocked(floor, MUG=("A", 50), TEE=("B", 50))
    policy(floor, zones={"A": 3})
    mugs = orders(floor, *[{"MUG": 2}] * 3)
    both = orders(floor, {"MUG": 1, "TEE": 1}, {"MUG": 1, "TEE": 1})
    tees = orders(floor, *[{"TEE": 5}] * 2)
    answer = let_out(floor, limit=4)
    # Zone A takes two mugs, then one more: of an order that needs both zones; then it is full.
    assert (out(floor, answer), answer.full_zones) == ([mugs[0], both[0], *tees], ["A"])
    assert refused(floor.release(mugs[1])) == (
        "zone_full", {"site": "LEEDS", "zone": "A", "units": 3, "units_max": 3, "wanted": 2},
    )  # fmt: skip
    [task] = floor.tasks(mugs[0])
    done([floor.pick(task, 2)])
    assert out(floor, let_out(floor)) == [mugs[1]]


def test_an_order_larger_than_its_zones_limit_goes_when_the_zone_is_empty_and_none_into_a_closed_one(
    floor: Floor,
) -> None:
    stocked(floor, MUG=("A", 50), TEE=("B", 50))
    policy(floor, zones={"A": 3, "B": 0})
    large, small, closed = orders(floor, {"MUG": 9}, {"MUG": 1}, {"TEE": 1})
    assert out(floor, let_out(floor)) == [large]
    for task in floor.tasks(large):
        done([floor.pick(task)])
    assert out(floor, let_out(floor)) == [small]
    assert floor.tasks(closed) == []


def test_a_sale_that_fills_its_zone_leaves_the_rest_of_the_site_alone(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However many of them stand in front: here one look sees one of them at a time.
    monkeypatch.setattr("orderwright.business.deeds.releasing.choosing.LOOKED_AT_MAX", 1)
    stocked(floor, MUG=("A", 50), TEE=("B", 50))
    policy(floor, zones={"A": 2})
    mugs = orders(floor, *[{"MUG": 1}] * 9)
    [tee] = orders(floor, {"TEE": 1})
    assert [out(floor, let_out(floor, limit=1)) for _ in range(4)] == [[mugs[0]], [mugs[1]], [tee], []]


def test_what_leaves_first_goes_first_then_the_higher_priority_then_who_came_first(floor: Floor) -> None:
    stocked(floor, MUG=("A", 50))
    first, second = orders(floor, {"MUG": 1}, {"MUG": 1})
    [urgent] = orders(floor, {"MUG": 1}, priority=5)
    floor.at(FRIDAY.replace(hour=17))
    [monday] = orders(floor, {"MUG": 1}, priority=9)
    assert out(floor, let_out(floor)) == [urgent, first, second, monday]


def test_what_goes_with_the_earlier_truck_goes_out_first(floor: Floor) -> None:
    stocked(floor, MUG=("A", 50))
    policy(
        floor, trucks=[TruckForm(leaves_at="16:00"), TruckForm(leaves_at="11:00", service="express", carrier="dash")]
    )
    standard = orders(floor, *[{"MUG": 1}] * 2, priority=9)
    express = orders(floor, *[{"MUG": 1}] * 2, service="express")
    assert out(floor, let_out(floor, limit=1)) == standard[:1]  # express takes the last truck that keeps its promise
    policy(
        floor,
        trucks=[TruckForm(leaves_at="16:00", service="standard"), TruckForm(leaves_at="11:00", service="express")],
    )
    assert out(floor, let_out(floor, limit=2)) == express
    floor.at(FRIDAY.replace(hour=11, minute=30))  # the express truck is missed: Monday's is next
    missed = orders(floor, {"MUG": 1}, service="express")
    assert out(floor, let_out(floor)) == [standard[1], *missed]


def test_one_call_for_two_sites_shares_nothing_between_them(floor: Floor) -> None:
    stocked(floor, MUG=("A", 1))
    floor.stock("GLASGOW", MUG=5)
    policy(floor, orders_max=0)
    policy(floor, "GLASGOW", orders_max=1)
    [leeds] = orders(floor, {"MUG": 1})
    glasgow = orders(floor, *[{"MUG": 1}] * 2)
    answers = done(floor.run(
        release_due, *[ReleaseDue(site=site, actor="clock") for site in ("LEEDS", "GLASGOW", "BRISTOL")]
    ))  # fmt: skip
    assert [out(floor, each) for each in answers] == [[], glasgow[:1], []]
    assert [each.is_floor_full for each in answers] == [True, True, False]
    policy(floor)
    with floor.store.begin() as tx:
        release_sites(tx, [])
    assert [row.state for row in floor.fulfilments(leeds)] == ["released"]


def test_a_rule_edited_while_a_run_is_executing_counts_from_the_next_run_on(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Edge case 27: whatever is changed in between, the run decides by the version it began with.
    stocked(floor, MUG=("A", 50))
    policy(floor, orders_max=2, zones={"A": 3})
    numbers = orders(floor, *[{"MUG": 1}] * 5)

    def edited_meanwhile(*asked: Any) -> Any:
        monkeypatch.undo()
        assert policy(floor, orders_max=4, zones={"A": 0}).version == 2  # by another process, and committed
        return lock_days(*asked)

    monkeypatch.setattr("orderwright.business.deeds.release.lock_days", edited_meanwhile)
    answer = let_out(floor)
    assert (out(floor, answer), answer.policy_version) == (numbers[:2], 1)
    told = floor.rows("SELECT body FROM fact WHERE type = 'fulfilment_released'")
    assert ['"policy_version":1' in row.body for row in told] == [True, True]
    following = let_out(floor)
    assert (out(floor, following), following.full_zones, following.policy_version) == ([], ["A"], 2)
    policy(floor, orders_max=4)
    assert out(floor, let_out(floor)) == numbers[2:4]


def test_a_rule_is_told_as_it_stands_and_a_wrong_or_stale_one_changes_nothing(floor: Floor) -> None:
    trucks = [TruckForm(leaves_at="15:00", carrier="dash", weekdays=("mon", "fri"))]
    saved = policy(floor, orders_max=5, lead_minutes=45, zones={"A": 3}, trucks=trucks)
    assert (saved.version, saved.is_new) == (1, True)
    with floor.store.read() as tx:
        shown = get_release_policy(tx, "LEEDS")
        nothing = get_release_policy(tx, "GLASGOW")
    assert (shown.orders_max, shown.lead_minutes, shown.zones, shown.trucks, shown.version) == (
        5, 45, [ZoneLimitForm(zone="A", units_max=3)], trucks, 1,
    )  # fmt: skip
    assert (nothing.orders_max, nothing.lead_minutes, nothing.zones, nothing.trucks, nothing.version) == (
        None, 60, [], [], 0,
    )  # fmt: skip
    twice = ReleasePolicyForm(zones=[ZoneLimitForm(zone="A", units_max=n) for n in (1, 2)], trucks=trucks * 2)
    commands = [
        PutReleasePolicy(site="LEEDS", form=twice, actor="test"),
        PutReleasePolicy(site="LEEDS", form=ReleasePolicyForm(), version=7, actor="test"),
        PutReleasePolicy(site="NOWHERE", form=ReleasePolicyForm(), actor="test"),
    ]
    answers = [refused(each) for each in floor.run(put_release_policies, *commands)]
    assert [code for code, _ in answers] == ["malformed", "stale", "unknown_site"]
    assert [each["pointer"] for each in answers[0][1]["findings"]] == ["/zones", "/trucks"]
    with floor.store.read() as tx:
        assert get_release_policy(tx, "LEEDS") == shown


def test_by_hand_and_by_the_clock_go_through_the_same_gate(floor: Floor) -> None:
    stocked(floor, MUG=("A", 9))
    policy(floor, orders_max=2, zones={"A": 2})
    numbers = orders(floor, *[{"MUG": 1}] * 3)
    asked = [Release(fulfilment_id=floor.fulfilment(number), actor="test") for number in [*numbers, numbers[0]]]
    answers = floor.run(release_fulfilments, *asked)
    assert [isinstance(each, Released) for each in answers] == [True, True, False, True]
    assert refused(answers[2])[0] == "floor_full"


def test_two_releases_around_a_sites_midnight_do_not_pass_its_floors_limit_together(floor: Floor):
    stocked(floor, MUG=("A", 9))
    policy(floor, orders_max=1)
    one, other = [floor.fulfilment(number) for number in orders(floor, {"MUG": 1}, {"MUG": 1})]
    floor.at(FRIDAY.replace(hour=23, minute=59))

    def after_midnight(writer: Any) -> Any:
        floor.at(FRIDAY + timedelta(hours=15, minutes=1))
        return writer.submit(release_fulfilments, [Release(fulfilment_id=other, actor="test")])

    [first], [second] = while_open(
        floor, lambda tx: release_fulfilments(tx, [Release(fulfilment_id=one, actor="test")]), after_midnight
    )
    assert isinstance(first, Released)
    assert refused(second) == ("floor_full", {"site": "LEEDS", "orders": 1, "orders_max": 1})
