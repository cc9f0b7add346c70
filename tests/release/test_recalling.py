"""Recalling: what nobody has begun is planned again, and as good as never let out."""

from datetime import UTC, datetime
from typing import Any

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.picking.walks import end_walk
from orderwright.business.deeds.recall import recall_fulfilments
from orderwright.business.deeds.reoptimising.standing import read_standing
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.warehouse.forms import Recall, Recalled, Released
from orderwright.business.warehouse.walk_forms import ClaimWork, EndWalk
from orderwright.values.ids import new_id
from tests.floor import Floor, done, refused

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def recall(floor: Floor, number: str) -> Any:
    return floor.one(recall_fulfilments, Recall(fulfilment_id=floor.fulfilment(number), actor="lead"))


def released(floor: Floor, units: int = 3) -> str:
    floor.at(FRIDAY)
    floor.stock("LEEDS", MUG=units)
    number = str(floor.place({"MUG": units}).number)
    done([floor.release(number)])
    return number


def test_recalled_work_is_planned_its_bins_are_free_and_its_day_has_room_again(floor: Floor) -> None:
    number = released(floor)
    id_ = floor.fulfilment(number)
    floor.site("LEEDS", daily_capacity=1, daily_units=3)
    assert recall(floor, number) == Recalled(id_, "planned", units=3)
    assert [(row.state, row.quantity) for row in floor.tasks(number)] == [("cancelled", 3)]
    assert floor.lying("LEEDS") == {("MUG", "STOCK"): (3, 0)}
    assert floor.counters("MUG", "LEEDS") == (3, 3)  # still its own
    assert floor.rows("SELECT orders, units FROM release_day") == [(0, 0)]
    assert floor.facts(id_) == ["fulfilment_released", "fulfilment_recalled"]
    assert recall(floor, number) == Recalled(id_, "planned", repeated=True)
    assert floor.release(number) == Released(id_, "released", tasks=1)
    floor.pick_all(number)
    assert floor.state(number) == "picking"


def test_what_was_recalled_may_be_routed_again_and_cancelled(floor: Floor) -> None:
    number = released(floor)
    order_id = floor.order_id(number)
    with floor.store.read() as tx:
        assert read_standing(tx, catalog_of(tx), [order_id]) == []
    recall(floor, number)
    with floor.store.read() as tx:
        [standing] = read_standing(tx, catalog_of(tx), [order_id])
    assert standing.sites == {"LEEDS": floor.fulfilment(number)}
    [answer] = done(floor.run(cancel_orders, CancelOrder(number=number, reason="changed_mind", actor="test")))
    assert (answer.state, floor.free("MUG", "LEEDS")) == ("cancelled", 3)


def test_what_is_begun_or_further_stays_on_the_floor(floor: Floor) -> None:
    number = released(floor)
    [task] = floor.tasks(number)
    done([floor.pick(task, 1)])
    facts = {"fulfilment_id": floor.fulfilment(number), "picked": 1, "picker": "test"}
    assert refused(recall(floor, number)) == ("work_begun", facts)
    assert floor.lying("LEEDS")["MUG", "STOCK"] == (2, 2)
    done([floor.pick(task)])
    assert refused(recall(floor, number)) == ("fulfilment_step", {"state": "picked"})
    done([floor.pack(number)])
    assert refused(recall(floor, number)) == ("fulfilment_step", {"state": "packed"})
    strange = new_id()
    [answer] = floor.run(recall_fulfilments, Recall(fulfilment_id=strange, actor="lead"))
    assert refused(answer) == ("not_found", {"fulfilment_id": strange})


def test_what_is_on_somebodys_walk_stays_there_until_the_walk_ends(floor: Floor) -> None:
    number = released(floor)
    [walk] = done(floor.run(claim_work, ClaimWork(site="LEEDS", picker="pia", actor="pia")))
    facts = {"fulfilment_id": floor.fulfilment(number), "picked": 0, "picker": "pia"}
    assert refused(recall(floor, number)) == ("work_begun", facts)
    done(floor.run(end_walk, EndWalk(walk_id=walk.id, actor="pia", reason="break")))
    assert recall(floor, number) == Recalled(floor.fulfilment(number), "planned", units=3)


def test_many_are_recalled_in_one_call_and_count_once_each(floor: Floor) -> None:
    floor.at(FRIDAY)
    floor.stock("LEEDS", MUG=9)
    numbers = [str(floor.place({"MUG": 1}).number) for _ in range(3)]
    for number in numbers:
        done([floor.release(number)])
    asked = [Recall(fulfilment_id=floor.fulfilment(number), actor="lead") for number in [*numbers, numbers[0]]]
    answers = done(floor.run(recall_fulfilments, *asked))
    assert [each.units for each in answers] == [1, 1, 1, 1]
    assert floor.rows("SELECT orders, units FROM release_day") == [(0, 0)]
    assert floor.value("SELECT count(*) FROM fact WHERE type = 'fulfilment_recalled'") == 3
