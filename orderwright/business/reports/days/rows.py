"""The rows that make a figure of a day: a page at a time, those that spoil a share or count most first; or all."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, NamedTuple

from msgspec import Meta

from orderwright.business.reports.days.asking import COLUMNS, SOURCES, parameters
from orderwright.database.tx import Tx
from orderwright.values.pages import mark, read_mark

ROWS_A_PAGE = 100
ROWS_A_PIECE = 5_000
"""Of a list of all: so many are read at once."""
FIGURES_WITH_ROWS = frozenset(name for each in SOURCES for name in each.figures)


Whole = Annotated[int, Meta(ge=-(2**63) + 1, le=2**63 - 1)]
Letters = Annotated[str, Meta(pattern="^[^\\x00]*$")]


class FigureRow(NamedTuple):
    """One row. number: of its order; this, site and channel are '' where there is none."""

    number: str
    site: str
    channel: str
    part: str
    counted: int
    judged: int
    pending: int


class FigureRows(NamedTuple):
    """A page of them. of_all: how many there are in all. next: where the next page begins, or None."""

    rows: list[FigureRow]
    of_all: int
    next: str | None


class _Asked(NamedTuple):
    figure: str
    day: date
    scope: str
    zone: str


class _Place(NamedTuple):
    """Where a row stands, and nobody else: those alike in everything else are told apart by counting them."""

    is_fine: bool
    pending: Whole
    less: Whole
    turn: Letters
    about: Letters
    site: Letters
    channel: Letters
    part: Letters
    judged: Whole
    nth: Whole


def rows_of(tx: Tx, figure: str, day: date, scope: str, zone: str, *, after: str | None = None) -> FigureRows:
    """A page of the rows of a figure. scope: as days are told ('' the store). Refuses malformed for a mark that is
    none.

    A page looks at what happened on that day, as long as it is; whose each row is, at figures that have thousands a
    day, for those shown alone (of the store; a site or a channel is found by looking).
    """
    behind = None if after is None else read_mark(after, _Place)
    found = _page(tx, _Asked(figure, day, scope, zone), behind, ROWS_A_PAGE + 1)
    shown = found[:ROWS_A_PAGE]
    following = mark(*_place(shown[-1])) if len(found) > len(shown) else None
    return FigureRows([_shown(row) for row in shown], found[0].of_all if found else 0, following)


def all_rows_of(tx: Tx, figure: str, day: date, scope: str, zone: str) -> Iterator[FigureRow]:
    """All rows of a figure in the order of its pages, read piece by piece."""
    asked, behind = _Asked(figure, day, scope, zone), None
    while True:
        found = _page(tx, asked, behind, ROWS_A_PIECE)
        yield from map(_shown, found)
        if len(found) < ROWS_A_PIECE:
            return
        behind = _place(found[-1])


def _page(tx: Tx, of: _Asked, behind: _Place | None, most: int) -> list[Any]:
    """So many rows behind a place."""
    source = next(each for each in SOURCES if of.figure in each.figures)
    asked = parameters(tx, of.day, of.zone)
    has_turns, of_all = of.figure in source.turned, "(SELECT count(*) FROM wanted)"
    if has_turns and not of.scope:
        asked["most"] = most
        of_all = f"(SELECT count(*) FROM wanted WHERE turn = '') + ({source.turned[of.figure]})"
        if behind is not None and behind.is_fine:
            asked |= {"behind": behind.less, "behind_turn": behind.turn}
    if behind is not None:
        asked |= {f"k_{name}": value for name, value in behind._asdict().items()}
    return tx.rows(
        f"""
        WITH {source.rows}, told({COLUMNS}{", turn" if has_turns else ""}) AS ({source.figures[of.figure]}),
        wanted AS (
            SELECT coalesce(site, '') AS site, coalesce(channel, '') AS channel, coalesce(part, '') AS part,
                   counted::bigint, judged::bigint, pending::bigint, about, {"turn" if has_turns else "'' AS turn"}
            FROM told
            WHERE (%(scope)s = '' OR %(scope)s = 'site:' || site OR %(scope)s = 'channel:' || channel)
              AND (counted <> 0 OR judged <> 0 OR pending <> 0)
        ), placed_rows AS (
            SELECT *, judged <= counted AS is_fine, -counted AS less, row_number() OVER (
                       PARTITION BY pending, counted, turn, about, site, channel, part, judged) AS nth
            FROM wanted
        ), shown AS (
            SELECT * FROM placed_rows {_BEHIND if behind is not None else ""} ORDER BY {_KEY} LIMIT %(limit)s
        )
        SELECT coalesce(o.number, '') AS number, s.*, {of_all} AS of_all
        FROM shown s LEFT JOIN orders o ON o.id = nullif(s.about, '')::uuid ORDER BY {_KEY}
        """,
        scope=of.scope, limit=most, **asked,
    )  # fmt: skip


_KEY = ", ".join(_Place._fields)
_BEHIND = f"WHERE ({_KEY}) > ({', '.join(f'%(k_{name})s' for name in _Place._fields)})"


def _place(row: Any) -> _Place:
    return _Place(*(getattr(row, name) for name in _Place._fields))


def _shown(row: Any) -> FigureRow:
    return FigureRow(*(getattr(row, name) for name in FigureRow._fields))
