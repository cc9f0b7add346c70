"""Lists for the floor on A4 or US Letter: what to pick, what to put away, what to count."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from orderwright.papers.fitting import linear_or_matrix, matrix
from orderwright.papers.press import Printed, print_pdf
from orderwright.papers.words import day_text, spoken, time_text, words_of
from orderwright.values.floor_codes import floor_code
from orderwright.values.refusal import Refusal

SheetSize = Literal["a4", "us-letter"]
ROWS_MAX = 2000
_BIN_WIDTH_MM, _BIN_SIDE_MM, _WORK_SIDE_MM = 58.0, 15.0, 24.0


class PickRow(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of a walk: so many units of one lot, out of one bin. tote: where they go, if there are several."""

    place: str
    sku: str
    title: str
    quantity: int
    zone: str = ""
    lot: str = ""
    expires_on: date | None = None
    tote: str = ""


class PickListPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A walk: of one fulfilment or of a batch of them. rows: in walking order. Times in the zone of the site.

    work: what a scan of the list's own barcode names. number: what people call it. totes: that go along.
    """

    work: str
    number: str
    site: str
    made_at: datetime
    rows: Sequence[PickRow]
    ship_by: datetime | None = None
    picker: str = ""
    totes: Sequence[str] = ()
    walking_m: int | None = None
    note: str = ""


class CountRow(msgspec.Struct, frozen=True, kw_only=True):
    """A bin to count. sku: empty for all that lies in it. Expected quantities are not printed: counts are blind."""

    place: str
    sku: str = ""
    title: str = ""
    lot: str = ""


class PutAwayRow(msgspec.Struct, frozen=True, kw_only=True):
    """Units to put into a bin. place: the bin proposed, empty when there is none."""

    sku: str
    title: str
    quantity: int
    place: str = ""
    lot: str = ""
    expires_on: date | None = None


class FloorList(msgspec.Struct, frozen=True, kw_only=True):
    """What a count sheet and a put-away list say above their rows."""

    number: str
    site: str
    made_at: datetime
    person: str = ""


def pick_list_pdf(paper: PickListPaper, *, language: str = "en", size: SheetSize = "a4") -> Printed:
    """A pick list: big bin codes in walking order, each with its barcode and a box to tick. Refuses bad_code."""
    rows = [
        {
            **_bin(paper.site, row.place), "zone": row.zone, "sku": row.sku, "title": row.title, "lot": row.lot,
            "expires": day_text(row.expires_on, spoken(language)), "quantity": row.quantity, "tote": row.tote,
        }
        for row in paper.rows
    ]  # fmt: skip
    filling = _head(paper.number, paper.site, paper.made_at, paper.picker, language, size) | {
        "barcode": matrix(floor_code("work", paper.work), _WORK_SIDE_MM).filling(),
        "ship_by": time_text(paper.ship_by, spoken(language)),
        "totes": list(paper.totes),
        "walking": "" if paper.walking_m is None else f"{paper.walking_m} m",
        "units": sum(row.quantity for row in paper.rows),
        "note": paper.note,
    }
    return _list("pick_list.typ", filling, rows)


def count_sheet_pdf(
    head: FloorList, rows: Sequence[CountRow], *, language: str = "en", size: SheetSize = "a4"
) -> Printed:
    """A sheet to count bins with, blind. Refuses bad_code."""
    filling = _head(head.number, head.site, head.made_at, head.person, language, size)
    filled = [{**_bin(head.site, row.place), "sku": row.sku, "title": row.title, "lot": row.lot} for row in rows]
    return _list("count_sheet.typ", filling, filled)


def put_away_pdf(
    head: FloorList, rows: Sequence[PutAwayRow], *, language: str = "en", size: SheetSize = "a4"
) -> Printed:
    """What came in and which bin it goes to. Refuses bad_code."""
    filling = _head(head.number, head.site, head.made_at, head.person, language, size)
    filled = [
        {
            **_bin(head.site, row.place), "sku": row.sku, "title": row.title, "quantity": row.quantity,
            "lot": row.lot, "expires": day_text(row.expires_on, spoken(language)),
        }
        for row in rows
    ]  # fmt: skip
    return _list("put_away.typ", filling, filled)


def _list(template: str, filling: dict[str, Any], rows: list[dict[str, Any]]) -> Printed:
    if len(rows) > ROWS_MAX:
        raise Refusal("too_many_labels", rows=len(rows), rows_max=ROWS_MAX)
    return print_pdf(template, filling | {"rows": rows})


def _bin(site: str, place: str) -> dict[str, Any]:
    """A bin's code in letters and bars. A bin whose name no barcode should hold is printed without one."""
    try:
        drawn = linear_or_matrix(floor_code("place", place, site), _BIN_WIDTH_MM, _BIN_SIDE_MM).filling()
    except Refusal:
        drawn = None
    return {"place": place, "barcode": drawn}


def _head(number: str, site: str, made_at: datetime, person: str, language: str, size: SheetSize) -> dict[str, Any]:
    return {
        "number": number, "site": site, "person": person, "size": size,
        "made_at": time_text(made_at, spoken(language)), "language": spoken(language),
        "words": words_of(spoken(language)), "footer": f"{number} · {site}",
    }  # fmt: skip
