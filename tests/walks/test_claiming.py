"""Claiming work: a picker asks and gets a walk; nothing is ever on two of them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.picking import claim
from orderwright.business.deeds.picking.candidates import read_candidates
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.warehouse.floor_forms import CartForm
from orderwright.business.warehouse.walk_forms import ClaimWork
from orderwright.database.writer import Writer
from orderwright.values.refusal import Refusal
from tests.floor import done, refused
from tests.meeting import while_open
from tests.walks.aisles import Aisles


def test_a_picker_gets_a_cart_of_what_is_due_first_and_a_way_to_walk_it(aisles: Aisles) -> None:
    one, two = aisles.released({"MUG": 2, "TEE": 1}, {"TEE": 3})
    walk = aisles.claim(totes=("T1", "T2"))
    assert (walk.strategy, walk.state, walk.picker, walk.cart) == ("batch", "walking", "pia", "CART")
    assert (walk.orders, walk.lines, walk.units, walk.totes_needed) == (2, 3, 6, 2)
    assert sorted(aisles.stops(walk.id)) == [(one, "MUG", 2, "T1"), (one, "TEE", 1, "T1"), (two, "TEE", 3, "T2")]
    assert aisles.totes() == [("T1", one, ""), ("T2", two, "")]
    # Into aisle 1 and out again for two orders on one cart; one by one, aisle by aisle, it is further.
    assert 0 < walk.predicted_mm < walk.first_come_mm
    assert walk.predicted_s > walk.predicted_mm // 1000
    assert aisles.facts(walk.id) == ["walk_claimed"]


def test_who_has_a_walk_is_told_it_again(aisles: Aisles) -> None:
    aisles.released({"MUG": 1}, {"MUG": 1})
    first = aisles.claim(cart="HAND")
    again = aisles.claim(cart="HAND", totes=("T9",))
    assert (again.id, first.repeated, again.repeated) == (first.id, False, True)
    assert aisles.totes() == []
    twice = aisles.run(claim_work, *[ClaimWork(site="LEEDS", picker="paul", actor="paul")] * 2)
    assert [(each.orders, each.repeated) for each in twice] == [(1, False), (1, True)]


def test_with_nothing_to_do_a_picker_is_told_so(aisles: Aisles) -> None:
    before = aisles.counts()
    assert refused(aisles.claim()) == ("nothing_to_pick", {"site": "LEEDS", "zone": ""})
    aisles.released({"MUG": 1})
    aisles.claim()
    assert refused(aisles.claim("paul"))[0] == "nothing_to_pick"
    assert before["stock_move"] == 0


def test_orders_on_hold_are_not_picked(aisles: Aisles) -> None:
    held, free = aisles.released({"MUG": 1}, {"MUG": 1})
    done(aisles.run(hold_orders, HoldOrder(number=held, actor="test", kind="fraud")))
    walk = aisles.claim()
    assert [stop[0] for stop in aisles.stops(walk.id)] == [free]


def test_a_tote_in_use_is_refused_naming_whose_it_is(aisles: Aisles) -> None:
    one, _ = aisles.released({"MUG": 1}, {"MUG": 1})
    walk = aisles.claim(cart="HAND", totes=("T1",))
    expected = {"tote": "T1", "order": one, "walk": walk.number}
    assert refused(aisles.claim("paul", totes=("T2", "T1"))) == ("tote_in_use", expected)
    assert refused(aisles.claim("paul", totes=("T2", "T2")))[0] == "malformed"
    assert aisles.totes() == [("T1", one, "")]


def test_a_cart_takes_no_more_orders_than_totes_were_put_on_it(aisles: Aisles) -> None:
    aisles.released(*[{"MUG": 1}] * 6)
    assert aisles.claim(totes=("T1", "T2")).orders == 2
    assert aisles.claim("paul").orders == 4


def test_a_cart_is_filled_by_weight_and_volume(aisles: Aisles) -> None:
    # A MUG weighs 300 g and has no sizes: 1,500 cm3 each. Two carts: one that carries little, one with little room.
    aisles.describe(
        carts=(CartForm(kind="LIGHT", totes=8, weight_g=1_000), CartForm(kind="FLAT", totes=8, volume_cm3=6_000))
    )
    aisles.released(*[{"MUG": 1}] * 9)
    assert aisles.claim(cart="LIGHT").orders == 3
    assert aisles.claim("paul", cart="FLAT").orders == 4


def test_an_order_larger_than_the_cart_goes_alone(aisles: Aisles) -> None:
    big, _ = aisles.released({"MUG": 80}, {"MUG": 1})
    walk = aisles.claim(cart="HAND", totes=("T1",))
    assert [stop[:3] for stop in aisles.stops(walk.id)] == [(big, "MUG", 80)]
    assert walk.totes_needed == 3


def test_unknown_sites_and_carts_are_refused(aisles: Aisles) -> None:
    assert refused(aisles.one(claim_work, ClaimWork(site="MARS", picker="pia", actor="pia"))) == (
        "unknown_site",
        {"site": "MARS"},
    )
    assert refused(aisles.claim(cart="TRUCK")) == ("unknown_cart", {"cart": "TRUCK", "carts": ["CART", "HAND"]})


def test_a_zones_picker_gets_that_zones_lines_alone(aisles: Aisles) -> None:
    number, only_b = aisles.released({"MUG": 1, "HAT": 1}, {"HAT": 2})
    walk = aisles.claim(zone="A")
    assert (walk.strategy, aisles.stops(walk.id)) == ("zone", [(number, "MUG", 1, "")])
    other = aisles.claim("paul", zone="B")
    assert sorted(aisles.stops(other.id)) == sorted([(number, "HAT", 1, ""), (only_b, "HAT", 2, "")])


def test_where_a_skill_is_needed_only_who_has_it_is_sent(aisles: Aisles) -> None:
    _, plain = aisles.released({"MUG": 1, "HAT": 1}, {"TEE": 1})
    walk = aisles.claim(skills=())
    assert [stop[0] for stop in aisles.stops(walk.id)] == [plain]
    assert refused(aisles.claim("paul", skills=(), zone="B"))[0] == "nothing_to_pick"
    assert aisles.claim("paul", skills=("ladder",)).lines == 2


def _tasks_on(aisles: Aisles, walks: Sequence[Any]) -> list[str]:
    return [stop.task_id for walk in walks for stop in aisles.walk(walk.id).stops]


def test_two_pickers_never_get_the_same_line(aisles: Aisles) -> None:
    aisles.released(*[{"MUG": 1}] * 6)
    asks = [ClaimWork(site="LEEDS", picker=who, actor=who, totes=totes)
            for who, totes in (("pia", ("T1", "T2", "T3")), ("paul", ()))]  # fmt: skip
    with aisles.store.begin() as one, aisles.store.begin() as other:
        [first] = done(list(claim_work(one, asks[:1])))
        # The first transaction is open: what it chose is locked, and is left to it.
        [second] = done(list(claim_work(other, asks[1:])))
    tasks = _tasks_on(aisles, [first, second])
    assert (first.orders, second.orders, len(set(tasks)), len(tasks)) == (3, 3, 6, 6)


def test_twenty_pickers_hammering_share_the_work_without_a_line_twice(aisles: Aisles) -> None:
    aisles.released(*[{"MUG": 1, "TEE": 1}] * 50)
    start = Barrier(20)

    def ask(n: int) -> list[Any]:
        start.wait()
        with aisles.store.begin() as tx:
            return list(
                claim_work(
                    tx,
                    [ClaimWork(site="LEEDS", picker=f"p{n}", actor=f"p{n}", totes=(f"T{n}-1", f"T{n}-2", f"T{n}-3"))],
                )
            )

    with ThreadPoolExecutor(20) as pickers:
        walks = done(
            [each for answers in pickers.map(ask, range(20)) for each in answers if not isinstance(each, Refusal)]
        )
    tasks = _tasks_on(aisles, walks)
    assert (len(tasks), len(set(tasks))) == (100, 100)
    assert sum(walk.orders for walk in walks) == 50


def test_who_waits_for_work_of_others_holds_no_order_meanwhile(aisles: Aisles, monkeypatch: pytest.MonkeyPatch) -> None:
    busy, gone = aisles.released({"MUG": 1}, {"TEE": 1})
    with aisles.store.read() as tx:
        seen_before = read_candidates(tx, ["LEEDS"], 500)
    done(aisles.run(hold_orders, HoldOrder(number=gone, actor="test", kind="fraud")))
    monkeypatch.setattr(claim, "read_candidates", lambda *asked: seen_before)
    lock = "SELECT number FROM orders WHERE number = %(number)s FOR UPDATE SKIP LOCKED"
    free: list[Any] = []
    while_open(
        aisles,
        lambda tx: tx.row(lock, number=busy),
        lambda writer: writer.submit(claim_work, [ClaimWork(site="LEEDS", picker="pia", actor="pia")]),
        lambda tx: free.append(tx.row(lock, number=gone)),
    )
    assert [each.number for each in free] == [gone]
    assert [stop[0] for stop in aisles.stops(aisles.claim().id)] == [busy]


def test_two_who_take_the_same_tote_at_once_are_told_apart(aisles: Aisles) -> None:
    aisles.released({"MUG": 1}, {"TEE": 1})
    writer = Writer(aisles.store)
    try:
        futures = [
            writer.submit(claim_work, [ClaimWork(site="LEEDS", picker=who, actor=who, cart="HAND", totes=("T1",))])
            for who in ("pia", "paul")
        ]
        answers = [future.result()[0] for future in futures]
    finally:
        writer.stop()
    assert sorted(each.code if isinstance(each, Refusal) else each.state for each in answers) == [
        "tote_in_use",
        "walking",
    ]


@pytest.mark.parametrize("words", [{"zone": "\x00"}, {"totes": ("\x00",)}, {"cart": "\x00"}])
def test_words_that_cannot_be_kept_are_refused(aisles: Aisles, words: dict[str, Any]) -> None:
    assert refused(aisles.claim(**words))[0] == "malformed"


def test_one_picker_with_two_devices_gets_one_walk(aisles: Aisles) -> None:
    aisles.released({"MUG": 1}, {"MUG": 1})
    command = ClaimWork(site="LEEDS", picker="pia", cart="HAND", actor="pia")
    [first], [second] = while_open(
        aisles, lambda tx: claim_work(tx, [command]), lambda writer: writer.submit(claim_work, [command])
    )
    assert (second.id, first.repeated, second.repeated) == (first.id, False, True)
