"""Sending answers and problems."""

import asyncio
import time
from typing import TYPE_CHECKING

import structlog

from orderwright.database import crash
from orderwright.database.replay import Answer
from orderwright.doors.api.bodies import Headers
from orderwright.doors.api.problem import CONTENT_TYPE, problem_of
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal

if TYPE_CHECKING:
    from litestar.types import Receive, Send

JSON = b"application/json"
ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))
"""What every answer of the API tells a browser that meets it."""
DRAIN_S, DRAIN_BYTES_MAX = 3.0, 256_000_000
"""How much of a refused body is still taken off the wire, so that its sender gets to read why."""

log = structlog.get_logger(room="api")


async def send_answer(send: "Send", answer: Answer, content_type: bytes) -> int:
    """Send a whole answer; its status. An answer's own headers go before `content_type`."""
    headers = [
        *ALWAYS, *(answer.headers or [(b"content-type", content_type)]), (b"content-length", b"%d" % len(answer.body))
    ]  # fmt: skip
    crash.point("before reply")
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})
    crash.point("after reply")
    return answer.status


async def send_problem(send: "Send", receive: "Receive", headers: Headers, error: Exception) -> int:
    """Send what an error means to the caller; its status."""
    request_id = headers.get(b"x-request-id", b"").decode("latin-1")[:64] or new_id()
    problem = problem_of(error, request_id)
    if problem.status in (401, 403):
        log.info("denied", request_id=request_id, status=problem.status)
    out = [
        *ALWAYS,
        (b"content-type", CONTENT_TYPE),
        (b"content-length", b"%d" % len(problem.body)),
        (b"x-request-id", _plain(request_id)),
    ]
    if problem.retry_after_s is not None:
        out.append((b"retry-after", b"%d" % problem.retry_after_s))
    if problem.status == 405 and isinstance(error, Refusal):
        out.append((b"allow", ", ".join(error.facts["allowed"]).encode()))
    if problem.status == 401:
        out.append((b"www-authenticate", b"Bearer"))
    is_cut_short = problem.status in (408, 413)
    if is_cut_short:
        out.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": problem.status, "headers": out})
    await send({"type": "http.response.body", "body": problem.body, "more_body": is_cut_short})
    if is_cut_short:
        await _drain(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    return problem.status


async def _drain(receive: "Receive") -> None:
    """Closing on a sender in mid-sentence would reset the connection and destroy the answer on its way."""
    until, left = time.monotonic() + DRAIN_S, DRAIN_BYTES_MAX
    try:
        async with asyncio.timeout_at(asyncio.get_running_loop().time() + DRAIN_S):
            while left > 0 and time.monotonic() < until:
                message = await receive()
                if message["type"] != "http.request" or not message["more_body"]:
                    return
                left -= len(message["body"])
    except TimeoutError:
        return


def _plain(text: str) -> bytes:
    return "".join(c for c in text if c.isascii() and c.isprintable()).encode()
