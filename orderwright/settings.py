"""Every setting of a store, on one page. The areas define them; this lists, shows and changes them."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from orderwright.business.customers import brand
from orderwright.business.deeds import by_customer, reoptimise
from orderwright.business.deeds.exchanging import placing as placing_exchanges
from orderwright.business.deeds.paying import links as pay_links
from orderwright.business.deeds.placing import windows
from orderwright.business.deeds.supply import low
from orderwright.business.orders import customer_links
from orderwright.business.purchasing import deliveries
from orderwright.business.reports import labour, mailing, told
from orderwright.business.reports.days import telling
from orderwright.business.reports.today import numbers
from orderwright.business.returns import labels as return_labels
from orderwright.business.shipping import ssccs
from orderwright.business.shipping.packing import settings as packing
from orderwright.business.staff import settings as staff
from orderwright.business.warehouse.counts import settings as counts
from orderwright.database import keys, retention
from orderwright.database.settings import Setting, from_file, lock_settings, replace_all, stored
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, FindingTold, phrased
from orderwright.values.forms import Command
from orderwright.values.pages import Page
from orderwright.values.phrases import Phrase
from orderwright.values.refusal import Refusal
from orderwright.values.shape_words import phrase_of

_ALL: tuple[Setting[Any], ...] = (
    *keys.SETTINGS,
    *retention.SETTINGS,
    *reoptimise.SETTINGS,
    *labour.SETTINGS,
    *telling.SETTINGS,
    *told.SETTINGS,
    *mailing.SETTINGS,
    *numbers.SETTINGS,
    *windows.SETTINGS,
    *ssccs.SETTINGS,
    *deliveries.SETTINGS,
    *low.SETTINGS,
    *packing.SETTINGS,
    *counts.SETTINGS,
    *staff.SETTINGS,
    *brand.SETTINGS,
    *customer_links.SETTINGS,
    *pay_links.SETTINGS,
    *by_customer.SETTINGS,
    *placing_exchanges.SETTINGS,
    *return_labels.SETTINGS,
)
SETTINGS: Mapping[str, Setting[Any]] = {each.name: each for each in _ALL}


class Shown(msgspec.Struct, frozen=True):
    """A setting as people see it. `source`: store, file or default."""

    name: str
    value: Any
    default: Any
    source: str
    says: str


class PutSettings(Command, frozen=True):
    """Make these the settings of the store; a setting that is not named takes its default."""

    values: Mapping[str, Any]


class ChangeSettings(Command, frozen=True):
    """Make some settings these; the others stay. seen: what was in force when it was decided, by name."""

    values: Mapping[str, Any]
    seen: Mapping[str, Any]


def change_settings(tx: Tx, commands: Sequence[ChangeSettings]) -> list[Page[Shown] | Refusal]:
    """Change some of the store's settings, each change kept with before and after.

    Refuses malformed as put_settings does, and stale when one of them was changed since it was seen.
    """
    answers: list[Page[Shown] | Refusal] = []
    for command in commands:
        lock_settings(tx)
        findings = findings_of(command.values)
        now = {each.name: each.value for each in list_settings(tx)}
        moved = [name for name in command.values if name in command.seen and now.get(name) != command.seen[name]]
        if findings or moved:
            answers.append(Refusal("malformed", findings=findings) if findings else Refusal("stale", names=moved))
            continue
        below = {**{name: each.default for name, each in SETTINGS.items()}, **from_file(tx)}
        wanted = {**stored(tx), **command.values}
        replace_all(
            tx, {name: value for name, value in wanted.items() if value != _plain(below.get(name))}, command.actor
        )
        answers.append(Page(list_settings(tx)))
    return answers


def put_settings(tx: Tx, commands: Sequence[PutSettings]) -> list[Page[Shown] | Refusal]:
    """Replace the store's settings, each change kept with before and after.

    Refuses malformed (findings: setting_unknown, or a value of the wrong form), changing nothing.
    """
    answers: list[Page[Shown] | Refusal] = []
    for command in commands:
        findings = findings_of(command.values)
        if findings:
            answers.append(Refusal("malformed", findings=findings))
            continue
        replace_all(tx, command.values, command.actor)
        answers.append(Page(list_settings(tx)))
    return answers


def list_settings(tx: Tx) -> list[Shown]:
    """All settings, by name: what is in force and where that is said."""
    in_table, in_file = stored(tx), from_file(tx)
    return [_shown(setting, in_table, in_file) for _, setting in sorted(SETTINGS.items())]


def findings_of(values: Mapping[str, Any], within: str = "") -> list[FindingTold]:
    """What is wrong with values for settings: `{pointer, code, message}` each. within: a pointer to their place."""
    findings = []
    for name, value in values.items():
        if name not in SETTINGS:
            findings.append(Finding(f"{within}/{name}", "setting_unknown", "There is no setting of this name.").told())
            continue
        said = _problem(SETTINGS[name], value)
        if said is not None:
            findings.append(phrased(f"{within}/{name}", "wrong_value", said).told())
    return findings


def _problem(setting: Setting[Any], value: Any) -> Phrase | None:
    try:
        given = msgspec.convert(value, setting.shape)
    except msgspec.ValidationError as wrong:
        return phrase_of(str(wrong))
    return None if setting.problem is None else setting.problem(given)


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


def _shown(setting: Setting[Any], in_table: Mapping[str, Any], in_file: Mapping[str, Any]) -> Shown:
    for source, values in (("store", in_table), ("file", in_file)):
        if setting.name in values:
            return Shown(setting.name, values[setting.name], setting.default, source, setting.says)
    return Shown(setting.name, setting.default, setting.default, "default", setting.says)
