"""Parcels over HTTP: weighed, labelled, handed over, seen, unpacked."""

from typing import Any

import pytest

from orderwright.business.shipping.ports import CarrierSaidNo
from orderwright.doors.api import endpoint
from orderwright.links.carriers.practice import PracticeCarrier
from tests.doors_life.conftest import Life


def test_a_parcel_is_weighed_before_it_has_its_label(life: Life) -> None:
    parcel = life.packed(life.place({"MUG": 2}))
    path = f"/v1/parcels/{parcel['id']}/weigh"
    off = life.refused(path, {"weight_g": 950})
    facts = {"number": parcel["number"], "expected_g": 600, "measured_g": 950, "sku": "MUG", "units": 1}
    assert off == (409, "weight_off", facts)
    assert life.done(path, {"weight_g": 640})["weight_g"] == 640
    life.work()
    assert life.refused(path, {"weight_g": 650}) == (409, "parcel_step", {"state": "labelled"})


def test_a_label_is_bought_printed_taken_back_and_bought_again(life: Life) -> None:
    parcel = life.packed(life.place({"MUG": 1}))
    path = f"/v1/parcels/{parcel['id']}"
    assert life.call("GET", f"{path}/label").code == "no_label"
    life.work()
    shown = life.get(path)["parcel"]
    assert shown["state"] == "labelled"
    printed = life.call("GET", f"{path}/label")
    assert (printed.status, printed.headers["content-type"]) == (200, "application/zpl")
    text = printed.content.decode()
    assert text.startswith("^XA")
    assert shown["tracking_code"] in text
    assert life.done(f"{path}/label")["tracking_code"] == shown["tracking_code"]
    assert life.refused(f"{path}/unpack") == (409, "label_live", {"number": parcel["number"]})
    with life.working():
        assert life.done(f"{path}/void-label")["state"] == "packed"
        assert life.refused(f"{path}/void-label") == (409, "no_label", {"number": parcel["number"]})
        again = life.done(f"{path}/label")
    assert (again["state"], again["tracking_code"] != shown["tracking_code"]) == ("labelled", True)


def test_who_asks_for_a_label_waits_a_while_and_then_gets_the_address_to_ask(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "OUTCOME_S", 0.2)
    parcel = life.packed(life.place({"MUG": 1}))  # and nobody is at work
    path = f"/v1/parcels/{parcel['id']}"
    slow = life.post(f"{path}/label", idempotency_key=parcel["id"])
    assert (slow.status, slow.json) == (202, {"ask": path})
    life.work()
    again = life.post(f"{path}/label", idempotency_key=parcel["id"])
    assert (again.status, again.json["state"]) == (200, "labelled")
    assert life.get(slow.json["ask"])["parcel"]["state"] == "labelled"
    slow = life.post(f"{path}/void-label")
    assert (slow.status, slow.json) == (202, {"ask": path})


def test_what_the_carrier_will_not_do_is_told_in_its_words(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    number = life.place({"MUG": 1})
    path = f"/v1/parcels/{life.packed(number)['id']}"

    def no(self: PracticeCarrier, asked: object) -> None:
        raise CarrierSaidNo("not to islands")

    with monkeypatch.context() as patched:
        patched.setattr(PracticeCarrier, "buy_label", no)
        life.work()
        [row] = life.get(f"/v1/exceptions?order={number}")["items"]
        assert (row["kind"], row["about"]["said"]) == ("label_failed", "not to islands")
        with life.working():
            reply = life.post(f"{path}/label")
    assert (reply.status, reply.code, reply.json["said"]) == (409, "label_refused", "not to islands")
    with life.working():
        assert life.done(f"{path}/label")["state"] == "labelled"
    assert life.get(f"/v1/exceptions?order={number}")["items"] == []
    monkeypatch.setattr(PracticeCarrier, "void_label", no)
    with life.working():
        reply = life.post(f"{path}/void-label")
    assert (reply.status, reply.code, reply.json["said"]) == (409, "void_refused", "not to islands")
    assert life.get(path)["parcel"]["state"] == "labelled"


def test_a_parcel_without_label_or_on_hold_does_not_leave(life: Life) -> None:
    number = life.place({"MUG": 1})
    parcel = life.packed(number)
    path = f"/v1/parcels/{parcel['id']}/hand-over"
    assert life.refused(path, {}) == (409, "no_label", {"number": parcel["number"]})
    life.work()
    life.done(f"/v1/orders/{number}/hold", {"kind": "fraud"})
    assert life.refused(path, {}) == (409, "order_held", {"number": number})
    life.done(f"/v1/orders/{number}/release", {"kind": "fraud"})
    told = life.done(path, {})
    assert (told["state"], told["order_state"], told.get("repeated")) == ("shipped", "shipped", None)
    before = life.snapshot()
    assert life.done(path, {})["repeated"]
    assert life.snapshot() == before
    assert life.refused(f"/v1/parcels/{parcel['id']}/void-label") == (409, "parcel_step", {"state": "shipped"})


def test_a_parcel_is_opened_again(life: Life) -> None:
    number = life.place({"MUG": 1})
    parcel = life.packed(number)
    path = f"/v1/parcels/{parcel['id']}"
    assert life.done(f"{path}/unpack")["state"] == "unpacked"
    assert life.done(f"{path}/unpack")["repeated"]
    assert life.refused(f"{path}/label") == (409, "parcel_step", {"state": "unpacked"})
    assert life.state(number) == "picking"


def scan(parcel: Any, milestone: str = "delivered", **changes: str) -> dict[str, str]:
    return {
        "carrier": "practice", "external_id": f"{parcel['tracking_code']}:{milestone}",
        "tracking_code": parcel["tracking_code"], "milestone": milestone, "occurred_at": "2026-12-01T10:00:00+01:00",
        **changes,
    }  # fmt: skip


def test_a_scan_is_known_by_its_own_name_and_counts_once(life: Life) -> None:
    number = life.place({"MUG": 1})
    parcel = life.shipped(number)
    first = life.post("/v1/tracking-events", scan(parcel))
    assert (first.status, first.json["parcel_state"]) == (201, "delivered")
    assert life.state(number) == "delivered"
    before = life.snapshot()
    again = life.post("/v1/tracking-events", scan(parcel))
    assert (again.status, again.json["repeated"], life.snapshot()) == (200, True, before)
    [event] = life.get(f"/v1/parcels/{parcel['id']}")["events"]
    assert (event["milestone"], event["occurred_at"]) == ("delivered", "2026-12-01T09:00:00Z")


def test_a_scan_of_no_parcel_of_ours_is_kept(life: Life) -> None:
    told = life.post("/v1/tracking-events", scan({"tracking_code": "FOREIGN"}))
    assert (told.status, told.json) == (
        201, {"external_id": "FOREIGN:delivered", "parcel_id": None, "parcel_state": None},
    )  # fmt: skip


def test_a_scan_without_a_time_zone_is_refused(life: Life) -> None:
    bad = scan({"tracking_code": "X"}, occurred_at="2026-12-01T10:00:00", milestone="teleported", colour="red")
    status, code, facts = life.refused("/v1/tracking-events", bad)
    assert (status, code) == (422, "malformed")
    assert sorted(each["pointer"] for each in facts["findings"]) == ["/colour", "/milestone", "/occurred_at"]


def test_parcels_are_listed_by_state_and_site(life: Life) -> None:
    parcel = life.labelled(life.place({"MUG": 1}))
    rows = life.get("/v1/parcels?state=labelled&site=LEEDS&limit=200")["items"]
    assert parcel["id"] in [row["id"] for row in rows]
    assert {(row["state"], row["site"]) for row in rows} == {("labelled", "LEEDS")}
    assert life.call("GET", "/v1/parcels").json["findings"][0]["pointer"] == "?state"


@pytest.mark.parametrize("deed", ["weigh", "label", "unpack"])
def test_a_deed_meant_for_another_version_of_a_parcel_is_stale(life: Life, deed: str) -> None:
    parcel = life.packed(life.place({"MUG": 1}))
    path = f"/v1/parcels/{parcel['id']}"
    version = life.get(path)["parcel"]["version"]
    body = {"weight_g": 310} if deed == "weigh" else None
    assert life.refused(f"{path}/{deed}", body, if_match=f'"{version + 1}"') == (412, "stale", {"version": version})
    with life.working():
        assert life.post(f"{path}/{deed}", body, if_match=f'"{version}"').status == 200


@pytest.mark.parametrize("id_", ["0198c2f0-0000-7000-8000-000000000000", "nothing"])
def test_a_parcel_there_is_none_of(life: Life, id_: str) -> None:
    for path in (f"/v1/parcels/{id_}", f"/v1/parcels/{id_}/label"):
        assert life.call("GET", path).code == "not_found"
    for deed, body in (("weigh", {"weight_g": 1}), ("label", None), ("void-label", None), ("hand-over", {}),
                       ("unpack", None)):  # fmt: skip
        assert life.refused(f"/v1/parcels/{id_}/{deed}", body)[:2] == (404, "not_found"), deed
