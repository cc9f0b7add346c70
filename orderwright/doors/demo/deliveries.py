"""Goods that arrive: the opening stock, and week by week what the buyers ordered from suppliers."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from orderwright.business.deeds.books import receive_stock
from orderwright.business.deeds.receiving.cross_dock import cross_dock
from orderwright.business.deeds.receiving.stow import stow
from orderwright.business.deeds.receiving.take_in import take_in
from orderwright.business.purchasing.delivery_forms import Delivery, DeliveryForm, DeliveryLineForm
from orderwright.business.purchasing.forms import (
    DraftPurchase,
    EndForm,
    EndPurchase,
    PurchaseForm,
    PurchaseLineForm,
    SendPurchase,
)
from orderwright.business.purchasing.ordering import (
    cancel_purchases,
    close_purchases,
    draft_purchases,
    send_purchases,
)
from orderwright.business.purchasing.rules import packs
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.putaway.forms import CrossDock, CrossDockForm, PutAwayForm, StowUnits
from orderwright.database.store import Store
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.goods import Good
from orderwright.doors.demo.people import People
from orderwright.doors.demo.sites import TOWNS, bin_of, range_of
from orderwright.doors.demo.suppliers import Bought, comes_on, pack_size, supplier_of, what_came
from orderwright.doors.demo.supply import COST_PERCENT, Buyers, to_order
from orderwright.doors.demo.window import ZONE, Window
from orderwright.values.calendars import is_working_day
from orderwright.values.money import format_micro
from orderwright.values.refusal import Refusal

ACTOR, BUYER = "goods-in", "buyer"
LINES_A_TIME = 1_000
PURCHASES_A_TIME = 40
DOCKED_A_MORNING = 1
"""So many products a morning go from the bench to orders that wait, and not by way of their bin."""


class GoodsIn:
    """Buyers, and the goods-in of all sites. goods: those asked for most first."""

    def __init__(self, store: Store, buyers: Buyers, goods: Sequence[Good], window: Window, people: People) -> None:
        self._store = store
        self._buyers = buyers
        self._window = window
        self._people = people
        self._goods = {good.sku: good for good in goods}
        self._bins = {
            (good.sku, town.code): bin_of(town, rank, len(kept))
            for town in TOWNS
            for kept in [range_of(town, goods)]
            for rank, good in enumerate(kept)
        }

    def open(self, now: datetime) -> None:
        """Book the opening stock; again, what is still missing."""
        wanted = self._wanted(now)
        booked = self._opened()
        receipts = [
            Receipt(form=ReceiptForm(site=town.code, lines=part, reference=f"opening stock {n}"), actor=ACTOR)
            for town in TOWNS
            for n, part in enumerate(_parts(self._lines(town.code, wanted)), booked.get(town.code, 0) + 1)
        ]
        self._do(receive_stock, receipts, 1)

    def buy(self, now: datetime) -> None:
        """Order what is missing from its suppliers; what did not come of earlier orders is waited for no longer."""
        self._end_old(now)
        day = now.astimezone(ZONE).date()
        parts: dict[tuple[str, str], list[PurchaseLineForm]] = {}
        for (sku, site), units in self._wanted(now).items():
            line = PurchaseLineForm(
                sku=sku, quantity=packs(units, pack_size(self._goods[sku])), due_on=_next_delivery(day)
            )  # fmt: skip
            parts.setdefault((supplier_of(sku, self._people), site), []).append(line)
        drafts = [
            DraftPurchase(form=PurchaseForm(supplier=supplier, site=site, lines=lines[:LINES_A_TIME]), actor=BUYER)
            for (supplier, site), lines in sorted(parts.items(), key=lambda part: part[0])
        ]
        # All drafts at once: who is interrupted finds all of them, or none.
        self._do(draft_purchases, drafts, len(drafts) or 1)
        unsent = [SendPurchase(number=row.number, actor=BUYER) for row in self._orders("draft")]
        self._do(send_purchases, unsent, PURCHASES_A_TIME)

    def receive(self, now: datetime) -> None:
        """Take in what suppliers bring today, and look at it: then it lies on the benches."""
        today = now.astimezone(ZONE).date()
        working = {town.code for town in TOWNS if is_working_day(town.calendar, today)}
        here = [
            row for row in self._orders("sent")
            if row.site in working and comes_on(self._people, row.supplier, row.site, row.made_on, row.due_on) <= today
        ]  # fmt: skip
        if here:
            self._do(take_in, self._deliveries(here), PURCHASES_A_TIME)

    def put_away(self) -> None:
        """Everything on the benches goes to who waits for it, or to its bin."""
        self._hand_to_waiting()
        self._stow()

    def _deliveries(self, orders: Sequence[Any]) -> list[Delivery]:
        with self._store.read() as tx:
            rows = tx.rows(
                "SELECT purchase_id::text AS id, sku, quantity FROM purchase_line"
                " WHERE purchase_id = ANY(%(ids)s::uuid[]) ORDER BY purchase_id, position",
                ids="{" + ",".join(order.id for order in orders) + "}",
            )
        lines: dict[str, list[Any]] = {}
        for row in rows:
            lines.setdefault(row.id, []).append(row)
        deliveries = []
        for order in orders:
            told = [self._line(order, row) for row in lines[order.id]]
            form = DeliveryForm(
                site=order.site, purchase=order.number, reference=order.number, lines=[each for each in told if each]
            )
            if form.lines:
                deliveries.append(Delivery(form=form, actor=ACTOR))
        return deliveries

    def _line(self, order: Any, row: Any) -> DeliveryLineForm | None:
        bought = Bought(order.supplier, order.site, order.made_on, row.sku, row.quantity)
        came = what_came(self._people, bought, pack_size(self._goods[row.sku]))
        if not came.counted:
            return None
        return DeliveryLineForm(
            sku=row.sku, accepted=came.counted - came.broken, rejected=came.broken,
            reason="damaged" if came.broken else "",
        )  # fmt: skip

    def _hand_to_waiting(self) -> None:
        """What most units are waited for of goes straight to packing, as far as it lies on a bench."""
        with self._store.read() as tx:
            rows = tx.rows(
                """
                SELECT p.site, p.sku, least(sum(p.quantity - p.placed), w.units)::bigint AS units
                FROM put_away p CROSS JOIN LATERAL (
                    SELECT sum(d.waiting) AS units FROM demand d JOIN orders o ON o.id = d.order_id AND NOT o.is_held
                    WHERE d.sku = p.sku AND d.waiting > 0) w
                WHERE p.state = 'open' AND w.units > 0 GROUP BY p.site, p.sku, w.units
                ORDER BY w.units DESC, p.sku, p.site LIMIT %(most)s
                """,
                most=DOCKED_A_MORNING,
            )
        forms = [CrossDockForm(site=row.site, sku=row.sku, quantity=row.units) for row in rows]
        # Of what two sites have got, the second finds that fewer wait: it puts its units away.
        in_parts(self._store, cross_dock, [CrossDock(form=form, actor=ACTOR) for form in forms], DOCKED_A_MORNING)

    def _stow(self) -> None:
        """Everything on the benches goes to its bin."""
        with self._store.read() as tx:
            rows = tx.rows(
                "SELECT site, sku, sum(quantity - placed)::bigint AS units FROM put_away WHERE state = 'open'"
                " GROUP BY site, sku ORDER BY site, sku"
            )
        forms = [
            PutAwayForm(site=row.site, sku=row.sku, quantity=row.units, place=self._bins[row.sku, row.site])
            for row in rows
        ]
        self._do(stow, [StowUnits(form=form, actor=ACTOR) for form in forms], LINES_A_TIME)

    def _end_old(self, now: datetime) -> None:
        """What was due and did not come in full is closed; where nothing came at all, cancelled."""
        today = now.astimezone(ZONE).date()
        for state, end in (("part_received", close_purchases), ("sent", cancel_purchases)):
            ends = [
                EndPurchase(number=row.number, form=EndForm(reason="supplier_cannot"), actor=BUYER)
                for row in self._orders(state)
                if comes_on(self._people, row.supplier, row.site, row.made_on, row.due_on) < today
            ]
            self._do(end, ends, PURCHASES_A_TIME)

    def _orders(self, state: str) -> list[Any]:
        """Purchase orders of a state, as they were drawn up; made_on and due_on are days in London."""
        with self._store.read() as tx:
            return tx.rows(
                "SELECT o.id::text, o.number, o.supplier, o.site, min(l.due_on) AS due_on,"
                " (o.made_at AT TIME ZONE 'Europe/London')::date AS made_on"
                " FROM purchase_order o JOIN purchase_line l ON l.purchase_id = o.id"
                " WHERE o.state = %(state)s GROUP BY o.id ORDER BY o.made_at, o.supplier, o.site",
                state=state,
            )

    def _wanted(self, now: datetime) -> Mapping[tuple[str, str], int]:
        return to_order(self._buyers.levels(self._window.unshifted(now)), self._positions())

    def _lines(self, site: str, wanted: Mapping[tuple[str, str], int]) -> list[ReceiptLine]:
        return [
            ReceiptLine(
                sku=sku, quantity=units, place=self._bins[sku, site],
                unit_cost=format_micro(self._goods[sku].price_micro * COST_PERCENT // 100, "GBP"),
            )
            for (sku, where), units in wanted.items()
            if where == site
        ]  # fmt: skip

    def _positions(self) -> dict[tuple[str, str], int]:
        """Units free at each site and on their way there; whatever waits is the first site's to buy."""
        with self._store.read() as tx:
            rows = tx.tuples(
                """
                SELECT a.sku, a.site, a.on_hand - a.allocated - CASE WHEN a.site = %(first)s THEN a.waiting ELSE 0 END
                       + coalesce(b.units, 0)::bigint
                FROM availability a LEFT JOIN (
                    SELECT l.sku, o.site, sum(greatest(0, l.quantity - l.cancelled - l.accepted)) AS units
                    FROM purchase_line l JOIN purchase_order o ON o.id = l.purchase_id AND o.ended_at IS NULL
                    GROUP BY l.sku, o.site) b ON b.sku = a.sku AND b.site = a.site
                """,
                first=TOWNS[0].code,
            )
        return {(sku, site): units for sku, site, units in rows}

    def _opened(self) -> dict[str, int]:
        """How many receipts of opening stock each site has booked: none, unless the demo was interrupted."""
        with self._store.read() as tx:
            rows = tx.rows(
                "SELECT site, count(*)::int AS booked FROM stock_document"
                " WHERE kind = 'receipt' AND reference LIKE 'opening stock %%' GROUP BY site"
            )
        return {row.site: row.booked for row in rows}

    def _do(self, action: Callable[..., list[Any]], commands: Sequence[Any], most: int) -> None:
        for result in in_parts(self._store, action, commands, most):
            if isinstance(result, Refusal):
                raise RuntimeError(f"goods-in or the buyers are refused: {result!r}")


def _parts(lines: Sequence[ReceiptLine]) -> list[list[ReceiptLine]]:
    return [list(lines[at : at + LINES_A_TIME]) for at in range(0, len(lines), LINES_A_TIME)]


def _next_delivery(day: date) -> date:
    """The first day of next week on which the first site works."""
    due = day + timedelta(days=7 - day.weekday())
    while not is_working_day(TOWNS[0].calendar, due):
        due += timedelta(days=1)
    return due
