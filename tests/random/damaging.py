"""Goods that break, are judged, and sometimes judged twice."""

from orderwright.business.deeds.damaged import judge_damaged, remove_damaged
from orderwright.business.warehouse.damage.forms import DamageForm, JudgeDamage, ReportDamage
from orderwright.values.refusal import Refusal
from tests.random.catalogue import CONTROL, a_site, a_sku
from tests.random.steps import step
from tests.random.world import World


@step(2)
def goods_break(world: World) -> None:
    form = DamageForm(
        site=a_site(world), sku=a_sku(world), quantity=world.pick(1, 1, 2, 500), reason="damaged",
        place=world.pick("STOCK", "STOCK", "A-1", "NOWHERE"), sent_to=world.pick("quarantine", "quarantine", "scrap"),
        reference=world.pick("", f"D-{world.rng.randrange(9)}"), note=world.pick("", CONTROL),
    )  # fmt: skip
    for told in world.run(remove_damaged, *[ReportDamage(form=form, actor="random")] * world.pick(1, 2)):
        damage_id = "mist" if isinstance(told, Refusal) else told.id
        for verdict in world.pick(("scrap",), ("restock", "scrap"), ("scrap", "restock"), ()):
            world.one(judge_damaged, JudgeDamage(damage_id=damage_id, verdict=verdict, actor="random"))
