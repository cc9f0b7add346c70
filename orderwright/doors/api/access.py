"""Who calls: what a key may do, cached in the process for a few seconds."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from orderwright.database.keys import SCOPES, Key
from orderwright.values.refusal import Refusal

FRESH_S = 2.0
"""For so long a key is believed without another look."""
VALID_S = 4.0
"""After so long it is not believed any more, so revoking a key takes effect within five seconds."""
KNOWN_MAX = 10_000


class Access(NamedTuple):
    """What the caller may do in which store. `sites` and `channels`: limits, None for all."""

    key_id: str
    store: str
    actor: str
    scopes: frozenset[str]
    sites: frozenset[str] | None = None
    channels: frozenset[str] | None = None
    requests_per_second: int = 0  # 0: no limit

    @property
    def is_limited(self) -> bool:
        """Whether the key is limited to some sites or channels."""
        return self.sites is not None or self.channels is not None


def access_of(key: Key, store: str, requests_per_second: int) -> Access:
    """What a key stands for. An admin may do everything."""
    return Access(
        key.id, store, f"key:{key.prefix}",
        frozenset(SCOPES) if "admin" in key.scopes else frozenset(key.scopes),
        None if key.sites is None else frozenset(key.sites),
        None if key.channels is None else frozenset(key.channels),
        requests_per_second,
    )  # fmt: skip


class OpenDoor:
    """Lets one caller in without a key: whoever may use the command line of this machine."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def admit(self, authorization: bytes | None) -> Access:
        """Always the same."""
        return self._access


class _Seen(NamedTuple):
    access: Access | None
    at: float


class Doorkeeper:
    """Knows the keys seen lately. `look_up` asks the database (None: no such key) and may take a while."""

    def __init__(self, look_up: Callable[[str], Awaitable[Access | None]]) -> None:
        self._look_up = look_up
        self._seen: dict[str, _Seen] = {}
        self._asking: dict[str, asyncio.Task[Access | None]] = {}

    async def admit(self, authorization: bytes | None) -> Access:
        """Whose key it is. Refuses unauthorized."""
        if authorization is None or authorization[:7].lower() != b"bearer ":
            raise Refusal("unauthorized")
        token = authorization[7:].decode("latin-1").strip()
        seen = self._seen.get(token)
        now = time.monotonic()
        if seen is None or now - seen.at > VALID_S:
            access = await asyncio.shield(self._ask(token))
        else:
            access = seen.access
            if now - seen.at > FRESH_S:
                self._ask(token)  # the next request finds the answer
        if access is None:
            raise Refusal("unauthorized")
        return access

    def _ask(self, token: str) -> "asyncio.Task[Access | None]":
        """One question per key at a time, however many requests wait for it."""
        if token not in self._asking:
            task = asyncio.get_running_loop().create_task(self._remember(token))
            self._asking[token] = task
            task.add_done_callback(lambda done: self._asked(token, done))
        return self._asking[token]

    def _asked(self, token: str, done: "asyncio.Task[Access | None]") -> None:
        del self._asking[token]
        if not done.cancelled():
            done.exception()  # whoever waited was told; a refresh nobody waits for is simply tried again

    async def _remember(self, token: str) -> Access | None:
        at = time.monotonic()
        access = await self._look_up(token)
        if len(self._seen) >= KNOWN_MAX:
            self._seen.clear()  # somebody is guessing; the good keys are found again at once
        self._seen[token] = _Seen(access, at)
        return access
