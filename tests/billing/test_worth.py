"""What lines are worth: the parts always sum to the whole, to the minor unit."""

from hypothesis import given
from hypothesis import strategies as st

from orderwright.business.billing.rules import LineWorth, line_worths, order_worth, part_worth, payment_state


@given(
    goods=st.integers(0, 10**9), tax=st.integers(0, 10**8), pieces=st.lists(st.integers(1, 50), min_size=1, max_size=8)
)
def test_a_line_invoiced_in_pieces_comes_to_the_line(goods: int, tax: int, pieces: list[int]) -> None:
    line = LineWorth(1, sum(pieces), goods, tax)
    so_far, total_goods, total_tax = 0, 0, 0
    for units in pieces:
        part = part_worth(line, so_far, units)
        so_far, total_goods, total_tax = so_far + units, total_goods + part[0], total_tax + part[1]
    assert (total_goods, total_tax) == (goods, tax)


def test_tax_inclusive_prices_with_an_order_discount_sum_to_the_total() -> None:
    # Edge case 51: three lines at 3.33 with 0.53 tax in each, 1.00 off the order: 8.99 in all.
    lines = line_worths([(1, 1, 333, 53), (2, 1, 333, 53), (3, 1, 333, 53)], 100, prices_include_tax=True)
    assert [line.goods_minor + line.tax_minor for line in lines] == [299, 300, 300]
    worth = order_worth(lines, {1: 1, 2: 1, 3: 1}, (0, 0), is_shipped_part=False)
    assert worth.total_minor == 899
    refunds = [sum(part_worth(line, 0, 1)) for line in lines]
    assert sum(refunds) == 899


def test_shipping_is_owed_while_anything_is_left_or_was_shipped() -> None:
    lines = [LineWorth(1, 2, 1000, 0)]
    assert order_worth(lines, {1: 2}, (450, 90), is_shipped_part=False).total_minor == 1540
    assert order_worth(lines, {1: 0}, (450, 90), is_shipped_part=False).total_minor == 0
    assert order_worth(lines, {1: 0}, (450, 90), is_shipped_part=True).total_minor == 540


def test_a_payments_word_follows_its_amounts() -> None:
    assert payment_state(100, 0, 0, 0) == "authorised"
    assert payment_state(100, 40, 0, 0) == "partly_captured"
    assert payment_state(100, 40, 0, 60) == "captured"
    assert payment_state(100, 0, 0, 100) == "voided"
    assert payment_state(100, 100, 30, 0) == "partly_refunded"
    assert payment_state(100, 100, 100, 0) == "refunded"
