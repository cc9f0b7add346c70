"""Goods that break, are judged, and sometimes judged twice."""

from orderwright.business.deeds.books import receive_stock
from orderwright.business.deeds.damaged import judge_damaged, remove_damaged
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.damage.forms import DamageForm, JudgeDamage, ReportDamage
from orderwright.business.warehouse.sessions.forms import ScanForm
from orderwright.values.refusal import Refusal
from tests.random.catalogue import CONTROL, PLAIN, a_site, a_sku
from tests.random.scanning import open_session, send_scans
from tests.random.steps import step
from tests.random.world import World


@step(2)
def goods_break(world: World) -> None:
    form = DamageForm(
        site=a_site(world), sku=a_sku(world), quantity=world.pick(1, 1, 2, 500), reason="damaged",
        place=world.pick("STOCK", "STOCK", "A-1", "NOWHERE"), sent_to=world.pick("quarantine", "quarantine", "scrap"),
        reference=world.pick("", f"D-{world.rng.randrange(9)}"), note=world.pick("", CONTROL),
    )  # fmt: skip
    line = ReceiptLine(sku=PLAIN[0], quantity=1)
    world.one(receive_stock, Receipt(form=ReceiptForm(site="LEEDS", lines=[line]), actor="random"))
    sure = DamageForm(site="LEEDS", sku=PLAIN[0], quantity=1, reason="damaged", place="STOCK", sent_to="quarantine")
    world.one(remove_damaged, ReportDamage(form=sure, actor="random"))
    for told in world.run(remove_damaged, *[ReportDamage(form=form, actor="random")] * world.pick(1, 2)):
        damage_id = "mist" if isinstance(told, Refusal) else told.id
        for verdict in world.pick(("scrap",), ("restock", "scrap"), ("scrap", "restock"), ()):
            world.one(judge_damaged, JudgeDamage(damage_id=damage_id, verdict=verdict, actor="random"))


@step(2)
def goods_are_found_broken_by_scans(world: World) -> None:
    """Something comes in and breaks: the scanner takes it out, and it is judged once, and then otherwise."""
    line = ReceiptLine(sku=PLAIN[0], quantity=3)
    world.one(receive_stock, Receipt(form=ReceiptForm(site="LEEDS", lines=[line]), actor="random"))
    session = open_session(world, "damage", "dora")
    codes = ["STOCK", PLAIN[0], world.pick("ZZZ", PLAIN[0], CONTROL), world.pick("damaged", "defective", "")]
    send_scans(world, session, *[ScanForm(n=session.next_n + i, code=code) for i, code in enumerate(codes)])
    row = world.some("SELECT id::text FROM damage WHERE verdict IS NULL ORDER BY id")
    if row is not None:
        for verdict in world.pick(("restock", "scrap"), ("scrap", "restock")):
            world.one(judge_damaged, JudgeDamage(damage_id=row.id, verdict=verdict, actor="random"))
