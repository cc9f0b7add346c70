"""What the floor's papers say: the pick list of a fulfilment or of a walk, and the labels of bins."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from orderwright.business.warehouse.reads import TaskShown, get_pick_list
from orderwright.business.warehouse.walk_reads import WalkStop, get_walk
from orderwright.database.tx import Tx
from orderwright.papers.labels import LABELS_MAX, FloorLabel
from orderwright.papers.lists import PickListPaper, PickRow
from orderwright.values.refusal import Refusal


def pick_list_paper(tx: Tx, fulfilment_id: str) -> PickListPaper:
    """What is still to be picked of a fulfilment, in walking order. Refuses not_found."""
    found = get_pick_list(tx, fulfilment_id)
    zone = _zone(tx, found.site)
    return PickListPaper(
        work=found.fulfilment_id,
        number=found.order,
        site=found.site,
        made_at=tx.now.astimezone(zone),
        ship_by=found.ship_by.astimezone(zone),
        rows=rows_of(found.tasks),
    )


def walk_list_paper(tx: Tx, walk_id: str) -> PickListPaper:
    """What is still to be picked of a walk, over all its orders, in the order of the way. Refuses not_found."""
    found = get_walk(tx, walk_id)
    walk, zone = found.walk, _zone(tx, found.walk.site)
    return PickListPaper(
        work=walk.id,
        number=walk.number,
        site=walk.site,
        made_at=tx.now.astimezone(zone),
        ship_by=walk.due_at.astimezone(zone),
        picker=walk.picker,
        walking_m=-(-walk.predicted_mm // 1000),
        totes=sorted({each.tote for each in found.stops if each.tote}),
        rows=rows_of(found.stops),
    )


def rows_of(stops: Sequence[TaskShown] | Sequence[WalkStop]) -> list[PickRow]:
    """The open stops, each with the units that are not in its tote yet."""
    return [
        PickRow(
            place=each.place, zone=each.zone, sku=each.sku, title=each.title, lot=each.lot,
            expires_on=each.expires_on, quantity=each.quantity - each.picked, tote=getattr(each, "tote", ""),
        )
        for each in stops
        if each.state == "open"
    ]  # fmt: skip


def bin_labels(tx: Tx, site: str, *, zone: str | None = None) -> list[FloorLabel]:
    """Labels of a site's bins in the order people walk past them. zone: of that one alone.

    Refuses unknown_site, and too_many_labels for more than 2,000: ask zone by zone.
    """
    if tx.row("SELECT FROM site WHERE code = %(site)s", site=site) is None:
        raise Refusal("unknown_site", site=site)
    rows = tx.rows(
        """
        SELECT code, zone FROM place
        WHERE site = %(site)s AND kind = 'bin' AND (%(zone)s::text IS NULL OR zone = %(zone)s)
        ORDER BY zone, aisle, bay, level, code LIMIT %(limit)s
        """,
        site=site, zone=zone, limit=LABELS_MAX + 1,
    )  # fmt: skip
    if len(rows) > LABELS_MAX:
        raise Refusal("too_many_labels", labels_max=LABELS_MAX)
    return [FloorLabel(kind="place", code=row.code, site=site, line=row.zone) for row in rows]


def _zone(tx: Tx, site: str) -> ZoneInfo:
    row = tx.row("SELECT time_zone FROM site WHERE code = %(site)s", site=site)
    return ZoneInfo(row.time_zone)
