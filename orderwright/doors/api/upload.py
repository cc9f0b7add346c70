"""Files sent in: written to disk as they arrive, then worked on in a thread of their own.

Whoever is done within WAIT_S is answered with the result; the others with 202 and the address to ask.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderwright.database.replay import Answer
from orderwright.doors.api import bodies, perform, queries
from orderwright.doors.api.access import Access
from orderwright.doors.api.asked import Question, Raw
from orderwright.doors.api.house import House
from orderwright.doors.api.route import Upload
from orderwright.doors.shops import Shop
from orderwright.values.refusal import Refusal

if TYPE_CHECKING:
    from litestar.types import Receive

WAIT_S = 10.0
AT_ONCE = 2
"""Files that one process works on at the same time; more are turned away to come again."""


class Uploads:
    """The files a serving process is working on."""

    def __init__(self) -> None:
        self._working: set[asyncio.Task[Any]] = set()

    async def answer(
        self, house: House, route: Upload, access: Access, raw: Raw, headers: bodies.Headers, receive: "Receive"
    ) -> Answer:
        """Take a file and answer. Refuses malformed, unsupported_media, too_large, overloaded, and what it is."""
        question = Question(access, raw.at, queries.parse(raw.query, route.query))
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind.startswith(b"multipart/"):
            raise Refusal("unsupported_media", types=["the file itself, as the whole body"])
        if access.is_limited:
            raise perform.forbidden(access)
        if len(self._working) >= AT_ONCE:
            raise Refusal("overloaded")
        shop = await house.in_reader(house.shops.shop, access.store)
        loop = asyncio.get_running_loop()
        begun: asyncio.Future[Any] = loop.create_future()

        def tell(mark: Any) -> None:
            loop.call_soon_threadsafe(begun.set_result, mark)

        path = await _kept(bodies.read_stream(receive, headers))
        task = asyncio.create_task(asyncio.to_thread(_work, route, shop, question, path, tell))
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        await asyncio.wait([task], timeout=WAIT_S)
        await asyncio.wait([task, begun], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return Answer(200, perform.encode(task.result()))
        task.add_done_callback(lambda late: late.exception())  # told in what is asked for then
        return Answer(202, perform.encode(await house.in_reader(_look, route, shop, begun.result())))


def _work(route: Upload, shop: Shop, question: Question[Any], path: Path, tell: Callable[[Any], None]) -> Any:
    try:
        return route.take(shop, question, path, tell)
    finally:
        path.unlink(missing_ok=True)


def _look(route: Upload, shop: Shop, mark: Any) -> Any:
    with shop.store.read() as tx:
        return route.look(tx, mark)


async def _kept(pieces: Any) -> Path:
    """The body as a file."""
    descriptor, name = tempfile.mkstemp(prefix="orderwright-")
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            async for piece in pieces:
                file.write(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path
