"""What becomes of an order that was written down: an order at once, or a quote, and later an order of that."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from orderwright.business.catalog.clock import time_zone_of
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing import reading
from orderwright.business.deeds.placing.answers import told
from orderwright.business.deeds.placing.forms import Draft, Placed, PlaceOrder
from orderwright.business.deeds.previewing import look_ahead, stopping
from orderwright.business.orders.form import NewOrder
from orderwright.business.quotes.actions import name_of
from orderwright.business.quotes.forms import DraftForm, MakeQuote, OfDraft, OrderQuote, PlaceDraft, QuoteRow
from orderwright.business.quotes.reading import order_of, pricings_of, products_of
from orderwright.business.quotes.reads import quotes_by_number
from orderwright.business.quotes.rows import (
    KeptDraft,
    NewQuote,
    insert_quotes,
    keep_drafts,
    lock_drafts,
    lock_quotes,
    mark_ordered,
    next_quote_numbers,
    quotes_of_drafts,
)
from orderwright.business.quotes.rules import expires_at, is_sensible_end, reference_of
from orderwright.database.tx import Tx
from orderwright.values.contacts import email_key
from orderwright.values.findings import Finding, refusal_of, text_findings
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal

NO_LINES = Finding("/lines", "missing", "An order has at least one line.")
BAD_END = Finding(
    "/valid_until", "out_of_range", "A quote is good until today at the earliest, and for a year at most."
)


def place_drafts(tx: Tx, commands: Sequence[PlaceDraft]) -> list[Placed | Refusal]:
    """Make orders of drafts, which are gone then; one `Placed` or Refusal per command.

    A draft becomes one order, whose reference is made of the draft's id: placed again as it was it answers `repeated`,
    with other contents it is refused with order_differs. Refuses what placing refuses, would_be_held (findings)
    unless `anyway`, malformed, not_found, stale (version).
    """
    drafts, found = _read(tx, commands)
    orders = _orders_of(tx, commands, found)
    fresh = {i: order for i, order in orders.items() if not commands[i].anyway}
    found.update(_doubts(tx, fresh))
    found.update(_placed(tx, {i: order for i, order in orders.items() if not isinstance(found[i], Refusal)}))
    done = {commands[i].id for i, each in found.items() if isinstance(each, Placed)}
    keep_drafts(tx, [each._replace(is_gone=True) for id_, each in drafts.items() if id_ in done])
    return [found[i] for i in range(len(commands))]


def make_quotes(tx: Tx, commands: Sequence[MakeQuote]) -> list[QuoteRow | Refusal]:
    """Make quotes of drafts, which are gone then; one `QuoteRow` or Refusal per command.

    A draft becomes one quote: made again as it was it answers with that. Refuses quote_differs (number) when it was
    made with other contents, order_refused for what placing would refuse, malformed, not_found, stale (version).
    """
    drafts, found = _read(tx, commands)
    zone = time_zone_of(tx)
    for i, command in enumerate(commands):
        if not isinstance(found[i], Refusal) and not is_sensible_end(command.valid_until, tx.now, zone):
            found[i] = refusal_of([BAD_END])
    orders = _orders_of(tx, commands, found)
    known = quotes_of_drafts(tx, [commands[i].id for i in orders])
    new: dict[str, NewQuote] = {}
    ahead = look_ahead(tx, list(orders.values()))
    numbers = next_quote_numbers(tx, len(orders))
    for i, number, draft in zip(orders, numbers, ahead, strict=True):
        command, before = commands[i], known.get(commands[i].id)
        own = new.get(command.id)
        if before is None and own is None:
            found[i] = _new_quote(command, found[i], draft, number, zone)
            if isinstance(found[i], NewQuote):
                new[command.id] = found[i]
        else:
            found[i] = _same(command, draft, before or own)
    insert_quotes(tx, list(new.values()))
    done = {commands[i].id for i, each in found.items() if not isinstance(each, Refusal)}
    keep_drafts(tx, [each._replace(is_gone=True) for id_, each in drafts.items() if id_ in done])
    now = quotes_by_number(tx, [each if isinstance(each, str) else each.number for each in _made(found)])
    return [
        each if isinstance(each, Refusal) else now[each if isinstance(each, str) else each.number].row
        for each in (found[i] for i in range(len(commands)))
    ]


def order_quotes(tx: Tx, commands: Sequence[OrderQuote]) -> list[Placed | Refusal]:
    """Turn quotes into orders; one `Placed` or Refusal per command. Quotes are locked before orders.

    One that was ordered before answers with its order, `repeated`. Refuses not_found (also when its people were
    erased), quote_expired (valid_until), quote_step (withdrawn), would_be_held (findings) unless `anyway`, and what
    placing refuses.
    """
    quotes = lock_quotes(tx, [each.number for each in commands])
    found: dict[int, Any] = {}
    orders: dict[int, PlaceOrder] = {}
    for i, command in enumerate(commands):
        quote = quotes.get(command.number)
        found[i] = _not_now(tx, command, quote)
        if quote is not None and found[i] is None:
            order = msgspec.json.decode(quote.form, type=NewOrder)
            orders[i] = PlaceOrder(order=order, actor=command.actor, customer=quote.customer_id)
    fresh = {
        i: order for i, order in orders.items()
        if not commands[i].anyway and quotes[commands[i].number].ordered_at is None
    }  # fmt: skip
    found.update(_doubts(tx, fresh))
    placed = _placed(tx, {i: order for i, order in orders.items() if not isinstance(found[i], Refusal)})
    found.update(placed)
    taken = {
        commands[i].number: (each.number, commands[i].actor) for i, each in placed.items() if isinstance(each, Placed)
    }
    mark_ordered(tx, [(quote, order, actor) for quote, (order, actor) in taken.items()])
    return [found[i] for i in range(len(commands))]


def _read(tx: Tx, commands: Sequence[OfDraft]) -> tuple[dict[str, KeptDraft], dict[int, Any]]:
    """The kept drafts, locked; and for each command its form or why not."""
    drafts = lock_drafts(tx, [each.id for each in commands])
    found: dict[int, Any] = {}
    for i, command in enumerate(commands):
        kept = drafts.get(command.id)
        form = command.form
        if not is_id(command.id) or (kept is not None and kept.owner != command.actor) or not (kept or form):
            found[i] = Refusal("not_found", draft=command.id)
        elif kept is not None and command.version is not None and command.version != kept.version:
            found[i] = Refusal("stale", version=kept.version)
        else:
            form = form or msgspec.json.decode(kept.form if kept else "{}", type=DraftForm)
            findings = [*text_findings(form), *([] if form.lines else [NO_LINES])]
            found[i] = refusal_of(findings) if findings else form
    return drafts, found


def _orders_of(tx: Tx, commands: Sequence[OfDraft], found: Mapping[int, Any]) -> dict[int, PlaceOrder]:
    """The orders that sound forms describe. One for no channel we know is left for placing to refuse."""
    forms = {i: each for i, each in found.items() if not isinstance(each, Refusal)}
    products = products_of(tx, list(forms.values()))
    pricings = pricings_of(tx, list(forms.values()), products)
    return {
        i: PlaceOrder(
            order=order_of(form, reference_of(commands[i].id), pricing, products, commands[i].total),
            actor=commands[i].actor, customer=pricing.agreed.customer if pricing.agreed else "",
        )
        for (i, form), pricing in zip(forms.items(), pricings, strict=True)
    }  # fmt: skip


def _doubts(tx: Tx, orders: Mapping[int, PlaceOrder]) -> dict[int, Refusal]:
    """Refusals of those that would be refused, or held though nobody wanted that. Those placed before have none."""
    placed = reading.existing_orders(tx, reading.drafts_of(list(orders.values())))
    ahead = look_ahead(tx, list(orders.values()))
    doubts: dict[int, Refusal] = {}
    for i, draft in zip(orders, ahead, strict=True):
        if (draft.command.order.channel, draft.command.order.reference) in placed:
            continue
        if findings := stopping(draft):
            code = "order_refused" if findings[0].severity == "refuse" else "would_be_held"
            doubts[i] = Refusal(code, findings=findings)
    return doubts


def _placed(tx: Tx, orders: Mapping[int, PlaceOrder]) -> dict[int, Any]:
    return dict(zip(orders, place_orders(tx, list(orders.values())), strict=True))


def _new_quote(command: MakeQuote, form: DraftForm, draft: Draft, number: str, zone: str | None) -> NewQuote | Refusal:
    findings = [each for each in told(draft) if each.severity == "refuse"]
    if findings:
        return Refusal("order_refused", findings=findings)
    order = msgspec.structs.replace(draft.command.order, reference=number)
    return NewQuote(
        command.id, number, order.channel, name_of(form), email_key(order.customer.email), order.currency,
        draft.priced.total_minor, command.valid_until, expires_at(command.valid_until, zone),
        msgspec.json.encode(order).decode(), _hash(draft), command.actor, draft.command.customer or None,
    )  # fmt: skip


def _same(command: MakeQuote, draft: Draft, quote: Any) -> str | Refusal:
    """The number of the quote there is, if it says the same."""
    is_same = bytes(quote.form_hash) == _hash(draft) and quote.valid_until == command.valid_until
    return str(quote.number) if is_same else Refusal("quote_differs", number=quote.number)


def _hash(draft: Draft) -> bytes:
    return sha256(msgspec.json.encode(draft.command.order)).digest()


def _made(found: Mapping[int, Any]) -> list[Any]:
    return [each for each in found.values() if not isinstance(each, Refusal)]


def _not_now(tx: Tx, command: OrderQuote, quote: Any) -> Refusal | None:
    if quote is None or not quote.form.startswith("{"):
        return Refusal("not_found", quote=command.number)
    if quote.ordered_at is None and quote.withdrawn_at is not None:
        return Refusal("quote_step", number=command.number, state="withdrawn")
    if quote.ordered_at is None and (command.accepted_at or tx.now) >= quote.expires_at:
        return Refusal("quote_expired", number=command.number, valid_until=quote.valid_until)
    return None
