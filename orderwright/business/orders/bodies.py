"""What callers write to have an order changed after it was placed, and how its lines are named."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Meta

from orderwright.business.orders.commands import LineUnits, ReasonWord
from orderwright.values.findings import Finding, refusal_of
from orderwright.values.forms import Form, Units, Word

HoldKind = Annotated[str, Meta(pattern="^[a-z][a-z_]{0,39}$")]
Note = Annotated[str, Meta(max_length=2000)]
Position = Annotated[int, Meta(ge=1, le=1_000_000)]


class NamedLine(Form, frozen=True):
    """Units of one line, named by its `reference` or by its `position` (from 1)."""

    quantity: Units
    reference: Word | None = None
    position: Position | None = None


class CancelledUnits(NamedLine, frozen=True):
    """Units of one line to cancel; of a kit, whole kits. sku: what the line is of, to be sure."""

    sku: Word | None = None


NamedLines = Annotated[list[NamedLine], Meta(min_length=1, max_length=10_000)]


class CancelForm(Form, frozen=True):
    """Cancel the whole order, or with `lines` only so many units of each. `by_customer`: only while a customer may."""

    reason: ReasonWord
    lines: Annotated[list[CancelledUnits], Meta(min_length=1, max_length=10_000)] | None = None
    by_customer: bool = False


class HoldForm(Form, frozen=True):
    """Stop the whole order, or with `lines` only so many units of each. `kind`: a word for why."""

    kind: HoldKind = "manual"
    note: Note = ""
    lines: NamedLines | None = None


class ReleaseHoldForm(Form, frozen=True):
    """Release one kind of hold."""

    kind: HoldKind


def naming_findings(lines: Sequence[NamedLine], pointer: str = "/lines") -> Iterator[Finding]:
    """Lines that are named twice over, or not at all."""
    for i, line in enumerate(lines):
        if (line.reference is None) == (line.position is None):
            yield Finding(
                f"{pointer}/{i}", "name_of_line", "A line is named by its reference or by its position, one of the two."
            )


def units_of(lines: Sequence[NamedLine] | None) -> list[LineUnits] | None:
    """The lines as commands take them; None for all. Refuses malformed."""
    if lines is None:
        return None
    if findings := list(naming_findings(lines)):
        raise refusal_of(findings)
    return [
        LineUnits(each.position or 0, each.quantity, each.reference or "", getattr(each, "sku", None) or "")
        for each in lines
    ]
