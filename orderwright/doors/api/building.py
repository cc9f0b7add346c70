"""The web application: the API under the addresses it owns; room for pages beside it."""

from typing import Any

from litestar import Litestar, Request, Response, asgi
from litestar.exceptions import NotFoundException
from litestar.types import ASGIApp, Receive, Scope, Send

from orderwright.doors.api.endpoint import Api
from orderwright.doors.api.house import House
from orderwright.doors.api.problem import CONTENT_TYPE, problem_of
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal

OWNED = ["/v1", "/health", "/metrics"]


def make_app(house: House) -> ASGIApp:
    """The ASGI application of one serving process."""
    api = Api(house)

    @asgi(OWNED, is_mount=True, copy_scope=False)
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await api(scope, receive, send)

    return Litestar([answer], exception_handlers={Exception: _refuse}, openapi_config=None, logging_config=None)


def _refuse(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """What Litestar itself turns away: mostly addresses there are none of."""
    if isinstance(error, NotFoundException):
        error = Refusal("not_found", path=request.url.path)
    elif getattr(error, "status_code", 500) < 500:
        error = Refusal("bad_http")
    request_id = new_id()
    problem = problem_of(error, request_id)
    return Response(
        problem.body, status_code=problem.status, media_type=CONTENT_TYPE.decode(), headers={"x-request-id": request_id}
    )
