"""What a stranger gets wrong on the floor: each has an answer of its own, and nothing is lost or changed by it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.doors_life.conftest import TABLES
from tests.stories.devices import Device, Site

GTIN = "09506000134352"
SNAPSHOT = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {} t"


def snapshot(site: Site) -> dict[str, Any]:
    """Everything goods, orders, parcels and papers are, but for what idle work leaves."""
    kept = [table for table in TABLES if table not in ("idempotency", "task", "intent")]
    return {table: site.shop.rows(SNAPSHOT.format(table))[0] for table in kept}


def no(reply: Any) -> tuple[int, str]:
    assert reply.json["detail"]
    return reply.status, reply.code


def refused(device: Device, code: str, **told: Any) -> str:
    answer = device.scan(code, **told)
    assert (answer["outcome"], answer["instruction"]["tone"]) == ("refused", "wrong")
    assert answer["instruction"]["words"]
    return str(answer["refusal"])


def walking(site: Site, person: str, sku: str, units: int = 1, **product: Any) -> tuple[str, Device]:
    """An order for a product, on a person's walk with a tote of their name; the order's fulfilment and the device."""
    lot = product.pop("lot", {})
    if product:
        site.ask("PUT", f"/v1/products/{sku}", {"title": sku, "price": "7.50", "currency": "GBP", **product})
        line = {"sku": sku, "quantity": 9, "place": "A-01", **lot}
        site.ask("POST", "/v1/stock/receipts", {"site": "LEEDS", "reference": f"{person}-{sku}", "lines": [line]})
    work = site.fulfilment(site.ordered(**{sku: units}))
    site.ask("POST", f"/v1/fulfilments/{work}/release")
    site.ask("POST", "/v1/pick-batches", {"site": "LEEDS", "picker": person, "totes": [person]})
    return work, Device(site, person)


def picked(site: Site, person: str, sku: str, units: int = 1) -> str:
    """The fulfilment of an order that was picked."""
    work, device = walking(site, person, sku, units)
    device.follow()
    device.scan("PACK-1")
    return work


def unreadable_and_foreign_barcodes(site: Site) -> None:
    _, ann = walking(site, "ann", "MUG")
    before = snapshot(site)
    codes = (
        "4006381333931",
        "]C1019506000134353",
        "[)>\x1e06\x1d1PMUG",
        "MU\x00G",
        "MU\x07G",
        "x" * 4_000,
        "",
        "\ud83d",
    )
    assert [refused(ann, code) for code in codes] == ["unknown_scan"] + ["unreadable_scan"] * 7
    assert refused(ann, "X:done/AAAABBBBCCCCDDDD") == "bad_command"
    assert (snapshot(site), ann.now["expects"]) == (before, "bin")


def a_serial_of_another_parcel(site: Site) -> None:
    work, ann = walking(site, "ann", "CAM", tracking="serial", weight_g=300)
    for code in ("A-01", "CAM", "S-1", "T:ann", "PACK-1"):
        ann.scan(code)
    [parcel] = site.ask("POST", f"/v1/fulfilments/{work}/pack", {})["parcels"]
    _, ben = walking(site, "ben", "CAM")
    ben.scan("A-01")
    ben.scan("CAM")
    before = snapshot(site)
    answer = ben.scan("S-1")
    assert (answer["refusal"], answer["instruction"]["facts"]["where"]) == ("serial_elsewhere", parcel["number"])
    assert snapshot(site) == before


def a_lot_that_ran_out_since_it_was_promised(site: Site) -> None:
    lot = {"lot": "L1", "expires_on": "2030-05-01"}
    _, ann = walking(site, "ann", "MILK", tracking="lot", codes=[{"code": GTIN}], lot=lot)
    with site.shop.begin() as tx:
        tx.write("UPDATE clock SET simulated_at = '2031-01-01 09:00+00'")
    ann.scan("A-01")
    before = snapshot(site)
    assert [refused(ann, code) for code in ("MILK", f"(01){GTIN}(10)L1")] == ["lot_expired", "lot_expired"]
    assert snapshot(site) == before


def a_scale_in_pounds(site: Site) -> None:
    path = f"/v1/fulfilments/{picked(site, 'ann', 'MUG', 2)}/pack"
    before = snapshot(site)
    said = site.call("POST", path, {"parcels": [{"carton": "BOX", "weight_g": 1_543}]})  # 0.7 kg are 1.543 lb
    assert (*no(said), said.json["scale"], said.json["units"]) == (409, "weight_off", "lb", 0)
    stone = {"parcels": [{"weight": {"value": "0.11", "unit": "stone"}}]}
    assert (no(site.call("POST", path, stone)), snapshot(site)) == ((422, "malformed"), before)
    pounds = {"parcels": [{"carton": "BOX", "weight": {"value": "1.543", "unit": "lb"}}]}
    assert site.ask("POST", path, pounds)["parcels"][0]["weight_g"] == 700


def a_tote_in_use(site: Site) -> None:
    walking(site, "ann", "MUG")
    site.ask("POST", f"/v1/fulfilments/{site.fulfilment(site.ordered(TEE=1))}/release")
    before = snapshot(site)
    for tote in ("ann", "T:ann"):
        said = site.call("POST", "/v1/pick-batches", {"site": "LEEDS", "picker": "ben", "totes": [tote]})
        assert (*no(said), said.json["tote"]) == (409, "tote_in_use", "ann")
    assert snapshot(site) == before


def two_people_at_one_order(site: Site) -> None:
    path = f"/v1/fulfilments/{picked(site, 'ann', 'MUG')}"
    site.ask("POST", f"{path}/packing", {"person": "pam"})
    before = snapshot(site)
    for said in (
        site.call("POST", f"{path}/packing", {"person": "bob"}),
        site.call("POST", f"{path}/pack", {"person": "bob"}),
    ):
        assert (*no(said), said.json["person"]) == (409, "packed_by_other", "pam")
    assert snapshot(site) == before


def a_bin_that_does_not_exist(site: Site) -> None:
    _, ann = walking(site, "ann", "MUG")
    before = snapshot(site)
    assert refused(ann, "L:LEEDS/A-99") == "unknown_place"
    line = {"sku": "MUG", "quantity": 1, "place": "A-99"}
    for path, body in (
        ("/v1/stock/receipts", {"site": "LEEDS", "lines": [line]}), ("/v1/put-aways", {"site": "LEEDS", **line}),
        ("/v1/counts", {"site": "LEEDS", "place": "A-99"}),
        ("/v1/stock/adjustments", {"site": "LEEDS", **line, "reason": "found"}),
    ):  # fmt: skip
        assert (path, no(site.call("POST", path, body))) == (path, (422, "unknown_place"))
    assert snapshot(site) == before


def a_product_without_sizes(site: Site) -> None:
    site.ask("PUT", "/v1/products/HAT", {"title": "Hat", "price": "7.50", "currency": "GBP"})
    path = f"/v1/fulfilments/{picked(site, 'ann', 'HAT')}"
    advice = site.ask("GET", f"{path}/packing")
    assert (advice["chosen_as"], advice["by_hand"]["skus"]) == ("by_hand", ["HAT"])
    assert site.ask("POST", f"{path}/packing", {"person": "pam"})["unmeasured"] == ["HAT"]
    assert site.ask("POST", f"{path}/pack", {"person": "pam"})["fulfilment_state"] == "packed"
    assert [each["kind"] for each in site.ask("GET", "/v1/exceptions")["items"]] == ["product_unmeasured"]


WRONG = (
    unreadable_and_foreign_barcodes, a_serial_of_another_parcel, a_lot_that_ran_out_since_it_was_promised,
    a_scale_in_pounds, a_tote_in_use, two_people_at_one_order, a_bin_that_does_not_exist, a_product_without_sizes,
)  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_a_stranger_is_told_what_is_wrong_and_nothing_is_lost(site: Site, wrong: Callable[[Site], None]) -> None:
    site.furnish()
    wrong(site)
    site.holds()
