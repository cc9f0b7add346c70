"""What callers write at the four steps of a return."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated
from urllib.parse import quote, unquote

import msgspec
from msgspec import Meta

from orderwright.business.orders.bodies import NamedLine, naming_findings
from orderwright.business.returns.forms import AskedLine, InspectedLine, Reason, ReceivedLine, UnexpectedLine
from orderwright.values.findings import Finding, refusal_of
from orderwright.values.forms import Form, Word
from orderwright.values.refusal import Refusal

LINES_MAX = 1000
MARKS = r"^[0-9]{1,6}x[0-9]{1,6}(x[^.]{1,200})?(\.[0-9]{1,6}x[0-9]{1,6}(x[^.]{1,200})?){0,999}$"
"""What `marks_of` writes."""


class ReturnLineForm(NamedLine, frozen=True):
    """Units of one line that come back, and why. exchange: the SKU that is wanted for them instead of money."""

    reason: Reason = "unknown"
    exchange: Annotated[str, Meta(max_length=64)] = ""


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
    return [
        AskedLine(each.position or 0, each.quantity, each.reason, each.reference or "", each.exchange)
        for each in form.lines
    ]


def marks_of(lines: Iterable[AskedLine]) -> str:
    """Lines as one word of an address: `1x2.3x1xTEE-M` is two of line 1, and one of line 3 for a TEE-M."""
    return ".".join(
        f"{each.position}x{each.quantity}" + (f"x{_quoted(each.exchange)}" if each.exchange else "") for each in lines
    )


def lines_of(marks: str, reason: Reason = "unknown") -> list[AskedLine]:
    """The lines of such a word. Refuses unknown_line for none, for what is no such word, and for one told twice."""
    found: dict[tuple[int, str], AskedLine] = {}
    for mark in marks.split("."):
        position, _, rest = mark.partition("x")
        units, _, sku = rest.partition("x")
        line = (int(position), unquote(sku)) if _is_number(position) and _is_number(units) else None
        if line is None or line in found:
            raise Refusal("unknown_line")
        found[line] = AskedLine(line[0], int(units), reason, exchange=line[1])
    asked = [each for each in found.values() if each.quantity]
    if not asked:
        raise Refusal("unknown_line")
    return asked


def _quoted(sku: str) -> str:
    return quote(sku, safe="").replace(".", "%2E")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6


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
