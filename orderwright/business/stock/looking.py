"""What booking counts would say, before anything is booked: nothing is locked, nothing written."""

from collections.abc import Sequence
from typing import NamedTuple

from orderwright.business.stock import tables
from orderwright.business.stock.forms import AdjustmentForm
from orderwright.business.stock.goods import goods_findings, place_findings
from orderwright.business.stock.reads import lying_at
from orderwright.database.tx import Tx
from orderwright.values.findings import known_as, refusal_of, text_findings
from orderwright.values.refusal import Refusal


class Counted(NamedTuple):
    """What the books say of a place, and what was counted there."""

    before: int
    after: int


def look_at_counts(tx: Tx, forms: Sequence[AdjustmentForm]) -> list[Counted | Refusal]:
    """What counts (`counted` said) would change, or what they would be refused for."""
    goods = tables.goods(tx, [form.sku for form in forms])
    sites = tables.time_zones(tx, [form.site for form in forms])
    places = tables.places(tx, [(form.site, form.place) for form in forms])
    lying = lying_at(tx, [(form.sku, form.site, form.place, form.lot) for form in forms])
    results: list[Counted | Refusal] = []
    for form in forms:
        before = lying.get((form.sku, form.site, form.place, form.lot), 0)
        is_arrival = not before and bool(form.counted)  # then it is received
        findings = [*text_findings(form), *goods_findings("", form.sku, form.lot, goods, is_arrival=is_arrival)]
        if form.site not in sites:
            findings.append(known_as("unknown_site", "/site"))
        else:
            findings += place_findings("/place", places.get((form.site, form.place)))
        results.append(refusal_of(findings) if findings else Counted(before, form.counted or 0))
    return results
