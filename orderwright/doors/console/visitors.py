"""Who looks at a page: sessions asked for, believed for a few seconds, then asked for again."""

import time
from typing import NamedTuple

from orderwright.business.staff.forms import TouchSession, Visitor
from orderwright.business.staff.practising import find_practice
from orderwright.business.staff.reads import find_visitor
from orderwright.business.staff.sessions import touch_sessions
from orderwright.business.staff.tokens import store_of
from orderwright.database.invented import Mark, find_mark
from orderwright.doors.api.access import Access
from orderwright.doors.api.house import House
from orderwright.values.refusal import Refusal

FRESH_S = 2.0
"""For so long a session is believed without another look: whoever is signed out is out within two seconds."""
KNOWN_MAX = 5_000


class Known(NamedTuple):
    """Whose session it is, what their store says of itself, and where they practise ('': nowhere)."""

    visitor: Visitor | None = None
    mark: Mark | None = None
    practises_in: str = ""


class Come(NamedTuple):
    """Who comes, by the cookies they bring. own: of the shop they belong to, while they practise elsewhere.

    token: of the session that counts. is_over: they practised, and that session is no more.
    """

    visitor: Visitor | None = None
    token: str | None = None
    mark: Mark | None = None
    own: Visitor | None = None
    is_over: bool = False


class _Seen(NamedTuple):
    known: Known
    at: float


class Visitors:
    """The sessions seen lately by one serving process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._seen: dict[str, _Seen] = {}

    async def come(self, token: str | None, practice: str | None) -> Come:
        """Who comes. Practising counts only beside the own session, and only in the store that is theirs for it."""
        known = await self._find(token)
        own = known.visitor
        if own is None or not practice:
            return Come(own, token, known.mark)
        if store_of(practice) != known.practises_in:
            self.forget(token)  # another serving process may have begun it a moment ago
            known = await self._find(token)
        if store_of(practice) == known.practises_in:
            there = await self._find(practice)
            who, mark = there.visitor, there.mark
            if who is not None and mark == Mark("practice", own.store, own.account_id):
                return Come(who, practice, mark, own)
        return Come(own, token, known.mark, is_over=True)

    async def _find(self, token: str | None) -> Known:
        if not token:
            return Known()
        seen = self._seen.get(token)
        if seen is not None and time.monotonic() - seen.at < FRESH_S:
            return seen.known
        at = time.monotonic()
        known = await self._house.in_reader(self._look_up, token)
        if len(self._seen) >= KNOWN_MAX:
            self._seen.clear()
        self._seen[token] = _Seen(known, at)
        return known

    def forget(self, token: str | None) -> None:
        """Look anew: something about this session has just changed."""
        self._seen.pop(token or "", None)

    def _look_up(self, token: str) -> Known:
        try:
            shop = self._house.shops.shop(store_of(token))
        except LookupError:
            return Known()
        with shop.store.read() as tx:
            visitor = find_visitor(tx, token)
            is_stale = visitor is not None and visitor.is_stale(tx.now)
            mark = find_mark(tx)
            practises_in = "" if visitor is None else find_practice(tx, visitor.account_id)
        if visitor is not None and is_stale:
            shop.writer.submit(touch_sessions, [TouchSession(session_id=visitor.session_id, actor=visitor.actor)])
        return Known(visitor, mark, practises_in)


def access_of(visitor: Visitor) -> Access:
    """What the visitor may do, as the API asks for it."""
    return Access(visitor.account_id, visitor.store, visitor.actor, visitor.scopes, visitor.sites, visitor.channels)


def check_scope(visitor: Visitor, scope: str) -> None:
    """Refuses forbidden when the visitor may not do that; '' is what everybody may who is signed in."""
    if scope and scope not in visitor.scopes:
        raise Refusal("forbidden", scope=scope)
