"""Where answers from the writer's threads reach the event loop: many of one group in one go."""

import asyncio
from collections import deque
from concurrent.futures import Future
from typing import Any

from orderwright.values.refusal import Refusal

WAITING_MAX = 4_000
"""Calls of one process that may wait for the writer; more are turned away at once rather than kept for long."""


class Landing:
    """Hands results of `Future`s to coroutines. A group's futures come in one after the other; the loop
    is woken once for as many as are there, which `asyncio.wrap_future` would do for each."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.waiting = 0
        self._loop = loop
        self._landed: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._is_woken = False

    def make_room(self) -> None:
        """Refuses overloaded when too many wait."""
        if self.waiting >= WAITING_MAX:
            raise Refusal("overloaded")

    async def wait(self, future: "Future[Any]") -> Any:
        """The result of a future that other threads set; raises what it raises."""
        waiter: asyncio.Future[Any] = self._loop.create_future()
        self.waiting += 1
        future.add_done_callback(lambda done: self._land(waiter, done))
        try:
            return await waiter
        finally:
            self.waiting -= 1

    def _land(self, waiter: "asyncio.Future[Any]", done: "Future[Any]") -> None:
        self._landed.append((waiter, done))
        if not self._is_woken:
            self._is_woken = True
            self._loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        # Reset first: what lands from here on wakes the loop again, so nothing is left lying.
        self._is_woken = False
        while self._landed:
            waiter, done = self._landed.popleft()
            if waiter.done():
                continue
            error = done.exception()
            if error is None:
                waiter.set_result(done.result())
            else:
                waiter.set_exception(error)
