"""What makes an order risky, what its risk asks for, what is still missing; and that packing insists on it."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from orderwright.business.deeds.packing.checks import learn_quality
from orderwright.business.deeds.packing.errors import RecordError, record_errors
from orderwright.business.reports.quality import error_causes, pareto
from orderwright.business.shipping.forms import ParcelForm, ScannedUnits
from orderwright.business.shipping.packing.photos import AddPhoto, add_photos
from orderwright.business.shipping.packing.risk import CHECKS, Met, RiskWeights, Seen, missing_of, risk_of
from tests.floor import refused
from tests.packing.bench import Bench
from tests.packing.pictures import png

PLAIN = Seen(2_000, 1, 2, 0, 0, 0, 10_000, 3)
ONLY = {"weight_from": 900, "scan_all_from": 901, "photo_from": 902, "second_person_from": 903}


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, {}),
        ({"value_minor": 15_000}, {"value": 15}),
        ({"value_minor": 50_000}, {"high_value": 30}),
        ({"lines": 8, "units": 20, "kits": 1}, {"many_lines": 10, "many_units": 10, "kit": 5}),
        ({"returned_permille": 200, "picked_wrong_permille": 20}, {"often_returned": 15, "often_picked_wrong": 20}),
        ({"returned_permille": 199, "picked_wrong_permille": 19}, {}),
        ({"picks_before": 199, "orders_before": 0}, {"new_picker": 15, "new_customer": 5}),
    ],
)
def test_each_reason_has_its_points(changes: dict[str, int], reasons: dict[str, int]) -> None:
    risk = risk_of(PLAIN._replace(**changes), RiskWeights())
    assert (risk.reasons, risk.score) == (reasons, sum(reasons.values()))


@pytest.mark.parametrize(
    ("score", "check"),
    [(0, "none"), (19, "none"), (20, "weight"), (40, "scan_all"), (60, "photo"), (79, "photo"), (80, "second_person")],
)
def test_the_score_decides_the_check(score: int, check: str) -> None:
    weights = RiskWeights(high_value=score)
    assert risk_of(PLAIN._replace(value_minor=50_000), weights).check == check


def test_each_check_asks_for_all_that_those_before_it_do() -> None:
    nothing = Met({"MUG": 2}, {"MUG": 1}, is_weighed=False, has_photo=False, person="ann", checked_by="ann")
    assert [sorted(missing_of(check, nothing)) for check in CHECKS] == [
        [], ["weight"], ["scan", "weight"], ["photo", "scan", "weight"], ["photo", "scan", "second_person", "weight"],
    ]  # fmt: skip
    assert missing_of("scan_all", nothing)["scan"] == {"MUG": 1}
    met = Met({"MUG": 2}, {"MUG": 2}, is_weighed=True, has_photo=True, person="ann", checked_by="bob")
    assert missing_of("second_person", met) == {}


def test_a_parcel_without_its_check_is_refused_naming_what_is_missing(bench: Bench) -> None:
    bench.settle(checks_bind=True, risk={**ONLY, "version": "7", "second_person_from": 0})
    number = bench.picked(MUG=2)
    code, facts = refused(bench.pack(number, person="ann"))
    assert (code, facts["check"], facts["reasons"]) == (
        "check_needed", "second_person", {"new_picker": 15, "new_customer": 5},
    )  # fmt: skip
    assert facts["missing"] == {"weight": True, "scan": {"MUG": 2}, "photo": True, "second_person": True}
    assert (bench.units(number), bench.value("SELECT count(*) FROM packing_check")) == ([("MUG", {"picked": 2})], 0)
    bench.run(add_photos, AddPhoto(content=png(), fulfilment_id=bench.fulfilment(number), actor="ann"))
    form = ParcelForm(weight_g=700, carton="S", scanned=[ScannedUnits(sku="MUG", quantity=2)])
    told = {"person": "ann", "parcels": [form]}
    assert refused(bench.pack(number, **told, checked_by="ann"))[1]["missing"] == {"second_person": True}
    assert bench.pack(number, **told, checked_by="bob").fulfilment_state == "packed"
    [kept] = bench.rows("SELECT score, ask, reasons, version FROM packing_check")
    assert (kept.score, kept.ask, msgspec.json.decode(kept.reasons), kept.version) == (
        20, "second_person", {"new_picker": 15, "new_customer": 5}, "7",
    )  # fmt: skip
    assert bench.value("SELECT checked FROM parcel") == "second_person"


def test_more_scanned_than_goes_in_is_refused(bench: Bench) -> None:
    number = bench.picked(MUG=1)
    form = ParcelForm(scanned=[ScannedUnits(sku="MUG", quantity=2)])
    assert refused(bench.pack(number, parcels=[form])) == ("pack_quantity", {"sku": "MUG", "asked": 2, "picked": 1})


def test_what_went_wrong_with_a_product_is_learned_and_counts(bench: Bench) -> None:
    for _ in range(10):
        bench.stock("LEEDS", MUG=2)
        bench.shipped(bench.place({"MUG": 2}).number)
    told: dict[str, Any] = {"found_at": "customer", "cause": "wrong_item", "actor": "test"}
    bench.run(record_errors, RecordError(**told, sku="MUG"))
    with bench.store.begin() as tx:
        learn_quality(tx, [])
    assert [tuple(row) for row in bench.rows("SELECT * FROM product_quality")] == [("MUG", 20, 0, 20, 1)]
    assert [tuple(row) for row in bench.rows("SELECT * FROM picker_quality")] == [("test", 20)]
    with bench.store.begin() as tx:
        late = tx.now + timedelta(days=91)
    number = bench.picked(MUG=1)
    bench.pack(number)
    reasons = bench.value(
        "SELECT c.reasons FROM packing_check c JOIN orders o ON o.id = c.order_id WHERE o.number = %(number)s",
        number=number,
    )
    assert msgspec.json.decode(reasons) == {"often_picked_wrong": 20, "new_picker": 15, "new_customer": 5}
    bench.at(late)
    with bench.store.begin() as tx:
        learn_quality(tx, [])
    assert (bench.rows("SELECT * FROM product_quality"), bench.rows("SELECT * FROM picker_quality")) == ([], [])


def test_the_few_causes_of_most_errors_stand_on_top() -> None:
    counts = {
        "wrong_item": {"told": 50, "return": 10},
        "damaged": {"return": 25},
        "late": {"told": 10},
        "other": {"told": 5},
    }
    causes = pareto(counts, {"wrong_item": {"MUG": 9, "TEE": 30}})
    assert [(each.cause, each.permille, each.so_far_permille, each.is_vital) for each in causes.causes] == [
        ("wrong_item", 600, 600, True), ("damaged", 250, 850, True), ("late", 100, 950, False),
        ("other", 50, 1000, False),
    ]  # fmt: skip
    assert (causes.errors, causes.vital, causes.causes[0].worst) == (100, 2, ["TEE", "MUG"])
    assert pareto({}, {}).causes == []


def test_errors_come_from_people_scales_and_scans(bench: Bench) -> None:
    bench.pack(bench.picked(MUG=2), parcels=[ParcelForm(weight_g=300)], confirm=True)
    bench.run(record_errors, RecordError(found_at="pack", cause="damaged", units=3, sku="MUG", actor="test"))
    with bench.store.read() as tx:
        causes = error_causes(tx, tx.now.replace(year=2000), tx.now.replace(year=2100))
    assert [(each.cause, each.errors, each.by_source) for each in causes.causes] == [
        ("damaged", 3, {"told": 3}), ("weight_off", 1, {"scale": 1}),
    ]  # fmt: skip
