"""The exception queue over HTTP: what stands there, who has it, and how it goes."""

import pytest

from orderwright.business.orders.form import PaymentForm
from tests.doors_life.conftest import Life


def unpaid(life: Life) -> tuple[str, str]:
    """A held order without payment, and its exception's id."""
    number = life.place({"MUG": 1}, payment=PaymentForm(state="unpaid"))
    [row] = life.get(f"/v1/exceptions?order={number}")["items"]
    return number, row["id"]


def test_the_queue_shows_what_is_due_first_and_pages_through_it(life: Life) -> None:
    numbers = [unpaid(life)[0] for _ in range(3)]
    later = life.place({"MUG": 1})
    life.done(f"/v1/orders/{later}/hold", {"kind": "fraud"})  # manual work is due in 24 hours, a payment in 48
    seen, after = [], ""
    while True:
        page = life.get(f"/v1/exceptions?limit=2{after}")
        seen += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [(row["due_at"], row["id"]) for row in seen] == sorted((row["due_at"], row["id"]) for row in seen)
    mine = [row["order"] for row in seen if row["order"] in (*numbers, later)]
    assert mine == [later, *numbers]


def test_an_exception_tells_whose_it_is_and_what_led_to_it(life: Life) -> None:
    number, id_ = unpaid(life)
    shown = life.get(f"/v1/exceptions/{id_}")
    said = (shown["order"], shown["kind"], shown["severity"], shown["owner"], shown["is_hold"])
    assert said == (number, "payment", "low", "accounts", True)
    assert "closed_at" not in shown
    for query in ("kind=payment", "owner=accounts", "severity=low"):
        assert id_ in [row["id"] for row in life.get(f"/v1/exceptions?{query}&limit=200")["items"]], query
    assert life.get(f"/v1/exceptions?order={number}&owner=clerk") == {"items": [], "next": None}
    assert life.get(f"/v1/exceptions?order={number}&state=closed") == {"items": [], "next": None}


def test_a_holds_exception_is_resolved_by_releasing_the_hold(life: Life) -> None:
    number, id_ = unpaid(life)
    path = f"/v1/exceptions/{id_}/resolve"
    refused = life.refused(path, {"resolution": "seen"})
    assert refused == (409, "hold_open", {"kinds": ["payment"]})
    told = life.done(path, {"resolution": "on_account", "note": "pays monthly", "release": True})
    assert (told["resolution"], told["note"], told["is_hold"]) == ("on_account", "pays monthly", False)
    assert told["closed_by"] == f"key:{life.call.key.split('_')[1]}"  # type: ignore[union-attr]
    assert life.state(number) == "allocated"
    before = life.snapshot()
    again = life.done(path, {"resolution": "other", "release": True})
    assert (again["repeated"], again["resolution"]) == (True, "on_account")
    assert life.snapshot() == before
    [closed] = life.get(f"/v1/exceptions?order={number}&state=closed")["items"]
    assert closed["id"] == id_
    facts = [(each["type"], each["facts"]) for each in life.get(f"/v1/orders/{number}/timeline")["items"]]
    assert ("exception_closed", {"kind": "payment", "resolution": "on_account"}) in facts
    assert ("hold_released", {"hold": "payment"}) in facts


def test_holds_that_share_an_exception_are_released_together(life: Life) -> None:
    number = life.place({"MUG": 1})
    for kind in ("fraud", "manual"):
        life.done(f"/v1/orders/{number}/hold", {"kind": kind})
    [row] = life.get(f"/v1/exceptions?order={number}")["items"]
    refused = life.refused(f"/v1/exceptions/{row['id']}/resolve", {"resolution": "seen"})
    assert refused == (409, "hold_open", {"kinds": ["fraud", "manual"]})
    life.done(f"/v1/exceptions/{row['id']}/resolve", {"resolution": "checked", "release": True})
    assert (life.state(number), life.get(f"/v1/exceptions?order={number}")["items"]) == ("allocated", [])


def test_what_is_no_hold_is_just_closed(life: Life) -> None:
    number = life.place({"HAT": 1})
    parcel = life.packed(number)
    scan = {"weight_g": 900, "confirm": True}
    life.done(f"/v1/parcels/{parcel['id']}/weigh", scan)
    [row] = life.get(f"/v1/exceptions?order={number}")["items"]
    assert (row["kind"], row["subject"], row["is_hold"]) == ("weight_off", parcel["id"], False)
    assert row["about"] == {"expected_g": 300, "measured_g": 900, "sku": None, "units": 0}
    path = f"/v1/exceptions/{row['id']}/resolve"
    assert life.refused(path, {"resolution": "seen", "release": True}) == (409, "no_such_hold", {"open": []})
    assert life.done(path, {"resolution": "right_after_all"})["resolution"] == "right_after_all"


def test_an_exception_is_given_to_somebody_else(life: Life) -> None:
    number, id_ = unpaid(life)
    told = life.done(f"/v1/exceptions/{id_}/assign", {"owner": "sue"})
    assert (told["owner"], told.get("repeated")) == ("sue", None)
    assert life.done(f"/v1/exceptions/{id_}/assign", {"owner": "sue"})["repeated"]
    assert [row["id"] for row in life.get("/v1/exceptions?owner=sue")["items"]] == [id_]
    life.done(f"/v1/orders/{number}/release", {"kind": "payment"})
    status, code, _ = life.refused(f"/v1/exceptions/{id_}/assign", {"owner": "tom"})
    assert (status, code) == (409, "exception_step")


@pytest.mark.parametrize("id_", ["0198c2f0-0000-7000-8000-000000000000", "nothing"])
def test_an_exception_there_is_none_of(life: Life, id_: str) -> None:
    assert life.call("GET", f"/v1/exceptions/{id_}").code == "not_found"
    for deed, body in (("resolve", {"resolution": "x"}), ("assign", {"owner": "sue"})):
        assert life.refused(f"/v1/exceptions/{id_}/{deed}", body)[:2] == (404, "not_found")


@pytest.mark.parametrize("query", ["state=gone", "severity=mild", "after=x", "limit=0", "who=me"])
def test_a_queue_asked_for_wrongly_is_refused(life: Life, query: str) -> None:
    assert life.call("GET", f"/v1/exceptions?{query}").code == "malformed"
