"""The web application of one serving process: API and customers' pages at addresses of their own, else staff's."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from litestar import Litestar, asgi
from litestar.types import ASGIApp, Receive, Scope, Send

from orderwright.doors.api.endpoint import Api
from orderwright.doors.console.console import Console
from orderwright.doors.console.registry import all_pages
from orderwright.doors.console.statics import Statics
from orderwright.doors.portal import portal as customers
from orderwright.doors.portal import registry as portal_pages

if TYPE_CHECKING:
    from orderwright.doors.api.house import House

OWNED = ("/v1", "/health", "/metrics")
"""What lies here or below is the API's, whether there is such a route or not."""


def _lies_in(owned: Sequence[str], path: str) -> bool:
    return any(path == each or path.startswith(each + "/") for each in owned)


def make_app(house: "House") -> ASGIApp:
    """The ASGI application of one serving process."""
    api = Api(house)
    statics = Statics()
    console = Console(house, api, all_pages(), statics)
    portal = customers.Portal(house, api, portal_pages.all_pages(), statics)

    @asgi("/", is_mount=True, copy_scope=False)
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].decode("latin-1")
        if _lies_in(OWNED, path):
            await api(scope, receive, send)
        elif _lies_in(customers.OWNED, path):
            await portal(scope, receive, send)
        else:
            await console(scope, receive, send)

    return Litestar([answer], openapi_config=None, logging_config=None)
