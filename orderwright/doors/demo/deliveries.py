"""Goods that arrive: the opening stock and one delivery a week and site, as the buyers ordered them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from orderwright.business.deeds.books import receive_stock
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.database.store import Store
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.goods import Good
from orderwright.doors.demo.sites import TOWNS, bin_of, range_of
from orderwright.doors.demo.supply import COST_PERCENT, Buyers, to_order
from orderwright.doors.demo.window import ZONE, Window
from orderwright.values.money import format_micro
from orderwright.values.refusal import Refusal

ACTOR = "goods-in"
LINES_A_RECEIPT = 1_000


class GoodsIn:
    """The goods-in of all sites. goods: those asked for most first."""

    def __init__(self, store: Store, buyers: Buyers, goods: Sequence[Good], window: Window) -> None:
        self._store = store
        self._buyers = buyers
        self._window = window
        self._costs = {good.sku: format_micro(good.price_micro * COST_PERCENT // 100, "GBP") for good in goods}
        self._bins = {
            (good.sku, town.code): bin_of(town, rank, len(kept))
            for town in TOWNS
            for kept in [range_of(town, goods)]
            for rank, good in enumerate(kept)
        }

    def receive(self, now: datetime) -> None:
        """Take in what was ordered for today; again, what is still missing."""
        day = now.astimezone(ZONE).date()
        levels = self._buyers.levels(self._window.unshifted(now))
        wanted = to_order(levels, self._positions())
        known = self._receipts_of(str(day))
        receipts = [
            Receipt(form=ReceiptForm(site=town.code, lines=part, reference=f"delivery {day} {n}"), actor=ACTOR)
            for town in TOWNS
            for n, part in enumerate(_parts(self._lines(town.code, wanted)), known.get(town.code, 0) + 1)
        ]
        for result in in_parts(self._store, receive_stock, receipts, 1):
            if isinstance(result, Refusal):
                raise RuntimeError(f"a delivery is refused: {result!r}")

    def _lines(self, site: str, wanted: Mapping[tuple[str, str], int]) -> list[ReceiptLine]:
        return [
            ReceiptLine(sku=sku, quantity=units, place=self._bins[sku, site], unit_cost=self._costs[sku])
            for (sku, where), units in wanted.items()
            if where == site
        ]

    def _positions(self) -> dict[tuple[str, str], int]:
        """Units free at each site; whatever waits is the first site's to buy."""
        with self._store.read() as tx:
            rows = tx.tuples(
                "SELECT sku, site, on_hand - allocated - CASE WHEN site = %(first)s THEN waiting ELSE 0 END"
                " FROM availability",
                first=TOWNS[0].code,
            )
        return {(sku, site): units for sku, site, units in rows}

    def _receipts_of(self, day: str) -> dict[str, int]:
        """How many receipts of a day's delivery each site has booked: none, unless the demo was interrupted."""
        with self._store.read() as tx:
            rows = tx.rows(
                "SELECT site, count(*)::int AS booked FROM stock_document"
                " WHERE kind = 'receipt' AND reference LIKE %(reference)s GROUP BY site",
                reference=f"delivery {day} %",
            )
        return {row.site: row.booked for row in rows}


def _parts(lines: Sequence[ReceiptLine]) -> list[list[ReceiptLine]]:
    return [list(lines[at : at + LINES_A_RECEIPT]) for at in range(0, len(lines), LINES_A_RECEIPT)]
