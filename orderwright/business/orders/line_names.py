"""From the names people give lines to their positions."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal

Asked = TypeVar("Asked")


def with_positions(tx: Tx, commands: Sequence[Asked]) -> list[Asked | Refusal]:
    """Commands (each with `number` and `lines`) with every line named by its position; one statement.

    A line without a reference of its own goes by its position, written out. Refuses unknown_line (reference)
    for a name no line of the order has, with the positions when several have it. An order there is none of
    is left to the deed, which refuses it better.
    """
    wanted = sorted({(each.number, line.reference) for each in commands for line in _unplaced(each)})  # type: ignore[attr-defined]
    if not wanted:
        return list(commands)
    found = _positions(tx, wanted)
    return [_placed(each, found) for each in commands]


def _unplaced(command: Any) -> list[Any]:
    return [line for line in command.lines or () if not line.position]


def _positions(tx: Tx, wanted: Sequence[tuple[str, str]]) -> dict[str, dict[str, list[int]]]:
    """Positions by order number and reference; an order that exists has an entry, however empty."""
    rows = tx.rows(
        """
        SELECT o.number, asked.reference, l.position
        FROM unnest(%(numbers)s::text[], %(references)s::text[]) AS asked(number, reference)
        JOIN orders o ON o.number = asked.number
        LEFT JOIN order_line l ON l.order_id = o.id AND NOT l.is_removed
             AND coalesce(nullif(l.reference, ''), l.position::text) = asked.reference
        ORDER BY o.number, l.position
        """,
        numbers=array(number for number, _ in wanted), references=array(reference for _, reference in wanted),
    )  # fmt: skip
    found: dict[str, dict[str, list[int]]] = {}
    for row in rows:
        mine = found.setdefault(row.number, {}).setdefault(row.reference, [])
        if row.position is not None:
            mine.append(row.position)
    return found


def _placed(command: Any, found: dict[str, dict[str, list[int]]]) -> Any:
    mine = found.get(command.number)
    if mine is None or not _unplaced(command):
        return command
    for line in _unplaced(command):
        positions = mine[line.reference]
        if len(positions) != 1:
            several = {"positions": positions} if positions else {}
            return Refusal("unknown_line", reference=line.reference, **several)
    placed = [
        line if line.position else msgspec.structs.replace(line, position=mine[line.reference][0])
        for line in command.lines
    ]
    return msgspec.structs.replace(command, lines=placed)
