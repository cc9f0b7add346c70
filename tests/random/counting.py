"""People who count bins, one after the other, and do not always agree."""

from typing import Any

from orderwright.business.deeds.counts.enter import enter_counts
from orderwright.business.deeds.counts.tags import count_by_tags
from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.deeds.scanning.take import take_scans
from orderwright.business.warehouse.counts.actions import ask_counts, begin_counts, cancel_counts
from orderwright.business.warehouse.counts.forms import (
    AskCount,
    BeginCount,
    CancelCount,
    CountedLine,
    CountTags,
    EnterCount,
    TagForm,
    TagPass,
)
from orderwright.business.warehouse.counts.rolling import PlanCounts, plan_counts
from orderwright.business.warehouse.sessions.forms import OpenSession, ScanForm, TakeScans
from orderwright.values.epc import item_tag
from orderwright.values.refusal import Refusal
from tests.random.catalogue import CONTROL, GTIN, a_site, a_sku
from tests.random.floor import an_id
from tests.random.steps import step
from tests.random.world import World

_PEOPLE = ("cal", "cora", "curt", "carl")
_PLACES = ("STOCK", "STOCK", "A-1", "QUARANTINE", "PACKING", "NOWHERE")


@step(4)
def a_bin_is_counted(world: World) -> None:
    """A count from asking to the end, by people who see what is there, or nearly."""
    sku = world.pick("", "", a_sku(world), CONTROL)
    asked = world.one(ask_counts, AskCount(site=a_site(world), place=world.pick(*_PLACES), sku=sku, actor="random"))
    if isinstance(asked, Refusal):
        return
    for person in _PEOPLE:
        begun = world.one(begin_counts, BeginCount(count_id=asked.id, counter=person, actor=person))
        if isinstance(begun, Refusal):
            continue
        told = EnterCount(count_id=asked.id, counter=person, lines=_found(world, asked), actor=person)
        world.run(enter_counts, told, *[told] * world.pick(0, 1))
        if world.chance(0.3):
            return


def _found(world: World, count: Any) -> list[CountedLine]:
    rows = world.shop.rows(
        "SELECT s.sku, s.lot, s.quantity FROM stock s JOIN place p ON p.id = s.place_id WHERE p.site = %(site)s"
        " AND p.code = %(place)s AND s.quantity > 0 AND %(sku)s IN ('', s.sku) ORDER BY s.sku, s.lot",
        site=count.site, place=count.place, sku=count.sku,
    )  # fmt: skip
    lines = [
        CountedLine(sku=row.sku, lot=row.lot, counted=max(0, row.quantity + world.pick(0, 0, 0, -1, -4, 2)))
        for row in rows
    ]
    return lines + [CountedLine(sku=a_sku(world), counted=1)] * world.pick(0, 0, 0, 1, 2)


@step(2)
def counts_cross(world: World) -> None:
    """Begun twice, told by the wrong person, told differently, given up."""
    row = world.some("SELECT id::text FROM count_task ORDER BY id")
    one, other = world.pick(*_PEOPLE), "nobody"
    count_id = an_id(world, row)
    for person in (one, other):
        world.one(begin_counts, BeginCount(count_id=count_id, counter=person, actor="random"))
    for person, units in ((other, 1), (one, 1), (one, 900)):
        lines = [CountedLine(sku="MUG", counted=units)]
        world.one(enter_counts, EnterCount(count_id=count_id, counter=person, lines=lines, actor="random"))
    if world.chance(0.3):
        world.one(cancel_counts, CancelCount(count_id=count_id, actor="random"))


@step(1)
def somebody_counts_their_own_count_again(world: World) -> None:
    """Far off, so that it is to be counted again; then given up."""
    place = AskCount(site="LEEDS", place="STOCK", sku="MUG", actor="random")
    asked = world.one(ask_counts, place)
    for units in (5_000, 5_000, 4_000):
        world.one(begin_counts, BeginCount(count_id=asked.id, counter="cal", actor="cal"))
        lines = [CountedLine(sku="MUG", counted=units)]
        world.one(enter_counts, EnterCount(count_id=asked.id, counter="cal", lines=lines, actor="cal"))
    world.one(cancel_counts, CancelCount(count_id=asked.id, actor="random"))
    world.one(begin_counts, BeginCount(count_id=asked.id, counter="cora", actor="random"))


@step(2)
def bins_are_counted_by_scans(world: World) -> None:
    world.one(ask_counts, AskCount(site="LEEDS", place=world.pick("STOCK", "A-1"), actor="random"))
    session = world.one(open_sessions, OpenSession(kind="count", site="LEEDS", person="cal", actor="random"))
    for _ in range(world.rng.randint(2, 9)):
        now = session.instruction
        told = {"code": now.where} if now.expects == "bin" else world.pick(
            {"code": a_sku(world)}, {"code": "MUG", "quantity": 3}, {"quantity": 2}, {"command": "done"},
            {"code": "L1"}, {"command": "skip"}, {"command": "back"},
        )  # fmt: skip
        scan = ScanForm(n=session.next_n, **told)
        session = world.one(take_scans, TakeScans(session_id=session.id, scans=[scan], actor="random"))


@step(1)
def counts_are_planned(world: World) -> None:
    world.one(plan_counts, PlanCounts(site=a_site(world), limit=world.pick(1, 5), actor="random"))


@step(2)
def a_reader_passes_by(world: World) -> None:
    """A bulk read, sometimes sent twice, sometimes something else under its name."""
    tags = [item_tag(GTIN.zfill(14), 7, str(n)) for n in range(1, world.rng.randint(2, 9))]
    passes = [TagPass(place=world.pick("STOCK", "A-1", "NOWHERE"), tags=[*tags, "junk"])] * world.pick(1, 3)
    reference = f"READ-{world.rng.randrange(20)}"
    form = TagForm(site=a_site(world), reference=reference, passes=passes)
    again = TagForm(site=form.site, reference=reference, passes=[TagPass(place=passes[0].place, tags=tags[:1])])
    world.run(count_by_tags, *[CountTags(form=each, actor="random") for each in (form, form)])
    world.one(count_by_tags, CountTags(form=again, actor="random"))
