"""A site's slots are looked at by asking; the worker looks, and what it found stays to be read."""

from datetime import UTC, datetime, timedelta
from typing import Any

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.deeds.slotting import (
    SUGGEST,
    Slotting,
    WantSlots,
    ask_nobody,
    finish_slotting,
    give_up_slotting,
    list_slottings,
    look_at_slots,
    start_slotting,
    want_slots,
)
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.stock.receipts import receive
from orderwright.doors.worker.kinds import CallKind
from orderwright.values.refusal import Refusal
from tests.floor import Floor, done, refused

FOUR_WEEKS_AGO = datetime(2026, 10, 26, 9, 0, tzinfo=UTC)
SKUS = [f"P{n}" for n in range(1, 11)]


def kind() -> CallKind:
    return CallKind(SUGGEST, start_slotting, look_at_slots, finish_slotting, ask_nobody, give_up_slotting)


def furnish(floor: Floor) -> None:
    """Ten aisles, a product in each; nobody wants what lies near, and everybody what lies far."""
    lines = []
    for n, sku in enumerate(SKUS, 1):
        floor.product(sku)
        form = PlaceForm(zone="A", aisle=n, bay=1, x_mm=n * 4_000, y_mm=20_000)
        done(floor.run(put_places, PutPlace(site="LEEDS", code=f"A-{n}", form=form, actor="test")))
        lines.append(ReceiptLine(sku=sku, quantity=500, place=f"A-{n}"))
    done(floor.run(receive, Receipt(form=ReceiptForm(site="LEEDS", reference="R-1", lines=lines), actor="test")))


def four_weeks_of_picks(floor: Floor) -> None:
    for day in range(28):
        floor.at(FOUR_WEEKS_AGO + timedelta(days=day))
        number = floor.place({"P10": 1, "P9": 1}).number
        floor.pick_all(number)


def ask(floor: Floor, **changes: Any) -> Any:
    return floor.one(want_slots, WantSlots(**{"site": "LEEDS", "actor": "lead", **changes}))


def latest(floor: Floor) -> Slotting:
    with floor.store.read() as tx:
        return list_slottings(tx, "LEEDS").items[0]


def test_three_weeks_choose_and_the_fourth_proves(floor: Floor) -> None:
    furnish(floor)
    four_weeks_of_picks(floor)
    floor.at(FOUR_WEEKS_AGO + timedelta(days=28))
    assert ask(floor).state == "wanted"
    floor.call(kind())
    found = latest(floor)
    assert (found.state, found.walks, found.says) == ("done", 21, "")
    assert {each.sku for each in found.exchanges} == {"P9", "P10"}
    assert {each.target for each in found.exchanges} <= {"STOCK", "A-1", "A-2", "A-3"}
    assert found.after_m < found.before_m
    assert found.proof is not None
    assert found.proof.walks == 7
    assert found.proof.after_m < found.proof.before_m * 2 // 3


def test_asked_twice_it_is_looked_at_once(floor: Floor) -> None:
    first, again = ask(floor), ask(floor)
    assert (first.id, first.repeated, again.repeated) == (again.id, False, True)
    assert floor.call(kind()) == 1
    assert latest(floor).says == "No walks in the three weeks before the last one."


def test_a_site_that_is_not_there_is_refused(floor: Floor) -> None:
    answer = ask(floor, site="MARS")
    assert isinstance(answer, Refusal)
    assert refused(answer) == ("not_found", {"site": "MARS"})
    assert floor.rows("SELECT id FROM slotting") == []


def test_a_look_whose_task_died_says_so(floor: Floor) -> None:
    ask(floor)

    def fail(question: object) -> object:
        raise ValueError("no way")

    for _ in range(60):
        floor.at(floor.rows("SELECT max(run_at) AS at FROM task")[0].at + timedelta(days=1))
        floor.call(CallKind(SUGGEST, start_slotting, fail, finish_slotting, ask_nobody, give_up_slotting))
        if latest(floor).state == "failed":
            break
    assert latest(floor).state == "failed"
    assert ask(floor).repeated is False
