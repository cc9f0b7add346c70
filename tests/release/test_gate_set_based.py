"""The gate costs the same statements for one order as for twenty, and reads no big table through."""

import pytest

from orderwright.business.deeds.recall import recall_fulfilments
from orderwright.business.deeds.release import release_due
from orderwright.business.warehouse.forms import Recall, ReleaseDue
from orderwright.business.warehouse.release_board import get_board
from orderwright.business.warehouse.release_policy import TruckForm
from orderwright.business.warehouse.release_why import reasons_for
from tests.floor import Floor
from tests.release.test_gate import orders, policy, stocked
from tests.warehouse.test_set_based import statements, watched


def there_and_back(floor: Floor, monkeypatch: pytest.MonkeyPatch, count: int) -> dict[str, int]:
    """Statements of letting out and taking back that many orders at each of two sites, and of looking at them."""
    told: dict[str, int] = {}
    numbers = orders(floor, *[{"MUG": 1}] * count, *[{"TEE": 1}] * count)
    ids = [row.id for number in numbers for row in floor.fulfilments(number)]
    asked = [ReleaseDue(site=site, actor="clock") for site in ("LEEDS", "GLASGOW")]
    with watched(monkeypatch) as seen, floor.store.read() as tx:
        reasons_for(tx, ids)
        told["why"] = seen.count
        get_board(tx, "LEEDS")
        told["board"] = seen.count
    assert seen.read_through == []
    answers, told["release"] = statements(floor, monkeypatch, release_due, asked)
    assert [len(each.released) for each in answers] == [count, count]
    back = [Recall(fulfilment_id=id_, actor="lead") for id_ in ids]
    _, told["recall"] = statements(floor, monkeypatch, recall_fulfilments, back)
    for number in numbers:
        floor.pick_all(number)  # out of the way
    return told


def test_twenty_orders_cost_the_statements_of_one(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    stocked(floor, MUG=("A", 99))
    floor.stock("GLASGOW", TEE=99)
    for site in ("LEEDS", "GLASGOW"):
        trucks = [TruckForm(leaves_at="15:00"), TruckForm(leaves_at="11:00", service="express")]
        policy(floor, site, orders_max=99, zones={"A": 99}, trucks=trucks)
    there_and_back(floor, monkeypatch, 1)
    one = there_and_back(floor, monkeypatch, 1)
    assert there_and_back(floor, monkeypatch, 20) == one
