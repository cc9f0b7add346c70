"""Units arrive: where they lie, what they cost, and what may not come in."""

from datetime import date

import pytest

from orderwright.business.stock.actions import receive
from orderwright.business.stock.forms import Booked, Pile, Receipt, ReceiptForm, ReceiptLine
from orderwright.database.writer import Writer
from orderwright.values.refusal import Refusal
from tests.shelves import CLERK, book, counted, lying, moved, put_product, put_site, stocked, told


def receipt(*lines, reference="", site="LEEDS"):
    return ReceiptForm(site=site, lines=[ReceiptLine(**line) for line in lines], reference=reference)


def arrive(tx, *lines, **where):
    return book(tx, receive, Receipt, receipt(*lines, **where))


def cost(tx, sku="MUG"):
    return tx.row("SELECT cost_micro FROM availability WHERE sku = %(sku)s AND site = 'LEEDS'", sku=sku).cost_micro


def test_a_receipt_moves_units_from_the_supplier_into_the_bin(tx):
    stocked(tx, MUG=0, TEE=0)
    answer = arrive(tx, {"sku": "MUG", "quantity": 5}, {"sku": "TEE", "quantity": 2}, reference="R-1")
    assert answer == Booked(answer.id, "LEEDS", "R-1", [Pile("MUG", 5, "STOCK"), Pile("TEE", 2, "STOCK")])
    assert lying(tx) == {("MUG", "LEEDS", "STOCK"): 5, ("TEE", "LEEDS", "STOCK"): 2}
    assert (counted(tx, "MUG"), counted(tx, "TEE")) == ((5, 0), (2, 0))
    assert moved(tx) == [("MUG", "SUPPLIER", "STOCK", 5, "receive"), ("TEE", "SUPPLIER", "STOCK", 2, "receive")]
    rows = tx.rows("SELECT cause, cause_line, actor, occurred_at, recorded_at FROM stock_move ORDER BY id")
    assert rows == [("receipt:LEEDS/R-1", line, CLERK, tx.now, tx.now) for line in (1, 2)]


def test_the_same_receipt_again_is_answered_as_before_and_books_nothing(tx):
    stocked(tx, MUG=0)
    first = arrive(tx, {"sku": "MUG", "quantity": 5, "unit_cost": "3.1"}, reference="R-1")
    again = arrive(tx, {"sku": "MUG", "quantity": 5, "unit_cost": "3.1000"}, reference="R-1")
    assert (again.id, again.lines, again.repeated) == (first.id, first.lines, True)
    put_product(tx, "MUG", is_retired=True)
    assert arrive(tx, {"sku": "MUG", "quantity": 5, "unit_cost": "3.1"}, reference="R-1").repeated
    assert counted(tx, "MUG") == (5, 0)


def test_another_receipt_under_the_same_reference_is_refused(tx):
    stocked(tx, MUG=0)
    arrive(tx, {"sku": "MUG", "quantity": 5}, reference="R-1")
    refusal = arrive(tx, {"sku": "MUG", "quantity": 6}, reference="R-1")
    assert (refusal.code, refusal.facts) == ("receipt_differs", {"site": "LEEDS", "reference": "R-1"})
    assert counted(tx, "MUG") == (5, 0)
    assert len(moved(tx)) == 1


def test_references_are_a_sites_own_and_none_means_a_new_receipt_each_time(tx):
    stocked(tx, ("LEEDS", "YORK"), MUG=0)
    for site in ("LEEDS", "YORK"):
        assert not arrive(tx, {"sku": "MUG", "quantity": 1}, reference="R-1", site=site).repeated
    for _ in range(2):
        arrive(tx, {"sku": "MUG", "quantity": 1})
    assert (counted(tx, "MUG"), counted(tx, "MUG", "YORK")) == ((3, 0), (1, 0))


def test_twins_in_one_call_are_booked_once(tx):
    stocked(tx, MUG=0)
    form = receipt({"sku": "MUG", "quantity": 5}, reference="R-1")
    other = receipt({"sku": "MUG", "quantity": 4}, reference="R-1")
    first, twin, third = receive(tx, [Receipt(form=each, actor=CLERK) for each in (form, form, other)])
    assert (twin.id, twin.repeated, third.code) == (first.id, True, "receipt_differs")
    assert counted(tx, "MUG") == (5, 0)


def test_one_refused_receipt_spoils_no_other(tx):
    stocked(tx, MUG=0)
    good, bad = (
        receipt({"sku": "MUG", "quantity": 5}),
        receipt({"sku": "MUG", "quantity": 1}, {"sku": "NO", "quantity": 1}),
    )
    results = receive(tx, [Receipt(form=form, actor=CLERK) for form in (good, bad, good)])
    assert [isinstance(result, Refusal) for result in results] == [False, True, False]
    assert counted(tx, "MUG") == (10, 0)


def test_all_that_is_wrong_with_a_receipt_is_told_at_once(tx):
    stocked(tx, MUG=0, OLD=0, MILK=0)
    put_product(tx, "KIT", parts={"MUG": 2})
    put_product(tx, "OLD", is_retired=True)
    put_product(tx, "MILK", tracking="lot")
    wrong = [
        {"sku": "NONE", "quantity": 1}, {"sku": "KIT", "quantity": 1}, {"sku": "OLD", "quantity": 1},
        {"sku": "MILK", "quantity": 1}, {"sku": "MUG", "quantity": 1, "place": "LOST"},
        {"sku": "MUG", "quantity": 1, "place": "PACKING"}, {"sku": "MUG", "quantity": 1, "place": "Z-9"},
    ]  # fmt: skip
    refusal = arrive(tx, *wrong)
    assert refusal.code == "unknown_sku"
    assert told(refusal) == [
        ("/lines/0/sku", "unknown_sku"), ("/lines/1/sku", "kit_not_stocked"), ("/lines/2/sku", "retired_sku"),
        ("/lines/3/lot", "lot_needed"), ("/lines/4/place", "unknown_place"), ("/lines/5/place", "unknown_place"),
        ("/lines/6/place", "unknown_place"),
    ]  # fmt: skip
    assert lying(tx) == {}


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ({"unit_cost": "1.1234567"}, ("/lines/0/unit_cost", "bad_money")),
        ({"unit_cost": "-1"}, ("/lines/0/unit_cost", "bad_money")),
        ({"expires_on": date(2027, 1, 1)}, ("/lines/0/lot", "lot")),
        ({"lot": "a\0"}, ("/lines/0/lot", "nul")),
        ({"place": "\ud800"}, ("/lines/0/place", "lone_surrogate")),
    ],
)
def test_a_line_that_cannot_be_read_is_refused(tx, line, finding):
    stocked(tx, MUG=0)
    refusal = arrive(tx, {"sku": "MUG", "quantity": 1, **line}, reference="R-1")
    assert refusal.code == "malformed"
    assert told(refusal)[0] == finding
    assert lying(tx) == {}


def test_an_unknown_site_takes_nothing(tx):
    put_site(tx, "LEEDS")
    put_product(tx, "MUG")
    assert told(arrive(tx, {"sku": "MUG", "quantity": 1}, site="NOWHERE")) == [("/site", "unknown_site")]


def test_the_average_cost_follows_what_arrives_in_bins(tx):
    stocked(tx, MUG=0)
    arrive(tx, {"sku": "MUG", "quantity": 100, "unit_cost": "3.1"})
    assert cost(tx) == 3_100_000
    arrive(tx, {"sku": "MUG", "quantity": 50})  # no cost told: the average stays
    assert cost(tx) == 3_100_000
    arrive(tx, {"sku": "MUG", "quantity": 75, "unit_cost": "4"}, {"sku": "MUG", "quantity": 75, "unit_cost": "2.2"})
    assert cost(tx) == 3_100_000  # (150 x 3.1 + 75 x 4 + 75 x 2.2) / 300
    arrive(tx, {"sku": "MUG", "quantity": 9, "unit_cost": "99", "place": "QUARANTINE"})
    assert cost(tx) == 3_100_000
    assert counted(tx, "MUG") == (300, 0)
    assert lying(tx, "MUG") == {("LEEDS", "STOCK"): 300, ("LEEDS", "QUARANTINE"): 9}


def test_a_lot_has_one_date(tx):
    stocked(tx, MILK=0)
    june, july = date(2026, 6, 1), date(2026, 7, 1)
    arrive(tx, {"sku": "MILK", "quantity": 5, "lot": "A"})
    arrive(
        tx, {"sku": "MILK", "quantity": 5, "lot": "A", "expires_on": june}, {"sku": "MILK", "quantity": 1, "lot": "A"}
    )
    assert tx.rows("SELECT lot, expires_on FROM lot") == [("A", june)]
    refusal = arrive(tx, {"sku": "MILK", "quantity": 5, "lot": "A", "expires_on": july})
    assert told(refusal) == [("/lines/0/expires_on", "lot")]
    two = [{"sku": "MILK", "quantity": 1, "lot": "B", "expires_on": day} for day in (june, july)]
    assert told(arrive(tx, *two)) == [("/lines/1/expires_on", "lot")]
    assert counted(tx, "MILK") == (11, 0)


def test_twins_at_the_same_moment_are_booked_once(own_shelves):
    """Two processes book the same delivery at once: the later one finds the earlier one's answer."""
    with own_shelves.begin() as tx:
        stocked(tx, MUG=0)
    writers = [Writer(own_shelves), Writer(own_shelves)]
    for number in range(10):
        form = receipt({"sku": "MUG", "quantity": 5}, reference=f"R-{number}")
        waited = [writer.submit(receive, [Receipt(form=form, actor=CLERK)]) for writer in writers]
        [first], [second] = (each.result() for each in waited)
        assert first.id == second.id
        assert sorted([first.repeated, second.repeated]) == [False, True]
    for writer in writers:
        writer.stop()
    with own_shelves.read() as tx:
        assert counted(tx, "MUG") == (50, 0)
