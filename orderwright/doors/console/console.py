"""The console: the pages of staff. What somebody asks for becomes a page, a deed done, or words for why not."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

from orderwright.doors.api.endpoint import Api
from orderwright.doors.api.house import House
from orderwright.doors.console import cookies, floor_worker, forms, origins
from orderwright.doors.console.acting import Call
from orderwright.doors.console.answering import Answering, is_final, sent_with, tried_with, written_in
from orderwright.doors.console.device_cookies import device_in
from orderwright.doors.console.doing import do_deed
from orderwright.doors.console.errors import Trouble
from orderwright.doors.console.live import PATH as LIVE
from orderwright.doors.console.live import Live, is_here, live_query, may_listen
from orderwright.doors.console.page import Act, FormDeed, Page, Route, Sketch
from orderwright.doors.console.reply import Reply, see_other, send_reply
from orderwright.doors.console.sent_files import Sent
from orderwright.doors.console.showing import Looking, Showing
from orderwright.doors.console.statics import Statics
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.visitors import Visitors, check_scope
from orderwright.values.refusal import Refusal

if TYPE_CHECKING:
    from litestar.types import Receive, Scope, Send


class Console(Answering):
    """All pages of staff as one ASGI application beside the API."""

    def __init__(self, house: House, api: Api, routes: list[Route], statics: Statics) -> None:
        super().__init__(house, routes)
        self._api = api
        self._visitors = Visitors(house)
        self._statics = statics
        self._showing = Showing(house, statics, routes)
        self._floor_worker = floor_worker.worker_reply(statics)
        self._live = Live(house)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, whatever it is; a live page's goes on for as long as somebody looks at it."""
        if scope["raw_path"] == LIVE.encode() and scope.get("method") == "GET":
            await self._listen(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def plain(self, method: str, looking: Looking, receive: "Receive") -> tuple[str, Reply] | None:
        """What has to do with nobody: files, and reports of browsers."""
        if looking.path.startswith("/static/") and method in ("GET", "HEAD"):
            return "/static/{name}", self._statics.reply(looking.path, looking.headers)
        if looking.path == floor_worker.PATH and method in ("GET", "HEAD"):
            return looking.path, self._floor_worker
        if looking.path == "/csp-report" and method == "POST":
            return looking.path, await self.reported(receive, looking.headers)
        return None

    async def known(self, looking: Looking) -> Looking:
        """The request, and whose session it brings."""
        brought = looking.cookies
        come = await self._visitors.come(cookies.token_of(brought), cookies.practice_of(brought))
        return looking._replace(visitor=come.visitor, come=come)

    async def answer(self, route: Any, looking: Looking, scope: "Scope", receive: "Receive") -> Reply:
        """A page, or a form's deed done. Raises the refusal it may be.

        Who practised is told so when that is over, before anything is shown or done in the shop itself.
        """
        if looking.come.is_over:
            over = cookies.said(_("You no longer practise. This is the shop itself."))
            return looking.follow(see_other("/practice", *cookies.no_practice(), over))
        return await (
            self._look(route, looking) if isinstance(route, Page) else self._do(route, looking, scope, receive)
        )

    async def _listen(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        looking = await self.known(Looking(LIVE, b"", dict(scope["headers"])))
        visitor, token = looking.visitor, looking.come.token
        is_theirs = visitor is not None and scope["query_string"] == live_query(visitor)
        if visitor is None or token is None or not is_theirs or not may_listen(visitor) or self._live.is_full:
            await send_reply(send, looking.headers, Reply(204, b"", ()))  # a browser that gets 204 asks no more
            return
        await self._live.stream(
            visitor.store, lambda: self._house.in_reader(is_here, self._house, token), receive, send
        )  # fmt: skip

    def tell(self, trouble: Trouble, looking: Looking) -> Reply:
        """The page that tells of a refusal; who is signed in no more signs in first."""
        return _sign_in_first(looking) if trouble.code == "unauthorized" else self._showing.tell(trouble, looking)

    async def _look(self, page: Page, looking: Looking) -> Reply:
        if page.scope is None:
            return await self._showing.show(page, looking)
        if looking.visitor is None:
            return _sign_in_first(looking)
        check_scope(looking.visitor, page.scope)
        brought = looking.headers.get(b"x-csrf-token")
        if looking.is_scripted and brought is not None and brought.decode("latin-1") != looking.visitor.csrf:
            # The page that asks was made for another session: the shop's, and somebody practises by now.
            return Reply(200, b"", [(b"hx-refresh", b"true")])
        return await self._showing.show(page, looking)

    async def _do(self, route: FormDeed | Act | Sketch, looking: Looking, scope: "Scope", receive: "Receive") -> Reply:
        origins.check_origin(looking.headers)
        if route.scope is not None and looking.visitor is None:
            return _sign_in_first(_page_of(route, looking))
        if looking.visitor is not None:
            check_scope(looking.visitor, route.scope or "")
        sent = Sent({}, {})
        try:
            sent = await sent_with(route, looking, receive)
            return await self._do_sent(route, looking, sent, scope)
        except Refusal as refusal:
            if route.page is None or is_final(refusal) or isinstance(route, Sketch):
                raise
            return await self._showing.show(route.page, looking, tried=tried_with(looking, sent.fields, refusal))
        finally:
            sent.drop()

    async def _do_sent(self, route: FormDeed | Act | Sketch, looking: Looking, sent: Sent, scope: "Scope") -> Reply:
        if looking.visitor is not None:
            token = looking.headers.get(b"x-csrf-token", b"").decode("latin-1") or sent.fields.get(forms.CSRF, "")
            origins.check_token(looking.visitor.csrf, token)
        if isinstance(route, Sketch):
            return await self._showing.show(route.page, looking, tried=written_in(looking, sent.fields))
        if isinstance(route, Act):
            call = self._call(looking, sent.fields, scope)._replace(files=sent.files, own=looking.come.own)
            return looking.follow(await route.do(call))
        return looking.follow(await do_deed(self._api, self._showing, route, looking, sent.fields))

    def _call(self, looking: Looking, fields: Mapping[str, str], scope: "Scope") -> Call:
        visitor, client = looking.visitor, scope.get("client")
        query = dict(parse_qsl(looking.query.decode("latin-1")))
        return Call(
            self._house, self._visitors, visitor, looking.come.token,
            self._showing.store_for(looking, fields.get("store", "")), looking.at, query, fields, looking.headers,
            client[0] if client else "", lambda page, answer: self._showing.show(page, looking, answer=answer),
        )  # fmt: skip


def _page_of(route: FormDeed | Act | Sketch, looking: Looking) -> Looking:
    """As if somebody looked at the page on which a form stands: what the form does is no address to come back to."""
    path = "/" if route.page is None else route.page.path
    for name, value in looking.at.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    return looking._replace(path="/" if "{" in path else path, query=b"")


def _sign_in_first(looking: Looking) -> Reply:
    """Signing in comes back to where somebody wanted to go, if that is a page."""
    if device_in(looking.cookies):
        return looking.follow(see_other("/floor/who"))  # a scanner people share: they have a PIN for it
    back = looking.path + (f"?{looking.query.decode('latin-1')}" if looking.query else "")
    path = "/sign-in" if looking.path in ("/", "/sign-out") else f"/sign-in?next={quote(back, safe='')}"
    return looking.follow(see_other(path))
