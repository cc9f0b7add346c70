"""Rows become orders, in shapes and languages of many shops."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from orderwright.business.imports.guessing import guess_profile
from orderwright.business.imports.profile import read_profile
from orderwright.business.imports.results import LeftOut, ReadCredit, ReadOrder
from orderwright.business.imports.sheets import open_sheet
from tests.imports.reading_through import CHARGES, HEADER, Read, assert_takes, bad, only, read_through, table


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


def test_empty_rows_are_counted_as_such(read: Read) -> None:
    results, report = read(table("1,A,1,5", "", ",,,", "1,B,1,5"))
    assert [r.rows for r in only(LeftOut, results)] == [(3,), (4,)]
    assert [order.rows for order in only(ReadOrder, results)] == [(2, 5)]
    assert report.bucket("blank") == {"": (2, 0, 0)}


def test_overlapping_files_give_the_same_orders(read: Read) -> None:
    rows = [f"{n},{sku},1,5" for n in range(20) for sku in ("A", "B")]
    first, _ = read(table(*rows[:30]))
    second, _ = read(table(*rows[20:]))
    by_reference = {order.form.reference: order.form for order in only(ReadOrder, first)}
    shared = [order.form for order in only(ReadOrder, second) if order.form.reference in by_reference]
    assert len(shared) == 5
    assert all(by_reference[form.reference] == form for form in shared)


def test_a_currency_without_decimals_keeps_none(read: Read) -> None:
    results, _ = read(table("1,A,3,150.5"), whole='currency="JPY"\n[columns]\nreference="order"\nsku="sku"\n'
                      'quantity="qty"\nunit_price="price"\n')  # fmt: skip
    form = only(ReadOrder, results)[0].form
    assert (form.total, form.lines[0].unit_price) == ("452", "150.5")
    assert_takes(form)
