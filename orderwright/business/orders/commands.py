"""What can be asked of an order after it was placed."""

from typing import Annotated

import msgspec
from msgspec import Meta

ReasonWord = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,39}$")]
"""Why, in one word (customer_changed_mind): it stays in the facts for ever, so it is no place for free text."""


class LineUnits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units of one line, named by its position (from 1); by its reference where the position is 0.

    sku: the product that is meant, where it is told: that of the line, which a component of its kit is not.
    """

    position: Annotated[int, Meta(ge=0)]
    quantity: Annotated[int, Meta(ge=1)]
    reference: str = ""
    sku: str = ""


class CancelOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Cancel an order, or units of its lines. by_customer: only while a customer may (see `deeds.by_customer`)."""

    number: str
    reason: ReasonWord
    actor: str
    lines: list[LineUnits] | None = None
    by_customer: bool = False


class HoldOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Stop an order by hand, or only some units of its lines."""

    number: str
    actor: str
    kind: Annotated[str, Meta(pattern="^[a-z][a-z_]{0,39}$")] = "manual"
    note: Annotated[str, Meta(max_length=2000)] = ""
    lines: list[LineUnits] | None = None


class ReleaseHold(msgspec.Struct, frozen=True, kw_only=True):
    """Release one kind of hold of an order."""

    number: str
    actor: str
    kind: Annotated[str, Meta(min_length=1, max_length=40)]
    reason: Annotated[str, Meta(max_length=2000)] = ""
