"""What was changed of what the shop is made of: who, when, how it was and how it became."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from orderwright.database.changes import ChangeKept, ChangeQuery, list_changes
from orderwright.doors.api.within import whole_store
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.exception_words import CASES
from orderwright.doors.console.history_codes import CODES
from orderwright.doors.console.history_words import NO, PARTS, YES
from orderwright.doors.console.page import page
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form, Text
from orderwright.values.pages import After
from orderwright.values.phrases import Phrase, side_by_side

ROWS = 30
PARTS_SHOWN = 40
"""So many parts of one change are told; of a long list of buffers the first."""
KINDS: Mapping[str, str] = {
    "setting": _("Setting"), "product": _("Product"), "site": _("Site"), "place": _("Place"), "channel": _("Channel"),
    "floor": _("Layout of the floor"), "release_policy": _("Gate of a site"), "sale_event": _("Sale"),
    "carton": _("Kind of carton"), "insert": _("What goes into parcels"), "dial": _("Dial"), "key": _("API key"),
    "account": _("Person"), "device": _("Scanner"), "customer": _("Customer"), "price_list": _("Price list"),
    "price": _("Price on a list"), "carrier": _("Carrier"), "service": _("Service"),
    "rate_card": _("Currency of carriers' prices"),
}  # fmt: skip
"""Kinds of things, in words; a kind of which nothing is said here is told by its name."""


class HistoryQuery(Form, frozen=True):
    """Changes of what, and where the list goes on."""

    kind: Annotated[str, Meta(max_length=64)] = ""
    name: Text = ""
    after: After | None = None


class Part(NamedTuple):
    """A part of a thing that was changed: its name, and its texts before and after, for `t` to say; "" for nothing."""

    name: str | Phrase
    before: str | Phrase
    after: str | Phrase


class ChangeShown(NamedTuple):
    """One change. word: "new", "gone" or "changed". more: parts that are not told."""

    kind: str
    name: str | Phrase
    actor: str
    at: datetime
    word: str
    parts: Sequence[Part]
    more: int


class HistoryShown(NamedTuple):
    """A page of changes, and of what they are."""

    changes: Sequence[ChangeShown]
    next: str | None
    kind: str
    name: str
    kinds: Mapping[str, str]


@page("/settings/history", template="history.html", scope="admin", title=_("History"), section="settings",
      within=whole_store)  # fmt: skip
def history(asked: Asked[HistoryQuery]) -> HistoryShown:
    """Changes, the latest first."""
    query = asked.query
    wanted = ChangeQuery(kind=query.kind or None, name=query.name.strip() or None, after=query.after, limit=ROWS)
    found = list_changes(asked.tx, wanted)
    return HistoryShown([_shown(each) for each in found.items], found.next, query.kind, query.name, KINDS)


def _shown(change: ChangeKept) -> ChangeShown:
    word = "new" if change.before is None else "gone" if change.after is None else "changed"
    parts = list(parts_of(change.before, change.after, change.kind))
    # Dials are called as what they decide; everything else has a name that people gave it, or programs know.
    name = Phrase(CASES[change.name].name) if change.kind == "dial" and change.name in CASES else change.name
    return ChangeShown(
        change.kind, name, change.actor, change.changed_at, word, parts[:PARTS_SHOWN],
        max(0, len(parts) - PARTS_SHOWN),
    )  # fmt: skip


def parts_of(
    before: Any, after: Any, thing: str, names: Sequence[str | Phrase] = (), field: str = ""
) -> Iterator[Part]:
    """The single values of a change, each with where it lies; what is empty both times is left out.

    thing: the kind of what was changed. names, field: where in it they lie.
    """
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        old, new = (each if isinstance(each, Mapping) else {} for each in (before, after))
        for key in {**old, **new}:
            yield from parts_of(old.get(key), new.get(key), thing, [*names, _named(str(key))], str(key))
        return
    texts = _text(before, thing, field), _text(after, thing, field)
    if texts[0] != texts[1]:
        yield Part(side_by_side(" · ", names) if names else "", *texts)


def _named(key: str) -> str | Phrase:
    """What a part is called. What people named themselves is called so in every language."""
    return Phrase(PARTS[key]) if key in PARTS else key.replace("_", " ")


def _text(value: Any, thing: str, field: str) -> str | Phrase:
    """A value as it is told: lists line by line, codes in words."""
    if value is None or value == [] or value == "":
        return ""
    if isinstance(value, list):
        return side_by_side("\n", [_text(each, thing, field) for each in value])
    if isinstance(value, Mapping):
        told = {key: each for key, each in value.items() if each not in (None, "", [])}
        pairs = [[_named(key), _text(each, thing, key)] for key, each in told.items()]
        return side_by_side(", ", [side_by_side(": ", pair) for pair in pairs])
    if isinstance(value, bool):
        return Phrase(YES if value else NO)
    if isinstance(value, str) and (word := CODES.get((thing, field), {}).get(value)):
        return Phrase(word)
    return side_by_side("", [value if isinstance(value, str) else msgspec.json.encode(value).decode()])
