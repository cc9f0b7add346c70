"""The packing slip: what a parcel holds, what follows apart, and a gift's note. It never shows a price."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from orderwright.papers.fitting import linear_or_matrix
from orderwright.papers.lists import SheetSize
from orderwright.papers.press import Printed, print_pdf
from orderwright.papers.words import day_text, spoken, words_of
from orderwright.values.floor_codes import floor_code


class SlipLine(msgspec.Struct, frozen=True, kw_only=True):
    """Units of one product. lots: shown where the product is kept by lot."""

    sku: str
    title: str
    quantity: int
    lots: Sequence[str] = ()


class PackingSlip(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in a parcel. parcel: its number, in letters and bars.

    later: units of the order that are neither in this parcel nor in one before it. sender, recipient: lines of an
    address. ordered_on, packed_on: in the zone of the shop. language: the customer's; empty: not known.
    """

    order: str
    parcel: str
    sender: Sequence[str]
    recipient: Sequence[str]
    lines: Sequence[SlipLine]
    later: Sequence[SlipLine] = ()
    ordered_on: date | None = None
    packed_on: date | None = None
    gift_note: str = ""
    message: str = ""
    language: str = ""


def packing_slip_pdf(slip: PackingSlip, *, language: str = "", size: SheetSize = "a4") -> Printed:
    """A packing slip, in the customer's language unless another is asked for; English where none is known.

    One of a gift leaves the buyer's order day out and prints the note large. Refuses bad_code.
    """
    return print_pdf("packing_slip.typ", _filling(slip, spoken(language or slip.language)) | {"size": size})


def _filling(slip: PackingSlip, language: str) -> dict[str, Any]:
    return {
        "order": slip.order, "parcel": slip.parcel, "sender": list(slip.sender), "recipient": list(slip.recipient),
        "barcode": linear_or_matrix(floor_code("parcel", slip.parcel), 70.0, 22.0).filling(),
        "lines": [msgspec.to_builtins(each) for each in slip.lines],
        "later": [msgspec.to_builtins(each) for each in slip.later],
        "ordered_on": "" if slip.gift_note else day_text(slip.ordered_on, language),
        "packed_on": day_text(slip.packed_on, language),
        "gift_note": slip.gift_note, "message": slip.message,
        "language": language, "words": words_of(language), "footer": f"{slip.order} · {slip.parcel}",
    }  # fmt: skip
