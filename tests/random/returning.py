"""The four steps of a return, in order and out of it, with right and wrong input."""

from typing import Any

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.exchanging.ending import end_exchanges
from orderwright.business.deeds.scanning.opening import close_sessions
from orderwright.business.deeds.take_back import inspect_returns, receive_returns, settle_returns
from orderwright.business.returns.forms import (
    AskedLine,
    AskReturn,
    EndExchange,
    InspectedLine,
    InspectReturn,
    ReceivedLine,
    ReceiveReturn,
    SettleReturn,
    UnexpectedLine,
)
from orderwright.business.returns.labels import WantReturnLabel, want_return_labels
from orderwright.business.stock.actions import receive
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.sessions.forms import CloseSession, ScanForm
from orderwright.settings import PutSettings, put_settings
from tests.random.catalogue import a_site, a_sku
from tests.random.floor import an_id
from tests.random.scanning import open_session, send_scans
from tests.random.selling import a_number
from tests.random.steps import step
from tests.random.world import World


@step(9)
def a_return_is_asked_for(world: World) -> None:
    number = a_number(world, world.pick("shipped|delivered", "shipped|delivered", ""))
    row = world.some(
        "SELECT l.position, l.quantity, l.sku FROM order_line l JOIN orders o ON o.id = l.order_id"
        " WHERE o.number = %(number)s ORDER BY l.position",
        number=number,
    )
    position = row.position if row is not None and world.chance(0.95) else 77
    units = min(row.quantity if row else 1, world.pick(1, 1, 2, 9))
    reason, wanted = world.pick("damaged", "unwanted"), world.pick("", "", row.sku if row else "", "TEE", "HAT")
    lines = [AskedLine(position=position, quantity=units, reason=reason, exchange=wanted or "")]
    site = a_site(world) if world.chance(0.3) else ""
    command = AskReturn(number=number, lines=lines, site=site, actor="sue", by_customer=world.chance(0.3))
    world.run(ask_returns, *[command] * world.pick(1, 1, 1, 2))


def _a_return(world: World, state: str) -> Any:
    return world.some(
        "SELECT id::text, number, site FROM return_request WHERE %(any)s OR state = %(state)s ORDER BY id",
        any=world.chance(0.15), state=state,
    )  # fmt: skip


def _lines(world: World, row: Any) -> list[Any]:
    if row is None:
        return []
    return world.rows(
        "SELECT line, sku, asked, received FROM return_line WHERE return_id = %(id)s ORDER BY line", id=row.id
    )


@step(6)
def a_return_arrives(world: World) -> None:
    row = _a_return(world, "asked")
    lines = [
        ReceivedLine(line=each.line, quantity=world.rng.randint(0, each.asked + 1))
        for each in _lines(world, row) if world.chance(0.4)
    ]  # fmt: skip
    lines += [ReceivedLine(line=77, quantity=1)] if world.chance(0.08) else []
    unexpected = [UnexpectedLine(sku="HAT", quantity=1)] if world.chance(0.15) else []
    command = ReceiveReturn(return_id=an_id(world, row), lines=lines, unexpected=unexpected, actor="rita")
    world.run(receive_returns, *[command] * world.pick(1, 1, 2))


@step(6)
def a_return_is_inspected(world: World) -> None:
    row = _a_return(world, "received")
    lines = []
    for each in _lines(world, row):
        scrap = world.rng.randint(0, each.received)
        doubted = world.rng.randint(0, each.received - scrap) if world.chance(0.4) else 0
        restock = each.received - scrap - doubted + world.chance(0.1)
        place = world.pick("", "", "STOCK", "A-2", "QUARANTINE") if world.chance(0.2) else ""
        lines.append(InspectedLine(each.line, restock, scrap, doubted, place))
    lines += [InspectedLine(line=77, scrap=1)] if world.chance(0.06) else []
    place = world.pick("STOCK", "A-2", "QUARANTINE") if world.chance(0.3) else "STOCK"
    command = InspectReturn(return_id=an_id(world, row), lines=lines, place=place, actor="rita")
    world.run(inspect_returns, *[command] * world.pick(1, 1, 2))


@step(4)
def somebody_works_at_the_returns_bench(world: World) -> None:
    row = _a_return(world, world.pick("asked", "asked", "received"))
    session = open_session(world, "return", "rita", row.site if row else "LEEDS")
    n = session.next_n
    codes = [row.number if row else "R-0"]
    for each in _lines(world, row):
        units = each.asked if world.chance(0.7) else 1
        codes += [a_sku(world)] if world.chance(0.2) else []
        for _ in range(min(units, 3)):
            verdict = world.pick("restock", "quarantine", "scrap")
            codes += [each.sku, verdict, *(["STOCK"] if verdict == "restock" else [])]
    session = send_scans(world, session, *[ScanForm(n=n + i, code=code) for i, code in enumerate(codes)])
    if world.chance(0.2):
        session = send_scans(world, session, ScanForm(n=session.next_n, command="back"))
    send_scans(world, session, ScanForm(n=session.next_n, command=world.pick("done", "done", "done", "pause")))
    if world.chance(0.5):
        world.run(close_sessions, CloseSession(session_id=session.id, actor="random"))


@step(3)
def a_label_is_wanted_for_a_return(world: World) -> None:
    row = _a_return(world, "asked")
    command = WantReturnLabel(return_id=an_id(world, row), by_customer=world.chance(0.5), actor="sue")
    is_offered = row is None or world.chance(0.8)
    world.one(put_settings, PutSettings(values={"returns.labels": is_offered}, actor="random"))
    world.run(want_return_labels, *[command] * world.pick(1, 1, 2))


@step(2)
def money_is_wanted_instead_of_an_exchange(world: World) -> None:
    row = _exchange(world) or _a_return(world, "asked")
    command = EndExchange(return_id=an_id(world, row), actor="sue")
    world.run(end_exchanges, *[command] * world.pick(1, 1, 2))


def _exchange(world: World) -> Any:
    """An exchange; where there is none, one that is asked for, with stock for it, after one for what is no variant."""
    found = world.some("SELECT return_id::text AS id FROM exchange ORDER BY state = 'waiting' DESC, return_id")
    line = world.some(
        "SELECT o.number, d.position, d.sku FROM demand d JOIN orders o ON o.id = d.order_id"
        " WHERE d.shipped > d.returned AND d.per_unit = 1 AND d.sku IN ('MUG', 'TEE', 'HAT') ORDER BY d.id"
    )
    if found is not None or line is None:
        return found
    came = ReceiptForm(site="LEEDS", lines=[ReceiptLine(sku=line.sku, quantity=5)])
    world.run(receive, Receipt(form=came, actor="sue"))
    for wanted in ("NOPE", line.sku):
        asked = [AskedLine(position=line.position, quantity=1, exchange=wanted)]
        world.run(ask_returns, AskReturn(number=line.number, lines=asked, actor="sue"))
    return world.some("SELECT return_id::text AS id FROM exchange ORDER BY return_id")


@step(6)
def a_return_is_settled(world: World) -> None:
    row = _a_return(world, "inspected")
    command = SettleReturn(return_id=an_id(world, row), refund_shipping=world.chance(0.3), actor="rita")
    world.run(settle_returns, *[command] * world.pick(1, 1, 2))
