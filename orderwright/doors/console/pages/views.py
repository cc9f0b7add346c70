"""Views of lists: kept under a name, put in order, opened first, shared by managers."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec import Meta

from orderwright.business.staff.views import LEADS, List, SavedView, list_views
from orderwright.doors.api import queries
from orderwright.doors.api.routes import views as api
from orderwright.doors.console import words
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.exception_words import CASES, ROLES
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form
from orderwright.values.refusal import Refusal

NOT_KEPT = ("after", "view")
"""What an address holds that is no filter."""
LISTS: Mapping[str, str] = {"orders": _("Orders"), "exceptions": _("Exceptions")}
Kept = Annotated[str, Meta(max_length=1000)]


class NewViewQuery(Form, frozen=True):
    """What the list shows just now. of: the view somebody began with."""

    query: Kept = ""
    of: Annotated[str, Meta(max_length=64)] = ""


class ViewsShown(msgspec.Struct, frozen=True):
    """The views of a list, and which of them somebody may change."""

    which: str
    views: Sequence[SavedView]
    leads: bool

    @property
    def title(self) -> str:
        """The list."""
        return LISTS[self.which]

    def filters(self, view: SavedView) -> list[str]:
        """What a view shows, in words."""
        return filters_of(view.query)

    def size(self, view: SavedView) -> int:
        """How many stand in one order with a view."""
        return sum(each.is_shared == view.is_shared for each in self.views)


class ViewShown(msgspec.Struct, frozen=True):
    """A view to be kept or changed. view: None for a new one; of: one's own view it could replace."""

    which: str
    query: str
    view: SavedView | None
    of: SavedView | None
    leads: bool

    @property
    def filters(self) -> list[str]:
        """What it shows, in words."""
        return filters_of(self.query)


def filters_of(query: str) -> list[str]:
    """Filters as people read them; texts of the console where there are some, else the values."""
    named = {**{state: word.name for state, word in words.ORDER.items()}, **ROLES}
    named |= {kind: case.name for kind, case in CASES.items()}
    pairs = parse_qsl(query)
    return [_("Mine") if name == "mine" else named.get(value, value) for name, value in pairs]


def kept(query: Mapping[str, str]) -> str:
    """The filters of a list, to be kept."""
    return urlencode({name: text for name, text in query.items() if name not in NOT_KEPT and text})


def path_of(view: SavedView) -> str:
    """Where the list shows a view."""
    return f"/{view.list}?{'&'.join(part for part in (f'view={view.id}', view.query) if part)}"


def first_of(views: Sequence[SavedView], shape: Any) -> str | None:
    """Where a list is opened first, if somebody chose so and its filters can still be read."""
    first = next((each for each in views if each.is_first), None)
    if first is None:
        return None
    path = path_of(first)
    try:
        queries.parse(path.partition("?")[2].encode(), shape)
    except (Refusal, UnicodeEncodeError):
        return None
    return path


def views_of(asked: Asked[Any], list_: List) -> Sequence[SavedView]:
    """The views of a list that the visitor sees."""
    return list_views(asked.tx, list_, asked.visitor.actor)


@page("/views/{list}", template="views.html", scope="orders:read", title=_("Views"), section="orders")
def views(asked: Asked[None]) -> ViewsShown:
    """The views, in their order."""
    list_ = _list(asked)
    return ViewsShown(list_, views_of(asked, list_), LEADS in asked.access.scopes)


@page("/views/{list}/new", template="view.html", scope="orders:read", title=_("Keep this view"), section="orders")
def keeping(asked: Asked[NewViewQuery]) -> ViewShown:
    """What would be kept."""
    list_, leads = _list(asked), LEADS in asked.access.scopes
    query = asked.query.query if asked.tried is None else asked.tried.values.get("query", "")
    of = next((each for each in views_of(asked, list_) if each.id == asked.query.of), None)
    may_replace = of is not None and (leads or not of.is_shared) and of.query != query
    return ViewShown(list_, query, None, of if may_replace else None, leads)


@page("/views/{list}/{id}", template="view.html", scope="orders:read", title=_("View"), section="orders")
def view(asked: Asked[None]) -> ViewShown:
    """One view. Refuses not_found."""
    list_ = _list(asked)
    found = next((each for each in views_of(asked, list_) if each.id == asked.at["id"]), None)
    if found is None:
        raise Refusal("not_found", view=asked.at["id"])
    return ViewShown(list_, found.query, found, None, LEADS in asked.access.scopes)


def _list(asked: Asked[Any]) -> Literal["orders", "exceptions"]:
    if asked.at["list"] == "orders":
        return "orders"
    if asked.at["list"] == "exceptions":
        return "exceptions"
    raise Refusal("not_found", list=asked.at["list"])


def _there(answer: Any, at: Mapping[str, str]) -> str:
    return path_of(msgspec.convert(answer, SavedView))


save = deed("/views/{list}/new", api.save_view, page=keeping, then=_there, said=_("The view is kept."))
change = deed("/views/{list}/{id}", api.change_view, page=view, then="/views/{list}", said=_("Saved."))
replace = deed("/views/{list}/{id}/replace", api.change_view, page=view, then=_there, said=_("The view is kept."))
drop = deed("/views/{list}/{id}/drop", api.drop_view, page=view, then="/views/{list}", said=_("The view is gone."))
