"""A purchase order as a paper: what a supplier is to deliver, to where, by when, at what price."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from orderwright.papers.fitting import linear_or_matrix
from orderwright.papers.lists import SheetSize
from orderwright.papers.press import Printed, print_pdf
from orderwright.papers.words import day_text, spoken, words_of


class PurchaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """Units of one product. code: the supplier's, or ours where they have none; prices as they are written."""

    code: str
    sku: str
    title: str
    quantity: int
    unit_cost: str
    due_on: date | None = None


class PurchasePaper(msgspec.Struct, frozen=True, kw_only=True):
    """A purchase order. number: in letters and bars, so that receivers scan it; deliver_to: lines of an address."""

    number: str
    supplier: str
    deliver_to: Sequence[str]
    lines: Sequence[PurchaseLine]
    total: str
    currency: str
    ordered_on: date | None = None
    is_draft: bool = False


def purchase_order_pdf(paper: PurchasePaper, *, language: str = "en", size: SheetSize = "a4") -> Printed:
    """A purchase order to print or to mail; a draft says that it is one. Refuses bad_code."""
    return print_pdf("purchase_order.typ", _filling(paper, spoken(language)) | {"size": size})


def _filling(paper: PurchasePaper, language: str) -> dict[str, Any]:
    return {
        "number": paper.number, "supplier": paper.supplier, "deliver_to": list(paper.deliver_to),
        "barcode": linear_or_matrix(paper.number, 70.0, 22.0).filling(),
        "lines": [
            {"code": each.code, "sku": each.sku, "title": each.title, "quantity": each.quantity,
             "unit_cost": each.unit_cost, "due_on": day_text(each.due_on, language)}
            for each in paper.lines
        ],
        "total": paper.total, "currency": paper.currency, "ordered_on": day_text(paper.ordered_on, language),
        "is_draft": paper.is_draft, "language": language, "words": words_of(language), "footer": paper.number,
    }  # fmt: skip
