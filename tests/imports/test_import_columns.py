"""Guessing what columns are, with reasons, and overriding the guess."""

import pytest

from orderwright.business.imports.columns import (
    chosen_columns,
    guess_columns,
    guess_items,
    parse_overrides,
    positions_of,
)
from orderwright.business.imports.fields import FIELDS
from orderwright.business.imports.guessing import guess_profile
from orderwright.business.imports.profile import Profile, read_profile
from orderwright.business.imports.sheets import sheet_of
from orderwright.business.imports.words import find_country, folded
from orderwright.values.refusal import Refusal


def fields(header: list[str], *rows: list[str]) -> dict[str, str]:
    return {guess.column: guess.field for guess in guess_columns(header, rows)}


def test_english_names_are_told_whatever_their_case_and_punctuation() -> None:
    header = ["OrderNumber", "ITEM_CODE", "Qty", "unit-price", "Order Date", "Customer E-mail", "Ship To Zip Code"]
    assert fields(header) == {
        "OrderNumber": "reference",
        "ITEM_CODE": "sku",
        "Qty": "quantity",
        "unit-price": "unit_price",
        "Order Date": "placed_at",
        "Customer E-mail": "customer_email",
        "Ship To Zip Code": "ship_postal_code",
    }


def test_spanish_names_are_told_with_or_without_accents() -> None:
    header = ["Nº Pedido", "Código Artículo", "Descripción", "Cantidad", "Precio Unitario", "Fecha", "Dirección",
              "Población", "Código Postal", "País", "Gastos de envío", "Dirección facturación", "Teléfono"]  # fmt: skip
    assert list(fields(header).values()) == [
        "reference", "sku", "title", "quantity", "unit_price", "placed_at", "ship_line_1", "ship_city",
        "ship_postal_code", "ship_country", "shipping_price", "bill_line_1", "customer_phone",
    ]  # fmt: skip


def test_misspelt_names_are_told_by_likeness_and_say_so() -> None:
    (guess,) = guess_columns(["Quantitty"], [["2"], ["3"]])
    assert (guess.field, guess.reason) == ("quantity", 'the name "Quantitty", much like "quantity"')
    assert guess.sureness < 90


def test_a_name_is_not_believed_against_its_values() -> None:
    rows = [["1", "red", "3"], ["2", "blue", "4"]]
    assert fields(["order", "quantity", "units"], *rows) == {"order": "reference", "units": "quantity"}


def test_columns_without_a_telling_name_are_told_by_their_values() -> None:
    rows = [["x", "ann@example.org", "2026-01-02", "Spain"], ["y", "bob@example.org", "2026-01-03", "FR"]]
    guesses = guess_columns(["q1", "q2", "q3", "q4"], rows)
    assert [(guess.column, guess.field, guess.reason) for guess in guesses] == [
        ("q2", "customer_email", "its values are e-mail addresses"),
        ("q3", "placed_at", "its values are dates"),
        ("q4", "ship_country", "its values are countries"),
    ]


@pytest.mark.parametrize(("values", "field"), [(("5", "7"), "line_amount"), (("12", "12"), "total")])
def test_whether_a_total_is_the_orders_or_the_lines_is_seen_in_the_rows(values: tuple[str, str], field: str) -> None:
    rows = [["1", "A", values[0]], ["1", "B", values[1]], ["2", "A", "9"]]
    for name in ("Total", "Importe"):
        assert fields(["Order", "SKU", name], *rows)[name] == field


def test_a_well_known_shop_export_is_told_by_itself() -> None:
    header = ["Name", "Order ID", "Email", "Financial Status", "Currency", "Shipping", "Taxes", "Total",
              "Discount Code", "Discount Amount", "Shipping Method", "Created at", "Lineitem quantity",
              "Lineitem name", "Lineitem price", "Lineitem sku", "Billing Name", "Billing Street",
              "Shipping Name", "Shipping Address1", "Shipping City", "Shipping Zip", "Shipping Province",
              "Shipping Country", "Payment Method"]  # fmt: skip
    assert fields(header) == {
        "Name": "customer_name", "Order ID": "reference", "Email": "customer_email",
        "Financial Status": "payment_state", "Currency": "currency", "Shipping": "shipping_price",
        "Taxes": "order_tax", "Total": "total", "Discount Code": "discount_code",
        "Discount Amount": "order_discount", "Shipping Method": "service", "Created at": "placed_at",
        "Lineitem quantity": "quantity", "Lineitem name": "title", "Lineitem price": "unit_price",
        "Lineitem sku": "sku", "Billing Name": "bill_name", "Billing Street": "bill_line_1",
        "Shipping Name": "ship_name", "Shipping Address1": "ship_line_1", "Shipping City": "ship_city",
        "Shipping Zip": "ship_postal_code", "Shipping Province": "ship_region",
        "Shipping Country": "ship_country", "Payment Method": "payment_gateway",
    }  # fmt: skip


def test_no_field_and_no_column_is_given_twice() -> None:
    header = ["sku", "SKU code", "product code", "qty", "quantity", "price", "unit price", "date", "order date"]
    guesses = guess_columns(header, [])
    assert len({guess.field for guess in guesses}) == len({guess.column for guess in guesses}) == len(guesses)


@pytest.mark.parametrize("name", ["Cliente", "Customer"])
@pytest.mark.parametrize(
    ("values", "field"),
    [(("Ada Lovelace", "Grace Hopper"), "customer_name"), (("430001", "C-17"), "customer_id"), ((), "customer_name")],
)
def test_a_customer_is_a_name_or_a_number_as_its_values_say(name: str, values: tuple[str, ...], field: str) -> None:
    assert fields(["Pedido", name], *(["1", value] for value in values))[name] == field


def test_items_side_by_side_are_told_by_their_numbers() -> None:
    header = ["Order", "Item 1 SKU", "Item 1 Qty", "Item 1 Price", "Item 2 SKU", "Item 2 Qty", "Item 2 Price"]
    assert guess_items(header) == {"sku": "Item {n} SKU", "quantity": "Item {n} Qty", "unit_price": "Item {n} Price"}
    assert guess_items(["Order", "Address 1", "Address 2", "sku", "qty"]) == {}


def test_a_column_said_by_hand_wins_and_is_not_used_twice() -> None:
    guesses = guess_columns(["order", "sku", "qty", "pieces", "price"], [])
    chosen = chosen_columns(Profile(), guesses, parse_overrides(["quantity=pieces", "unit_price="]))
    assert chosen == {"reference": "order", "sku": "sku", "quantity": "pieces"}


@pytest.mark.parametrize("text", ["colour=Col", "quantity", "=x"])
def test_an_override_of_an_unknown_field_is_refused_with_those_known(text: str) -> None:
    with pytest.raises(Refusal) as no:
        parse_overrides([text])
    assert no.value.facts == {"given": text, "fields": sorted(FIELDS)}


def test_missing_columns_are_all_told_at_once() -> None:
    profile = read_profile('[columns]\nreference = "Order"\nsku = "Item"\ntitle = "Text"\n')
    with pytest.raises(Refusal) as no:
        positions_of([" ORDER ", "Code"], profile)
    assert no.value.facts == {
        "fields": ["sku", "quantity", "unit_price", "currency"],
        "columns": ["Item", "Text"],
        "header": [" ORDER ", "Code"],
    }


def test_a_profile_is_guessed_for_a_file_nobody_described() -> None:
    sheet = sheet_of(
        ["Pedido", "Fecha", "Código", "Uds", "Precio"],
        [["1", "02/03/2026 10:00", "A", "2", "1.234,50 €"], ["2", "17/03/2026 11:30", "B", "1", "8,00 €"]],
    )
    guessed = guess_profile(sheet, Profile(currency="EUR"), {})
    assert guessed.profile.columns == {
        "reference": "Pedido", "placed_at": "Fecha", "sku": "Código", "quantity": "Uds", "unit_price": "Precio",
    }  # fmt: skip
    numbers = guessed.profile.numbers
    assert (numbers.decimal, numbers.thousands, numbers.signs) == (",", ".", ["€"])
    assert guessed.profile.times.formats == ["%d/%m/%Y %H:%M"]
    assert [str(each) for each in guessed.reasons] == [
        "Numbers have ',' before decimals, '.' between thousands and the signs €.",
        "Dates such as '02/03/2026 10:00' have the day first.",
    ]


def test_a_date_that_may_be_read_two_ways_is_left_open_and_said() -> None:
    sheet = sheet_of(["order", "date", "sku", "qty", "price"], [["1", "02/03/2026", "A", "2", "3.5"]])
    guessed = guess_profile(sheet, Profile(currency="EUR"), {})
    assert guessed.profile.times.formats == []
    (unsure,) = guessed.reasons
    assert str(unsure) == "Whether '02/03/2026' has the day or the month first cannot be told: say times.formats."


def test_a_profile_with_columns_is_not_guessed_over() -> None:
    profile = read_profile('[columns]\nreference = "a"\nsku = "b"\nquantity = "c"\nunit_price = "d"\n')
    sheet = sheet_of(["a", "b", "c", "d", "currency"], [["1", "A", "2", "3,5", "EUR"]])
    assert guess_profile(sheet, profile, {}) == (profile, [], [])


@pytest.mark.parametrize(
    ("name", "code"),
    [("gb", "GB"), ("United Kingdom", "GB"), ("REINO UNIDO", "GB"), ("españa", "ES"), ("Espana", "ES"),
     ("EIRE", "IE"), ("Nowhere", ""), ("Atlantis", None), ("ZZ", None)],
)  # fmt: skip
def test_countries_are_known_by_code_by_name_and_by_the_shops_own_name(name: str, code: str | None) -> None:
    assert find_country(name, {"Eire": "IE", "Nowhere": ""}) == code


def test_names_fold_to_plain_words() -> None:
    assert folded("  FechaEnvío_del-Pedido ") == "fecha envio del pedido"
