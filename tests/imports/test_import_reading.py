"""Rows become orders, credits and the rest, in shapes and languages of many shops."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from orderwright.business.imports.findings import FINDINGS
from orderwright.business.imports.guessing import guess_profile
from orderwright.business.imports.profile import Profile, read_profile
from orderwright.business.imports.results import (
    BadRow,
    LeftOut,
    NotGoods,
    ReadAdjustment,
    ReadCredit,
    ReadOrder,
    ReadWriteOff,
)
from orderwright.business.imports.sheets import open_sheet
from orderwright.business.orders.checks import check_totals, price
from orderwright.business.orders.form import NewOrder
from tests.imports.reading_through import COLUMNS, only, read_through

Read = Callable[..., Any]
HEADER = "order,sku,qty,price"
CHARGES = """
[[not_goods]]
kind = "shipping"
name = "postage"
codes = ["POST"]
[[not_goods]]
kind = "discount"
codes = ["D"]
[[not_goods]]
kind = "voucher"
name = "gift vouchers"
pattern = "GIFT-\\\\d+"
[[not_goods]]
kind = "bad_debt"
codes = ["B"]
[[not_goods]]
kind = "other"
name = "gift wrap"
codes = ["WRAP"]
becomes = "line"
"""


def table(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def bad(results: list[Any]) -> list[tuple[int, list[str]]]:
    """Row numbers of bad rows and what is wrong, as "field: code"."""
    return [(r.row, [f"{f.field}: {f.code}" for f in r.findings]) for r in only(BadRow, results)]


def assert_takes(form: NewOrder) -> None:
    """The form is one every door takes, and adds up to the minor unit."""
    assert msgspec.convert(msgspec.to_builtins(form), NewOrder) == form
    findings: list[Any] = []
    priced = price(form, findings)
    assert priced is not None
    check_totals(form, priced, findings)
    assert [finding.code for finding in findings if finding.code != "payment_missing"] == []


def test_rows_of_one_order_become_one_form_that_adds_up(read: Read) -> None:
    results, _ = read(table("1,A,2,2.55", "1,B,3,0.333333", "2,A,1,10"))
    first, second = only(ReadOrder, results)
    assert first.rows == (2, 3)
    assert [(line.reference, line.sku, line.quantity, line.unit_price) for line in first.form.lines] == [
        ("1", "A", 2, "2.55"), ("2", "B", 3, "0.333333"),
    ]  # fmt: skip
    assert (first.form.total, second.form.total) == ("6.10", "10.00")
    assert (first.form.channel, first.form.reference, first.form.currency) == ("web", "1", "EUR")
    assert first.form.ship_to.country == "ES"
    assert_takes(first.form)


def test_line_amounts_are_rounded_once_half_to_even(read: Read) -> None:
    results, _ = read(table("1,A,1,0.125", "1,B,1,0.375", "1,C,3,0.005"))
    assert only(ReadOrder, results)[0].form.total == "0.52"


def test_an_order_scattered_over_the_file_is_still_one(read: Read) -> None:
    results, report = read(table("1,A,1,1", "2,A,1,1", "1,B,1,1", "3,A,1,1", "2,B,1,1", "1,C,1,1"))
    assert [(order.form.reference, order.rows) for order in only(ReadOrder, results)] == [
        ("3", (5,)), ("2", (3, 6)), ("1", (2, 4, 7)),
    ]  # fmt: skip
    assert report.notes.scattered_orders == 2


def test_a_spanish_file_with_semicolons_and_decimal_commas(written: Callable[..., Path]) -> None:
    path = written(
        "Nº Pedido;Fecha;Referencia artículo;Descripción;Cantidad;Precio unitario;Descuento línea;Cliente;"
        "Correo electrónico;Nombre;Dirección;Población;Código postal;País;Gastos de envío;Total pedido;Estado pago\r\n"
        "P-1;31/01/2026 23:30;A-1;Taza;2;1.250,50 €;0,50 €;C7;ana@example.org;Ana Ñuñez;C/ Mayor 1;Logroño;26001;"
        "España;4,95 €;2.515,45 €;Pagado\r\n"
        "P-1;31/01/2026 23:30;B-2;Plato;10;1,00 €;;C7;ana@example.org;Ana Ñuñez;C/ Mayor 1;Logroño;26001;España;"
        "4,95 €;2.515,45 €;Pagado\r\n",
        encoding="cp1252",
    )
    given = read_profile('currency = "EUR"\n[times]\nzone = "Europe/Madrid"\n[payment.states]\n"Pagado" = "paid"\n')
    sheet = open_sheet(path, given.form)
    guessed = guess_profile(sheet, given, {"reference": "Nº Pedido"})
    results, _ = read_through(sheet, guessed.profile)
    (order,) = only(ReadOrder, results)
    form = order.form
    assert form.placed_at == datetime(2026, 1, 31, 22, 30, tzinfo=UTC)
    assert (form.customer.reference, form.customer.email, form.customer.name) == ("C7", "ana@example.org", "Ana Ñuñez")
    assert (form.ship_to.lines, form.ship_to.city, form.ship_to.postal_code, form.ship_to.country) == (
        ["C/ Mayor 1"], "Logroño", "26001", "ES",
    )  # fmt: skip
    assert [(line.unit_price, line.discount, line.title) for line in form.lines] == [
        ("1250.50", "0.50", "Taza"), ("1.00", "0", "Plato"),
    ]  # fmt: skip
    assert (form.shipping.price, form.total, form.payment.state) == ("4.95", "2515.45", "paid")
    assert_takes(form)


def test_one_row_may_be_a_whole_order_with_its_items_side_by_side(read: Read) -> None:
    whole = (
        'currency = "USD"\n[columns]\nreference = "id"\nship_country = "to"\ntotal = "total"\n'
        '[items]\nsku = "sku{n}"\nquantity = "qty{n}"\nunit_price = "price{n}"\n' + CHARGES
    )
    results, report = read(
        table(
            "1,US,17.00,A,2,5,CUP,1,3,POST,1,4",
            "2,US,5.00,A,1,5,,,,,,",
            "3,US,5.00,A,1,5,CUP,x,3,C,,1",
            "4,US,0.00,,,,,,,,,",
            header="id,to,total,sku1,qty1,price1,sku2,qty2,price2,sku3,qty3,price3",
        ),
        whole=whole,
    )
    first, second = (order.form for order in only(ReadOrder, results))
    assert [(line.sku, line.quantity) for line in first.lines] == [("A", 2), ("CUP", 1)]
    assert (first.shipping.price, second.shipping.price) == ("4.00", "0.00")
    assert_takes(first)
    assert bad(results) == [(4, ["quantity: not_a_number", "quantity: missing"]), (5, ["sku: missing"])]
    assert report.bucket("order_goods")["USD"] == (2, 4, 1800)
    assert report.bucket("order_shipping")["USD"] == (0, 1, 400)


def test_order_fields_may_stand_in_the_first_row_only(read: Read) -> None:
    whole = (
        '[columns]\nreference="id"\nsku="sku"\nquantity="qty"\nunit_price="price"\ncurrency="cur"\ntotal="total"\n'
        'customer_email="mail"\nship_country="to"\n'
    )
    results, _ = read(
        table("1,a@b.org,FR,EUR,12.00,A,1,5", "1,,,,,B,1,7", header="id,mail,to,cur,total,sku,qty,price"), whole=whole
    )
    (order,) = only(ReadOrder, results)
    assert (order.form.customer.email, order.form.total, order.form.ship_to.country) == ("a@b.org", "12.00", "FR")
    assert len(order.form.lines) == 2


def test_a_blank_reference_is_refused_unless_rows_continue_the_order_above(read: Read) -> None:
    rows = table("1,A,1,5", ",B,1,7")
    results, _ = read(rows)
    assert bad(results) == [(3, ["reference: missing"])]
    results, _ = read(rows, '[orders]\nblank_reference = "previous"\n')
    assert [order.rows for order in only(ReadOrder, results)] == [(2, 3)]


def test_prices_may_follow_from_line_amounts(read: Read) -> None:
    whole = 'currency="EUR"\n[columns]\nreference="order"\nsku="sku"\nquantity="qty"\nline_amount="price"\n'
    results, _ = read(table("1,A,3,10.00", "1,B,-1,-2.50", "2,A,1000000000,1.00"), whole=whole)
    (order,) = only(ReadOrder, results)
    (line,) = order.form.lines
    assert (line.unit_price, line.amount, order.form.total) == ("3.333333", "10.00", "10.00")
    assert only(ReadCredit, results)[0].lines[0].unit_price == "2.50"
    assert bad(results) == [(4, ["line_amount: unequal_price"])]
    assert_takes(order.form)


def test_taxes_and_discounts_of_the_order_are_shared_and_add_up(read: Read) -> None:
    whole = (
        'currency="EUR"\n[columns]\nreference="order"\nsku="sku"\nquantity="qty"\nunit_price="price"\n'
        'order_tax="tax"\norder_discount="off"\ndiscount_code="code"\nshipping_price="ship"\nshipping_tax="shiptax"\n'
    )
    header = "order,sku,qty,price,tax,off,code,ship,shiptax"
    row = "1.00,-0.50,SPRING,4.00,0.84"
    results, _ = read(table(f"1,A,1,1,{row}", f"1,B,1,1,{row}", f"1,C,1,1,{row}", header=header), whole=whole)
    form = only(ReadOrder, results)[0].form
    assert [line.tax for line in form.lines] == ["0.34", "0.33", "0.33"]
    assert [(discount.code, discount.amount) for discount in form.discounts] == [("SPRING", "0.50")]
    assert form.total == "8.34"
    assert_takes(form)
    results, _ = read(
        table(f"1,A,1,3,{row}", header=header), whole=whole.replace("[col", "[orders]\nprices_include_tax=true\n[col")
    )
    assert only(ReadOrder, results)[0].form.total == "6.50"


def test_a_total_in_the_file_is_passed_on_to_be_checked(read: Read) -> None:
    results, _ = read(
        "order,sku,qty,price,total\n1,A,1,5,99.00\n",
        whole='currency="EUR"\n[columns]\nreference="order"\nsku="sku"\nquantity="qty"\nunit_price="price"\ntotal="total"\n',
    )  # fmt: skip
    assert only(ReadOrder, results)[0].form.total == "99.00"


def test_charges_become_shipping_discounts_and_lines_and_the_rest_is_counted_by_name(read: Read) -> None:
    results, report = read(
        table("1,A,2,5", "1,post,1,3.50", "1,D,-1,2", "1,GIFT-10,1,10", "1,WRAP,1,1.5", "1,B,1,-7", "2,POST,1,4"),
        CHARGES,
    )
    (order,) = only(ReadOrder, results)
    assert [line.sku for line in order.form.lines] == ["A", "WRAP"]
    assert (order.form.shipping.price, order.form.total) == ("3.50", "13.00")
    assert [(discount.code, discount.amount) for discount in order.form.discounts] == [("D", "2.00")]
    assert order.rows == (2, 6, 3, 4)
    assert_takes(order.form)
    assert [(r.kind, r.name, r.amount, r.rows) for r in only(NotGoods, results)] == [
        ("voucher", "gift vouchers", "10.00", (5,)), ("shipping", "postage", "4.00", (8,)),
    ]  # fmt: skip
    assert [(r.name, r.amount, r.reference) for r in only(ReadAdjustment, results)] == [("bad_debt", "-7.00", "1")]
    assert report.bucket("order_discount")["EUR"] == (1, -1, -200)


def test_credit_notes_are_told_by_their_reference(read: Read) -> None:
    results, _ = read(
        table("C1,A,-2,5", "C1,POST,-1,3", "C1,GIFT-1,-1,9", "C2,POST,-1,4", "C3,A,1,5"),
        CHARGES + '[credits]\nprefixes = ["C"]\n',
    )
    (credit,) = only(ReadCredit, results)
    assert (credit.reference, credit.shipping, credit.rows) == ("C1", "3.00", (2, 3))
    assert [(line.sku, line.quantity, line.unit_price, line.amount) for line in credit.lines] == [
        ("A", 2, "5.00", "10.00")
    ]
    assert [(r.reference, r.name, r.amount) for r in only(NotGoods, results)] == [
        ("C1", "gift vouchers", "-9.00"), ("C2", "postage", "-4.00"),
    ]  # fmt: skip
    assert bad(results) == [(6, ["quantity: positive_credit"])]


def test_credit_notes_may_write_their_quantities_above_zero(read: Read) -> None:
    results, _ = read(
        table("C1,A,2,5", "C1,POST,1,3", "C2,A,-1,5"),
        CHARGES + '[credits]\nprefixes = ["C"]\nquantities = "positive"\n',
    )
    (credit,) = only(ReadCredit, results)
    assert (credit.lines[0].quantity, credit.shipping) == (2, "3.00")
    assert bad(results) == [(4, ["quantity: negative_quantity"])]


def test_an_exchange_is_an_order_and_a_credit_of_one_reference(read: Read) -> None:
    results, _ = read(table("1,A,3,5", "1,B,-1,8", "2,A,1,5", "2,B,-2,8"))
    assert [(order.form.reference, order.form.total) for order in only(ReadOrder, results)] == [
        ("1", "15.00"), ("2", "5.00"),
    ]  # fmt: skip
    assert [(credit.reference, credit.lines[0].amount) for credit in only(ReadCredit, results)] == [
        ("1", "8.00"), ("2", "16.00"),
    ]  # fmt: skip
    results, _ = read(table("1,A,3,5", "1,B,-1,8"), '[credits]\nnegative_quantity = "refuse"\n')
    assert bad(results) == [(2, [": row_of_bad_order"]), (3, ["quantity: negative_quantity"])]


def test_a_shipping_column_is_paid_by_the_order_and_given_back_by_a_credit_alone(read: Read) -> None:
    whole = COLUMNS + 'shipping_price="ship"\n[credits]\nprefixes=["C"]\n'
    results, _ = read(table("1,A,3,5,4.95", "1,B,-1,8,4.95", "C1,A,-1,5,-4.95", header=f"{HEADER},ship"), whole=whole)
    assert only(ReadOrder, results)[0].form.shipping.price == "4.95"
    assert [(credit.reference, credit.shipping) for credit in only(ReadCredit, results)] == [
        ("1", "0.00"), ("C1", "4.95"),
    ]  # fmt: skip


def test_equal_charges_side_by_side_are_all_counted(read: Read) -> None:
    whole = (
        'currency = "USD"\n[columns]\nreference = "id"\n[items]\nsku = "s{n}"\nquantity = "q{n}"\n'
        'unit_price = "p{n}"\n' + CHARGES
    )
    results, _ = read(table("1,A,1,5,POST,1,4,POST,1,4", header="id,s1,q1,p1,s2,q2,p2,s3,q3,p3"), whole=whole)
    assert only(ReadOrder, results)[0].form.total == "13.00"


def test_stock_changes_are_no_orders_when_the_profile_says_how_to_tell(read: Read) -> None:
    whole = (
        'currency="EUR"\n[columns]\nreference="order"\nsku="sku"\nquantity="qty"\nunit_price="price"\n'
        'customer_id="who"\ntitle="title"\n[credits]\nnegative_quantity="refuse"\n'
        '[stock_changes]\nwhen=["price_zero","customer_missing"]\n' + CHARGES
    )
    results, report = read(
        table("1,A,-3,0,,damaged", "2,A,4,0,,found", "3,A,1,0,7,a gift", "4,A,1,0,,Tea", "4,GIFT-1,1,9,,by hand",
              header=f"{HEADER},who,title"), whole=whole,
    )  # fmt: skip
    assert [[(line.sku, line.quantity, line.reason) for line in r.lines] for r in only(ReadWriteOff, results)] == [
        [("A", -3, "damaged")], [("A", 4, "found")],
    ]  # fmt: skip
    assert [order.form.reference for order in only(ReadOrder, results)] == ["3", "4"]
    assert (report.bucket("written_off")["EUR"], report.bucket("found")["EUR"]) == ((1, -3, 0), (1, 4, 0))


def test_equal_rows_are_real_quantity_unless_the_profile_drops_them(read: Read) -> None:
    rows = table("1,A,1,5", "1,A,1,5", "1,B,1,2", "1,A,1,5")
    results, report = read(rows)
    assert [line.sku for line in only(ReadOrder, results)[0].form.lines] == ["A", "A", "B", "A"]
    assert (report.notes.duplicates, only(LeftOut, results)) == (2, [])
    results, report = read(rows, '[orders]\nduplicates = "drop"\n')
    assert [line.sku for line in only(ReadOrder, results)[0].form.lines] == ["A", "B"]
    assert [(r.rows, r.reason) for r in only(LeftOut, results)] == [((3, 5), "duplicate")]
    assert report.bucket("duplicate") == {"": (2, 0, 0)}


def test_codes_in_two_cases_are_one_product_and_reported(read: Read) -> None:
    results, report = read(table("1,85123a,1,5", "1,85123A,1,5", "2,85123a,1,5"), '[codes]\ncase = "upper"\n')
    assert {line.sku for order in only(ReadOrder, results) for line in order.form.lines} == {"85123A"}
    assert report.notes.renamed == {("85123a", "85123A"): 2}


def test_orders_in_a_state_that_is_not_taken_are_counted_and_left(read: Read) -> None:
    whole = (
        'currency="EUR"\n[columns]\nreference="order"\nsku="sku"\nquantity="qty"\nunit_price="price"\n'
        'order_state="state"\n[orders]\nset_aside=["Cancelled"]\n'
    )
    results, report = read(
        table("1,A,1,5,CANCELLED", "1,B,-1,5,", "2,A,1,5,done", header=f"{HEADER},state"), whole=whole
    )
    assert [(r.rows, r.reason) for r in only(LeftOut, results)] == [((2, 3), "set_aside")]
    assert [order.form.reference for order in only(ReadOrder, results)] == ["2"]
    assert report.bucket("set_aside")["EUR"] == (2, 0, 0)


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


def test_empty_rows_are_counted_as_such(read: Read) -> None:
    results, report = read(table("1,A,1,5", "", ",,,", "1,B,1,5"))
    assert [r.rows for r in only(LeftOut, results)] == [(3,), (4,)]
    assert [order.rows for order in only(ReadOrder, results)] == [(2, 5)]
    assert report.bucket("blank") == {"": (2, 0, 0)}


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


def test_overlapping_files_give_the_same_orders(read: Read) -> None:
    rows = [f"{n},{sku},1,5" for n in range(20) for sku in ("A", "B")]
    first, _ = read(table(*rows[:30]))
    second, _ = read(table(*rows[20:]))
    by_reference = {order.form.reference: order.form for order in only(ReadOrder, first)}
    shared = [order.form for order in only(ReadOrder, second) if order.form.reference in by_reference]
    assert len(shared) == 5
    assert all(by_reference[form.reference] == form for form in shared)


def test_more_lines_than_an_order_may_have_are_refused(read: Read) -> None:
    results, _ = read(table(*[f"1,A{n},1,5" for n in range(10_001)]))
    assert bad(results)[10_000] == (10_002, [": too_many_lines"])
    assert only(ReadOrder, results) == []


def test_a_currency_without_decimals_keeps_none(read: Read) -> None:
    results, _ = read(table("1,A,3,150.5"), whole='currency="JPY"\n[columns]\nreference="order"\nsku="sku"\n'
                      'quantity="qty"\nunit_price="price"\n')  # fmt: skip
    form = only(ReadOrder, results)[0].form
    assert (form.total, form.lines[0].unit_price) == ("452", "150.5")
    assert_takes(form)


def test_a_profile_without_columns_cannot_be_read_with(written: Callable[..., Path]) -> None:
    from orderwright.values.refusal import Refusal

    with pytest.raises(Refusal, match="import_columns_missing"):
        read_through(open_sheet(written(table("1,A,1,5"))), Profile())


def test_every_finding_has_words() -> None:
    assert all(words[0].islower() for words in FINDINGS.values())
