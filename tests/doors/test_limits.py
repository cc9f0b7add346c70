"""What happens when there is too much, too slow, or nobody there."""

import socket
import time

import psycopg
import psycopg_pool
import pytest

from orderwright.database.outcome import CommitUnknown
from orderwright.doors.api import house, landing
from orderwright.doors.api.problem import problem_of, refusal_of
from orderwright.doors.logs import told, without_people
from orderwright.doors.serving import protocol
from orderwright.values.refusal import Refusal
from tests.client import Client
from tests.doors.conftest import Served

ACTS = "/v1/trial/acts"


@pytest.fixture(scope="module")
def call(served: Served) -> Client:
    return served.at("floor:read", "floor:write")


def test_a_sender_that_drips_is_told_and_cut_off(call: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "ARRIVE_S", 0.2)
    head = f"POST {ACTS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {call.key}\r\ncontent-length: 100\r\n\r\n"
    answer = call.raw(head.encode() + b"{")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"too_slow"' in answer


def test_a_head_that_does_not_come_to_an_end_is_cut_off(call: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "ARRIVE_S", 0.2)
    assert call.raw(b"GET / HTTP/1.1\r\nhost: x\r\n") == b""


def test_who_connects_and_says_nothing_is_let_go(call: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "CONNECT_S", 0.2)
    assert call.raw(b"") == b""


def test_a_body_in_pieces_that_comes_fast_enough_is_taken(call: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "ARRIVE_S", 0.2)
    monkeypatch.setattr(protocol, "ARRIVE_BYTES_PER_S_MIN", 1)
    head = f"PUT {ACTS}/slow HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {call.key}\r\nconnection: close\r\n"
    with socket.create_connection(("127.0.0.1", call.port), timeout=10) as wire:
        wire.sendall(f"{head}content-length: 6\r\n\r\n".encode())
        for _ in range(6):
            time.sleep(0.1)  # the time it takes is what is tested
            wire.sendall(b" ")
        assert wire.recv(100).startswith(b"HTTP/1.1 200 ")


def test_one_connection_too_many_is_turned_away(call: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "CONNECTIONS_MAX", 0)
    answer = call.raw(b"")
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b'"code":"overloaded"' in answer


def test_when_too_much_waits_the_rest_is_turned_away_at_once(call: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "WAITING_MAX", 0)
    reply = call("POST", ACTS, {})
    assert (reply.status, reply.code, reply.headers["retry-after"]) == (503, "overloaded", "2")
    monkeypatch.setattr(house, "READING_MAX", 0)
    assert call("GET", "/v1/trial/echo").code == "overloaded"


@pytest.mark.parametrize(
    ("error", "code", "retry_after_s"),
    [
        (psycopg.OperationalError("gone"), "database_away", 2),
        (psycopg_pool.PoolTimeout("none free"), "database_away", 2),
        (psycopg.errors.QueryCanceled("too long"), "overloaded", 2),
        (psycopg.errors.LockNotAvailable("held too long"), "overloaded", 2),
        (CommitUnknown("lost"), "outcome_unknown", 2),
        (Refusal("twin_running"), "twin_running", 1),
        (Refusal("short_stock"), "short_stock", None),
        (KeyError("x"), "internal_error", None),
    ],
)
def test_each_trouble_has_its_code(error: Exception, code: str, retry_after_s: int | None) -> None:
    assert refusal_of(error).code == code
    assert problem_of(error, "id").retry_after_s == retry_after_s


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("invalid input: \"Zoe Quill\" at 'home'", "invalid input: … at …"),
        ("Key (email_key)=(zoe@example.org) already exists", "Key … already exists"),
        ("mail to zoe@example.org failed", "mail to @ failed"),
        ("card 4242424242424242", "card #"),
    ],
)
def test_logs_leave_people_out(said: str, kept: str) -> None:
    assert without_people(said) == kept
    assert told(ValueError(said)) == f"ValueError: {kept}"
