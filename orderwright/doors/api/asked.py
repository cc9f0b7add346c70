"""What a caller asked, as a route's function sees it."""

from collections.abc import Mapping
from typing import Generic, NamedTuple, TypeVar

from orderwright.doors.api.access import Access

Body = TypeVar("Body")
Query = TypeVar("Query")


class Raw(NamedTuple):
    """A request before anything in it was read. `at`: the parts of the path that vary, by name."""

    method: str
    path: str
    at: Mapping[str, str]
    query: bytes = b""
    body: bytes = b""
    idempotency_key: bytes | None = None
    if_match: bytes | None = None


class Request(NamedTuple, Generic[Body]):
    """A deed somebody wants done. `version`: from If-Match, the version they read; None if they do not mind."""

    access: Access
    at: Mapping[str, str]
    body: Body
    version: int | None

    @property
    def actor(self) -> str:
        """Who does it, as facts name them."""
        return self.access.actor


class Question(NamedTuple, Generic[Query]):
    """A question. Lists show only what `access.sites` and `access.channels` allow (None: all)."""

    access: Access
    at: Mapping[str, str]
    query: Query
