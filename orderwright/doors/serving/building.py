"""The web application of one serving process: the API under the addresses it owns, pages under all others."""

from typing import TYPE_CHECKING

from litestar import Litestar, asgi
from litestar.types import ASGIApp, Receive, Scope, Send

from orderwright.doors.api.endpoint import Api
from orderwright.doors.console.console import Console
from orderwright.doors.console.registry import all_pages
from orderwright.doors.console.statics import Statics

if TYPE_CHECKING:
    from orderwright.doors.api.house import House

OWNED = ("/v1", "/health", "/metrics")
"""What lies here or below is the API's, whether there is such a route or not."""


def make_app(house: "House") -> ASGIApp:
    """The ASGI application of one serving process."""
    api = Api(house)
    statics = Statics()
    console = Console(house, api, all_pages(), statics)

    @asgi("/", is_mount=True, copy_scope=False)
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].decode("latin-1")
        if any(path == each or path.startswith(each + "/") for each in OWNED):
            await api(scope, receive, send)
        else:
            await console(scope, receive, send)

    return Litestar([answer], openapi_config=None, logging_config=None)
