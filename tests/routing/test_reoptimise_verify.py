"""The verifier that every answer passes: each rule, once broken on purpose."""

import pytest

from orderwright.business.routing.batch import solve
from orderwright.business.routing.batch.verify import cost_minor, faults
from orderwright.business.routing.reoptimise import LineToRoute, OrderToRoute, Snapshot, reoptimise

ANYWHERE = {"LEEDS": 10, "YORK": 20}


@pytest.fixture
def snapshot():
    mug = LineToRoute("a", "MUG", 2, ANYWHERE, 6000)
    tee = LineToRoute("b", "TEE", 1, {"LEEDS": 30}, 6000)
    parcel = {"LEEDS": 500, "YORK": 700}
    return Snapshot(
        [
            OrderToRoute("free", parcel, [mug, tee]),
            OrderToRoute("one-site", parcel, [mug, mug], never_split=True),
            OrderToRoute("whole", parcel, [mug, mug], ship_complete=True),
        ],
        {"LEEDS": {"MUG": 4, "TEE": 1}, "YORK": {"MUG": 2}},
    )


NOTHING = (None, None)


def test_a_sound_plan_has_no_faults_and_its_exact_cost(snapshot):
    sites = (("YORK", "LEEDS"), ("LEEDS", "LEEDS"), NOTHING)
    assert faults(snapshot, sites) == []
    assert cost_minor(snapshot, sites) == (700 + 20 + 500 + 30) + (500 + 10 + 10) + 12000


@pytest.mark.parametrize(
    ("sites", "fault"),
    [
        (((None,), NOTHING, NOTHING), "the plan does not have one entry per line"),
        ((NOTHING, NOTHING), "the plan does not have one entry per line"),
        (((None, "YORK"), NOTHING, NOTHING), "order free ships line b from YORK, which cannot serve it"),
        (((None, "HULL"), NOTHING, NOTHING), "order free ships line b from HULL, which cannot serve it"),
        ((NOTHING, ("LEEDS", "YORK"), NOTHING), "order one-site must not be split but ships from LEEDS, YORK"),
        ((NOTHING, NOTHING, ("LEEDS", None)), "order whole must ship complete but leaves a line open"),
        ((("LEEDS", None), ("LEEDS", "LEEDS"), NOTHING), "stock: 6 of MUG wanted at LEEDS, 4 there"),
    ],
)
def test_each_broken_rule_is_named(snapshot, sites, fault):
    assert fault in faults(snapshot, sites)


def test_an_answer_that_fails_verification_never_leaves(snapshot, monkeypatch):
    monkeypatch.setattr(solve, "_named", lambda grid, plan: (("LEEDS", None), ("LEEDS", "LEEDS"), NOTHING))
    with pytest.raises(RuntimeError, match="6 of MUG wanted at LEEDS, 4 there"):
        reoptimise(snapshot)


def test_an_answer_below_the_bound_never_leaves(snapshot, monkeypatch):
    monkeypatch.setattr(solve, "bound_of", lambda *_: 10**9)
    with pytest.raises(RuntimeError, match="is below the bound 1000000000"):
        reoptimise(snapshot)
