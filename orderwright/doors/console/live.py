"""Live pages: a stream of server-sent events tells that something happened, and the page asks for itself anew.

One look at the store every two seconds serves all who listen in this process; nobody listening, nobody looks.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from orderwright.business.reports.today.standing import pulse_of
from orderwright.business.staff.forms import Visitor
from orderwright.business.staff.reads import find_visitor
from orderwright.business.staff.tokens import store_of
from orderwright.doors.api.house import House
from orderwright.doors.console.reply import SAFE
from orderwright.doors.console.visitors import access_of

if TYPE_CHECKING:
    from litestar.types import Receive, Send

PATH = "/today/live"
POLL_S = 2.0
HEARTBEAT_S = 15.0
"""So often a silent stream says that it is there, and looks whether its session still is."""
LISTENERS_MAX = 300
RETRY_MS = 4_000
_HEADERS = [
    *SAFE, (b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]  # fmt: skip

StillAllowed = Callable[[], Awaitable[bool]]


class _Heart:
    """The pulse of one store, and who waits for it to change."""

    def __init__(self) -> None:
        self.pulse = ""
        self.listeners: set[asyncio.Event] = set()
        self.is_over = False

    def wake(self) -> None:
        """Tell all who listen to look."""
        for each in self.listeners:
            each.set()


class Live:
    """The streams of one serving process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._hearts: dict[str, _Heart] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_full(self) -> bool:
        """Whether no more can listen: a page shows what it showed until it is looked at anew."""
        return sum(len(each.listeners) for each in self._hearts.values()) >= LISTENERS_MAX

    async def stream(self, store: str, still_allowed: StillAllowed, receive: "Receive", send: "Send") -> None:
        """Tell of changes until the browser leaves, the session ends, or the server stops."""
        mine = asyncio.Event()
        heart = self._heart(store)
        heart.listeners.add(mine)
        left = asyncio.create_task(_left(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _say(send, f"retry: {RETRY_MS}\n\n")
            if heart.pulse:
                mine.set()
            await self._tell(heart, mine, left, still_allowed, send)
        finally:
            heart.listeners.discard(mine)
            left.cancel()

    async def _tell(
        self,
        heart: _Heart,
        mine: asyncio.Event,
        left: "asyncio.Task[None]",
        still_allowed: StillAllowed,
        send: "Send",
    ) -> None:
        while not (left.done() or heart.is_over):
            waiting = asyncio.create_task(mine.wait())
            await asyncio.wait({waiting, left}, timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if left.done() or heart.is_over or not await still_allowed():
                break
            if mine.is_set():
                mine.clear()
                await _say(send, f"event: pulse\ndata: {heart.pulse}\n\n")
            else:
                await _say(send, ": still here\n\n")
        if not left.done():
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _heart(self, store: str) -> _Heart:
        heart = self._hearts.get(store)
        if heart is None or heart.is_over:
            heart = self._hearts[store] = _Heart()
            task = asyncio.create_task(self._beat(store, heart))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return heart

    async def _beat(self, store: str, heart: _Heart) -> None:
        """Look every two seconds while anybody listens. Whatever goes wrong ends the streams: browsers come back."""
        try:
            while not self._house.is_stopping:
                pulse = await self._house.in_reader(self._look, store)
                if pulse != heart.pulse:
                    heart.pulse = pulse
                    heart.wake()
                await asyncio.sleep(POLL_S)
                if not heart.listeners:
                    break
        finally:
            heart.is_over = True
            heart.wake()

    def _look(self, store: str) -> str:
        with self._house.shops.shop(store).store.read() as tx:
            return pulse_of(tx)


def is_here(house: House, token: str) -> bool:
    """Whether a session may still see Today. Looking does not keep it from being idle. Waits for the database."""
    try:
        shop = house.shops.shop(store_of(token))
    except LookupError:
        return False
    with shop.store.read() as tx:
        return may_listen(find_visitor(tx, token))


def may_listen(visitor: Visitor | None) -> bool:
    """Whether somebody sees Today: the figures of the whole store."""
    return visitor is not None and "reports:read" in visitor.scopes and not access_of(visitor).is_limited


def live_query(visitor: Visitor) -> bytes:
    """The query of the stream of a visitor's store: a browser that comes back to it after they began or ended to
    practise is turned away, and hears nothing of another store."""
    return f"of={visitor.store}".encode()


async def _left(receive: "Receive") -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: "Send", text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
