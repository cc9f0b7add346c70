"""Who looks at a page: sessions asked for, believed for a few seconds, then asked for again."""

import time
from typing import NamedTuple

from orderwright.business.staff.forms import TouchSession, Visitor
from orderwright.business.staff.reads import find_visitor
from orderwright.business.staff.sessions import touch_sessions
from orderwright.business.staff.tokens import store_of
from orderwright.doors.api.access import Access
from orderwright.doors.api.house import House
from orderwright.values.refusal import Refusal

FRESH_S = 2.0
"""For so long a session is believed without another look: whoever is signed out is out within two seconds."""
KNOWN_MAX = 5_000


class _Seen(NamedTuple):
    visitor: Visitor | None
    at: float


class Visitors:
    """The sessions seen lately by one serving process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._seen: dict[str, _Seen] = {}

    async def find(self, token: str | None) -> Visitor | None:
        """Whose session it is; None when it is nobody's."""
        if not token:
            return None
        seen = self._seen.get(token)
        if seen is not None and time.monotonic() - seen.at < FRESH_S:
            return seen.visitor
        at = time.monotonic()
        visitor = await self._house.in_reader(self._look_up, token)
        if len(self._seen) >= KNOWN_MAX:
            self._seen.clear()
        self._seen[token] = _Seen(visitor, at)
        return visitor

    def forget(self, token: str | None) -> None:
        """Look anew: something about this session has just changed."""
        self._seen.pop(token or "", None)

    def _look_up(self, token: str) -> Visitor | None:
        try:
            shop = self._house.shops.shop(store_of(token))
        except LookupError:
            return None
        with shop.store.read() as tx:
            visitor = find_visitor(tx, token)
            is_stale = visitor is not None and visitor.is_stale(tx.now)
        if visitor is not None and is_stale:
            shop.writer.submit(touch_sessions, [TouchSession(session_id=visitor.session_id, actor=visitor.actor)])
        return visitor


def access_of(visitor: Visitor) -> Access:
    """What the visitor may do, as the API asks for it."""
    return Access(visitor.account_id, visitor.store, visitor.actor, visitor.scopes, visitor.sites, visitor.channels)


def check_scope(visitor: Visitor, scope: str) -> None:
    """Refuses forbidden when the visitor may not do that; '' is what everybody may who is signed in."""
    if scope and scope not in visitor.scopes:
        raise Refusal("forbidden", scope=scope)
