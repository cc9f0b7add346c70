"""Lists as people want to see them again."""

from typing import Literal

from msgspec.structs import asdict

from orderwright.business.staff.views import (
    ChangeView,
    Dropped,
    DropView,
    SavedView,
    SaveView,
    ViewForm,
    change_views,
    drop_views,
    list_views,
    save_views,
)
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import anywhere
from orderwright.values.forms import Form
from orderwright.values.pages import Page


class ViewsQuery(Form, frozen=True):
    """Of which list."""

    list: Literal["orders", "exceptions"] = "orders"


class NewViewForm(ViewForm, frozen=True, kw_only=True):
    """A view of one list."""

    list: Literal["orders", "exceptions"] = "orders"


@read("/v1/views", "orders:read", within=anywhere, example={"list": "orders"})
def views(tx: Tx, question: Question[ViewsQuery]) -> Page[SavedView]:
    """The views of a list: everybody's, then those of who asks, each in their order."""
    return Page(list(list_views(tx, question.query.list, question.access.actor)), None)


@deed(
    "POST", "/v1/views", "orders:read", save_views, within=anywhere, answer=SavedView, status=201,
    example={"list": "orders", "name": "Late for Leeds", "query": "state=waiting&site=LEEDS"},
)  # fmt: skip
def save_view(request: Request[NewViewForm]) -> SaveView:
    """Keep a list as it is. Everybody's (`is_shared`) are made by managers: 403 `leads_only`. 409 `view_taken`."""
    return SaveView(**asdict(request.body), actor=request.actor, by=request.access.scopes)


@deed(
    "PUT", "/v1/views/{id}", "orders:read", change_views, within=anywhere, answer=SavedView,
    example={"name": "Late for Leeds", "query": "state=waiting&site=LEEDS", "is_first": True, "place": 1},
)  # fmt: skip
def change_view(request: Request[ViewForm]) -> ChangeView:
    """Change a view, or the place it has; `is_first` opens the list with it for who asks, also everybody's."""
    return ChangeView(**asdict(request.body), id=request.at["id"], actor=request.actor, by=request.access.scopes)


@deed("DELETE", "/v1/views/{id}", "orders:read", drop_views, within=anywhere, answer=Dropped)
def drop_view(request: Request[None]) -> DropView:
    """Take a view away. Everybody's: by managers."""
    return DropView(id=request.at["id"], actor=request.actor, by=request.access.scopes)
