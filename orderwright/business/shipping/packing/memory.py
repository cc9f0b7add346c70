"""What packers chose for baskets, as rows."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from orderwright.business.shipping.packing.rules import MEMORY, Preferred, preferred
from orderwright.database.rows import array
from orderwright.database.tx import Tx


class Choice(NamedTuple):
    """The cartons somebody packed a whole basket into. id: of the first of its parcels."""

    id: str
    basket: bytes
    cartons: tuple[str, ...]
    advised: tuple[str, ...]
    person: str


def remember(tx: Tx, choices: Sequence[Choice]) -> None:
    """Keep what was chosen."""
    tx.copy(
        "carton_choice", "id, basket, cartons, advised, person, chosen_at",
        [(each.id, each.basket, ",".join(sorted(each.cartons)), ",".join(sorted(each.advised)), each.person, tx.now)
         for each in choices],
    )  # fmt: skip


def preferred_for(tx: Tx, baskets: Iterable[bytes]) -> dict[bytes, Preferred]:
    """What packers take for these baskets, of those where the last of them agree. One statement."""
    asked = sorted(set(baskets))
    rows = tx.rows(
        """
        SELECT a.basket, c.cartons FROM unnest(%(baskets)s::bytea[]) AS a(basket)
        CROSS JOIN LATERAL (SELECT cartons, chosen_at, id FROM carton_choice c WHERE c.basket = a.basket
                            ORDER BY chosen_at DESC, id DESC LIMIT %(memory)s) c
        ORDER BY a.basket, c.chosen_at DESC, c.id DESC
        """,
        baskets=array(asked), memory=MEMORY,
    ) if asked else []  # fmt: skip
    chosen: dict[bytes, list[tuple[str, ...]]] = {}
    for row in rows:
        chosen.setdefault(bytes(row.basket), []).append(tuple(row.cartons.split(",")))
    found = {basket: preferred(mine) for basket, mine in chosen.items()}
    return {basket: each for basket, each in found.items() if each is not None}
