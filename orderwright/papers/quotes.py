"""A quote as a paper: what an order would cost, for whom, until when."""

from collections.abc import Sequence
from datetime import date

import msgspec

from orderwright.papers.fitting import linear_or_matrix
from orderwright.papers.lists import SheetSize
from orderwright.papers.press import Printed, print_pdf
from orderwright.papers.words import day_text, spoken, words_of


class QuoteLine(msgspec.Struct, frozen=True, kw_only=True):
    """Units of one product; money as it is written."""

    sku: str
    title: str
    quantity: int
    unit_price: str
    amount: str


class QuotePaper(msgspec.Struct, frozen=True, kw_only=True):
    """A quote. sums: (goods, discount or shipping; amount) between the lines and the total.

    to: lines of an address or of a contact.
    """

    number: str
    to: Sequence[str]
    lines: Sequence[QuoteLine]
    sums: Sequence[tuple[str, str]]
    total: str
    currency: str
    valid_until: date
    made_on: date
    is_withdrawn: bool = False


def quote_pdf(paper: QuotePaper, *, language: str = "en", size: SheetSize = "a4") -> Printed:
    """A quote to print or to send; one that was taken back says so. Refuses bad_code."""
    said = spoken(language)
    lines = [
        {"sku": each.sku, "title": each.title, "quantity": each.quantity, "unit_price": each.unit_price,
         "amount": each.amount}
        for each in paper.lines
    ]  # fmt: skip
    return print_pdf("quote.typ", {
        "number": paper.number, "to": list(paper.to), "lines": lines, "sums": [list(each) for each in paper.sums],
        "barcode": linear_or_matrix(paper.number, 70.0, 22.0).filling(), "total": paper.total,
        "currency": paper.currency, "valid_until": day_text(paper.valid_until, said),
        "made_on": day_text(paper.made_on, said), "is_withdrawn": paper.is_withdrawn, "language": said,
        "words": words_of(said), "footer": paper.number, "size": size,
    })  # fmt: skip
