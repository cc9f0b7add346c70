"""The benchmark's orders with proven optima: gaps and faults; times are the benchmark's own affair."""

from bench.carton_choice import FLOATING, items_of, measure, read_cartons, read_orders, searched, seventy_per_cent

COSTS, CARTONS = read_cartons()


def measured(kind, method, step=1):
    orders = [order for order in read_orders() if order["kind"].startswith(kind)][::step]
    return measure(orders, COSTS, CARTONS, method, 1)


def test_catalogue_orders_are_packed_at_most_1_per_cent_above_the_optimum():
    figures = measured("catalogue", searched(FLOATING, compiled=False))
    assert (figures["orders"], figures["infeasible"], figures["below_optimum"]) == (300, 0, 0)
    assert figures["gap_mean_pct"] <= 1.0


def test_planted_and_random_orders_are_packed_as_they_can_be():
    for kind in ("plant", "rand"):
        figures = measured(kind, searched(FLOATING, compiled=False), step=4)
        assert (figures["infeasible"], figures["below_optimum"]) == (0, 0)


def test_the_rule_of_thumb_chooses_cartons_that_are_too_small():
    assert measured("catalogue", seventy_per_cent)["infeasible"] == 13


def test_equal_sizes_are_one_product():
    assert [(each.sku, each.quantity) for each in items_of({"items": [[3, 2, 1], [3, 2, 1], [4, 2, 1]]})] == [
        ("3x2x1", 2),
        ("4x2x1", 1),
    ]
