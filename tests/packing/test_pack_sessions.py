"""Packing with a scanner: each unit verified, the right carton, a scale beside it, closed by the last scan."""

from typing import Any

import pytest

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.scanning.opening import close_sessions, open_sessions
from orderwright.business.orders.commands import CancelOrder, LineUnits
from orderwright.business.shipping.packing.photos import AddPhoto, add_photos
from orderwright.business.warehouse.sessions.forms import CloseSession, OpenSession
from orderwright.business.warehouse.sessions.ports import Reading, read_weight_g, weight_code
from orderwright.business.warehouse.sessions.wrong import MISSING, UNITS_LEFT
from tests.floor import refused
from tests.packing.bench import Bench
from tests.packing.pictures import png
from tests.sessions.scanner import Scanner

NO_RISK = {"weight_from": 900, "scan_all_from": 901, "photo_from": 902, "second_person_from": 903}


class ScaleOnTheBench:
    """A stand-in for a scale on a serial line: it shows what is put on it, in its own unit."""

    def __init__(self, scanner: Scanner, unit: Any = "g") -> None:
        self._scanner, self._unit = scanner, unit

    def reading(self) -> Reading:
        return Reading(self._value, self._unit)

    def weighs(self, value: str) -> Any:
        self._value = value
        return self._scanner.scan(weight_code(self.reading()))


def at_bench(bench: Bench, number: str, person: str = "ann", device: str = "") -> Scanner:
    command = OpenSession(kind="pack", site="LEEDS", person=person, subject=bench.fulfilment(number), device=device,
                          actor="test")  # fmt: skip
    [opened] = bench.run(open_sessions, command)
    return Scanner(bench, opened)


def ask_for(bench: Bench, check: str) -> None:
    """Whatever the order: its risk asks for this."""
    from_ = {**NO_RISK, f"{check}_from": 0}
    bench.settle(risk=from_)


def parcels(bench: Bench) -> list[Any]:
    return bench.rows("SELECT * FROM parcel ORDER BY number")


def test_items_then_the_carton_close_the_parcel(bench: Bench) -> None:
    bench.settle(risk=NO_RISK)
    bench.cartons_arrive("S", 3)
    number = bench.picked(MUG=2)
    scanner = at_bench(bench, number, device="bench-1")
    assert (scanner.now.say, scanner.now.facts["carton"], scanner.now.left) == ("pack_items", "S", 2)
    assert scanner.now.picture.endswith("/packing/picture?carton=1")
    assert scanner.all("MUG", "MUG").instruction.expects == "carton"
    closed = scanner.scan("S")
    assert (closed.instruction.say, closed.instruction.notices[0].say) == ("all_packed", "parcel_closed")
    [parcel] = parcels(bench)
    assert (parcel.carton, parcel.packer, bench.left(), bench.state(number)) == ("S", "ann", {"S": 2}, "packed")
    assert [row.kind for row in bench.rows("SELECT kind FROM print_job")] == ["packing_slip"]


@pytest.mark.parametrize("said", ["{number}", "{lower} ", "W:{id}", "{id}"])
def test_what_is_packed_is_named_by_its_order_or_its_list(bench: Bench, said: str) -> None:
    number = bench.picked(MUG=1)
    subject = said.format(number=number, lower=number.lower(), id=bench.fulfilment(number))
    command = OpenSession(kind="pack", site="LEEDS", person="ann", subject=subject, actor="test")
    [opened] = bench.run(open_sessions, command)
    assert opened.instruction.facts["order"] == number


@pytest.mark.parametrize("said", ["OW-999999", "T:", "W:", "L:LEEDS/A-1", "x' OR '1'='1"])
def test_what_names_nothing_to_pack_is_not_found(bench: Bench, said: str) -> None:
    bench.picked(MUG=1)
    command = OpenSession(kind="pack", site="LEEDS", person="ann", subject=said, actor="test")
    assert refused(bench.run(open_sessions, command)[0])[0] == "not_found"


def test_how_many_there_are_may_be_keyed_once_one_is_scanned(bench: Bench) -> None:
    bench.settle(risk=NO_RISK)
    scanner = at_bench(bench, bench.picked(MUG=5, TEE=2))
    assert scanner.scan(quantity=5).refusal == "unexpected_scan"
    scanner.all("MUG")
    assert scanner.scan(quantity=6).refusal == "pack_quantity"
    assert scanner.now.left == 6
    assert scanner.scan(quantity=4).instruction.left == 3
    assert scanner.scan(quantity=5).instruction.left == 2
    assert scanner.key("back").instruction.left == 7
    scanner.all("TEE", "MUG")
    scanner.scan(quantity=5)
    scanner.all("TEE", "s")
    assert [(each.carton, each.state) for each in parcels(bench)] == [("S", "packed")]
    assert [(row.sku, row.units) for row in bench.rows("SELECT * FROM parcel_scan ORDER BY sku")] == [
        ("MUG", 5),
        ("TEE", 2),
    ]


def test_units_are_not_keyed_where_each_is_to_be_scanned_or_named(bench: Bench) -> None:
    ask_for(bench, "scan_all")
    scanner = at_bench(bench, bench.picked(MUG=2))
    scanner.all("MUG")
    refused_scan = scanner.scan(quantity=2)
    assert (refused_scan.refusal, refused_scan.instruction.words) == ("check_needed", MISSING["scan"])
    assert scanner.key("done").instruction.words == UNITS_LEFT
    assert (scanner.now.left, scanner.all("MUG").instruction.expects) == (1, "carton")


def test_who_packs_an_order_that_is_cancelled_meanwhile_is_told_so(bench: Bench) -> None:
    bench.settle(risk=NO_RISK)
    number = bench.picked(MUG=2)
    scanner = at_bench(bench, number)
    scanner.all("MUG")
    bench.one(cancel_orders, CancelOrder(number=number, reason="changed_mind", actor="test"))
    told = scanner.scan("MUG")
    assert (told.refusal, told.instruction.say) == ("nothing_to_pack", "nothing_to_pack")
    assert (scanner.now.say, scanner.now.expects) == ("pack_cancelled", "done")
    assert parcels(bench) == []


def test_who_packs_an_order_that_is_changed_meanwhile_takes_out_what_lies_in_the_carton(bench: Bench) -> None:
    bench.settle(risk=NO_RISK)
    number = bench.picked(MUG=2, TEE=1)
    scanner = at_bench(bench, number)
    scanner.all("MUG", "MUG")
    lines = [LineUnits(position=1, quantity=1)]
    bench.one(cancel_orders, CancelOrder(number=number, reason="changed_mind", actor="test", lines=lines))
    told = scanner.scan("TEE").instruction
    assert [each.say for each in told.notices] == ["pack_changed"]
    assert (scanner.now.left, scanner.now.stops_done) == (1, 1)


def test_the_last_scan_sent_again_packs_once(bench: Bench) -> None:
    bench.settle(risk=NO_RISK)
    scanner = at_bench(bench, bench.picked(MUG=1))
    scanner.all("MUG", "S")
    scanner.n -= 1
    assert scanner.scan("S").repeated is True
    assert len(parcels(bench)) == 1


def test_the_rest_is_in_and_the_advised_carton_taken_without_scanning(bench: Bench) -> None:
    bench.settle(risk=NO_RISK)
    scanner = at_bench(bench, bench.picked(MUG=3))
    scanner.key("done")
    scanner.key("done")
    assert [(each.carton, each.state) for each in parcels(bench)] == [("S", "packed")]


def test_a_parcel_in_no_carton_of_ours_says_so(bench: Bench) -> None:
    bench.settle(risk=NO_RISK)
    with bench.begin() as tx:
        tx.write("UPDATE carton_kind SET is_active = false")
    scanner = at_bench(bench, bench.picked(MUG=1))
    scanner.scan("MUG")
    [closed, *_] = scanner.key("done").instruction.notices
    assert closed.words == f"Parcel {closed.facts['parcel']} is closed, in other packing."
    assert closed.facts["carton"] is None


def test_a_full_carton_is_closed_and_the_next_one_begun(bench: Bench) -> None:
    bench.settle(risk=NO_RISK)
    number = bench.picked(MUG=3)
    scanner = at_bench(bench, number)
    scanner.all("MUG", "S")
    assert scanner.key("full").instruction.notices[0].say == "parcel_closed"
    assert (scanner.now.left, bench.state(number)) == (2, "picking")
    scanner.all("MUG", "MUG", "L")
    assert [each.carton for each in parcels(bench)] == ["S", "L"]


def test_every_unit_is_scanned_where_its_risk_asks_for_it(bench: Bench) -> None:
    ask_for(bench, "scan_all")
    number = bench.picked(MUG=2)
    scanner = at_bench(bench, number)
    scanner.scan("MUG")
    assert scanner.key("done").refusal == "units_missing"
    assert scanner.scan("MUG", quantity=2).refusal == "check_needed"
    assert scanner.scan("TEE").refusal == "wrong_item"
    scanner.all("MUG", "S")
    assert scanner.now.expects == "weight"
    scale = ScaleOnTheBench(scanner, "lb")
    assert scale.weighs("1.55").outcome == "taken"  # 703 g: two mugs and a carton
    [parcel] = parcels(bench)
    assert (parcel.checked, parcel.weight_g) == ("scan_all", 703)
    assert [(row.sku, row.units) for row in bench.rows("SELECT * FROM parcel_scan")] == [("MUG", 2)]


def test_a_weight_that_does_not_fit_names_the_item_until_it_is_confirmed(bench: Bench) -> None:
    ask_for(bench, "weight")
    scanner = at_bench(bench, bench.picked(MUG=3))
    scanner.all("MUG", "MUG", "MUG", "S")
    off = scanner.scan("", quantity=700)  # 1,000 g were expected
    assert (off.refusal, off.instruction.facts["sku"], off.instruction.facts["units"]) == ("weight_off", "MUG", -1)
    assert parcels(bench) == []
    scanner.key("done", quantity=700)
    assert [each.weight_g for each in parcels(bench)] == [700]
    assert bench.exceptions() == ["weight_off"]


def test_a_photo_and_a_second_person_are_asked_for(bench: Bench) -> None:
    ask_for(bench, "second_person")
    number = bench.picked(MUG=1)
    scanner = at_bench(bench, number)
    scanner.all("MUG", "S", "=410g")
    assert scanner.scan("S:ann").refusal == "check_needed"
    assert scanner.scan("S:bob").instruction.say == "take_photo"
    assert scanner.key("done").refusal == "check_needed"
    bench.run(add_photos, AddPhoto(content=png(), fulfilment_id=bench.fulfilment(number), actor="ann"))
    assert scanner.key("done").instruction.say == "all_packed"
    [parcel] = parcels(bench)
    assert (parcel.checked, parcel.packer, parcel.checked_by) == ("second_person", "ann", "bob")
    assert bench.value("SELECT parcel_id FROM photo") == parcel.id


def test_a_serial_that_belongs_to_another_parcel_is_refused_naming_it(bench: Bench) -> None:
    """Edge case 35."""
    bench.settle(risk=NO_RISK)
    bench.measured("CAM", tracking="serial")
    bench.put("A-1", "CAM", 2)
    numbers = [bench.place({"CAM": 1}).number for _ in range(2)]
    for number in numbers:
        bench.release(number)
    walk = bench.walk(totes=("T1", "T2"))
    picker = bench.scanner(subject=walk.id)
    while picker.now.expects != "done":
        code = {"bin": "A-1", "item": "CAM", "serial": f"N{picker.n}", "tote": f"T:{picker.now.tote or 'T1'}"}
        picker.all(code[picker.now.expects])
    names = {row.number: row.serial for row in bench.rows(
        "SELECT o.number, u.serial FROM serial_unit u JOIN pick_task t ON t.id = u.task_id"
        " JOIN fulfilment f ON f.id = t.fulfilment_id JOIN orders o ON o.id = f.order_id"
    )}  # fmt: skip
    mine, other = numbers
    at_bench(bench, other).all("CAM", names[other], "S")
    [parcel] = parcels(bench)
    scanner = at_bench(bench, mine)
    scanner.scan("CAM")
    told = scanner.scan(names[other])
    assert (told.refusal, told.instruction.facts["where"]) == ("serial_elsewhere", parcel.number)
    scanner.all(names[mine], "S")
    assert len(parcels(bench)) == 2


def test_the_second_at_one_order_is_told_who_packs_it(bench: Bench) -> None:
    number = bench.picked(MUG=1)
    at_bench(bench, number)
    command = OpenSession(kind="pack", site="LEEDS", person="bob", subject=bench.fulfilment(number), actor="test")
    assert refused(bench.one(open_sessions, command))[1]["person"] == "ann"
    nothing = OpenSession(kind="pack", site="LEEDS", person="bob", subject="T:77", actor="test")
    assert refused(bench.one(open_sessions, nothing))[0] == "not_found"


def test_a_session_that_is_closed_leaves_its_order_to_others(bench: Bench) -> None:
    number = bench.picked(MUG=1)
    scanner = at_bench(bench, number)
    bench.run(close_sessions, CloseSession(session_id=scanner.id, actor="test"))
    assert at_bench(bench, number, "bob").now.say == "pack_items"
    bench.run(close_sessions, CloseSession(session_id=scanner.id, actor="test"))
    command = OpenSession(kind="pack", site="LEEDS", person="ann", subject=bench.fulfilment(number), actor="test")
    assert refused(bench.one(open_sessions, command))[1]["person"] == "bob"


def test_what_was_scanned_is_taken_back_one_by_one(bench: Bench) -> None:
    bench.settle(risk=NO_RISK)
    scanner = at_bench(bench, bench.picked(MUG=2))
    scanner.all("L", "MUG")
    assert scanner.key("back").instruction.say == "taken_back"
    assert scanner.key("back").instruction.say == "taken_back"
    assert scanner.key("back").instruction.say == "nothing_to_take_back"
    assert scanner.key("short").refusal == "command_step"
    scanner.all("MUG", "MUG", "S")
    assert [each.carton for each in parcels(bench)] == ["S"]


@pytest.mark.parametrize(("code", "grams"), [("=1.25kg", 1250), ("=2 lb", 907), ("=16oz", 454), ("=0g", 1),
                                             ("=1.2.3kg", None), ("1.2kg", None), ("=1kgs", None)])  # fmt: skip
def test_a_scale_s_reading_is_a_scan(code: str, grams: int | None) -> None:
    assert read_weight_g(code) == grams
