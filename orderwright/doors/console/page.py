"""How pages and deeds are declared. Both are values that `registry.py` gathers from the modules of pages/.

@page("/orders", template="orders.html", scope="orders:read", title=_("Orders"), section="orders")
def orders(asked: Asked[OrdersQuery]) -> OrdersShown:
    '''Orders, newest first.'''

cancel = deed("/orders/{number}/cancel", changes.cancel, page=cancelling, then="/orders/{number}", said=_("Cancelled."))
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple, get_args, get_type_hints

from orderwright.doors.api.route import Deed
from orderwright.doors.api.within import Within, anywhere
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.reply import Reply

Tree = Mapping[str, Any]
"""A form as it was sent: texts, in lists and objects as the names of the fields say (see forms.py)."""
SIGNED_IN = ""
"""The scope of pages that everybody may see who is signed in."""


class Page(NamedTuple):
    """Something to look at. scope: what a visitor must be allowed; None for pages that are open to all.

    query: shape of the query parameters, None for none. within: what a visitor limited to sites or channels may
    see of it. find: what the template shows as `shown`; it may be a Reply that sends the visitor elsewhere. Without
    a template it is the file that was asked for.
    """

    method: str
    path: str
    template: str
    scope: str | None
    title: str
    section: str
    within: Within
    query: Any
    find: Callable[[Asked[Any]], Any]


class FormDeed(NamedTuple):
    """A form that does what a deed of the API does, in the same way and with the same refusals.

    page: where the form stands; it is shown again, with what is wrong, when the deed is refused. then: where to
    go when it is done, as a path with `{parts}` or a function of the answer and the parts. said: what is told
    there. body: turns what the form sent into what the API's deed takes, where the two differ. named: of a new
    thing, the fields of the form that name it in the API's path. tells: the page that shows the answer at once, in
    `asked.answer`, where it is told this once.
    """

    method: str
    path: str
    of: Deed
    page: Page
    then: "str | Callable[[Any, Mapping[str, str]], str]"
    said: str
    body: Callable[[Tree], Any] | None
    named: Sequence[str] = ()
    tells: Page | None = None

    @property
    def scope(self) -> str:
        """What a visitor must be allowed."""
        return self.of.scope


class Act(NamedTuple):
    """A form that is no deed of the API: signing in and out, and other things of the visitor's own session.

    files_bytes_max: the form may come with files (`Call.files`), as large together; 0: it has none.
    """

    method: str
    path: str
    scope: str | None
    page: Page | None
    do: Callable[[Any], Awaitable[Reply]]
    files_bytes_max: int = 0


class Sketch(NamedTuple):
    """A form that is shown again with what follows from it, and changes nothing. Its page finds it in `asked.tried`,
    without a code."""

    method: str
    path: str
    page: Page

    @property
    def scope(self) -> str | None:
        """That of the page."""
        return self.page.scope


Route = Page | FormDeed | Act | Sketch


def page(
    path: str,
    *,
    template: str,
    scope: str | None,
    title: str,
    section: str = "",
    within: Within = anywhere,
) -> Callable[[Callable[[Any], Any]], Page]:
    """Make a function of Asked[query shape] a page; what it returns is shown by the template."""

    def make(find: Callable[[Any], Any]) -> Page:
        (shape,) = get_args(get_type_hints(find)["asked"])
        query = None if shape is type(None) else shape
        return Page("GET", path, template, scope, title, section, within, query, find)

    return make


def deed(
    path: str,
    of: Deed,
    *,
    page: Page,
    then: "str | Callable[[Any, Mapping[str, str]], str]",
    said: str = "",
    body: Callable[[Tree], Any] | None = None,
    named: Sequence[str] = (),
    tells: Page | None = None,
) -> FormDeed:
    """Make a deed of the API one that a form on a page does."""
    return FormDeed("POST", path, of, page, then, said, body, named, tells)


def sketch(path: str, *, page: Page) -> Sketch:
    """Let a page show a form again, as it is filled in by now."""
    return Sketch("POST", path, page)


def act(
    path: str, *, scope: str | None = SIGNED_IN, page: Page | None = None, files_bytes_max: int = 0
) -> Callable[[Callable[[Any], Awaitable[Reply]]], Act]:
    """Make a coroutine function of Call (staff's or customers') what a form does that is no deed of the API."""
    return lambda do: Act("POST", path, scope, page, do, files_bytes_max)
