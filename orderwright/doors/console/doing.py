"""Doing a deed of the API for who sent a form: by the same way, with the same refusals."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from orderwright.doors.api.asked import Raw
from orderwright.doors.api.endpoint import Api
from orderwright.doors.console import cookies, forms
from orderwright.doors.console.page import FormDeed
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.showing import Looking, Showing
from orderwright.doors.console.visitors import access_of
from orderwright.values.findings import refusal_of, worded
from orderwright.values.refusal import Refusal

NAME_CHARS_MAX = 64


async def do_deed(api: Api, showing: Showing, deed: FormDeed, looking: Looking, fields: Mapping[str, str]) -> Reply:
    """Do what a form asks for, once per rendering of the form, and say where to look next."""
    if looking.visitor is None:
        raise Refusal("unauthorized")
    tree = forms.tree_of(fields, is_mended=deed.of.is_mended)
    body = forms.body_of(tree if deed.body is None else deed.body(tree), deed.of.body)
    once, version = fields.get(forms.ONCE, ""), fields.get(forms.VERSION, "")
    at = {**looking.at, **{name: _name(tree, name) for name in deed.named}}
    raw = Raw(
        "POST", looking.path, at, body=body,
        idempotency_key=once.encode("latin-1", "replace") or None,
        if_match=version.encode("latin-1", "replace") or None,
    )  # fmt: skip
    answer = await api.do(deed.of, access_of(looking.visitor), raw)
    if deed.tells is not None:
        return await showing.show(deed.tells, looking, answer=msgspec.json.decode(answer.body))
    if callable(deed.then):
        path = deed.then(msgspec.json.decode(answer.body), at)
    else:
        path = deed.then.format(**{name: quote(text, safe="") for name, text in at.items()})
    return see_other(path, *([cookies.said(deed.said)] if deed.said else []))


def _name(tree: Mapping[str, Any], field: str) -> str:
    """What a new thing is to be called. Refuses malformed."""
    text = tree.get(field, "")
    if not isinstance(text, str) or not 0 < len(text) <= NAME_CHARS_MAX:
        raise refusal_of([worded(f"/{field}", "missing", "Give it 1 to {most} characters.", most=NAME_CHARS_MAX)])
    return text
