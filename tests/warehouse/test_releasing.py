"""Releasing: the gate between what is planned and what is on the floor."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.deeds.books import adjust_stock
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.release import release_due, release_fulfilments
from orderwright.business.orders.commands import HoldOrder, LineUnits
from orderwright.business.orders.form import PolicyForm
from orderwright.business.stock.actions import receive
from orderwright.business.stock.forms import Adjustment, AdjustmentForm, Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.forms import Release, Released, ReleasedDue, ReleaseDue
from orderwright.values.ids import new_id
from tests.floor import Floor, done, refused

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def put_bins(floor: Floor, **bins: tuple[int, int]) -> None:
    """Bins of LEEDS by code: (aisle, bay)."""
    commands = [
        PutPlace(site="LEEDS", code=code, form=PlaceForm(zone="A", aisle=aisle, bay=bay), actor="test")
        for code, (aisle, bay) in bins.items()
    ]
    done(floor.run(put_places, *commands))


def receive_at(floor: Floor, *lines: ReceiptLine, site: str = "LEEDS") -> None:
    done(floor.run(receive, Receipt(form=ReceiptForm(site=site, lines=list(lines)), actor="test")))


def test_a_release_keeps_bins_for_the_order_and_lists_them_in_walking_order(floor: Floor) -> None:
    put_bins(floor, A11=(1, 1), A21=(2, 1), A29=(2, 9))
    receive_at(
        floor, ReceiptLine(sku="MUG", quantity=5, place="A21"), ReceiptLine(sku="TEE", quantity=5, place="A29"),
        ReceiptLine(sku="HAT", quantity=5, place="A11"),
    )  # fmt: skip
    number = floor.place({"MUG": 2, "TEE": 1, "HAT": 3}).number
    fulfilment = floor.fulfilment(number)
    assert floor.release(number) == Released(fulfilment, "released", tasks=3)
    walked = [(task.walk, task.place, task.sku, task.quantity) for task in floor.tasks(number)]
    assert walked == [(1, "A11", "HAT", 3), (2, "A29", "TEE", 1), (3, "A21", "MUG", 2)]
    assert floor.lying("LEEDS") == {("HAT", "A11"): (5, 3), ("TEE", "A29"): (5, 1), ("MUG", "A21"): (5, 2)}
    assert floor.facts(fulfilment) == ["fulfilment_released"]
    assert floor.state(number) == "allocated"


def test_what_expires_first_goes_out_first(floor: Floor) -> None:
    floor.at(FRIDAY)
    floor.product("SOAP", tracking="lot")
    receive_at(
        floor, ReceiptLine(sku="SOAP", quantity=3, lot="L2", expires_on=date(2027, 2, 1)),
        ReceiptLine(sku="SOAP", quantity=3, lot="L1", expires_on=date(2026, 12, 1)),
    )  # fmt: skip
    number = floor.place({"SOAP": 4}).number
    floor.release(number)
    assert sorted((task.lot, task.quantity) for task in floor.tasks(number)) == [("L1", 3), ("L2", 1)]


def test_a_release_again_answers_as_it_stands(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=5)
    number = floor.place({"MUG": 2}).number
    floor.release(number)
    before = floor.counts()
    assert floor.release(number) == Released(floor.fulfilment(number), "released", repeated=True)
    assert (floor.counts(), len(floor.tasks(number))) == (before, 1)


def test_the_same_fulfilment_twice_in_one_call_is_released_once(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=5)
    number = floor.place({"MUG": 2}).number
    command = Release(fulfilment_id=floor.fulfilment(number), actor="test")
    first, second = floor.run(release_fulfilments, command, command)
    assert first == second == Released(floor.fulfilment(number), "released", tasks=1)
    assert floor.lying("LEEDS") == {("MUG", "STOCK"): (5, 2)}


def test_a_held_order_is_not_released(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=5)
    number = floor.place({"MUG": 2}).number
    done(floor.run(hold_orders, HoldOrder(number=number, actor="test", kind="fraud")))
    before = floor.counts()
    assert refused(floor.release(number)) == ("order_held", {"number": number})
    assert (floor.counts(), floor.tasks(number)) == (before, [])


def test_units_that_are_held_stay_while_the_rest_of_the_order_goes(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=5)
    number = floor.place({"MUG": 3}).number
    done(floor.run(hold_orders, HoldOrder(number=number, actor="test", kind="fraud", lines=[LineUnits(1, 1)])))
    answers = floor.run(
        release_fulfilments, *[Release(fulfilment_id=row.id, actor="test") for row in floor.fulfilments(number)]
    )
    assert sorted(answer.state if isinstance(answer, Released) else answer.code for answer in answers) == [
        "order_held", "released",
    ]  # fmt: skip
    assert [task.quantity for task in floor.tasks(number)] == [2]


def test_an_order_that_ships_complete_is_not_released_while_units_wait(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=2)
    floor.stock("BRISTOL", TEE=1)
    number = floor.place({"MUG": 2, "TEE": 1}, policy=PolicyForm(ship_complete=True)).number
    lost = AdjustmentForm(site="BRISTOL", sku="TEE", reason="lost", quantity=-1)
    done(floor.run(adjust_stock, Adjustment(form=lost, actor="test")))
    assert floor.units(number) == [("MUG", {"allocated": 2}), ("TEE", {"waiting": 1})]
    assert refused(floor.release(number)) == ("order_incomplete", {"number": number})


def test_a_site_lets_out_only_what_its_day_takes(floor: Floor) -> None:
    floor.at(FRIDAY)
    floor.site("LEEDS", daily_capacity=2)
    floor.stock("LEEDS", MUG=9)
    numbers = [floor.place({"MUG": 1}).number for _ in range(3)]
    assert [floor.release(number).state for number in numbers[:2]] == ["released", "released"]
    code, facts = refused(floor.release(numbers[2]))
    assert (code, facts) == ("site_full", {"site": "LEEDS", "day": "2026-11-20", "orders": 2, "units": 2})
    floor.at(datetime(2026, 11, 21, 0, 1, tzinfo=UTC))
    assert floor.release(numbers[2]).state == "released"


def test_the_day_that_counts_is_the_site_s_own(floor: Floor) -> None:
    floor.site("LEEDS", daily_capacity=1, time_zone="Pacific/Auckland")
    floor.stock("LEEDS", MUG=9)
    floor.at(datetime(2026, 11, 20, 10, 59, tzinfo=UTC))  # 23:59 in Auckland
    first, second = floor.place({"MUG": 1}).number, floor.place({"MUG": 1}).number
    floor.release(first)
    assert refused(floor.release(second))[0] == "site_full"
    floor.at(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))
    assert floor.release(second).state == "released"


def test_units_fill_a_day_too_and_room_is_shared_within_one_call(floor: Floor) -> None:
    floor.at(FRIDAY)
    floor.site("LEEDS", daily_units=5)
    floor.stock("LEEDS", MUG=9)
    ids = [floor.fulfilment(floor.place({"MUG": units}).number) for units in (3, 3, 2)]
    answers = floor.run(release_fulfilments, *[Release(fulfilment_id=id_, actor="test") for id_ in ids])
    assert [getattr(each, "state", None) or each.code for each in answers] == ["released", "site_full", "released"]
    assert floor.rows("SELECT site, orders, units FROM release_day") == [("LEEDS", 2, 5)]


def test_what_is_due_first_goes_first_then_what_has_priority(floor: Floor) -> None:
    floor.at(FRIDAY)
    floor.stock("LEEDS", MUG=9)
    plain, urgent = floor.place({"MUG": 1}).number, floor.place({"MUG": 1}, priority=9).number
    floor.at(FRIDAY + timedelta(hours=9))  # after the cut-off: these leave on Monday
    late = floor.place({"MUG": 1}, priority=50).number
    [answer] = floor.run(release_due, ReleaseDue(site="LEEDS", limit=2, actor="clock"))
    assert [each.fulfilment_id for each in answer.released] == [floor.fulfilment(urgent), floor.fulfilment(plain)]
    monday = ReleaseDue(site="LEEDS", due_by=FRIDAY + timedelta(days=1), actor="clock")
    assert floor.run(release_due, monday) == [ReleasedDue("LEEDS", [], False)]
    [answer] = floor.run(release_due, ReleaseDue(site="LEEDS", actor="clock"))
    assert [each.fulfilment_id for each in answer.released] == [floor.fulfilment(late)]


def test_the_gate_passes_over_held_orders_and_says_when_the_day_is_full(floor: Floor) -> None:
    floor.at(FRIDAY)
    floor.site("LEEDS", daily_capacity=1)
    floor.stock("LEEDS", MUG=9)
    held, first, second = (floor.place({"MUG": 1}).number for _ in range(3))
    done(floor.run(hold_orders, HoldOrder(number=held, actor="test", kind="fraud")))
    [answer] = floor.run(release_due, ReleaseDue(site="LEEDS", actor="clock"))
    assert ([each.fulfilment_id for each in answer.released], answer.is_full) == ([floor.fulfilment(first)], True)
    assert floor.tasks(second) == []


def expire_between(floor: Floor, **elsewhere: int) -> str:
    """An order for 5 SOAP whose lot of 2 expires before it is released; its number."""
    floor.at(FRIDAY)
    floor.product("SOAP", tracking="lot")
    receive_at(
        floor, ReceiptLine(sku="SOAP", quantity=3, lot="GOOD", expires_on=date(2027, 1, 1)),
        ReceiptLine(sku="SOAP", quantity=2, lot="OLD", expires_on=date(2026, 11, 20)),
    )  # fmt: skip
    for site, units in elsewhere.items():
        receive_at(floor, ReceiptLine(sku="SOAP", quantity=units, lot="GOOD"), site=site)
    number = str(floor.place({"SOAP": 5}).number)
    floor.at(FRIDAY + timedelta(days=1))
    return number


def test_units_whose_lot_expired_before_release_ship_from_elsewhere(floor: Floor) -> None:
    # Edge case 36.
    number = expire_between(floor, BRISTOL=9)
    answer = floor.release(number)
    assert answer == Released(floor.fulfilment(number), "released", tasks=1, rerouted=2)
    assert [(task.lot, task.quantity) for task in floor.tasks(number)] == [("GOOD", 3)]
    assert [(row.site, row.state) for row in floor.fulfilments(number)] == [
        ("BRISTOL", "planned"), ("LEEDS", "released"),
    ]  # fmt: skip
    assert (floor.counters("SOAP", "LEEDS"), floor.counters("SOAP", "BRISTOL")) == ((5, 3), (9, 2))
    assert (floor.exceptions(), floor.goods()) == (["bins_short"], ["SOAP 2"])


def test_a_fulfilment_none_of_whose_units_lie_in_a_bin_is_cancelled_and_waits(floor: Floor) -> None:
    floor.at(FRIDAY)
    floor.product("SOAP", tracking="lot")
    receive_at(floor, ReceiptLine(sku="SOAP", quantity=2, lot="OLD", expires_on=date(2026, 11, 20)))
    number = floor.place({"SOAP": 2}).number
    floor.at(FRIDAY + timedelta(days=1))
    assert floor.release(number) == Released(floor.fulfilment(number), "cancelled", rerouted=2)
    assert floor.units(number) == [("SOAP", {"waiting": 2})]
    assert floor.rows("SELECT orders, units FROM release_day") == [(0, 0)]
    assert refused(floor.release(number)) == ("fulfilment_step", {"state": "cancelled"})


def test_what_is_no_fulfilment_is_not_found(floor: Floor) -> None:
    strange: list[Any] = [new_id(), "nonsense", ""]
    answers = floor.run(release_fulfilments, *[Release(fulfilment_id=id_, actor="test") for id_ in strange])
    assert [refused(each) for each in answers] == [("not_found", {"fulfilment_id": id_}) for id_ in strange]
