"""From the request of a browser to an answer: what the pages of staff and those of customers have in common."""

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from orderwright.doors.api import bodies
from orderwright.doors.api.addresses import Addresses
from orderwright.doors.api.house import House
from orderwright.doors.api.reply import send_problem
from orderwright.doors.console import forms
from orderwright.doors.console.asked import Tried
from orderwright.doors.console.errors import Trouble, trouble_of
from orderwright.doors.console.page import Act, FormDeed, Route, Sketch
from orderwright.doors.console.reply import Reply, send_reply
from orderwright.doors.console.sent_files import Sent, is_multipart, receive_form
from orderwright.doors.console.showing import Looking
from orderwright.values.refusal import Refusal

if TYPE_CHECKING:
    from litestar.types import Receive, Scope, Send

REPORTS_PER_SECOND = 5

log = structlog.get_logger(room="console")


class Answering(ABC):
    """A set of pages as one ASGI application. Who looks at them, and what they are shown, the sub-classes know."""

    def __init__(self, house: House, routes: Sequence[Route]) -> None:
        self._house = house
        self._addresses = Addresses(routes)

    @abstractmethod
    async def plain(self, method: str, looking: Looking, receive: "Receive") -> tuple[str, Reply] | None:
        """What has to do with nobody, with the route it counts for: files, and reports of browsers."""

    @abstractmethod
    async def known(self, looking: Looking) -> Looking:
        """The request, and by whom."""

    @abstractmethod
    async def answer(self, route: Any, looking: Looking, scope: "Scope", receive: "Receive") -> Reply:
        """A page, or a form's deed done. Raises the refusal it may be."""

    @abstractmethod
    def tell(self, trouble: Trouble, looking: Looking) -> Reply:
        """The page that tells of a refusal."""

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, whatever it is."""
        started = time.perf_counter()
        method: str = scope["method"]  # type: ignore[typeddict-item]
        looking = Looking(scope["raw_path"].decode("latin-1"), scope["query_string"], dict(scope["headers"]))
        where = "none"
        try:
            if (plain := await self.plain(method, looking, receive)) is not None:
                where, reply = plain
            else:
                looking = await self.known(looking)
                route, at = self._route(method, looking.path)
                where, looking = route.path, looking._replace(at=at)
                reply = await self.answer(route, looking, scope, receive)
            status = await send_reply(send, looking.headers, reply, is_head=method == "HEAD")
        except bodies.Gone:
            return
        except Exception as error:  # noqa: BLE001 - a bug in one request must not take the connection's others along
            status = await self._refuse(looking, error, receive, send)
        self._house.figures.count("orderwright_requests", (method, where, str(status)))
        self._house.figures.observe("orderwright_request_seconds", (where,), time.perf_counter() - started)

    def _route(self, method: str, path: str) -> tuple[Any, Mapping[str, str]]:
        found = self._addresses.find(path)
        if found is None:
            raise Refusal("not_found", path=path)
        (_, routes), at = found
        if method not in routes:
            raise Refusal("method_not_allowed", allowed=sorted(routes))
        return routes[method], at

    async def _refuse(self, looking: Looking, error: Exception, receive: "Receive", send: "Send") -> int:
        """Tell what went wrong: people by a page, programs as the API does."""
        if not looking.wants_page:
            return await send_problem(send, receive, looking.headers, error)
        return await send_reply(send, looking.headers, self.tell(trouble_of(error), looking))

    async def reported(self, receive: "Receive", headers: bodies.Headers) -> Reply:
        """A browser says that a page broke its own policy: a bug of ours, or somebody's attempt."""
        self._house.buckets.take("csp-report", REPORTS_PER_SECOND)
        body = await bodies.read_whole(receive, headers)
        log.warning("csp_report", report=body[:2_000].decode("utf-8", "replace"))
        self._house.figures.count("orderwright_csp_reports", ())
        return Reply(204, b"", ())


async def sent_with(route: FormDeed | Act | Sketch, looking: Looking, receive: "Receive") -> Sent:
    """What the form says, with its files where it may bring some."""
    if isinstance(route, Act) and route.files_bytes_max and is_multipart(looking.headers):
        return await receive_form(receive, looking.headers, route.files_bytes_max)
    return Sent(forms.fields_of(looking.headers, await bodies.read_whole(receive, looking.headers)), {})


def is_final(refusal: Refusal) -> bool:
    """Whether it is told on a page of its own, and not at the form, which would be refused again."""
    codes = ("forbidden", "unauthorized", "cross_site", "unsupported_media")
    return refusal.kind.status >= 500 or refusal.code in codes


def written_in(looking: Looking, fields: Mapping[str, str]) -> Tried:
    """A form as it is filled in by now, that nobody refused."""
    return Tried(
        looking.path, {name: text for name, text in fields.items() if name not in forms.OURS}, {}, "", {}, set()
    )


def tried_with(looking: Looking, fields: Mapping[str, str], refusal: Refusal) -> Tried:
    """A form that was refused, to be shown again."""
    facts: dict[str, Any] = dict(refusal.facts)
    shown = {name: text for name, text in fields.items() if name not in forms.OURS}
    return Tried(looking.path, shown, forms.findings_by_field(refusal), refusal.code, facts, set())
