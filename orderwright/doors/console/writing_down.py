"""An order as a form holds it: what is written in the fields, as far as it can be read, and what is wrong with it.

Fields are named as the API's draft names them: `customer/email`, `ship_to/lines/0`, `lines/3/sku`.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from orderwright.business.orders.form import CustomerForm, NewOrder
from orderwright.business.quotes.forms import LINES_MAX, DraftForm, DraftLine
from orderwright.doors.console.forms import money_text
from orderwright.doors.console.texts import text as _
from orderwright.values import money
from orderwright.values.codes import text_problem
from orderwright.values.forms import AddressForm

CUSTOMER = ("name", "email", "phone", "reference")
ADDRESS = ("name", "company", "postal_code", "city", "region", "country")
STREETS = 2
PLAIN = ("channel", "buyer", "service", "payment", "payment_reference", "customer_reference")
MONEY = ("shipping", "discount")
_UNITS_MAX = 1_000_000_000
_LINE = re.compile(r"lines/(\d{1,4})/(sku|quantity|unit_price)")
_AMOUNT = re.compile(r"[0-9]{1,18}([.][0-9]{1,6})?")
_LENGTHS = {"email": 320, "phone": 40, "reference": 64, "postal_code": 20, "country": 2, "channel": 64, "buyer": 40,
            "service": 40, "payment_reference": 200, "customer_reference": 64}  # fmt: skip

BAD_UNITS = _("A whole number, 1 or more")
BAD_PRICE = _("A price such as 12.50")
BAD_TEXT = _("It holds characters no text has")
TOO_LONG = _("That is too long")


class Row(NamedTuple):
    """A line as it is written. nth: which fields are its own."""

    nth: int
    sku: str
    quantity: str
    unit_price: str


class Written(NamedTuple):
    """What a form holds. order: what of it can be read; rows: its lines, each a line of the order or wrong.

    wrong: what cannot be read, by field. at: the index of the fields of each line of the order.
    """

    values: Mapping[str, str]
    rows: list[Row]
    order: DraftForm
    wrong: dict[str, str]
    at: list[int]


def read_written(values: Mapping[str, str]) -> Written:
    """What is written in the fields of a form, which may be anything."""
    wrong: dict[str, str] = {}
    found = {name: _text(name, text, wrong) for name, text in values.items()}
    rows = _rows(found)
    lines, at = [], []
    for row in rows:
        line = _line(row, wrong)
        if line is not None:
            lines.append(line)
            at.append(row.nth)
    told: dict[str, Any] = {name: found.get(name, "") for name in PLAIN if name != "payment"}
    for name in MONEY:
        told[name] = _amount(name, found.get(name, ""), wrong)
    payment = found.get("payment", "")
    order = DraftForm(
        **told, lines=lines, payment=payment if payment in ("on_account", "paid") else "unpaid",  # type: ignore[arg-type]
        customer=CustomerForm(**{name: found.get(f"customer/{name}", "") for name in CUSTOMER}),
        ship_to=AddressForm(
            **{name: found.get(f"ship_to/{name}", "") for name in ADDRESS},
            lines=[street for i in range(STREETS) if (street := found.get(f"ship_to/lines/{i}", ""))],
        ),
    )  # fmt: skip
    return Written(found, rows, order, wrong, at)


def values_of(order: DraftForm) -> dict[str, str]:
    """A draft as the fields of a form hold it."""
    values = {f"customer/{name}": getattr(order.customer, name) for name in CUSTOMER}
    values |= {f"ship_to/{name}": getattr(order.ship_to, name) for name in ADDRESS}
    values |= {f"ship_to/lines/{i}": street for i, street in enumerate(order.ship_to.lines)}
    values |= {name: str(getattr(order, name) or "") for name in (*PLAIN, *MONEY)}
    for i, line in enumerate(order.lines):
        values |= {f"lines/{i}/sku": line.sku, f"lines/{i}/quantity": str(line.quantity),
                   f"lines/{i}/unit_price": line.unit_price or ""}  # fmt: skip
    return values


def draft_of(order: NewOrder, *, keeps_prices: bool) -> DraftForm:
    """An order that was written before as a draft of a new one, at its own prices or at those of today's list."""
    return DraftForm(
        channel=order.channel, customer=order.customer, ship_to=order.ship_to, service=order.service,
        payment="on_account" if order.payment.state == "on_account" else "unpaid",
        shipping=_plain(order.shipping.price), discount=_plain(order.discounts[0].amount if order.discounts else "0"),
        lines=[
            DraftLine(sku=line.sku, quantity=line.quantity, unit_price=line.unit_price if keeps_prices else None)
            for line in order.lines[:LINES_MAX]
        ],
    )  # fmt: skip


def body_of(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The draft a form describes, for the API to read: what cannot be read goes along, to be refused.

    tree: as `forms.tree_of` reads it. Lines stand in their order, those without a product left out.
    """
    body = {name: tree[name] for name in PLAIN if name in tree}
    body |= {name: tree[name] for name in MONEY if name in tree}
    for part, names in (("customer", CUSTOMER), ("ship_to", (*ADDRESS, "lines"))):
        given = tree.get(part, {})
        body[part] = {name: given[name] for name in names if name in given}
    body["ship_to"].setdefault("country", "")
    body["lines"] = [
        {"sku": line["sku"], "quantity": line.get("quantity", "1"),
         **({"unit_price": line["unit_price"]} if "unit_price" in line else {})}
        for line in tree.get("lines", ()) if "sku" in line
    ]  # fmt: skip
    return body


def _rows(values: Mapping[str, str]) -> list[Row]:
    """The lines that name a product, in the order of their fields. Units left empty are one."""
    parts: dict[int, dict[str, str]] = {}
    for name, text in values.items():
        if match := _LINE.fullmatch(name):
            parts.setdefault(int(match[1]), {})[match[2]] = text.strip()
    return [
        Row(index, each["sku"], each.get("quantity", "") or "1", each.get("unit_price", ""))
        for index, each in sorted(parts.items()) if each.get("sku")
    ]  # fmt: skip


def _line(row: Row, wrong: dict[str, str]) -> DraftLine | None:
    at = f"lines/{row.nth}"
    price = _amount(f"{at}/unit_price", row.unit_price, wrong)
    is_number = row.quantity.isascii() and row.quantity.isdecimal() and len(row.quantity) <= 10
    if not is_number or not 1 <= int(row.quantity) <= _UNITS_MAX:
        wrong[f"{at}/quantity"] = BAD_UNITS
        return None
    if len(row.sku) > 64:
        wrong[f"{at}/sku"] = TOO_LONG
        return None
    return DraftLine(sku=row.sku, quantity=int(row.quantity), unit_price=price)


def _amount(name: str, text: str, wrong: dict[str, str]) -> str | None:
    amount = money_text(text)
    if not amount:
        return None
    if not _AMOUNT.fullmatch(amount):
        wrong[name] = BAD_PRICE
        return None
    return amount


def _text(name: str, text: str, wrong: dict[str, str]) -> str:
    text = text.strip()
    if text_problem(text.replace("\n", " ").replace("\t", " ")) is not None:
        wrong[name] = BAD_TEXT
        return ""
    length = _LENGTHS.get(name.rpartition("/")[2], 500)
    if len(text) > length:
        wrong[name] = TOO_LONG
        return text[:length]
    return text


def _plain(amount: str) -> str | None:
    try:
        return amount if money.parse_micro(amount) > 0 else None
    except ValueError:
        return None
