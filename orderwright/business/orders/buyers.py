"""Buyers as a clerk hears of them: found by name, e-mail address, phone or postcode as typed."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from orderwright.business.orders.form import CustomerForm
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values import money
from orderwright.values.contacts import email_key
from orderwright.values.findings import askable
from orderwright.values.forms import AddressForm
from orderwright.values.ids import is_id

BUYERS_MAX = 8
WORDS_MIN = 2
DIGITS_MIN = 4
"""So many digits a phone number is looked for by, as it begins or as it ends."""
_LAST = "\U0010ffff"
_FEW = 40
"""So many of each kind of match are looked at."""


class Buyer(msgspec.Struct, frozen=True):
    """A customer. ship_to: the address the shop keeps as their usual one, else, as payment and the rest, that of their
    last order that may be seen."""

    id: str
    customer: CustomerForm
    ship_to: AddressForm | None = None
    channel: str = ""
    service: str = ""
    payment: str = ""
    order: str = ""
    placed_at: datetime | None = None
    total: str = ""
    currency: str = ""
    line_count: int = 0


def find_buyers(
    tx: Tx, q: str, *, channels: Collection[str] | None = None, sites: Collection[str] | None = None
) -> list[Buyer]:
    """The first few buyers who fit, those with the newest order first. channels, sites: only who ordered there.

    Each kind of match is read off its own index and bounded, however many orders there are.
    """
    found = matching(q, _FEW)
    return _buyers(tx, found.sql, channels, sites, **found.values) if found else []


class Matching(NamedTuple):
    """A statement for the ids of customers who fit what was typed, and its values."""

    sql: str
    values: dict[str, str]


def matching(q: str, few: int) -> Matching | None:
    """Customers who fit, by name, e-mail address, phone or postcode as typed; so many of each kind. None: too short."""
    text = " ".join(q.split())
    if len(text) < WORDS_MIN or not askable([text]):
        return None
    digits = re.sub("[^0-9]", "", text)
    phone = digits.lstrip("0") if len(digits) >= DIGITS_MIN and not re.search("[^0-9 ()+./-]", text) else ""
    kinds = [*_BY_WORDS, *(_BY_PHONE if phone else ())]
    values = {
        "text": text.lower(), "text_end": text.lower() + _LAST, "email": email_key(text),
        "email_end": email_key(text) + _LAST, "code": text.upper(), "code_end": text.upper() + _LAST,
        "digits": phone, "digits_end": phone + ":", "ends": phone[::-1], "ends_end": phone[::-1] + ":",
    }  # fmt: skip
    return Matching(" UNION ".join(f"({each} LIMIT {few})" for each in kinds), values)


def get_buyer(
    tx: Tx, id_: str, *, channels: Collection[str] | None = None, sites: Collection[str] | None = None
) -> Buyer | None:
    """A buyer by id; None for no such one, or none to be seen."""
    found = _buyers(tx, "SELECT %(id)s::uuid AS id", channels, sites, id=id_) if is_id(id_) else []
    return found[0] if found else None


# Ranges of text_pattern_ops instead of LIKE, as in reads.py.
_BY_WORDS = (
    "SELECT id FROM customer WHERE name <> '' AND lower(name) ~>=~ %(text)s AND lower(name) ~<~ %(text_end)s",
    "SELECT id FROM customer WHERE name <> '' AND lower(substring(name from '[^ ]+$')) ~>=~ %(text)s"
    " AND lower(substring(name from '[^ ]+$')) ~<~ %(text_end)s",
    "SELECT id FROM customer WHERE email_key IS NOT NULL AND email_key ~>=~ %(email)s AND email_key ~<~ %(email_end)s",
    "SELECT customer_id FROM orders WHERE postal_code ~>=~ %(code)s AND postal_code ~<~ %(code_end)s"
    " AND postal_code <> '' AND customer_id IS NOT NULL",
    "SELECT id FROM customer WHERE postal_code <> '' AND postal_code ~>=~ %(code)s AND postal_code ~<~ %(code_end)s",
)
_DIGITS = "regexp_replace(phone, '[^0-9]', '', 'g')"
_BY_PHONE = (
    f"SELECT id FROM customer WHERE phone <> '' AND {_DIGITS} ~>=~ %(digits)s AND {_DIGITS} ~<~ %(digits_end)s",
    f"SELECT id FROM customer WHERE phone <> '' AND reverse({_DIGITS}) ~>=~ %(ends)s"
    f" AND reverse({_DIGITS}) ~<~ %(ends_end)s",
)


def kept(ids: str) -> str:
    """The customers that a statement gives, each once; those who were merged as the one they are."""
    found = f"({ids}) AS found JOIN customer m ON m.id = found.id"
    return f"(SELECT DISTINCT coalesce(m.merged_into, m.id) AS id FROM {found})"


def of_erased(tx: Tx, order_ids: Collection[str]) -> set[str]:
    """Orders whose buyer was erased: nothing of them can be written anew. Final while the orders are locked."""
    rows = tx.rows(
        "SELECT o.id::text FROM orders o JOIN customer c ON c.id = o.customer_id"
        " WHERE o.id = ANY(%(ids)s::uuid[]) AND c.erased_at IS NOT NULL",
        ids=array(sorted(set(order_ids))),
    )
    return {row.id for row in rows}


def _buyers(
    tx: Tx, ids: str, channels: Collection[str] | None, sites: Collection[str] | None, **values: Any
) -> list[Buyer]:
    seen = [
        "o.channel = ANY(%(channels)s::text[])" if channels is not None else "",
        "EXISTS (SELECT 1 FROM fulfilment f WHERE f.order_id = o.id AND f.site = ANY(%(sites)s::text[]))"
        if sites is not None else "",
    ]  # fmt: skip
    own = " AND ".join(["o.customer_id = c.id", *filter(None, seen)])
    join = "JOIN" if any(seen) else "LEFT JOIN"
    rows = tx.rows(
        f"""
        SELECT c.id::text, c.email, c.name, c.phone, c.reference, c.addresses, o.number, o.channel, o.service,
               o.placed_at, o.currency, o.total_minor, o.line_count, o.form
        FROM {kept(ids)} AS few JOIN customer c ON c.id = few.id AND c.erased_at IS NULL
        {join} LATERAL (SELECT o.* FROM orders o WHERE {own} ORDER BY o.id DESC LIMIT 1) AS o ON true
        ORDER BY o.id DESC NULLS LAST, c.id LIMIT {BUYERS_MAX}
        """,
        channels=array(channels or ()), sites=array(sites or ()), **values,
    )  # fmt: skip
    return [_buyer(row) for row in rows]


class _Last(msgspec.Struct, frozen=True):
    """What a last order tells of its buyer."""

    ship_to: AddressForm
    payment: dict[str, Any] = {}


def _buyer(row: Any) -> Buyer:
    customer = CustomerForm(email=row.email, name=row.name, phone=row.phone, reference=row.reference)
    usual = next(iter(msgspec.json.decode(row.addresses, type=list[AddressForm])), None)
    if row.number is None:
        return Buyer(row.id, customer, usual)
    try:
        last = msgspec.json.decode(row.form, type=_Last)
    except msgspec.MsgspecError:  # its people were erased
        return Buyer(row.id, customer, usual)
    return Buyer(
        row.id, customer, usual or last.ship_to, row.channel, row.service, str(last.payment.get("state", "unpaid")),
        row.number, row.placed_at, money.format_minor(row.total_minor, row.currency), row.currency, row.line_count,
    )  # fmt: skip
