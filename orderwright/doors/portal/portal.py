"""The pages of customers: whoever opened an order's link sees this order, and does what its customer may."""

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from orderwright.business.customers.brand import brand_of
from orderwright.doors.api.endpoint import Api
from orderwright.doors.api.house import House
from orderwright.doors.console import forms, origins
from orderwright.doors.console.answering import Answering, is_final, sent_with, tried_with
from orderwright.doors.console.asked import Tried
from orderwright.doors.console.errors import Trouble
from orderwright.doors.console.page import Act, Page, Route
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.sent_files import Sent
from orderwright.doors.console.showing import Looking, shop_of
from orderwright.doors.console.statics import Statics
from orderwright.doors.portal import branding, words
from orderwright.doors.portal.acting import Call
from orderwright.doors.portal.asked import PROVED
from orderwright.doors.portal.branding import Dress, dress_of
from orderwright.doors.portal.sessions import Customer, cookie_of, find_customer, store_named
from orderwright.doors.portal.showing import Showing
from orderwright.values.refusal import Refusal

if TYPE_CHECKING:
    from litestar.types import Receive, Scope

OWNED = ("/track", "/returns", "/pay", "/brand")
"""What lies here or below is the customers', whether there is such a page or not."""
LOOKS_PER_SECOND = 50
"""How often one serving process looks up links and cookies that nobody has seen to be good."""


class Portal(Answering):
    """All pages of customers as one ASGI application. Sessions of staff mean nothing here."""

    def __init__(self, house: House, api: Api, routes: list[Route], statics: Statics) -> None:
        super().__init__(house, routes)
        self._api = api
        self._showing = Showing(house, statics)

    async def plain(self, method: str, looking: Looking, receive: "Receive") -> tuple[str, Reply] | None:
        """What has to do with nobody: the shop's looks."""
        if not (looking.path.startswith("/brand/") and method in ("GET", "HEAD")):
            return None
        store = branding.store_of(looking.path)
        reply = await self._house.in_reader(self._branded, looking.path, store)
        return "/brand/{name}", reply

    async def known(self, looking: Looking) -> Looking:
        """The request as it is: who looks is found when it is answered, and is nobody of the staff."""
        return looking

    async def answer(self, route: Any, looking: Looking, scope: "Scope", receive: "Receive") -> Reply:
        """A page, or what a form asks for done. What is refused is told in the shop's looks."""
        customer: Customer | None = None
        store = self._store(looking)
        try:
            customer = await self._house.in_reader(self._customer, looking)
            if customer is not None and "token" not in looking.at:
                store = customer.store  # a link names its own, whatever was opened before
            if isinstance(route, Page):
                self._check(route.scope, customer)
                return await self._showing.show(route, looking, customer, store)
            return await self._do(route, looking, customer, store, scope, receive)
        except Refusal as refusal:
            if not looking.wants_page:
                raise
            if refusal.code == "unauthorized":
                return see_other("/track")
            if refusal.code == "forbidden":
                return see_other("/track/prove")
            dress = await self._house.in_reader(self._dress, store)
            return self._showing.tell(words.trouble_of(refusal), looking, customer, dress)

    def tell(self, trouble: Trouble, looking: Looking) -> Reply:
        """What nobody expected, told without the shop's looks."""
        return self._showing.tell(trouble, looking, None)

    def _check(self, scope: str | None, customer: Customer | None) -> None:
        if scope is not None and customer is None:
            raise Refusal("unauthorized")
        if scope == PROVED and customer is not None and not customer.is_proved:
            raise Refusal("forbidden")

    async def _do(
        self, route: Act, looking: Looking, customer: Customer | None, store: str, scope: "Scope", receive: "Receive"
    ) -> Reply:
        origins.check_origin(looking.headers)
        self._check(route.scope, customer)
        sent = Sent({}, {})
        try:
            sent = await sent_with(route, looking, receive)
            if customer is not None and route.scope is not None:
                # The token is of the cookie, and so of its order: a form of another tab's order is not taken for it.
                origins.check_token(customer.csrf, sent.fields.get(forms.CSRF, ""))
            return await route.do(self._call(route, looking, customer, store, sent, scope))
        except Refusal as refusal:
            if route.page is None or is_final(refusal):
                raise
            tried: Tried = tried_with(looking, sent.fields, refusal)
            return await self._showing.show(route.page, looking, customer, store, tried)
        finally:
            sent.drop()

    def _call(
        self, route: Act, looking: Looking, customer: Customer | None, store: str, sent: Sent, scope: "Scope"
    ) -> Call:
        client = scope.get("client")
        named = sent.fields.get("store", "") if customer is None else ""
        return Call(
            self._house, self._api, named or store, customer, looking.path, looking.at, sent.fields, sent.files,
            looking.headers, client[0] if client else "",
        )  # fmt: skip

    def _customer(self, looking: Looking) -> Customer | None:
        cookie = cookie_of(looking.cookies)
        if not cookie:
            return None
        try:
            shop = self._house.shops.shop(store_named(cookie))
        except LookupError:
            return None
        with shop.store.read() as tx:
            return find_customer(tx, cookie)

    def _store(self, looking: Looking) -> str:
        """The store of who has no order: that of the link they follow, the one they name, or the first there is."""
        token = looking.at.get("token", "")
        named = dict(parse_qsl(looking.query.decode("latin-1"))).get("store", "")
        return store_named(token) or named or self._house.store

    def _dress(self, store: str) -> Dress:
        try:
            shop = shop_of(self._house, store)
        except Refusal:
            return Dress("", "", "", "", "")
        with shop.store.read() as tx:
            return dress_of(store, brand_of(tx))

    def _branded(self, path: str, store: str) -> Reply:
        with shop_of(self._house, store).store.read() as tx:
            return branding.brand_reply(path, store, brand_of(tx))
