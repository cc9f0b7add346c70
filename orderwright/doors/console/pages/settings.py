"""Settings: the hub, and every setting of the store with what it means, what it was and who changed it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, get_args, get_origin

import msgspec

from orderwright.database.rows import array
from orderwright.database.settings import Setting
from orderwright.doors.api.within import whole_store
from orderwright.doors.console import cookies
from orderwright.doors.console.acting import Call
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import act, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.settings import SETTINGS, ChangeSettings, Shown, change_settings, findings_of, list_settings
from orderwright.values.findings import FindingTold, phrased
from orderwright.values.refusal import Refusal
from orderwright.values.shape_words import phrase_of

PLACES: Sequence[tuple[str, str, str, str]] = (
    ("/products", "stock:read", _("Products"), _("What is sold: prices, sizes, barcodes, kits.")),
    ("/stock", "stock:read", _("Stock"), _("What lies where; books set right.")),
    ("/imports", "stock:read", _("Import and export"), _("Bring files of products, stock and orders; save tables.")),
    ("/settings/sites", "stock:read", _("Sites"), _("Addresses, hours, capacity, and the layout of the floor.")),
    ("/settings/channels", "orders:read", _("Channels"), _("Where orders come from, and what is kept from whom.")),
    ("/settings/price-lists", "orders:read", _("Price lists"), _("What goods cost those who agreed other prices.")),
    ("/settings/carriers", "shipping:read", _("Carriers"), _("Who brings the parcels, and by which services.")),
    ("/staff", "staff:read", _("People"), _("Who signs in, and what they may do; shared scanners.")),
    ("/settings/keys", "admin", _("API keys"), _("For programs that work with this shop.")),
    ("/settings/store", "admin", _("Rules and limits"), _("Every setting, with its default and its history.")),
    ("/settings/history", "admin", _("History"), _("Who changed what and when, with how it was before.")),
)
"""Where things are set: path, who sees it, what it is called, what it is for."""
GROUPS: Mapping[str, str] = {
    "api": _("Programs"), "retention": _("How long things are kept"), "staff": _("Signing in"),
    "pay": _("Pay links"), "packing": _("Packing"), "counts": _("Counting"), "labour": _("Work"),
    "shipping": _("Parcels"),
    "orders": _("Orders"), "portal": _("Customers' pages"), "purchasing": _("Buying"), "receiving": _("Receiving"),
    "reports": _("Reports"), "returns": _("Returns"), "routing": _("Routing"), "today": _("Targets"),
}  # fmt: skip
CHANGES_SHOWN = 5


class Place(NamedTuple):
    """An entry of the hub."""

    path: str
    title: str
    says: str


class Change(NamedTuple):
    """A change of a setting."""

    before: str
    after: str
    actor: str
    at: datetime


class SettingShown(NamedTuple):
    """A setting in its field. kind: number, switch, words, choice, list for words of which
    each has a line, or json for what has parts."""

    of: Shown
    text: str
    default: str
    kind: str
    choices: Sequence[str]
    changes: Sequence[Change]


class StoreShown(NamedTuple):
    """All settings, group by group."""

    groups: Sequence[tuple[str, Sequence[SettingShown]]]


@page("/settings", template="settings.html", scope="stock:read", title=_("Settings"), section="settings")
def settings(asked: Asked[None]) -> list[Place]:
    """What can be set by this visitor."""
    return [Place(path, title, says) for path, scope, title, says in PLACES if scope in asked.access.scopes]


@page("/settings/store", template="setting_list.html", scope="admin", title=_("Rules and limits"), section="settings",
      within=whole_store)  # fmt: skip
def store_settings(asked: Asked[None]) -> StoreShown:
    """Every setting."""
    history = _history(asked.tx)
    groups: dict[str, list[SettingShown]] = {}
    for each in list_settings(asked.tx):
        kind, choices = _kind(SETTINGS[each.name].shape)
        shown = SettingShown(
            each, _text(each.value, kind), _text(each.default, kind), kind, choices, history.get(each.name, [])
        )
        group = each.name.partition(".")[0]
        groups.setdefault(GROUPS.get(group, group.replace("_", " ").capitalize()), []).append(shown)
    return StoreShown(list(groups.items()))


def _history(tx: Any) -> dict[str, list[Change]]:
    rows = tx.rows(
        """
        SELECT name, before, after, actor, changed_at FROM (
            SELECT *, row_number() OVER (PARTITION BY name ORDER BY changed_at DESC, id DESC) AS nth
            FROM house_change WHERE kind = 'setting' AND name = ANY(%(names)s::text[])
        ) AS c WHERE nth <= %(most)s ORDER BY name, changed_at DESC, id DESC
        """,
        names=array(SETTINGS), most=CHANGES_SHOWN,
    )  # fmt: skip
    history: dict[str, list[Change]] = {}
    for row in rows:
        change = Change(row.before or "–", row.after or "–", row.actor, row.changed_at)
        history.setdefault(row.name, []).append(change)
    return history


def _kind(shape: Any) -> tuple[str, Sequence[str]]:
    plain = shape
    while hasattr(plain, "__metadata__"):
        plain = get_args(plain)[0]
    if plain is bool:
        return "switch", ()
    if plain in (int, float):
        return "number", ()
    if plain is str:
        return "words", ()
    if get_origin(plain) is not None and str(get_origin(plain)) == "typing.Literal":
        return "choice", [str(each) for each in get_args(plain)]
    if get_origin(plain) is list:
        return "list", ()
    return "json", ()


def _text(value: Any, kind: str) -> str:
    if kind == "switch":
        return "true" if value else "false"
    if kind == "list":
        return "\n".join(value)
    return str(value) if kind in ("number", "words", "choice") else msgspec.json.encode(value).decode()


@act("/settings/store", scope="admin", page=store_settings)
async def save_settings(call: Call) -> Reply:
    """Change what was changed in the form; the rest stays, whatever became of it meanwhile."""
    if call.who.sites is not None or call.who.channels is not None:
        raise Refusal("forbidden")
    values: dict[str, Any] = {}
    seen: dict[str, Any] = {}
    findings: list[FindingTold] = []
    for name, setting in SETTINGS.items():
        said, was = call.fields.get(f"set/{name}"), call.fields.get(f"seen/{name}")
        if said is None or was is None or _lines(said.strip()) == _lines(was):
            continue
        try:
            values[name], seen[name] = _value(setting, said.strip()), _value(setting, was)
        except msgspec.MsgspecError as wrong:
            findings.append(phrased(f"/set/{name}", "wrong_value", phrase_of(str(wrong))).told())
    findings += findings_of(values, "/set")
    if findings:
        raise Refusal("malformed", findings=findings)
    if values:
        await call.do(change_settings, ChangeSettings(values=values, seen=seen, actor=call.who.actor))
    return see_other("/settings/store", cookies.said(_("Saved.")))


def _lines(text: str) -> list[str]:
    return [each.strip() for each in text.splitlines() if each.strip()]


def _value(setting: Setting[Any], text: str) -> Any:
    """What a field says of a setting, as it is kept; emptied, a number takes its default."""
    kind, _choices = _kind(setting.shape)
    if kind == "list":
        return msgspec.to_builtins(msgspec.convert(_lines(text), setting.shape))
    if not text and kind != "words":
        return msgspec.to_builtins(setting.default)
    read = (
        msgspec.json.decode(text, type=setting.shape)
        if kind == "json"
        else msgspec.convert(text, setting.shape, strict=False)
    )
    return msgspec.to_builtins(read)
