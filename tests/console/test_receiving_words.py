"""What receivers hear on the floor's pages, in their language; and what stands out there, and is offered."""

import re

import pytest

from orderwright.business.purchasing.forms import (
    DraftPurchase,
    PurchaseForm,
    PurchaseLineForm,
    PutSupplier,
    SupplierForm,
    SupplierProductForm,
)
from orderwright.business.purchasing.ordering import draft_purchases
from orderwright.business.purchasing.suppliers import put_suppliers
from orderwright.business.warehouse.counts.actions import ask_counts
from orderwright.business.warehouse.counts.forms import AskCount
from tests.console.conftest import Console
from tests.console.floor_scene import SITE, opened, scene
from tests.console.test_floor import scanned
from tests.console.visiting import Seen, Visit
from tests.floor import done


@pytest.fixture
def receiver(console: Console) -> Visit:
    console.owner()
    scene(console.shop)
    return console.visit(console.person("receiver", name="Rosa"), language="es")


def began(console: Console, kind: str) -> str:
    return f"/floor/sessions/{opened(console.shop, kind, 'Rosa').id}"


def told(seen: Seen) -> str:
    part = seen.text.partition('id="told"')[2].partition('<form method="post"')[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))


def number(seen: Seen) -> str:
    """The number that stands out, if one does."""
    return seen.text.partition('<span class="left">')[2].partition("</span>")[0]


def test_a_serial_number_scanned_twice_is_told_to_be_counted_already(console: Console, receiver: Visit):
    console.shop.product("PHONE", tracking="serial")
    path = began(console, "receive")
    for code in ("PHONE", "SN-1", "PHONE"):
        scanned(receiver, path, code)
    words = told(scanned(receiver, path, "SN-1"))
    assert "Esta unidad ya está contada" in words
    assert "in hand" not in words


def test_more_rejected_than_were_counted_is_asked_for_again_in_words(console: Console, receiver: Visit):
    path = began(console, "receive")
    scanned(receiver, path, "MUG")
    seen = scanned(receiver, path, command="short", quantity="40", reason="damaged")
    assert "No hay tantas en la mano" in told(seen)


def test_why_something_is_held_is_told_in_the_language_of_the_page(console: Console, receiver: Visit):
    console.shop.product("MILK", tracking="lot", asks_expiry=True)
    path = began(console, "receive")
    for code in ("MILK", "L9", "2020-01-01"):
        scanned(receiver, path, code)
    assert "1 de MILK a cuarentena (caducado)" in told(scanned(receiver, path, command="done"))


def test_lots_and_reasons_are_asked_for_in_the_language_of_the_page(console: Console, receiver: Visit):
    console.shop.product("MILK", tracking="lot")
    path = began(console, "receive")
    for lot in ("L1", "L2"):
        scanned(receiver, path, "MILK")
        scanned(receiver, path, lot)
        scanned(receiver, path, command="done")
    assert "Escanee el lote: uno de L1, L2." in told(scanned(receiver, began(console, "put_away"), "MILK"))
    damage = began(console, "damage")
    scanned(receiver, damage, "F-1")
    assert "diga por qué: dañado, defectuoso, caducado, contaminado" in told(scanned(receiver, damage, "MUG"))
    assert "Según los registros no hay tantas aquí." in told(scanned(receiver, damage, quantity="400"))


def test_the_number_that_stands_out_is_what_is_in_hand(console: Console, receiver: Visit):
    path = began(console, "receive")
    assert number(scanned(receiver, path, "MUG")) == "1"
    scanned(receiver, path, quantity="12")
    seen = scanned(receiver, path, command="done")
    assert number(seen) == ""
    put_away = began(console, "put_away")
    assert number(receiver.get(put_away)) == ""  # all that lies on the bench is no number of the product named there
    assert number(scanned(receiver, put_away, "MUG")) == "1"


def test_who_counts_blind_is_shown_no_number_before_one_is_counted(console: Console, receiver: Visit):
    command = AskCount(site=SITE, place="F-1", sku="", actor="test")
    done(console.shop.run(ask_counts, command))
    path = began(console, "count")
    assert number(receiver.get(path)) == ""


def test_what_would_be_refused_is_not_offered(console: Console, receiver: Visit):
    idle = receiver.get(began(console, "receive")).text
    assert 'value="done"' not in idle
    assert 'name="scans/0/reason"' not in idle
    assert 'value="full"' not in receiver.get(began(console, "put_away")).text


@pytest.mark.parametrize(
    ("state", "words"),
    [("draft", "aún no se ha enviado"), ("received", "Ya ha llegado todo"), ("cancelled", "se canceló")],
)
def test_why_nothing_is_received_by_a_purchase_order_is_told_at_its_field(
    console: Console, receiver: Visit, state: str, words: str
):
    shop = console.shop
    products = [SupplierProductForm(sku="MUG", unit_cost="3.10")]
    supplier = PutSupplier(code="S", form=SupplierForm(name="S", currency="GBP", products=products), actor="test")
    done(shop.run(put_suppliers, supplier))
    lines = [PurchaseLineForm(sku="MUG", quantity=4)]
    [drafted] = done(
        shop.run(draft_purchases, DraftPurchase(form=PurchaseForm(supplier="S", site=SITE, lines=lines), actor="test"))
    )
    with shop.begin() as tx:
        tx.write(
            "UPDATE purchase_order SET state = %(state)s, sent_at = CASE WHEN %(state)s <> 'draft' THEN %(now)s END,"
            " ended_at = CASE WHEN %(state)s <> 'draft' THEN %(now)s END WHERE number = %(number)s",
            state=state, number=drafted.number, now=tx.now,
        )  # fmt: skip
    begin = "/floor/begin/receive"
    form = receiver.get(f"{begin}?site={SITE}").hidden(begin)
    seen = receiver.post(begin, {**form, "subject": drafted.number})
    assert words in seen.words
