"""One day of a site, from the gate to the truck; after every step all that must be true is true."""

from collections.abc import Iterator

import pytest

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.counts.enter import enter_counts
from orderwright.business.deeds.fill import fill_backorders
from orderwright.business.deeds.hold import hold_orders, release_holds
from orderwright.business.deeds.pack import pack
from orderwright.business.deeds.packing.advice import packing_advice
from orderwright.business.deeds.packing.checks import BeginPacking, begin_packing
from orderwright.business.deeds.release import release_due
from orderwright.business.orders.commands import CancelOrder, HoldOrder, ReleaseHold
from orderwright.business.shipping.forms import Pack
from orderwright.business.warehouse.counts.actions import ask_counts, begin_counts
from orderwright.business.warehouse.counts.forms import AskCount, BeginCount, CountedLine, EnterCount
from orderwright.business.warehouse.forms import ReleaseDue
from orderwright.database import tasks
from tests.floor import done, refused
from tests.stories.floor_day import BINS, FloorDay, new_day


@pytest.fixture
def day(postgres: str) -> Iterator[FloorDay]:
    with new_day(postgres) as day:
        yield day


def let_out(day: FloorDay) -> list[str]:
    """What the gate lets out now: who placed it."""
    answer = done([day.one(release_due, ReleaseDue(site="LEEDS", limit=200, actor="clock"))])[0]
    rows = day.rows("SELECT f.id::text, o.number FROM fulfilment f JOIN orders o ON o.id = f.order_id")
    numbers = {row.id: row.number for row in rows}
    who = {number: name for name, number in day.orders.items()}
    return sorted(who[numbers[each.fulfilment_id]] for each in answer.released)


def at_nine_goods_lie_in_their_bins_and_orders_come_in(day: FloorDay) -> None:
    day.fill()
    day.ordered("lee", CAM=1, CREAM=1)
    day.ordered("kim", MUG=2, TEE=1)
    day.ordered("max", TEE=1, HAT=2)
    day.ordered("ned", TEE=3)
    day.ordered("ola", MUG=1)
    day.ordered("pat", HAT=1)
    day.ordered("hal", MUG=1)
    done(day.run(hold_orders, HoldOrder(number=day.orders["hal"], kind="fraud", actor="olga")))
    day.stock("BRISTOL", TEE=1)


def the_gate_lets_out_all_but_what_is_held(day: FloorDay) -> None:
    day.time_is(9, 30)
    assert let_out(day) == ["kim", "lee", "max", "ned", "ola", "pat"]
    assert (let_out(day), day.tasks(day.orders["hal"])) == ([], [])


def three_pickers_get_a_single_a_batch_and_a_zone_walk_and_no_line_twice(day: FloorDay) -> None:
    zoe = day.begin("zoe", zone="B", totes=("B-1", "B-2"))
    sam = day.begin("sam", cart="HAND", totes=("S-1",))
    ben = day.begin("ben", cart="CART", totes=("T-1", "T-2", "T-3", "T-4"))
    assert [walk.strategy for walk in (sam, ben, zoe)] == ["single", "batch", "zone"]
    assert [walk.orders for walk in (sam, ben, zoe)] == [1, 4, 2]
    assert day.value("SELECT count(*) FROM pick_task WHERE state = 'open' AND batch_id IS NULL") == 0
    assert 0 < ben.predicted_mm < ben.first_come_mm


def a_wrong_scan_is_told_why_and_costs_nothing(day: FloorDay) -> None:
    ben = day.devices["ben"]
    where = ben.now.where
    assert where == BINS["MUG"]
    before = day.counts()
    for code, refusal in ((BINS["HAT"], "wrong_bin"), ("MUG", "unexpected_scan"), ("4006381333931", "unknown_scan"),
                          ("MU\x00G", "unreadable_scan")):  # fmt: skip
        answer = ben.scan(code)
        assert (answer.refusal, answer.instruction.tone, ben.now.where) == (refusal, "wrong", where)
    ben.all(where)
    assert ben.scan("TEE").refusal == "wrong_item"
    assert (day.counts(), day.value("SELECT sum(picked) FROM pick_task")) == (before, 0)


def one_order_is_picked_alone_with_its_lot_confirmed_and_its_serial_named(day: FloorDay) -> None:
    said = day.follow("sam")
    assert {"scan_lot", "scan_serial", "all_picked"} <= set(said)
    assert day.devices["sam"].key("done").instruction.say == "walk_over"
    assert day.where_units_are("lee") == {"CAM": {"picked": 1}, "CREAM": {"picked": 1}}
    assert day.value("SELECT count(*) FROM serial_unit WHERE task_id IS NOT NULL") == 1


def a_cancel_after_the_pick_reaches_the_pickers_next_answer(day: FloorDay) -> None:
    day.follow("ben", stops=2)
    picked = {who: day.on_tasks(who)[0] for who in ("kim", "ola")}
    assert [task[1] for task in picked.values()] == [2, 1]
    done(day.run(cancel_orders, CancelOrder(number=day.orders["ola"], reason="changed_mind", actor="olga")))
    answer = day.devices["ben"].scan(BINS["TEE"])
    [notice] = answer.instruction.notices
    assert (notice.say, notice.facts["order"], notice.facts["totes"]) == (
        "order_cancelled", day.orders["ola"], picked["ola"][2],
    )  # fmt: skip
    assert answer.outcome == "taken"
    assert day.free("MUG", "LEEDS") == 12 - 2 - 1 - 1  # kim's, hal's; ola's is no good until it is in a bin again


def a_short_pick_is_one_act(day: FloorDay) -> None:
    ben = day.devices["ben"]
    day.follow("ben", stops=2)
    assert (ben.now.sku, ben.now.left) == ("TEE", 3)
    ben.scan("TEE", quantity=1)
    ben.key("short")
    last = ben.all(f"T:{ben.now.tote}").instruction
    [notice] = [each for each in last.notices if each.say == "went_short"]
    assert (notice.facts["missing"], notice.facts["sent"], notice.facts["waiting"]) == (2, 1, 1)
    assert day.where_units_are("ned") == {"TEE": {"waiting": 1, "allocated": 1, "picked": 1}}
    counts = day.rows("SELECT p.code, c.sku, c.reason FROM count_task c JOIN place p ON p.id = c.place_id")
    assert [tuple(row) for row in counts] == [(BINS["TEE"], "TEE", "pick_short")]
    assert last.say == "all_picked"
    ben.all("PACK-1")
    assert day.value("SELECT count(*) FROM tote WHERE stands_at = 'PACK-1'") == 4  # ola's as well


def a_hold_leaves_its_stops_out_until_it_is_gone(day: FloorDay) -> None:
    zoe = day.devices["zoe"]
    done(day.run(hold_orders, HoldOrder(number=day.orders["pat"], kind="manual", actor="olga")))
    answer = zoe.scan(BINS["HAT"])
    assert [each.say for each in answer.instruction.notices] == ["order_held"]
    day.follow("zoe", stops=1)
    assert day.where_units_are("max")["HAT"] == {"picked": 2}
    assert day.where_units_are("pat") == {"HAT": {"allocated": 1}}
    done(day.run(release_holds, ReleaseHold(number=day.orders["pat"], kind="manual", actor="olga")))


def a_zone_walk_goes_on_and_ends_at_its_hand_over_point(day: FloorDay) -> None:
    zoe = day.devices["zoe"]
    answer = zoe.scan("4006381333931")  # any scan hears of it
    assert answer.instruction.expects in ("bin", "item")
    day.follow("zoe")
    assert day.where_units_are("pat") == {"HAT": {"picked": 1}}
    assert zoe.now.say == "hand_over"
    assert zoe.all("GATE-B").instruction.say == "walk_over"
    assert {row.stands_at for row in day.rows("SELECT stands_at FROM tote WHERE code LIKE 'B-%%'")} == {"GATE-B"}


def what_was_cancelled_is_scanned_back_into_its_bin(day: FloorDay) -> None:
    rae = day.scanner("rae", "put_back")
    assert rae.all("MUG").instruction.where == BINS["MUG"]
    assert rae.all(BINS["MUG"]).instruction.say == "bench_empty"
    assert day.free("MUG", "LEEDS") == 12 - 2 - 1
    assert day.value("SELECT count(*) FROM tote WHERE stands_at = 'PACK-1'") == 3


def a_bin_is_counted_while_it_is_picked_from_and_only_what_is_missing_is_missing(day: FloorDay) -> None:
    day.time_is(11)
    day.ordered("una", MUG=2)
    assert let_out(day) == ["una"]
    day.begin("sam", totes=("S-2",))
    count = done([day.one(ask_counts, AskCount(site="LEEDS", place=BINS["MUG"], actor="cora"))])[0]
    done([day.one(begin_counts, BeginCount(count_id=count.id, counter="cora", actor="cora"))])
    day.time_is(11, 6)
    day.follow("sam")  # after cora looked, and before she tells
    assert day.devices["sam"].key("done").outcome == "taken"
    day.time_is(11, 10)
    found = [CountedLine(sku="MUG", counted=9, counted_at=day.ago(minutes=5))]
    told = EnterCount(count_id=count.id, counter="cora", lines=found, actor="cora")
    [answer] = done([day.one(enter_counts, told)])
    assert [(each.booked, each.counted, each.posted) for each in answer.found] == [(10, 9, -1)]
    assert day.lying("LEEDS")[("MUG", BINS["MUG"])][0] == 12 - 2 - 2 - 1
    assert day.where_units_are("una") == {"MUG": {"picked": 2}}


def the_bin_that_was_short_is_counted_empty(day: FloorDay) -> None:
    cora = day.scanner("cora", "count")
    assert (cora.now.where, cora.now.sku) == (BINS["TEE"], "TEE")
    cora.all(BINS["TEE"])
    assert cora.key("done").instruction.say == "nothing_to_count"
    assert day.rows("SELECT DISTINCT state FROM count_task") == [("done",)]


def a_parcel_without_one_of_its_mugs_is_told_so_by_the_scale(day: FloorDay) -> None:
    number = day.orders["kim"]
    with day.store.read() as tx:
        advice = packing_advice(tx, day.fulfilment(number))
    assert [each.carton for each in advice.cartons] == ["SMALL"]
    assert [each.sku for each in advice.cartons[0].steps].count("MUG") == 2
    [tote] = {task.tote for task in day.tasks(number)}
    pam = day.scanner("pam", "pack", tote)
    other = BeginPacking(fulfilment_id=day.fulfilment(number), person="bob", actor="bob")
    assert refused(day.one(begin_packing, other))[0] == "packed_by_other"
    assert pam.scan("HAT").refusal == "wrong_item"
    assert pam.all("MUG", "MUG", "TEE", "SMALL").instruction.expects == "weight"
    light = pam.scan("=630g")  # one of the mugs still stands on the bench
    assert (light.refusal, light.instruction.facts["sku"], light.instruction.facts["units"]) == (
        "weight_off",
        "MUG",
        -1,
    )
    assert day.where_units_are("kim") == {"MUG": {"picked": 2}, "TEE": {"picked": 1}}
    assert pam.all("=0.95kg").instruction.say == "all_packed"
    assert day.where_units_are("kim") == {"MUG": {"packed": 2}, "TEE": {"packed": 1}}


def everything_is_packed_in_the_advised_carton(day: FloorDay) -> None:
    day.time_is(14)
    for who in ("lee", "max", "pat", "una"):
        done([day.pack(day.orders[who], person="pam")])
    parcels = day.rows("SELECT carton, sscc FROM parcel")
    assert [parcel.carton for parcel in parcels] == ["SMALL"] * 5
    assert len({parcel.sscc for parcel in parcels} - {None}) == 5
    assert day.value("SELECT count(*) FROM tote WHERE stands_at IN ('GATE-B', 'PACK-1')") == 1  # ned's


def labels_and_papers_are_printed_and_acknowledged(day: FloorDay) -> None:
    assert day.buy_labels() == 5
    for parcel in day.rows("SELECT id::text, number FROM parcel ORDER BY number"):
        assert day.printed("carrier_label", parcel.id).startswith("^XA")
        assert day.printed("carton_label", parcel.id).startswith("^XA")
        day.printed("packing_slip", parcel.id)
    assert day.rows("SELECT state, count(*)::int FROM print_job GROUP BY state") == [("printed", 15)]


def goods_are_looked_at_put_away_and_go_to_who_waited_for_them(day: FloorDay) -> None:
    day.time_is(14, 30)
    rob = day.scanner("rob", "receive")
    rob.all("TEE")
    rob.scan(quantity=5)
    assert rob.key("short", reason="damaged", quantity=1).outcome == "taken"
    assert [each.say for each in rob.key("done").instruction.notices] == ["arrival_on_bench"]
    assert day.free("TEE", "LEEDS") <= 0  # nothing is sold from the receiving bench
    stow = day.scanner("rob", "put_away")
    stow.all("TEE")
    stow.scan(quantity=4)
    assert stow.all(BINS["TEE"]).outcome == "taken"
    with day.store.begin() as tx:
        due = tasks.claim(tx, ["fill_backorders"], 10)
        fill_backorders(tx, due)
        tasks.finish(tx, due)
    assert day.where_units_are("ned") == {"TEE": {"allocated": 2, "picked": 1}}


def what_was_held_all_day_goes_out_once_it_is_released(day: FloorDay) -> None:
    done(day.run(release_holds, ReleaseHold(number=day.orders["hal"], kind="fraud", actor="olga")))
    assert let_out(day) == ["hal", "ned"]
    day.begin("sam", cart="CART", totes=("T-1", "T-2"))
    day.follow("sam")
    day.devices["sam"].key("done")
    assert day.where_units_are("hal") == {"MUG": {"picked": 1}}
    assert day.where_units_are("ned") == {"TEE": {"allocated": 1, "picked": 2}}  # the last one goes from BRISTOL
    for who in ("hal", "ned"):
        ids = [row.id for row in day.fulfilments(day.orders[who]) if (row.site, row.state) == ("LEEDS", "picked")]
        done(day.run(pack, *[Pack(fulfilment_id=id_, person="pam", actor="pam") for id_ in ids]))
    assert day.value("SELECT count(*) FROM tote") == 0
    day.buy_labels()


def the_truck_takes_every_parcel(day: FloorDay) -> None:
    day.time_is(16)
    parcels = [row.id for row in day.rows("SELECT id::text FROM parcel ORDER BY number")]
    done([day.hand_over(id_) for id_ in parcels])
    states = {who: day.state(number) for who, number in day.orders.items()}
    assert states == {
        "lee": "shipped", "kim": "shipped", "max": "shipped", "ned": "partially_shipped", "ola": "cancelled",
        "pat": "shipped", "hal": "shipped", "una": "shipped",
    }  # fmt: skip
    left = {where: units for where, (units, _) in day.lying("LEEDS").items()}
    assert left == {
        ("MUG", BINS["MUG"]): 12 - 2 - 2 - 1 - 1, ("TEE", BINS["TEE"]): 3, ("HAT", BINS["HAT"]): 3,
        ("CREAM", BINS["CREAM"]): 8, ("CAM", BINS["CAM"]): 3, ("TEE", "QUARANTINE"): 1,
    }  # fmt: skip


DAY = (
    at_nine_goods_lie_in_their_bins_and_orders_come_in,
    the_gate_lets_out_all_but_what_is_held,
    three_pickers_get_a_single_a_batch_and_a_zone_walk_and_no_line_twice,
    a_wrong_scan_is_told_why_and_costs_nothing,
    one_order_is_picked_alone_with_its_lot_confirmed_and_its_serial_named,
    a_cancel_after_the_pick_reaches_the_pickers_next_answer,
    a_short_pick_is_one_act,
    a_hold_leaves_its_stops_out_until_it_is_gone,
    a_zone_walk_goes_on_and_ends_at_its_hand_over_point,
    what_was_cancelled_is_scanned_back_into_its_bin,
    a_bin_is_counted_while_it_is_picked_from_and_only_what_is_missing_is_missing,
    the_bin_that_was_short_is_counted_empty,
    a_parcel_without_one_of_its_mugs_is_told_so_by_the_scale,
    everything_is_packed_in_the_advised_carton,
    labels_and_papers_are_printed_and_acknowledged,
    goods_are_looked_at_put_away_and_go_to_who_waited_for_them,
    what_was_held_all_day_goes_out_once_it_is_released,
    the_truck_takes_every_parcel,
)


def test_a_day_on_the_floor(day: FloorDay) -> None:
    for step in DAY:
        step(day)
        assert day.broken() == [], step.__name__
