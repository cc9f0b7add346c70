"""Which unit was lost, broken or found: named by its serial, and refused where the books have it elsewhere."""

from typing import Any

from orderwright.business.deeds.books import adjust_stock
from orderwright.business.deeds.damaged import judge_damaged, remove_damaged
from orderwright.business.stock.forms import Adjustment, AdjustmentForm
from orderwright.business.warehouse.damage.forms import DamageForm, JudgeDamage, ReportDamage
from orderwright.business.warehouse.places import place_ids
from orderwright.business.warehouse.serials import lay_units
from tests.floor import done, refused
from tests.sessions.scanner import ScannedFloor
from tests.sessions.test_lots_and_serials import named, walked


def adjusted(floor: ScannedFloor, quantity: int, *serials: str, **told: Any) -> Any:
    fields = {"site": "LEEDS", "sku": "CAM", "reason": "lost", "place": "A-1", **told}
    form = AdjustmentForm(**fields, quantity=quantity, serials=list(serials))
    return floor.one(adjust_stock, Adjustment(form=form, actor="test"))


def shelved(floor: ScannedFloor) -> None:
    """Three CAMs in A-1, S1 and S2 of them read; S3 in A-2."""
    floor.product("CAM", tracking="serial")
    floor.put("A-1", "CAM", 3)
    floor.put("A-2", "CAM", 1)
    with floor.store.begin() as tx:
        at = place_ids(tx, [("LEEDS", "A-1"), ("LEEDS", "A-2")])
        lying = (("S1", "A-1"), ("S2", "A-1"), ("S3", "A-2"))
        lay_units(tx, {("CAM", serial): (at["LEEDS", place], None) for serial, place in lying})


def test_the_unit_that_was_lost_is_named_and_may_be_found_again(floor: ScannedFloor) -> None:
    shelved(floor)
    assert adjusted(floor, -1, "S2").quantity == 2
    assert named(floor) == [("S1", "A-1"), ("S2", "LOST"), ("S3", "A-2")]
    again = adjusted(floor, -1, "S2")
    assert refused(again) == ("serial_elsewhere", {"sku": "CAM", "serial": "S2", "where": "LOST"})
    assert refused(adjusted(floor, 1, "S1", reason="found"))[1]["where"] == "A-1"
    assert adjusted(floor, 1, "S2", reason="found").quantity == 3
    assert named(floor) == [("S1", "A-1"), ("S2", "A-1"), ("S3", "A-2")]


def test_a_unit_that_is_elsewhere_is_refused_and_says_where(floor: ScannedFloor) -> None:
    shelved(floor)
    assert refused(adjusted(floor, -1, "S3"))[1]["where"] == "A-2"
    for wrong in (("S1",), ("S1", "S1")):
        assert refused(adjusted(floor, -2, *wrong))[0] in ("serial_needed", "serial_elsewhere")
    number = walked(floor, "CAM", 1)
    [task] = floor.tasks(number)
    done([floor.pick(task, 1, serials=["S1"])])
    assert refused(adjusted(floor, -1, "S1")) == (
        "serial_elsewhere", {"sku": "CAM", "serial": "S1", "where": number},
    )  # fmt: skip


def test_the_broken_unit_goes_to_quarantine_and_back_by_name(floor: ScannedFloor) -> None:
    shelved(floor)
    form = DamageForm(site="LEEDS", sku="CAM", quantity=1, reason="damaged", place="A-1", serials=["S2"])
    [shown] = done(floor.run(remove_damaged, ReportDamage(form=form, actor="test")))
    assert (shown.serials, dict(named(floor))["S2"]) == (["S2"], "QUARANTINE")
    done(floor.run(judge_damaged, JudgeDamage(damage_id=shown.id, verdict="restock", actor="test")))
    assert dict(named(floor))["S2"] == "A-1"
