"""A small load generator: keep-alive HTTP/1.1 over raw sockets, so that it costs little beside what it measures."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import uvloop

BROKEN = (OSError, asyncio.IncompleteReadError)
"""What a connection that breaks raises."""


class Reply(NamedTuple):
    """One answered request. `status` 0: the connection broke before an answer."""

    number: int
    status: int
    body: bytes
    seconds: float


class Load(NamedTuple):
    """What a run brought: replies in order of arrival, and its wall time."""

    replies: list[Reply]
    seconds: float

    def rate(self) -> float:
        """Answers a second."""
        return len(self.replies) / self.seconds

    def latency_ms(self, quantile: float) -> float:
        """The latency below which that share of the requests was answered."""
        ordered = sorted(each.seconds for each in self.replies)
        return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))] * 1000

    def statuses(self) -> dict[int, int]:
        """Answers by status."""
        counts: dict[int, int] = {}
        for each in self.replies:
            counts[each.status] = counts.get(each.status, 0) + 1
        return dict(sorted(counts.items()))


class Caller:
    """One keep-alive connection, opened when it is needed and again after it broke."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def call(self, request: bytes) -> tuple[int, bytes]:
        """Send one request; status and body of its answer. Raises one of BROKEN when the connection breaks."""
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            return await _exchange(*self._streams, request)
        except BROKEN:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> tuple[int, bytes]:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    lowered = head.lower()
    at = lowered.index(b"content-length:") + 15
    length = int(lowered[at : lowered.index(b"\r\n", at)])
    body = await reader.readexactly(length) if length else b""
    return int(head[9:12]), body


def request_bytes(method: str, path: str, key: str, body: bytes, headers: str = "") -> bytes:
    """One request, ready to send."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode() + body


def run_load(
    port: int, requests: Iterator[bytes], connections: int, *, keep_bodies: bool = False, retry: bool = False
) -> Load:
    """Send every request once over that many connections, each waiting for its answer.

    retry: a request whose connection broke is sent again until it is answered (a client that was told
    nothing must ask again), for at most 60 s without any answer.
    """
    return uvloop.run(_run(port, requests, connections, keep_bodies, retry))


async def _run(port: int, requests: Iterator[bytes], connections: int, keep_bodies: bool, retry: bool) -> Load:
    numbered = enumerate(requests)
    replies: list[Reply] = []
    begun = time.perf_counter()
    await asyncio.gather(
        *[_client(port, lambda: next(numbered, None), replies, keep_bodies, retry) for _ in range(connections)]
    )
    return Load(replies, time.perf_counter() - begun)


async def _client(
    port: int,
    take: Callable[[], tuple[int, bytes] | None],
    replies: list[Reply],
    keep_bodies: bool,
    retry: bool,
) -> None:
    caller = Caller(port)
    while (taken := take()) is not None:
        number, request = taken
        begun = time.perf_counter()
        while True:
            try:
                status, body = await caller.call(request)
                break
            except BROKEN:
                if not retry or time.perf_counter() - begun > 60:
                    status, body = 0, b""
                    break
                await asyncio.sleep(0.05)
        replies.append(Reply(number, status, body if keep_bodies else b"", time.perf_counter() - begun))
    caller.close()
