"""Looking at a file before anything of it is taken: what would be new, changed, the same, and what is wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.imports.findings import Detail, Wrong, wrongs_of
from orderwright.business.imports.forms import RowError, row_error
from orderwright.business.imports.goods_files import GoodsKind, chunks_of
from orderwright.business.imports.goods_looking import NEW, SAME, Change, RowSeen
from orderwright.business.imports.order_words import detail_at
from orderwright.business.imports.profile import Profile
from orderwright.business.imports.reading import Reading
from orderwright.business.imports.results import BadRow, ReadOrder
from orderwright.business.imports.sheets import Sheet
from orderwright.business.imports.taking import ERRORS_A_TIME, bad_row
from orderwright.database.rows import array
from orderwright.database.store import Store
from orderwright.database.tx import Tx

FIRST_ROWS = 25
ORDERS_A_LOOK = 200


class RowShown(msgspec.Struct, frozen=True):
    """One of the first rows: what it would do, to what; which fields change; what is wrong with it.

    details: what is wrong, in its parts, for pages in other languages.
    """

    row: int
    what: str
    name: str = ""
    changes: Sequence[Change] = ()
    wrong: Sequence[str] = ()
    details: Sequence[Detail] = ()


class Looked(msgspec.Struct):
    """What a file would do. rows: those that are not empty; the others count rows, of orders whole orders.

    unknown: orders that would wait for a product to get its name.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    wrong: int = 0
    unknown: int = 0
    first: list[RowShown] = msgspec.field(default_factory=list)

    def add(self, shown: RowShown) -> None:
        """Count a row, and show it if it is one of the first."""
        setattr(self, shown.what, getattr(self, shown.what) + 1)
        if len(self.first) < FIRST_ROWS:
            self.first.append(shown)


Tell = Callable[[Looked, Sequence[RowError]], None]
"""Hears how far it is, and the rows since the last word that are wrong."""


def look_at_goods(
    store: Store,
    sheet: Sheet,
    kind: GoodsKind,
    columns: Mapping[str, str],
    defaults: Mapping[str, str],
    tell: Tell,
) -> Looked:
    """What a file of goods, customers or prices would do. Refuses what reading it refuses."""
    looked = Looked()
    for chunk in chunks_of(sheet, kind, columns, "", defaults):
        looked.rows += len(chunk)
        errors: list[RowError] = []
        with store.read() as tx:
            seen = iter(kind.look(tx, [row.command for row in chunk if not row.wrong]))
        for row in chunk:
            found = None if row.wrong else next(seen)
            if isinstance(found, RowSeen):
                looked.add(RowShown(row.number, found.what, found.name, found.changes))
                continue
            error = row.error(row.wrong if found is None else wrongs_of(found))
            errors.append(error)
            looked.add(_wrong_row(error))
        tell(looked, errors)
    return looked


def look_at_orders(store: Store, sheet: Sheet, profile: Profile, tell: Tell) -> Looked:
    """What a file of orders would do; `wrong` counts rows, and orders of no channel. Refuses what reading refuses."""
    looked = Looked()
    reading = Reading(sheet, profile)
    results = iter(reading)
    refused: dict[int, list[Wrong]] = {}
    while chunk := list(islice(results, ORDERS_A_LOOK)):
        errors: list[RowError] = []
        orders = [each for each in chunk if isinstance(each, ReadOrder)]
        with store.read() as tx:
            shown = iter(list(_orders_shown(tx, orders, looked)))
        for result in chunk:
            if isinstance(result, BadRow):
                error = bad_row(result)
                errors.append(error)
                looked.add(_wrong_row(error))
            elif isinstance(result, ReadOrder):
                row = next(shown)
                looked.add(row)
                wrong = [Wrong(*told) for told in zip(row.wrong, row.details, strict=True)]
                refused |= dict.fromkeys(result.rows, wrong) if wrong else {}
        looked.rows = reading.notes.rows
        tell(looked, errors)
    if refused:  # only their rows are needed again, with their cells
        again = (row_error(number, cells, refused[number]) for number, cells in sheet.rows() if number in refused)
        while errors := list(islice(again, ERRORS_A_TIME)):
            tell(looked, errors)
    return looked


def _wrong_row(error: RowError) -> RowShown:
    return RowShown(error.row, "wrong", " · ".join(error.cells)[:80], wrong=error.findings, details=error.details)


def _orders_shown(tx: Tx, orders: Sequence[ReadOrder], looked: Looked) -> Iterator[RowShown]:
    here = _taken(tx, orders)
    catalog = catalog_of(tx)
    names = {line.sku for order in orders for line in order.form.lines}
    known = catalog.skus(tx, names).keys() | _codes_of_channels(tx, names)
    for order in orders:
        form = order.form
        is_unknown = any(line.sku not in known for line in form.lines)
        name = f"{form.reference} · {len(form.lines)} × · {form.total} {form.currency}"
        channel = catalog.channels.get(form.channel)
        if channel is None or not channel.is_active:
            told = f"channel: there is no channel {form.channel!r}"
            detail = detail_at("/channel", "unknown_channel", {"channel": form.channel})
            yield RowShown(order.rows[0], "wrong", name, wrong=[told], details=[detail])
        elif (form.channel, form.reference) in here:
            yield RowShown(order.rows[0], SAME, name)
        else:
            looked.unknown += is_unknown
            yield RowShown(order.rows[0], NEW, name)


def _taken(tx: Tx, orders: Sequence[ReadOrder]) -> set[tuple[str, str]]:
    """Which of these orders are here already."""
    rows = tx.rows(
        "SELECT k.channel, k.reference"
        " FROM unnest(%(channels)s::text[], %(references)s::text[]) AS a(channel, reference)"
        " JOIN order_key k ON k.channel = a.channel AND k.reference = a.reference",
        channels=array(each.form.channel for each in orders), references=array(each.form.reference for each in orders),
    )  # fmt: skip
    return {(row.channel, row.reference) for row in rows}


def _codes_of_channels(tx: Tx, names: set[str]) -> set[str]:
    """Which of these names some channel gives to a product."""
    rows = tx.rows(
        "SELECT DISTINCT code FROM product_code WHERE code = ANY(%(names)s::text[]) AND channel <> ''",
        names=array(names),
    )
    return {row.code for row in rows}
