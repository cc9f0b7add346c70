"""What was changed in the house itself (settings, keys, staff), by whom, before and after."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from orderwright.values.ids import new_ids

if TYPE_CHECKING:
    from orderwright.database.tx import Tx


class Change(NamedTuple):
    """One change. `kind`: setting, key, account, device or dial. `before` is None: it is new; `after`: it is gone."""

    kind: str
    name: str
    before: object
    after: object
    actor: str


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


def _json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
