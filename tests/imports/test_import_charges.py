"""Rows that are no goods: charges, credits, exchanges, changes of stock."""

from orderwright.business.imports.results import NotGoods, ReadAdjustment, ReadCredit, ReadOrder, ReadWriteOff
from tests.imports.reading_through import CHARGES, COLUMNS, HEADER, Read, assert_takes, bad, only, table


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
