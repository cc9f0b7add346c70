"""A call without a network: the same API, driven by hand."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from orderwright.database.keys import SCOPES
from orderwright.database.replay import Answer
from orderwright.doors.api.access import Access, OpenDoor
from orderwright.doors.api.endpoint import Api
from orderwright.doors.api.house import House
from orderwright.doors.api.route import Route
from orderwright.doors.api.routes import all_routes
from orderwright.doors.figures import Figures
from orderwright.doors.shops import Shops

LOCAL_KEY = "00000000-0000-0000-0000-000000000000"
"""What Idempotency-Keys of the command line belong to."""
_PIECE = 65_536


def call_here(
    shops: Shops,
    store: str,
    method: str,
    target: str,
    body: bytes,
    headers: Mapping[bytes, bytes],
    routes: Sequence[Route] | None = None,
) -> Answer:
    """Call a route of the API in this process, with every right in one store. `target`: path and query."""
    access = Access(LOCAL_KEY, store, "cli", frozenset(SCOPES))
    return asyncio.run(_call(shops, access, method, target, body, headers, routes or all_routes()))


async def _call(
    shops: Shops,
    access: Access,
    method: str,
    target: str,
    body: bytes,
    headers: Mapping[bytes, bytes],
    routes: Sequence[Route],
) -> Answer:
    house = House(shops, Figures(), routes)
    house.doorkeeper = OpenDoor(access)
    # Asked first, to say plainly that there is no such store.
    await house.in_reader(shops.shop, access.store)
    path, _, query = target.partition("?")
    wire = _Wire(body)
    scope: dict[str, Any] = {
        "method": method, "path": path, "raw_path": quote(path, safe="/%").encode(),
        "query_string": quote(query, safe="=&%+").encode(), "headers": list(headers.items()),
    }  # fmt: skip
    await Api(house)(scope, wire.receive, wire.send)  # type: ignore[arg-type]
    return Answer(wire.status, b"".join(wire.pieces))


class _Wire:
    """What a connection would do: bring the body, take the answer."""

    def __init__(self, body: bytes) -> None:
        self.status = 0
        self.pieces: list[bytes] = []
        self._left = body

    async def receive(self) -> dict[str, Any]:
        piece, self._left = self._left[:_PIECE], self._left[_PIECE:]
        return {"type": "http.request", "body": piece, "more_body": bool(self._left)}

    async def send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.pieces.append(message["body"])
