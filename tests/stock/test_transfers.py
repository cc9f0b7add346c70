"""Units change places, within a site and between sites, and none is lost on the way."""

import pytest

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.stock.actions import (
    Want,
    commit_bins,
    dispatch_shortfalls,
    give_back,
    receive,
    take,
    transfer,
    transfer_in,
    transfer_out,
    transfer_shortfalls,
)
from orderwright.business.stock.forms import (
    Arrival,
    ArrivalForm,
    Booked,
    Dispatch,
    DispatchForm,
    DispatchLine,
    Pile,
    Receipt,
    ReceiptForm,
    ReceiptLine,
    Transfer,
    TransferForm,
    TransferLine,
)
from orderwright.business.stock.rules import Shortfall
from tests.shelves import CLERK, book, counted, lying, moved, place_id, put_product, stocked, told


@pytest.fixture
def shop(tx):
    stocked(tx, ("LEEDS", "YORK"), MUG=10, TEE=4)
    put_places(tx, [PutPlace(site="LEEDS", code="A-1", form=PlaceForm(aisle=1), actor=CLERK)])
    return tx


def inside(*lines, reference=""):
    return TransferForm(site="LEEDS", lines=[TransferLine(**line) for line in lines], reference=reference)


def shift(tx, *lines, reference=""):
    return book(tx, transfer, Transfer, inside(*lines, reference=reference))


def away(*lines, reference="", to_site="YORK"):
    return DispatchForm(
        site="LEEDS", to_site=to_site, lines=[DispatchLine(**line) for line in lines], reference=reference
    )


def send(tx, *lines, **where):
    return book(tx, transfer_out, Dispatch, away(*lines, **where))


def take_in(tx, *lines, name="T-1", reference="", site="YORK"):
    form = ArrivalForm(
        site=site, from_site="LEEDS", transfer=name, lines=[DispatchLine(**line) for line in lines], reference=reference
    )
    return book(tx, transfer_in, Arrival, form)


def in_transit(tx):
    rows = tx.rows(
        "SELECT m.sku, sum(CASE WHEN m.to_place = p.id THEN quantity ELSE -quantity END)::bigint AS units"
        " FROM stock_move m JOIN place p ON p.code = 'TRANSIT' AND p.id IN (m.from_place, m.to_place) GROUP BY m.sku"
    )
    return {row.sku: row.units for row in rows if row.units}


def test_from_bin_to_bin_nothing_else_changes(shop):
    answer = shift(shop, {"sku": "MUG", "quantity": 4, "to_place": "A-1"})
    assert answer == Booked(answer.id, "LEEDS", "", [Pile("MUG", 4, "A-1")])
    assert lying(shop, "MUG") == {("LEEDS", "STOCK"): 6, ("LEEDS", "A-1"): 4, ("YORK", "STOCK"): 10}
    assert counted(shop, "MUG") == (10, 0)
    assert moved(shop)[-1] == ("MUG", "STOCK", "A-1", 4, "transfer")


def test_to_quarantine_and_back_lowers_and_raises_what_is_on_hand(shop):
    shift(shop, {"sku": "MUG", "quantity": 4, "to_place": "QUARANTINE"})
    assert counted(shop, "MUG") == (6, 0)
    shift(shop, {"sku": "MUG", "quantity": 3, "from_place": "QUARANTINE", "to_place": "A-1"})
    assert counted(shop, "MUG") == (9, 0)


def test_a_transfer_is_whole_or_nothing(shop):
    refusal = shift(
        shop, {"sku": "TEE", "quantity": 4, "to_place": "A-1"}, {"sku": "MUG", "quantity": 11, "to_place": "A-1"}
    )
    assert refusal.facts == {"sku": "MUG", "place": "STOCK", "lot": "", "wanted": 11, "free": 10}
    twice = [{"sku": "MUG", "quantity": 6, "to_place": place} for place in ("A-1", "QUARANTINE")]
    assert shift(shop, *twice).code == "short_stock"
    assert lying(shop, "TEE") == {("LEEDS", "STOCK"): 4, ("YORK", "STOCK"): 4}


def test_units_on_a_pick_list_stay_in_their_bin(shop):
    take(shop, {("MUG", "LEEDS"): 7}, {})
    commit_bins(shop, [Want("o", "MUG", "LEEDS", 7)])
    form = inside({"sku": "MUG", "quantity": 5, "to_place": "A-1"})
    wanted = [Transfer(form=form, actor=CLERK)]
    assert transfer_shortfalls(shop, wanted) == [Shortfall("MUG", "LEEDS", 0, ((place_id(shop, "STOCK"), "", 2),))]
    assert transfer(shop, wanted)[0].facts == {"sku": "MUG", "place": "STOCK", "lot": "", "wanted": 5, "free": 3}
    assert shift(shop, {"sku": "MUG", "quantity": 3, "to_place": "A-1"}).lines == [Pile("MUG", 3, "A-1")]


def test_promised_units_go_to_quarantine_only_when_freed(shop):
    take(shop, {("MUG", "LEEDS"): 8}, {})
    line = {"sku": "MUG", "quantity": 5, "to_place": "QUARANTINE"}
    wanted = [Transfer(form=inside(line), actor=CLERK)]
    assert transfer_shortfalls(shop, wanted) == [Shortfall("MUG", "LEEDS", 3, ())]
    assert shift(shop, line).code == "short_stock"
    give_back(shop, {("MUG", "LEEDS"): 3})
    assert isinstance(shift(shop, line), Booked)
    assert counted(shop, "MUG") == (5, 5)


def test_one_transfer_reference_is_booked_once(shop):
    line = {"sku": "MUG", "quantity": 4, "to_place": "A-1"}
    first, again = shift(shop, line, reference="T-1"), shift(shop, line, reference="T-1")
    assert (again.id, again.repeated) == (first.id, True)
    assert shift(shop, {**line, "quantity": 5}, reference="T-1").code == "transfer_differs"
    assert lying(shop, "MUG")["LEEDS", "A-1"] == 4


def test_all_that_is_wrong_with_a_transfer_is_told_at_once(shop):
    refusal = shift(
        shop, {"sku": "NO", "quantity": 1, "to_place": "A-1"}, {"sku": "MUG", "quantity": 1, "to_place": "STOCK"},
        {"sku": "MUG", "quantity": 1, "from_place": "LOST", "to_place": "X"},
    )  # fmt: skip
    assert refusal.code == "malformed"
    assert told(refusal) == [
        ("/lines/0/sku", "unknown_sku"), ("/lines/1/to_place", "place"), ("/lines/2/from_place", "unknown_place"),
        ("/lines/2/to_place", "unknown_place"),
    ]  # fmt: skip


def test_what_leaves_for_another_site_is_in_transit_until_it_arrives(shop):
    sent = send(shop, {"sku": "MUG", "quantity": 6}, {"sku": "TEE", "quantity": 1}, reference="T-1")
    assert sent == Booked(sent.id, "LEEDS", "T-1", [Pile("MUG", 6, "STOCK"), Pile("TEE", 1, "STOCK")], "YORK")
    assert (counted(shop, "MUG"), counted(shop, "MUG", "YORK")) == ((4, 0), (10, 0))
    assert in_transit(shop) == {"MUG": 6, "TEE": 1}
    assert take_in(shop, {"sku": "MUG", "quantity": 2, "place": "QUARANTINE"}).lines == [Pile("MUG", 2, "QUARANTINE")]
    assert counted(shop, "MUG", "YORK") == (10, 0)
    assert take_in(shop).lines == [Pile("MUG", 4, "STOCK"), Pile("TEE", 1, "STOCK")]
    assert (counted(shop, "MUG", "YORK"), counted(shop, "TEE", "YORK")) == ((14, 0), (5, 0))
    assert in_transit(shop) == {}
    assert take_in(shop).facts == {"transfer": "T-1"}


def test_a_dispatch_without_a_reference_is_given_one(shop):
    sent = send(shop, {"sku": "MUG", "quantity": 1})
    assert sent.reference == sent.id
    assert take_in(shop, name=sent.reference).lines == [Pile("MUG", 1, "STOCK")]


def test_no_more_arrives_than_was_sent(shop):
    send(shop, {"sku": "MUG", "quantity": 6}, reference="T-1")
    too_much = [{"sku": "MUG", "quantity": 4}, {"sku": "MUG", "quantity": 3, "place": "QUARANTINE"}]
    refusal = take_in(shop, *too_much)
    assert (refusal.code, refusal.facts) == ("short_stock", {"sku": "MUG", "lot": "", "wanted": 7, "free": 6})
    assert take_in(shop, {"sku": "TEE", "quantity": 1}).code == "short_stock"
    assert in_transit(shop) == {"MUG": 6}


def test_dispatch_and_arrival_are_each_booked_once(shop):
    line = {"sku": "MUG", "quantity": 6}
    first, again = send(shop, line, reference="T-1"), send(shop, line, reference="T-1")
    assert (again.id, again.to_site, again.repeated) == (first.id, "YORK", True)
    assert send(shop, line, {"sku": "TEE", "quantity": 1}, reference="T-1").code == "transfer_differs"
    part = {"sku": "MUG", "quantity": 2}
    first, again = take_in(shop, part, reference="D-1"), take_in(shop, part, reference="D-1")
    assert (again.id, again.repeated) == (first.id, True)
    assert take_in(shop, reference="D-1").code == "transfer_differs"
    assert (counted(shop, "MUG"), counted(shop, "MUG", "YORK")) == ((4, 0), (12, 0))


def test_arrivals_in_one_call_see_each_other(shop):
    send(shop, {"sku": "MUG", "quantity": 6}, reference="T-1")
    form = ArrivalForm(site="YORK", from_site="LEEDS", transfer="T-1", lines=[DispatchLine(sku="MUG", quantity=4)])
    first, second = transfer_in(shop, [Arrival(form=form, actor=CLERK)] * 2)
    assert (first.lines, second.facts["free"]) == ([Pile("MUG", 4, "STOCK")], 2)


def test_a_transfer_arrives_where_it_was_sent(shop):
    send(shop, {"sku": "MUG", "quantity": 6}, reference="T-1")
    assert told(take_in(shop, site="LEEDS")) == [("/site", "site")]
    assert told(take_in(shop, name="T-2")) == [("/transfer", "not_found")]
    assert told(take_in(shop, {"sku": "MUG", "quantity": 1, "place": "X"})) == [("/lines/0/place", "unknown_place")]
    assert told(send(shop, {"sku": "MUG", "quantity": 1}, to_site="LEEDS")) == [("/to_site", "site")]
    assert told(send(shop, {"sku": "MUG", "quantity": 1}, to_site="NO")) == [("/to_site", "unknown_site")]


def test_promised_units_do_not_leave_for_another_site(shop):
    take(shop, {("MUG", "LEEDS"): 8}, {})
    wanted = [Dispatch(form=away({"sku": "MUG", "quantity": 5}), actor=CLERK)]
    assert dispatch_shortfalls(shop, wanted) == [Shortfall("MUG", "LEEDS", 3, ())]
    assert transfer_out(shop, wanted)[0].code == "short_stock"
    assert counted(shop, "MUG") == (10, 8)


def test_units_take_their_cost_along(shop):
    put_product(shop, "PEN")
    for site, cost in (("LEEDS", "2"), ("YORK", "4")):
        lines = [ReceiptLine(sku="PEN", quantity=10, unit_cost=cost)]
        book(shop, receive, Receipt, ReceiptForm(site=site, lines=lines))
    send(shop, {"sku": "PEN", "quantity": 5}, reference="T-1")
    take_in(shop)
    rows = shop.rows("SELECT site, cost_micro FROM availability WHERE sku = 'PEN' ORDER BY site")
    assert rows == [("LEEDS", 2_000_000), ("YORK", 3_333_333)]  # (10 x 4 + 5 x 2) / 15
