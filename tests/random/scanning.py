"""What people do with scanners: they follow what they are told, mostly, and send it again when they are not sure."""

from datetime import timedelta
from typing import Any

from orderwright.business.deeds.pick import pick
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.scanning.opening import close_sessions, open_sessions
from orderwright.business.deeds.scanning.take import take_scans
from orderwright.business.warehouse.forms import Pick
from orderwright.business.warehouse.sessions.forms import (
    CloseSession,
    Instruction,
    OpenSession,
    ScanForm,
    SessionNow,
    TakeScans,
)
from orderwright.business.warehouse.walk_forms import ClaimWork
from orderwright.values.refusal import Refusal
from tests.random.catalogue import a_site, a_sku
from tests.random.steps import Stopped, step
from tests.random.walking import Walk, walked
from tests.random.world import World

CAM = "CAM"
"""A product tracked by serial."""
_ODD = ("ZZZ", "\x01", "X:done/AAAABBBB", "T:0", "L:LEEDS/NOWHERE", "[)>\x1e06", "L:BRISTOL/STOCK", "")


def open_session(world: World, kind: str, person: str, site: str = "LEEDS", subject: str = "") -> SessionNow:
    """A session somebody opened; the step ends where it is refused."""
    command = OpenSession(kind=kind, site=site, person=person, subject=subject, actor="random")
    opened: SessionNow | Refusal = world.one(open_sessions, command)
    if isinstance(opened, Refusal):
        raise Stopped
    return opened


def send_scans(world: World, session: SessionNow, *scans: ScanForm) -> SessionNow:
    """The session after scans; the refusals of single ones are counted."""
    told: SessionNow | Refusal = world.one(
        take_scans, TakeScans(session_id=session.id, scans=list(scans), actor="random")
    )
    if isinstance(told, Refusal):
        raise Stopped
    for answer in told.answers:
        if answer.refusal:
            world.seen.count("refusals", answer.refusal)
    return told


def _right(world: World, now: Instruction) -> dict[str, Any]:
    """What the instruction asks for."""
    tote = now.tote or f"T{world.rng.randrange(1_000)}"
    return {
        "bin": {"code": now.where or "STOCK"}, "item": {"code": now.sku or a_sku(world)}, "lot": {"code": now.lot},
        "serial": {"code": f"S{world.rng.randrange(10_000)}"}, "tote": {"code": f"T:{tote}"},
        "place": {"code": "PACKING"}, "done": {"command": "done"},
    }[now.expects]  # fmt: skip


def _scan(world: World, n: int, now: Instruction) -> ScanForm:
    if world.chance(0.75):
        told = _right(world, now)
        if now.expects == "item" and now.left > 1 and world.chance(0.5):
            told["quantity"] = world.rng.randint(1, now.left + 1)
        return ScanForm(n=n, **told)
    if world.chance(0.5):
        return ScanForm(n=n, code=world.pick(a_sku(world), "STOCK", "A-1", *_ODD))
    quantity = world.pick(None, None, 0, 1)
    return ScanForm(n=n, command=world.pick("short", "full", "skip", "back", "done", "pause"), quantity=quantity)


@step(10)
def somebody_picks_by_scans(world: World) -> None:
    person, site = world.pick("pia", "paul"), a_site(world)
    totes = tuple(f"T{world.rng.randrange(1_000)}" for _ in range(world.pick(0, 1, 4)))
    world.one(claim_work, ClaimWork(site=site, picker=person, totes=totes, actor="random"))
    session = open_session(world, "pick", person, site)
    _work(world, session, world.rng.randint(3, 25))


@step(3)
def somebody_puts_back_by_scans(world: World) -> None:
    row = world.some("SELECT site, sku FROM put_back WHERE state = 'open' ORDER BY id")
    session = open_session(world, "put_back", "pia", row.site if row else "LEEDS")
    if row is not None:
        session = send_scans(world, session, ScanForm(n=session.next_n, code=row.sku))
    _work(world, session, world.rng.randint(2, 8))


def _work(world: World, session: SessionNow, scans: int) -> None:
    for _ in range(scans):
        if session.instruction.say == "walk_over":
            break
        scan = _scan(world, session.next_n, session.instruction)
        session = send_scans(world, session, scan)
        if world.chance(0.1):
            send_scans(world, session, scan, scan)
    if world.chance(0.5):
        world.run(close_sessions, *[CloseSession(session_id=session.id, actor="random")] * 2)


@step(2)
def a_scanner_that_gets_everything_wrong(world: World) -> None:
    walked(world, Walk.released, quantity=3)
    person = f"eve{world.rng.randrange(1_000)}"
    world.one(open_sessions, OpenSession(kind="pick", site="LEEDS", person=person, actor="random"))
    world.one(open_sessions, OpenSession(kind="juggle", site="LEEDS", person=person, actor="random"))
    world.one(claim_work, ClaimWork(site="LEEDS", picker=person, actor="random"))
    session = open_session(world, "pick", person)
    n = session.next_n
    wrong = [*_ODD, "MUG", "L:LEEDS/QUARANTINE"]
    session = send_scans(world, session, *[ScanForm(n=n + i, code=code) for i, code in enumerate(wrong)])
    send_scans(world, session, ScanForm(n=n, code="OTHER"), ScanForm(n=session.next_n + 5_000, code="MUG"))
    session = send_scans(world, session, ScanForm(n=session.next_n, command="done"))
    for _ in range(40):
        now = session.instruction
        told = {"code": "T:0"} if now.expects == "item" and now.left > 0 and now.say == "scan_more" else None
        late = world.now - timedelta(minutes=1)
        scan = ScanForm(n=session.next_n, **(told or _right(world, now)), occurred_at=late)
        session = send_scans(world, session, scan)
        if told is not None:
            break
    world.one(close_sessions, CloseSession(session_id=session.id, actor="random"))
    world.one(take_scans, TakeScans(session_id=session.id, scans=[ScanForm(n=1, code="MUG")], actor="random"))


@step(2)
def units_are_named(world: World) -> None:
    """A unit by its serial, the next without, and then one that somebody has."""
    walk = walked(world, Walk.released, sku=CAM)
    task = walk.tasks()[0]
    serial = f"S{world.rng.randrange(10_000)}"
    for quantity, serials in ((1, [serial]), (2, []), (2, [serial]), (2, [f"{serial}-2"])):
        command = Pick(task_id=task.id, quantity=min(quantity, task.quantity), serials=serials, actor="random")
        world.one(pick, command)
    if world.chance(0.7):
        walk.packed()
