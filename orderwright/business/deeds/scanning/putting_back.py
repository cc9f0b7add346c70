"""Putting back by scans: what lies on the returns bench, and what its scans want done."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.deeds.put_back import put_back as put_back_units
from orderwright.business.deeds.scanning.asking import Asking, Wanted, begin_whole
from orderwright.business.deeds.scanning.outcomes import Outcomes
from orderwright.business.warehouse.days import site_days
from orderwright.business.warehouse.forms import PutBack
from orderwright.business.warehouse.sessions.forms import Notice, OpenSession
from orderwright.business.warehouse.sessions.put_back import Pile, PutBackView, PutIn
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal

_PILES_MAX = 500


def begin(tx: Tx, commands: Sequence[OpenSession]) -> list[str | Refusal]:
    """It is about the whole bench of a site. Refuses malformed: a subject."""
    return begin_whole(commands)


def read(tx: Tx, asking: Sequence[Asking]) -> dict[str, PutBackView]:
    """The benches of the sessions' sites, by session id; of each at most 500 piles, the oldest."""
    sites = sorted({each.session.site for each in asking})
    today = site_days(tx, sites)
    piles: dict[str, list[Pile]] = {site: [] for site in sites}
    for row in _piles(tx, sites):
        piles[row.site].append(Pile(row.sku, row.title, row.lot, row.units, row.home))
    return {
        each.session.id: PutBackView(
            each.session.site, today[each.session.site], tuple(piles[each.session.site]),
            sum(pile.units for pile in piles[each.session.site]),
        )
        for each in asking
    }  # fmt: skip


def do(tx: Tx, wanted: Sequence[Wanted]) -> list[list[Notice] | Refusal]:
    """Put units into bins."""
    outcomes = Outcomes(wanted)
    outcomes.run(
        PutIn, lambda each, want: PutBack(
            site=each.session.site, sku=want.sku, lot=want.lot, quantity=want.units, place=want.place,
            actor=each.session.person),
        lambda commands: put_back_units(tx, commands),
    )  # fmt: skip
    return outcomes.results


def _piles(tx: Tx, sites: Sequence[str]) -> list[Any]:
    return tx.rows(
        """
        SELECT pile.*, g.title, coalesce(home.code, '') AS home
        FROM unnest(%(sites)s::text[]) AS asked(site)
        CROSS JOIN LATERAL (
            SELECT b.site, b.sku, b.lot, sum(b.quantity - b.placed)::bigint AS units, min(b.made_at) AS since
            FROM put_back b WHERE b.site = asked.site AND b.state = 'open'
            GROUP BY b.site, b.sku, b.lot ORDER BY min(b.made_at), b.sku, b.lot LIMIT %(most)s) AS pile
        JOIN product g ON g.sku = pile.sku
        LEFT JOIN LATERAL (
            SELECT p.code FROM stock s JOIN place p ON p.id = s.place_id AND p.site = pile.site AND p.kind = 'bin'
            WHERE s.sku = pile.sku AND s.quantity > 0 ORDER BY s.lot = pile.lot DESC, s.quantity DESC, p.id LIMIT 1
        ) AS home ON true
        ORDER BY pile.since, pile.sku, pile.lot
        """,
        sites=array(sites), most=_PILES_MAX,
    )  # fmt: skip
