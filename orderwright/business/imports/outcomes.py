"""What an order's rows are: an order, a credit, a change of stock, money by hand, or no goods at all."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from orderwright.business.imports.findings import Finding
from orderwright.business.imports.heads import Head
from orderwright.business.imports.lines import Line
from orderwright.business.imports.making import credit_line, order_form
from orderwright.business.imports.profile import CreditsPart, Profile, StockPart
from orderwright.business.imports.results import (
    Booked,
    LeftOut,
    NotGoods,
    ReadAdjustment,
    ReadCredit,
    ReadOrder,
    ReadResult,
    ReadWriteOff,
    StockLine,
)
from orderwright.business.imports.words import folded
from orderwright.business.orders.form import CustomerForm
from orderwright.values.money import format_minor

_LINES_MAX = 10_000


class Sorted(NamedTuple):
    """One group's lines by what they are: sold, taken back, charged for other things, or apart."""

    is_credit: bool
    sold: list[Line]
    returned: list[Line]
    charges: list[Line]


class Books:
    """Accounts each row once, also where one row holds many lines."""

    def __init__(self) -> None:
        self._counted: set[int] = set()

    def book(self, bucket: str, name: str, lines: Iterable[Line]) -> Booked:
        """Rows, units and amount of these lines under a bucket and name."""
        rows = units = amount = 0
        for line in lines:
            units += line.quantity
            amount += line.amount_minor
            if line.row not in self._counted:
                self._counted.add(line.row)
                rows += 1
        return (bucket, name, rows, units, amount)


def sorted_out(profile: Profile, head: Head, lines: Sequence[Line]) -> Sorted:
    """The lines of one order by their sign and code.

    A reference with a credit prefix makes all of it a credit. Otherwise rows above zero are an order and rows
    below zero a credit with the same reference, whichever weighs more: an exchange is both.
    """
    goods = [line for line in lines if line.code.rule is None or line.code.rule.turns_into == "line"]
    charges = [line for line in lines if line.code.rule and line.code.rule.turns_into != "line"]
    if is_credit_note(profile.credits, head.reference):
        return Sorted(True, [], goods, charges)
    sold = [line for line in goods if line.quantity > 0]
    returned = [line for line in goods if line.quantity < 0] if len(sold) < len(goods) else []
    return Sorted(False, sold, returned, charges)


def is_credit_note(part: CreditsPart, reference: str) -> bool:
    """Whether a reference is a credit note's."""
    return reference.startswith(tuple(part.prefixes))


def is_set_aside(profile: Profile, head: Head) -> bool:
    """Whether the order's state is one the profile does not take."""
    if not profile.orders.set_aside:
        return False
    state = folded(head.texts.get("order_state", ""))
    return bool(state) and state in {folded(state) for state in profile.orders.set_aside}


def sign_findings(profile: Profile, head: Head, group: Sorted) -> dict[int, list[Finding]]:
    """Rows whose sign has no meaning where they stand, by row number."""
    if is_set_aside(profile, head) or is_stock_change(profile.stock_changes, head, group):
        return {}
    part = profile.credits
    found: dict[int, Finding] = {}
    for line in (*group.sold, *group.returned):
        if line.price_micro < 0:
            found[line.row] = Finding("unit_price", "negative_price")
    for line in group.returned:
        if group.is_credit and (line.quantity > 0) == (part.quantities == "negative"):
            code = "positive_credit" if line.quantity > 0 else "negative_quantity"
            found[line.row] = Finding("quantity", code, str(line.quantity))
        elif not group.is_credit and part.negative_quantity == "refuse":
            found[line.row] = Finding("quantity", "negative_quantity", str(line.quantity))
    if len(group.sold) > _LINES_MAX:
        found[group.sold[_LINES_MAX].row] = Finding("", "too_many_lines")
    return {row: [finding] for row, finding in found.items()}


def is_stock_change(part: StockPart, head: Head, group: Sorted) -> bool:
    """Whether the profile says that rows like these move stock and sell nothing.

    A charge with a price makes it a sale: goods at nothing beside a sum typed in by hand were sold.
    """
    if not part.when or not (group.sold or group.returned) or group.is_credit:
        return False
    if "customer_missing" in part.when and head.customer != CustomerForm():
        return False
    every = (*group.sold, *group.returned, *group.charges)
    return "price_zero" not in part.when or all(line.price_micro == 0 for line in every)


def outcomes_of(profile: Profile, head: Head, lines: Sequence[Line], group: Sorted) -> list[ReadResult]:
    """What the lines of one order become, each row booked exactly once; signs are checked before."""
    books = Books()
    if is_set_aside(profile, head):
        booked = books.book("set_aside", head.texts["order_state"], lines)
        return [LeftOut(rows=_rows(lines), booked=(booked,), currency=head.currency, reference=head.reference,
                        reason="set_aside")]  # fmt: skip
    if is_stock_change(profile.stock_changes, head, group):
        return [_stock_change(head, group, books), *_apart(head, group.charges, books)]
    results: list[ReadResult] = []
    apart = group.charges
    if group.sold:
        taken, apart = _parted(apart, _belongs_to_order)
        results.append(_order(profile, head, group.sold, taken, books))
    if group.returned:
        taken, apart = _parted(apart, partial(_belongs_to_credit, profile.credits, group))
        results.append(_credit(head, group, taken, books))
    return results + _apart(head, apart, books)


def _parted(lines: Iterable[Line], belongs: Callable[[Line], bool]) -> tuple[list[Line], list[Line]]:
    parts: tuple[list[Line], list[Line]] = ([], [])
    for line in lines:
        parts[0 if belongs(line) else 1].append(line)
    return parts


def _belongs_to_order(line: Line) -> bool:
    rule = line.code.rule
    if rule is None:
        return False
    return (rule.turns_into == "shipping" and line.amount_minor >= 0) or (
        rule.turns_into == "discount" and line.amount_minor <= 0
    )


def _belongs_to_credit(part: CreditsPart, group: Sorted, line: Line) -> bool:
    given_back = line.amount_minor if group.is_credit and part.quantities == "positive" else -line.amount_minor
    return bool(line.code.rule and line.code.rule.turns_into == "shipping" and given_back >= 0)


def _order(profile: Profile, head: Head, sold: list[Line], taken: list[Line], books: Books) -> ReadOrder:
    booked = [books.book("order_goods", "", sold)]
    for line in taken:
        if rule := line.code.rule:
            bucket = "order_shipping" if rule.turns_into == "shipping" else "order_discount"
            booked.append(books.book(bucket, rule.label, [line]))
    rows = _rows([*sold, *taken]) if taken else _rows(sold)
    form = order_form(profile, head, sold, taken)
    return ReadOrder(rows=rows, booked=tuple(booked), currency=head.currency, form=form)


def _credit(head: Head, group: Sorted, taken: list[Line], books: Books) -> ReadCredit:
    returned = group.returned
    booked = [books.book("credit_goods", "", returned)]
    booked += [books.book("credit_shipping", line.code.rule.label, [line]) for line in taken if line.code.rule]
    # A shipping column of an exchange is what its order pays, not what its credit gives back.
    shipping_minor = 0 if group.sold else abs(head.amounts.get("shipping_price", 0))
    shipping_minor += sum(abs(line.amount_minor) for line in taken)
    return ReadCredit(
        rows=_rows([*returned, *taken]),
        booked=tuple(booked),
        currency=head.currency,
        channel=head.channel,
        reference=head.reference,
        customer=head.customer,
        country=head.ship_to.country,
        placed_at=head.placed_at,
        lines=tuple(credit_line(line, head.currency) for line in returned),
        shipping=format_minor(shipping_minor, head.currency),
    )


def _stock_change(head: Head, group: Sorted, books: Books) -> ReadWriteOff:
    lines = sorted([*group.sold, *group.returned], key=lambda line: line.row)
    booked = [
        books.book(bucket, "", changed)
        for bucket, changed in (("written_off", group.returned), ("found", group.sold))
        if changed
    ]
    return ReadWriteOff(
        rows=_rows(lines),
        booked=tuple(booked),
        currency=head.currency,
        reference=head.reference,
        placed_at=head.placed_at,
        lines=tuple(StockLine(line.row, line.code.sku, line.quantity, line.title) for line in lines),
    )


def _apart(head: Head, lines: Sequence[Line], books: Books) -> list[ReadResult]:
    results: list[ReadResult] = []
    for line in lines:
        rule = line.code.rule
        if rule is None:
            continue
        amount = format_minor(line.amount_minor, head.currency)
        bucket = "adjustment" if rule.turns_into == "adjustment" else "not_goods"
        booked = (books.book(bucket, rule.label, [line]),)
        if bucket == "adjustment":
            results.append(
                ReadAdjustment(rows=(line.row,), booked=booked, currency=head.currency, name=rule.label,
                               reference=head.reference, title=line.title, customer=head.customer,
                               placed_at=head.placed_at, amount=amount)
            )  # fmt: skip
        else:
            results.append(
                NotGoods(rows=(line.row,), booked=booked, currency=head.currency, kind=rule.kind,
                         reference=head.reference, name=rule.label, code=line.code.sku, title=line.title,
                         customer=head.customer, placed_at=head.placed_at, quantity=line.quantity, amount=amount)
            )  # fmt: skip
    return results


def _rows(lines: Iterable[Line]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(line.row for line in lines))
