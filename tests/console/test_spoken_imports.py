"""Why rows of a file are not taken is said in the language of the page, before and after the file is taken."""

import csv
import io
import re
from html import unescape
from typing import Any

import msgspec
import pytest

from orderwright.business.catalog.forms import ProductForm, ProductPacking
from orderwright.business.customers.forms import CustomerCard, PriceForm
from orderwright.business.imports.customer_rows import CUSTOMER_FIELDS, PRICE_FIELDS
from orderwright.business.imports.fields import FIELDS
from orderwright.business.imports.findings import FINDINGS, Detail, Finding
from orderwright.business.imports.goods_columns import PRODUCT_FIELDS, STOCK_FIELDS
from orderwright.business.imports.order_words import detail_at
from orderwright.business.imports.reads import get_import
from orderwright.business.orders.rules import FINDINGS as ORDER_FINDINGS
from orderwright.business.stock.forms import AdjustmentForm, ReceiptLine
from orderwright.doors.console import row_words, runs, texts
from orderwright.values.forms import AddressForm
from tests.console.conftest import Console
from tests.console.test_customers import trade
from tests.console.test_imports import bring
from tests.console.visiting import Seen, Visit

HEAD = "order number,customer,address 1,city,postcode,country,sku,quantity,unit price,channel\n"
HOME = "1 High St,Leeds,LS1 1AA,GB"
GOOD = f"9,Gus,{HOME},MUG,1,7.50,web\n"
EVIL = "<img src=x onerror=alert(1)>{sku}%(x)s"
SPANISH = texts.translations("es")


@pytest.fixture
def owner(console: Console, monkeypatch: pytest.MonkeyPatch) -> Visit:
    monkeypatch.setattr(runs, "SOON_S", 30)  # however busy the machine is
    return console.visit(console.owner(), language="es")


def wrong(seen: Seen) -> list[str]:
    """What is said to be wrong with rows, the first rows of a file and those to mend alike."""
    return sorted({unescape(each) for each in re.findall(r'<span class="wrong-row">(.*?)</span>', seen.text)})


def both(visit: Visit, content: str, kind: str, **how: Any) -> tuple[list[str], list[str], str]:
    """What is wrong with rows of a file, looked at and taken; and where it is."""
    here = bring(visit, content.encode(), kind, **how).location or ""
    looked = visit.get(here)
    assert visit.submit(here, f"{here}/take").status == 303
    taken = visit.get(here)
    for seen in (looked, taken):
        assert "<img" not in seen.text
    return wrong(looked), wrong(taken), here


def test_bad_rows_of_products_are_told_in_spanish(owner: Visit):
    rows = [
        "sku,title,price,currency,weight_g,fragile,options",
        "MUG,Taza,8.25,GBP,,,",
        "BULB,,1.20,GBP,,,",
        f'LAMP,Lamp,x,GBP,"{EVIL}",maybe,=',
        "MUG,Otra,8.25,GBP,,,",
        "HAT,Hat",
    ]
    looked, taken, _here = both(owner, "\n".join(rows) + "\n", "products")
    assert (
        looked
        == taken
        == [
            "Fila: dice otras cosas que la fila 2 sobre MUG",
            "Frágil: no es ni sí ni no («maybe»)",
            "Lo que lo distingue en su familia: no está escrito como size=M, colour=blue («=»)",
            "Moneda: Este campo es obligatorio.",
            f"Peso en g: no es un número entero («{EVIL}»)",
            "Precio: No se puede leer: no es un número decimal como 1234.50.",
            "Título: falta",
            "la fila tiene 2 celdas, muy pocas",
        ]
    )


def test_bad_rows_of_stock_are_told_in_spanish(owner: Visit):
    rows = [
        "sku,site,quantity", "MUG,LEEDS,3", f'"{EVIL}",LEEDS,2', "MUG,LEEDS,2.5", "MUG,LEEDS,4", "TEE,,1", "HAT,MARS,1",
    ]  # fmt: skip
    looked, taken, _here = both(owner, "\n".join(rows) + "\n", "stock")
    assert (
        looked
        == taken
        == [
            "Cantidad: no es un número entero («2.5»)",
            "Centro: No hay ningún centro con este código.",
            "Centro: falta",
            "Fila: dice otras cosas que la fila 2 sobre MUG LEEDS STOCK",
            "SKU: No hay ningún producto con este SKU.",
        ]
    )


def test_bad_rows_of_customers_are_told_in_spanish(owner: Visit):
    looked, taken, _here = both(owner, "email,name,country\na@example.org,Ada,GB\n,Bea,\n", "customers")
    said = "Diga un id, un correo electrónico o una referencia: con eso se vuelve a encontrar al cliente."
    assert looked == taken == [f"Dirección de correo: {said}"]


def test_bad_rows_of_prices_are_told_in_spanish(console: Console, owner: Visit):
    trade(owner)
    rows = "price_list,sku,price\nTRADE,MUG,7.00\nTRADE,HAT,x\nother,MUG,1\n"
    looked, taken, _here = both(owner, rows, "prices")
    assert (
        looked
        == taken
        == [
            "Lista de precios: No hay ninguna lista de precios con este código.",
            "Precio: Debe escribirse así: 12.50.",
        ]
    )


def test_bad_rows_of_orders_are_told_in_spanish(owner: Visit):
    rows = [
        f'1,Ada,{HOME},MUG,"{EVIL}",7.50,web',
        f"1,Ada,{HOME},HAT,1,7.50,web",
        "2,Bea,1 High St,Leeds,LS1 1AA,Atlantis,MUG,1,,web",
        f"3,Cleo,{HOME},MUG,1,7.50,{EVIL}",
        f"4,Dan,{HOME},MUG,1,7.50,web",
        "5,Eva,1 High St",
        f"6,Fay,{HOME},MUG,1,7.50,w\x01b",
    ]
    looked, taken, _here = both(owner, HEAD + "\n".join(rows) + "\n", "orders")
    assert (
        looked
        == taken
        == [
            f"Canal: No hay ningún canal {EVIL}, o está cerrado",
            f"Cantidad: no es un número en la forma que da el perfil («{EVIL}»)",
            "Enviar a: país: no es ningún país conocido por ese nombre; añádalo en [countries] («Atlantis»)",
            "Fila: pertenece a un pedido con otra fila mala, así que no se tomó nada de él («fila 2»)",
            "Fila: tiene otro número de celdas que el encabezado («3»)",
            "Precio unitario: está en blanco",
            "channel: contiene un carácter de control",
        ]
    )


def test_an_order_that_came_before_and_differs_is_told_in_spanish(owner: Visit):
    row = f"4,Dan,{HOME},MUG,1,7.50,web\n"
    both(owner, HEAD + row, "orders")
    other = row.replace("4,Dan", "5,Eva")
    _looked, taken, here = both(owner, HEAD + row.replace(",1,7.50", ",2,7.50") + other, "orders")
    said = "Ya existe un pedido distinto con este canal y esta referencia. (Número: {}, Línea 1, Total)"
    assert [re.sub(r"OW-\d+", "{}", each) for each in taken] == [said]
    owner.language = "en"
    (told,) = wrong(owner.get(here))
    assert told.startswith("An order with this channel and reference exists and differs. (Number: OW-")


def test_the_file_to_mend_says_it_in_english_as_ever_and_is_taken_when_mended(owner: Visit):
    _looked, _taken, here = both(
        owner, HEAD + f"4,Dan,{HOME},MUG,x,7.50,web\n5,Eva,{HOME},MUG,1,7.50,nowhere\n{GOOD}", "orders"
    )
    mend = owner.get(f"{here}/errors").text
    column = [row["import_error"] for row in csv.DictReader(io.StringIO(mend.removeprefix("\ufeff")))]
    assert column == [
        'row 2: quantity: is not a number in the form the profile gives ("x")',
        "row 3: unknown_channel at /channel (channel nowhere)",
    ]
    mended = mend.replace(",x,", ",1,").replace("nowhere", "web")
    assert both(owner, mended, "orders")[:2] == ([], [])


def test_rows_kept_as_sentences_alone_are_shown_as_they_are(console: Console, owner: Visit):
    here = bring(owner, f"{HEAD}4,Dan,{HOME},MUG,x,7.50,web\n{GOOD}".encode(), "orders").location or ""
    kept = f'["quantity: is empty (\\"{EVIL}\\")", "Title"]'
    with console.shop.begin() as tx:
        tx.write("UPDATE import_error SET findings = %(kept)s", kept=kept)
        tx.write(
            "UPDATE import_job SET report = (report::jsonb || %(more)s::jsonb)::text",
            more='{"first": [{"row": 2, "what": "wrong", "name": "", "changes": [], "wrong": ["quantity: is {zero}"]}],'
            ' "details": [], "reasons": ["Numbers have no form."]}',
        )  # fmt: skip
    seen = owner.get(here)
    assert wrong(seen) == ["Title", f'quantity: is empty ("{EVIL}")', "quantity: is {zero}"]
    assert "Numbers have no form." in seen.words
    assert "<img" not in seen.text
    assert 'row 2: quantity: is empty (""<img' in owner.get(f"{here}/errors").text


def test_what_was_assumed_of_a_file_is_told_in_spanish(owner: Visit):
    head = HEAD.replace(",channel", ",date").replace(
        "sku,quantity", "item 1 sku,item 1 quantity,item 2 sku,item 2 quantity"
    )
    rows = f"4,Dan,{HOME},MUG,1,HAT,1,{{}},17/03/2026\n"
    seen = owner.get(
        bring(owner, (head + rows.format('"1.007,50 £"')).encode(), "orders", channel="web").location or ""
    )
    assert [each for each in [
        "Los importes están en GBP, la moneda del canal «web», donde el archivo no dice nada.",
        "Los artículos están uno al lado del otro: SKU en «item {n} sku».",
        "Los artículos están uno al lado del otro: Cantidad en «item {n} quantity».",
        "Los números llevan «,» ante los decimales, «.» entre los millares y los signos £.",
        "Las fechas como «17/03/2026» llevan primero el día.",
    ] if each not in seen.words] == []  # fmt: skip


def test_programs_are_told_the_sentences_as_ever_and_the_parts_beside_them(console: Console, owner: Visit):
    here = bring(owner, f"{HEAD}4,Dan,{HOME},MUG,x,7.50,web\n{GOOD}".encode(), "orders").location or ""
    with console.shop.store.read() as tx:
        view = get_import(tx, here.rpartition("/")[2])
    told = 'quantity: is not a number in the form the profile gives ("x")'
    (error,), first = view.errors, view.report["first"][0]
    assert (error.findings, first["wrong"]) == ([told], [told])
    assert msgspec.to_builtins(error.details) == first["details"] == [{
        "field": "quantity", "code": "not_a_number", "template": '{what} ("{value}")',
        "values": {"what": {"template": str(FINDINGS["not_a_number"]), "values": {}}, "value": "x"},
    }]  # fmt: skip


def test_every_field_that_can_be_wrong_has_a_word():
    forms = (ProductForm, ProductPacking, AdjustmentForm, ReceiptLine, CustomerCard, AddressForm, PriceForm)
    names = {name for form in forms for name in form.__struct_fields__} | FIELDS.keys()
    names |= {each.name for each in (*PRODUCT_FIELDS, *STOCK_FIELDS, *CUSTOMER_FIELDS, *PRICE_FIELDS)}
    english = {name: row_words.field_word(name) for name in names}
    assert [name for name, word in english.items() if word == name.replace("_", " ")] == []


@pytest.mark.parametrize("code", sorted(ORDER_FINDINGS))
def test_every_finding_of_an_order_is_told_in_spanish(code: str):
    english = row_words.said_by_code(code)
    assert SPANISH.gettext(english) != english
    assert "%(" not in english


@pytest.mark.parametrize(
    ("pointer", "said"),
    [
        ("/lines/1/amount", "Línea 2: Importe de la línea: "),
        ("/lines/0", "Línea 1: "),
        ("/ship_to/lines/1", "Enviar a: línea 2: "),
        ("/bill_to/country", "Facturar a: país: "),
        ("/customer/email", "Correo del cliente: "),
        ("/payment/amount", "Importe pagado: "),
        ("/discounts/0/amount", "Descuento del pedido: "),
        ("/tags/3", ""),
        ("", ""),
    ],
)
def test_a_finding_of_an_order_names_the_field_of_the_file(pointer: str, said: str):
    phrase = row_words.said(detail_at(pointer, "amount_differs", {"given": "5.00", "computed": "6.00", "why": None}))
    assert phrase.said_by(SPANISH.gettext) == (
        f"{said}Precio por cantidad da otro importe (Importe indicado: 5.00, Precio por cantidad: 6.00)"
    )


@pytest.mark.parametrize("code", sorted(FINDINGS))
@pytest.mark.parametrize("value", ["", "{what}", "{0.__class__}", "%(value)s", "}{"])
def test_a_value_of_a_row_stands_in_every_sentence_as_it_is(code: str, value: str):
    told = Finding("sku", code, value).wrong()
    again = msgspec.json.decode(msgspec.json.encode(told.detail), type=Detail)
    spanish = row_words.said(again).said_by(SPANISH.gettext)
    assert told.message == f"sku: {FINDINGS[code]}" + (f' ("{value}")' if value else "")
    assert spanish.endswith(f" («{value}»)" if value else SPANISH.gettext(str(FINDINGS[code])))
    assert str(FINDINGS[code]) not in spanish


def test_a_fact_that_a_sentence_names_and_is_not_there_leaves_a_gap():
    assert str(row_words.said(Detail(code="bad_money"))) == "An amount cannot be read, or has too many digits: –"


def test_what_a_first_count_says_of_cost_and_date_is_looked_at_before_it_is_taken(owner: Visit):
    rows = [
        "sku,site,quantity,unit cost,lot,expires on",
        "MUG,LEEDS,3,dear,,", "TEE,LEEDS,3,-1,,", "HAT,LEEDS,3,,,2027-01-31",
        "MUG,BRISTOL,1,2.50,,",
    ]  # fmt: skip
    looked, taken, _here = both(owner, "\n".join(rows) + "\n", "stock")
    assert len(looked) == 3
    assert looked == taken


def test_rows_of_an_order_to_no_channel_are_to_be_mended_before_anything_is_taken(owner: Visit):
    nowhere = [f"1,Ada,{HOME},{goods},7.50,nowhere" for goods in ("MUG,1", "TEE,2")]
    rows = [*nowhere, f"2,Bea,{HOME},MUG,1,7.50,web"]
    here = bring(owner, (HEAD + "\n".join(rows) + "\n").encode(), "orders").location or ""
    to_mend = owner.get(here).text.partition('id="wrong-rows"')[2]
    assert to_mend.count("nowhere, o está cerrado") == 2
    saved = owner.get(f"{here}/errors").text
    assert [line.split(",")[0] for line in saved.splitlines()[1:]] == ["1", "1"]
