"""Goods go from site to site: planned, loaded and received by hand and by scans, short, over and twice."""

from typing import Any

from orderwright.business.deeds.books import receive_stock
from orderwright.business.deeds.transferring.arriving import receive_transfers
from orderwright.business.deeds.transferring.moving import finish_transfers, load_transfers, plan_transfers, send_off
from orderwright.business.deeds.transferring.suggest import list_shares
from orderwright.business.stock.forms import DispatchLine, Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.sessions.forms import ScanForm
from orderwright.business.warehouse.transferring.forms import (
    ArrivedUnits,
    AskedUnits,
    FinishTransfer,
    LoadTransfer,
    PlanTransfer,
    ReceiveTransfer,
    SendTransfer,
    ShareQuery,
    TransferArrivalForm,
    TransferEndForm,
    TransferGoodsForm,
    TransferPlanForm,
)
from orderwright.values.refusal import Refusal
from tests.random.catalogue import NAMED, PLAIN, a_site, a_sku, serials_of
from tests.random.scanning import open_session, send_scans
from tests.random.steps import Stopped, step
from tests.random.world import World


def _planned(world: World, site: str, to_site: str, *lines: AskedUnits) -> str:
    form = TransferPlanForm(site=site, to_site=to_site, lines=list(lines))
    plan = world.one(plan_transfers, PlanTransfer(form=form, actor="random"))
    if isinstance(plan, Refusal):
        raise Stopped
    return str(plan.number)


def _a_transfer(world: World) -> Any:
    return world.some("SELECT number, site, to_site FROM site_transfer ORDER BY number")


def _a_pile(world: World, site: str) -> Any:
    return world.some(
        "SELECT s.sku, s.lot, s.quantity, p.code FROM stock s JOIN place p ON p.id = s.place_id"
        " WHERE s.quantity > 0 AND p.kind = 'bin' AND p.site = %(site)s ORDER BY s.sku, p.code, s.lot",
        site=site,
    )  # fmt: skip


def _came(world: World, **line: Any) -> TransferArrivalForm:
    """Units that came: onto the bench, or into a place."""
    return TransferArrivalForm(lines=[ArrivedUnits(place=world.pick("RECEIVING", "RECEIVING", "STOCK"), **line)])


@step(4)
def a_transfer_is_planned(world: World) -> None:
    with world.store.read() as tx:
        shares = list_shares(tx, ShareQuery()).items
    lines = [AskedUnits(sku=a_sku(world), quantity=world.rng.randint(1, 4)) for _ in range(world.pick(0, 1, 2))]
    form = TransferPlanForm(site=a_site(world), to_site=a_site(world), lines=lines)
    if shares and world.chance(0.5):
        form = TransferPlanForm(
            site=shares[0].site, to_site=shares[0].to_site,
            lines=[AskedUnits(sku=shares[0].sku, quantity=shares[0].units)],
        )  # fmt: skip
    world.one(plan_transfers, PlanTransfer(form=form, actor="random"))


@step(5)
def a_transfer_is_loaded_and_received(world: World) -> None:
    row = _a_transfer(world)
    if row is None:
        return
    pile = _a_pile(world, row.site)
    sku, units = pile.sku if pile else a_sku(world), world.rng.randint(1, 3)
    line = DispatchLine(
        sku=sku, lot=pile.lot if pile else "", quantity=units, place=pile.code if pile else "STOCK",
        serials=serials_of(world, sku, units),
    )  # fmt: skip
    number = row.number if world.chance(0.95) else "TR-NONE"
    form = TransferGoodsForm(lines=[line])
    world.one(load_transfers, LoadTransfer(number=number, form=form, actor="random"))
    if world.chance(0.6):
        world.one(send_off, SendTransfer(number=number, actor="random"))
    units = world.rng.randint(1, 4)
    named = line.serials[:units] if world.chance(0.7) else serials_of(world, sku, units)
    came = _came(world, sku=line.sku, lot=line.lot, quantity=units, serials=named)
    world.one(receive_transfers, ReceiveTransfer(number=number, form=came, actor="random"))
    end = TransferEndForm(reason=world.pick("", "", "lost", "damaged"))
    world.run(finish_transfers, *[FinishTransfer(number=number, form=end, actor="random")] * world.pick(1, 1, 2))


@step(3)
def a_transfer_goes_by_scans(world: World) -> None:
    pile = _a_pile(world, "LEEDS")
    if pile is None:
        return
    asked = [AskedUnits(sku=pile.sku, quantity=2)] if world.chance(0.5) else []
    number = _planned(world, "LEEDS", "BRISTOL", *asked)
    session = open_session(world, "load", "lea", subject=number)
    first = [{"code": pile.code}, {"code": pile.sku, "quantity": world.pick(1, 2, 3)}, {"code": pile.lot or "ZZZ"},
             {"command": "done"}, {"command": "done"}]  # fmt: skip
    session = send_scans(world, session, *[ScanForm(n=session.next_n + i, **each) for i, each in enumerate(first)])
    other = open_session(world, "unload", "leo", site="BRISTOL", subject=number)
    then = [{"code": world.pick(pile.sku, *PLAIN)}, {"code": pile.lot or "ZZZ"},
            {"code": world.pick("L:BRISTOL/STOCK", "L:BRISTOL/QUARANTINE", "L:LEEDS/STOCK", "L:BRISTOL/RECEIVING")},
            {"command": world.pick("done", "back", "full")}]  # fmt: skip
    send_scans(world, other, *[ScanForm(n=other.next_n + i, **each) for i, each in enumerate(then)])


@step(3)
def a_transfer_goes_all_the_way(world: World) -> None:
    """Something comes in, is loaded, and arrives: all of it, too little, or too much."""
    line = ReceiptLine(sku=PLAIN[0], quantity=3)
    world.one(receive_stock, Receipt(form=ReceiptForm(site="LEEDS", lines=[line]), actor="random"))
    number = _planned(world, "LEEDS", "BRISTOL")
    goods = TransferGoodsForm(lines=[DispatchLine(sku=PLAIN[0], quantity=2)])
    world.one(load_transfers, LoadTransfer(number=number, form=goods, actor="random"))
    world.one(send_off, SendTransfer(number=number, actor="random"))
    came = _came(world, sku=PLAIN[0], quantity=world.pick(1, 2, 3))
    world.one(receive_transfers, ReceiveTransfer(number=number, form=came, actor="random"))
    for reason in world.pick(("",), ("", "lost"), ("lost", "lost")):
        end = TransferEndForm(reason=reason)
        world.one(finish_transfers, FinishTransfer(number=number, form=end, actor="random"))


@step(3)
def a_transfer_goes_by_serial(world: World) -> None:
    """Cameras come in, are loaded by name, and some of them arrive, with or without others; the rest is lost."""
    receipt = ReceiptForm(site="LEEDS", lines=[ReceiptLine(sku=NAMED, quantity=3)])
    world.one(receive_stock, Receipt(form=receipt, actor="random"))
    number = _planned(world, "LEEDS", "BRISTOL")
    named = serials_of(world, NAMED, 3)
    goods = TransferGoodsForm(lines=[DispatchLine(sku=NAMED, quantity=3, serials=named)])
    world.one(load_transfers, LoadTransfer(number=number, form=goods, actor="random"))
    world.one(send_off, SendTransfer(number=number, actor="random"))
    for came in (named[:2], world.pick(named[2:], serials_of(world, NAMED, 1))):
        form = _came(world, sku=NAMED, quantity=max(1, len(came)), serials=came)
        world.one(receive_transfers, ReceiveTransfer(number=number, form=form, actor="random"))
    end = TransferEndForm(reason=world.pick("", "lost"))
    world.one(finish_transfers, FinishTransfer(number=number, form=end, actor="random"))


@step(2)
def a_transfer_is_asked_for_too_much(world: World) -> None:
    """More is loaded than was asked for; it is received before anything is loaded, and ended twice."""
    number = _planned(world, "LEEDS", "BRISTOL", AskedUnits(sku=PLAIN[0], quantity=1))
    goods = TransferGoodsForm(lines=[DispatchLine(sku=PLAIN[0], quantity=2)])
    world.one(load_transfers, LoadTransfer(number=number, form=goods, actor="random"))
    world.one(receive_transfers, ReceiveTransfer(number=number, form=_came(world, sku=PLAIN[0], quantity=2), actor="r"))
    world.run(send_off, *[SendTransfer(number=number, actor="random")] * 2)
