"""The floor over HTTP: let out, picked, come short, packed, put back."""

from typing import Any

import pytest

from tests.doors_life.conftest import Life


def test_a_fulfilment_is_let_out_and_has_its_pick_list(life: Life) -> None:
    number = life.place({"MUG": 2, "TEE": 1})
    id_ = life.fulfilment(number)
    assert life.get(f"/v1/fulfilments/{id_}/pick-list")["tasks"] == []
    told = life.done(f"/v1/fulfilments/{id_}/release")
    assert told == {"fulfilment_id": id_, "state": "released", "tasks": 2}
    assert life.done(f"/v1/fulfilments/{id_}/release") == {
        "fulfilment_id": id_, "state": "released", "repeated": True,
    }  # fmt: skip
    shown = life.get(f"/v1/fulfilments/{id_}")
    assert (shown["order"], shown["site"], shown["state"]) == (number, "LEEDS", "released")
    assert [(line["reference"], line["sku"], line["allocated"]) for line in shown["lines"]] == [
        ("1", "MUG", 2), ("2", "TEE", 1),
    ]  # fmt: skip
    tasks = life.get(f"/v1/fulfilments/{id_}/pick-list")["tasks"]
    assert [(task["walk"], task["place"], task["sku"], task["quantity"]) for task in tasks] == [
        (1, "STOCK", "MUG", 2), (2, "STOCK", "TEE", 1),
    ]  # fmt: skip


def test_work_is_listed_by_site_and_state_page_by_page(life: Life) -> None:
    life.shop.stock("GLASGOW", HAT=50)
    numbers = {life.order({"HAT": 1}) for _ in range(3)}
    seen: list[Any] = []
    after = ""
    while True:
        page = life.get(f"/v1/fulfilments?site=GLASGOW&state=planned&limit=2{after}")
        seen += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert numbers <= {row["order"] for row in seen}
    assert {(row["site"], row["state"]) for row in seen} == {("GLASGOW", "planned")}
    assert len({row["id"] for row in seen}) == len(seen)
    released = life.done("/v1/sites/GLASGOW/release", {"limit": 2})
    assert (released["site"], len(released["released"]), released["is_full"]) == ("GLASGOW", 2, False)
    left = life.get("/v1/fulfilments?site=GLASGOW&state=planned")["items"]
    assert len(left) == len(seen) - 2


def test_a_held_order_stays_off_the_floor(life: Life) -> None:
    number = life.place({"MUG": 1})
    life.done(f"/v1/orders/{number}/hold", {})
    refused = life.refused(f"/v1/fulfilments/{life.fulfilment(number)}/release")
    assert refused == (409, "order_held", {"number": number})


def test_a_scan_counts_once_and_the_wrong_one_not_at_all(life: Life) -> None:
    number = life.place({"MUG": 3})
    [task] = life.released(number)
    path = f"/v1/pick-tasks/{task['id']}/pick"
    told = life.done(path, {"quantity": 2, "sku": "MUG"})
    assert (told["picked"], told["left"], told["fulfilment_state"]) == (2, 1, "released")
    before = life.snapshot()
    assert life.done(path, {"quantity": 2})["repeated"]
    assert life.snapshot() == before
    wrong = life.refused(path, {"quantity": 3, "sku": "TEE"})
    assert wrong == (422, "wrong_item", {"task_id": task["id"], "wanted": "MUG", "scanned": "TEE"})
    more = life.refused(path, {"quantity": 4})
    assert more == (422, "pick_quantity", {"task_id": task["id"], "asked": 3, "told": 4})
    assert life.done(path, {"quantity": 3})["fulfilment_state"] == "picked"


def test_a_short_task_ends_and_the_rest_waits(life: Life) -> None:
    life.shop.product("RARE")
    number = life.place({"RARE": 3})
    [task] = life.released(number)
    path = f"/v1/pick-tasks/{task['id']}/short"
    all_there = life.refused(path, {"found": 3})
    assert all_there == (422, "not_short", {"task_id": task["id"], "asked": 3, "found": 3})
    told = life.done(path, {"found": 1, "reason": "missing"})
    assert (told["found"], told["missing"]) == (1, 2)
    assert life.done(path, {"found": 1})["repeated"]
    [line] = life.get(f"/v1/orders/{number}")["lines"]
    assert (line["stages"]["waiting"], line["stages"]["picked"]) == (2, 1)
    assert life.refused(f"/v1/pick-tasks/{task['id']}/pick", {"quantity": 2})[1] == "pick_step"


def test_picked_units_are_packed_as_told_with_a_token_told_again_to_who_asks_again(life: Life) -> None:
    number = life.place({"MUG": 2, "TEE": 1})
    id_ = life.picked(number)
    parcels = [{"lines": [{"reference": "1", "quantity": 2}], "weight_g": 620}, {}]
    send = {"idempotency_key": f"pack-{number}"}
    first = life.post(f"/v1/fulfilments/{id_}/pack", {"parcels": parcels}, **send)
    assert first.status == 201
    assert [each["lines"] for each in first.json["parcels"]] == [
        [{"reference": "1", "sku": "MUG", "quantity": 2}], [{"reference": "2", "sku": "TEE", "quantity": 1}],
    ]  # fmt: skip
    tokens = [each["tracking_token"] for each in first.json["parcels"]]
    assert len(set(tokens)) == 2
    again = life.post(f"/v1/fulfilments/{id_}/pack", {"parcels": parcels}, **send)
    assert (again.status, again.json) == (201, first.json)
    kept = life.shop.rows(
        "SELECT encode(answer, 'escape') AS text FROM idempotency WHERE key = %(key)s", key=f"pack-{number}"
    )
    assert not [token for token in tokens if token.partition(".")[2] in kept[0].text]
    assert life.call("GET", f"/v1/track/{tokens[1]}").json["items"] == [{"title": "Tee", "quantity": 1}]
    refused = life.refused(f"/v1/fulfilments/{id_}/pack", {})
    assert refused == (409, "nothing_to_pack", {"state": "packed"})


def test_a_weight_that_does_not_fit_names_the_likely_item(life: Life) -> None:
    number = life.place({"MUG": 2})
    id_ = life.picked(number)
    refused = life.refused(f"/v1/fulfilments/{id_}/pack", {"parcels": [{"weight_g": 300}]})
    facts = {"expected_g": 600, "measured_g": 300, "sku": "MUG", "units": -1}
    assert refused == (409, "weight_off", facts)
    assert life.done(f"/v1/fulfilments/{id_}/pack", {"parcels": [{"weight_g": 300}], "confirm": True})["parcels"]


def test_units_that_lost_their_order_are_put_back(life: Life) -> None:
    life.shop.site("YORK")
    life.shop.product("LAMP")
    number = life.place({"LAMP": 2}, site="YORK")
    life.picked(number)
    life.done(f"/v1/orders/{number}/cancel", {"reason": "changed_mind"})
    [row] = life.get("/v1/put-backs?site=YORK")["items"]
    assert (row["sku"], row["quantity"]) == ("LAMP", 2)
    body = {"site": "YORK", "sku": "LAMP", "quantity": 3}
    facts = {"sku": "LAMP", "lot": "", "asked": 3, "lying": 2}
    assert life.refused("/v1/put-backs", body) == (409, "nothing_to_put_back", facts)
    assert life.refused("/v1/put-backs", {**body, "place": "NOWHERE"})[1] == "unknown_place"
    assert life.done("/v1/put-backs", {**body, "quantity": 2})["left"] == 0
    assert life.shop.free("LAMP", "YORK") == 2
    assert life.get("/v1/put-backs?site=YORK")["items"] == []


@pytest.mark.parametrize("deed", ["release", "pack"])
def test_floor_work_meant_for_another_version_is_stale(life: Life, deed: str) -> None:
    number = life.place({"MUG": 1})
    id_ = life.fulfilment(number) if deed == "release" else life.picked(number)
    version = life.get(f"/v1/fulfilments/{id_}")["version"]
    body = None if deed == "release" else {}
    path = f"/v1/fulfilments/{id_}/{deed}"
    assert life.refused(path, body, if_match=str(version + 1)) == (412, "stale", {"version": version})
    assert life.post(path, body, if_match=str(version)).status in (200, 201)


@pytest.mark.parametrize("id_", ["0198c2f0-0000-7000-8000-000000000000", "nothing"])
def test_floor_work_there_is_none_of(life: Life, id_: str) -> None:
    for path in (f"/v1/fulfilments/{id_}", f"/v1/fulfilments/{id_}/pick-list"):
        assert life.call("GET", path).code == "not_found"
    for path, body in (
        (f"/v1/fulfilments/{id_}/release", None), (f"/v1/fulfilments/{id_}/pack", {}),
        (f"/v1/pick-tasks/{id_}/pick", {"quantity": 1}), (f"/v1/pick-tasks/{id_}/short", {"found": 0}),
        ("/v1/sites/NOWHERE/release", {}),
    ):  # fmt: skip
        assert life.refused(path, body)[:2] == (404, "not_found"), path


@pytest.mark.parametrize("query", ["state=lost", "site=" + "x" * 65, "limit=201", "after=Zz"])
def test_work_asked_for_wrongly_is_refused(life: Life, query: str) -> None:
    assert life.call("GET", f"/v1/fulfilments?{query}").code == "malformed"
