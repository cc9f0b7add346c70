"""Cartons are stock too: they arrive, are counted, wasted and used, and the journal says why there are so many."""

from orderwright.business.shipping.packing.cartons import list_carton_stock, list_cartons, put_cartons, stock_cartons
from orderwright.business.shipping.packing.forms import CartonForm, PutCarton, StockCartons
from tests.floor import refused
from tests.packing.bench import Bench


def moves(bench):
    return [(row.kind, row.quantity) for row in bench.rows("SELECT kind, quantity FROM carton_move ORDER BY id")]


def test_cartons_arrive_are_wasted_and_counted(bench: Bench) -> None:
    assert bench.cartons_arrive("S", 10, low_at=3).quantity == 10
    assert bench.cartons_arrive("S", 2, kind="waste").quantity == 8
    counted = bench.cartons_arrive("S", 3, kind="count")
    assert (counted.quantity, counted.is_low) == (3, True)
    assert bench.cartons_arrive("S", 3, kind="count").quantity == 3  # nothing changed, nothing written
    assert moves(bench) == [("receive", 10), ("waste", -2), ("count", -5)]


def test_a_delivery_told_twice_is_booked_once(bench: Bench) -> None:
    assert bench.cartons_arrive("S", 10, reference="D-1").repeated is False
    again = bench.cartons_arrive("S", 10, reference="D-1")
    assert (again.quantity, again.repeated) == (10, True)
    assert refused(bench.cartons_arrive("S", 11, reference="D-1")) == (
        "adjustment_differs", {"reference": "D-1", "booked": 10},
    )  # fmt: skip
    twins = [StockCartons(carton="S", site="LEEDS", kind="receive", quantity=5, reference="D-2", actor="t")] * 2
    assert [each.quantity for each in bench.run(stock_cartons, *twins)] == [15, 15]


def test_what_is_low_is_told(bench: Bench) -> None:
    bench.cartons_arrive("S", 2, low_at=5)
    bench.cartons_arrive("L", 20, low_at=5)
    with bench.store.read() as tx:
        assert [each.carton for each in list_carton_stock(tx, "LEEDS", low=True)] == ["S"]
        assert [each.carton for each in list_carton_stock(tx, "LEEDS")] == ["L", "S"]
        assert [(each.code, each.tare_g) for each in list_cartons(tx)] == [("L", 400), ("S", 100)]


def test_what_cannot_be_booked_is_refused_and_changes_nothing(bench: Bench) -> None:
    assert refused(bench.cartons_arrive("XL", 1))[0] == "unknown_carton"
    assert refused(bench.cartons_arrive("S", 1, site="MARS"))[0] == "unknown_site"
    assert refused(bench.cartons_arrive("S", 0))[0] == "malformed"
    assert refused(bench.cartons_arrive("S\x00", 1))[0] == "malformed"
    small = CartonForm(length_mm=200, width_mm=100, height_mm=100, outer_length_mm=190)
    assert refused(bench.one(put_cartons, PutCarton(code="Q", form=small, actor="t")))[0] == "malformed"
    assert refused(bench.one(put_cartons, PutCarton(code="A,B", form=small, actor="t")))[0] == "malformed"
    assert (moves(bench), bench.left()) == ([], {})
