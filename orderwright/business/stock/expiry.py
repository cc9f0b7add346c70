"""Lots past their date leave the bins for quarantine: a scheduled move, so that the books say it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from orderwright.business.stock import tables
from orderwright.business.stock.forms import Expired, ExpireLots, Pile
from orderwright.business.stock.moves import Move, move_units
from orderwright.business.stock.rules import Books, Place, Shortfall, Step
from orderwright.database.tx import Tx
from orderwright.values.findings import known_as, refusal_of
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal


class _Plan(NamedTuple):
    results: list[Expired | Refusal]
    moves: list[Move]
    books: Books


def expiry_shortfalls(tx: Tx, commands: Sequence[ExpireLots]) -> list[Shortfall]:
    """What orders hold of units whose lots are past their date, by (sku, site); the rows stay locked."""
    return _plan(tx, commands, is_freed=False).books.shortfalls()


def expire_lots(tx: Tx, commands: Sequence[ExpireLots]) -> list[Expired | Refusal]:
    """Move lots past their date from the bins of sites to quarantine; what orders held of them was freed before.

    A lot is good through its date, in the site's zone. Refuses unknown_site, and short_stock when orders
    still hold some of it.
    """
    plan = _plan(tx, commands, is_freed=True)
    move_units(tx, plan.moves)
    return plan.results


def _plan(tx: Tx, commands: Sequence[ExpireLots], *, is_freed: bool) -> _Plan:
    zones = tables.time_zones(tx, [command.site for command in commands])
    days = {site: tx.now.astimezone(ZoneInfo(zone)).date() for site, zone in zones.items()}
    piles = _piles(tx, commands, days)
    benches = tables.places(tx, [(site, "QUARANTINE") for site in days])
    counters = tables.lock_counters(tx, [(row.sku, row.site) for row in piles])
    keys = {(row.sku, id_, row.lot) for row in piles for id_ in (row.id, benches[row.site, "QUARANTINE"].id)}
    plan = _Plan([], [], tables.open_books(counters, tables.lock_lying(tx, keys)))
    for command, id_ in zip(commands, new_ids(len(commands)), strict=True):
        if command.site not in days:
            plan.results.append(refusal_of([known_as("unknown_site", "/site")]))
            continue
        mine = [row for row in piles if row.site == command.site][: command.limit]
        steps = _steps(mine, benches[command.site, "QUARANTINE"], plan.books)
        refusal = plan.books.post(steps, is_freed=is_freed)
        if refusal is None:
            lines = [Pile(step.sku, step.quantity, step.source.code, step.lot) for step in steps]
            plan.results.append(Expired(command.site, lines, len(mine) == command.limit))
            plan.moves.extend(_moves(steps, id_, command.actor))
        else:
            plan.results.append(refusal)
    return plan


def _piles(tx: Tx, commands: Sequence[ExpireLots], days: dict[str, date]) -> list[Any]:
    if not days:
        return []
    return tables.piles_past(tx, days, max(command.limit for command in commands))


def _steps(piles: Sequence[Any], bench: Place, books: Books) -> list[Step]:
    """One step per pile that still holds units, as the locked rows say."""
    steps = []
    for row in piles:
        place = Place(row.id, row.site, row.code, row.kind)
        quantity = books.quantity(row.sku, place, row.lot)
        if quantity:
            steps.append(Step(row.sku, row.lot, place, bench, quantity))
    return steps


def _moves(steps: Sequence[Step], id_: str, actor: str) -> list[Move]:
    return [
        Move(
            step.sku, step.lot, step.source.id, step.target.id, step.quantity, "expire", f"expiry:{id_}", number,
            actor,
        )
        for number, step in enumerate(steps, 1)
    ]  # fmt: skip
