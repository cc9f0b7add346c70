"""Which bins are counted when: often what is picked often, and at once what a pick makes doubtful."""

from datetime import timedelta

from orderwright.business.deeds.counts.by_clock import plan_todays_counts
from orderwright.business.warehouse.counts.forms import CountQuery
from orderwright.business.warehouse.counts.reads import list_counts
from orderwright.business.warehouse.counts.rolling import PlanCounts, plan_counts
from tests.counts.counter import CountedFloor
from tests.floor import refused


def planned(floor: CountedFloor, limit: int = 100):
    return floor.one(plan_counts, PlanCounts(site="LEEDS", limit=limit, actor="test"))


def to_count(floor: CountedFloor, **query):
    with floor.store.read() as tx:
        return [
            (each.place, each.sku, each.reason) for each in list_counts(tx, CountQuery(site="LEEDS", **query)).items
        ]


def stocked(floor: CountedFloor) -> None:
    """Five products in five bins; HAT is picked three times, MUG once."""
    floor.set(after_zero=False)
    for sku in ("CAP", "BAG"):
        floor.product(sku)
    for n, sku in enumerate(("MUG", "TEE", "HAT", "CAP", "BAG"), 1):
        floor.put(f"A-{n}", sku, 20)
    for units in ({"HAT": 1}, {"HAT": 1}, {"HAT": 1}, {"MUG": 1}):
        floor.pick_all(floor.place(units).number)


def test_what_was_never_counted_is_counted_first_and_of_that_what_is_picked_most(floor: CountedFloor):
    stocked(floor)
    plan = planned(floor, limit=2)
    assert (plan.wanted, plan.a, plan.b, plan.c, plan.left) == (2, 1, 1, 0, 3)
    assert sorted(to_count(floor)) == [("A-1", "MUG", "rolling"), ("A-3", "HAT", "rolling")]


def test_a_class_is_counted_again_when_its_days_have_passed(floor: CountedFloor):
    stocked(floor)
    for place, units in (("A-1", {"MUG": 19}), ("A-2", {"TEE": 20}), ("A-3", {"HAT": 17}), ("A-4", {"CAP": 20}),
                         ("A-5", {"BAG": 20})):  # fmt: skip
        floor.counted(place, **units)
    now = floor.value("SELECT max(ended_at) FROM count_task")
    for days, expected in ((29, []), (31, [("A-3", "HAT", "rolling")]),
                           (89, [("A-3", "HAT", "rolling")])):  # fmt: skip
        floor.at(now + timedelta(days=days))
        planned(floor)
        assert to_count(floor) == expected


def test_what_is_open_counts_against_the_limit_and_is_not_asked_for_twice(floor: CountedFloor):
    stocked(floor)
    assert planned(floor, limit=2).wanted == 2
    assert planned(floor, limit=2).wanted == 0
    assert planned(floor, limit=3).wanted == 1
    assert len(to_count(floor)) == 3


def test_an_emptied_bin_is_looked_at(floor: CountedFloor):
    floor.put("A-1", "MUG", 2)
    floor.put("A-2", "TEE", 3)
    floor.pick_all(floor.place({"MUG": 2, "TEE": 2}).number)
    assert to_count(floor) == [("A-1", "MUG", "zero")]


def test_after_a_large_pick_the_rest_is_counted(floor: CountedFloor):
    floor.set(large_pick_units=10)
    floor.put("A-1", "MUG", 30)
    floor.put("A-2", "TEE", 30)
    floor.pick_all(floor.place({"MUG": 10, "TEE": 9}).number)
    assert to_count(floor) == [("A-1", "MUG", "large_order")]


def test_the_most_wanted_stands_first_page_by_page(floor: CountedFloor):
    for n, priority in enumerate((10, 90, 50), 1):
        floor.put(f"A-{n}", "MUG", 5)
        floor.asked(f"A-{n}", priority=priority)
    with floor.store.read() as tx:
        page = list_counts(tx, CountQuery(site="LEEDS", limit=2))
        rest = list_counts(tx, CountQuery(site="LEEDS", limit=2, after=page.next))
    assert [[each.place for each in one.items] for one in (page, rest)] == [["A-2", "A-3"], ["A-1"]]
    assert rest.next is None


def test_counts_that_are_over_are_listed_latest_first(floor: CountedFloor):
    for n in (1, 2):
        floor.put(f"A-{n}", "MUG", 5)
        floor.counted(f"A-{n}", MUG=5)
    assert [place for place, _, _ in to_count(floor, state="done")] == ["A-2", "A-1"]


def test_the_worker_plans_once_a_day_when_the_day_of_the_site_begins(floor: CountedFloor):
    stocked(floor)
    day = floor.value("SELECT date_trunc('day', max(recorded_at)) FROM stock_move") + timedelta(days=1)
    for hour, plan_at, expected in ((6, "", 0), (4, "05:00", 0), (6, "05:00", 1), (7, "05:00", 1), (30, "05:00", 2)):
        floor.set(plan_at=plan_at, plan_limit=1, after_zero=False)
        floor.at(day + timedelta(hours=hour))
        with floor.begin() as tx:
            plan_todays_counts(tx, [])
        assert floor.value("SELECT count(*) FROM count_plan WHERE site = 'LEEDS'") == expected


def test_an_unknown_site_has_no_plan(floor: CountedFloor):
    assert refused(floor.one(plan_counts, PlanCounts(site="MARS", actor="test")))[0] == "unknown_site"
