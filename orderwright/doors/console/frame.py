"""What stands around every page: who looks at it, in which language, by which clock, and where they may go."""

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

from orderwright.business.staff.forms import Visitor
from orderwright.database.invented import Mark
from orderwright.doors.console.asked import Tried


class Way(NamedTuple):
    """An entry of the navigation. keys: what opens it from anywhere."""

    section: str
    path: str
    title: str
    keys: str
    is_here: bool


class Frame(NamedTuple):
    """Everything a template knows besides what its page found. locale: language and country, as numbers and days are
    written. mentions: notes that name the visitor and that they have not seen, 100 for more. opens: whether the page at
    a path, as pages name it, would be shown to the visitor at all: nobody is offered a way to one that turns them away.
    """

    path: str
    query: Mapping[str, str]
    title: str
    section: str
    language: str
    locale: str
    zone: tzinfo
    visitor: Visitor | None = None
    mark: Mark | None = None
    ways: Sequence[Way] = ()
    tried: Tried | None = None
    said: str = ""
    mentions: int = 0
    fragment: str = ""
    opens: Callable[[str], bool] = lambda path: True

    def named(self, names: Mapping[str, Any]) -> dict[str, Any]:
        """The names a template may use."""
        return {**self._asdict(), **names}
