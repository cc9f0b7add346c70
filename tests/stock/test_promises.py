"""What is taken, given back, waited for and kept; and what many buyers at once may get."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import psycopg
import pytest

from orderwright.business.catalog.forms import BufferForm
from orderwright.business.stock.actions import (
    allocate_freely,
    give_back,
    put_safety_stock,
    take,
    wait_less,
    wait_more,
)
from orderwright.business.stock.forms import SafetyStock, SafetyStockKept
from orderwright.business.stock.reads import Free, free_for, withheld_at
from tests.shelves import CLERK, counted, put_channel, put_product, put_site, stocked, told

MUG, TEE = ("MUG", "LEEDS"), ("TEE", "LEEDS")


def waiting(tx, sku):
    return [row.waiting for row in tx.rows("SELECT waiting FROM availability WHERE sku = %(sku)s", sku=sku)]


def test_what_is_free_is_taken_and_what_is_not_is_named(tx):
    stocked(tx, MUG=5, TEE=1)
    assert take(tx, {MUG: 5, TEE: 2, ("NONE", "LEEDS"): 1}, {}) == {TEE, ("NONE", "LEEDS")}
    assert (counted(tx, "MUG"), counted(tx, "TEE")) == ((5, 5), (1, 0))
    assert take(tx, {MUG: 1}, {}) == {MUG}


def test_two_lines_that_fit_alone_but_not_together_do_not_both_pass(tx):
    """One order, two lines of 3 of the same product with different gift notes, 5 there."""
    stocked(tx, MUG=5)
    assert take(tx, {MUG: 3 + 3}, {}) == {MUG}
    assert counted(tx, "MUG") == (5, 0)


def test_waiting_safety_stock_and_what_is_kept_are_not_taken(tx):
    stocked(tx, MUG=10)
    wait_more(tx, {"MUG": 2})
    put_safety_stock(tx, [SafetyStock(sku="MUG", site="LEEDS", units=3, actor=CLERK)])
    assert take(tx, {MUG: 4}, {MUG: 2}) == {MUG}
    assert take(tx, {MUG: 3}, {MUG: 2}) == set()
    assert take(tx, {MUG: 2}, {}) == set()
    assert take(tx, {MUG: 1}, {}) == {MUG}
    allocate_freely(tx, {MUG: 5})  # a backorder's claim: on hand is the only limit
    assert counted(tx, "MUG") == (10, 10)


def test_what_is_given_back_is_free_again(tx):
    stocked(tx, MUG=5)
    take(tx, {MUG: 5}, {})
    give_back(tx, {MUG: 2})
    assert take(tx, {MUG: 2}, {}) == set()
    assert counted(tx, "MUG") == (5, 5)


def test_counters_never_go_below_nothing_nor_above_what_is_there(tx):
    stocked(tx, MUG=5)
    for change in (lambda: give_back(tx, {MUG: 1}), lambda: allocate_freely(tx, {MUG: 6})):
        with pytest.raises(psycopg.errors.CheckViolation), tx.connection.transaction():
            change()
    with pytest.raises(LookupError):
        give_back(tx, {("NONE", "LEEDS"): 1})
    assert counted(tx, "MUG") == (5, 0)


def test_who_waits_waits_at_every_site(tx):
    stocked(tx, ("LEEDS", "YORK"), MUG=0, TEE=0)
    wait_more(tx, {"MUG": 5, "TEE": 1})
    wait_less(tx, {"MUG": 2, "TEE": 0})
    wait_less(tx, {})
    assert (waiting(tx, "MUG"), waiting(tx, "TEE")) == ([3, 3], [1, 1])


def test_safety_stock_is_for_known_stocked_products_at_known_sites(tx):
    stocked(tx, MUG=5)
    put_product(tx, "KIT", parts={"MUG": 1})
    good = SafetyStock(sku="MUG", site="LEEDS", units=2, actor=CLERK)
    bad = [SafetyStock(sku=sku, site=site, units=1, actor=CLERK) for sku, site in (("KIT", "LEEDS"), ("NO", "NO"))]
    first, kit, unknown = put_safety_stock(tx, [good, *bad])
    assert first == SafetyStockKept("MUG", "LEEDS", 2)
    assert told(kit) == [("/sku", "kit_not_stocked")]
    assert told(unknown) == [("/sku", "unknown_sku"), ("/site", "unknown_site")]
    assert tx.rows("SELECT safety_stock FROM availability") == [(2,)]


def test_the_most_specific_buffer_is_what_is_withheld():
    withheld = {("", ""): 1, ("", "LEEDS"): 2, ("MUG", ""): 3, ("MUG", "LEEDS"): 4}
    assert withheld_at(withheld, "MUG", "LEEDS") == 4
    assert withheld_at(withheld, "MUG", "YORK") == 3
    assert withheld_at(withheld, "TEE", "LEEDS") == 2
    assert withheld_at(withheld, "TEE", "YORK") == 1
    assert withheld_at({}, "TEE", "YORK") == 0


def test_a_component_sold_alone_and_inside_two_kits_is_promised_once(tx):
    stocked(tx, MUG=10, TEE=3)
    put_product(tx, "PAIR", parts={"MUG": 2})
    put_product(tx, "GIFT", parts={"MUG": 3, "TEE": 1})
    asked = ("MUG", "PAIR", "GIFT", "NONE")
    totals = {sku: free.total for sku, free in free_for(tx, asked).items()}
    assert totals == {"MUG": 10, "PAIR": 5, "GIFT": 3}
    take(tx, {MUG: 5}, {})  # five sold alone
    take(tx, {MUG: 2}, {})  # and a pair
    assert {sku: free.total for sku, free in free_for(tx, asked).items()} == {"MUG": 3, "PAIR": 1, "GIFT": 1}
    assert take(tx, {MUG: 2 + 3, TEE: 1}, {}) == {MUG}  # a pair and a gift together are too much


def test_free_for_a_channel_counts_kits_by_site_and_leaves_out_what_is_withheld(tx):
    stocked(tx, ("LEEDS", "YORK"), MUG=5, TEE=5)
    put_product(tx, "GIFT", parts={"MUG": 2, "TEE": 1})
    put_site(tx, "YORK", is_active=True)
    put_channel(tx, "web", [BufferForm(withheld=1), BufferForm(withheld=9, sku="TEE", site="YORK")])
    tx.revision += 1
    assert free_for(tx, ["MUG", "TEE", "GIFT"], "web") == {
        "MUG": Free({"LEEDS": 4, "YORK": 4}, 8),
        "TEE": Free({"LEEDS": 4, "YORK": 0}, 4),
        "GIFT": Free({"LEEDS": 2, "YORK": 0}, 2),
    }


def test_a_closed_site_promises_nothing(tx):
    stocked(tx, ("LEEDS", "YORK"), MUG=5)
    put_site(tx, "YORK", is_active=False)
    assert free_for(tx, ["MUG"]) == {"MUG": Free({"LEEDS": 5}, 5)}


@pytest.fixture
def fair(own_shelves):
    """Two products at two sites, 60 units of each at each, committed."""
    with own_shelves.begin() as tx:
        stocked(tx, ("LEEDS", "YORK"), MUG=60, TEE=60)
    return own_shelves


def test_buyers_at_the_same_moment_get_exactly_what_is_there(fair):
    """Four buyers in a hurry want far more than there is, in baskets of two lines, some giving back again."""

    def shop(seed):
        chance, mine = Random(seed), 0
        for _ in range(60):
            # In no order of their own: the rows must be locked in one order all the same.
            skus = chance.sample(["MUG", "TEE"], 2)
            sites = chance.choices(["LEEDS", "YORK"], k=2)
            wants = {pair: chance.randint(1, 3) for pair in zip(skus, sites, strict=True)}
            with fair.begin() as tx:
                missed = take(tx, wants, {})
                got = {pair: units for pair, units in wants.items() if pair not in missed}
                if got and chance.random() < 0.2:
                    give_back(tx, got)
                else:
                    mine += sum(got.values())
        return mine

    with ThreadPoolExecutor(4) as crowd:
        sold = sum(crowd.map(shop, range(4)))
    with fair.read() as tx:
        rows = tx.rows("SELECT allocated FROM availability")
    assert [row.allocated for row in rows] == [60] * 4
    assert sold == 240


def test_a_site_that_opens_while_somebody_starts_to_wait_counts_that_too(fair):
    """The new site's rows are made from what waited before; who waits meanwhile is added to them as well."""

    def wait():
        with fair.begin() as second:
            wait_more(second, {"MUG": 4})

    with ThreadPoolExecutor(1) as other:
        with fair.begin() as tx:
            put_site(tx, "HULL")
            late = other.submit(wait)
            while not tx.row("SELECT 1 FROM pg_sleep(0.01), pg_locks WHERE NOT granted"):
                assert not late.done()
        late.result()
    with fair.read() as tx:
        assert waiting(tx, "MUG") == [4, 4, 4]
