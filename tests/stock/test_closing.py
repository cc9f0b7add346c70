"""A transfer that ends short: what never arrived is written off, once and with a reason."""

import pytest

from orderwright.business.stock.actions import close_transfers, receive, transfer_in, transfer_out
from orderwright.business.stock.forms import (
    Arrival,
    ArrivalForm,
    Booked,
    CloseTransfer,
    CloseTransferForm,
    Dispatch,
    DispatchForm,
    DispatchLine,
    Pile,
    Receipt,
    ReceiptForm,
    ReceiptLine,
)
from tests.shelves import CLERK, book, counted, put_product, stocked, told


@pytest.fixture
def shop(tx):
    """Six mugs and two lots of milk are under way to York; four of the mugs came."""
    stocked(tx, ("LEEDS", "YORK"), MUG=10)
    put_product(tx, "MILK", tracking="lot")
    lots = [ReceiptLine(sku="MILK", quantity=3, lot=lot, unit_cost="2") for lot in ("A", "B")]
    book(tx, receive, Receipt, ReceiptForm(site="LEEDS", lines=lots))
    lines = [DispatchLine(sku="MUG", quantity=6), *(DispatchLine(sku="MILK", quantity=2, lot=lot) for lot in "AB")]
    book(tx, transfer_out, Dispatch, DispatchForm(site="LEEDS", to_site="YORK", lines=lines, reference="T-1"))
    came = [DispatchLine(sku="MUG", quantity=4)]
    book(tx, transfer_in, Arrival, ArrivalForm(site="YORK", from_site="LEEDS", transfer="T-1", lines=came))
    return tx


def close(tx, reason="lost", **changes):
    told_ = {"site": "YORK", "from_site": "LEEDS", "transfer": "T-1", "reason": reason, **changes}
    return book(tx, close_transfers, CloseTransfer, CloseTransferForm(**told_))


def on_paper(tx, code):
    """Units that went to a place on paper of Leeds, less those that left it, by sku."""
    rows = tx.rows(
        "SELECT m.sku, sum(CASE WHEN p.id = m.to_place THEN m.quantity ELSE -m.quantity END)::int AS units"
        " FROM stock_move m JOIN place p ON p.id IN (m.from_place, m.to_place)"
        " WHERE p.site = 'LEEDS' AND p.code = %(code)s GROUP BY m.sku ORDER BY m.sku",
        code=code,
    )
    return {row.sku: row.units for row in rows if row.units}


def test_what_never_arrived_is_lost_and_nothing_is_under_way_any_more(shop):
    closed = close(shop)
    assert closed == Booked(
        closed.id, "YORK", "T-1", [Pile("MILK", 2, "LOST", "A"), Pile("MILK", 2, "LOST", "B"), Pile("MUG", 2, "LOST")]
    )
    assert (on_paper(shop, "TRANSIT"), on_paper(shop, "LOST")) == ({}, {"MILK": 4, "MUG": 2})
    assert (counted(shop, "MUG"), counted(shop, "MUG", "YORK")) == ((4, 0), (14, 0))
    [(cost,)] = shop.rows("SELECT DISTINCT unit_cost_micro FROM stock_move WHERE cause LIKE 'transfer_close:%%' AND"
                          " sku = 'MILK'")  # fmt: skip
    assert cost == 2_000_000
    form = ArrivalForm(site="YORK", from_site="LEEDS", transfer="T-1")
    assert book(shop, transfer_in, Arrival, form).facts == {"transfer": "T-1"}


def test_what_was_damaged_is_scrap(shop):
    close(shop, "damaged")
    assert on_paper(shop, "SCRAP") == {"MILK": 4, "MUG": 2}


def test_a_transfer_is_closed_once(shop):
    first, again = close(shop), close(shop)
    assert (again.id, again.repeated, again.lines) == (first.id, True, first.lines)
    refusal = close(shop, "stolen")
    assert (refusal.code, refusal.facts) == ("transfer_differs", {"site": "LEEDS", "reference": "T-1"})
    assert on_paper(shop, "LOST") == {"MILK": 4, "MUG": 2}


def test_two_that_close_it_in_one_call_book_it_once(shop):
    form = CloseTransferForm(site="YORK", from_site="LEEDS", transfer="T-1", reason="lost")
    first, second = close_transfers(shop, [CloseTransfer(form=form, actor=CLERK)] * 2)
    assert (second.id, second.repeated) == (first.id, True)
    assert on_paper(shop, "LOST") == {"MILK": 4, "MUG": 2}


def test_what_all_arrived_or_was_never_sent_cannot_be_closed(shop):
    book(shop, transfer_in, Arrival, ArrivalForm(site="YORK", from_site="LEEDS", transfer="T-1"))
    assert (close(shop).code, close(shop).facts) == ("short_stock", {"transfer": "T-1"})
    assert told(close(shop, transfer="T-9")) == [("/transfer", "not_found")]
    assert told(close(shop, from_site="NOWHERE")) == [("/transfer", "not_found")]
    assert told(close(shop, site="LEEDS")) == [("/site", "site")]
    assert told(close(shop, transfer="T\0")) != []
    assert on_paper(shop, "LOST") == {}
