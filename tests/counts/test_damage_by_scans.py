"""Broken goods with a scanner: the same deed as by a call."""

from collections.abc import Iterator

import pytest

from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.warehouse.sessions.forms import OpenSession
from tests.floor import Floor, new_floor, refused
from tests.sessions.scanner import ScannedFloor, Scanner


@pytest.fixture
def floor(postgres: str) -> Iterator[ScannedFloor]:
    with new_floor(postgres) as plain:
        scanned = ScannedFloor(plain)
        scanned.put("A-1", "MUG", 9)
        yield scanned
        assert Floor.broken(scanned) == []


def refusal(gun: Scanner, code: str = "", **told: object) -> str:
    answer = gun.scan(code, **told)
    assert answer.outcome == "refused"
    return answer.refusal


def test_what_is_broken_is_scanned_and_out_of_sale_with_a_supervisor_told(floor: ScannedFloor):
    gun = floor.scanner(kind="damage")
    assert (gun.now.say, gun.now.expects) == ("scan_damaged_bin", "bin")
    gun.all("L:LEEDS/A-1", "MUG")
    gun.scan(quantity=2)
    assert gun.now.words == (
        "2 of MUG from A-1: scan on, key how many, or say why: damaged, defective, expired, contaminated."
    )
    answer = gun.all("Defective")
    assert [each.words for each in answer.instruction.notices] == [
        "2 of MUG are out of sale: bring them to quarantine; a supervisor is told."
    ]
    assert (gun.now.say, gun.now.where) == ("scan_damaged_item", "A-1")
    assert floor.rows("SELECT sku, units, reason, sent_to, reported_by FROM damage") == [
        ("MUG", 2, "defective", "quarantine", "ann")
    ]
    assert (floor.counters("MUG", "LEEDS"), floor.exceptions()) == ((7, 0), ["goods_damaged"])


def test_the_reason_may_be_keyed_as_for_a_short_pick(floor: ScannedFloor):
    gun = floor.scanner(kind="damage")
    gun.all("A-1", "MUG")
    assert refusal(gun, command="short", reason="missing") == "command_step"  # what is missing is counted, not broken
    gun.key("short", reason="expired")
    assert floor.value("SELECT reason FROM damage") == "expired"


def test_a_wrong_scan_changes_nothing(floor: ScannedFloor):
    gun = floor.scanner(kind="damage")
    assert refusal(gun, "MUG") == "unexpected_scan"
    assert refusal(gun, "damaged") == "unknown_scan"
    assert refusal(gun, "L:LEEDS/PACKING") == "unexpected_scan"
    gun.all("A-1")
    assert refusal(gun, "TEE") == "short_stock"
    gun.all("MUG")
    assert refusal(gun, "TEE") == "wrong_item"
    assert refusal(gun, quantity=10) == "short_stock"
    assert refusal(gun, "RUBBISH") == "unknown_scan"
    assert refusal(gun, command="done") == "command_step"
    gun.key("back")
    assert (gun.now.say, floor.value("SELECT count(*) FROM damage"), floor.counters("MUG", "LEEDS")) == (
        "scan_damaged_bin", 0, (9, 0),
    )  # fmt: skip


def test_the_lot_is_asked_for_where_a_bin_holds_several(floor: ScannedFloor):
    floor.product("MILK", tracking="lot")
    floor.put("A-2", "MILK", 3, lot="L1")
    floor.put("A-2", "MILK", 3, lot="L2")
    gun = floor.scanner(kind="damage")
    gun.all("A-2", "MILK")
    assert gun.now.expects == "lot"
    assert refusal(gun, "contaminated") == "lot_needed"
    assert refusal(gun, "L9") == "wrong_lot"
    gun.all("L2", "contaminated")
    assert floor.rows("SELECT sku, lot, units, reason FROM damage") == [("MILK", "L2", 1, "contaminated")]


def test_the_same_scan_twice_counts_once_and_promises_are_freed(floor: ScannedFloor):
    order = floor.place({"MUG": 9})
    gun = floor.scanner(kind="damage")
    gun.all("A-1", "MUG", "damaged")
    gun.n -= 1
    assert gun.scan("damaged").repeated
    assert floor.value("SELECT sum(units)::int FROM damage") == 1
    assert floor.units(order.number) == [("MUG", {"allocated": 8, "waiting": 1})]


def test_it_is_about_all_of_a_site_so_a_subject_is_refused(floor: ScannedFloor):
    command = OpenSession(kind="damage", site="LEEDS", person="ann", subject="A-1", actor="test")
    assert refused(floor.one(open_sessions, command))[0] == "malformed"
    assert floor.value("SELECT count(*) FROM floor_session") == 0


def test_of_what_is_tracked_by_serial_the_broken_unit_is_named(floor: ScannedFloor):
    floor.product("CAM", tracking="serial")
    floor.put("A-2", "CAM", 3)
    floor.put("A-3", "CAM", 1)
    gun = floor.scanner(kind="damage")
    assert gun.all("A-2", "CAM").instruction.say == "scan_readable_serial"
    assert [refusal(gun, code) for code in ("damaged", "CAM", "A-3")] == [
        "serial_needed", "serial_needed", "unexpected_scan",
    ]  # fmt: skip
    gun.all("S1", "CAM")
    assert (refusal(gun, "S1"), gun.now.expects) == ("serial_elsewhere", "serial")
    assert [refusal(gun, **told) for told in ({"command": "done"}, {"quantity": 2})] == ["serial_needed"] * 2
    gun.all("S2", "damaged")
    assert floor.rows("SELECT units, serials FROM damage") == [(2, '["S1","S2"]')]
    gun.all("A-3", "CAM")
    again = gun.scan("S1")
    assert (again.refusal, again.instruction.facts["where"]) == ("serial_elsewhere", "QUARANTINE")


def test_a_broken_unit_whose_serial_cannot_be_read_goes_without(floor: ScannedFloor):
    floor.product("CAM", tracking="serial")
    floor.put("A-2", "CAM", 3)
    gun = floor.scanner(kind="damage")
    gun.all("A-2", "CAM")
    gun.key("done")
    gun.all("CAM", "defective")
    assert floor.rows("SELECT units, serials FROM damage") == [(2, "[]")]


def test_another_product_is_refused_while_the_unit_in_hand_is_not_named_yet(floor: ScannedFloor):
    floor.product("CAM", tracking="serial")
    floor.put("A-1", "CAM", 3)
    gun = floor.scanner(kind="damage")
    gun.all("A-1", "CAM")
    other = gun.scan("MUG")
    assert (other.refusal, other.instruction.facts) == ("wrong_item", {"wanted": "CAM", "scanned": "MUG"})
    assert (gun.now.say, gun.now.sku) == ("scan_readable_serial", "CAM")
    gun.key("back")
    gun.all("A-1", "MUG", "damaged")
    assert floor.rows("SELECT sku, units, serials FROM damage") == [("MUG", 1, "[]")]
