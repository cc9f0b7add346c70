"""Products that are tracked: the lot is confirmed, each serial unit is named once and followed from then on."""

from datetime import date
from typing import Any

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.pack import unpack
from orderwright.business.deeds.pick import pick
from orderwright.business.deeds.put_back import put_back
from orderwright.business.deeds.scanning.take import take_scans
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.shipping.forms import PackedLine, ParcelForm, Unpack
from orderwright.business.warehouse.forms import Pick, PutBack
from orderwright.business.warehouse.sessions.forms import ScanForm, TakeScans
from tests.floor import done, refused
from tests.meeting import while_open
from tests.sessions.scanner import ScannedFloor

GTIN = "09506000134352"


def walked(floor: ScannedFloor, sku: str, quantity: int, person: str = "ann", tote: str = "T1") -> str:
    number = str(floor.place({sku: quantity}).number)
    floor.release(number)
    floor.walk(person, (tote,))
    return number


def named(floor: ScannedFloor) -> list[tuple[str, str]]:
    """(serial, where it is) of all units that were named: a place, a tote or a parcel."""
    rows = floor.rows(
        "SELECT u.serial, coalesce(p.code, t.tote, x.number) AS at FROM serial_unit u"
        " LEFT JOIN place p ON p.id = u.place_id LEFT JOIN pick_task t ON t.id = u.task_id"
        " LEFT JOIN parcel x ON x.id = u.parcel_id ORDER BY u.serial"
    )
    return [(row.serial, row.at) for row in rows]


def test_a_lot_is_confirmed_before_the_tote_or_taken_from_the_barcode(floor: ScannedFloor) -> None:
    floor.product("CREAM", tracking="lot", codes=[{"code": GTIN}])
    floor.put("A-1", "CREAM", 5, lot="L1")
    walked(floor, "CREAM", 2)
    ann = floor.scanner()
    asked = ann.all("A-1", "CREAM").instruction
    assert (asked.say, asked.expects, asked.lot) == ("scan_lot", "lot", "L1")
    wrong = ann.scan("L2")
    assert (wrong.refusal, wrong.instruction.facts) == ("wrong_lot", {"wanted": "L1", "scanned": "L2"})
    assert ann.scan(f"(01){GTIN}(10)L2").refusal == "wrong_lot"
    assert ann.scan("A-1").refusal == "unexpected_scan"
    assert ann.all("L1").instruction.expects == "item"
    assert ann.scan(f"(01){GTIN}(10)L9").refusal == "wrong_lot"
    assert ann.all(f"(01){GTIN}(10)L1").instruction.expects == "tote"
    assert [ann.key("back").instruction.expects for _ in range(3)] == ["item", "lot", "item"]
    assert ann.all(f"]C101{GTIN}10L1", f"(01){GTIN}(10)L1", "T:T1").instruction.say == "all_picked"


def test_a_barcode_says_it_is_expired(floor: ScannedFloor) -> None:
    floor.product("CREAM", codes=[{"code": GTIN}])
    floor.put("A-1", "CREAM", 5)
    walked(floor, "CREAM", 1)
    ann = floor.scanner()
    ann.all("A-1")
    answer = ann.scan(f"(01){GTIN}(17)200131")
    assert (answer.refusal, answer.instruction.facts) == ("lot_expired", {"lot": "", "expires_on": "2020-01-31"})


def test_each_unit_is_named_by_its_serial(floor: ScannedFloor) -> None:
    floor.product("CAM", tracking="serial", codes=[{"code": GTIN}])
    floor.put("A-1", "CAM", 5)
    number = walked(floor, "CAM", 2)
    ann = floor.scanner()
    ann.all("A-1")
    assert ann.scan("CAM", quantity=2).refusal == "serial_needed"
    assert ann.all("CAM").instruction.expects == "serial"
    assert ann.scan("CAM").refusal == "unexpected_scan"
    assert ann.all("S1").instruction.left == 1
    twice = ann.scan(f"(01){GTIN}(21)S1")
    assert (twice.refusal, twice.instruction.facts["where"]) == ("serial_elsewhere", "in hand")
    assert ann.all(f"(01){GTIN}(21)S2").instruction.expects == "tote"
    assert named(floor) == []
    ann.all("T:T1")
    assert named(floor) == [("S1", "T1"), ("S2", "T1")]
    assert floor.units(number) == [("CAM", {"picked": 2})]


def test_a_serial_of_another_orders_parcel_is_refused_and_says_where_it_is(floor: ScannedFloor) -> None:
    # Edge case 35.
    floor.product("CAM", tracking="serial")
    floor.put("A-1", "CAM", 5)
    first = walked(floor, "CAM", 1)
    ann = floor.scanner()
    ann.all("A-1", "CAM", "S1", "T:T1")
    ann.key("done")
    walked(floor, "CAM", 1, "ben", "T2")
    ben = floor.scanner("ben")
    ben.all("A-1", "CAM")
    in_tote = ben.scan("S1")
    assert (in_tote.refusal, in_tote.instruction.facts["where"]) == ("serial_elsewhere", first)
    [parcel] = done([floor.pack(first)])[0].parcels
    in_parcel = ben.scan("S1")
    assert (in_parcel.refusal, in_parcel.instruction.facts) == (
        "serial_elsewhere", {"sku": "CAM", "serial": "S1", "where": parcel.number},
    )  # fmt: skip
    assert named(floor) == [("S1", parcel.number)]
    assert ben.all("S2", "T:T2").instruction.say == "all_picked"


def test_named_units_go_with_parcels_and_back_to_the_shelf(floor: ScannedFloor) -> None:
    floor.product("CAM", tracking="serial")
    floor.put("A-1", "CAM", 5)
    number = walked(floor, "CAM", 3)
    ann = floor.scanner()
    ann.all("A-1", "CAM", "S1", "CAM", "S2", "CAM", "S3", "T:T1")
    ann.key("done")
    one = ParcelForm(lines=[PackedLine(reference="1", quantity=1)])
    packed = done([floor.pack(number, parcels=[one, one])])[0].parcels
    assert named(floor) == [("S1", packed[0].number), ("S2", packed[1].number), ("S3", "T1")]
    done(floor.run(unpack, Unpack(parcel_id=packed[0].id, actor="test")))
    assert dict(named(floor))["S1"] == "T1"
    done(floor.run(cancel_orders, CancelOrder(number=number, reason="changed_mind", actor="test")))
    assert named(floor) == [("S1", "RETURNS"), ("S2", packed[1].number), ("S3", "RETURNS")]
    back = PutBack(site="LEEDS", sku="CAM", quantity=1, place="A-1", actor="test")
    done(floor.run(put_back, back))
    assert named(floor)[0] == ("S1", "A-1")


def test_units_of_a_task_are_named_all_or_none(floor: ScannedFloor) -> None:
    floor.product("CAM", tracking="serial")
    floor.put("A-1", "CAM", 5)
    number = walked(floor, "CAM", 3)
    [task] = floor.tasks(number)
    one: Any = floor.pick(task, 1, serials=["S1"])
    assert one.picked == 1
    assert refused(floor.pick(task, 2))[0] == "serial_needed"
    assert refused(floor.pick(task, 3, serials=["S2"]))[0] == "serial_needed"
    assert refused(floor.pick(task, 2, serials=["S1"]))[1]["where"] == number
    assert refused(floor.short(task, 2))[0] == "serial_needed"
    assert floor.pick(task, 3, serials=["S2", "S3"]).left == 0
    assert named(floor) == [("S1", "T1"), ("S2", "T1"), ("S3", "T1")]


def test_a_unit_that_was_picked_unread_is_lost_by_name_until_it_is_read(floor: ScannedFloor) -> None:
    floor.product("CAM", tracking="serial")
    floor.put("A-1", "CAM", 1)
    first = walked(floor, "CAM", 1)
    [task] = floor.tasks(first)
    assert done([floor.pick(task, 1, serials=["S1"])])
    done(floor.run(cancel_orders, CancelOrder(number=first, reason="changed_mind", actor="test")))
    done(floor.run(put_back, PutBack(site="LEEDS", sku="CAM", quantity=1, place="A-1", actor="test")))
    assert named(floor) == [("S1", "A-1")]
    [task] = floor.tasks(walked(floor, "CAM", 1))
    assert done([floor.pick(task, 1)])
    assert named(floor) == [("S1", "LOST")]


def perishable(floor: ScannedFloor, **line: Any) -> Any:
    """A scanner at a bin of CREAM that asks for its date, two units wanted."""
    floor.product("CREAM", tracking="lot", codes=[{"code": GTIN}])
    floor.put("A-1", "CREAM", 5, lot="L1", **line)
    floor.product("CREAM", tracking="lot", asks_expiry=True, codes=[{"code": GTIN}])
    walked(floor, "CREAM", 2)
    ann = floor.scanner()
    ann.all("A-1", "CREAM", "L1")
    return ann


def test_the_date_is_confirmed_where_the_product_asks_for_it(floor: ScannedFloor) -> None:
    ann = perishable(floor, expires_on=date(2027, 3, 31))
    assert (ann.now.say, ann.now.expects) == ("scan_expiry", "expiry")
    assert ann.key("short", quantity=1).refusal == "expiry_needed"
    assert ann.scan("2027-02-30").refusal == "bad_date"
    other = ann.scan("(17)270430")
    assert (other.refusal, other.instruction.facts) == (
        "wrong_expiry", {"lot": "L1", "wanted": "2027-03-31", "scanned": "2027-04-30"},
    )  # fmt: skip
    assert ann.scan("2020-01-31").refusal == "lot_expired"
    assert ann.scan("T:T1").refusal == "unexpected_scan"
    assert ann.all("2027-03-31").instruction.expects == "item"
    assert ann.key("back").instruction.expects == "expiry"
    assert ann.all("(17)270331", f"(01){GTIN}(17)270331(10)L1", "T:T1").instruction.say == "all_picked"


def test_the_barcode_of_another_lot_does_not_tell_the_date_of_this_one(floor: ScannedFloor) -> None:
    ann = perishable(floor)
    for barcode in (f"(01){GTIN}(17)270430(10)L2", "(17)270430(10)L2"):
        other = ann.scan(barcode)
        assert (other.refusal, other.instruction.facts) == ("wrong_lot", {"wanted": "L1", "scanned": "L2"})
    assert ann.now.expects == "expiry"
    assert ann.all(f"(01){GTIN}(17)270331(10)L1").instruction.expects == "item"


def test_a_date_nobody_knew_is_learned_when_the_lot_is_picked(floor: ScannedFloor) -> None:
    ann = perishable(floor)
    assert ann.scan("2020-01-31").refusal == "lot_expired"
    ann.all("2027-03-31", "CREAM", "T:T1")
    assert [str(row.expires_on) for row in floor.rows("SELECT expires_on FROM lot")] == ["2027-03-31"]


def expiry(floor: ScannedFloor) -> str:
    return str(floor.value("SELECT expires_on FROM lot"))


def test_a_pick_that_comes_again_or_too_late_teaches_its_lot_no_date(floor: ScannedFloor) -> None:
    floor.product("CREAM", tracking="lot")
    floor.put("A-1", "CREAM", 5, lot="L1")
    number = walked(floor, "CREAM", 3)
    [task] = floor.tasks(number)
    assert done([floor.pick(task, 2)])[0].picked == 2
    for day in (date(2020, 1, 31), date(2027, 3, 31)):
        assert done([floor.pick(task, 2, expires_on=day)])[0].repeated
    done(floor.run(cancel_orders, CancelOrder(number=number, reason="changed_mind", actor="test")))
    assert done([floor.pick(task, 1, expires_on=date(2020, 1, 31))])[0].repeated
    assert expiry(floor) == "None"


def test_two_picks_of_a_call_that_read_two_dates_on_a_lot_are_not_both_taken(floor: ScannedFloor) -> None:
    floor.product("CREAM", tracking="lot")
    floor.put("A-1", "CREAM", 5, lot="L1")
    [task] = floor.tasks(walked(floor, "CREAM", 2))
    told = [
        Pick(task_id=str(task.id), quantity=total, expires_on=day, actor="test")
        for total, day in ((1, date(2027, 3, 31)), (2, date(2027, 4, 30)))
    ]
    first, second = floor.run(pick, *told)
    assert (first.picked, refused(second)[0], expiry(floor)) == (1, "wrong_expiry", "2027-03-31")


def test_who_picks_of_a_lot_whose_date_is_known_waits_for_nobody_who_holds_the_lot(floor: ScannedFloor) -> None:
    floor.product("CREAM", tracking="lot")
    floor.put("A-1", "CREAM", 5, lot="L1", expires_on=date(2027, 3, 31))
    [task] = floor.tasks(walked(floor, "CREAM", 2))
    told = Pick(task_id=str(task.id), quantity=2, expires_on=date(2027, 3, 31), actor="test")
    waited = []
    while_open(floor, hold_lots, lambda writer: writer.submit(pick, [told]), lambda tx: waited.extend(waiting(tx)))
    assert waited == []


def test_a_replay_that_may_learn_a_date_locks_the_lot_before_what_lies_in_the_bin(floor: ScannedFloor) -> None:
    ann = perishable(floor)
    scans = [ScanForm(n=ann.n + n, code=code) for n, code in enumerate(("2027-03-31", "CREAM", "T:T1"))]
    replay = TakeScans(session_id=ann.id, scans=scans, actor="test")
    stock = "SELECT FROM stock WHERE sku = 'CREAM' FOR UPDATE NOWAIT"  # as a receipt goes on: it waits for nobody
    _, [told] = while_open(
        floor, hold_lots, lambda writer: writer.submit(take_scans, [replay]), lambda tx: tx.rows(stock)
    )
    assert (told.instruction.say, expiry(floor)) == ("all_picked", "2027-03-31")


def hold_lots(tx: Any) -> None:
    tx.rows("SELECT FROM lot FOR NO KEY UPDATE")


def waiting(tx: Any) -> list[Any]:
    """Who waits for this transaction."""
    return tx.rows("SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")


def test_a_pick_told_with_another_date_than_its_lots_is_refused(floor: ScannedFloor) -> None:
    floor.product("CREAM", tracking="lot")
    floor.put("A-1", "CREAM", 5, lot="L1", expires_on=date(2027, 3, 31))
    number = walked(floor, "CREAM", 1)
    [task] = floor.tasks(number)
    assert refused(floor.pick(task, 1, expires_on=date(2027, 4, 1)))[0] == "wrong_expiry"
    assert floor.units(number) == [("CREAM", {"allocated": 1})]
    assert floor.pick(task, 1, expires_on=date(2027, 3, 31)).left == 0
