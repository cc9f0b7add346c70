"""Deliveries as rows, and as lists show them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from msgspec import Meta

from orderwright.business.purchasing.delivery_forms import DeliveredLine, DeliveryNow
from orderwright.business.purchasing.rules import Tolerance
from orderwright.database.rows import array
from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx
from orderwright.values.forms import Form
from orderwright.values.pages import After, Limit, Page, mark, read_mark

_Permille = Annotated[int, Meta(ge=0, le=1000)]
_Units = Annotated[int, Meta(ge=0, le=1_000_000)]
_Days = Annotated[int, Meta(ge=0, le=3650)]
OVER_PERMILLE = Setting(
    "receiving.over_permille", _Permille, 0, "How much more than was ordered is taken in unasked, in thousandths."
)
OVER_UNITS = Setting("receiving.over_units", _Units, 0, "How many units more than were ordered are taken in unasked.")
UNDER_PERMILLE = Setting(
    "receiving.under_permille", _Permille, 0,
    "When no more than this is missing of a line, in thousandths, the rest is not waited for.",
)  # fmt: skip
SHELF_DAYS = Setting(
    "receiving.shelf_days_min", _Days, 0, "Lots with fewer days left than this go to quarantine when they come in."
)
SETTINGS: tuple[Setting[Any], ...] = (OVER_PERMILLE, OVER_UNITS, UNDER_PERMILLE, SHELF_DAYS)


class DeliveryQuery(Form, frozen=True):
    """Which deliveries. purchase: the number of an order."""

    site: Annotated[str, Meta(max_length=64)] = ""
    purchase: Annotated[str, Meta(max_length=64)] = ""
    after: After | None = None
    limit: Limit = 50


class LineRow(NamedTuple):
    """A line of a delivery, as it is written."""

    position: int | None
    sku: str
    lot: str
    accepted: int
    rejected: int
    held: int
    reason: str
    held_for: str
    photo: str
    cost_micro: int | None


def tolerance_of(tx: Tx) -> Tolerance:
    """What may come too many, too few, too short-dated."""
    return Tolerance(*(value_of(tx, each) for each in SETTINGS))


def insert_deliveries(tx: Tx, rows: Sequence[tuple[str, str, str | None, str, str, Sequence[LineRow]]]) -> None:
    """Deliveries: (id, site, purchase order's id, reference, actor, lines)."""
    tx.copy(
        "delivery", "id, site, purchase_id, reference, actor, received_at", [(*row[:5], tx.now) for row in rows]
    )  # fmt: skip
    tx.copy(
        "delivery_line",
        "delivery_id, number, position, sku, lot, accepted, rejected, held, reason, held_for, photo, cost_micro",
        [(row[0], number, *line) for row in rows for number, line in enumerate(row[5], 1)],
    )


def list_deliveries(tx: Tx, query: DeliveryQuery) -> Page[DeliveryNow]:
    """A page of deliveries, latest first."""
    wanted = [
        "true",
        "d.site = %(site)s" if query.site else "",
        "p.number = %(purchase)s" if query.purchase else "",
        "(d.received_at, d.id) < (%(at)s, %(id)s::uuid)" if query.after else "",
    ]
    at, id_ = read_mark(query.after, tuple[datetime, UUID]) if query.after else (None, None)
    rows = tx.rows(
        "SELECT d.id::text, d.site, coalesce(p.number, '') AS purchase, d.reference, d.actor, d.received_at"
        f" FROM delivery d LEFT JOIN purchase_order p ON p.id = d.purchase_id"
        f" WHERE {' AND '.join(each for each in wanted if each)}"
        " ORDER BY d.received_at DESC, d.id DESC LIMIT %(limit)s",
        site=query.site, purchase=query.purchase, at=at, id=str(id_), limit=query.limit + 1,
    )  # fmt: skip
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    lines: dict[str, list[DeliveredLine]] = {}
    for row in tx.rows(
        "SELECT * FROM delivery_line WHERE delivery_id = ANY(%(ids)s::uuid[]) ORDER BY delivery_id, number",
        ids=array(row.id for row in rows[: query.limit]),
    ):
        line = DeliveredLine(
            row.sku, row.accepted, row.lot, row.rejected, row.held, row.held_for, row.reason, row.photo
        )
        lines.setdefault(str(row.delivery_id), []).append(line)
    return Page(
        [
            DeliveryNow(
                row.id, row.site, row.purchase, row.reference, row.actor, row.received_at, lines.get(row.id, [])
            )
            for row in rows[: query.limit]
        ],
        mark(last.received_at, last.id) if last else None,
    )
