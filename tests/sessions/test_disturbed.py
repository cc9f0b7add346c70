"""What happens to a walk while it is walked: goods are missing, orders are cancelled and held, lots run out."""

from datetime import date, timedelta

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hold import hold_orders, release_holds
from orderwright.business.deeds.scanning.take import take_scans
from orderwright.business.orders.commands import CancelOrder, HoldOrder, ReleaseHold
from orderwright.business.warehouse.sessions.forms import ScanForm, TakeScans
from tests.floor import done
from tests.meeting import while_open
from tests.sessions.scanner import ScannedFloor


def walked(floor: ScannedFloor, *orders: dict[str, int], totes: tuple[str, ...] = ("T1", "T2")) -> list[str]:
    numbers = []
    for units in orders:
        number = str(floor.place(units).number)
        floor.release(number)
        numbers.append(number)
    floor.walk(totes=totes)
    return numbers


def counts(floor: ScannedFloor) -> list[tuple[str, str, str, str]]:
    rows = floor.rows("SELECT p.code, c.sku, c.reason, c.state FROM count_task c JOIN place p ON p.id = c.place_id")
    return [tuple(row) for row in rows]


def test_two_of_five_missing_go_elsewhere_wait_and_are_counted_in_one_scan(floor: ScannedFloor) -> None:
    # Edge case 23.
    floor.put("A-1", "MUG", 5)
    [number] = walked(floor, {"MUG": 5})
    floor.stock("BRISTOL", MUG=1)
    ann = floor.scanner()
    ann.all("A-1", "MUG", "MUG", "MUG")
    assert ann.key("short", quantity=5).refusal == "not_short"
    assert ann.key("short").instruction.say == "put_in_tote"
    last = ann.scan("T:T1").instruction
    assert (last.say, [each.words for each in last.notices]) == (
        "all_picked", ["2 of MUG go elsewhere or wait: 1 sent from another site, 1 waiting."],
    )  # fmt: skip
    assert floor.units(number) == [("MUG", {"waiting": 1, "allocated": 1, "picked": 3})]
    assert [(row.site, row.state) for row in floor.fulfilments(number)] == [("BRISTOL", "planned"), ("LEEDS", "picked")]
    promised = floor.rows("SELECT site, ship_by IS NOT NULL AS is_promised FROM fulfilment ORDER BY site")
    assert [tuple(row) for row in promised] == [("BRISTOL", True), ("LEEDS", True)]
    assert counts(floor) == [("A-1", "MUG", "pick_short", "open")]
    assert floor.counters("MUG", "LEEDS") == (3, 3)
    assert floor.lying("LEEDS") == {("MUG", "PACKING"): (3, 0)}


def test_an_empty_bin_is_short_at_once_and_damage_goes_to_quarantine(floor: ScannedFloor) -> None:
    floor.put("A-1", "MUG", 2)
    [number] = walked(floor, {"MUG": 2})
    ann = floor.scanner()
    assert ann.key("short").refusal == "command_step"
    ann.all("A-1")
    short = ann.key("short", quantity=0, reason="damaged")
    assert (short.instruction.say, short.instruction.notices[0].facts["waiting"]) == ("all_picked", 2)
    assert floor.units(number) == [("MUG", {"waiting": 2})]
    assert floor.lying("LEEDS") == {("MUG", "QUARANTINE"): (2, 0)}


def test_a_cancel_reaches_the_pickers_next_answer_with_where_to_leave_what(floor: ScannedFloor) -> None:
    floor.put("A-1", "MUG", 9)
    floor.put("A-2", "TEE", 9)
    first, second = walked(floor, {"MUG": 2, "TEE": 1}, {"TEE": 1})
    ann = floor.scanner()
    ann.all("A-1", "MUG", "MUG", "T:T1", "A-2", "TEE")
    done(floor.run(cancel_orders, CancelOrder(number=first, reason="changed_mind", actor="test")))
    answer = ann.scan("T:T1")
    notices = [(each.say, each.facts) for each in answer.instruction.notices]
    assert notices == [
        ("order_cancelled", {"order": first, "units": 2, "totes": "T1"}),
        ("put_in_hand_back", {"units": 1, "sku": "TEE", "where": "A-2"}),
    ]
    assert answer.refusal == "unexpected_scan"  # what it was meant for is no longer wanted
    assert (answer.instruction.where, answer.instruction.tote) == ("A-2", "T2")
    rows = floor.rows("SELECT sku, tote, quantity, state FROM put_back")
    assert [tuple(row) for row in rows] == [("MUG", "T1", 2, "open")]
    after = ann.all("TEE", "T:T2").instruction
    assert (after.say, after.notices) == ("all_picked", [])
    assert floor.units(second) == [("TEE", {"picked": 1})]


def test_a_held_orders_stops_are_left_out_and_come_back_when_it_is_released(floor: ScannedFloor) -> None:
    floor.put("A-1", "MUG", 9)
    floor.put("A-2", "TEE", 9)
    first, second = walked(floor, {"MUG": 1}, {"TEE": 1})
    ann = floor.scanner()
    done(floor.run(hold_orders, HoldOrder(number=first, kind="manual", actor="test")))
    answer = ann.scan("A-2")
    assert [each.words for each in answer.instruction.notices] == [
        f"Order {first} is on hold: its stops are left out for now."
    ]
    end = ann.all("TEE", "T:T2").instruction
    assert (end.say, end.facts["held"]) == ("nothing_to_pick", [first])
    assert ann.key("done").instruction.say == "walk_over"
    left = floor.rows("SELECT state, batch_id FROM pick_task WHERE state = 'open'")
    assert [tuple(row) for row in left] == [("open", None)]
    assert floor.value("SELECT end_reason FROM pick_batch") == f"held: {first}"
    assert floor.units(second) == [("TEE", {"picked": 1})]


def test_who_has_units_in_hand_goes_on_when_stops_before_them_come_back(floor: ScannedFloor) -> None:
    floor.put("A-1", "MUG", 9)
    floor.put("A-2", "TEE", 9)
    *held, _ = walked(floor, {"MUG": 1}, {"MUG": 1}, {"MUG": 1}, {"TEE": 2}, totes=("T1", "T2", "T3", "T4"))
    for number in held:
        done(floor.run(hold_orders, HoldOrder(number=number, kind="manual", actor="test")))
    ann = floor.scanner()
    ann.all("A-2", "TEE")
    for number in held:
        done(floor.run(release_holds, ReleaseHold(number=number, kind="manual", actor="test")))
    answer = ann.scan("TEE").instruction
    assert (answer.say, answer.tote, answer.notices) == ("put_in_tote", "T4", [])
    assert ann.all("T:T4").instruction.where == "A-1"


def test_a_lot_that_ran_out_after_it_was_chosen_is_not_picked_but_reported(floor: ScannedFloor) -> None:
    # Edge case 36.
    floor.product("CREAM", tracking="lot")
    floor.put("A-1", "CREAM", 4, lot="L1", expires_on=date(2030, 5, 1))
    [number] = walked(floor, {"CREAM": 2})
    with floor.store.read() as tx:
        now = tx.now
    floor.at(now + timedelta(days=365 * 6))
    ann = floor.scanner()
    ann.all("A-1")
    answer = ann.scan("CREAM")
    assert (answer.refusal, answer.instruction.facts) == ("lot_expired", {"lot": "L1", "expires_on": "2030-05-01"})
    assert floor.units(number) == [("CREAM", {"allocated": 2})]
    assert ann.key("short", quantity=0, reason="expired").outcome == "taken"
    assert floor.lying("LEEDS")[("CREAM", "QUARANTINE")] == (2, 0)
    assert counts(floor) == [("A-1", "CREAM", "pick_short", "open")]


def test_a_cancel_that_comes_between_the_picks_of_one_call_leaves_the_others_picked(floor: ScannedFloor) -> None:
    for bin_, sku in (("A-1", "MUG"), ("A-2", "TEE"), ("A-3", "HAT")):
        floor.put(bin_, sku, 5)
    numbers = walked(floor, {"MUG": 1}, {"TEE": 1}, {"HAT": 1}, totes=("T1", "T2", "T3"))
    ann = floor.scanner()
    totes = {task.place: task.tote for number in numbers for task in floor.tasks(number)}
    codes = [
        code for bin_, sku in (("A-1", "MUG"), ("A-2", "TEE"), ("A-3", "HAT")) for code in (bin_, sku, totes[bin_])
    ]
    scans = [ScanForm(n=n, code=f"T:{code}" if n % 3 == 0 else code) for n, code in enumerate(codes, 1)]
    command = TakeScans(session_id=ann.id, scans=scans, actor="test")
    cancel = CancelOrder(number=numbers[1], reason="changed_mind", actor="test")
    _, [told] = while_open(
        floor, lambda tx: cancel_orders(tx, [cancel]), lambda writer: writer.submit(take_scans, [command])
    )
    assert [each.outcome for each in told.answers] == ["taken"] * 3 + ["refused"] * 3 + ["taken"] * 3
    assert [notice.say for each in told.answers for notice in each.instruction.notices] == ["stops_cancelled"]
    lying = floor.lying("LEEDS")
    assert (lying["MUG", "PACKING"], lying["HAT", "PACKING"], lying["TEE", "A-2"]) == ((1, 0), (1, 0), (5, 0))
