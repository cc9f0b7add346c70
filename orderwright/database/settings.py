"""Settings of a store: typed, with a default, cached by the catalogue's revision."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import msgspec

from orderwright.database.changes import Change, note
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.phrases import Phrase

Value = TypeVar("Value")

FROM_FILE = "settings_from_file"
"""Where a store's cache keeps what `orderwright.toml` says; the table goes before the file."""
_CACHED = "settings"


@dataclass(frozen=True)
class Setting(Generic[Value]):
    """One setting. `shape` is the type a value must have, with its bounds (`Annotated[int, Meta(ge=1)]`).

    problem: what is wrong with a value of that shape, where the shape alone cannot say it; None when it is sound.
    """

    name: str
    shape: Any
    default: Value
    says: str
    problem: Callable[[Value], Phrase | None] | None = None


def value_of(tx: Tx, setting: Setting[Value]) -> Value:
    """What is in force in this store."""
    return cast(Value, in_force(tx).get(setting.name, setting.default))


def locked_value_of(tx: Tx, setting: Setting[Value]) -> Value:
    """What is in force at this moment: for who locked settings, and may have waited while it was changed."""
    return cast(Value, {**from_file(tx), **stored(tx)}.get(setting.name, setting.default))


def in_force(tx: Tx) -> Mapping[str, Any]:
    """What the table and the file say, by name; what neither names has its default."""
    known = tx.store.cache.get(_CACHED)
    if known is None or known[0] != tx.revision:
        known = (tx.revision, {**from_file(tx), **stored(tx)})
        tx.store.cache[_CACHED] = known
    return cast("Mapping[str, Any]", known[1])


def from_file(tx: Tx) -> Mapping[str, Any]:
    """What `orderwright.toml` says for stores."""
    return cast("Mapping[str, Any]", tx.store.cache.get(FROM_FILE, {}))


def stored(tx: Tx) -> dict[str, Any]:
    """What the store's table says."""
    return {row.name: row.value for row in tx.rows("SELECT name, value FROM setting ORDER BY name")}


def lock_settings(tx: Tx) -> None:
    """Wait until nobody else changes settings."""
    tx.rows("SELECT 1 FROM revision WHERE name = 'catalog' FOR UPDATE")


def replace_all(tx: Tx, wanted: Mapping[str, Any], actor: str) -> None:
    """Make the table say exactly this; each difference is kept with before and after."""
    lock_settings(tx)
    before = stored(tx)
    changed = [name for name in sorted({*before, *wanted}) if before.get(name) != wanted.get(name)]
    if not changed:
        return
    _write(tx, {name: wanted[name] for name in changed if name in wanted})
    tx.write("DELETE FROM setting WHERE NOT name = ANY(%(names)s::text[])", names=array(wanted))
    tx.write("UPDATE revision SET number = number + 1 WHERE name = 'catalog'")
    note(tx, [Change("setting", name, before.get(name), wanted.get(name), actor) for name in changed])


def _write(tx: Tx, wanted: Mapping[str, Any]) -> None:
    values: Sequence[str] = [msgspec.json.encode(value).decode() for value in wanted.values()]
    tx.write(
        "INSERT INTO setting SELECT name, value::jsonb"
        " FROM unnest(%(names)s::text[], %(values)s::text[]) AS given(name, value)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        names=array(wanted), values=array(values),
    )  # fmt: skip
