"""The gate over HTTP: its rule, its events, its board, what it keeps and what is taken back."""

from collections.abc import Iterator

import pytest

from tests.doors_life.conftest import Life

POLICY = "/v1/sites/LEEDS/release-policy"
RULE = {"orders_max": 1, "zones": [{"zone": "A", "units_max": 3}], "trucks": [{"leaves_at": "15:00"}]}


@pytest.fixture(autouse=True)
def _a_gate_without_a_rule_afterwards(life: Life) -> Iterator[None]:
    """Others live in this shop, too."""
    yield
    life.call("PUT", POLICY, {})


def planned(life: Life, count: int = 1) -> list[str]:
    """Ids of fulfilments of that many orders at LEEDS."""
    life.shop.stock("LEEDS", MUG=count)
    return [life.shop.place({"MUG": 1}).fulfilments[0].id for _ in range(count)]


def test_the_rule_of_a_site_is_put_at_a_version_and_told(life: Life) -> None:
    before = life.get(POLICY)["version"]
    first, again = (life.call("PUT", POLICY, RULE) for _ in range(2))
    assert (first.status, again.status, again.json["version"]) == (200 if before else 201, 200, before + 2)
    assert life.call("PUT", POLICY, RULE, **{"If-Match": str(before + 1)}).code == "stale"
    told = life.get(POLICY)
    assert (told["version"], told["orders_max"], told["zones"]) == (before + 2, 1, RULE["zones"])
    assert life.call("PUT", POLICY, {**RULE, "colour": "red"}).code == "malformed"
    assert life.call("PUT", POLICY, {"trucks": [{"leaves_at": "25:00"}]}).code == "malformed"
    assert life.call("PUT", "/v1/sites/NOWHERE/release-policy", RULE).code == "unknown_site"
    assert life.call("GET", "/v1/sites/NOWHERE/release-policy").code == "not_found"


def test_the_gate_keeps_what_its_rule_says_and_the_board_tells_it(life: Life) -> None:
    one, other = planned(life, 2)
    before = life.get("/v1/sites/LEEDS/release-board")
    most = before["orders_out"] + 1
    version = life.call("PUT", POLICY, {"orders_max": most}).json["version"]
    assert life.done(f"/v1/fulfilments/{one}/release")["state"] == "released"
    assert life.refused(f"/v1/fulfilments/{other}/release")[:2] == (409, "floor_full")
    answer = life.done("/v1/sites/LEEDS/release", {"limit": 5})
    assert (answer["released"], answer["is_floor_full"], answer["policy_version"]) == ([], True, version)
    assert life.get(f"/v1/fulfilments/{other}/why")["reason"] == "floor_full"
    board = life.get("/v1/sites/LEEDS/release-board")
    assert (board["waiting"]["planned"], board["orders_out"], board["orders_out_max"]) == (
        before["waiting"]["planned"] - 1, most, most,
    )  # fmt: skip
    back = life.post(f"/v1/fulfilments/{one}/recall")
    assert (back.status, back.json) == (200, {"fulfilment_id": one, "state": "planned", "units": 1})
    again = life.post(f"/v1/fulfilments/{one}/recall")
    assert again.json == {"fulfilment_id": one, "state": "planned", "repeated": True}


def test_a_recall_is_meant_for_what_the_caller_saw_and_is_done_once_under_a_key(life: Life) -> None:
    [one] = planned(life)
    life.done(f"/v1/fulfilments/{one}/release")
    assert life.post(f"/v1/fulfilments/{one}/recall", **{"If-Match": "1"}).code == "stale"
    version = str(life.get(f"/v1/fulfilments/{one}")["version"])
    told = {"If-Match": version, "Idempotency-Key": "back-1"}
    replies = [life.post(f"/v1/fulfilments/{one}/recall", **told) for _ in range(2)]
    assert [each.json for each in replies] == [{"fulfilment_id": one, "state": "planned", "units": 1}] * 2


def test_a_sale_event_keeps_the_orders_it_covers(life: Life) -> None:
    event = {
        "name": "Flash", "starts_at": "2000-01-01T00:00:00Z", "ends_at": "2100-01-01T00:00:00Z", "cancel_minutes": 60,
    }  # fmt: skip
    assert life.call("PUT", "/v1/sale-events/flash", event).status == 201
    assert [each["code"] for each in life.get("/v1/sale-events")["items"]] == ["flash"]
    [one] = planned(life)
    life.call("PUT", "/v1/sale-events/flash", {**event, "cancel_minutes": 0})
    status, code = life.refused(f"/v1/fulfilments/{one}/release")[:2]
    assert (status, code) == (409, "cancel_open")
    number = life.get(f"/v1/fulfilments/{one}")["order"]
    assert life.get(f"/v1/orders/{number}")["cancel_note"].startswith("It can be cancelled for nothing until ")
    assert life.done(f"/v1/orders/{number}/cancel", {"reason": "changed_mind"})["is_free"] is True


def test_a_key_of_one_site_or_channel_sees_and_moves_no_more(life: Life) -> None:
    [one] = planned(life)
    here = life.served.at("floor:read", "floor:write", sites=["LEEDS"])
    there = life.served.at("floor:read", "floor:write", sites=["BRISTOL"])
    web = life.served.at("floor:read", "floor:write", channels=["web"])
    assert here("GET", "/v1/sites/LEEDS/release-board").status == 200
    for path in (POLICY, "/v1/sites/LEEDS/release-board", f"/v1/fulfilments/{one}/why"):
        assert there("GET", path).code == "forbidden"
    assert there("POST", f"/v1/fulfilments/{one}/recall").code == "forbidden"
    assert web("GET", "/v1/sites/LEEDS/release-board").code == "forbidden"  # it counts work of all channels
    assert web("GET", f"/v1/fulfilments/{one}/why").status == 200
    assert web("PUT", POLICY, RULE).code == "forbidden"
