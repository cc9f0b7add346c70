"""What a customer asked for, as a page's function sees it."""

from collections.abc import Mapping
from typing import Generic, NamedTuple, TypeVar

from orderwright.database.tx import Tx
from orderwright.doors.api.bodies import Headers
from orderwright.doors.console import cookies
from orderwright.doors.console.asked import Tried
from orderwright.doors.console.texts import language_of
from orderwright.doors.portal.sessions import Customer
from orderwright.values.refusal import Refusal

Query = TypeVar("Query")
PROVED = "proved"
"""The scope of pages for whoever proved to know more of an order than its link."""


class Asked(NamedTuple, Generic[Query]):
    """A page that a customer asked for: as `doors.console.asked.Asked` is for staff."""

    tx: Tx
    at: Mapping[str, str]
    query: Query
    customer: Customer | None
    headers: Headers
    tried: Tried | None = None

    @property
    def who(self) -> Customer:
        """The customer, on pages that nobody reaches without an order."""
        if self.customer is None:
            raise Refusal("unauthorized")
        return self.customer

    @property
    def language(self) -> str:
        """The one the page speaks: what the customer chose, else what their browser asks for."""
        chosen = cookies.cookies_of(self.headers).get(cookies.LANGUAGE, "")
        return language_of(chosen, self.headers.get(b"accept-language"))
