"""Whatever is wrong with a body is told all at once, and nothing happens."""

from typing import Any

import pytest

from tests.doors_life.conftest import Life

ID = "0198c2f0-0000-7000-8000-000000000000"
NAMED = {"quantity": 0, "reference": "", "position": 0}
# (path, body, pointers of the findings).
WRONG: list[tuple[str, Any, list[str]]] = [
    ("/v1/orders/{number}/cancel", {"reason": "Free text!", "lines": [NAMED], "colour": 1},
     ["/colour", "/lines/0/position", "/lines/0/quantity", "/lines/0/reference", "/reason"]),
    ("/v1/orders/{number}/cancel", {"lines": []}, ["/lines", "/reason"]),
    ("/v1/orders/{number}/hold", {"kind": "No Word", "note": 7, "lines": [{}]},
     ["/kind", "/lines/0/quantity", "/note"]),
    ("/v1/orders/{number}/release", {"all": True}, ["/all", "/kind"]),
    ("/v1/orders/{number}/edit", {"order": {"lines": 1}, "dry_run": "yes"}, ["/dry_run", "/order/lines"]),
    ("/v1/orders/{number}/payments", {"state": "stolen", "amount": 1.5, "gateway": "", "reference": None},
     ["/amount", "/gateway", "/reference", "/state"]),
    ("/v1/orders/{number}/refunds", {"amount": "x", "reason": ""}, ["/amount", "/reason", "/reference"]),
    (f"/v1/exceptions/{ID}/resolve", {"resolution": "Not a word", "release": 1}, ["/release", "/resolution"]),
    (f"/v1/exceptions/{ID}/assign", {"owner": "Sue Smith"}, ["/owner"]),
    (f"/v1/fulfilments/{ID}/pack", {"parcels": [{"weight_g": 0, "lines": [{"quantity": -1}]}], "confirm": None},
     ["/confirm", "/parcels/0/lines/0/quantity", "/parcels/0/lines/0/reference", "/parcels/0/weight_g"]),
    ("/v1/sites/LEEDS/release", {"limit": 0, "due_by": "tomorrow"}, ["/due_by", "/limit"]),
    (f"/v1/pick-tasks/{ID}/pick", {"quantity": 1.5, "sku": "x" * 65}, ["/quantity", "/sku"]),
    (f"/v1/pick-tasks/{ID}/short", {"found": -1, "reason": "lost"}, ["/found", "/reason"]),
    ("/v1/put-backs", {"site": "", "quantity": 0}, ["/quantity", "/site", "/sku"]),
    (f"/v1/parcels/{ID}/weigh", {"weight_g": "640", "confirm": 1}, ["/confirm", "/weight_g"]),
    (f"/v1/parcels/{ID}/hand-over", {"occurred_at": "2026-12-01T10:00:00", "by": "me"}, ["/by", "/occurred_at"]),
    ("/v1/tracking-events", {"carrier": "", "external_id": "", "tracking_code": "", "milestone": 1, "raw": 5},
     ["/carrier", "/external_id", "/milestone", "/occurred_at", "/raw", "/tracking_code"]),
    ("/v1/returns", {"order": 5, "lines": [{"quantity": 0, "reason": "bored"}], "site": ""},
     ["/lines/0/quantity", "/lines/0/reason", "/order", "/site"]),
    (f"/v1/returns/{ID}/receive", {"lines": [{"line": 0, "quantity": -1}], "unexpected": [{"sku": ""}]},
     ["/lines/0/line", "/lines/0/quantity", "/unexpected/0/quantity", "/unexpected/0/sku"]),
    (f"/v1/returns/{ID}/inspect", {"lines": [{"restock": -1, "scrap": "1"}], "place": ""},
     ["/lines/0/line", "/lines/0/restock", "/lines/0/scrap", "/place"]),
    (f"/v1/returns/{ID}/settle", {"refund_shipping": "no", "amount": "5.00"}, ["/amount", "/refund_shipping"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def number(life: Life) -> str:
    return life.place({"MUG": 2})


@pytest.mark.parametrize(("path", "body", "pointers"), WRONG, ids=[f"{path} {n}" for n, (path, *_) in enumerate(WRONG)])
def test_all_that_is_wrong_is_told_and_nothing_happens(
    life: Life, number: str, path: str, body: Any, pointers: list[str]
) -> None:
    status, code, facts = life.refused(path.format(number=number), body)
    assert (status, code) == (422, "malformed")
    found = sorted({each["pointer"] for each in facts["findings"]})
    assert set(pointers) <= set(found), found
    assert all(each["code"] and each["message"] for each in facts["findings"])


@pytest.mark.parametrize("deed", ["label", "void-label", "unpack"])
def test_a_call_without_a_body_takes_none(life: Life, deed: str) -> None:
    status, code, facts = life.refused(f"/v1/parcels/{ID}/{deed}", {"now": True})
    assert (status, code, facts["findings"][0]["code"]) == (422, "malformed", "no_body")


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"reason":"a","reason":"b"}', b'{"reason":"a\\u0000"}', b"\xff"])
def test_what_is_no_sound_json_is_refused(life: Life, number: str, body: bytes) -> None:
    assert life.refused(f"/v1/orders/{number}/cancel", body)[:2] == (422, "malformed")
