"""What the rows of a file turn out to be."""

from datetime import datetime

import msgspec

from orderwright.business.imports.findings import Finding
from orderwright.business.orders.form import CustomerForm, NewOrder

Booked = tuple[str, str, int, int, int]
"""Where rows were accounted: bucket, name, rows, units, amount in minor units (as the file has the signs)."""

BUCKETS = {
    "order_goods": "goods in orders",
    "order_shipping": "shipping charged in orders",
    "order_discount": "discounts given in orders",
    "credit_goods": "goods credited",
    "credit_shipping": "shipping credited",
    "written_off": "stock written off",
    "found": "stock found",
    "adjustment": "adjustments of debts",
    "not_goods": "no goods, counted by name",
    "set_aside": "orders in a state that is not taken",
    "duplicate": "repeated rows dropped",
    "blank": "empty rows",
    "bad": "rows with errors",
}
"""Every bucket a row can land in, in the order of the report."""


class _Result(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """`rows` are row numbers in the file; `booked` says where each of them is counted, `currency` of what."""

    rows: tuple[int, ...]
    booked: tuple[Booked, ...]
    currency: str


class ReadOrder(_Result, frozen=True, kw_only=True):
    """An order to be placed, in the one form every door uses."""

    form: NewOrder


class CreditLine(msgspec.Struct, frozen=True, gc=False):
    """Units of one product taken back or written off a bill. Quantity above zero, amount a decimal text."""

    row: int
    sku: str
    title: str
    quantity: int
    unit_price: str
    amount: str


class ReadCredit(_Result, frozen=True, kw_only=True):
    """A credit note: goods, and the shipping price given back with them (a decimal text)."""

    channel: str
    reference: str
    customer: CustomerForm
    country: str
    placed_at: datetime | None
    lines: tuple[CreditLine, ...]
    shipping: str


class StockLine(msgspec.Struct, frozen=True, gc=False):
    """Units of one product lost (below zero) or found (above), and why, in the shop's words."""

    row: int
    sku: str
    quantity: int
    reason: str


class ReadWriteOff(_Result, frozen=True, kw_only=True):
    """No order at all: stock that was counted, broken, lost or found."""

    reference: str
    placed_at: datetime | None
    lines: tuple[StockLine, ...]


class ReadAdjustment(_Result, frozen=True, kw_only=True):
    """Money moved by hand, such as a bad debt: amount as the file has it (a decimal text)."""

    reference: str
    name: str
    title: str
    customer: CustomerForm
    placed_at: datetime | None
    amount: str


class NotGoods(_Result, frozen=True, kw_only=True):
    """One row that is neither goods nor part of an order or credit: counted by `name`, told by `kind`."""

    reference: str
    kind: str
    name: str
    code: str
    title: str
    customer: CustomerForm
    placed_at: datetime | None
    quantity: int
    amount: str


class LeftOut(_Result, frozen=True, kw_only=True):
    """Rows that need nothing done: empty, repeated, or of an order in a state that is not taken."""

    reference: str
    reason: str


class BadRow(_Result, frozen=True, kw_only=True):
    """A row that cannot be taken, as it was, and all that is wrong with it."""

    row: int
    cells: tuple[str, ...]
    findings: tuple[Finding, ...]


ReadResult = ReadOrder | ReadCredit | ReadWriteOff | ReadAdjustment | NotGoods | LeftOut | BadRow
