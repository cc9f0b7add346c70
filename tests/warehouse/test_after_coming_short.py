"""Units that were not there are looked for elsewhere, also in the other bins of the same site, without being asked."""

from datetime import UTC, date, datetime

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.deeds.books import expire_stock, receive_stock
from orderwright.business.deeds.pick import report_short
from orderwright.business.stock.forms import ExpireLots, Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.forms import ShortPick
from tests.deeds.test_cancelling import run_fills
from tests.floor import Floor, done


def receive(floor: Floor, *lines: ReceiptLine) -> None:
    done(floor.run(receive_stock, Receipt(form=ReceiptForm(site="LEEDS", lines=list(lines)), actor="test")))


def test_what_one_bin_lacks_comes_from_another_bin_of_the_site(floor: Floor) -> None:
    floor.run(put_places, PutPlace(site="LEEDS", code="B", form=PlaceForm(), actor="test"))
    floor.stock("LEEDS", MUG=5)
    receive(floor, ReceiptLine(sku="MUG", quantity=2, place="B"))
    number = floor.place({"MUG": 2}).number
    floor.release(number)
    [task] = floor.tasks(number)
    floor.short(task, 0)
    run_fills(floor)
    assert floor.units(number) == [("MUG", {"allocated": 2})]
    floor.release(number)
    assert [(each.place, each.quantity) for each in floor.tasks(number) if each.state == "open"] == [("STOCK", 2)]


def test_an_expired_lot_is_replaced_by_a_good_one_of_the_site(floor: Floor) -> None:
    floor.at(datetime(2026, 11, 20, 12, tzinfo=UTC))
    floor.product("MILK", tracking="lot")
    receive(
        floor,
        ReceiptLine(sku="MILK", quantity=2, lot="OLD", expires_on=date(2026, 11, 21)),
        ReceiptLine(sku="MILK", quantity=2, lot="NEW", expires_on=date(2027, 11, 21)),
    )
    number = floor.place({"MILK": 2}).number
    floor.release(number)
    floor.at(datetime(2026, 11, 23, 12, tzinfo=UTC))
    done(floor.run(expire_stock, ExpireLots(site="LEEDS", actor="test")))
    run_fills(floor)
    assert floor.units(number) == [("MILK", {"allocated": 2})]


def test_a_kit_that_came_short_by_a_part_of_a_component_is_completed(floor: Floor) -> None:
    floor.product("PAIR", parts={"MUG": 2})
    floor.stock("LEEDS", MUG=4)
    number = floor.place({"PAIR": 2}).number
    floor.release(number)
    [task] = floor.tasks(number)
    floor.short(task, 3)
    assert floor.units(number) == [("MUG", {"waiting": 1, "picked": 3})]
    receive(floor, ReceiptLine(sku="MUG", quantity=4))
    run_fills(floor)
    assert floor.units(number) == [("MUG", {"allocated": 1, "picked": 3})]
    assert floor.free("MUG", "LEEDS") == 3


def test_what_is_missing_at_one_site_is_not_promised_to_who_misses_it_at_another(floor: Floor) -> None:
    numbers = []
    for site in ("LEEDS", "GLASGOW"):
        floor.stock(site, MUG=1)
        numbers.append(floor.place({"MUG": 1}).number)
        floor.release(numbers[-1], site)
    tasks = [task for number in numbers for task in floor.tasks(number)]
    done(floor.run(report_short, *[ShortPick(task_id=task.task_id, found=0, actor="test") for task in tasks]))
    assert [floor.units(number) for number in numbers] == [[("MUG", {"waiting": 1})]] * 2
    assert [floor.free("MUG", site) for site in ("LEEDS", "GLASGOW")] == [-2, -2]
