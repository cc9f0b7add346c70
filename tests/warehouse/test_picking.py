"""Picking: a scan counts once, however often it comes, and the books learn what a bin really holds."""

from orderwright.business.warehouse.forms import Picked
from tests.floor import Floor


def test_a_picked_unit_lies_in_packing_and_is_no_longer_on_a_list(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=5)
    number = floor.place({"MUG": 2}).number
    floor.release(number)
    [task] = floor.tasks(number)
    assert floor.pick(task) == Picked(task.task_id, 2, 0, floor.fulfilment(number), "picked")
    assert floor.lying("LEEDS") == {("MUG", "STOCK"): (3, 0), ("MUG", "PACKING"): (2, 0)}
    assert floor.counters("MUG", "LEEDS") == (5, 2)
    assert floor.units(number) == [("MUG", {"picked": 2})]
    assert floor.state(number) == "picking"
