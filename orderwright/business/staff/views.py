"""Lists as people want to see them again: filters with a name, one's own or everybody's."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, refusal_of, text_findings
from orderwright.values.forms import Command, Form
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal

VIEWS_MAX = 30
"""So many views of one list a person has, and so many are everybody's."""
LEADS = "staff:write"
"""Whoever may do this makes views for everybody."""
List = Literal["orders", "exceptions"]


class ViewForm(Form, frozen=True):
    """A view. query: its filters as in the address of the page. is_shared: everybody's.

    is_first: the list opens with it, for who asks. place: which one it is in the bar, from 1; 0 for the last.
    """

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    query: Annotated[str, Meta(max_length=1000)] = ""
    is_shared: bool = False
    is_first: bool = False
    place: Annotated[int, Meta(ge=0, le=VIEWS_MAX)] = 0


class SavedView(msgspec.Struct, frozen=True):
    """A view as its list shows it to one person."""

    id: str
    list: List
    name: str
    query: str
    is_shared: bool
    is_first: bool
    place: int


class SaveView(ViewForm, frozen=True, kw_only=True):
    """Somebody keeps a list as it is. by: the scopes of who asks."""

    list: List
    actor: str
    by: Collection[str] = frozenset()


class ChangeView(ViewForm, frozen=True, kw_only=True):
    """A view gets another name, other filters, another place, or is shared."""

    id: str
    actor: str
    by: Collection[str] = frozenset()


class DropView(Command, frozen=True):
    """A view goes."""

    id: str
    by: Collection[str] = frozenset()


class Dropped(msgspec.Struct, frozen=True):
    """A view is gone."""

    id: str


def list_views(tx: Tx, list_: str, actor: str) -> Sequence[SavedView]:
    """The views of a list that somebody sees: everybody's, then their own, each in their order."""
    rows = tx.rows(
        """
        SELECT v.id::text, v.list, v.name, v.query, v.owner = '' AS is_shared, f.view_id IS NOT NULL AS is_first,
               v.place
        FROM saved_view v LEFT JOIN first_view f ON f.view_id = v.id AND f.owner = %(actor)s
        WHERE v.list = %(list)s AND v.owner IN ('', %(actor)s) ORDER BY v.owner <> '', v.place, v.name_key
        """,
        list=list_,
        actor=actor,
    )
    return [SavedView(*row) for row in rows]


def save_views(tx: Tx, commands: Sequence[SaveView]) -> list[SavedView | Refusal]:
    """Keep lists as they are; one `SavedView` or Refusal per command.

    Refuses malformed, leads_only (everybody's view), view_taken (the name), too_many_views.
    """
    shelf = _Shelf(tx, {each.actor for each in commands})
    results: list[SavedView | Refusal] = []
    for each, id_ in zip(commands, new_ids(len(commands)), strict=True):
        results.append(shelf.put(id_, each.list, each))
    shelf.write()
    return results


def change_views(tx: Tx, commands: Sequence[ChangeView]) -> list[SavedView | Refusal]:
    """Change views; one `SavedView` or Refusal per command. Everybody may open a list with a view of everybody's.

    Refuses as save_views, and not_found (also what is somebody else's).
    """
    shelf = _Shelf(tx, {each.actor for each in commands})
    results: list[SavedView | Refusal] = []
    for each in commands:
        found = shelf.find(each.id, each.actor)
        if found is None:
            results.append(Refusal("not_found", view=each.id))
        else:
            results.append(shelf.put(each.id, found.list, each, found))
    shelf.write()
    return results


def drop_views(tx: Tx, commands: Sequence[DropView]) -> list[Dropped | Refusal]:
    """Take views away; one `Dropped` or Refusal per command. Refuses not_found, leads_only."""
    shelf = _Shelf(tx, {each.actor for each in commands})
    results: list[Dropped | Refusal] = []
    for each in commands:
        found = shelf.find(each.id, each.actor)
        if found is None:
            results.append(Refusal("not_found", view=each.id))
        elif found.owner == "" and LEADS not in each.by:
            results.append(Refusal("leads_only"))
        else:
            shelf.drop(each.id)
            results.append(Dropped(each.id))
    shelf.write()
    return results


class _Row(NamedTuple):
    id: str
    list: List
    owner: str
    name: str
    query: str
    place: int
    made_by: str
    made_at: datetime


class _Shelf:
    """The views that some people see, while they are changed. Views are few, and changed by one at a time."""

    def __init__(self, tx: Tx, actors: Collection[str]) -> None:
        self._tx = tx
        tx.rows("SELECT 1 FROM revision WHERE name = 'catalog' FOR UPDATE")
        rows = tx.rows(
            "SELECT id::text, list, owner, name, query, place, made_by, made_at FROM saved_view"
            " WHERE owner = '' OR owner = ANY(%(actors)s::text[]) ORDER BY place, name_key",
            actors=array(sorted(actors)),
        )
        self._rows: dict[str, _Row] = {row.id: _Row(*row) for row in rows}
        self._before = dict(self._rows)
        firsts = tx.rows(
            "SELECT owner, list, view_id::text FROM first_view"
            " WHERE owner = ANY(%(actors)s::text[]) OR view_id = ANY(%(shared)s::uuid[])",
            actors=array(sorted(actors)), shared=array(row.id for row in rows if row.owner == ""),
        )  # fmt: skip
        self._firsts: dict[tuple[str, str], str] = {(row.owner, row.list): row.view_id for row in firsts}
        self._firsts_before = dict(self._firsts)

    def find(self, id_: str, actor: str) -> _Row | None:
        """A view that somebody sees."""
        row = self._rows.get(id_)
        return row if row is not None and row.owner in ("", actor) else None

    def put(self, id_: str, list_: List, told: SaveView | ChangeView, old: _Row | None = None) -> SavedView | Refusal:
        """Give a view its name, filters and place, if it may have them."""
        owner = "" if told.is_shared else told.actor
        made = (told.actor, self._tx.now) if old is None else (old.made_by, old.made_at)
        row = _Row(id_, list_, owner, told.name.strip(), told.query, told.place, *made)
        others = self._beside(row)
        refusal = self._refusal(row, old, others, told)
        if refusal is not None:
            return refusal
        at = told.place - 1 if told.place else len(others)
        if not told.place and old is not None and old.owner == owner:
            at = old.place - 1
        others.insert(at, row)
        self._rows.update({each.id: each._replace(place=place) for place, each in enumerate(others, 1)})
        if owner:  # what was everybody's may be somebody's own from now on: lists of others open as they are
            self._firsts = {key: each for key, each in self._firsts.items() if each != id_ or key[0] == owner}
        if told.is_first:
            self._firsts[told.actor, list_] = id_
        elif self._firsts.get((told.actor, list_)) == id_:
            del self._firsts[told.actor, list_]
        place = self._rows[id_].place
        return SavedView(id_, list_, row.name, row.query, told.is_shared, told.is_first, place)

    def _refusal(
        self, row: _Row, old: _Row | None, others: Sequence[_Row], told: SaveView | ChangeView
    ) -> Refusal | None:
        findings = list(text_findings([row.name, row.query]))
        if findings or not row.name:
            return refusal_of(findings or [Finding("/name", "missing", "It is needed.")])
        is_same = old is not None and old._replace(place=0) == row._replace(place=0) and told.place in (0, old.place)
        if (row.owner == "" or (old is not None and old.owner == "")) and not is_same and LEADS not in told.by:
            return Refusal("leads_only")
        if any(each.name.lower() == row.name.lower() for each in others):
            return Refusal("view_taken", name=row.name)
        return Refusal("too_many_views", most=VIEWS_MAX) if len(others) >= VIEWS_MAX else None

    def _beside(self, row: _Row) -> list[_Row]:
        beside = [each for each in self._rows.values() if (each.list, each.owner) == row[1:3] and each.id != row.id]
        return sorted(beside, key=lambda each: (each.place, each.id))

    def drop(self, id_: str) -> None:
        """Take a view away."""
        del self._rows[id_]
        self._firsts = {key: each for key, each in self._firsts.items() if each != id_}

    def write(self) -> None:
        """Write what changed."""
        tx, gone = self._tx, sorted(self._before.keys() - self._rows.keys())
        changed = [row for id_, row in self._rows.items() if self._before.get(id_) != row]
        if gone:
            tx.write("DELETE FROM saved_view WHERE id = ANY(%(ids)s::uuid[])", ids=array(gone))
        if changed:
            tx.write(_WRITE, **{name: array([getattr(row, name) for row in changed]) for name in _Row._fields})
        if self._firsts != self._firsts_before:
            owners = {owner for owner, _ in [*self._firsts, *self._firsts_before]}
            tx.write("DELETE FROM first_view WHERE owner = ANY(%(owners)s::text[])", owners=array(sorted(owners)))
            tx.copy("first_view", "owner, list, view_id", [(*key, id_) for key, id_ in self._firsts.items()])


_WRITE = """
    INSERT INTO saved_view (id, list, owner, name, name_key, query, place, made_by, made_at)
    SELECT id, list, owner, name, lower(name), query, place, made_by, made_at
    FROM unnest(%(id)s::uuid[], %(list)s::text[], %(owner)s::text[], %(name)s::text[], %(query)s::text[],
                %(place)s::int[], %(made_by)s::text[], %(made_at)s::timestamptz[])
         AS v(id, list, owner, name, query, place, made_by, made_at)
    ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, name = excluded.name, name_key = excluded.name_key,
        query = excluded.query, place = excluded.place
"""
