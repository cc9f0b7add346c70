"""Doing a deed of the API for who sent a form: by the same way, with the same refusals."""

from collections.abc import Mapping

import msgspec

from orderwright.doors.api.asked import Raw
from orderwright.doors.api.endpoint import Api
from orderwright.doors.console import cookies, forms
from orderwright.doors.console.page import FormDeed
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.showing import Looking
from orderwright.doors.console.visitors import access_of
from orderwright.values.refusal import Refusal


async def do_deed(api: Api, deed: FormDeed, looking: Looking, fields: Mapping[str, str]) -> Reply:
    """Do what a form asks for, once per rendering of the form, and say where to look next."""
    if looking.visitor is None:
        raise Refusal("unauthorized")
    tree = forms.tree_of(fields)
    body = forms.body_of(tree if deed.body is None else deed.body(tree), deed.of.body)
    once, version = fields.get(forms.ONCE, ""), fields.get(forms.VERSION, "")
    raw = Raw(
        "POST", looking.path, looking.at, body=body,
        idempotency_key=once.encode("latin-1", "replace") or None,
        if_match=version.encode("latin-1", "replace") or None,
    )  # fmt: skip
    answer = await api.do(deed.of, access_of(looking.visitor), raw)
    if callable(deed.then):
        path = deed.then(msgspec.json.decode(answer.body), looking.at)
    else:
        path = deed.then.format(**looking.at)
    return see_other(path, *([cookies.said(deed.said)] if deed.said else []))
