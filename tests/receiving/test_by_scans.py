"""Receiving and putting away with a scanner."""

from datetime import date
from typing import Any

from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.warehouse.sessions.forms import OpenSession
from orderwright.doors.console.floor_waiting import waiting
from tests.floor import done
from tests.receiving.conftest import Buying
from tests.sessions.scanner import Scanner


def scanner(shop: Buying, kind: str, subject: str = "") -> Scanner:
    command = OpenSession(kind=kind, site="LEEDS", person="rosa", subject=subject, actor="test")
    return Scanner(shop, done(shop.run(open_sessions, command))[0])  # type: ignore[arg-type]


def refusal(answer: Any) -> str:
    assert answer.outcome == "refused"
    return str(answer.refusal)


def test_what_came_is_scanned_counted_and_taken_in(shop: Buying):
    purchase = shop.ordered(MUG=10, TEE=5)
    gun = scanner(shop, "receive", purchase)
    assert (gun.now.say, gun.now.left) == ("scan_arrival", 15)
    gun.all("MUG")
    assert (gun.now.say, gun.now.facts["units"]) == ("count_arrival", 1)
    gun.scan(quantity=10)
    gun.key("short", reason="damaged", quantity=2)
    answer = gun.key("done")
    assert [each.say for each in answer.instruction.notices] == ["arrival_on_bench"]
    assert shop.line(purchase) == {"quantity": 10, "accepted": 8, "rejected": 2}
    assert (gun.now.say, gun.now.left) == ("scan_arrival", 7)


def test_a_wrong_scan_changes_nothing(shop: Buying):
    gun = scanner(shop, "receive", shop.ordered(MUG=10))
    assert refusal(gun.scan("NOTHING-OF-OURS")) == "unknown_scan"
    assert refusal(gun.key("done")) == "command_step"
    gun.all("MUG")
    assert refusal(gun.scan("HAT")) == "wrong_item"
    assert shop.value("SELECT count(*) FROM delivery") == 0
    gun.key("back")
    assert gun.now.say == "scan_arrival"


def test_a_lot_is_asked_for_and_kept(shop: Buying):
    shop.product("MILK", tracking="lot")
    gun = scanner(shop, "receive")
    gun.all("MILK")
    assert gun.now.expects == "lot"
    assert refusal(gun.key("done")) == "lot_needed"
    gun.all("LOT-7", "L:LEEDS/RECEIVING")
    assert shop.rows("SELECT sku, lot, quantity FROM put_away") == [("MILK", "LOT-7", 1)]


def test_the_date_of_a_lot_is_typed_or_scanned(shop: Buying):
    shop.product("MILK", tracking="lot")
    for lot, day in (("LOT-7", "2027-03-31"), ("LOT-8", "17270430")):
        gun = scanner(shop, "receive")
        gun.all("MILK", lot)
        assert refusal(gun.scan("2027-02-30")) == "bad_date"
        assert refusal(gun.scan("SOON")) == "unknown_scan"
        gun.all(day if "-" in day else f"]C1{day}")
        gun.key("done")
    rows = shop.rows("SELECT lot, expires_on::text FROM lot ORDER BY lot")
    assert [tuple(row) for row in rows] == [("LOT-7", "2027-03-31"), ("LOT-8", "2027-04-30")]


def test_each_serial_is_asked_for(shop: Buying):
    shop.product("CAM", tracking="serial")
    gun = scanner(shop, "receive")
    gun.all("CAM")
    assert gun.now.expects == "serial"
    gun.all("S-1", "CAM")
    assert refusal(gun.scan("S-1")) == "serial_elsewhere"
    gun.all("S-2")
    gun.key("done")
    assert [row.serial for row in shop.rows("SELECT serial FROM serial_unit ORDER BY 1")] == ["S-1", "S-2"]


def test_a_purchase_order_of_another_site_is_not_received_here(shop: Buying):
    number = shop.drafted(site="BRISTOL", MUG=1)
    command = OpenSession(kind="receive", site="LEEDS", person="rosa", subject=number, actor="test")
    assert shop.one(open_sessions, command).code == "not_found"
    here = OpenSession(kind="receive", site="BRISTOL", person="rosa", subject=number, actor="test")
    assert shop.one(open_sessions, here).code == "purchase_step"


def test_what_is_still_to_come_to_a_site_is_shown_there(shop: Buying):
    late, soon = shop.ordered(due_on=date(2026, 12, 9), MUG=5), shop.ordered(due_on=date(2026, 12, 2), MUG=4)
    shop.drafted(MUG=1)
    shop.came(soon, MUG=1)

    def shown(site: str) -> list[tuple[str, str, int | None, date | None]]:
        with shop.store.read() as tx:
            return [(each.subject, each.who, each.units, each.on) for each in waiting(tx, "receive", site)]

    assert shown("LEEDS") == [(soon, "POTTERY", 3, date(2026, 12, 2)), (late, "POTTERY", 5, date(2026, 12, 9))]
    assert shown("BRISTOL") == []


def test_units_go_to_the_bin_the_scanner_names_or_another_that_takes_them(shop: Buying):
    shop.bin("A-1", room_cm3=9_000, aisle=1)
    shop.bin("A-2", aisle=2)
    shop.came("", MUG=5)
    gun = scanner(shop, "put_away")
    gun.all("MUG")
    gun.scan(quantity=5)
    first = gun.now.where
    gun.key("full")
    assert gun.now.where not in ("", first)
    gun.all(f"L:LEEDS/{gun.now.where}")
    assert (gun.now.say, shop.counters("MUG", "LEEDS")) == ("receiving_empty", (5, 0))


def test_a_bin_of_the_wrong_class_is_refused_and_the_units_stay_in_hand(shop: Buying):
    shop.bin("C-1", storage_class="cold")
    shop.came("", MUG=5)
    gun = scanner(shop, "put_away")
    gun.all("MUG")
    assert refusal(gun.scan("L:LEEDS/C-1")) == "bin_unfit"
    assert shop.counters("MUG", "LEEDS") == (0, 0)
    gun.all("L:LEEDS/STOCK")
    assert shop.counters("MUG", "LEEDS") == (1, 0)


def test_units_an_order_waits_for_are_sent_to_packing_first(shop: Buying):
    order = shop.place({"MUG": 3})
    shop.came("", MUG=5)
    gun = scanner(shop, "put_away")
    gun.all("MUG")
    gun.scan(quantity=5)
    assert (gun.now.say, gun.now.facts["wanted"], gun.now.facts["order"]) == ("bring_to_packing", 3, order.number)
    gun.all("L:LEEDS/PACKING")
    assert shop.units(order.number) == [("MUG", {"picked": 3})]
    assert (gun.now.expects, gun.now.facts["units"]) == ("bin", 2)
    gun.all("L:LEEDS/STOCK")
    assert shop.counters("MUG", "LEEDS") == (5, 3)


def test_the_same_scan_twice_takes_goods_in_once(shop: Buying):
    gun = scanner(shop, "receive")
    gun.all("MUG")
    gun.key("done")
    gun.n -= 1
    assert gun.key("done").repeated
    assert shop.value("SELECT count(*) FROM delivery") == 1


def test_what_is_taken_back_is_the_last_scan_and_not_all_that_was_counted(shop: Buying):
    gun = scanner(shop, "receive", shop.ordered(MUG=10))
    gun.all("MUG")
    gun.scan(quantity=8)
    gun.key("short", reason="damaged", quantity=2)
    assert (gun.now.facts["units"], gun.now.facts["bad"]) == (8, 2)
    gun.key("back")
    assert (gun.now.facts["units"], gun.now.facts["bad"]) == (8, 0)
    gun.key("back")
    assert gun.now.facts["units"] == 1
    gun.key("back")
    assert gun.now.say == "scan_arrival"
    assert gun.key("back").instruction.say == "nothing_to_take_back"


def test_of_serial_numbers_one_is_taken_back_at_a_time(shop: Buying):
    shop.product("PHONE", tracking="serial")
    gun = scanner(shop, "receive")
    gun.all("PHONE", "SN-1", "PHONE", "SN-2", "PHONE")
    gun.key("back")
    assert (gun.now.say, gun.now.facts["units"]) == ("count_arrival", 2)
    gun.key("back")
    gun.key("done")
    assert shop.rows("SELECT quantity FROM put_away") == [(1,)]
    assert [row.serial for row in shop.rows("SELECT serial FROM serial_unit")] == ["SN-1"]


def test_who_counts_what_was_not_ordered_hears_it_with_the_first_unit(shop: Buying):
    gun = scanner(shop, "receive", shop.ordered(MUG=1))
    answer = gun.scan("TEE")
    assert (answer.outcome, answer.instruction.say) == ("taken", "not_ordered")
    assert gun.now.facts["units"] == 1
    assert gun.scan("TEE").instruction.say == "count_arrival"


def test_nothing_is_said_of_orders_where_none_is_received(shop: Buying):
    assert scanner(shop, "receive").scan("TEE").instruction.say == "count_arrival"
