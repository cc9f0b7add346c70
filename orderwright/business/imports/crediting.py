"""Credit notes of a file done to orders that are here: what has not left is cancelled, the rest comes back."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.orders.actions import lock_orders
from orderwright.business.orders.commands import CancelOrder, LineUnits
from orderwright.business.returns.forms import AskedLine, AskReturn
from orderwright.business.returns.forms import Reason as ReturnReason
from orderwright.database.rows import array
from orderwright.database.tx import Collision, Tx
from orderwright.values.forms import Command
from orderwright.values.refusal import Refusal

CANCELLED = "credit_note"
"""The reason cancellations of credit notes have."""


class CreditPart(NamedTuple):
    """Units of one line of an order that were credited: `order` and `line` are the references of the sender."""

    order: str
    line: str
    units: int
    reason: ReturnReason = "unknown"


class ApplyCredit(Command, frozen=True):
    """A credit note with the lines it was matched to, all on one channel."""

    channel: str
    reference: str
    parts: list[CreditPart]


class CreditApplied(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a credit note did: units cancelled, units asked back, and the returns (ids) they come back in."""

    reference: str
    cancelled: int = 0
    asked_back: int = 0
    returns: list[str] = []
    repeated: bool = False


class _Line:
    """Units of one order line that a credit may still take."""

    def __init__(self, row: Any) -> None:
        self.position: int = row.position
        self.open: int = row.open
        self.gone: int = row.gone


class _Share(NamedTuple):
    """What becomes of one part: so many units of a line are cancelled, so many asked back."""

    order_id: str
    position: int
    cancelled: int
    asked_back: int
    reason: ReturnReason


def apply_credits(tx: Tx, commands: Sequence[ApplyCredit]) -> list[CreditApplied | Refusal]:
    """Do what credit notes say, each wholly or not at all; one `CreditApplied` or Refusal per command.

    Units that are not packed are cancelled, units that left are asked back. The same credit note again is
    `repeated`, without effect. Refuses not_found (an order that is not here), unknown_line, and order_step for
    units that are packed and not gone, or were cancelled or asked back before: it may succeed later.
    """
    known = _known(tx, commands)
    orders = _orders(tx, commands)
    numbers = {id_: row.number for id_, row in lock_orders(tx, orders.values()).items()}
    lines = _lines(tx, numbers)
    results: list[Any] = []
    shares: dict[int, list[_Share]] = {}
    for i, each in enumerate(commands):
        key = (each.channel, each.reference)
        if key in known:
            results.append(CreditApplied(each.reference, repeated=True))
            continue
        mine = _shares(each, orders, lines)
        results.append(mine if isinstance(mine, Refusal) else None)
        if not isinstance(mine, Refusal):
            known.add(key)
            shares[i] = mine
    if shares:
        _keep_keys(tx, [commands[i] for i in shares])
        _cancel(tx, shares, numbers, commands[0].actor)
        returns = _ask_back(tx, shares, numbers, commands[0].actor)
        for i, mine in shares.items():
            cancelled, back = sum(each.cancelled for each in mine), sum(each.asked_back for each in mine)
            results[i] = CreditApplied(commands[i].reference, cancelled, back, returns.get(i, []))
    return results


def _shares(
    command: ApplyCredit, orders: dict[tuple[str, str], str], lines: dict[tuple[str, str], _Line]
) -> list[_Share] | Refusal:
    """What each part takes; nothing is taken off the lines when one of them cannot be had."""
    shares: list[_Share] = []
    taken: dict[tuple[str, str], tuple[int, int]] = {}
    for part in command.parts:
        order_id = orders.get((command.channel, part.order))
        if order_id is None:
            return Refusal("not_found", channel=command.channel, reference=part.order)
        line = lines.get((order_id, part.line))
        if line is None:
            return Refusal("unknown_line", reference=part.line)
        cancelled, back = taken.get((order_id, part.line), (0, 0))
        cancel = min(part.units, line.open - cancelled)
        ask = part.units - cancel
        if ask > line.gone - back:
            return Refusal("order_step", position=line.position, asked=ask, possible=max(0, line.gone - back))
        taken[order_id, part.line] = (cancelled + cancel, back + ask)
        shares.append(_Share(order_id, line.position, cancel, ask, part.reason))
    for key, (cancelled, back) in taken.items():
        lines[key].open -= cancelled
        lines[key].gone -= back
    return shares


def _cancel(tx: Tx, shares: dict[int, list[_Share]], numbers: dict[str, str], actor: str) -> None:
    units: dict[str, dict[int, int]] = {}
    for each in (share for mine in shares.values() for share in mine):
        if each.cancelled:
            mine = units.setdefault(each.order_id, {})
            mine[each.position] = mine.get(each.position, 0) + each.cancelled
    if units:
        cancel_orders(tx, [
            CancelOrder(number=numbers[order_id], reason=CANCELLED, actor=actor,
                        lines=[LineUnits(position, count) for position, count in sorted(mine.items())])
            for order_id, mine in units.items()
        ])  # fmt: skip


def _ask_back(tx: Tx, shares: dict[int, list[_Share]], numbers: dict[str, str], actor: str) -> dict[int, list[str]]:
    """Ask units back, one return per credit note and order; ids of the returns by position of the command."""
    asked: dict[tuple[int, str], list[AskedLine]] = {}
    for i, mine in shares.items():
        for each in mine:
            if each.asked_back:
                line = AskedLine(each.position, each.asked_back, each.reason)
                asked.setdefault((i, each.order_id), []).append(line)
    if not asked:
        return {}
    made = ask_returns(tx, [
        AskReturn(number=numbers[order_id], lines=lines, actor=actor) for (_, order_id), lines in asked.items()
    ])  # fmt: skip
    returns: dict[int, list[str]] = {}
    for (i, _), each in zip(asked, made, strict=True):
        if isinstance(each, Refusal):
            raise RuntimeError(f"a return that was possible is refused: {each!r}")
        returns.setdefault(i, []).append(each.id)
    return returns


def _known(tx: Tx, commands: Sequence[ApplyCredit]) -> set[tuple[str, str]]:
    rows = tx.rows(
        "SELECT channel, reference FROM unnest(%(channels)s::text[], %(references)s::text[])"
        " AS asked(channel, reference) JOIN credit_key USING (channel, reference)",
        channels=array(each.channel for each in commands), references=array(each.reference for each in commands),
    )  # fmt: skip
    return {(row.channel, row.reference) for row in rows}


def _keep_keys(tx: Tx, commands: Sequence[ApplyCredit]) -> None:
    keys = sorted((each.channel, each.reference) for each in commands)
    written = tx.write(
        "INSERT INTO credit_key (channel, reference, applied_at)"
        " SELECT channel, reference, %(now)s FROM unnest(%(channels)s::text[], %(references)s::text[])"
        " AS new(channel, reference) ON CONFLICT DO NOTHING",
        channels=array(channel for channel, _ in keys), references=array(reference for _, reference in keys),
        now=tx.now,
    )  # fmt: skip
    if written < len(keys):
        raise Collision


def _orders(tx: Tx, commands: Sequence[ApplyCredit]) -> dict[tuple[str, str], str]:
    """Order ids by (channel, reference), those that are here."""
    asked = sorted({(each.channel, part.order) for each in commands for part in each.parts})
    rows = tx.rows(
        "SELECT channel, reference, order_id::text FROM unnest(%(channels)s::text[], %(references)s::text[])"
        " AS asked(channel, reference) JOIN order_key USING (channel, reference)",
        channels=array(channel for channel, _ in asked), references=array(reference for _, reference in asked),
    )  # fmt: skip
    return {(row.channel, row.reference): row.order_id for row in rows}


def _lines(tx: Tx, order_ids: Sequence[str] | dict[str, str]) -> dict[tuple[str, str], _Line]:
    """By order id and the sender's name of the line: units that are not packed, and that left and may come back."""
    rows = tx.rows(
        """
        SELECT l.order_id::text, l.reference, l.position,
               coalesce(min((d.waiting + d.allocated + d.picked) / d.per_unit), l.quantity - l.cancelled) AS open,
               coalesce(min((d.shipped - d.asked) / d.per_unit), 0) AS gone
        FROM order_line l
        LEFT JOIN LATERAL (
            SELECT d.*, coalesce((SELECT sum(CASE r.state WHEN 'asked' THEN b.asked ELSE b.received END)
                                  FROM return_line b JOIN return_request r ON r.id = b.return_id
                                  WHERE b.demand_id = d.id), 0)::bigint AS asked
            FROM demand d WHERE d.order_id = l.order_id AND d.position = l.position OFFSET 0) AS d ON true
        WHERE l.order_id = ANY(%(ids)s::uuid[])
        GROUP BY l.order_id, l.position
        """,
        ids=array(sorted(order_ids)),
    )
    return {(row.order_id, row.reference or str(row.position)): _Line(row) for row in rows}
