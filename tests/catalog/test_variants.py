"""Families: the same thing in other sizes and colours, each told apart from the others."""

from orderwright.business.catalog.actions import put_products
from orderwright.business.catalog.forms import PutProduct
from orderwright.business.catalog.reads import product_forms
from orderwright.business.catalog.rules import options_of
from orderwright.business.catalog.variants import get_family, siblings_of
from tests.shelves import CLERK, product_form, put_product, told


def test_a_family_is_told_with_its_variants(tx):
    for sku, size in (("TEE-S", "S"), ("TEE-M", "M")):
        put_product(tx, sku, family="TEE", options={"size": size, "colour": "blue"})
    put_product(tx, "MUG")
    assert [(each.sku, each.says) for each in get_family(tx, "TEE").variants] == [
        ("TEE-M", "blue, M"), ("TEE-S", "blue, S"),
    ]  # fmt: skip
    assert product_forms(tx, ["TEE-S"])["TEE-S"].options == {"colour": "blue", "size": "S"}
    put_product(tx, "TEE-M", family="TEE", options={"size": "M"}, is_retired=True)
    found = siblings_of(tx, ["TEE-S", "TEE-M", "MUG", "NONE"])
    assert {sku: [each.sku for each in mine] for sku, mine in found.items()} == {
        "TEE-S": ["TEE-S"], "TEE-M": ["TEE-S"], "MUG": ["MUG"],
    }  # fmt: skip


def test_two_of_a_family_cannot_have_the_same_options(tx):
    put_product(tx, "TEE-S", family="TEE", options={"size": "S", "colour": "blue"})
    refusal = put_product(tx, "TEE-X", family="TEE", options={"colour": "blue", "size": "S"})
    assert (refusal.code, told(refusal)) == ("malformed", [("/options", "twice")])
    assert put_product(tx, "HAT-S", family="HAT", options={"colour": "blue", "size": "S"}).is_new
    assert put_product(tx, "TEE-S", family="TEE", options={"colour": "blue", "size": "S"}).version == 2
    forms = [product_form(family="CAP", options={"size": "S"}) for _ in range(2)]
    first, second = put_products(
        tx, [PutProduct(sku=f"CAP-{n}", form=each, actor=CLERK) for n, each in enumerate(forms)]
    )
    assert (first.is_new, told(second)) == (True, [("/options", "twice")])


def test_options_and_family_come_together(tx):
    assert told(put_product(tx, "TEE", options={"size": "S"})) == [("/family", "missing")]
    assert told(put_product(tx, "TEE", family="TEE")) == [("/options", "missing")]
    assert told(put_product(tx, "TEE", family="TEE", options={"size": "a\0b"})) == [("/options/size", "nul")]


def test_options_are_read_as_they_are_written():
    assert options_of(["size=M", "colour = light blue"]) == {"size": "M", "colour": "light blue"}
    assert options_of([]) == {}
    assert options_of(["size=M", "blue"]) is None
