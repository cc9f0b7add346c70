"""What an edit changes of an order: its lines matched, the fields that differ, the findings that are new. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.orders.rules import FINDINGS, Quantities, State, severity, state_of
from orderwright.business.orders.rules import Door as Door
from orderwright.business.orders.rules import Finding as Finding

FIXED = ("channel", "reference", "currency", "placed_at")
"""What makes an order the order it is: no edit changes these."""

LATE_FIELDS = (
    "total", "discounts", "shipping", "payment", "prices_include_tax", "customer", "customer_reference", "bill_to",
    "tags", "priority",
)  # fmt: skip
"""What may still change when work on the order has begun: money, and what nobody on the floor reads."""

ADDRESS_FIXED_LATE = ("country",)
"""What cannot change of an address when work has begun: other services, other papers. The rest can until all left."""

LATE_LINE_FIELDS = ("unit_price", "discount", "tax", "amount", "title")

PAYMENT_FINDINGS = ("payment_missing", "paid_differs")
"""Judged by the payments there are, once an order exists; not by what a form says of them."""


class LineRow(NamedTuple):
    """A line an order has, as far as matching cares. `is_removed`: an edit left it out."""

    position: int
    reference: str
    sku: str | None
    sku_given: str
    is_removed: bool


class AskedLine(NamedTuple):
    """A line of a form: what it is called, and the product that is known by it now."""

    reference: str
    sku_given: str
    sku: str | None


def match_lines(rows: Sequence[LineRow], asked: Sequence[AskedLine]) -> list[int | None]:
    """For each line of a form the index of the order's line it speaks of; None for a new one.

    A line goes by its reference, without one by its position, and is the same line only while it is the same
    product; one without a product takes whatever product its reference now names. Stricter rules go first,
    each line matches once, and a line that was left out comes back before a new one is made.
    """
    matching = _Matching(rows, asked)
    matching.try_all(matching.of_reference, _is_named_and_same)
    matching.try_all(matching.of_reference, _is_named_and_open)
    matching.try_all(matching.at_place, _is_unnamed_and_same)
    matching.try_all(matching.of_product, _is_unnamed_and_same)
    matching.try_all(matching.of_reference, _was_left_out)
    return matching.found


class _Matching:
    """Which lines of an order are spoken for, while one rule after the other is tried."""

    def __init__(self, rows: Sequence[LineRow], asked: Sequence[AskedLine]) -> None:
        self._rows, self._asked = rows, asked
        self._taken: set[int] = set()
        self._named: dict[str, list[int]] = {}
        self._sold: dict[str, list[int]] = {}
        self._place = {row.position: [n] for n, row in enumerate(rows)}
        self.found: list[int | None] = [None] * len(asked)
        for n, row in enumerate(rows):
            self._named.setdefault(row.reference, []).append(n)
            for product in {row.sku_given, row.sku or row.sku_given}:
                self._sold.setdefault(product, []).append(n)

    def try_all(
        self, near: Callable[[int, AskedLine], Sequence[int]], is_it: Callable[[LineRow, AskedLine], bool]
    ) -> None:
        """Give each line without a match the first free row of those near it for which the rule holds."""
        for i, line in enumerate(self._asked):
            if self.found[i] is None:
                free = (n for n in near(i, line) if n not in self._taken and is_it(self._rows[n], line))
                n = next(free, None)
                if n is not None:
                    self.found[i] = n
                    self._taken.add(n)

    def of_reference(self, i: int, line: AskedLine) -> Sequence[int]:
        """Rows of the line's reference, in order."""
        return self._named.get(line.reference, ())

    def at_place(self, i: int, line: AskedLine) -> Sequence[int]:
        """The row at the line's place in the form."""
        return self._place.get(i + 1, ())

    def of_product(self, i: int, line: AskedLine) -> Sequence[int]:
        """Rows of the line's product, in order."""
        return self._sold.get(line.sku_given, ()) or self._sold.get(line.sku or "", ())


def _is_same_product(row: LineRow, line: AskedLine) -> bool:
    return row.sku_given == line.sku_given or (row.sku is not None and row.sku == line.sku)


def _is_named_and_same(row: LineRow, line: AskedLine) -> bool:
    return line.reference != "" and not row.is_removed and _is_same_product(row, line)


def _is_named_and_open(row: LineRow, line: AskedLine) -> bool:
    return line.reference != "" and not row.is_removed and row.sku is None


def _is_unnamed_and_same(row: LineRow, line: AskedLine) -> bool:
    return "" in (row.reference, line.reference) and not row.is_removed and _is_same_product(row, line)


def _was_left_out(row: LineRow, line: AskedLine) -> bool:
    return row.is_removed and _is_same_product(row, line)


def changed_fields(
    old: Mapping[str, Any], new: Mapping[str, Any], pairs: Iterable[tuple[int | None, int | None]]
) -> list[str]:
    """JSON pointers into the new form to all that differs between two written forms.

    pairs: (index of a line in the old form, in the new one), None where it has no such line. `/lines` itself
    is named when lines came or went.
    """
    fields = []
    for name in sorted((set(old) | set(new)) - {"lines"}):
        fields += _differing(f"/{name}", old.get(name), new.get(name))
    for before, after in pairs:
        if before is None or after is None:
            fields.append("/lines")
        else:
            fields += _differing(f"/lines/{after}", old["lines"][before], new["lines"][after])
    return list(dict.fromkeys(fields))


def _differing(pointer: str, one: Any, other: Any) -> list[str]:
    if one == other:
        return []
    if isinstance(one or {}, dict) and isinstance(other or {}, dict):
        mine, theirs = one or {}, other or {}
        return [f"{pointer}/{name}" for name in sorted(set(mine) | set(theirs)) if mine.get(name) != theirs.get(name)]
    return [pointer]


def fixed_fields(fields: Iterable[str]) -> list[str]:
    """Those of the fields that no edit may change."""
    return [field for field in fields if field.split("/")[1] in FIXED]


def late_fields(fields: Iterable[str], *, is_gone: bool) -> list[str]:
    """Those of the fields that it is too late to change once work on the order has begun. is_gone: all of it left."""
    return [field for field in fields if not _may_be_late(field.split("/")[1:], is_gone)]


def _may_be_late(path: Sequence[str], is_gone: bool) -> bool:
    if path[0] == "lines":
        return len(path) == 3 and path[2] in LATE_LINE_FIELDS
    if path[0] == "ship_to":
        return not is_gone and len(path) == 2 and path[1] not in ADDRESS_FIXED_LATE
    return path[0] in LATE_FIELDS


def units_after(live: int, quantity_before: int, quantity: int) -> int:
    """Units of a line that are wanted after an edit of its quantity.

    live: units not cancelled. More than before adds the difference; less counts units cancelled since as
    gone already, so that a channel which repeats a cancellation as a smaller quantity takes nothing twice.
    """
    if quantity > quantity_before:
        return live + quantity - quantity_before
    return min(live, quantity)


def new_findings(before: Iterable[Finding], after: Iterable[Finding]) -> list[Finding]:
    """Findings that the order did not have before its edit: what a person has judged is not judged again."""
    known = [_kernel(each) for each in before]
    fresh = []
    for each in after:
        if _kernel(each) in known:
            known.remove(_kernel(each))
        else:
            fresh.append(each)
    return fresh


def _kernel(finding: Finding) -> tuple[str, str, Mapping[str, object]]:
    # Lines move about; their findings name the sku.
    pointer = finding.pointer
    return finding.code, "/lines" if pointer.startswith("/lines/") else pointer, finding.facts


def refused_by(findings: Iterable[Finding], door: Door) -> bool:
    """Whether one of the findings keeps an order out at a door."""
    return any(severity(each.code, door) == "refuse" for each in findings)


def hold_kinds(findings: Iterable[Finding], door: Door) -> list[str]:
    """The holds that findings place at a door, each once, in order."""
    return list(dict.fromkeys(
        FINDINGS[each.code].hold for each in findings if severity(each.code, door) == "hold"
    ))  # fmt: skip


def finding_document(kind: str | None, findings: Iterable[Finding]) -> dict[str, Any]:
    """What a hold of a kind (None: everything) tells of the findings behind it, as `explain` reads it."""
    told = [each for each in findings if kind is None or FINDINGS[each.code].hold == kind]
    return {"findings": [(each.code, each.pointer, each.facts) for each in told]}


def state_after(ordered: int, waiting: int, allocated: int, cancelled: int, *, is_held: bool) -> State:
    """The state of an order of which nothing was picked."""
    return state_of(Quantities(ordered, waiting, allocated, 0, 0, 0, cancelled, 0, 0), is_held)
