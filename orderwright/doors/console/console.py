"""The console: from the request of a browser to a page, a deed done, or words for why not."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

import structlog

from orderwright.doors.api import bodies
from orderwright.doors.api.addresses import Addresses
from orderwright.doors.api.endpoint import Api
from orderwright.doors.api.house import House
from orderwright.doors.api.reply import send_problem
from orderwright.doors.console import cookies, forms, origins
from orderwright.doors.console.acting import Call
from orderwright.doors.console.asked import Tried
from orderwright.doors.console.doing import do_deed
from orderwright.doors.console.errors import trouble_of
from orderwright.doors.console.page import Act, FormDeed, Page, Route
from orderwright.doors.console.reply import Reply, see_other, send_reply
from orderwright.doors.console.sent_files import Sent, is_multipart, receive_form
from orderwright.doors.console.showing import Looking, Showing
from orderwright.doors.console.statics import Statics
from orderwright.doors.console.visitors import Visitors, check_scope
from orderwright.values.refusal import Refusal

if TYPE_CHECKING:
    from litestar.types import Receive, Scope, Send

REPORTS_PER_SECOND = 5

log = structlog.get_logger(room="console")


class Console:
    """All pages as one ASGI application beside the API."""

    def __init__(self, house: House, api: Api, routes: list[Route]) -> None:
        self._house = house
        self._api = api
        self._addresses = Addresses(routes)
        self._visitors = Visitors(house)
        self._statics = Statics()
        self._showing = Showing(house, self._statics, routes)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, whatever it is."""
        started = time.perf_counter()
        method: str = scope["method"]  # type: ignore[typeddict-item]
        looking = Looking(scope["raw_path"].decode("latin-1"), scope["query_string"], dict(scope["headers"]))
        where = "none"
        try:
            if (plain := await self._plain(method, looking, receive)) is not None:
                where, reply = plain
            else:
                looking = looking._replace(visitor=await self._visitors.find(cookies.token_of(looking.cookies)))
                route, at = self._route(method, looking.path)
                where, looking = route.path, looking._replace(at=at)
                reply = await (
                    self._look(route, looking) if isinstance(route, Page) else self._do(route, looking, scope, receive)
                )
            status = await send_reply(send, looking.headers, reply, is_head=method == "HEAD")
        except bodies.Gone:
            return
        except Exception as error:  # noqa: BLE001 - a bug in one request must not take the connection's others along
            status = await self._refuse(looking, error, receive, send)
        self._house.figures.count("orderwright_requests", (method, where, str(status)))
        self._house.figures.observe("orderwright_request_seconds", (where,), time.perf_counter() - started)

    async def _plain(self, method: str, looking: Looking, receive: "Receive") -> tuple[str, Reply] | None:
        """What has to do with nobody: files, and reports of browsers."""
        if looking.path.startswith("/static/") and method in ("GET", "HEAD"):
            return "/static/{name}", self._statics.reply(looking.path, looking.headers)
        if looking.path == "/csp-report" and method == "POST":
            return looking.path, await self._reported(receive, looking.headers)
        return None

    def _route(self, method: str, path: str) -> tuple[Any, Mapping[str, str]]:
        found = self._addresses.find(path)
        if found is None:
            raise Refusal("not_found", path=path)
        (_, routes), at = found
        if method not in routes:
            raise Refusal("method_not_allowed", allowed=sorted(routes))
        return routes[method], at

    async def _look(self, page: Page, looking: Looking) -> Reply:
        if page.scope is None:
            return await self._showing.show(page, looking)
        if looking.visitor is None:
            return _sign_in_first(looking)
        check_scope(looking.visitor, page.scope)
        return await self._showing.show(page, looking)

    async def _do(self, route: FormDeed | Act, looking: Looking, scope: "Scope", receive: "Receive") -> Reply:
        origins.check_origin(looking.headers)
        if route.scope is not None and looking.visitor is None:
            return _sign_in_first(looking)
        if looking.visitor is not None:
            check_scope(looking.visitor, route.scope or "")
        sent = Sent({}, {})
        try:
            sent = await _sent(route, looking, receive)
            return await self._do_sent(route, looking, sent, scope)
        except Refusal as refusal:
            is_final = refusal.code in ("forbidden", "unauthorized", "cross_site", "unsupported_media")
            if route.page is None or refusal.kind.status >= 500 or is_final:
                raise
            return await self._showing.show(route.page, looking, tried=_tried(looking, sent.fields, refusal))
        finally:
            sent.drop()

    async def _do_sent(self, route: FormDeed | Act, looking: Looking, sent: Sent, scope: "Scope") -> Reply:
        if looking.visitor is not None:
            token = looking.headers.get(b"x-csrf-token", b"").decode("latin-1") or sent.fields.get(forms.CSRF, "")
            origins.check_token(looking.visitor.csrf, token)
        if isinstance(route, Act):
            call = self._call(looking, sent.fields, scope)._replace(files=sent.files)
            return looking.follow(await route.do(call))
        return looking.follow(await do_deed(self._api, route, looking, sent.fields))

    def _call(self, looking: Looking, fields: Mapping[str, str], scope: "Scope") -> Call:
        visitor, client = looking.visitor, scope.get("client")
        query = dict(parse_qsl(looking.query.decode("latin-1")))
        return Call(
            self._house, self._visitors, visitor, cookies.token_of(looking.cookies),
            self._showing.store_for(looking, fields.get("store", "")), looking.at, query, fields, looking.headers,
            client[0] if client else "",
        )  # fmt: skip

    async def _refuse(self, looking: Looking, error: Exception, receive: "Receive", send: "Send") -> int:
        """Tell what went wrong: people by a page, programs as the API does."""
        if not looking.wants_page:
            return await send_problem(send, receive, looking.headers, error)
        trouble = trouble_of(error)
        reply = _sign_in_first(looking) if trouble.code == "unauthorized" else self._showing.tell(trouble, looking)
        return await send_reply(send, looking.headers, reply)

    async def _reported(self, receive: "Receive", headers: bodies.Headers) -> Reply:
        """A browser says that a page broke its own policy: a bug of ours, or somebody's attempt."""
        self._house.buckets.take("csp-report", REPORTS_PER_SECOND)
        body = await bodies.read_whole(receive, headers)
        log.warning("csp_report", report=body[:2_000].decode("utf-8", "replace"))
        self._house.figures.count("orderwright_csp_reports", ())
        return Reply(204, b"", ())


async def _sent(route: FormDeed | Act, looking: Looking, receive: "Receive") -> Sent:
    """What the form says, with its files where it may bring some."""
    if isinstance(route, Act) and route.files_bytes_max and is_multipart(looking.headers):
        return await receive_form(receive, looking.headers, route.files_bytes_max)
    return Sent(forms.fields_of(looking.headers, await bodies.read_whole(receive, looking.headers)), {})


def _tried(looking: Looking, fields: Mapping[str, str], refusal: Refusal) -> Tried:
    facts: dict[str, Any] = dict(refusal.facts)
    shown = {name: text for name, text in fields.items() if name not in forms.OURS}
    return Tried(looking.path, shown, forms.findings_by_field(refusal), refusal.code, facts)


def _sign_in_first(looking: Looking) -> Reply:
    """Signing in comes back to where somebody wanted to go, if that is a page."""
    back = looking.path + (f"?{looking.query.decode('latin-1')}" if looking.query else "")
    path = "/sign-in" if looking.path in ("/", "/sign-out") else f"/sign-in?next={quote(back, safe='')}"
    return looking.follow(see_other(path))
