"""What becomes of an order that is written down: placed, kept, quoted, thrown away."""

from collections.abc import Mapping
from typing import Any

from orderwright.doors.api.routes import quotes as api
from orderwright.doors.console.page import deed
from orderwright.doors.console.pages.new_order import draft
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.writing_down import body_of


def _placed(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The total that was told goes along: what has changed since is not placed unseen."""
    told = {name: tree[name] for name in ("total", "anyway") if name in tree}
    return {"order": body_of(tree), **told}


def _quoted(tree: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: tree[name] for name in ("total", "valid_until") if name in tree}
    return {"order": body_of(tree), **told}


def _to_order(answer: Mapping[str, Any], at: Mapping[str, str]) -> str:
    return f"/orders/{answer['number']}"


def _to_quote(answer: Mapping[str, Any], at: Mapping[str, str]) -> str:
    return f"/quotes/{answer['number']}"


place = deed("/drafts/{id}/place", api.place_draft, page=draft, then=_to_order, said=_("The order is placed."),
             body=_placed)  # fmt: skip
save = deed("/drafts/{id}/save", api.save_draft, page=draft, then="/drafts/{id}", said=_("Kept as a draft."),
            body=body_of)  # fmt: skip
make_quote = deed("/drafts/{id}/quote", api.make_quote, page=draft, then=_to_quote, said=_("The quote is made."),
                  body=_quoted)  # fmt: skip
