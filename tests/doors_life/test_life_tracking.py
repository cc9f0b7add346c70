"""A customer follows a parcel with the token of its label: no key, and nothing about people."""

from typing import Any

import pytest

from orderwright.doors.api import endpoint
from tests.client import Client
from tests.doors_life.conftest import Life


@pytest.fixture(scope="module")
def parcel(life: Life) -> Any:
    """A parcel as packing answers it, which has left since."""
    number = life.place({"MUG": 2, "TEE": 1})
    parcel = life.packed(number)
    life.work()
    life.done(f"/v1/parcels/{parcel['id']}/hand-over", {})
    return parcel


@pytest.fixture
def anyone(life: Life) -> Client:
    """Somebody without a key."""
    return Client(life.served.port)


def test_the_token_shows_the_parcel_and_nothing_about_people(life: Life, anyone: Client, parcel: Any) -> None:
    reply = anyone("GET", f"/v1/track/{parcel['tracking_token']}")
    assert reply.status == 200
    seen = reply.json
    assert (seen["parcel"], seen["state"], seen["carrier"]) == (parcel["number"], "shipped", "practice")
    assert seen["items"] == [{"title": "Mug", "quantity": 2}, {"title": "Tee", "quantity": 1}]
    assert seen["seen"] == []
    for word in (b"Buyer", b"example.org", b"High St", b"LS2", b"LEEDS", b"detail"):
        assert word not in reply.content, word
    scan = {"carrier": "practice", "external_id": parcel["id"], "tracking_code": seen["tracking_code"],
            "milestone": "delivered", "occurred_at": "2030-01-01T10:00:00Z", "detail": "A. Buyer signed"}  # fmt: skip
    life.done("/v1/tracking-events", scan)
    reply = anyone("GET", f"/v1/track/{parcel['tracking_token']}")
    assert reply.json["seen"] == [{"milestone": "delivered", "occurred_at": "2030-01-01T10:00:00Z"}]
    assert b"signed" not in reply.content


def test_what_is_no_token_shows_nothing(life: Life, anyone: Client, parcel: Any) -> None:
    token = parcel["tracking_token"]
    store, _, secret = token.partition(".")
    for wrong in (f"{store}.{secret[:-1]}", f"{store}.", "nostore." + secret, "x", f"{store}.{secret}%20", "%27"):
        reply = anyone("GET", f"/v1/track/{wrong}")
        assert (reply.status, reply.code) == (404, "not_found"), wrong
    assert anyone("GET", f"/v1/track/{token}?full=1").code == "malformed"
    assert anyone("POST", f"/v1/track/{token}", {}).status == 405


def test_who_guesses_tokens_is_slowed_down(
    life: Life, anyone: Client, parcel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "TOKENS_PER_SECOND", 1)
    codes = [anyone("GET", "/v1/track/nobody.x").code for _ in range(4)]
    assert codes[-1] == "too_many_requests"
