"""A carrier's label for what a customer sends back, to be printed at home and cut out."""

from collections.abc import Sequence

import msgspec

from orderwright.papers.fitting import linear_or_matrix
from orderwright.papers.lists import SheetSize
from orderwright.papers.press import Printed, print_pdf
from orderwright.papers.words import spoken, words_of


class ReturnLabel(msgspec.Struct, frozen=True, kw_only=True):
    """What the label says. sender, recipient: lines of addresses. language: the customer's; empty: not known."""

    number: str
    carrier: str
    tracking_code: str
    sender: Sequence[str]
    recipient: Sequence[str]
    language: str = ""


def return_label_pdf(label: ReturnLabel, *, language: str = "", size: SheetSize = "a4") -> Printed:
    """A return's label on a sheet, in the customer's language unless another is asked for. Refuses bad_code."""
    said = spoken(language or label.language)
    return print_pdf("return_label.typ", {
        "number": label.number, "carrier": label.carrier, "tracking_code": label.tracking_code,
        "sender": list(label.sender), "recipient": list(label.recipient),
        "barcode": linear_or_matrix(label.tracking_code, 90.0, 30.0).filling(), "language": said,
        "words": words_of(said), "footer": label.number, "size": size,
    })  # fmt: skip
