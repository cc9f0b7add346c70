"""Many deeds in one call. Each is done or refused by itself; results come in the order of the items.

Items are worked on while the rest still arrives, in groups that commit together; the answer is sent when
all of the body is here, because most callers do not read before they have sent everything.
"""

import asyncio
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import IO, TYPE_CHECKING, Any

import msgspec

from orderwright.database import crash
from orderwright.database.replay import Answer
from orderwright.database.writer import GROUP_COMMANDS_MAX, GROUP_WEIGHT_MAX
from orderwright.doors.api import bodies, lines, perform, queries
from orderwright.doors.api.access import Access
from orderwright.doors.api.asked import Raw, Request
from orderwright.doors.api.house import House
from orderwright.doors.api.problem import document, refusal_of
from orderwright.doors.api.reply import ALWAYS
from orderwright.doors.api.route import Deed, Many
from orderwright.doors.shops import Shop
from orderwright.values.refusal import Refusal

if TYPE_CHECKING:
    from litestar.types import Receive, Send

AHEAD = 3
"""Groups of one call that may be on their way at once: one commits, one waits, one is read."""
IN_MEMORY_BYTES = 2_000_000
LINE_TYPES = (b"application/x-ndjson", b"application/ndjson", b"application/jsonl")
JSON = b"application/json"
_SEND_BYTES = 65_536


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one item: the deed's answer or the problem, with its status. `index` counts from 0."""

    index: int
    status: int
    answer: Any = None
    problem: Any = None


async def answer(
    house: House, many: Many, access: Access, raw: Raw, headers: bodies.Headers, receive: "Receive", send: "Send"
) -> int:
    """Answer a batch call; its status."""
    queries.refuse_all(raw.query)
    kind = headers.get(b"content-type", JSON).partition(b";")[0].strip().lower()
    is_lines = kind in LINE_TYPES
    if not is_lines and kind != JSON:
        raise Refusal("unsupported_media", types=[each.decode() for each in (JSON, *LINE_TYPES)])
    shop = await house.in_reader(house.shops.shop, access.store)
    if is_lines:
        items = lines.lines_of(bodies.read_stream(receive, headers))
    else:
        items = lines.each_of(lines.elements_of(await bodies.read_whole(receive, headers)))
    batch = _Batch(house, many.deed, access, raw, shop, b"\n" if is_lines else b",")
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as spool:
        await batch.run(items, spool)
        around = (b"", b"\n") if is_lines else (b'{"items":[', b"]}")
        return await _send(send, spool, kind, around)


class _Batch:
    """One batch at work."""

    def __init__(self, house: House, deed: Deed, access: Access, raw: Raw, shop: Shop, between: bytes) -> None:
        self._house = house
        self._deed = deed
        self._access = access
        self._raw = raw
        self._shop = shop
        self._between = between

    async def run(self, items: AsyncIterator[lines.Item], spool: IO[bytes]) -> None:
        """Run all items and write what became of them, in order."""
        ahead: deque[asyncio.Task[bytes]] = deque()
        first = 0
        try:
            async for group in self._groups(items):
                ahead.append(asyncio.create_task(self._commit(group, first)))
                first += len(group)
                if len(ahead) >= AHEAD:
                    self._write(spool, await ahead.popleft())
        finally:
            # When the body breaks off, what was handed to the writer is still waited for.
            for task in ahead:
                self._write(spool, await task)

    async def _groups(self, items: AsyncIterator[lines.Item]) -> AsyncIterator[list[Any]]:
        group: list[Any] = []
        weight = 0
        async for item in items:
            body = self._read(item)
            weight += self._weight(body)
            group.append(body)
            if len(group) >= GROUP_COMMANDS_MAX or weight >= GROUP_WEIGHT_MAX:
                yield group
                group, weight = [], 0
                await asyncio.sleep(0)  # other requests have their turn between two groups
        if group:
            yield group

    def _read(self, item: lines.Item) -> Any:
        if isinstance(item, Refusal):
            return item
        try:
            return perform.read_body(self._deed, item)
        except Refusal as refusal:
            return refusal

    def _weight(self, body: Any) -> int:
        return 1 if self._deed.weight is None or isinstance(body, Refusal) else self._deed.weight(body)

    async def _commit(self, group: list[Any], first: int) -> bytes:
        """Run one group; what became of its items, as it is sent."""
        if self._access.is_limited:
            await self._refuse_beyond(group)
        fresh = [i for i, body in enumerate(group) if not isinstance(body, Refusal)]
        requests = [Request(self._access, self._raw.at, group[i], None) for i in fresh]

        def told(results: Sequence[Any]) -> bytes:
            for i, result in zip(fresh, results, strict=True):
                group[i] = result
            return self._between.join([self._told(first + i, each) for i, each in enumerate(group)])

        if not fresh:
            return told([])
        try:
            results = await self._submit(requests, first, lambda results: Answer(207, told(results)))
        except Exception as error:  # noqa: BLE001 - told for each item it concerns
            results = [refusal_of(error)]
        if isinstance(results[0], Answer):
            return results[0].body  # a known Idempotency-Key
        return told(results * len(fresh) if len(results) < len(fresh) else results)

    async def _refuse_beyond(self, group: list[Any]) -> None:
        within = [i for i, body in enumerate(group) if not isinstance(body, Refusal)]
        requests = [Request(self._access, self._raw.at, group[i], None) for i in within]
        beyond = await self._house.in_reader(perform.beyond_limits, self._deed, self._shop, requests)
        for i, refusal in zip(within, beyond, strict=True):
            group[i] = refusal or group[i]

    async def _submit(self, requests: list[Request[Any]], first: int, render: perform.Render) -> list[Any]:
        house, deed = self._house, self._deed
        claim = None
        if self._raw.idempotency_key is not None:
            key = self._raw.idempotency_key + b"#%d" % first + self._between
            bodies_ = [request.body for request in requests]
            claim = perform.claim_of(self._raw, self._access, key.strip(), bodies_, render)
        commands = [deed.build(request) for request in requests]
        weight = sum(self._weight(request.body) for request in requests)
        house.landing.make_room()
        results: list[Any] = await house.landing.wait(
            self._shop.writer.submit(deed.action, commands, claim=claim, weight=weight)
        )
        return results

    def _told(self, index: int, result: Any) -> bytes:
        if isinstance(result, Refusal):
            problem = document(result)
            return msgspec.json.encode(Told(index, result.kind.status, problem=problem), enc_hook=str)
        return perform.encode(Told(index, perform.status_of(self._deed, result), answer=result))

    def _write(self, spool: IO[bytes], told: bytes) -> None:
        spool.write(self._between + told if spool.tell() else told)


async def _send(send: "Send", spool: IO[bytes], kind: bytes, around: tuple[bytes, bytes]) -> int:
    crash.point("before reply")
    await send({"type": "http.response.start", "status": 200, "headers": [*ALWAYS, (b"content-type", kind)]})
    await send({"type": "http.response.body", "body": around[0], "more_body": True})
    spool.seek(0)
    while piece := spool.read(_SEND_BYTES):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": around[1], "more_body": False})
    crash.point("after reply")
    return 200
