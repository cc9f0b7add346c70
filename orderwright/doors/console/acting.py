"""What acts of a visitor's own session are given: the form, where it came from, and the ways to do something."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from orderwright.business.staff.forms import Place, Visitor
from orderwright.database.tx import Tx
from orderwright.doors.api.bodies import Headers
from orderwright.doors.api.house import House
from orderwright.doors.api.route import Action
from orderwright.doors.console.page import Page
from orderwright.doors.console.reply import Reply
from orderwright.doors.console.sent_files import SentFile
from orderwright.doors.console.showing import shop_of
from orderwright.doors.console.visitors import Visitors
from orderwright.doors.shops import Shop
from orderwright.values.refusal import Refusal

Found = TypeVar("Found")
ENTERING_MAX = 30
"""So many people may be signing in at one process at once; each costs a quarter of a second of both cores."""
_ENTERING: "set[asyncio.Future[Any]]" = set()


class Call(NamedTuple):
    """A form somebody sent. address: the network address it came from. token: of their session, if they have one.

    store: the visitor's, or the one that who is not signed in is at. files: those of the form, by name of the field;
    they are gone once the act has answered, unless it moved them away. own: who the visitor is in the shop they
    belong to, while they practise elsewhere. show: a page that tells in `asked.answer` what is told this once.
    """

    house: House
    visitors: Visitors
    visitor: Visitor | None
    token: str | None
    store: str
    at: Mapping[str, str]
    query: Mapping[str, str]
    fields: Mapping[str, str]
    headers: Headers
    address: str
    show: Callable[[Page, Any], Awaitable[Reply]]
    files: Mapping[str, SentFile] = {}
    own: Visitor | None = None

    @property
    def who(self) -> Visitor:
        """The visitor, for acts that nobody reaches who is not signed in."""
        if self.visitor is None:
            raise Refusal("unauthorized")
        return self.visitor

    @property
    def place(self) -> Place:
        """Where the form came from: network address, and what the browser calls itself."""
        return Place(self.address, self.headers.get(b"user-agent", b"").decode("latin-1")[:400])

    async def shop(self, store: str = "") -> Shop:
        """The store, for what goes on after the act has answered."""
        return await self.house.in_reader(shop_of, self.house, store or self.store)

    async def do(self, action: Action, command: Any, store: str = "") -> Any:
        """Have the writer do one command; its result. Raises the refusal it may be."""
        (result,) = await self.do_all(action, [command], store)
        if isinstance(result, Refusal):
            raise result
        return result

    async def do_all(self, action: Action, commands: Sequence[Any], store: str = "") -> list[Any]:
        """Have the writer do commands together; their results."""
        house = self.house
        shop = await house.in_reader(shop_of, house, store or self.store)
        house.landing.make_room()
        results: list[Any] = await house.landing.wait(shop.writer.submit(action, commands))
        return results

    async def enter(self, way: Callable[..., Found], *given: Any, store: str = "") -> Found:
        """Go one of the ways of `business.staff.entrance`, which take a while, in a thread of its own."""
        shop = await self.house.in_reader(shop_of, self.house, store or self.store)
        return await self.aside(way, shop.writer.run, *given)

    async def aside(self, work: Callable[..., Found], *given: Any) -> Found:
        """Do something that takes seconds in a thread of its own. Refuses overloaded when many such wait already."""
        if len(_ENTERING) >= ENTERING_MAX:
            raise Refusal("overloaded")
        task = asyncio.ensure_future(asyncio.to_thread(work, *given))
        _ENTERING.add(task)
        task.add_done_callback(_ENTERING.discard)
        return await task

    async def find(self, read: Callable[[Tx], Found], store: str = "") -> Found:
        """Ask the database."""

        def look() -> Found:
            with shop_of(self.house, store or self.store).store.read() as tx:
                return read(tx)

        return await self.house.in_reader(look)
