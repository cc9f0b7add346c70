"""The API: from the ASGI messages of a request to those of its answer."""

import asyncio
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from orderwright.database.replay import Answer
from orderwright.doors.api import batch, bodies, perform, queries
from orderwright.doors.api.access import Access
from orderwright.doors.api.addresses import Addresses
from orderwright.doors.api.asked import Raw, Request
from orderwright.doors.api.house import House
from orderwright.doors.api.reply import JSON, send_answer, send_problem
from orderwright.doors.api.route import ByToken, Deed, Many, Open, Outcome, Read, Route, Upload
from orderwright.doors.api.upload import Uploads
from orderwright.doors.shops import Shop
from orderwright.values.refusal import Refusal

if TYPE_CHECKING:
    from litestar.types import Receive, Scope, Send

TOKENS_PER_SECOND = 200
"""How often one serving process looks up tokens, which whoever calls may have guessed."""
OUTCOME_S = 10.0
OUTCOME_EVERY_S = 0.1
_JSON_TYPES = (b"application/json", b"text/json")


class Api:
    """All addresses of the API as one ASGI application."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._addresses = Addresses(house.routes)
        self._uploads = Uploads()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, whatever it is."""
        started = time.perf_counter()
        method: str = scope["method"]  # type: ignore[typeddict-item]
        headers: bodies.Headers = dict(scope["headers"])
        path = "none"
        try:
            asked = scope["raw_path"].decode("ascii")
            found = self._addresses.find(asked)
            if found is None:
                raise Refusal("not_found", path=asked)
            (path, routes), at = found
            route = routes.get(method)
            if route is None:
                raise Refusal("method_not_allowed", allowed=sorted(routes))
            status = await self._answer(route, at, scope, headers, receive, send)
        except bodies.Gone:
            return
        except Exception as error:  # noqa: BLE001 - a bug in one request must not take the connection's others along
            status = await send_problem(send, receive, headers, error)
        self._house.figures.count("orderwright_requests", (method, path, str(status)))
        self._house.figures.observe("orderwright_request_seconds", (path,), time.perf_counter() - started)

    async def _answer(
        self,
        route: Route,
        at: Mapping[str, str],
        scope: "Scope",
        headers: bodies.Headers,
        receive: "Receive",
        send: "Send",
    ) -> int:
        if isinstance(route, Open):
            answer = await route.say(self._house)
            return await send_answer(send, answer, route.content_type)
        if isinstance(route, ByToken):
            queries.refuse_all(scope["query_string"])
            self._house.buckets.take(route.path, TOKENS_PER_SECOND)
            found = await self._house.in_reader(perform.find_by_token, route, self._house.shops, at["token"])
            return await send_answer(send, found, JSON)
        access = await self._admitted(route, headers)
        raw = Raw(
            route.method, scope["raw_path"].decode("ascii"), at, scope["query_string"],
            idempotency_key=headers.get(b"idempotency-key") if route.method == "POST" else None,
            if_match=headers.get(b"if-match"),
        )  # fmt: skip
        if isinstance(route, Many):
            return await batch.answer(self._house, route, access, raw, headers, receive, send)
        if isinstance(route, Upload):
            answer = await self._uploads.answer(self._house, route, access, raw, headers, receive)
            return await send_answer(send, answer, JSON)
        raw = raw._replace(body=await bodies.read_whole(receive, headers))
        if raw.body:
            _check_type(headers)
        if isinstance(route, Deed):
            return await send_answer(send, await self.do(route, access, raw), JSON)
        return await send_answer(send, await self._find(route, access, raw), route.content_type.encode())

    async def _admitted(self, route: Deed | Read | Many | Upload, headers: bodies.Headers) -> Access:
        access = await self._house.doorkeeper.admit(headers.get(b"authorization"))
        self._house.buckets.take(access.key_id, access.requests_per_second)
        if route.scope not in access.scopes:
            raise Refusal("forbidden", scope=route.scope)
        return access

    async def do(self, deed: Deed, access: Access, raw: Raw) -> Answer:
        """Do a deed and answer, also for who asks by a form of a page. Raises the refusal it may be."""
        house = self._house
        request = perform.request_of(deed, access, raw)
        shop = house.shops.find(access.store)
        if shop is None:
            shop = await house.in_reader(house.shops.shop, access.store)
        if access.is_limited:
            (beyond,) = await house.in_reader(perform.beyond_limits, deed, shop, [request])
            if beyond is not None:
                raise beyond
        house.landing.make_room()
        results: list[Any] = await house.landing.wait(perform.submit(deed, shop, request, raw))
        answer = perform.settled(deed, results)
        if deed.outcome is None:
            return answer
        return await self._outcome(deed, deed.outcome, shop, request)

    async def _outcome(self, deed: Deed, outcome: Outcome, shop: Shop, request: Request[Any]) -> Answer:
        """Wait a while for what a call to the outside brings; it is made by the worker, not by us."""
        until = time.monotonic() + OUTCOME_S
        while time.monotonic() < until:
            found = await self._house.in_reader(perform.find_outcome, deed, outcome, shop, request)
            if found is not None:
                return found
            await asyncio.sleep(OUTCOME_EVERY_S)
        return Answer(202, perform.encode({"ask": outcome.ask_at(request)}))

    async def _find(self, read: Read, access: Access, raw: Raw) -> Answer:
        question = perform.question_of(read, access, raw)
        return await self._house.in_reader(self._house.find, read, question)


def _check_type(headers: bodies.Headers) -> None:
    kind = headers.get(b"content-type")
    # Without a type it is taken for JSON; what it is not is found out at once.
    if kind is not None and kind.partition(b";")[0].strip().lower() not in _JSON_TYPES:
        raise Refusal("unsupported_media", types=["application/json"])
