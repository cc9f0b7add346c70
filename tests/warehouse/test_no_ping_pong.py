"""An order that one site after the other cannot ship does not go back and forth between them."""

from orderwright.business.stock.forms import SafetyStock
from orderwright.business.stock.promises import put_safety_stock
from tests.deeds.test_cancelling import run_fills
from tests.floor import Floor


def reject(floor: Floor, number: str, site: str) -> None:
    """The site lets the order out and finds none of it."""
    floor.release(number, site)
    [task] = [task for task in floor.tasks(number) if task.state == "open"]
    floor.short(task, 0)


def sites_of(floor: Floor, number: str) -> list[tuple[str, str]]:
    return [(row.site, row.state) for row in floor.fulfilments(number)]


def test_an_order_no_site_can_ship_waits_and_is_not_sent_back(floor: Floor) -> None:
    # Edge case 25.
    floor.stock("LEEDS", MUG=2)
    floor.stock("BRISTOL", MUG=2)
    number = floor.place({"MUG": 2}).number
    reject(floor, number, "LEEDS")
    assert sites_of(floor, number) == [("BRISTOL", "planned"), ("LEEDS", "cancelled")]
    reject(floor, number, "BRISTOL")
    run_fills(floor)
    assert sites_of(floor, number) == [("BRISTOL", "cancelled"), ("LEEDS", "cancelled")]
    assert (floor.units(number), floor.state(number)) == ([("MUG", {"waiting": 2})], "waiting")
    assert floor.exceptions() == ["pick_short", "pick_short"]
    assert (floor.counters("MUG", "LEEDS"), floor.counters("MUG", "BRISTOL")) == ((0, 0), (0, 0))


def test_a_site_gets_an_order_it_could_not_ship_back_only_with_new_units(floor: Floor) -> None:
    # Edge case 25: what a site said it lacks is off its books before anything is sent there again.
    floor.stock("LEEDS", MUG=2)
    floor.run(put_safety_stock, SafetyStock(sku="MUG", site="LEEDS", units=1, actor="test"))
    number = floor.place({"MUG": 1}).number
    reject(floor, number, "LEEDS")
    assert floor.counters("MUG", "LEEDS") == (1, 0)
    run_fills(floor)
    reject(floor, number, "LEEDS")
    run_fills(floor)
    assert (floor.counters("MUG", "LEEDS"), floor.state(number)) == ((0, 0), "waiting")
    assert [state for _, state in sites_of(floor, number)] == ["cancelled", "cancelled"]
