"""What callers write at the four steps of a return."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.business.orders.bodies import NamedLine, naming_findings
from orderwright.business.returns.forms import AskedLine, InspectedLine, Reason, ReceivedLine, UnexpectedLine
from orderwright.values.findings import Finding, refusal_of
from orderwright.values.forms import Form, Word

LINES_MAX = 1000


class ReturnLineForm(NamedLine, frozen=True):
    """Units of one line that come back, and why."""

    reason: Reason = "unknown"


class ReturnForm(Form, frozen=True):
    """Units of an order are to come back. Without `site` they go where they came from.

    `by_customer`: only as long as a customer may.
    """

    order: Word
    lines: Annotated[list[ReturnLineForm], Meta(min_length=1, max_length=LINES_MAX)]
    site: Word | None = None
    by_customer: bool = False


class ReceiveForm(Form, frozen=True):
    """What was in the parcel. Lines left out are as asked for; `unexpected` is what nobody announced."""

    lines: Annotated[list[ReceivedLine], Meta(max_length=LINES_MAX)] = msgspec.field(default_factory=list)
    unexpected: Annotated[list[UnexpectedLine], Meta(max_length=LINES_MAX)] = msgspec.field(default_factory=list)


class InspectForm(Form, frozen=True):
    """What becomes of every received unit. Restocked ones go to `place`, a bin of the site."""

    lines: Annotated[list[InspectedLine], Meta(min_length=1, max_length=LINES_MAX)]
    place: Word = "STOCK"


class SettleForm(Form, frozen=True):
    """Credit what was received and pay it back. `refund_shipping`: also what sending it had cost."""

    refund_shipping: bool = False


def asked_lines(form: ReturnForm) -> list[AskedLine]:
    """The lines as the command takes them. Refuses malformed."""
    if findings := list(naming_findings(form.lines)):
        raise refusal_of(findings)
    return [AskedLine(each.position or 0, each.quantity, each.reason, each.reference or "") for each in form.lines]


def check_told_once(lines: Sequence[ReceivedLine] | Sequence[InspectedLine]) -> None:
    """Refuses malformed when a line of the return is told twice, for one of the two would be lost."""
    if findings := list(_twice(each.line for each in lines)):
        raise refusal_of(findings)


def _twice(numbers: Iterable[int]) -> Iterator[Finding]:
    seen: set[int] = set()
    for i, number in enumerate(numbers):
        if number in seen:
            yield Finding(f"/lines/{i}/line", "told_twice", "This line is there more than once.")
        seen.add(number)
