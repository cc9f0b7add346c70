"""What the rows of one order say together: reference, time, customer, addresses, charges, payment."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from orderwright.business.imports.fields import ORDER_FIELDS
from orderwright.business.imports.findings import Finding
from orderwright.business.imports.lines import RUINED_CODE, LineReader, Memo
from orderwright.business.imports.profile import Profile
from orderwright.business.imports.times import read_time
from orderwright.business.imports.words import find_country, folded
from orderwright.business.orders.form import CustomerForm, PaymentForm
from orderwright.values.forms import AddressForm
from orderwright.values.money import digits_of, format_minor

_PAYMENT_STATES = {
    "unpaid": "unpaid",
    "pending": "unpaid",
    "authorised": "authorised",
    "authorized": "authorised",
    "paid": "paid",
    "on account": "on_account",
}
_AMOUNTS = ("shipping_price", "shipping_tax", "order_discount", "order_tax", "total", "payment_amount")


def is_currency(code: str) -> bool:
    """Whether amounts can be told in it."""
    try:
        return digits_of(code) >= 0
    except ValueError:
        return False


class Head(msgspec.Struct):
    """An order's own fields. Amounts in minor units; None where the file says nothing."""

    reference: str
    channel: str
    currency: str
    placed_at: datetime | None
    customer: CustomerForm
    ship_to: AddressForm
    bill_to: AddressForm | None
    payment: PaymentForm
    texts: Mapping[str, str]
    amounts: Mapping[str, int]
    clock_change: bool = False


class HeadReader:
    """Reads the fields of an order by a profile."""

    def __init__(self, profile: Profile, columns: Mapping[str, int], lines: LineReader) -> None:
        self._profile, self._lines = profile, lines
        self.columns = {field: at for field, at in columns.items() if field in ORDER_FIELDS}
        zone, formats = ZoneInfo(profile.times.zone), profile.times.formats
        self._times = Memo(partial(read_time, formats=formats, zone=zone))
        self._countries = Memo(partial(find_country, own=profile.countries))
        self._states = {folded(name): state for name, state in profile.payment.states.items()}

    def read(self, reference: str, texts: Mapping[str, str], findings: list[Finding]) -> Head | None:
        """The head in `texts` (trimmed, by field, none empty), or None after adding why not."""
        before = len(findings)
        for field, text in (("reference", reference), *texts.items()):
            rule = ORDER_FIELDS[field]
            if len(text) > rule.chars_max:
                findings.append(Finding(field, "too_long", text))
            elif rule.kind in ("code", "phone") and RUINED_CODE.fullmatch(text):
                findings.append(Finding(field, "ruined_code", text))
        currency = texts.get("currency", self._profile.currency).upper()
        if not is_currency(currency):
            findings.append(Finding("currency", "unknown_currency" if currency else "missing", currency))
            return None
        at, clock_change = self._time(texts, findings)
        amounts = self._amounts(texts, currency, findings)
        head = Head(
            reference,
            texts.get("channel", self._profile.channel),
            currency,
            at,
            self._customer(texts, findings),
            self._ship_to(texts, findings),
            self._bill_to(texts, findings),
            self._payment(texts, amounts, currency, findings),
            texts,
            amounts,
            clock_change,
        )
        return head if len(findings) == before else None

    def earliest(self, texts: Sequence[str]) -> str:
        """Of several times one order bears, the one it was placed at; the first that cannot be read wins."""
        read = [(self._times[text], text) for text in texts]
        unread = [text for instant, text in read if instant is None]
        return unread[0] if unread else min((instant.at, text) for instant, text in read if instant)[1]

    def _time(self, texts: Mapping[str, str], findings: list[Finding]) -> tuple[datetime | None, bool]:
        parts = [texts[field] for field in ("placed_at", "placed_time") if field in texts]
        if not parts:
            return None, False
        instant = self._times[" ".join(parts)]
        if instant is None:
            findings.append(Finding("placed_at", "not_a_time", " ".join(parts)))
            return None, False
        return instant

    def _amounts(self, texts: Mapping[str, str], currency: str, findings: list[Finding]) -> dict[str, int]:
        amounts = {}
        for field in _AMOUNTS:
            if field in texts:
                amount = self._lines.money(texts[field], currency)
                if amount is None:
                    findings.append(Finding(field, "not_an_amount", texts[field]))
                else:
                    amounts[field] = amount
        return amounts

    def _customer(self, texts: Mapping[str, str], findings: list[Finding]) -> CustomerForm:
        number = texts.get("customer_id", "")
        if self._profile.customers.id_is_number:
            whole, _, fraction = number.partition(".")
            number = whole if not fraction.strip("0") else number
        customer = CustomerForm(
            email=texts.get("customer_email", ""),
            name=texts.get("customer_name", ""),
            phone=texts.get("customer_phone", ""),
            reference=number,
        )
        if self._profile.customers.missing == "refuse" and customer == CustomerForm():
            findings.append(Finding("customer_id", "missing"))
        return customer

    def _ship_to(self, texts: Mapping[str, str], findings: list[Finding]) -> AddressForm:
        """Where to; to the customer by name where the file names nobody else."""
        to = self._address("ship", texts, findings)
        return to if to.name or to.company else msgspec.structs.replace(to, name=texts.get("customer_name", ""))

    def _bill_to(self, texts: Mapping[str, str], findings: list[Finding]) -> AddressForm | None:
        if any(field.startswith("bill_") for field in texts):
            return self._address("bill", texts, findings)
        return None

    def _address(self, role: str, texts: Mapping[str, str], findings: list[Finding]) -> AddressForm:
        name = texts.get(f"{role}_country", "")
        country = self._countries[name] if name else self._profile.country
        if country is None:
            findings.append(Finding(f"{role}_country", "unknown_country", name))
        lines = [texts[field] for n in (1, 2, 3) if (field := f"{role}_line_{n}") in texts]
        return AddressForm(
            country=country or "",
            name=texts.get(f"{role}_name", ""),
            company=texts.get(f"{role}_company", ""),
            lines=lines,
            city=texts.get(f"{role}_city", ""),
            region=texts.get(f"{role}_region", ""),
            postal_code=texts.get(f"{role}_postal_code", ""),
            phone=texts.get(f"{role}_phone", ""),
        )

    def _payment(
        self, texts: Mapping[str, str], amounts: Mapping[str, int], currency: str, findings: list[Finding]
    ) -> PaymentForm:
        part = self._profile.payment
        state = part.state
        if word := texts.get("payment_state", ""):
            known = self._states.get(folded(word)) or _PAYMENT_STATES.get(folded(word))
            if known is None:
                findings.append(Finding("payment_state", "unknown_payment_state", word))
            else:
                state = known  # type: ignore[assignment]
        paid = amounts.get("payment_amount")
        return PaymentForm(
            state=state,
            gateway=texts.get("payment_gateway", part.gateway),
            reference=texts.get("payment_reference", ""),
            amount=None if paid is None else format_minor(paid, currency),
        )
