"""What placing reads before it decides: who is here already, the products, what is free."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b, sha256

import msgspec

from orderwright.business.billing.reads import known_payments
from orderwright.business.catalog.reads import Catalog, Channel, Product, resolve_codes
from orderwright.business.customers.price_reads import Asker, agreed_prices, agreements
from orderwright.business.deeds.placing.forms import Draft, PlaceOrder
from orderwright.business.orders import checks
from orderwright.business.orders.rules import Finding, far_above
from orderwright.business.routing.lanes import Destination
from orderwright.business.routing.planning import Policy, Want
from orderwright.business.routing.reads import rate_card
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.addresses import normal_postal_code
from orderwright.values.contacts import email_key
from orderwright.values.findings import askable

TOLERANCE_PERMILLE = 250
DUPLICATE_WITHIN = timedelta(hours=24)

encode = msgspec.json.encode


def drafts_of(commands: Sequence[PlaceOrder]) -> list[Draft]:
    """One draft per command, with the form in its one written shape and the hash of it."""
    drafts = []
    for command in commands:
        try:
            form = encode(command.order)
        except UnicodeEncodeError:
            form = b""  # half of a surrogate pair: check_texts says where
        draft = Draft(command, form, sha256(form).digest())
        if not form.isascii() or b"\\u" in form or b"\x7f" in form or not form:
            checks.check_texts(command.order, draft.findings)  # JSON writes control characters as \\u....
        drafts.append(draft)
    return drafts


def existing_orders(tx: Tx, drafts: Sequence[Draft]) -> dict[tuple[str, str], tuple[str, bytes]]:
    """(channel, reference) -> (order id, hash of its form) for those that were taken before."""
    drafts = [draft for draft in drafts if not draft.findings]  # what holds bad texts was never taken
    rows = tx.rows(
        "SELECT k.channel, k.reference, k.order_id::text, k.body_hash"
        " FROM unnest(%(channels)s::text[], %(references)s::text[]) AS asked(channel, reference)"
        " JOIN order_key k USING (channel, reference)",
        channels=array(draft.command.order.channel for draft in drafts),
        references=array(draft.command.order.reference for draft in drafts),
    )
    return {(row.channel, row.reference): (row.order_id, bytes(row.body_hash)) for row in rows}


def find_products(tx: Tx, catalog: Catalog, drafts: Sequence[Draft]) -> dict[str, Product]:
    """All products and kit components the drafts speak of; each draft learns the sku of its lines."""
    asked = {line.sku for draft in drafts for line in draft.command.order.lines}
    if any(draft.findings for draft in drafts):
        asked = set(askable(asked))
    products = catalog.products(tx, asked)
    aliases: dict[Name, str] = {}
    if len(products) < len(asked):
        unknown = {name for draft in drafts for name in _names_of(draft, tx.now) if name[1] not in products}
        aliases = resolve_codes(tx, unknown)
        products.update(catalog.products(tx, aliases.values()))
    for draft in drafts:
        meant = {name[1]: aliases[name] for name in _names_of(draft, tx.now) if name in aliases} if aliases else {}
        draft.products = [
            line.sku if line.sku in products else meant.get(line.sku) for line in draft.command.order.lines
        ]
    parts = {sku for product in list(products.values()) for sku, _ in product.components}
    products.update(catalog.products(tx, parts))
    return products


Name = tuple[str, str, datetime]
"""What a channel calls a product, at a moment."""


def _names_of(draft: Draft, now: datetime) -> Iterator[Name]:
    """The names of a draft's products: as they are now, then, counting more, as they were when it was sold."""
    sold_at = draft.sold_at or draft.command.order.placed_at
    for at in (now,) if sold_at is None or sold_at.tzinfo is None else (now, sold_at):
        for line in draft.command.order.lines:
            name = draft.command.order.channel, line.sku
            if not draft.findings or len(askable(name)) == len(set(name)):
                yield *name, at


def check(draft: Draft, channel: Channel, products: Mapping[str, Product], tx: Tx) -> None:
    """All findings that need no look at other orders, and the draft's wants and policy."""
    order, findings = draft.command.order, draft.findings
    priced = checks.price(order, findings)
    policy = channel.policy
    checks.check_people(order, checks.ChannelTerms(channel.currency, policy.countries), tx.now, findings)
    services = rate_card(tx).offered_to(order.ship_to.country)
    if order.service not in services:
        findings.append(Finding("service_unknown", "/service", {"service": order.service, "known": services}))
    if priced is None:
        return
    draft.priced = priced
    found = [products[sku] if sku else None for sku in draft.products]
    tolerance = policy.price_tolerance_permille
    checks.check_totals(order, priced, findings)
    checks.check_lines(order, priced, found, TOLERANCE_PERMILLE if tolerance is None else tolerance, findings)
    asked = order.policy
    draft.policy = Policy(
        asked.shortage or policy.shortage or "backorder",
        asked.split or policy.split or "cheapest",
        (policy.ship_complete or False) if asked.ship_complete is None else asked.ship_complete,
        policy.split_value_min_minor or 0,
    )
    draft.wants = [
        _want(i, line.quantity, product, products, priced.lines[i].amount_minor)
        for i, (line, product) in enumerate(zip(order.lines, found, strict=True))
        if product is not None
    ]
    postal_code = normal_postal_code(order.ship_to.country, order.ship_to.postal_code)
    draft.destination = Destination(order.ship_to.country, postal_code, order.service)
    draft.email_key = email_key(order.customer.email)
    paid = priced.total_minor if priced.paid_minor is None else priced.paid_minor
    draft.is_paid = order.payment.state in ("paid", "authorised") and paid > 0
    draft.fingerprint = _fingerprint(draft)


def _want(index: int, quantity: int, product: Product, products: Mapping[str, Product], amount: int) -> Want:
    components = product.components or ((product.sku, 1),)
    weight = product.weight_g or sum(products[sku].weight_g * units for sku, units in product.components)
    return Want(index + 1, quantity, components, weight, amount // quantity)


def _fingerprint(draft: Draft) -> int:
    """Who bought what, as 63 bits; 0 for a buyer nobody could recognise, and for a form nobody can write down."""
    order = draft.command.order
    who = draft.email_key or order.customer.phone or order.customer.reference
    if not who or not draft.form:
        return 0
    what = sorted((line.sku, line.quantity) for line in order.lines)
    digest = blake2b(encode((who, order.ship_to.postal_code, what)), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def excuse_regulars(tx: Tx, drafts: Sequence[Draft]) -> None:
    """Drop `unusual_quantity` where the buyer's own orders make it usual. One statement, none without such a line."""
    asked = {
        (draft.email_key, draft.products[_line_of(finding)] or "")
        for draft in drafts for finding in draft.findings if finding.code == "unusual_quantity" and draft.email_key
    }  # fmt: skip
    if not asked:
        return
    rows = tx.rows(
        "SELECT c.email_key, u.sku, u.median, u.mad_milli"
        " FROM unnest(%(keys)s::text[], %(skus)s::text[]) AS asked(email_key, sku)"
        " JOIN customer c USING (email_key) JOIN usual_quantity u ON u.customer_id = c.id AND u.sku = asked.sku",
        keys=array(key for key, _ in asked), skus=array(sku for _, sku in asked),
    )  # fmt: skip
    usual = {(row.email_key, row.sku): (row.median, row.mad_milli) for row in rows}
    for draft in drafts:
        draft.findings = [each for each in draft.findings if not _is_excused(draft, each, usual)]


def _is_excused(draft: Draft, finding: Finding, usual: Mapping[tuple[str, str], tuple[int, int]]) -> bool:
    if finding.code != "unusual_quantity":
        return False
    index = _line_of(finding)
    own = usual.get((draft.email_key, draft.products[index] or ""))
    return own is not None and draft.command.order.lines[index].quantity <= far_above(*own)


def _line_of(finding: Finding) -> int:
    return int(finding.pointer.split("/")[2])


def excuse_agreed(tx: Tx, drafts: Sequence[Draft]) -> None:
    """Drop `price_off` where the price is what was agreed with the buyer. No statement without such a line."""
    doubted = [draft for draft in drafts if any(each.code == "price_off" for each in draft.findings)]
    if not doubted:
        return
    agreed = agreements(tx, [Asker(draft.command.customer, draft.command.order.customer.email) for draft in doubted])
    skus = [[sku for sku in draft.products if sku] for draft in doubted]
    currencies = [draft.command.order.currency for draft in doubted]
    prices = agreed_prices(tx, list(zip(agreed, currencies, skus, strict=True)))
    for draft, own in zip(doubted, prices, strict=True):
        draft.findings = [each for each in draft.findings if not _is_agreed(draft, each, own)]


def _is_agreed(draft: Draft, finding: Finding, prices: Mapping[str, int]) -> bool:
    if finding.code != "price_off":
        return False
    index = _line_of(finding)
    return draft.priced.lines[index].unit_price_micro == prices.get(draft.products[index] or "")


def check_history(tx: Tx, drafts: Sequence[Draft]) -> None:
    """Probable duplicates: the same buyer and basket under another reference within a day."""
    seen: dict[int, tuple[str, str]] = {}
    known = [draft for draft in drafts if draft.fingerprint]
    if not known:
        return
    rows = tx.rows(
        """
        SELECT o.fingerprint, o.number, o.reference
        FROM unnest(%(prints)s::bigint[]) AS asked(fingerprint)
        CROSS JOIN LATERAL (SELECT fingerprint, number, reference FROM orders
                            WHERE fingerprint = asked.fingerprint AND placed_at > %(since)s
                            ORDER BY placed_at DESC, id DESC LIMIT 1) o
        """,
        prints=array({draft.fingerprint for draft in known}), since=tx.now - DUPLICATE_WITHIN,
    )  # fmt: skip
    for row in rows:
        seen[row.fingerprint] = (row.number, row.reference)
    for draft in known:
        twin = seen.get(draft.fingerprint)
        if twin is not None:
            facts = {"number": twin[0], "reference": twin[1]}
            draft.findings.append(Finding("probable_duplicate", "", facts))
        else:
            seen[draft.fingerprint] = ("", draft.command.order.reference)


def check_payments(tx: Tx, drafts: Sequence[Draft]) -> None:
    """Payments that belong to another order already: this one waits until accounts know whose money it is."""
    paid = [draft for draft in drafts if draft.is_paid and draft.command.order.payment.reference]
    if not paid:
        return
    keys = [(payment.gateway, payment.reference) for payment in (draft.command.order.payment for draft in paid)]
    used = set(known_payments(tx, keys))
    for draft, key in zip(paid, keys, strict=True):
        if key in used:
            facts = {"gateway": key[0], "reference": key[1]}
            draft.findings.append(Finding("payment_used", "/payment/reference", facts))
            draft.is_paid = False
        used.add(key)


def find_customers(tx: Tx, drafts: Sequence[Draft]) -> dict[str, str]:
    """email key -> customer id, for customers we have, and id -> id for those whom commands name; of one who was merged
    the id of who they are, and nothing of one who was erased.

    Nobody joins or erases them until the order is written: both lock them, and look again at what they ordered.
    """
    keys = {draft.email_key for draft in drafts if draft.email_key}
    named = {draft.command.customer for draft in drafts if draft.command.customer}
    if not keys and not named:
        return {}
    rows = tx.rows(
        "SELECT id::text AS own, email_key, coalesce(merged_into, id)::text AS id FROM customer"
        " WHERE (email_key = ANY(%(keys)s::text[]) OR id = ANY(%(named)s::uuid[])) AND erased_at IS NULL"
        " ORDER BY customer.id FOR KEY SHARE",
        keys=array(keys), named=array(named),
    )  # fmt: skip
    by_id = {row.own: row.id for row in rows if row.own in named}
    return by_id | {row.email_key: row.id for row in rows if row.email_key in keys}


def read_free(tx: Tx, skus: set[str], *, lock: bool) -> dict[tuple[str, str], int]:
    """(sku, site) -> units nobody has a claim on, in that order: it decides between plans that cost the same.

    With `lock`, the rows stay ours.
    """
    rows = tx.tuples(
        "SELECT sku, site, on_hand - allocated - waiting - safety_stock AS free FROM availability"
        " WHERE sku = ANY(%(skus)s::text[]) ORDER BY sku, site" + (" FOR UPDATE" if lock else ""),
        skus=array(skus),
    )
    return {(sku, site): free for sku, site, free in rows}
