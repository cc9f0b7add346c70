"""Correcting invoices: an edit that changes amounts already invoiced is invoiced or credited for the difference."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from orderwright.business.billing.actions import NewPaper, PaperLine, issue_papers
from orderwright.business.deeds.settle import Account, Worth, part_worth
from orderwright.database.tx import Tx


class Correction(NamedTuple):
    """An order whose amounts an edit changed. invoiced, credited: units on its papers, by line position."""

    before: Account
    after: Account
    invoiced: Mapping[int, int]
    credited: Mapping[int, int]


def correction_of(change: Correction) -> tuple[Worth, list[PaperLine]]:
    """By how much an order's papers no longer say what its invoiced units come to; either sign, minor units.

    Its lines count no units: those stand on the invoice it corrects. What was returned was settled then.
    """
    if not any(change.invoiced.values()):
        return Worth(0, 0, 0), []
    old = {line.position: line for line in change.before.lines}
    written = []
    for line in change.after.lines:
        gone, units = change.credited.get(line.position, 0), change.invoiced.get(line.position, 0)
        if units > gone:
            now = part_worth(line, gone, units - gone)
            then = part_worth(old[line.position], gone, units - gone)
            if now != then:
                written.append(PaperLine(line.position, "", "", 0, now[0] - then[0], now[1] - then[1]))
    shipping, shipping_tax = (a - b for a, b in zip(change.after.shipping, change.before.shipping, strict=True))
    goods, tax = sum(each.goods_minor for each in written), sum(each.tax_minor for each in written)
    return Worth(goods, shipping, tax + shipping_tax), written


def correct_invoices(tx: Tx, changes: Mapping[str, Correction]) -> None:
    """Issue what corrects the invoices of edited orders, by the edit's cause: an invoice for more, else a credit note.

    The last writing of a transaction, as with every paper. The orders' rows are locked.
    """
    papers = []
    for cause, change in sorted(changes.items()):
        worth, lines = correction_of(change)
        if worth == (0, 0, 0):
            continue
        kind, sign = ("invoice", 1) if worth.total_minor > 0 else ("credit_note", -1)
        worth = Worth(sign * worth.goods_minor, sign * worth.shipping_minor, sign * worth.tax_minor)
        signed = [
            msgspec.structs.replace(each, goods_minor=sign * each.goods_minor, tax_minor=sign * each.tax_minor)
            for each in lines
        ]
        papers.append(NewPaper(kind, change.after.order_id, cause, change.after.currency, worth, signed))
    if papers:
        issue_papers(tx, papers)
