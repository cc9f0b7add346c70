"""Placing what goes out for a return: at once, so that it is kept aside, and on hold until the return is settled.

The one size somebody wants is the one that is gone a week later, so its stock is promised the moment the exchange is
asked for. It leaves once what comes back was accepted, for until then nobody has paid for it. Nothing is kept aside
for ever: a return of which nothing came in `returns.exchange_days` pays money instead.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from orderwright.business.deeds.exchanging.wishes import Wish
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import Placed, PlaceOrder
from orderwright.business.deeds.replacing import release_judged, replacement_of
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.business.orders.form import LineForm, NewOrder
from orderwright.business.orders.rules import EXCHANGE
from orderwright.business.returns.exchanges import ExchangedFor, NewExchange, insert_exchanges
from orderwright.business.returns.facts import ExchangeWanted
from orderwright.database.rows import array
from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx
from orderwright.values.money import format_minor
from orderwright.values.refusal import Refusal

EXCHANGE_DAYS: Setting[int] = Setting(
    "returns.exchange_days", Annotated[int, Meta(ge=1, le=365)], 21,
    "Days for which what goes out in exchange is kept aside while nothing of its return has come.",
)  # fmt: skip
SETTINGS = (EXCHANGE_DAYS,)


class Wanted(NamedTuple):
    """An exchange that a return asks for."""

    return_id: str
    number: str
    order_id: str
    wishes: Sequence[Wish]
    actor: str


def place_replacements(tx: Tx, wanted: Sequence[Wanted]) -> dict[str, tuple[str, str] | Refusal]:
    """Place what goes out for returns that are being written: (number, order id), or what placing refuses, by return.

    Refuses short_stock where there is not enough of something, as nobody waits for an exchange.
    """
    if not wanted:
        return {}
    forms = _forms(tx, wanted)
    answers = place_orders(tx, [
        PlaceOrder(forms[each.return_id][0], each.actor, customer=forms[each.return_id][1]) for each in wanted
    ])  # fmt: skip
    placed = [(each, answer) for each, answer in zip(wanted, answers, strict=True) if isinstance(answer, Placed)]
    results: dict[str, tuple[str, str] | Refusal] = {
        each.return_id: answer for each, answer in zip(wanted, answers, strict=True) if isinstance(answer, Refusal)
    }
    hold_orders(tx, [
        HoldOrder(number=answer.number, kind=EXCHANGE, note=f"Until {each.number} is settled.", actor=each.actor)
        for each, answer in placed
    ])  # fmt: skip
    release_judged(tx, [(answer, each.actor) for each, answer in placed])
    ids = {number: row.id for number, row in lock_by_number(tx, [answer.number for _, answer in placed]).items()}
    return results | {each.return_id: (answer.number, ids[answer.number]) for each, answer in placed}


def write_exchanges(tx: Tx, placed: Sequence[tuple[Wanted, str, str]]) -> None:
    """Write exchanges of returns that are written: (what was wanted, number and id of its replacement)."""
    lapses_at = tx.now + timedelta(days=value_of(tx, EXCHANGE_DAYS))
    insert_exchanges(tx, [
        NewExchange(each.return_id, order_id, lapses_at,
                    [ExchangedFor(wish.position, wish.sku, wish.units) for wish in each.wishes])
        for each, _, order_id in placed
    ])  # fmt: skip
    for each, number, _ in placed:
        fact = ExchangeWanted(order=number, lines=[(wish.position, wish.sku, wish.units) for wish in each.wishes])
        tx.record("return", each.return_id, fact, actor=each.actor)


def _forms(tx: Tx, wanted: Sequence[Wanted]) -> Mapping[str, tuple[NewOrder, str]]:
    """What is placed, and the customer it is for, by return."""
    rows = tx.rows(
        "SELECT id::text, number, form, customer_id::text FROM orders WHERE id = ANY(%(ids)s::uuid[])",
        ids=array(sorted({each.order_id for each in wanted})),
    )
    originals = {row.id: row for row in rows}
    forms = {}
    for each in wanted:
        original = originals[each.order_id]
        form = msgspec.json.decode(original.form, type=NewOrder)
        lines = [_line(n, wish, form.currency) for n, wish in enumerate(each.wishes, 1)]
        replacement = replacement_of(
            form, original.number, reference=f"{each.number}-EXCHANGE", lines=lines,
            total_minor=sum(wish.total_minor for wish in each.wishes), shortage="refuse",
        )  # fmt: skip
        forms[each.return_id] = replacement, original.customer_id or ""
    return forms


def _line(number: int, wish: Wish, currency: str) -> LineForm:
    return LineForm(
        sku=wish.sku, quantity=wish.units, reference=str(number), unit_price=format_minor(wish.price_minor, currency),
        tax=format_minor(wish.tax_minor * wish.units, currency),
    )  # fmt: skip
