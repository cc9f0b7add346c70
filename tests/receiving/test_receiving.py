"""Goods come in: counted, looked at, taken to the bench or to quarantine."""

from datetime import date, timedelta

import pytest

from orderwright.business.purchasing.delivery_forms import DeliveryLineForm as Line
from orderwright.business.purchasing.rules import Arriving, Tolerance, judge
from orderwright.settings import PutSettings, put_settings
from tests.floor import done, refused
from tests.receiving.conftest import Buying

TODAY = date(2026, 11, 20)


def test_what_came_is_not_on_hand_until_it_is_put_away(shop: Buying):
    shop.came("", MUG=10)
    assert shop.counters("MUG", "LEEDS") == (0, 0)
    done([shop.stow("MUG", 10, "STOCK")])
    assert shop.counters("MUG", "LEEDS") == (10, 0)


def test_goods_may_come_that_nobody_ordered(shop: Buying):
    delivered = done([shop.come("", Line(sku="MUG", accepted=10, unit_cost="2.00"))])[0]
    assert (delivered.purchase, delivered.lines[0].accepted) == ("", 10)


def test_rejected_goods_go_to_quarantine_with_reason_and_photo_and_are_still_to_come(shop: Buying):
    purchase = shop.ordered(MUG=10)
    line = Line(sku="MUG", accepted=6, rejected=4, reason="damaged", photo="photos/1.jpg")
    done([shop.come(purchase, line)])
    assert shop.lying("LEEDS") == {("MUG", "RECEIVING"): (6, 0), ("MUG", "QUARANTINE"): (4, 0)}
    assert shop.line(purchase) == {"quantity": 10, "accepted": 6, "rejected": 4}
    [kept] = shop.rows("SELECT reason, photo FROM delivery_line")
    assert (kept.reason, kept.photo, shop.purchase_state(purchase)) == ("damaged", "photos/1.jpg", "part_received")


def test_the_same_delivery_twice_counts_once(shop: Buying):
    purchase = shop.ordered(MUG=10)
    first = shop.come(purchase, Line(sku="MUG", accepted=4), reference="D-1")
    again = shop.come(purchase, Line(sku="MUG", accepted=4), reference="D-1")
    assert (again.id, again.repeated, shop.line(purchase)["accepted"]) == (first.id, True, 4)
    assert refused(shop.come(purchase, Line(sku="MUG", accepted=5), reference="D-1"))[0] == "delivery_differs"
    assert shop.line(purchase)["accepted"] == 4


def test_an_unordered_product_in_a_delivery_is_held(shop: Buying):
    purchase = shop.ordered(MUG=10)
    delivered = shop.came(purchase, HAT=2)
    assert [(line.accepted, line.held, line.held_for) for line in delivered.lines] == [(0, 2, "over")]


def test_within_the_tolerance_more_is_taken_in_and_little_missing_is_not_waited_for(shop: Buying):
    values = {"receiving.over_permille": 50, "receiving.under_permille": 20}
    done(shop.run(put_settings, PutSettings(values=values, actor="test")))
    over, under = shop.ordered(MUG=100), shop.ordered(TEE=100)
    assert shop.came(over, MUG=105).lines[0].held == 0
    assert shop.came(under, TEE=98).purchase_state == "received"
    assert shop.line(under, "TEE") == {"quantity": 100, "accepted": 98, "cancelled": 2}


def test_a_lot_past_its_date_goes_to_quarantine_whoever_confirms_it(shop: Buying):
    shop.product("MILK", tracking="lot")
    line = Line(sku="MILK", accepted=5, lot="L1", expires_on=TODAY - timedelta(days=1), confirm_over=True)
    [delivered] = done([shop.come("", line)])
    assert (delivered.lines[0].held, delivered.lines[0].held_for) == (5, "expired")
    assert shop.lying("LEEDS") == {("MILK", "QUARANTINE"): (5, 0)}


def test_lots_are_captured_with_their_dates(shop: Buying):
    shop.product("MILK", tracking="lot")
    assert refused(shop.come("", Line(sku="MILK", accepted=5)))[0] == "lot_needed"
    done([shop.come("", Line(sku="MILK", accepted=5, lot="L1", expires_on=date(2027, 1, 1)))])
    assert shop.value("SELECT expires_on FROM lot WHERE lot = 'L1'") == date(2027, 1, 1)
    findings = refused(shop.come("", Line(sku="MILK", accepted=5, lot="L1", expires_on=date(2027, 1, 2))))[1]
    assert [each["pointer"] for each in findings["findings"]] == ["/lines/0/expires_on"]


def test_units_with_serial_numbers_are_named_one_by_one_and_follow_into_the_bin(shop: Buying):
    shop.product("CAM", tracking="serial")
    assert refused(shop.come("", Line(sku="CAM", accepted=2, serials=["S1"])))[0] == "serial_needed"
    done([shop.come("", Line(sku="CAM", accepted=2, serials=["S1", "S2"]))])
    assert refused(shop.come("", Line(sku="CAM", accepted=1, serials=["S1"])))[0] == "serial_elsewhere"
    done([shop.stow("CAM", 2, "STOCK")])
    assert shop.rows("SELECT DISTINCT p.code FROM serial_unit u JOIN place p ON p.id = u.place_id") == [("STOCK",)]


def test_what_goods_cost_is_what_the_order_says_averaged_when_they_come_on_hand(shop: Buying):
    shop.came(shop.ordered(MUG=10), MUG=10)
    assert shop.value("SELECT cost_micro FROM availability WHERE sku = 'MUG' AND site = 'LEEDS'") == 0
    done([shop.stow("MUG", 10, "STOCK")])
    assert shop.value("SELECT cost_micro FROM availability WHERE sku = 'MUG' AND site = 'LEEDS'") == 3_100_000


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        (Line(sku="MUG"), "/lines/0/accepted"),
        (Line(sku="MUG", accepted=1, rejected=1), "/lines/0/reason"),
        (Line(sku="MUG", accepted=1, reason="damaged"), "/lines/0/reason"),
        (Line(sku="MUG", accepted=1, serials=["S"]), "/lines/0/serials"),
        (Line(sku="MUG", accepted=1, expires_on=TODAY), "/lines/0/lot"),
        (Line(sku="MUG", accepted=1, unit_cost="dear"), "/lines/0/unit_cost"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_is_refused_and_nothing_comes_in(shop: Buying, line: Line, pointer: str):
    code, facts = refused(shop.come("", line))
    assert (code, [each["pointer"] for each in facts["findings"]]) == ("malformed", [pointer])
    assert shop.value("SELECT count(*) FROM delivery") == 0


def test_goods_of_an_order_come_to_its_own_site(shop: Buying):
    purchase = shop.ordered(MUG=10)
    assert refused(shop.come(purchase, Line(sku="MUG", accepted=1), site="BRISTOL"))[0] == "malformed"


NONE = Tolerance(0, 0, 0, 0)


@pytest.mark.parametrize(
    ("arriving", "tolerance", "held"),
    [
        (Arriving(10, 10, 10, None, False), NONE, (0, "")),
        (Arriving(12, 10, 10, None, False), NONE, (2, "over")),
        (Arriving(12, 10, 10, None, True), NONE, (0, "")),
        (Arriving(12, 10, 10, None, False), Tolerance(100, 0, 0, 0), (1, "over")),
        (Arriving(12, 10, 10, None, False), Tolerance(0, 2, 0, 0), (0, "")),
        (Arriving(12, 0, 0, None, False), NONE, (12, "over")),
        (Arriving(9, 10, 10, TODAY, False), NONE, (0, "")),  # good through its date
        (Arriving(9, 10, 10, TODAY + timedelta(days=29), False), Tolerance(0, 0, 0, 30), (9, "short_dated")),
        (Arriving(9, 10, 10, TODAY + timedelta(days=29), True), Tolerance(0, 0, 0, 30), (0, "")),
    ],
)  # fmt: skip
def test_what_is_held_of_goods_found_good(arriving: Arriving, tolerance: Tolerance, held: tuple[int, str]):
    assert judge(arriving, tolerance, TODAY) == held
