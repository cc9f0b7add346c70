"""What may be sent, and what is said of what may not."""

import gzip
import json
import socket
import time
import zlib

import pytest

from orderwright.doors.api import endpoint
from orderwright.doors.api.bodies import BODY_BYTES_MAX
from tests.client import Client
from tests.doors import trial_routes
from tests.doors.conftest import Served

ACTS = "/v1/trial/acts"
STANDARD = {"type", "title", "status", "code", "detail", "may_retry", "request_id"}


@pytest.fixture(scope="module")
def call(served: Served) -> Client:
    return served.at("floor:read", "floor:write")


def test_an_act_is_answered_with_its_result(call: Client) -> None:
    reply = call("POST", ACTS, {"name": "plain"})
    assert (reply.status, reply.json["name"], reply.json["times"]) == (201, "plain", 1)
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "no-store"


def test_the_actor_is_the_key(served: Served) -> None:
    key = served.key("floor:write")
    assert Client(served.port, key.key)("POST", ACTS, {}).json["actor"] == f"key:{key.prefix}"


def test_a_refusal_is_a_problem_document_with_its_facts(call: Client) -> None:
    reply = call("POST", ACTS, {"how": "refuse"})
    assert (reply.status, reply.code) == (422, "short_stock")
    problem = reply.json
    assert {name: problem[name] for name in ("sku", "wanted", "free")} == {"sku": "MUG", "wanted": 2, "free": 1}
    assert set(problem) == STANDARD | {"sku", "wanted", "free"}
    assert (problem["type"], problem["status"]) == ("urn:orderwright:problem:short_stock", 422)


def test_a_bug_is_a_500_that_tells_nothing(call: Client) -> None:
    reply = call("POST", ACTS, {"how": "break"}, x_request_id="seen-1")
    assert (reply.status, reply.code, reply.json["request_id"]) == (500, "internal_error", "seen-1")
    assert b"broke it" not in reply.content


def test_an_unknown_outcome_says_when_to_ask_again(call: Client) -> None:
    reply = call("POST", ACTS, {"how": "lose"})
    assert (reply.status, reply.code, reply.headers["retry-after"]) == (503, "outcome_unknown", "2")


def test_a_question_that_takes_too_long_is_given_up(call: Client) -> None:
    assert call("GET", "/v1/trial/echo?word=sleep").code == "overloaded"


def test_a_call_to_the_outside_is_waited_for_a_while(call: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "OUTCOME_S", 0.3)
    slow = call("POST", "/v1/trial/calls/far", idempotency_key="o-1")
    assert (slow.status, slow.json) == (202, {"ask": "/v1/trial/calls/far"})
    trial_routes.outcomes["far"] = "there"
    later = call("POST", "/v1/trial/calls/far", idempotency_key="o-1")
    assert (later.status, later.json["word"], trial_routes.acted.count("far")) == (200, "there", 1)


def test_an_address_there_is_none_of_is_a_problem_too(call: Client) -> None:
    reply = call("GET", "/v1/nothing/here")
    assert (reply.status, reply.code, reply.json["path"]) == (404, "not_found", "/v1/nothing/here")


def test_a_method_that_is_not_taken_is_a_problem_too(call: Client) -> None:
    reply = call("DELETE", ACTS)
    assert (reply.status, reply.code, reply.headers["allow"]) == (405, "method_not_allowed", "POST")


def test_what_is_no_http_is_a_problem_too(call: Client) -> None:
    answer = call.raw(b"HELLO\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"code":"bad_http"' in answer


def test_a_head_without_end_is_cut_off(call: Client) -> None:
    answer = call.raw(b"GET / HTTP/1.1\r\nx: " + b"y" * 80_000)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"head_bytes_max":65536' in answer


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"name": 1}', "/name"),
        (b'{"name": "a", "extra": 1}', "/extra"),
        (b'{"name": "' + b"a" * 51 + b'"}', "/name"),
        (b'{"name": "a", "name": "b"}', "/name"),
        (b'{"name": NaN}', ""),
        (b'{"name": "a"', ""),
        (b"[]", ""),
        (b'{"name": "\\u0000"}', "/name"),
        (b'{"name": "\\ud800"}', "/name"),
        (b'{"nested": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", None),
        (b"\xff\xfe", ""),
    ],
)
def test_a_body_that_is_not_of_its_form_is_refused_with_findings(
    call: Client, body: bytes, pointer: str | None
) -> None:
    reply = call("POST", ACTS, body)
    assert (reply.status, reply.code) == (422, "malformed")
    finding = reply.json["findings"][0]
    assert set(finding) == {"pointer", "code", "message"}
    assert pointer is None or finding["pointer"] == pointer


def test_all_findings_come_at_once(call: Client) -> None:
    findings = call("POST", ACTS, {"name": 1, "how": 2, "extra": 3}).json["findings"]
    assert {finding["pointer"] for finding in findings} == {"/name", "/how", "/extra"}


def test_a_body_of_another_kind_is_refused(call: Client) -> None:
    reply = call("POST", ACTS, b"name=a", content_type="application/x-www-form-urlencoded")
    assert (reply.status, reply.code) == (415, "unsupported_media")


def test_no_body_is_an_empty_object(call: Client) -> None:
    assert call("POST", ACTS).status == 201


def test_a_body_where_none_belongs_is_refused(call: Client) -> None:
    assert call("PUT", f"{ACTS}/a", {"b": 1}).code == "malformed"
    assert call("GET", "/v1/trial/echo", {"b": 1}).code == "malformed"


def test_a_body_of_the_largest_size_is_read_and_one_more_byte_is_not(call: Client) -> None:
    body = b'{"name": "a"}'.ljust(BODY_BYTES_MAX)
    assert call("POST", ACTS, body).status == 201
    reply = call("POST", ACTS, body + b" ")
    assert (reply.status, reply.code, reply.json["bytes_max"]) == (413, "too_large", BODY_BYTES_MAX)


def test_a_hundred_megabytes_are_refused_before_they_are_read(call: Client) -> None:
    began = time.monotonic()
    reply = call("POST", ACTS, b"x" * 100_000_000)
    assert reply.code == "too_large"
    assert time.monotonic() - began < 10


def test_a_body_without_announced_length_is_bounded_too(call: Client) -> None:
    piece = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    head = f"POST {ACTS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {call.key}\r\ntransfer-encoding: chunked\r\n\r\n"
    answer = call.raw(head.encode() + piece * 40 + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_gzip_body_is_unpacked(call: Client) -> None:
    reply = call("POST", ACTS, gzip.compress(b'{"name": "packed"}', mtime=0), content_encoding="gzip")
    assert reply.json["name"] == "packed"


def test_a_gzip_bomb_is_refused_while_it_is_small(call: Client) -> None:
    squeeze = zlib.compressobj(9, wbits=31)
    bomb = b"".join(squeeze.compress(b" " * 1_000_000) for _ in range(200)) + squeeze.flush()
    assert len(bomb) < BODY_BYTES_MAX
    reply = call("POST", ACTS, bomb, content_encoding="gzip")
    assert (reply.code, reply.json["unpacked"]) == ("too_large", True)


@pytest.mark.parametrize(
    "body", [gzip.compress(b"{}", mtime=0)[:-4], b"no gzip", gzip.compress(b"{}", mtime=0) + b"more"]
)
def test_a_damaged_gzip_body_is_refused(call: Client, body: bytes) -> None:
    reply = call("POST", ACTS, body, content_encoding="gzip")
    assert (reply.code, reply.json["findings"][0]["code"]) == ("malformed", "bad_gzip")


def test_another_encoding_is_refused(call: Client) -> None:
    assert call("POST", ACTS, b"{}", content_encoding="br").code == "unsupported_media"


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("limit=201", "?limit", "wrong_value"),
        ("limit=0", "?limit", "wrong_value"),
        ("limit=ten", "?limit", "wrong_value"),
        ("colour=red", "?colour", "unknown_parameter"),
        ("word=a&word=b", "?word", "duplicate_parameter"),
        ("word=%00", "?word", "bad_text"),
        ("word=%ff", "?", "bad_query"),
    ],
)
def test_a_query_that_is_not_of_its_form_is_refused(call: Client, query: str, pointer: str, code: str) -> None:
    reply = call("GET", f"/v1/trial/echo?{query}")
    assert (reply.status, reply.code) == (422, "malformed")
    assert [(finding["pointer"], finding["code"]) for finding in reply.json["findings"]] == [(pointer, code)]


def test_a_query_where_none_belongs_is_refused(call: Client) -> None:
    assert call("POST", f"{ACTS}?a=1", {}).code == "malformed"


def test_a_question_takes_its_parameters(call: Client) -> None:
    assert call("GET", "/v1/trial/echo?limit=7&word=caf%C3%A9+au").json == {"limit": 7, "word": "café au"}


def test_an_encoded_slash_stays_within_its_part_of_the_path(call: Client) -> None:
    assert call("PUT", f"{ACTS}/A%2FB%20c").json["name"] == "A/B c"


@pytest.mark.parametrize("part", ["%00", "a" * 65, "%ED%A0%80%00"])
def test_a_part_of_the_path_that_is_no_name_is_refused(call: Client, part: str) -> None:
    assert call("PUT", f"{ACTS}/{part}").code == "malformed"


@pytest.mark.parametrize(("told", "version"), [("3", 3), ('"3"', 3), ("*", None)])
def test_if_match_brings_the_version(call: Client, told: str, version: int | None) -> None:
    assert call("PUT", f"{ACTS}/v", if_match=told).json["version"] == version


@pytest.mark.parametrize("told", ["three", "-1", '"abc"', "9" * 12])
def test_an_if_match_that_is_no_version_is_refused(call: Client, told: str) -> None:
    assert call("PUT", f"{ACTS}/v", if_match=told).code == "malformed"


def test_head_is_answered_without_a_body(call: Client) -> None:
    reply = call("HEAD", "/v1/trial/echo")
    assert (reply.status, reply.content) == (200, b"")


def test_one_connection_serves_request_after_request(call: Client) -> None:
    head = f"PUT {ACTS}/twice HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {call.key}\r\n"
    last = f"{head}connection: close\r\n\r\n"
    answer = call.raw(f"{head}\r\n{last}".encode())
    assert answer.count(b"HTTP/1.1 200 OK") == 2


def test_a_caller_who_hangs_up_in_mid_body_changes_nothing(call: Client) -> None:
    head = f"POST {ACTS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {call.key}\r\ncontent-length: 100\r\n\r\n"
    with socket.create_connection(("127.0.0.1", call.port)) as wire:
        wire.sendall(head.encode() + b'{"name": "half"')
    reply = call("POST", ACTS, {"name": "half"})
    assert json.loads(reply.content)["times"] == 1
