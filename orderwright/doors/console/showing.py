"""Showing a page: what it finds, in one read-only moment, put into its template with everything that stands around."""

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from orderwright.business.orders.notes import count_unseen
from orderwright.business.staff.forms import Visitor
from orderwright.business.staff.tokens import store_of
from orderwright.doors.api import perform, queries
from orderwright.doors.api.access import Access
from orderwright.doors.api.asked import Question
from orderwright.doors.api.bodies import Headers
from orderwright.doors.api.house import House
from orderwright.doors.api.within import whole_store
from orderwright.doors.console import cookies
from orderwright.doors.console.asked import Asked, Tried
from orderwright.doors.console.device_cookies import device_in
from orderwright.doors.console.errors import Trouble
from orderwright.doors.console.frame import Frame, Way
from orderwright.doors.console.page import SIGNED_IN, Page, Route
from orderwright.doors.console.rendering import Renderer
from orderwright.doors.console.reply import Header, Reply
from orderwright.doors.console.sections import SECTIONS, Section
from orderwright.doors.console.statics import Statics
from orderwright.doors.console.texts import language_of, locale_of
from orderwright.doors.console.visitors import Come, access_of
from orderwright.doors.shops import Shop
from orderwright.values.refusal import REFUSALS, Refusal

_NOBODY = Access("", "", "nobody", frozenset(), frozenset(), frozenset())
_HTML = (b"content-type", b"text/html; charset=utf-8")


class Looking(NamedTuple):
    """A request for a page, and by whom."""

    path: str
    query: bytes
    headers: Headers
    at: Mapping[str, str] = {}
    visitor: Visitor | None = None
    come: Come = Come()

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies it brings."""
        return cookies.cookies_of(self.headers)

    @property
    def is_scripted(self) -> bool:
        """Whether htmx asks, which puts the answer into the page that is there."""
        return b"hx-request" in self.headers

    @property
    def wants_page(self) -> bool:
        """Whether people look at the answer, and not a program."""
        return self.is_scripted or b"text/html" in self.headers.get(b"accept", b"")

    def follow(self, reply: Reply) -> Reply:
        """A redirect as the asker follows it: htmx would put the page it leads to into the one that is there."""
        if not (self.is_scripted and reply.status == 303):
            return reply
        headers = [(b"hx-redirect" if name == b"location" else name, value) for name, value in reply.headers]
        return Reply(200, b"", headers)


class Showing:
    """Pages, shown."""

    def __init__(self, house: House, statics: Statics, routes: list[Route]) -> None:
        self._house = house
        self._renderer = Renderer(statics.address)
        self._pages = {each.path: each for each in routes if isinstance(each, Page)}

    async def show(self, page: Page, looking: Looking, tried: Tried | None = None, answer: Any = None) -> Reply:
        """A page, or the part of it that is asked for. Refuses what it refuses, and forbidden beyond limits."""
        query = query_of(page, looking, tried)
        return await self._house.in_reader(self._shown, page, looking, query, tried, answer)

    def tell(self, trouble: Trouble, looking: Looking) -> Reply:
        """The page that tells of a refusal."""
        frame = self._frame(looking, trouble.title, "", None)
        body = self._renderer.render("trouble.html", frame, trouble)
        headers: list[Header] = [_HTML]
        if trouble.status == 503:
            headers.append((b"retry-after", b"2"))
        return Reply(trouble.status, body, headers)

    def store_for(self, looking: Looking, named: str) -> str:
        """The store of the visitor; for who is not signed in the one they named, or the first there is."""
        if looking.visitor is not None:
            return looking.visitor.store
        token = looking.at.get("token", "")
        device = device_in(looking.cookies)
        return store_of(token) or named or store_of(device) or self._house.store

    def _shown(self, page: Page, looking: Looking, query: Any, tried: Tried | None, answer: Any) -> Reply:
        visitor = looking.visitor
        access = _NOBODY if visitor is None else access_of(visitor)
        store = self.store_for(looking, dict(parse_qsl(looking.query.decode("latin-1"))).get("store", ""))
        with shop_of(self._house, store).store.read() as tx:
            tx.write(f"SET LOCAL statement_timeout TO {perform.READ_MS_MAX}")
            if access.is_limited and visitor and not page.within(tx, Question(access, looking.at, query)):
                raise perform.forbidden(access)
            device = device_in(looking.cookies)
            asked = Asked(tx, access, looking.at, query, visitor, tried, device, answer)  # type: ignore[arg-type]
            found = page.find(asked)
            mentions = 0 if visitor is None or looking.is_scripted else count_unseen(tx, visitor.account_id)
        if isinstance(found, Reply):
            return looking.follow(found)
        frame = self._frame(looking, page.title, page.section, tried)._replace(mentions=mentions)
        body = self._renderer.render(page.template, frame, found)
        status = 200 if tried is None or not tried.code else REFUSALS[tried.code].status
        return Reply(status, body, [_HTML, *([cookies.told()] if frame.said else [])])

    def _frame(self, looking: Looking, title: str, section: str, tried: Tried | None) -> Frame:
        visitor, brought = looking.visitor, looking.cookies
        wanted = visitor.language if visitor is not None else ""
        accepted = looking.headers.get(b"accept-language")
        language = language_of(wanted or brought.get(cookies.LANGUAGE, ""), accepted)
        fragment = ""
        if looking.is_scripted:
            fragment = looking.headers.get(b"hx-target", b"").decode("latin-1")
        return Frame(
            path=looking.path,
            query=dict(parse_qsl(looking.query.decode("latin-1"))),
            title=title,
            section=section,
            language=language,
            locale=locale_of(language, accepted),
            zone=cookies.zone_of(brought),
            visitor=visitor,
            mark=looking.come.mark,
            ways=self._ways(visitor, section),
            tried=tried,
            said="" if fragment else cookies.said_in(brought),
            fragment=fragment,
            opens=partial(self._opens, visitor),
        )

    def _ways(self, visitor: Visitor | None, section: str) -> list[Way]:
        if visitor is None:
            return []
        return [
            Way(each.name, each.path, each.title, each.keys, each.name == section)
            for each in SECTIONS
            if self._is_begun(each) and (not each.scope or each.scope in visitor.scopes)
            and self._opens(visitor, each.path) and not (each.is_whole and access_of(visitor).is_limited)
        ]  # fmt: skip

    def _is_begun(self, section: Section) -> bool:
        page = self._pages.get(section.path)
        return page is not None and page.section == section.name

    def _opens(self, visitor: Visitor | None, path: str) -> bool:
        """Whether who looks may see the page at this path, as far as their roles and limits say without looking."""
        page = self._pages[path]
        if page.scope is None or visitor is None:
            return page.scope is None
        if page.scope != SIGNED_IN and page.scope not in visitor.scopes:
            return False
        return not (access_of(visitor).is_limited and page.within is whole_store)


def shop_of(house: House, store: str) -> Shop:
    """The store of that name, opened. Refuses not_found. May wait for the database."""
    try:
        return house.shops.shop(store)
    except LookupError:
        raise Refusal("not_found") from None


def query_of(page: Page, looking: Looking, tried: Tried | None) -> Any:
    """The query of a page; parameters left empty, as forms send them, are left out. A form's POST asks for none."""
    if page.query is None:
        return None
    pairs = [] if tried is not None else parse_qsl(looking.query.decode("latin-1"), errors="replace")
    return queries.parse(urlencode([(name, each) for name, each in pairs if each.strip()]).encode(), page.query)
