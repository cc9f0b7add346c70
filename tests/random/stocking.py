"""What happens to stock: it arrives, is counted, moves between places and sites, and goes off."""

from datetime import timedelta
from typing import Any

from orderwright.business.deeds.books import (
    adjust_stock,
    expire_stock,
    receive_stock,
    send_transfers,
    take_in_transfers,
    transfer_stock,
)
from orderwright.business.deeds.slotting import WantSlots, want_slots
from orderwright.business.stock.forms import (
    Adjustment,
    AdjustmentForm,
    Arrival,
    ArrivalForm,
    Dispatch,
    DispatchForm,
    DispatchLine,
    ExpireLots,
    Receipt,
    ReceiptForm,
    ReceiptLine,
    Transfer,
    TransferForm,
    TransferLine,
)
from tests.random.catalogue import CONTROL, LOTTED, a_site, a_sku, serials_of
from tests.random.steps import step
from tests.random.world import World


def _lot(world: World, sku: str) -> str:
    return str(world.pick("L1", "L2", "")) if sku == LOTTED else str(world.pick("", "", "", "L9"))


def _place(world: World) -> str:
    return str(world.pick("STOCK", "STOCK", "A-1", "A-2", "QUARANTINE", world.pick("RETURNS", "PACKING", "B-77")))


def _reference(world: World) -> str:
    return str(world.pick("", "", "", f"D-{world.rng.randint(1, 4)}"))


@step(10)
def goods_arrive(world: World) -> None:
    today = world.now.date()
    lines = []
    for _ in range(world.pick(1, 1, 2, 3)):
        sku = a_sku(world)
        lot = _lot(world, sku)
        days = world.pick(None, -1, 0, 2, 30)
        lines.append(
            ReceiptLine(
                sku=sku, quantity=world.rng.randint(1, 8), place=_place(world), lot=lot,
                expires_on=None if days is None or not lot else today + timedelta(days=days),
                unit_cost=world.pick(None, None, "3.10", "0.000001", "-1", "dear") if world.chance(0.5) else None,
            )
        )  # fmt: skip
    form = ReceiptForm(site=a_site(world), lines=lines, reference=_reference(world))
    again = [Receipt(form=form, actor="random")] * world.pick(1, 1, 1, 2)
    world.run(receive_stock, *again)


@step(7)
def books_are_set_right(world: World) -> None:
    sku = a_sku(world)
    row = world.some(
        "SELECT s.sku, s.lot, s.quantity, p.site, p.code FROM stock s JOIN place p ON p.id = s.place_id"
        " WHERE s.quantity > 0 AND p.kind <> 'packing' ORDER BY s.sku, p.site, p.code, s.lot"
    )
    told: dict[str, Any] = {"site": a_site(world), "sku": sku, "place": _place(world), "lot": _lot(world, sku)}
    if row is not None and world.chance(0.8):
        told = {"site": row.site, "sku": row.sku, "place": row.code, "lot": row.lot}
    held = row.quantity if row is not None else 0
    reason = world.pick("counted", "counted", "found", "lost", "stolen", "damaged", "expired", "quarantined")
    if reason == "counted" and world.chance(0.6):
        told["counted"] = world.rng.randint(0, held + 2)
    else:
        told["quantity"] = world.pick(1, 2) if reason == "found" else -world.rng.randint(0, held + 1)
    if world.chance(0.08):
        told |= world.pick({"counted": 3, "quantity": 2}, {"lot": CONTROL}, {"quantity": 0, "counted": None})
    form = AdjustmentForm(**told, reason=reason, reference=_reference(world))
    world.run(adjust_stock, *[Adjustment(form=form, actor="random")] * world.pick(1, 1, 1, 2))


@step(5)
def goods_change_places(world: World) -> None:
    row = _lying(world)
    sku, units = row.sku if row else a_sku(world), world.rng.randint(1, (row.quantity if row else 1) + 1)
    line = TransferLine(
        sku=sku, lot=row.lot if row else "", from_place=row.code if row else "STOCK", to_place=_place(world),
        quantity=units, serials=serials_of(world, sku, units),
    )  # fmt: skip
    form = TransferForm(site=row.site if row else a_site(world), lines=[line], reference=_reference(world))
    world.one(transfer_stock, Transfer(form=form, actor="random"))


@step(4)
def goods_leave_for_another_site(world: World) -> None:
    row = _lying(world)
    sku, units = row.sku if row else a_sku(world), world.rng.randint(1, (row.quantity if row else 1) + 1)
    line = DispatchLine(
        sku=sku, lot=row.lot if row else "", place=row.code if row else "STOCK", quantity=units,
        serials=serials_of(world, sku, units),
    )  # fmt: skip
    site = row.site if row else a_site(world)
    form = DispatchForm(site=site, to_site=a_site(world), lines=[line], reference=_reference(world))
    world.one(send_transfers, Dispatch(form=form, actor="random"))


def _lying(world: World) -> Any:
    if world.chance(0.1):
        return None
    return world.some(
        "SELECT s.sku, s.lot, s.quantity, p.site, p.code FROM stock s JOIN place p ON p.id = s.place_id"
        " WHERE s.quantity > 0 ORDER BY s.sku, p.site, p.code, s.lot"
    )


@step(5)
def goods_of_another_site_arrive(world: World) -> None:
    row = world.some(
        "SELECT site, reference, answer::json ->> 'to_site' AS to_site, answer::json #>> '{lines,0,sku}' AS sku,"
        " answer::json #>> '{lines,0,lot}' AS lot, (answer::json #>> '{lines,0,quantity}')::int AS units"
        " FROM stock_document WHERE kind = 'transfer_out' ORDER BY site, reference"
    )
    lines = []
    if row is not None and world.chance(0.4):
        lines = [DispatchLine(sku=row.sku, lot=row.lot or "", quantity=world.rng.randint(1, row.units + 1))]
    form = ArrivalForm(
        site=row.to_site if row and world.chance(0.9) else a_site(world), from_site=row.site if row else "LEEDS",
        transfer=row.reference if row and world.chance(0.9) else "NONE", lines=lines, reference=_reference(world),
    )  # fmt: skip
    world.one(take_in_transfers, Arrival(form=form, actor="random"))


@step(2)
def lots_go_off(world: World) -> None:
    world.one(expire_stock, ExpireLots(site=a_site(world), limit=world.pick(1, 1000), actor="random"))


@step(1)
def somebody_asks_what_to_move_where(world: World) -> None:
    for site in ("LEEDS", world.pick("LEEDS", "MARS")):
        world.one(want_slots, WantSlots(site=site, exchanges_max=3, actor="random"))
