"""A companion to the random steps: what only the API itself can answer, asked of a shop that has been lived in."""

from typing import Any
from unittest.mock import patch

import msgspec

from orderwright.database.keys import CreateKey, create_keys
from orderwright.database.outcome import CommitUnknown
from orderwright.database.replay import Answer, Claim
from orderwright.database.tx import Tx
from orderwright.doors.api import landing
from orderwright.doors.api.asked import Question
from orderwright.doors.api.bodies import BODY_BYTES_MAX
from orderwright.doors.api.route import Route, read
from orderwright.doors.api.routes import all_routes
from orderwright.doors.api.within import anywhere
from orderwright.doors.serving import protocol
from tests.client import Client, Reply
from tests.random.coverage import all_there_is
from tests.random.walking import LAMP
from tests.random.world import World
from tests.served import serving


@read("/v1/random/trouble/{kind}", "orders:read", within=anywhere)
def trouble(tx: Tx, question: Question[None]) -> dict[str, str]:
    """Something goes wrong that no caller can bring about."""
    if question.at["kind"] == "database":
        tx.rows("SELECT pg_terminate_backend(pg_backend_pid())")
    raise {"commit": CommitUnknown("lost"), "bug": KeyError("x")}[question.at["kind"]]


class Caller:
    """Somebody at the door of one shop. What is answered is counted."""

    def __init__(self, world: World, port: int) -> None:
        self.world = world
        self.port = port
        self.client = self.with_key("admin")

    def with_key(self, *scopes: str, **limits: Any) -> Client:
        [made] = self.world.shop.run(create_keys, CreateKey(name="caller", scopes=scopes, actor="random", **limits))
        self.key_id = made.id
        return Client(self.port, made.key)

    def __call__(self, method: str, path: str, body: Any = None, by: Client | None = None, **headers: str) -> Reply:
        reply = (by or self.client)(method, path, body, **headers)
        self.note(reply.content)
        call = f"{method} {path.partition('?')[0]}"
        if reply.status < 300 and call in all_there_is()["calls"]:
            self.world.seen.count("calls", call)
        return reply

    def note(self, content: bytes) -> None:
        """Count the code of a problem, wherever in the answer it is."""
        start = content.find(b'{"')
        try:
            told = msgspec.json.decode(content[start:])
        except msgspec.DecodeError:
            return  # no JSON: figures
        if isinstance(told, dict) and "may_retry" in told:
            self.world.seen.count("refusals", told["code"])

    def order(self, **changes: Any) -> Any:
        told = msgspec.to_builtins(self.world.shop.form({LAMP: 1}))
        return {**told, "reference": f"D-{self.world.rng.randint(1, 10**9)}", **changes}


def knock(world: World, dsn: str) -> None:
    """Call at every door that is not for everyday, in every wrong way."""
    routes: list[Route] = [*all_routes(), trouble]
    with serving(dsn, routes) as port:
        call = Caller(world, port)
        for each in (_look_around, _badly_asked, _not_allowed, _twice, _at_a_version, _in_trouble, _too_much):
            each(call)


def _look_around(call: Caller) -> None:
    for path in ("/health/live", "/health/ready", "/metrics", "/v1/openapi.json"):
        assert call("GET", path).status == 200, path
    batch = call("POST", "/v1/orders/batch", [call.order(), call.order(currency="ZZZ"), {"nothing": 1}])
    assert [each["status"] for each in batch.json["items"]][1:] == [422, 422]
    wanted = {"printer": "bench-9", "kind": "packing_slip", "subject": "mist"}
    assert call("POST", "/v1/prints/batch", [wanted]).json["items"][0]["status"] == 404


def _badly_asked(call: Caller) -> None:
    assert call("GET", "/v1/nothing").code == "not_found"
    assert call("POST", "/v1/orders", b"{").code == "malformed"
    assert call("DELETE", "/v1/orders").code == "method_not_allowed"
    assert call("POST", "/v1/orders", b"a=b", content_type="text/plain").code == "unsupported_media"
    assert call("POST", "/v1/orders", b" " * (BODY_BYTES_MAX + 1)).code == "too_large"
    call.note(call.client.raw(b"HELLO\r\n\r\n"))


def _not_allowed(call: Caller) -> None:
    assert call("GET", "/v1/orders", by=Client(call.port)).code == "unauthorized"
    assert call("PUT", "/v1/settings", {}, by=call.with_key("orders:read")).code == "forbidden"
    form = {"content_type": "application/x-www-form-urlencoded", "origin": "http://elsewhere.example"}
    assert call("POST", "/sign-in", b"email=a%40shop.example", by=Client(call.port), **form).code == "cross_site"


def _twice(call: Caller) -> None:
    assert call("POST", "/v1/orders", call.order(), idempotency_key="k-1").status == 201
    assert call("POST", "/v1/orders", call.order(), idempotency_key="k-1").code == "key_reused"
    mine = call.with_key("orders:write")
    claim = Claim(call.key_id, "POST", "/v1/orders", "k-2", b"", lambda _: Answer(200, b""))
    with call.world.store.begin() as tx:  # somebody is at work under that key
        tx.rows("SELECT pg_advisory_xact_lock(%(number)s)", number=claim.lock_number())
        assert call("POST", "/v1/orders", call.order(), by=mine, idempotency_key="k-2").code == "twin_running"


def _at_a_version(call: Caller) -> None:
    number = call("POST", "/v1/orders", call.order()).json["number"]
    assert call("POST", f"/v1/orders/{number}/hold", {"kind": "manual"}, if_match="77").code == "stale"


def _in_trouble(call: Caller) -> None:
    told = [call("GET", f"/v1/random/trouble/{kind}").code for kind in ("bug", "commit", "database")]
    assert told == ["internal_error", "outcome_unknown", "database_away"]


def _too_much(call: Caller) -> None:
    with patch.object(landing, "WAITING_MAX", 0):
        assert call("POST", "/v1/orders", call.order()).code == "overloaded"
    with patch.object(protocol, "ARRIVE_S", 0.1):
        head = f"POST /v1/orders HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {call.client.key}\r\n"
        call.note(call.client.raw(f"{head}content-length: 9\r\n\r\n{{".encode()))
    assert call("PUT", "/v1/settings", {"api.requests_per_second": 1}).status == 200
    hurried = call.with_key("orders:read")
    codes = [call("GET", "/v1/orders", by=hurried).status for _ in range(5)]
    assert 429 in codes
