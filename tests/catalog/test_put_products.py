"""Products: what they are called, what they are made of, and what may not be said of them."""

from datetime import UTC, datetime, timedelta

import pytest

from orderwright.business.catalog.actions import put_products
from orderwright.business.catalog.forms import CodeForm, PutProduct, Saved
from orderwright.business.catalog.reads import resolve_codes
from orderwright.values.refusal import Refusal
from tests.shelves import CLERK, product_form, put_product, put_site, told

DAY = timedelta(days=1)


def revision(tx):
    return tx.row("SELECT number FROM revision WHERE name = 'catalog'").number


def test_a_put_makes_a_product_and_the_next_one_replaces_it_whole(tx):
    assert put_product(tx, "MUG", weight_g=320, codes=[CodeForm(code="4006381333931")]) == Saved("MUG", 1, True)
    assert put_product(tx, "MUG", price="8", title="Big mug") == Saved("MUG", 2, False)
    row = tx.row("SELECT title, price_minor, weight_g, version FROM product WHERE sku = 'MUG'")
    assert row == ("Big mug", 800, 0, 2)
    assert tx.rows("SELECT * FROM product_code") == []


def test_every_call_that_changed_something_raises_the_revision_once(tx):
    before = revision(tx)
    put_products(tx, [PutProduct(sku=sku, form=product_form(), actor=CLERK) for sku in ("A", "B", "C")])
    assert revision(tx) == before + 1
    put_product(tx, "A", price="no")
    assert revision(tx) == before + 1


def test_a_stale_version_is_refused_and_changes_nothing(tx):
    put_product(tx, "MUG")
    refusal = put_product(tx, "MUG", version=2, title="Other")
    assert (refusal.code, refusal.facts) == ("stale", {"version": 1})
    assert put_product(tx, "NEW", version=1).code == "stale"
    assert tx.rows("SELECT sku, title FROM product") == [("MUG", "Thing")]
    assert put_product(tx, "MUG", version=1).version == 2


def test_all_findings_come_at_once(tx):
    put_product(tx, "OTHER", codes=[CodeForm(code="mine", kind="alias")])
    refusal = put_product(
        tx, "MUG", price="1.234", title="a\0b", parts={"MUG": 1, "NONE": 2},
        codes=[CodeForm(code="4006381333930"), CodeForm(code="mine", kind="alias"), CodeForm(code="x", kind="channel")],
    )  # fmt: skip
    assert refusal.code == "malformed"
    assert told(refusal) == [
        ("/title", "nul"), ("/price", "bad_money"), ("/codes/0/code", "bad_code"), ("/codes/2/channel", "channel"),
        ("/codes/1/code", "code_taken"), ("/components/0/sku", "bad_kit"), ("/components/1/sku", "unknown_sku"),
    ]  # fmt: skip
    assert tx.rows("SELECT sku FROM product") == [("OTHER",)]


@pytest.mark.parametrize(
    ("changes", "code", "findings"),
    [
        ({"currency": "XYZ"}, "malformed", [("/currency", "currency_unknown")]),
        ({"price": "-1"}, "malformed", [("/price", "bad_money")]),
        ({"price": "\ud800"}, "malformed", [("/price", "lone_surrogate"), ("/price", "bad_money")]),
        ({"codes": [CodeForm(code="12345670", channel="web")]}, "malformed", [("/codes/0/channel", "channel")]),
        ({"codes": [CodeForm(code="123")]}, "bad_code", [("/codes/0/code", "bad_code")]),
        ({"parts": {"NONE": 1}}, "unknown_sku", [("/components/0/sku", "unknown_sku")]),
    ],
)
def test_one_finding_gives_the_refusal_its_code(tx, changes, code, findings):
    refusal = put_product(tx, "MUG", **changes)
    assert (refusal.code, told(refusal)) == (code, findings)
    assert tx.rows("SELECT sku FROM product") == []


def test_a_sku_that_cannot_be_kept_is_refused(tx):
    assert told(put_product(tx, "a\ud800")) == [("/sku", "lone_surrogate")]


def test_a_code_may_move_to_another_product_when_its_time_is_over(tx):
    until = [CodeForm(code="old", kind="alias", valid_to=tx.now)]
    later = [CodeForm(code="old", kind="alias", valid_from=tx.now)]
    put_product(tx, "A", codes=until)
    assert put_product(tx, "B", codes=later) == Saved("B", 1, True)
    before, since = ("web", "old", tx.now - DAY), ("web", "old", tx.now)
    assert resolve_codes(tx, [since, before]) == {before: "A", since: "B"}
    overlapping = [CodeForm(code="old", kind="alias", valid_from=tx.now - DAY)]
    assert put_product(tx, "C", codes=overlapping).code == "code_taken"


def test_a_channels_own_name_for_a_product_beats_the_general_one(tx):
    put_product(tx, "A", codes=[CodeForm(code="x1", kind="alias")])
    put_product(tx, "B", codes=[CodeForm(code="x1", kind="channel", channel="ebay")])
    ebay, web = ("ebay", "x1", tx.now), ("web", "x1", tx.now)
    assert resolve_codes(tx, [ebay, web]) == {ebay: "B", web: "A"}
    assert put_product(tx, "C", codes=[CodeForm(code="x1", kind="channel", channel="ebay")]).code == "code_taken"


def test_one_code_stands_at_most_once_at_a_time_in_one_product(tx):
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    twice = [CodeForm(code="x", kind="alias", valid_from=noon), CodeForm(code="x", kind="alias", valid_to=noon + DAY)]
    assert told(put_product(tx, "A", codes=twice)) == [("/codes/0/code", "twice")]
    after = [CodeForm(code="x", kind="alias", valid_from=noon), CodeForm(code="x", kind="alias", valid_to=noon)]
    assert put_product(tx, "A", codes=after).version == 1
    backwards = [CodeForm(code="y", kind="alias", valid_from=noon, valid_to=noon)]
    assert told(put_product(tx, "A", codes=backwards)) == [("/codes/0/valid_to", "order")]


def test_a_code_is_no_other_products_sku_and_a_new_sku_no_code_in_use(tx):
    put_product(tx, "A", codes=[CodeForm(code="B", kind="alias")])
    assert told(put_product(tx, "B")) == [("/sku", "code_taken")]
    assert told(put_product(tx, "C", codes=[CodeForm(code="A", kind="alias")])) == [("/codes/0/code", "code_taken")]
    put_product(tx, "A", codes=[CodeForm(code="B", kind="alias", valid_to=tx.now)])
    assert put_product(tx, "B").version == 1


def test_in_one_call_each_command_sees_what_the_former_ones_did(tx):
    gtin = [CodeForm(code="4006381333931")]
    put_product(tx, "A", codes=gtin)
    forms = [
        ("A", product_form()), ("B", product_form(codes=gtin)), ("C", product_form(codes=gtin)),
        ("B", product_form(title="Second", codes=gtin)), ("KIT", product_form(parts={"B": 2})),
    ]  # fmt: skip
    results = put_products(tx, [PutProduct(sku=sku, form=form, actor=CLERK) for sku, form in forms])
    assert isinstance(results[2], Refusal)
    assert results[:2] + results[3:] == [Saved("A", 2), Saved("B", 1, True), Saved("B", 2), Saved("KIT", 1, True)]
    assert tx.rows("SELECT sku FROM product_code") == [("B",)]
    assert tx.row("SELECT title, version FROM product WHERE sku = 'B'") == ("Second", 2)


def test_kits_are_made_of_stocked_products_only(tx):
    put_product(tx, "PART")
    put_product(tx, "KIT", parts={"PART": 3})
    assert put_product(tx, "NEST", parts={"KIT": 1}).code == "bad_kit"
    assert put_product(tx, "PART", parts={"OTHER": 1}).facts["findings"][1]["code"] == "bad_kit"
    assert put_product(tx, "OTHER").version == 1
    assert told(put_product(tx, "PART", parts={"OTHER": 1})) == [("/components", "bad_kit")]
    twice = product_form().components + product_form(parts={"PART": 1}).components * 2
    assert told(put_product(tx, "TWICE", components=twice)) == [("/components", "twice")]
    put_product(tx, "KIT", parts={"OTHER": 1})
    assert put_product(tx, "PART", parts={"OTHER": 1}).version == 2


def test_a_product_with_units_does_not_become_a_kit(tx):
    put_site(tx, "LEEDS")
    put_product(tx, "PART")
    put_product(tx, "MUG")
    tx.write("UPDATE availability SET waiting = 1 WHERE sku = 'MUG'")
    assert told(put_product(tx, "MUG", parts={"PART": 1})) == [("/components", "bad_kit")]
    tx.write("UPDATE availability SET waiting = 0 WHERE sku = 'MUG'")
    assert put_product(tx, "MUG", parts={"PART": 1}).version == 2


def test_each_stocked_product_has_a_counter_at_each_site(tx):
    put_site(tx, "LEEDS")
    put_product(tx, "A")
    put_product(tx, "KIT", parts={"A": 1})
    tx.write("UPDATE availability SET waiting = 4 WHERE sku = 'A'")
    put_site(tx, "YORK")
    put_product(tx, "B")
    rows = tx.rows("SELECT sku, site, on_hand, waiting FROM availability ORDER BY sku, site")
    assert rows == [("A", "LEEDS", 0, 4), ("A", "YORK", 0, 4), ("B", "LEEDS", 0, 0), ("B", "YORK", 0, 0)]
    put_product(tx, "KIT")
    assert len(tx.rows("SELECT site FROM availability WHERE sku = 'KIT'")) == 2


def test_the_first_site_starts_with_what_waits_already(tx):
    put_product(tx, "A")
    for claims, waiting in ((True, 2), (True, 3), (False, 9)):
        tx.write(
            """
            INSERT INTO demand (id, order_id, position, sku, per_unit, ordered, waiting, allocated, claims)
            VALUES (gen_random_uuid(), gen_random_uuid(), 1, 'A', 1, %(n)s, %(n)s, 0, %(claims)s)
            """,
            n=waiting, claims=claims,
        )  # fmt: skip
    put_site(tx, "LEEDS")
    assert tx.row("SELECT waiting FROM availability WHERE sku = 'A'") == (5,)
