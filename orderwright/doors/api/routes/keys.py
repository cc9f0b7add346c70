"""API keys."""

from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.database.keys import CreateKey, Key, NewKey, RevokeKey, create_keys, list_keys, revoke_keys
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import whole_store
from orderwright.values.forms import Form, Word
from orderwright.values.pages import Page


class KeyForm(Form, frozen=True):
    """A key to be made. `sites` and `channels` limit it to some; left out, it reaches all."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    scopes: Annotated[list[Word], Meta(min_length=1, max_length=20)]
    sites: Annotated[list[Word], Meta(max_length=1000)] | None = None
    channels: Annotated[list[Word], Meta(max_length=1000)] | None = None


@read("/v1/keys", "admin", within=whole_store)
def keys(tx: Tx, question: Question[None]) -> Page[Key]:
    """All keys, newest first, revoked ones too; never their secrets."""
    return Page(list_keys(tx))


def _without_secret(key: NewKey) -> NewKey:
    return msgspec.structs.replace(key, key=None)


@deed(
    "POST", "/v1/keys", "admin", create_keys, within=whole_store, answer=NewKey, status=201, kept=_without_secret,
    example={"name": "web shop", "scopes": ["orders:write"], "channels": ["web"]},
)  # fmt: skip
def create_key(request: Request[KeyForm]) -> CreateKey:
    """Make a key. `key` in the answer is shown this once; a repeated Idempotency-Key does not bring it back."""
    form = request.body
    return CreateKey(name=form.name, scopes=form.scopes, sites=form.sites, channels=form.channels, actor=request.actor)


@deed("DELETE", "/v1/keys/{prefix}", "admin", revoke_keys, within=whole_store, answer=Key)
def revoke_key(request: Request[None]) -> RevokeKey:
    """Revoke a key, by its prefix. It stops working within five seconds."""
    return RevokeKey(prefix=request.at["prefix"], actor=request.actor)
