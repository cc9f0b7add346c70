"""Reading an order's money and finding what is wrong with it, all at once. Pure: no clock, no database."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from orderwright.business.orders.form import LineForm, NewOrder
from orderwright.business.orders.rules import Finding, unusual_above
from orderwright.values import money
from orderwright.values.addresses import address_findings
from orderwright.values.codes import text_problem
from orderwright.values.contacts import email_problem, phone_problem
from orderwright.values.forms import AddressForm

CLOCKS_DIFFER_BY = timedelta(hours=1)


class PricedLine(NamedTuple):
    """One line's money, minor units; the unit price in millionths."""

    unit_price_micro: int
    discount_minor: int
    tax_minor: int
    amount_minor: int


class Priced(NamedTuple):
    """An order's money, minor units. total = goods - discount + shipping (+ tax when prices are without)."""

    lines: list[PricedLine]
    goods_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    paid_minor: int | None


class Listed(Protocol):
    """What checking needs to know of the product of a line."""

    @property
    def price_minor(self) -> int:
        """The list price of a unit, minor units of `currency`."""

    @property
    def currency(self) -> str:
        """ISO 4217."""

    @property
    def is_retired(self) -> bool:
        """Whether it is no longer sold."""

    @property
    def usual(self) -> tuple[int, int, int] | None:
        """(lines seen, median, MAD in thousandths of a doubling) of quantities; None without history."""


class ChannelTerms(NamedTuple):
    """What checking needs to know of the order's channel."""

    currency: str
    countries: tuple[str, ...] | None


def price(order: NewOrder, findings: list[Finding]) -> Priced | None:
    """Read all amounts. None, with `bad_money` or `currency_unknown` among the findings, when one cannot be read."""
    currency = order.currency
    try:
        money.digits_of(currency)
    except ValueError:
        findings.append(Finding("currency_unknown", "/currency", {"currency": currency}))
        return None

    def minor(text: str, pointer: str) -> int:
        try:
            return money.parse_minor(text, currency)
        except ValueError as problem:
            findings.append(Finding("bad_money", pointer, {"given": text, "problem": str(problem)}))
            return 0

    lines = [_price_line(line, i, currency, minor, findings) for i, line in enumerate(order.lines)]
    discount = sum([minor(each.amount, f"/discounts/{i}/amount") for i, each in enumerate(order.discounts)])
    shipping = minor(order.shipping.price, "/shipping/price")
    tax = sum([line.tax_minor for line in lines]) + minor(order.shipping.tax, "/shipping/tax")
    total = minor(order.total, "/total")
    paid = None if order.payment.amount is None else minor(order.payment.amount, "/payment/amount")
    if findings and any(finding.code == "bad_money" for finding in findings):
        return None
    goods = sum([line.amount_minor for line in lines])
    if max(abs(goods), abs(discount), abs(tax)) > money.MINOR_MAX:
        facts = {"given": str(len(lines)), "problem": "the lines come to more than 18 digits"}
        findings.append(Finding("bad_money", "/lines", facts))
        return None
    return Priced(lines, goods, discount, shipping, tax, total, paid)


def _price_line(
    line: LineForm,
    index: int,
    currency: str,
    minor: Callable[[str, str], int],
    findings: list[Finding],
) -> PricedLine:
    try:
        unit_micro = money.parse_micro(line.unit_price)
        gross = money.line_amount_minor(line.quantity, unit_micro, currency)
    except ValueError as problem:
        pointer = f"/lines/{index}/unit_price"
        findings.append(Finding("bad_money", pointer, {"given": line.unit_price, "problem": str(problem)}))
        return PricedLine(0, 0, 0, 0)
    discount = 0 if line.discount == "0" else minor(line.discount, f"/lines/{index}/discount")
    tax = 0 if line.tax == "0" else minor(line.tax, f"/lines/{index}/tax")
    amount = gross - discount
    if line.amount is not None:
        given = minor(line.amount, f"/lines/{index}/amount")
        if given != amount:
            facts = {"given": line.amount, "computed": money.format_minor(amount, currency)}
            findings.append(Finding("amount_differs", f"/lines/{index}/amount", facts))
    if unit_micro < 0 or discount < 0 or tax < 0 or amount < 0:
        findings.append(Finding("negative_amount", f"/lines/{index}", {}))
    return PricedLine(unit_micro, discount, tax, amount)


def check_totals(order: NewOrder, priced: Priced, findings: list[Finding]) -> None:
    """The total and what was paid, against the sum of the parts, to the minor unit."""
    expected = _sum_of_parts(order, priced)
    if expected != priced.total_minor:
        facts = {"given": order.total, "computed": money.format_minor(expected, order.currency)}
        findings.append(Finding("total_differs", "/total", facts))
    if priced.discount_minor < 0 or priced.shipping_minor < 0 or priced.total_minor < 0:
        findings.append(Finding("negative_amount", "/total", {}))
    if order.payment.state == "unpaid" and priced.total_minor > 0:
        findings.append(Finding("payment_missing", "/payment", {}))
    elif order.payment.state != "on_account" and priced.paid_minor not in (None, priced.total_minor):
        facts = {"paid": order.payment.amount or "", "total": order.total}
        findings.append(Finding("paid_differs", "/payment/amount", facts))


def expected_total(order: NewOrder) -> str | None:
    """What the parts of an order add up to, as it would be written; None when one of them cannot be read."""
    priced = price(order, [])
    return None if priced is None else money.format_minor(_sum_of_parts(order, priced), order.currency)


def _sum_of_parts(order: NewOrder, priced: Priced) -> int:
    added_tax = 0 if order.prices_include_tax else priced.tax_minor
    return priced.goods_minor - priced.discount_minor + priced.shipping_minor + added_tax


def check_lines(
    order: NewOrder,
    priced: Priced,
    listed: Sequence[Listed | None],
    tolerance_permille: int,
    findings: list[Finding],
) -> None:
    """Products, prices against the list, quantities against what is usual. `listed` goes by line."""
    for index, (line, money_of, product) in enumerate(zip(order.lines, priced.lines, listed, strict=True)):
        if product is None:
            findings.append(Finding("unknown_sku", f"/lines/{index}/sku", {"sku": line.sku}))
            continue
        if product.is_retired:
            findings.append(Finding("retired_sku", f"/lines/{index}/sku", {"sku": line.sku}))
        if product.currency == order.currency:
            list_micro = product.price_minor * 1_000_000 // 10 ** money.digits_of(order.currency)
            off = abs(money_of.unit_price_micro - list_micro)
            if off * 1_000 > tolerance_permille * list_micro:
                facts = {
                    "sku": line.sku, "list": money.format_minor(product.price_minor, order.currency),
                    "charged": line.unit_price,
                }  # fmt: skip
                findings.append(Finding("price_off", f"/lines/{index}/unit_price", facts))
        if line.quantity > (above := unusual_above(product.usual)):
            usual = product.usual[1] if product.usual else None
            told = {"sku": line.sku, "quantity": line.quantity, "usual": usual, "unusual_above": above}
            findings.append(Finding("unusual_quantity", f"/lines/{index}/quantity", told))


def check_people(order: NewOrder, terms: ChannelTerms, now: datetime, findings: list[Finding]) -> None:
    """Address, contact, currency, country, time and the characters of every text."""
    ship_to = order.ship_to
    for code, pointer, facts in address_findings(
        ship_to.country, ship_to.lines, ship_to.city, ship_to.region, ship_to.postal_code, ship_to.name
    ):
        findings.append(Finding(code, "/ship_to" + pointer, facts))
    if terms.countries is not None and ship_to.country not in terms.countries:
        findings.append(Finding("country_unserved", "/ship_to/country", {"country": ship_to.country}))
    if order.currency != terms.currency:
        facts = {"given": order.currency, "channel": terms.currency}
        findings.append(Finding("currency_differs", "/currency", facts))
    customer = order.customer
    if customer.email and (problem := email_problem(customer.email)):
        findings.append(Finding("email_form", "/customer/email", {"problem": problem}))
    phone = customer.phone or ship_to.phone
    if phone and (bad_phone := phone_problem(phone, ship_to.country)):
        pointer = "/customer/phone" if customer.phone else "/ship_to/phone"
        findings.append(Finding("phone_form", pointer, {"problem": bad_phone}))
    if not customer.email and not phone:
        findings.append(Finding("contact_missing", "/customer", {}))
    for pointer, at in (("/placed_at", order.placed_at), ("/ship_before", order.ship_before)):
        if at is not None and at.tzinfo is None:
            findings.append(Finding("time_without_zone", pointer, {}))
            return
    if order.placed_at is not None and order.placed_at > now + CLOCKS_DIFFER_BY:
        findings.append(Finding("placed_in_future", "/placed_at", {"placed_at": order.placed_at.isoformat()}))


def check_texts(order: NewOrder, findings: list[Finding]) -> None:
    """Characters no text may hold: NUL, lone surrogates, controls. Emoji and right-to-left are fine."""
    for pointer, text in _texts(order):
        if problem := text_problem(text):
            findings.append(Finding("bad_text", pointer, {"problem": problem}))


def _texts(order: NewOrder) -> list[tuple[str, str]]:
    customer = order.customer
    texts = [
        ("/channel", order.channel), ("/reference", order.reference), ("/gift_note", order.gift_note),
        ("/service", order.service), ("/customer_reference", order.customer_reference),
        ("/customer/email", customer.email), ("/customer/name", customer.name),
        ("/customer/phone", customer.phone), ("/customer/reference", customer.reference),
        ("/payment/reference", order.payment.reference), ("/payment/gateway", order.payment.gateway),
    ]  # fmt: skip
    texts += _address_texts("/ship_to", order.ship_to)
    if order.bill_to is not None:
        texts += _address_texts("/bill_to", order.bill_to)
    texts += [(f"/tags/{i}", tag) for i, tag in enumerate(order.tags)]
    texts += [(f"/discounts/{i}/code", each.code) for i, each in enumerate(order.discounts)]
    for i, line in enumerate(order.lines):
        texts += [
            (f"/lines/{i}/sku", line.sku), (f"/lines/{i}/reference", line.reference),
            (f"/lines/{i}/title", line.title), (f"/lines/{i}/note", line.note),
            (f"/lines/{i}/gift_note", line.gift_note),
        ]  # fmt: skip
    return texts


def _address_texts(pointer: str, address: AddressForm) -> list[tuple[str, str]]:
    return [
        (pointer + "/country", address.country), (pointer + "/name", address.name),
        (pointer + "/company", address.company), (pointer + "/city", address.city),
        (pointer + "/region", address.region), (pointer + "/postal_code", address.postal_code),
        (pointer + "/phone", address.phone),
        *[(f"{pointer}/lines/{i}", line) for i, line in enumerate(address.lines)],
    ]  # fmt: skip


def differing_fields(mine: Mapping[str, object], theirs: Mapping[str, object]) -> list[str]:
    """Top-level fields in which two forms of the same order differ; lines by their position."""
    fields = []
    for name in sorted(set(mine) | set(theirs)):
        one, other = mine.get(name), theirs.get(name)
        if one == other:
            continue
        if name == "lines" and isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            fields += [f"/lines/{i}" for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        else:
            fields.append(f"/{name}")
    return fields
