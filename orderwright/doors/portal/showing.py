"""Showing a page to a customer: what it finds, in one read-only moment, in the shop's own looks."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from jinja2 import Environment

from orderwright.business.catalog.clock import time_zone_of
from orderwright.business.customers.brand import brand_of
from orderwright.doors.api import perform
from orderwright.doors.api.house import House
from orderwright.doors.console import cookies
from orderwright.doors.console.asked import Tried
from orderwright.doors.console.errors import Trouble
from orderwright.doors.console.page import Page
from orderwright.doors.console.rendering import Renderer, new_environment
from orderwright.doors.console.reply import Header, Reply
from orderwright.doors.console.showing import Looking, query_of, shop_of
from orderwright.doors.console.statics import Statics
from orderwright.doors.console.texts import language_of, locale_of, translated
from orderwright.doors.portal import words
from orderwright.doors.portal.asked import Asked
from orderwright.doors.portal.branding import Dress, dress_of
from orderwright.doors.portal.sessions import Customer
from orderwright.doors.portal.texts import translations
from orderwright.values.refusal import REFUSALS

TEMPLATES = Path(__file__).parent / "templates"
_HTML = (b"content-type", b"text/html; charset=utf-8")
_PLAIN = Dress("", "", "", "", "")


class Frame(NamedTuple):
    """Everything a template knows besides what its page found. visitor: the customer, as forms call who looks."""

    path: str
    query: Mapping[str, str]
    title: str
    language: str
    locale: str
    zone: tzinfo
    brand: Dress
    visitor: Customer | None
    tried: Tried | None
    said: str
    fragment: str = ""

    def named(self, names: Mapping[str, Any]) -> dict[str, Any]:
        """The names a template may use."""
        return {**self._asdict(), **names}


class Showing:
    """Customers' pages, shown."""

    def __init__(self, house: House, statics: Statics) -> None:
        self._house = house
        self._renderer = Renderer(statics.address, environment)

    async def show(
        self, page: Page, looking: Looking, customer: Customer | None, store: str, tried: Tried | None = None
    ) -> Reply:
        """A page. Refuses what it refuses."""
        query = query_of(page, looking, tried)
        return await self._house.in_reader(self._shown, page, looking, customer, store, query, tried)

    def tell(self, trouble: Trouble, looking: Looking, customer: Customer | None, dress: Dress = _PLAIN) -> Reply:
        """The page that tells of a refusal."""
        frame = _frame(looking, trouble.title, customer, dress, None)
        headers: list[Header] = [_HTML, *([(b"retry-after", b"2")] if trouble.status == 503 else [])]
        return Reply(trouble.status, self._renderer.render("trouble.html", frame, trouble), headers)

    def _shown(
        self, page: Page, looking: Looking, customer: Customer | None, store: str, query: Any, tried: Tried | None
    ) -> Reply:
        with shop_of(self._house, store).store.read() as tx:
            tx.write(f"SET LOCAL statement_timeout TO {perform.READ_MS_MAX}")
            dress = dress_of(store, brand_of(tx))
            shop_zone = time_zone_of(tx)
            found = page.find(Asked(tx, looking.at, query, customer, looking.headers, tried))  # type: ignore[arg-type]
        if isinstance(found, Reply):
            return found
        frame = _frame(looking, page.title, customer, dress, tried, shop_zone)
        body = self._renderer.render(page.template, frame, found)
        status = 200 if tried is None else REFUSALS[tried.code].status
        return Reply(status, body, [_HTML, *([cookies.told()] if frame.said else [])])


def _frame(
    looking: Looking, title: str, customer: Customer | None, dress: Dress, tried: Tried | None,
    shop_zone: str | None = None,
) -> Frame:  # fmt: skip
    brought, accepted = looking.cookies, looking.headers.get(b"accept-language")
    language = language_of(brought.get(cookies.LANGUAGE, ""), accepted)
    return Frame(
        looking.path, dict(parse_qsl(looking.query.decode("latin-1"))), title, language, locale_of(language, accepted),
        _zone(brought, customer, shop_zone), dress, customer, tried, cookies.said_in(brought),
    )  # fmt: skip


def _zone(brought: Mapping[str, str], customer: Customer | None, shop_zone: str | None) -> tzinfo:
    """By the customer's clock, as their browser told it; before it did, by that of the site that ships or the shop."""
    if cookies.ZONE in brought:
        return cookies.zone_of(brought)
    zone = (customer.zone if customer is not None else "") or shop_zone
    return ZoneInfo(zone) if zone else UTC


@cache
def environment(language: str) -> Environment:
    """The templates of customers' pages as they speak one language; macros are those of the console."""
    catalogue = translations(language)
    return new_environment((TEMPLATES,), catalogue, partial(translated, catalogue), words=words)
