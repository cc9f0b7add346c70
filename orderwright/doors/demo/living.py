"""The demo's shop going on by itself: orders of its weeks come once more, in real time, and people work slowly.

A beat is a second or two. What a beat finds to do is in the store, as in `life.py`, so that whoever is killed goes on
where they stood; how much time went by since the latest order is written down with it. Orders come as they came in the
weeks lived through, with nights and Sundays cut short. The house's own worker, which runs beside, does the rest.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.pick import pick
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.picking.walks import end_walk
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.orders.desk import form_of
from orderwright.business.orders.form import NewOrder, PaymentForm
from orderwright.business.shipping.forms import HandOver
from orderwright.business.warehouse.forms import Pick
from orderwright.business.warehouse.walk_forms import ClaimWork, EndWalk
from orderwright.database.invented import find_mark
from orderwright.database.store import Store
from orderwright.database.tx import Tx
from orderwright.doors.demo.desk import Desk
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.draws import Draws
from orderwright.doors.demo.goods import Good
from orderwright.doors.demo.left import PREFIX
from orderwright.doors.demo.packers import Packers
from orderwright.doors.demo.people import People, Rates
from orderwright.doors.demo.sites import TOWNS, Town

LIVE = "LIVE-"
ACTOR = "demo"
GAP_MAX = timedelta(minutes=5)
"""So long a quiet time lasts at most, before the pace makes it shorter still."""
BEAT_MAX = timedelta(seconds=10)
"""More than that between two beats was not lived: the machine slept, or the demo was not running."""
TOTES_A_WALK = 4
ANOTHER = 17
"""Goods come with the buyer of an order so many later: with their own they would look ordered twice."""
PACKED_FOR = timedelta(minutes=10)
"""A parcel with its label waits so long for its driver, in the demo's own time."""
MICRO_A_MINOR = 10_000


class Living:
    """Everybody in a demo that goes on by itself."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.read() as tx:
            self._people = People(_goods(tx), Rates(), Draws(1))
        self._desk = Desk(store, self._people)
        self._packers = Packers(store, self._people)

    def beat(self, gone: timedelta) -> bool:
        """What is due after so much real time. False where the shop waits, or does not go on by itself."""
        with self._store.read() as tx:
            mark, now = find_mark(tx), tx.now
        if mark is None or mark.pace is None or mark.paused_at is not None:
            return False
        self._arrive(min(gone, BEAT_MAX) * mark.pace)
        self._desk.work(now)
        self._pack()
        for town in TOWNS:
            self._walk(town)
        self._load(now - PACKED_FOR / mark.pace)
        return True

    def _arrive(self, gone: timedelta) -> None:
        """Take the order that comes next, should its time have come."""
        with self._store.begin() as tx:
            lived = tx.row(
                "UPDATE invented SET lived_ms = lived_ms + %(ms)s RETURNING lived_ms",
                ms=gone // timedelta(milliseconds=1),
            )  # fmt: skip
            waited = timedelta(milliseconds=lived.lived_ms)
            order, gap = self._next(tx)
            if order is None or waited < gap:
                return
            tx.write("UPDATE invented SET lived_ms = 0")
        in_parts(self._store, place_orders, [PlaceOrder(order, ACTOR, "file")], 1)

    def _next(self, tx: Tx) -> tuple[NewOrder | None, timedelta]:
        """The order that comes next, and how long after the one before it."""
        count = tx.row(
            "SELECT count(*) FILTER (WHERE reference LIKE %(live)s)::int AS came,"
            " count(*) FILTER (WHERE reference NOT LIKE %(live)s AND reference NOT LIKE %(left)s)::int AS known"
            " FROM orders",
            live=f"{LIVE}%", left=f"{PREFIX}%",
        )  # fmt: skip
        if not count.known:
            return None, GAP_MAX
        rows = tx.rows(
            "SELECT number, placed_at FROM orders WHERE reference NOT LIKE %(live)s AND reference NOT LIKE %(left)s"
            " ORDER BY placed_at, reference LIMIT 2 OFFSET %(at)s",
            live=f"{LIVE}%", left=f"{PREFIX}%", at=count.came % count.known,
        )  # fmt: skip
        gap = rows[1].placed_at - rows[0].placed_at if len(rows) == 2 else GAP_MAX
        reference = f"{LIVE}{count.came + 1}"
        other = tx.row(
            "SELECT number FROM orders WHERE reference NOT LIKE %(live)s AND reference NOT LIKE %(left)s"
            " AND country <> '' ORDER BY placed_at, reference LIMIT 1 OFFSET %(at)s",
            live=f"{LIVE}%", left=f"{PREFIX}%", at=(count.came + ANOTHER) % count.known,
        )  # fmt: skip
        buyer = form_of(tx, (other or rows[0]).number)
        order = msgspec.structs.replace(
            form_of(tx, rows[0].number), reference=reference, placed_at=None, customer=buyer.customer,
            ship_to=buyer.ship_to,
            payment=PaymentForm(state="authorised", reference=reference),
        )  # fmt: skip
        return order, min(gap, GAP_MAX)

    def _walk(self, town: Town) -> None:
        """One picker a site: the next stop of their walk, or a new walk, or its end."""
        walker = f"picker:{town.code.lower()}-live"
        with self._store.read() as tx:
            walk = tx.row(
                "SELECT id::text FROM pick_batch WHERE site = %(site)s AND picker = %(who)s AND state = 'walking'",
                site=town.code, who=walker,
            )  # fmt: skip
            task = None if walk is None else _next_stop(tx, walk.id)
            used = {row.code for row in tx.rows("SELECT code FROM tote WHERE site = %(site)s", site=town.code)}
        if walk is None:
            free = [code for n in range(1, 10_000) if (code := f"L{n:04}") not in used][:TOTES_A_WALK]
            claim = ClaimWork(site=town.code, picker=walker, totes=tuple(free), actor=walker)
            in_parts(self._store, claim_work, [claim], 1)
        elif task is None:
            in_parts(self._store, end_walk, [EndWalk(walk_id=walk.id, reason="an order is held", actor=walker)], 1)
        else:
            done = Pick(task_id=task.id, quantity=task.quantity, sku=task.sku, tote=task.tote, actor=walker)
            in_parts(self._store, pick, [done], 1)

    def _pack(self) -> None:
        """One order a site, what leaves first first."""
        first: dict[str, tuple[str, Any]] = {}
        for id_, contents in self._packers.to_pack().items():
            first.setdefault(contents.site, (id_, contents))
        if first:
            self._packers.pack(dict(first.values()))

    def _load(self, packed_before: datetime) -> None:
        """Drivers take what has waited long enough."""
        with self._store.read() as tx:
            rows = tx.rows(
                "SELECT p.id::text, p.site FROM parcel p JOIN orders o ON o.id = p.order_id AND NOT o.is_held"
                " WHERE p.state = 'labelled' AND p.packed_at < %(before)s ORDER BY p.packed_at, p.id LIMIT 20",
                before=packed_before,
            )
        loaded = [HandOver(parcel_id=row.id, actor=f"driver:{row.site.lower()}") for row in rows]
        in_parts(self._store, hand_over, loaded, len(loaded) or 1)


def _next_stop(tx: Tx, walk_id: str) -> Any:
    return tx.row(
        "SELECT t.id::text, t.sku, t.quantity, t.tote FROM pick_task t JOIN demand d ON d.id = t.demand_id"
        " JOIN orders o ON o.id = d.order_id AND NOT o.is_held"
        " WHERE t.batch_id = %(id)s::uuid AND t.state = 'open' ORDER BY t.walk LIMIT 1",
        id=walk_id,
    )


def _goods(tx: Tx) -> Mapping[str, Good]:
    rows = tx.rows("SELECT sku, title, price_minor, weight_g, length_mm, width_mm, height_mm FROM product")
    return {
        row.sku: Good(
            row.sku, row.title, row.price_minor * MICRO_A_MINOR, row.weight_g, row.length_mm, row.width_mm,
            row.height_mm, 0,
        )
        for row in rows
    }  # fmt: skip
