"""Forms that replace a thing of which they show only a part: the rest of it goes along as it was written."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from orderwright.values import strict_json

WRITTEN = "written"
"""The hidden field with the thing as it was."""
WRITTEN_BYTES_MAX = 2_000_000


def written(form: msgspec.Struct) -> str:
    """A thing as it is, for the hidden field."""
    return msgspec.json.encode(form).decode()


def rewritten(tree: Mapping[str, Any], shown: Collection[str]) -> dict[str, Any]:
    """What the form says, and of the rest what was written. shown: the fields of the form, which may be emptied."""
    before: dict[str, Any] = strict_json.parse(str(tree.get(WRITTEN, "{}")).encode(), bytes_max=WRITTEN_BYTES_MAX)
    rest = {name: value for name, value in before.items() if name not in shown}
    return rest | {name: value for name, value in tree.items() if name in shown}


def filled(entries: Any, needed: str) -> list[dict[str, Any]]:
    """The entries of a list in which the field that matters is filled in."""
    return (
        [each for each in entries if isinstance(each, dict) and each.get(needed)] if isinstance(entries, list) else []
    )


def words_of(text: Any) -> list[str]:
    """Words with commas between them."""
    return [word.strip() for word in str(text).split(",") if word.strip()] if text else []


def moment_of(tree: Mapping[str, Any], name: str) -> str:
    """The moment a field says by the clock of the form's hidden `zone`; what is no moment stays as it was written."""
    try:
        local = datetime.fromisoformat(str(tree[name]))
        return local.replace(tzinfo=ZoneInfo(str(tree.get("zone", "UTC")))).isoformat()
    except (KeyError, ValueError, OSError):
        return str(tree[name])
