"""What the demo leaves for whoever looks at its shop: an order to judge, an order to pick, and a return to take.

Each is made on purpose, through the actions any shop uses, at the very end. As long as the one of last time waits, no
other is made; where somebody settled it, the next one is.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Literal

import msgspec

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.pack import pack
from orderwright.business.deeds.pick import pick
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import Placed, PlaceOrder
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.orders.form import CustomerForm, LineForm, NewOrder, PaymentForm
from orderwright.business.returns.forms import AskedLine, AskReturn
from orderwright.business.shipping.forms import HandOver, Pack, ParcelForm
from orderwright.business.warehouse.forms import Pick, Release
from orderwright.database.store import Store
from orderwright.database.tx import Tx
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.goods import Good
from orderwright.doors.demo.opening import CHANNEL
from orderwright.doors.demo.sites import TOWNS, Town
from orderwright.values.forms import AddressForm
from orderwright.values.refusal import Refusal

ACTOR = "demo"
PREFIX = "FOR-YOU-"
TOO_DEAR = 3
"""So many times the list price is beyond what any shop of ours lets through."""
GOODS_LOOKED_AT = 200


class Task(msgspec.Struct, frozen=True):
    """Something that waits for the visitor. where: its address in the console, from the first slash on."""

    kind: Literal["exception", "pick", "return"]
    order: str
    where: str
    says: str


def leave_work(store: Store, goods: Sequence[Good], label: Callable[[], object]) -> list[Task]:
    """See to it that one exception, one pick and one return wait, and say where.

    goods: those asked for most first. label: has the outside do what is due, so that packed parcels get their labels.
    """
    return [_exception(store, goods), _pick(store, goods), _return(store, goods, label)]


def _exception(store: Store, goods: Sequence[Good]) -> Task:
    """An order whose price is far off the list: charged and listed price stand side by side."""
    found = _first(store, _WAITING_EXCEPTION)
    if found is None:
        with store.read() as tx:
            sku = next(_free_goods(tx, goods, TOWNS[0]), goods[0])
        _place(store, sku, TOWNS[0], "PRICE", times=TOO_DEAR)
        found = _first(store, _WAITING_EXCEPTION)
    if found is None:
        raise RuntimeError("the demo's dear order was not stopped")
    says = "was charged three times the list price, and waits for somebody to say whether that is right"
    return Task("exception", found.number, f"/exceptions/{found.id}", says)


def _pick(store: Store, goods: Sequence[Good]) -> Task:
    """An order let out at a site, whose goods nobody has begun to fetch."""
    for town in TOWNS:
        if (found := _first(store, _WAITING_PICK)) is not None:
            return _picking(found)
        with store.read() as tx:
            good = next(_free_goods(tx, goods, town), None)
        if good is not None:
            placed = _place(store, good, town, "PICK")
            out = [Release(fulfilment_id=each.id, actor=ACTOR) for each in placed.fulfilments]
            in_parts(store, release_fulfilments, out, len(out) or 1)
    # Every site let out as much as it may today: then its own work waits to be picked.
    found = _first(store, _WAITING_PICK) or _first(store, _ANY_PICK)
    if found is None:
        raise RuntimeError("nothing in the demo's shop can be picked")
    return _picking(found)


def _picking(found: Any) -> Task:
    where = f"/floor/begin/pick?site={found.site}"
    return Task(
        "pick", found.number, where, f"is let out in {found.site} and waits for a picker; any name will do for a tote"
    )


def _return(store: Store, goods: Sequence[Good], label: Callable[[], object]) -> Task:
    """Something a customer announced to send back, on its way to the returns bench."""
    if (found := _first(store, _WAITING_RETURN)) is None:
        sent = _first(store, _SENT) or _send_one(store, goods, label)
        line = AskedLine(position=sent.position, quantity=1, reason="unwanted")
        (asked,) = in_parts(store, ask_returns, [AskReturn(number=sent.number, lines=[line], actor=PREFIX)], 1)
        if isinstance(asked, Refusal):
            raise RuntimeError(f"the demo's return was refused: {asked!r}")
        found = _first(store, _WAITING_RETURN)
    where = f"/floor/begin/return?site={found.site}"
    says = "has a return announced: begin at the returns bench, and write the order's number for the return"
    return Task("return", found.number, where, says)


def _send_one(store: Store, goods: Sequence[Good], label: Callable[[], object]) -> Any:
    """Send an order through the house at once, where the days lived through are too few to have sent any."""
    for town in TOWNS:
        with store.read() as tx:
            good = next(_free_goods(tx, goods, town), None)
        if good is None:
            continue
        parts = _place(store, good, town, "SENT").fulfilments
        if not parts:
            continue
        part = parts[0]
        in_parts(store, release_fulfilments, [Release(fulfilment_id=part.id, actor=ACTOR)], 1)
        with store.read() as tx:
            tasks = tx.rows(
                "SELECT id::text, quantity - picked AS units FROM pick_task"
                " WHERE fulfilment_id = %(id)s::uuid AND state = 'open'", id=part.id,
            )  # fmt: skip
        in_parts(store, pick, [Pick(task_id=each.id, quantity=each.units, actor=ACTOR) for each in tasks], 1)
        form = ParcelForm(weight_g=good.weight_g, own_packing=True)
        in_parts(store, pack, [Pack(fulfilment_id=part.id, parcels=[form], confirm=True, actor=ACTOR)], 1)
        label()
        with store.read() as tx:
            parcels = tx.rows("SELECT id::text FROM parcel WHERE fulfilment_id = %(id)s::uuid", id=part.id)
        in_parts(store, hand_over, [HandOver(parcel_id=each.id, actor=ACTOR) for each in parcels], 1)
        if (sent := _first(store, _SENT)) is not None:
            return sent
    raise RuntimeError("nothing could be sent from the demo's shop")


def _place(store: Store, good: Good, town: Town, word: str, *, times: int = 1) -> Placed:
    """Place an order of one unit, with what it says to the visitor in its reference."""
    with store.read() as tx:
        n = tx.row(
            "SELECT count(*)::int AS n FROM orders WHERE channel = %(channel)s AND reference LIKE %(like)s",
            channel=CHANNEL, like=f"{PREFIX}%",
        ).n  # fmt: skip
    price = str(Decimal(good.price) * times)
    ship_to = AddressForm(
        country="GB", name="Vera Visitor", lines=[f"{n + 1} Sample Street"], city=town.name,
        postal_code=town.postal_code,
    )  # fmt: skip
    order = NewOrder(
        channel=CHANNEL, reference=f"{PREFIX}{word}-{n + 1}", currency="GBP", ship_to=ship_to,
        lines=[LineForm(sku=good.sku, quantity=1, unit_price=price)], total=price,
        customer=CustomerForm(email=f"vera-{n + 1}@example.org", name="Vera Visitor"),
        payment=PaymentForm(state="authorised", reference=f"visitor-{n + 1}"),
    )  # fmt: skip
    (placed,) = in_parts(store, place_orders, [PlaceOrder(order, ACTOR, "file")], 1)
    if isinstance(placed, Refusal):
        raise RuntimeError(f"the demo's own order was refused: {placed!r}")
    found: Placed = placed
    return found


def _free_goods(tx: Tx, goods: Sequence[Good], town: Town) -> Iterator[Good]:
    """Goods of which a site has some that is promised to nobody, cheap ones left out, those wanted most first."""
    looked_at = [good for good in goods if Decimal(good.price) >= 1][:GOODS_LOOKED_AT]
    rows = tx.rows(
        "SELECT sku FROM availability WHERE site = %(site)s AND sku = ANY(%(skus)s::text[])"
        " AND on_hand - allocated - waiting - safety_stock > 0",
        site=town.code, skus=[good.sku for good in looked_at],
    )  # fmt: skip
    free = {row.sku for row in rows}
    yield from (good for good in looked_at if good.sku in free)


def _first(store: Store, sql: str) -> Any:
    with store.read() as tx:
        return tx.row(sql, mine=f"{PREFIX}%", actor=PREFIX)


_WAITING_EXCEPTION = """
    SELECT e.id::text, o.number FROM exception e JOIN orders o ON o.id = e.order_id
    WHERE e.closed_at IS NULL AND o.reference LIKE %(mine)s ORDER BY e.opened_at, e.id LIMIT 1
    """
_ANY_PICK = """
    SELECT o.number, f.site FROM pick_task t JOIN fulfilment f ON f.id = t.fulfilment_id
    JOIN orders o ON o.id = f.order_id AND NOT o.is_held
    WHERE t.state = 'open' AND t.batch_id IS NULL ORDER BY f.ship_by, f.id LIMIT 1
    """
_WAITING_PICK = _ANY_PICK.replace("WHERE", "WHERE o.reference LIKE %(mine)s AND")
_WAITING_RETURN = """
    SELECT r.id::text, o.number, r.site FROM return_request r JOIN orders o ON o.id = r.order_id
    WHERE r.state = 'asked' AND EXISTS (SELECT FROM fact WHERE subject = r.id AND kind = 'return'
                                        AND actor = %(actor)s)
    ORDER BY r.made_at, r.id LIMIT 1
    """
_SENT = """
    SELECT o.number, d.position FROM parcel p JOIN orders o ON o.id = p.order_id
    JOIN parcel_line l ON l.parcel_id = p.id JOIN demand d ON d.id = l.demand_id
    WHERE p.shipped_at IS NOT NULL AND d.shipped > 0
      AND NOT EXISTS (SELECT FROM return_request r WHERE r.order_id = o.id)
    ORDER BY p.delivered_at DESC NULLS LAST, p.shipped_at DESC, o.reference, d.position LIMIT 1
    """
