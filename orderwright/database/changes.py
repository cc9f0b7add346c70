"""What was changed in the house itself (what is sold, sites, settings, keys, staff), by whom, before and after."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

from orderwright.values.codes import text_problem
from orderwright.values.forms import Form, Text
from orderwright.values.ids import new_ids
from orderwright.values.pages import After, Limit, Page, mark, read_mark

if TYPE_CHECKING:
    from orderwright.database.tx import Tx

KINDS = (
    "setting", "key", "account", "device", "dial", "product", "site", "place", "channel", "floor", "release_policy",
    "sale_event", "carton", "insert",
    "customer", "price_list", "price", "carrier", "service", "rate_card",
)  # fmt: skip
"""Kinds of things that are changed, and whose changes are kept."""


class Change(NamedTuple):
    """One change of a thing of one of the KINDS. `before` is None: it is new; `after`: it is gone."""

    kind: str
    name: str
    before: object
    after: object
    actor: str


class ChangeQuery(Form, frozen=True):
    """Which: of a kind, of one thing of it, or all."""

    kind: Annotated[str, Meta(max_length=64)] | None = None
    name: Text | None = None
    after: After | None = None
    limit: Limit = 50


class ChangeKept(msgspec.Struct, frozen=True):
    """A change as it is told: who made it and when, and of what differs, how it was and how it became."""

    id: str
    kind: str
    name: str
    before: Any
    after: Any
    actor: str
    changed_at: datetime


def note(tx: "Tx", changes: Sequence[Change]) -> None:
    """Keep changes for ever, in the transaction that makes them. Secrets do not belong here."""
    tx.copy(
        "house_change",
        "id, kind, name, before, after, actor, changed_at",
        [
            (id_, each.kind, each.name, _json(each.before), _json(each.after), each.actor, tx.now)
            for id_, each in zip(new_ids(len(changes)), changes, strict=True)
        ],
    )


class Replacing:
    """Things of a kind that forms replace, each saying all there is to it. before: as they stand, by name.

    in_order: fields whose lists say something by their order; these are kept whole, before and after.
    """

    def __init__(self, kind: str, before: Mapping[str, msgspec.Struct], in_order: Sequence[str] = ()) -> None:
        self._kind = kind
        self._now = dict(before)
        self._in_order = in_order
        self._changes: list[Change] = []

    def put(self, name: str, form: msgspec.Struct, actor: str) -> None:
        """A thing is put as the form says, as it will be read again. Kept is what differs, of a new one all."""
        before = self._now.get(name)
        self._now[name] = form
        if before is None:
            self._changes.append(Change(self._kind, name, None, form, actor))
        elif (differs := self._difference(_tree(before), _tree(form))) and differs[0] != differs[1]:
            self._changes.append(Change(self._kind, name, *differs, actor))

    def note(self, tx: "Tx") -> None:
        """Keep the changes for ever."""
        note(tx, self._changes)

    def _difference(self, before: Any, after: Any) -> tuple[Any, Any]:
        was, became = difference(before, after)
        for name in self._in_order:
            if before[name] != after[name]:
                was, became = {**was, name: before[name]}, {**became, name: after[name]}
        return was, became


def difference(before: Any, after: Any) -> tuple[Any, Any]:
    """What of two trees differs: of objects the fields that do, of lists of objects those that only one has."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        parts = {name: difference(before.get(name), after.get(name)) for name in names}
        parts = {name: part for name, part in parts.items() if part[0] != part[1]}
        return {name: part[0] for name, part in parts.items()}, {name: part[1] for name, part in parts.items()}
    if _are_objects(before) and _are_objects(after):
        old, new = ({msgspec.json.encode(each): each for each in side} for side in (before, after))
        gone, come = ([one[key] for key in one if key not in other] for one, other in ((old, new), (new, old)))
        return gone, come
    return before, after


def _are_objects(tree: Any) -> bool:
    return isinstance(tree, list) and all(isinstance(each, Mapping) for each in tree)


def _tree(form: Any) -> Any:
    """A form as a tree with every field told, and every moment written in one way."""
    if isinstance(form, msgspec.Struct):
        return {name: _tree(getattr(form, name)) for name in form.__struct_fields__}
    if isinstance(form, Mapping):
        return {name: _tree(each) for name, each in form.items()}
    if isinstance(form, (list, tuple)):
        return [_tree(each) for each in form]
    return form.astimezone(UTC) if isinstance(form, datetime) else form


def list_changes(tx: "Tx", query: ChangeQuery) -> Page[ChangeKept]:
    """Changes of the house, the latest first."""
    at, id_ = read_mark(query.after, tuple[datetime, UUID]) if query.after else (None, None)
    if any(text_problem(word) for word in (query.kind, query.name) if word):
        return Page([])
    wanted = [
        "kind = %(kind)s" if query.kind else "",
        "name = %(name)s" if query.name else "",
        "(changed_at, id) < (%(at)s, %(id)s::uuid)" if query.after else "",
    ]
    rows = tx.rows(
        "SELECT id::text, kind, name, before::jsonb AS before, after::jsonb AS after, actor, changed_at"
        f" FROM house_change WHERE {' AND '.join(each for each in wanted if each) or 'true'}"
        " ORDER BY changed_at DESC, id DESC LIMIT %(limit)s",
        kind=query.kind, name=query.name, at=at, id=str(id_), limit=query.limit + 1,
    )  # fmt: skip
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    return Page([ChangeKept(*row) for row in rows[: query.limit]], mark(last.changed_at, last.id) if last else None)


def _json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
