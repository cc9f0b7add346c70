import pytest

from orderwright.business.truth.check import INVARIANTS
from orderwright.database.store import Store
from tests.truth.faults import (
    belonging,
    counts,
    desk,
    facts,
    floor,
    gate,
    house,
    money,
    orders,
    packing,
    people,
    purchasing,
    quotes,
    reports,
    returns,
    scans,
    staff,
    stock,
    tasks,
    walks,
)
from tests.truth.world import Fault, all_touched, broken, planted

FAULTS = [
    fault
    for area in (
        stock, orders, facts, tasks, money, floor, belonging, returns, house, people, gate, walks, scans, counts,
        packing, purchasing, staff, desk, reports, quotes,
    )
    for fault in area.FAULTS
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.when.replace(" ", "_"))
def test_a_fault_breaks_its_invariant_alone_and_is_named(world: Store, fault: Fault) -> None:
    with planted(world, fault.sql) as tx:
        found = broken(tx)
        assert [each.name for each in found] == [fault.breaks], [(each.name, each.rows) for each in found]
        assert any(fault.tells in row for row in found[0].rows), found[0].rows
        in_sweeps = {each.name for each in INVARIANTS if each.in_sweeps}
        expected = [fault.breaks] if fault.in_sweep and fault.breaks in in_sweeps else []
        assert [each.name for each in broken(tx, all_touched(tx))] == expected


def test_every_invariant_has_a_planted_fault() -> None:
    assert {each.name for each in INVARIANTS} - {fault.breaks for fault in FAULTS} == set()


def test_invariants_are_named_once_and_end_in_a_full_stop() -> None:
    names = [each.name for each in INVARIANTS]
    assert len(set(names)) == len(names)
    assert [each.name for each in INVARIANTS if not each.sentence.endswith(".")] == []
