"""Broken goods: out of sale at once, told to a supervisor, judged."""

from typing import Any

from orderwright.business.deeds.damaged import judge_damaged, remove_damaged
from orderwright.business.warehouse.damage.forms import DamageForm, DamageQuery, JudgeDamage, ReportDamage
from orderwright.business.warehouse.damage.rows import list_damage
from tests.counts.counter import CountedFloor
from tests.floor import done, refused


def removed(floor: CountedFloor, quantity: int = 2, **told: Any) -> Any:
    form = DamageForm(
        **{"site": "LEEDS", "place": "A-1", "sku": "MUG", "quantity": quantity, "reason": "damaged", **told}
    )
    return floor.one(remove_damaged, ReportDamage(form=form, actor="ann"))


def judged(floor: CountedFloor, id_: str, verdict: Any, **told: Any) -> Any:
    return floor.one(judge_damaged, JudgeDamage(damage_id=id_, verdict=verdict, actor="eve", **told))


def test_broken_units_go_to_quarantine_and_a_supervisor_is_told(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    shown = removed(floor, photo="photo:17", note="Dropped.")
    assert (shown.units, shown.sent_to, shown.photo, shown.verdict) == (2, "quarantine", "photo:17", "")
    assert (floor.units_in("A-1"), floor.units_in("QUARANTINE")) == ({"MUG": 3}, {"MUG": 2})
    assert floor.exceptions() == ["goods_damaged"]


def test_orders_that_were_promised_them_wait(floor: CountedFloor):
    floor.put("A-1", "MUG", 3)
    number = floor.place({"MUG": 3}).number
    done([removed(floor)])
    assert floor.units(number) == [("MUG", {"waiting": 2, "allocated": 1})]


def test_what_is_judged_scrap_is_gone_and_closes(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    shown = removed(floor)
    assert judged(floor, shown.id, "scrap").verdict == "scrap"
    assert (floor.units_in("QUARANTINE"), floor.exceptions()) == ({}, [])
    assert judged(floor, shown.id, "scrap").repeated is True
    assert refused(judged(floor, shown.id, "restock"))[0] == "damage_step"


def test_what_is_judged_good_goes_back_and_who_waits_gets_it(floor: CountedFloor):
    floor.put("A-1", "MUG", 2)
    shown = removed(floor)
    done([judged(floor, shown.id, "restock")])
    assert (floor.units_in("A-1"), floor.units_in("QUARANTINE"), floor.exceptions()) == ({"MUG": 2}, {}, [])


def test_what_went_to_scrap_at_once_can_only_be_confirmed(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    shown = removed(floor, sent_to="scrap")
    assert (floor.units_in("A-1"), floor.units_in("QUARANTINE")) == ({"MUG": 3}, {})
    assert refused(judged(floor, shown.id, "restock"))[0] == "damage_step"
    done([judged(floor, shown.id, "scrap")])
    assert floor.exceptions() == []


def test_the_same_report_counts_once_and_more_than_lies_there_is_refused(floor: CountedFloor):
    floor.put("A-1", "MUG", 5)
    first, again = removed(floor, reference="D-1"), removed(floor, reference="D-1")
    assert (first.repeated, again.repeated, first.id == again.id) == (False, True, True)
    assert refused(removed(floor, quantity=4))[0] == "short_stock"
    assert refused(removed(floor, sku="NOPE"))[0] == "unknown_sku"
    assert refused(judged(floor, "nothing", "scrap"))[0] == "not_found"
    with floor.store.read() as tx:
        assert [each.id for each in list_damage(tx, DamageQuery(site="LEEDS")).items] == [first.id]
        assert list_damage(tx, DamageQuery(site="LEEDS", state="judged")).items == []
    assert floor.units_in("A-1") == {"MUG": 3}
