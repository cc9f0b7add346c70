"""What cannot be read is named, row by row, and spoils nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orderwright.business.imports.findings import FINDINGS
from orderwright.business.imports.profile import Profile
from orderwright.business.imports.results import ReadOrder
from orderwright.business.imports.sheets import open_sheet
from orderwright.values.refusal import Refusal
from tests.imports.reading_through import HEADER, Read, bad, only, read_through, table


def test_a_blank_reference_is_refused_unless_rows_continue_the_order_above(read: Read) -> None:
    rows = table("1,A,1,5", ",B,1,7")
    results, _ = read(rows)
    assert bad(results) == [(3, ["reference: missing"])]
    results, _ = read(rows, '[orders]\nblank_reference = "previous"\n')
    assert [order.rows for order in only(ReadOrder, results)] == [(2, 3)]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("1,,1,5", ["sku: missing"]),
        ("1,A,,5", ["quantity: missing"]),
        ("1,A,two,5", ["quantity: not_a_number"]),
        ("1,A,2.5,5", ["quantity: not_whole"]),
        ("1,A,0,5", ["quantity: zero"]),
        ("1,A,1000000001,5", ["quantity: too_large"]),
        ("1,A,1,", ["unit_price: missing"]),
        ("1,A,1,free", ["unit_price: not_an_amount"]),
        ("1,A,1,NaN", ["unit_price: not_an_amount"]),
        ("1,A,1,1e3", ["unit_price: not_an_amount"]),
        ("1,A,1,0.1234567", ["unit_price: not_an_amount"]),
        ('1,A,1,"1,234.50"', ["unit_price: not_an_amount"]),
        ("1,A,1,-5", ["unit_price: negative_price"]),
        ("1,A,1000000000,99999999999", ["unit_price: too_large"]),
        ("1,4.00638E+12,1,5", ["sku: ruined_code"]),
        ("1.2E+10,A,1,5", ["reference: ruined_code"]),
        (f"1,{'A' * 65},1,5", ["sku: too_long"]),
        (f"{'1' * 65},A,1,5", ["reference: too_long"]),
        (",A,1,5", ["reference: missing"]),
        ("1,A,1,5,6", [": width"]),
        ("1,A,1", [": width"]),
        ("1,A\0,1,5", ["sku: control_character"]),
        ('1,"A"x,1,5', [": quotes"]),
        ("1,,x,free", ["sku: missing", "quantity: not_a_number", "unit_price: not_an_amount"]),
    ],
)
def test_a_dirty_row_is_named_with_all_that_is_wrong_and_the_rest_goes_on(
    read: Read, row: str, found: list[str]
) -> None:
    results, _ = read(table("0,A,1,5", row, "9,A,1,5"))
    assert bad(results) == [(3, found)]
    assert [order.form.reference for order in only(ReadOrder, results)] == ["0", "9"]


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("placed_at", "31/01/2026", "not_a_time"),
        ("ship_country", "Atlantis", "unknown_country"),
        ("currency", "XXQ", "unknown_currency"),
        ("payment_state", "maybe", "unknown_payment_state"),
        ("total", "12,50", "not_an_amount"),
        ("customer_email", "x" * 321, "too_long"),
        ("customer_phone", "3.46E+10", "ruined_code"),
    ],
)
def test_an_order_field_that_cannot_be_read_spoils_its_order_alone(
    read: Read, field: str, value: str, found: str
) -> None:
    whole = (
        f'currency="EUR"\n[columns]\nreference="order"\nsku="sku"\nquantity="qty"\nunit_price="price"\n{field}="x"\n'
    )
    results, _ = read(table(f'1,A,1,5,"{value}"', "1,B,1,5,", "2,A,1,5,", header=f"{HEADER},x"), whole=whole)
    assert bad(results) == [(2, [f"{field}: {found}"]), (3, [": row_of_bad_order"])]
    assert [order.form.reference for order in only(ReadOrder, results)] == ["2"]


def test_rows_of_one_order_that_disagree_are_refused_where_it_matters(read: Read) -> None:
    whole = (
        'currency="EUR"\n[columns]\nreference="order"\nsku="sku"\nquantity="qty"\nunit_price="price"\n'
        'customer_id="who"\ncustomer_name="name"\nplaced_at="when"\n'
    )
    results, report = read(
        table("1,A,1,5,7,Ann,2026-01-02 10:01", "1,B,1,5,8,Ann,2026-01-02 10:01",
              "2,A,1,5,7,Ann,2026-01-02 10:01", "2,B,1,5,7,A. Lee,2026-01-02 10:00",
              header=f"{HEADER},who,name,when"), whole=whole,
    )  # fmt: skip
    assert bad(results) == [(2, [": row_of_bad_order"]), (3, ["customer_id: disagrees"])]
    (order,) = only(ReadOrder, results)
    assert order.form.customer.name == "Ann"
    assert order.form.placed_at == datetime(2026, 1, 2, 10, 0, tzinfo=UTC)
    assert report.notes.orders_with_two_times == 1


def test_a_missing_customer_is_a_guest_unless_the_profile_refuses(read: Read) -> None:
    results, report = read(table("1,A,1,5"))
    assert only(ReadOrder, results)[0].form.customer.email == ""
    assert report.guests == 1
    results, _ = read(table("1,A,1,5"), '[customers]\nmissing = "refuse"\n')
    assert bad(results) == [(2, ["customer_id: missing"])]


def test_one_bad_row_of_10000_spoils_no_other(read: Read) -> None:
    rows = [f"{n},A,1,5" for n in range(10_000)]
    rows[6543] = "6543,A,one,5"
    results, report = read(table(*rows))
    assert bad(results) == [(6545, ["quantity: not_a_number"])]
    assert len(only(ReadOrder, results)) == 9_999
    assert report.kinds == {"orders": 9_999, "bad_rows": 1}


def test_the_order_of_a_row_with_broken_quotes_is_not_taken_without_it(read: Read) -> None:
    results, _ = read(table("1,A,1,5", '1,"B"x,1,5', "1,C,1,5", "2,A,1,5"))
    assert bad(results) == [(2, [": row_of_bad_order"]), (3, [": quotes"]), (4, [": row_of_bad_order"])]
    assert [order.form.reference for order in only(ReadOrder, results)] == ["2"]


def test_more_lines_than_an_order_may_have_are_refused(read: Read) -> None:
    results, _ = read(table(*[f"1,A{n},1,5" for n in range(10_001)]))
    assert bad(results)[10_000] == (10_002, [": too_many_lines"])
    assert only(ReadOrder, results) == []


def test_a_profile_without_columns_cannot_be_read_with(written: Callable[..., Path]) -> None:
    with pytest.raises(Refusal, match="import_columns_missing"):
        read_through(open_sheet(written(table("1,A,1,5"))), Profile())


def test_every_finding_has_words() -> None:
    assert all(words[0].islower() for words in FINDINGS.values())
