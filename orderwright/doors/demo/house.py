"""What the store tells of the house behind the orders: cartons, what was bought, what was counted."""

from datetime import datetime

import msgspec

from orderwright.database.tx import Tx


class Cartons(msgspec.Struct, frozen=True):
    """How parcels were packed. by_kind: parcels by carton, the smallest first; `without`: in none of ours.

    fill_permille: goods, in thousandths of the inside of their cartons. cost_minor: what the cartons cost. brought:
    cartons that came since the opening.
    """

    by_kind: dict[str, int]
    without: int
    fill_permille: int | None
    cost_minor: int
    brought: int


class Bought(msgspec.Struct, frozen=True):
    """What became of purchase orders. due: those that should have come; short: of those, lines that came short.

    lines, units: taken in. broken, over: units in quarantine, since broken or more than ordered. docked: orders that
    waited and got theirs straight from the bench.
    """

    orders: int
    due: int
    on_time: int
    late: int
    lines: int
    short: int
    units: int
    broken: int
    over: int
    docked: int


class Counted(msgspec.Struct, frozen=True):
    """What counts found. by_reason: counts done; found, lost: units the books were put right by; open: to be done."""

    by_reason: dict[str, int]
    found: int
    lost: int
    open: int


def cartons_used(tx: Tx, begin: datetime, end: datetime) -> Cartons:
    """Parcels packed from begin, before end."""
    span = {"begin": begin, "end": end}
    rows = tx.rows(
        "SELECT coalesce(p.carton, '') AS carton, count(*)::int AS n, sum(coalesce(k.cost_minor, 0))::bigint AS cost"
        " FROM parcel p LEFT JOIN carton_kind k ON k.code = p.carton WHERE p.state <> 'unpacked'"
        " AND p.packed_at >= %(begin)s AND p.packed_at < %(end)s"
        " GROUP BY p.carton, k.length_mm, k.width_mm, k.height_mm"
        " ORDER BY k.length_mm::bigint * k.width_mm * k.height_mm",
        **span,
    )
    filled = tx.row(
        """
        WITH packed AS (
            SELECT p.id, k.length_mm::bigint * k.width_mm * k.height_mm AS mm3
            FROM parcel p JOIN carton_kind k ON k.code = p.carton
            WHERE p.state <> 'unpacked' AND p.packed_at >= %(begin)s AND p.packed_at < %(end)s)
        SELECT (SELECT sum(l.quantity * g.length_mm * g.width_mm * g.height_mm)
                FROM parcel_line l JOIN packed ON packed.id = l.parcel_id JOIN product g ON g.sku = l.sku) AS goods,
               (SELECT sum(mm3) FROM packed) AS room
        """,
        **span,
    )
    brought = tx.row(
        "SELECT coalesce(sum(quantity), 0)::bigint AS n FROM carton_move WHERE kind = 'receive'"
        " AND recorded_at > %(begin)s AND recorded_at < %(end)s",
        **span,
    )
    return Cartons(
        {row.carton: row.n for row in rows if row.carton},
        sum(row.n for row in rows if not row.carton),
        int(filled.goods * 1000 // filled.room) if filled.room and filled.goods else None,
        sum(row.cost for row in rows),
        brought.n,
    )


def goods_bought(tx: Tx, end: datetime) -> Bought:
    """Purchase orders drawn up, and what came of those that were due before end."""
    orders = tx.row(
        """
        SELECT count(*)::int AS orders, count(*) FILTER (WHERE due)::int AS due,
               count(*) FILTER (WHERE came <= due_on)::int AS on_time,
               count(*) FILTER (WHERE came > due_on)::int AS late
        FROM (SELECT min(l.due_on) AS due_on,
                     min(l.due_on) <= (%(end)s::timestamptz AT TIME ZONE 'Europe/London')::date AS due,
                     (SELECT min(d.received_at AT TIME ZONE 'Europe/London')::date FROM delivery d
                      WHERE d.purchase_id = o.id) AS came
              FROM purchase_order o JOIN purchase_line l ON l.purchase_id = o.id GROUP BY o.id) AS orders
        """,
        end=end,
    )
    lines = tx.row(
        """
        SELECT count(*)::int AS lines, coalesce(sum(d.accepted), 0)::bigint AS units,
               coalesce(sum(d.rejected), 0)::bigint AS broken, coalesce(sum(d.held), 0)::bigint AS over,
               count(*) FILTER (WHERE d.accepted < l.quantity)::int AS short
        FROM delivery_line d JOIN delivery v ON v.id = d.delivery_id
        JOIN purchase_line l ON l.purchase_id = v.purchase_id AND l.position = d.position
        """
    )
    docked = tx.row("SELECT count(DISTINCT order_id)::int AS n FROM decision WHERE kind = 'cross_docked'")
    return Bought(
        orders.orders, orders.due, orders.on_time, orders.late, lines.lines, lines.short, lines.units, lines.broken,
        lines.over, docked.n,
    )  # fmt: skip


def bins_counted(tx: Tx) -> Counted:
    """All counts there are."""
    rows = tx.rows(
        "SELECT reason, state, count(*)::int AS n FROM count_task WHERE state <> 'cancelled'"
        " GROUP BY reason, state ORDER BY n DESC, reason"
    )
    posted = tx.row(
        "SELECT coalesce(sum(posted) FILTER (WHERE posted > 0), 0)::bigint AS found,"
        " coalesce(-sum(posted) FILTER (WHERE posted < 0), 0)::bigint AS lost FROM count_line"
    )
    return Counted(
        {row.reason: row.n for row in rows if row.state == "done"}, posted.found, posted.lost,
        sum(row.n for row in rows if row.state != "done"),
    )  # fmt: skip


REASONS = {
    "asked": "a customer wrote of", "zero": "empty by the books", "rolling": "in turn",
    "large_order": "after a large pick", "pick_short": "after a short pick", "recount": "counted again",
}  # fmt: skip


def told_of_cartons(cartons: Cartons) -> str:
    """A sentence on how parcels were packed."""
    kinds = ", ".join(f"{code} {n:,}" for code, n in cartons.by_kind.items())
    full = f"; {cartons.fill_permille / 10:.0f} % of them is goods, the rest void" if cartons.fill_permille else ""
    return (
        f"  Parcels by carton: {kinds or 'none'}, on pallets {cartons.without:,}{full}. The cartons cost"
        f" {cartons.cost_minor / 100:,.2f} GBP; {cartons.brought:,} were brought again."
    )


def told_of_buying(bought: Bought) -> str:
    """A sentence on what suppliers sent."""
    if not bought.due:
        return f"  {bought.orders:,} purchase orders, none due yet."
    return (
        f"  {bought.orders:,} purchase orders, {bought.due:,} due: {bought.on_time:,} came on time, {bought.late:,}"
        f" late. Of {bought.lines:,} lines {bought.short:,} came short; {bought.units:,} units taken in,"
        f" {bought.broken:,} broken and {bought.over:,} over, in quarantine. {bought.docked:,} orders that waited got"
        " theirs straight from the bench."
    )


def told_of_counts(counted: Counted) -> str:
    """A sentence on what counts found."""
    why = ", ".join(f"{REASONS.get(reason, reason)} {n:,}" for reason, n in counted.by_reason.items())
    return (
        f"  {sum(counted.by_reason.values()):,} bins counted{f' ({why})' if why else ''}: {counted.found:,} units"
        f" found, {counted.lost:,} lost; {counted.open:,} are still to be counted."
    )
