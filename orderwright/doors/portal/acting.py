"""What a form of a customer is given: what it says, and the ways to do something: the API's own."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec

from orderwright.doors.api.access import Access
from orderwright.doors.api.asked import Raw
from orderwright.doors.api.bodies import Headers
from orderwright.doors.api.endpoint import Api
from orderwright.doors.api.house import House
from orderwright.doors.api.route import Action, Deed
from orderwright.doors.console import forms
from orderwright.doors.console.sent_files import SentFile
from orderwright.doors.console.showing import shop_of
from orderwright.doors.portal.sessions import Customer
from orderwright.values.refusal import Refusal

Found = TypeVar("Found")
ACTOR = "customer"
"""Who did it, as facts name them."""
_SCOPES = frozenset({"orders:read", "orders:write"})


class Call(NamedTuple):
    """A form a customer sent. address: the network address it came from; files: those of the form, by field."""

    house: House
    api: Api
    store: str
    customer: Customer | None
    path: str
    at: Mapping[str, str]
    fields: Mapping[str, str]
    files: Mapping[str, SentFile]
    headers: Headers
    address: str

    @property
    def who(self) -> Customer:
        """The customer, for acts that nobody reaches without an order."""
        if self.customer is None:
            raise Refusal("unauthorized")
        return self.customer

    async def deed(self, deed: Deed, body: Any, **at: str) -> Any:
        """Do a deed of the API, once per rendering of the form, at the version it showed; what it answers."""
        who = self.who
        access = Access(who.order_id, who.store, ACTOR, _SCOPES)
        once, version = self.fields.get(forms.ONCE, ""), self.fields.get(forms.VERSION, "")
        raw = Raw(
            "POST", self.path, {**self.at, **at}, body=msgspec.json.encode(body),
            idempotency_key=once.encode("latin-1", "replace") or None,
            if_match=version.encode("latin-1", "replace") or None,
        )  # fmt: skip
        answer = await self.api.do(deed, access, raw)
        return msgspec.json.decode(answer.body)

    async def do(self, action: Action, command: Any) -> Any:
        """Have the writer do one command; its result. Raises the refusal it may be."""
        house = self.house
        shop = await house.in_reader(shop_of, house, self.store)
        house.landing.make_room()
        (result,) = await house.landing.wait(shop.writer.submit(action, [command]))
        if isinstance(result, Refusal):
            raise result
        return result

    async def find(self, read: Callable[..., Found], *given: Any) -> Found:
        """Ask the database."""

        def look() -> Found:
            with shop_of(self.house, self.store).store.read() as tx:
                return read(tx, *given)

        return await self.house.in_reader(look)
