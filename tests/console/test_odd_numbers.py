"""What looks like a number and is none: it is answered as a wrong field, and never fails a page."""

import pytest

from orderwright.doors.console.forms import tree_of, whole_number
from tests.console.conftest import Console
from tests.console.test_settings import filled
from tests.console.visiting import Visit

ODD = ("--5", "-", "²", "5²", "٣", "9" * 5_000)


@pytest.fixture
def owner(console: Console) -> Visit:
    return console.visit(console.owner())


def test_a_whole_number_is_read_and_nothing_else():
    assert [whole_number(text) for text in ("0", "-5", " 12 ", "007", "99999999999")] == [0, -5, 12, 7, 99_999_999_999]
    assert [whole_number(text) for text in ("", "+5", "5 0", "1.0", "9" * 12, *ODD)] == [None] * (5 + len(ODD))


@pytest.mark.parametrize("odd", ODD)
def test_a_layout_with_an_odd_number_says_which_and_keeps_nothing(console: Console, owner: Visit, odd: str):
    here = "/settings/sites/LEEDS/layout"
    fields = {**filled(owner.get(here)), "layout/zone/0/name": "A", "layout/zone/0/aisles": odd,
              "layout/zone/0/bays": "10"}  # fmt: skip
    assert owner.post(f"{here}/drawn", fields).status == 200
    assert owner.post(here, fields).status == 422
    assert not console.shop.value("SELECT count(*) FROM floor_plan")


@pytest.mark.parametrize("odd", ODD)
def test_stock_is_not_changed_by_an_odd_number(console: Console, owner: Visit, odd: str):
    console.shop.stock("LEEDS", MUG=5)
    here = "/stock/MUG"
    fields = {**filled(owner.get(here)), "site": "LEEDS", "units": odd, "reason": "damaged"}
    assert owner.post(here, fields).status == 422
    assert console.shop.value("SELECT sum(quantity) FROM stock WHERE sku = 'MUG'") == 5


@pytest.mark.parametrize(
    "name", ["layout/zone/", "layout/zone/²/name", "layout/zone/1x/name", f"layout/zone/{'9' * 5_000}/name"]
)
def test_a_field_with_an_odd_name_fails_no_page(owner: Visit, name: str):
    here = "/settings/sites/LEEDS/layout"
    assert owner.post(f"{here}/drawn", {**filled(owner.get(here)), name: "A"}).status in (200, 422)


def test_entries_are_in_the_order_of_their_numbers_and_odd_names_are_no_numbers():
    assert tree_of({"rows/10/a": "z", "rows/2/a": "y"}) == {"rows": [{"a": "y"}, {"a": "z"}]}
    assert tree_of({"rows/²/a": "y"}) == {"rows": {"²": {"a": "y"}}}
    assert tree_of({"rows/-1/a": "y"}) == {"rows": {"-1": {"a": "y"}}}


def test_what_is_wrong_with_a_layout_is_told_by_the_names_of_its_fields(owner: Visit):
    here = "/settings/sites/LEEDS/layout"
    fields = {**filled(owner.get(here)), "layout/zone/0/name": "A", "layout/zone/0/aisles": "four",
              "layout/zone/0/bays": "0", "layout/aisle/0/number": "x"}  # fmt: skip
    words = owner.post(f"{here}/drawn", fields).words
    assert "Zone 1, Aisles: This must be a whole number" in words
    assert "Zone 1, Bays in each: This must lie between 1 and 1000." in words
    assert "Single aisle 1, Number:" in words
    assert "/zone/0" not in words
