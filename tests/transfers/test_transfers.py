"""Goods go from one site to another: suggested, planned, loaded, received, and ended."""

import pytest

from orderwright.business.deeds.supply.low import levels_of
from orderwright.business.deeds.transferring.arriving import receive_transfers
from orderwright.business.deeds.transferring.moving import finish_transfers, load_transfers, plan_transfers, send_off
from orderwright.business.deeds.transferring.suggest import list_shares
from orderwright.business.stock.forms import DispatchLine
from orderwright.business.warehouse.transferring.forms import (
    AskedUnits,
    FinishTransfer,
    LoadTransfer,
    PlanTransfer,
    ReceiveTransfer,
    SendTransfer,
    ShareQuery,
    TransferEndForm,
    TransferGoodsForm,
    TransferPlanForm,
)
from orderwright.business.warehouse.transferring.rows import on_the_way
from orderwright.values.refusal import Refusal
from tests.floor import done, refused
from tests.transfers.conftest import TwoSites


def suggested(sites: TwoSites) -> list[tuple[str, str, str, int]]:
    with sites.store.read() as tx:
        return [(each.sku, each.site, each.to_site, each.units) for each in list_shares(tx, ShareQuery()).items]


def in_transit(sites: TwoSites) -> int:
    """Units that moved into transit and did not leave it."""
    return sites.value(
        "SELECT coalesce(sum(CASE WHEN m.to_place = p.id THEN m.quantity ELSE -m.quantity END), 0)::int"
        " FROM place p JOIN stock_move m ON p.id IN (m.from_place, m.to_place) WHERE p.kind = 'transit'"
    )


def load(sites: TwoSites, number: str, units: int, place: str = "A-1", **told: str):
    return sites.goes(load_transfers, LoadTransfer, number, ("MUG", units, place), **told)


def receive(sites: TwoSites, number: str, units: int, place: str = "B-1", **told: str):
    return sites.goes(receive_transfers, ReceiveTransfer, number, ("MUG", units, place), **told)


def send(sites: TwoSites, number: str):
    return sites.one(send_off, SendTransfer(number=number, actor="test"))


def finish(sites: TwoSites, number: str, reason: str = ""):
    form = TransferEndForm(reason=reason)
    return sites.one(finish_transfers, FinishTransfer(number=number, form=form, actor="test"))


def test_what_one_site_has_too_much_of_is_suggested_to_one_that_runs_low(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 30)
    sites.level("LEEDS", "MUG", 5, 12)
    sites.level("BRISTOL", "MUG", 4, 10)
    assert suggested(sites) == [("MUG", "LEEDS", "BRISTOL", 10)]
    sites.planned(MUG=10)
    assert suggested(sites) == []  # it is on its way
    with sites.store.read() as tx:
        [level] = levels_of(tx, [("MUG", "BRISTOL")])
    assert (level.on_order, level.position, level.is_low) == (10, 10, False)


def test_a_site_is_asked_for_no_more_than_it_has_beyond_its_own_need(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 15)
    sites.level("LEEDS", "MUG", 5, 12)
    sites.level("BRISTOL", "MUG", 4, 10)
    sites.place({"MUG": 1})
    assert suggested(sites) == [("MUG", "LEEDS", "BRISTOL", 2)]


def test_units_on_their_way_are_nowhere_on_hand_and_all_of_them_arrive(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    number = sites.planned(MUG=6)
    assert load(sites, number, 6).state == "loading"
    assert (sites.counters("MUG", "LEEDS"), sites.counters("MUG", "BRISTOL")) == ((3, 0), (0, 0))
    assert in_transit(sites) == 6
    assert send(sites, number).state == "sent"
    now = receive(sites, number, 6)
    assert (now.state, now.over, sites.counters("MUG", "BRISTOL")) == ("done", 0, (6, 0))
    assert in_transit(sites) == 0
    assert sites.exceptions() == []


def test_no_more_is_loaded_than_was_asked_for(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    number = sites.planned(MUG=6)
    done([load(sites, number, 4)])
    assert refused(load(sites, number, 3)) == ("transfer_quantity", {"sku": "MUG", "asked": 3, "left": 2})
    assert sites.counters("MUG", "LEEDS") == (5, 0)
    assert refused(sites.goes(load_transfers, LoadTransfer, number, ("TEE", 1, "A-1")))[0] == "transfer_quantity"


def test_two_loads_in_one_call_share_what_is_asked_for(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    number = sites.planned(MUG=6)
    form = TransferGoodsForm(lines=[DispatchLine(sku="MUG", quantity=4, place="A-1")])
    results = sites.run(load_transfers, *[LoadTransfer(number=number, form=form, actor="test")] * 2)
    assert [isinstance(each, Refusal) for each in results] == [False, True]
    assert sites.counters("MUG", "LEEDS") == (5, 0)


def test_what_the_bin_does_not_hold_is_not_loaded(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 2)
    number = sites.planned()
    assert refused(load(sites, number, 3))[0] == "short_stock"
    assert refused(load(sites, number, 1, "NOWHERE"))[0] == "unknown_place"
    assert (sites.transfer(number).state, sites.counters("MUG", "LEEDS")) == ("planned", (2, 0))


def test_what_comes_short_is_told_and_stays_on_its_way_until_somebody_decides(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    number = sites.planned(MUG=6)
    done([load(sites, number, 6), send(sites, number), receive(sites, number, 4)])
    assert finish(sites, number).state == "sent"
    assert sites.exceptions() == ["transfer_differs"]
    assert in_transit(sites) == 2
    now = finish(sites, number, "lost")
    assert (now.state, now.lines[-1].lost, sites.exceptions()) == ("done", 2, [])
    assert finish(sites, number, "lost").repeated
    assert refused(receive(sites, number, 1))[0] == "transfer_step"


def test_what_comes_late_after_all_ends_the_transfer(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    number = sites.planned(MUG=6)
    done([load(sites, number, 6), send(sites, number), receive(sites, number, 4), finish(sites, number)])
    assert (receive(sites, number, 2).state, sites.exceptions()) == ("done", [])


def test_what_nobody_sent_is_found_and_told(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    number = sites.planned(MUG=6)
    done([load(sites, number, 6), send(sites, number)])
    now = receive(sites, number, 7)
    assert (now.state, now.over, sites.counters("MUG", "BRISTOL")) == ("done", 1, (7, 0))
    assert sites.exceptions() == ["transfer_differs"]


def test_an_arrival_of_several_loads_takes_the_first_loaded_first(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 3)
    sites.put("LEEDS", "A-2", "MUG", 5)
    number = sites.planned()
    done([load(sites, number, 3), load(sites, number, 5, "A-2"), send(sites, number), receive(sites, number, 4)])
    rows = sites.rows(
        "SELECT l.number, sum(m.quantity)::int AS units FROM site_transfer_load l JOIN stock_move m"
        " ON m.cause = 'transfer_in:' || l.document_id::text GROUP BY l.number ORDER BY l.number"
    )
    assert [tuple(row) for row in rows] == [(1, 3), (2, 1)]
    assert sum(line.left for line in sites.transfer(number).lines) == 4


def test_lots_arrive_as_they_were_sent(sites: TwoSites):
    sites.product("MILK", tracking="lot")
    sites.put("LEEDS", "A-1", "MILK", 4, lot="L1")
    number = sites.planned(MILK=4)
    goods = ("MILK", 4, "A-1")
    assert refused(sites.goes(load_transfers, LoadTransfer, number, goods))[0] == "lot_needed"
    done([sites.goes(load_transfers, LoadTransfer, number, goods, lot="L1"), send(sites, number)])
    came = ("MILK", 4, "B-1")
    assert refused(sites.goes(receive_transfers, ReceiveTransfer, number, came))[0] == "lot_needed"
    assert sites.goes(receive_transfers, ReceiveTransfer, number, came, lot="L1").state == "done"


def test_an_arrival_with_anything_wrong_changes_nothing(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    number = sites.planned(MUG=6)
    assert refused(receive(sites, number, 1))[0] == "transfer_step"
    done([load(sites, number, 6)])
    wrong = sites.goes(
        receive_transfers, ReceiveTransfer, number, ("MUG", 2, "B-1"), ("NOPE", 1, "B-1"), ("MUG", 1, "PACKING")
    )
    code, facts = refused(wrong)
    assert (code, [each["code"] for each in facts["findings"]]) == ("unknown_sku", ["unknown_sku", "unknown_place"])
    assert refused(receive(sites, "TR-NONE", 1))[0] == "not_found"
    assert sites.counters("MUG", "BRISTOL") == (0, 0)


def test_one_that_holds_nothing_is_cancelled(sites: TwoSites):
    number = sites.planned(MUG=6)
    assert send(sites, number).state == "cancelled"
    assert send(sites, number).repeated
    assert refused(load(sites, number, 1))[0] == "transfer_step"
    assert refused(finish(sites, number))[0] == "transfer_step"


def test_a_plan_names_two_sites_and_each_product_once(sites: TwoSites):
    lines = [AskedUnits(sku="MUG", quantity=1), AskedUnits(sku="MUG", quantity=1), AskedUnits(sku="NOPE", quantity=1)]
    form = TransferPlanForm(site="LEEDS", to_site="LEEDS", lines=lines)
    code, facts = refused(sites.one(plan_transfers, PlanTransfer(form=form, actor="test")))
    assert (code, [each["code"] for each in facts["findings"]]) == ("malformed", ["site", "twice", "unknown_sku"])
    nowhere = TransferPlanForm(site="NOPE", to_site="LEEDS")
    assert refused(sites.one(plan_transfers, PlanTransfer(form=nowhere, actor="test")))[0] == "unknown_site"
    assert sites.value("SELECT count(*) FROM site_transfer") == 0


def test_units_promised_to_an_order_are_freed_when_they_are_loaded(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 2)
    order = sites.place({"MUG": 2})
    done([load(sites, sites.planned(), 2)])
    assert sites.units(order.number) == [("MUG", {"waiting": 2})]
    assert sites.exceptions() == ["promise_broken"]


def test_what_is_on_its_way_is_added_up_in_one_statement(sites: TwoSites, monkeypatch: pytest.MonkeyPatch):
    sites.put("LEEDS", "A-1", "MUG", 9)
    sites.put("LEEDS", "A-1", "TEE", 9)
    sites.planned(MUG=2, TEE=1)
    part, gone, free = sites.planned(MUG=4), sites.planned(MUG=3), sites.planned()
    done([load(sites, part, 1), load(sites, gone, 2), send(sites, gone), receive(sites, gone, 1), load(sites, free, 1)])
    asked = []
    with sites.store.read() as tx:
        real = type(tx).rows
        monkeypatch.setattr(type(tx), "rows", lambda tx, sql, **told: asked.append(sql) or real(tx, sql, **told))
        coming, leaving = on_the_way(tx, ["MUG"])
    # Coming: 2 planned, 4 of which one is loaded, 1 of 3 that left two strong, and 1 that nobody planned.
    assert (coming, leaving) == ({("MUG", "BRISTOL"): 2 + 4 + 1 + 1}, {("MUG", "LEEDS"): 2 + 3})
    assert len(asked) == 1
