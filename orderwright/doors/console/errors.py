"""What goes wrong, as people are told: in words, with what to do, and nothing about our insides."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import structlog

from orderwright.doors.api.problem import refusal_of
from orderwright.doors.console.forms import fields_told, said_of
from orderwright.doors.console.texts import text as _
from orderwright.doors.logs import told, trace
from orderwright.values.ids import new_id
from orderwright.values.phrases import Phrase
from orderwright.values.refusal import Refusal

log = structlog.get_logger(room="console")

TITLES: Mapping[str, str] = {
    "not_found": _("There is nothing here"),
    "forbidden": _("This is not for you to see"),
    "cross_site": _("This did not come from a page of ours"),
    "method_not_allowed": _("That cannot be done here"),
    "link_spent": _("This link leads nowhere any more"),
    "malformed": _("Some of this could not be read"),
    "overloaded": _("Too much is going on at the moment"),
    "database_away": _("The database does not answer"),
    "outcome_unknown": _("It is not known whether this was done"),
    "internal_error": _("Something went wrong on our side"),
}
ADVICE: Mapping[str, str] = {
    "not_found": _("It may have been moved, or the address was mistyped. Look for it among the orders."),
    "forbidden": _("Your roles do not include it. Whoever looks after people here can give you another role."),
    "cross_site": _("Open the page anew and try it once more."),
    "link_spent": _("It was used, or is too old. Ask for another one."),
    "malformed": _("Go back, and look at what was asked for."),
    "overloaded": _("Nothing was changed. Try again in a few seconds."),
    "database_away": _("Nothing was changed. It usually comes back by itself within a minute; try again then."),
    "outcome_unknown": _("Look whether it was done before you do it again."),
    "internal_error": _("It was written down for those who look after this shop, under the number below."),
}
OTHER = _("This cannot be done now")


class Trouble(NamedTuple):
    """A refusal as a page tells it. says: the sentence of the refusal; advice: what to do about it.

    findings: what is wrong, each with the name of what it is wrong with.
    """

    status: int
    code: str
    title: str
    says: str
    advice: str
    findings: tuple[tuple[str, str | Phrase], ...]
    number: str = ""


def trouble_of(error: Exception) -> Trouble:
    """What to tell. What is not expected is logged with its trace, under a number that the page shows."""
    refusal = refusal_of(error)
    number = ""
    if refusal.kind.status >= 500 and not isinstance(error, Refusal):
        number = new_id()
        log.error(refusal.code, request_id=number, error=told(error), trace=trace(error))
    says = "" if refusal.code in ADVICE else refusal.kind.sentence
    return Trouble(
        refusal.kind.status, refusal.code, TITLES.get(refusal.code, OTHER), says, ADVICE.get(refusal.code, ""),
        tuple(_found(each) for each in refusal.facts.get("findings", ())), number,
    )  # fmt: skip


def _found(finding: Any) -> tuple[str, str | Phrase]:
    return str(fields_told(finding).get("pointer", "")).lstrip("/?"), said_of(finding)
