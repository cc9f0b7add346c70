"""What somebody asked for, as a page's function sees it, and what became of a form they sent."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from orderwright.business.staff.forms import Visitor
from orderwright.database.tx import Tx
from orderwright.doors.api.access import Access
from orderwright.values.phrases import Phrase

Query = TypeVar("Query")


class Tried(NamedTuple):
    """A form that was refused, or looked at while it is written (code ""), to be shown with what was written in it.

    deed: the address the form was sent to. values: what was written, by name of field. findings: what is wrong, by
    name of field; "" for the form as a whole. code, facts: the refusal's. told: names of what was drawn with what is
    wrong with it, while the page is made.
    """

    deed: str
    values: Mapping[str, str]
    findings: Mapping[str, Sequence[str | Phrase]]
    code: str
    facts: Mapping[str, Any]
    told: set[str]

    def of_field(self, name: str) -> list[str]:
        """The names of findings that stand at a field: its own, and those of the entries of a list written in it."""
        return [
            each
            for each in self.findings
            if each == name or (each.startswith(f"{name}/") and each[len(name) + 1 :].isdigit())
        ]


class Asked(NamedTuple, Generic[Query]):
    """A page that somebody asked for. Lists show only what `access.sites` and `access.channels` allow (None: all).

    tx: a read-only transaction. visitor: who asks; on a page that is open to all it may be None.
    at: the parts of the address that vary, by name. tried: the form of this page that was refused just now.
    device: the token of the shared scanner that asks; "" when none does. answer: what a deed just answered, on the
    page that tells it once.
    """

    tx: Tx
    access: Access
    at: Mapping[str, str]
    query: Query
    visitor: Visitor
    tried: Tried | None = None
    device: str = ""
    answer: Any = None
