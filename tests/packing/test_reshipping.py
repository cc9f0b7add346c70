"""A parcel the carrier lost is sent again: its contents alone, and nothing is invoiced twice."""

from datetime import timedelta
from typing import Any

from orderwright.business.deeds.invoice import issue_invoices
from orderwright.business.deeds.reship import Reship, reship_parcels
from orderwright.business.shipping.forms import PackedLine, ParcelForm
from orderwright.database.tasks import Task
from orderwright.values.ids import new_id
from tests.floor import done, refused
from tests.packing.bench import Bench


def reship(bench: Bench, parcel_id: str) -> Any:
    return bench.one(reship_parcels, Reship(parcel_id=parcel_id, actor="test"))


def lost(bench: Bench, number: str) -> Any:
    """Three parcels of an order leave, the second is lost; that one."""
    parts = [ParcelForm(lines=[PackedLine(reference=ref, quantity=n)]) for ref, n in (("1", 1), ("1", 2), ("2", 1))]
    parcels = bench.pack(number, parcels=parts).parcels
    bench.buy_labels()
    done([bench.hand_over(each.id) for each in parcels])
    code = bench.value("SELECT tracking_code FROM parcel WHERE id = %(id)s", id=parcels[1].id)
    with bench.store.read() as tx:
        at = tx.now + timedelta(hours=1)
    bench.at(at)
    done([bench.scan(code, "lost", at)])
    return parcels[1]


def money(bench: Bench, number: str) -> list[Any]:
    """What the books say of an order."""
    return bench.rows(
        "SELECT e.* FROM ledger_entry e JOIN orders o ON o.id = e.order_id WHERE o.number = %(number)s ORDER BY e.id",
        number=number,
    )


def test_one_of_three_parcels_lost_only_its_contents_go_again(bench: Bench) -> None:
    """Edge case 61."""
    number = bench.picked(MUG=3, TEE=1)
    parcel = lost(bench, number)
    bench.stock("LEEDS", MUG=5)
    before = (bench.units(number), money(bench, number), bench.state(number))
    assert "parcel_lost" in bench.exceptions()
    answer = reship(bench, parcel.id)
    assert (answer.parcel, answer.state, answer.repeated) == (parcel.number, "allocated", False)
    assert bench.units(answer.order) == [("MUG", {"allocated": 2})]
    assert "parcel_lost" not in bench.exceptions()
    assert (bench.units(number), money(bench, number), bench.state(number)) == before
    bench.shipped(answer.order)
    assert bench.state(answer.order) == "shipped"
    assert (bench.units(number), money(bench, number), bench.state(number)) == before
    total = "SELECT total_minor FROM orders WHERE number = %(number)s"
    assert bench.value(total, number=answer.order) == 0
    gone = [row.id for row in bench.rows("SELECT id::text FROM parcel ORDER BY number")]
    with bench.begin() as tx:
        issue_invoices(tx, [Task("", "issue_invoice", id_, 1, "running", {}) for id_ in gone])
    papers = "SELECT count(*) FROM paper p JOIN orders o ON o.id = p.order_id WHERE o.number = %(number)s"
    assert [bench.value(papers, number=each) for each in (number, answer.order)] == [1, 0]  # none for nothing
    assert bench.facts(parcel.id)[-1] == "parcel_reshipped"


def test_asked_twice_it_is_sent_once(bench: Bench) -> None:
    parcel = lost(bench, bench.picked(MUG=3, TEE=1))
    first, again = bench.run(reship_parcels, *[Reship(parcel_id=parcel.id, actor="test")] * 2)
    later = reship(bench, parcel.id)
    assert (first.repeated, again.repeated, later.repeated) == (False, True, True)
    assert {first.order, again.order, later.order} == {first.order}


def test_a_parcel_that_is_not_lost_is_not_sent_again(bench: Bench) -> None:
    [packed] = bench.pack(bench.picked(MUG=1)).parcels
    assert refused(reship(bench, packed.id)) == ("parcel_step", {"state": "packed"})
    assert refused(reship(bench, new_id()))[0] == "not_found"
