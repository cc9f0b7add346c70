"""The same Idempotency-Key: once done, and answered the same for ever after."""

import threading

import pytest

from tests.client import Client, Reply
from tests.doors import trial_routes
from tests.doors.conftest import Served

ACTS = "/v1/trial/acts"


@pytest.fixture(scope="module")
def call(served: Served) -> Client:
    return served.at("floor:write")


def test_the_same_again_is_answered_the_same_and_done_once(call: Client) -> None:
    first = call("POST", ACTS, {"name": "once", "how": "do"}, idempotency_key="k-1")
    again = call("POST", ACTS, b' { "how":"do",  "name" : "once" } ', idempotency_key="k-1")
    assert (first.status, again.status) == (201, 201)
    assert again.content == first.content
    assert trial_routes.acted.count("once") == 1


def test_the_same_key_with_another_body_is_refused(call: Client) -> None:
    # Edge case 7.
    first = call("POST", ACTS, {"name": "mine"}, idempotency_key="k-2")
    reply = call("POST", ACTS, {"name": "other"}, idempotency_key="k-2")
    assert (first.status, reply.status, reply.code) == (201, 422, "key_reused")
    assert trial_routes.acted.count("other") == 0
    again = call("POST", ACTS, {"name": "mine"}, idempotency_key="k-2")
    assert (again.content, trial_routes.acted.count("mine")) == (first.content, 1)


def test_a_refusal_is_decided_afresh(call: Client) -> None:
    assert call("POST", ACTS, {"name": "r", "how": "refuse"}, idempotency_key="k-3").code == "short_stock"
    assert call("POST", ACTS, {"name": "r"}, idempotency_key="k-3").status == 201


def test_a_bug_keeps_nothing(call: Client) -> None:
    assert call("POST", ACTS, {"name": "b", "how": "break"}, idempotency_key="k-4").status == 500
    assert call("POST", ACTS, {"name": "b"}, idempotency_key="k-4").status == 201


def test_a_key_belongs_to_the_api_key(served: Served, call: Client) -> None:
    assert call("POST", ACTS, {"name": "ours"}, idempotency_key="k-5").status == 201
    assert served.at("floor:write")("POST", ACTS, {"name": "theirs"}, idempotency_key="k-5").status == 201


def test_a_twin_is_told_to_come_back(call: Client) -> None:
    trial_routes.gate.clear()
    trial_routes.is_at_gate.clear()
    replies: list[Reply] = []
    body = {"name": "twin", "how": "wait"}
    first = threading.Thread(target=lambda: replies.append(call("POST", ACTS, body, idempotency_key="k-6")))
    first.start()
    assert trial_routes.is_at_gate.wait(10)
    twin = call("POST", ACTS, body, idempotency_key="k-6")
    trial_routes.gate.set()
    first.join()
    assert [replies[0].status, twin.status, twin.code] == [201, 409, "twin_running"]
    assert call("POST", ACTS, body, idempotency_key="k-6").status == 201
    assert trial_routes.acted.count("twin") == 1


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "käy"])
def test_a_key_that_is_no_word_is_refused(call: Client, key: str) -> None:
    reply = call("POST", ACTS, {}, idempotency_key=key)
    assert (reply.code, reply.json["findings"][0]["pointer"]) == ("malformed", "Idempotency-Key")


def test_a_put_takes_no_notice_of_a_key(call: Client) -> None:
    assert [call("PUT", f"{ACTS}/p", idempotency_key="k-7").json["times"] for _ in range(2)] == [1, 2]
