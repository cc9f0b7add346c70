"""Two people at one bin in the same moment."""

from datetime import timedelta

from orderwright.business.deeds.books import adjust_stock
from orderwright.business.deeds.counts.enter import enter_counts
from orderwright.business.deeds.pick import pick
from orderwright.business.stock.forms import Adjustment, AdjustmentForm
from orderwright.business.warehouse.counts.forms import CountedLine, EnterCount
from orderwright.business.warehouse.forms import Pick
from tests.counts.counter import CountedFloor
from tests.floor import done
from tests.meeting import while_open


def adjustment(actor: str, **told: int) -> Adjustment:
    form = AdjustmentForm(site="LEEDS", sku="MUG", place="A-1", reason="counted", **told)
    return Adjustment(form=form, actor=actor)


def test_two_people_who_counted_one_bin_at_once_take_away_what_is_missing_once(floor: CountedFloor):
    floor.put("A-1", "MUG", 10)
    one, [other] = while_open(
        floor,
        lambda tx: adjust_stock(tx, [adjustment("ann", counted=8)]),
        lambda writer: writer.submit(adjust_stock, [adjustment("bob", counted=8)]),
    )
    assert ([each.change for each in one], other.change) == ([-2], 0)
    assert floor.units_in("A-1") == {"MUG": 8}


def test_two_people_who_adjust_one_bin_at_once_both_count(floor: CountedFloor):
    floor.put("A-1", "MUG", 10)
    one, [other] = while_open(
        floor,
        lambda tx: adjust_stock(tx, [adjustment("ann", quantity=-2)]),
        lambda writer: writer.submit(adjust_stock, [adjustment("bob", quantity=3)]),
    )
    assert ([each.quantity for each in one], other.quantity) == ([8], 11)
    assert floor.units_in("A-1") == {"MUG": 11}


def test_a_pick_that_is_booked_while_a_count_is_entered_is_not_missing(floor: CountedFloor):
    # Edge case 38: the pick happened after the bin was counted, and both are told in the same moment.
    floor.put("A-1", "MUG", 5)
    number = floor.place({"MUG": 2}).number
    floor.release(number)
    count = floor.begun("A-1")
    counted_at = floor.value("SELECT started_at FROM count_task")
    [task] = floor.tasks(number)
    lines = [CountedLine(sku="MUG", counted=4, counted_at=counted_at)]
    picked = Pick(task_id=task.task_id, quantity=1, occurred_at=counted_at + timedelta(seconds=1), actor="pia")
    one, two = while_open(
        floor,
        lambda tx: pick(tx, [picked]),
        lambda writer: writer.submit(
            enter_counts, [EnterCount(count_id=count, counter="ann", lines=lines, actor="ann")]
        ),
    )
    done([*one, *two])
    assert floor.units_in("A-1") == {"MUG": 3}
