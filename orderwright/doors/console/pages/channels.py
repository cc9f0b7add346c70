"""Channels and API keys: who the shop works with from outside."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.catalog.forms import ChannelForm
from orderwright.business.catalog.listing import ChannelRow, list_channels
from orderwright.business.catalog.reads import catalog_of
from orderwright.database.keys import SCOPES, Key, list_keys
from orderwright.doors.api.routes import catalog as routes
from orderwright.doors.api.routes import keys as key_routes
from orderwright.doors.api.within import channels as within_channels
from orderwright.doors.api.within import whole_store
from orderwright.doors.console import writing
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.texts import text as _
from orderwright.values.refusal import Refusal

SHOWN = ("name", "kind", "currency", "policy", "buffers", "is_active")
SHORTAGE: Sequence[tuple[str, str]] = (
    ("backorder", _("Wait for stock")), ("refuse", _("Refuse the order")), ("hold", _("Hold the order")),
)  # fmt: skip
SPLIT: Sequence[tuple[str, str]] = (("cheapest", _("Whatever is cheapest")), ("never", _("Never")))
MORE = 2


class ChannelShown(NamedTuple):
    """A channel to be changed, or a new one. version: 0 for a new one."""

    code: str
    form: ChannelForm
    version: int
    written: str
    may_write: bool
    sites: Sequence[str]
    rows: int
    shortage: Sequence[tuple[str, str]]
    split: Sequence[tuple[str, str]]


class KeysShown(NamedTuple):
    """The keys; new: one just made, with its secret, told this once."""

    keys: Sequence[Key]
    scopes: Sequence[str]
    new: Mapping[str, Any] | None


@page("/settings/channels", template="channels.html", scope="orders:read", title=_("Channels"), section="settings")
def channels(asked: Asked[None]) -> list[ChannelRow]:
    """The channels."""
    limits = asked.access.channels
    return [each for each in list_channels(asked.tx) if limits is None or each.code in limits]


@page("/settings/channels/new", template="channel.html", scope="admin", title=_("New channel"), section="settings",
      within=within_channels(lambda asked: [""]))  # fmt: skip
def adding(asked: Asked[None]) -> ChannelShown:
    """A form for a new channel."""
    return _channel(asked, ChannelRow("", ChannelForm(name="", kind="api", currency=""), 0))


@page("/settings/channels/{code}", template="channel.html", scope="orders:read", title=_("Channel"),
      section="settings", within=within_channels(lambda asked: [asked.at["code"]]))  # fmt: skip
def channel(asked: Asked[None]) -> ChannelShown:
    """One channel."""
    found = next((each for each in list_channels(asked.tx) if each.code == asked.at["code"]), None)
    if found is None:
        raise Refusal("not_found", channel=asked.at["code"])
    return _channel(asked, found)


def _channel(asked: Asked[None], row: ChannelRow) -> ChannelShown:
    return ChannelShown(
        row.code, row.form, row.version, writing.written(row.form), "admin" in asked.access.scopes,
        sorted(catalog_of(asked.tx).sites), len(row.form.buffers) + MORE, SHORTAGE, SPLIT,
    )  # fmt: skip


def _channel_body(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The channel as the form leaves it."""
    body = writing.rewritten(tree, SHOWN)
    policy = dict(body.get("policy", {}))
    if policy.get("countries"):
        policy["countries"] = [word.upper() for word in writing.words_of(policy["countries"])]
    if policy.get("ship_complete") == "default":
        del policy["ship_complete"]
    body["policy"] = policy
    body["buffers"] = writing.filled(body.get("buffers"), "withheld")
    if "currency" in body:
        body["currency"] = str(body["currency"]).upper()
    return body


change_channel = deed("/settings/channels/{code}", routes.put_channel, page=channel, then="/settings/channels/{code}",
                      said=_("Saved."), body=_channel_body)  # fmt: skip
add_channel = deed("/settings/channels/new", routes.put_channel, page=adding, then="/settings/channels/{code}",
                   said=_("The channel is added."), body=_channel_body, named=("code",))  # fmt: skip


@page("/settings/keys", template="keys.html", scope="admin", title=_("API keys"), section="settings",
      within=whole_store)  # fmt: skip
def keys(asked: Asked[None]) -> KeysShown:
    """Keys of programs."""
    return KeysShown(list_keys(asked.tx), SCOPES, asked.answer)


def _key_body(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The key a form asks for: ticked scopes; limits only where something is written."""
    ticked = tree.get("allow", {})
    told: dict[str, Any] = {"name": tree.get("name", ""), "scopes": sorted(ticked) if isinstance(ticked, dict) else []}
    for name in ("sites", "channels"):
        if tree.get(name):
            told[name] = writing.words_of(tree[name])
    return told


make_key = deed("/settings/keys", key_routes.create_key, page=keys, then="/settings/keys", body=_key_body, tells=keys)
revoke_key = deed("/settings/keys/{prefix}/revoke", key_routes.revoke_key, page=keys, then="/settings/keys",
                  said=_("The key is revoked."))  # fmt: skip
