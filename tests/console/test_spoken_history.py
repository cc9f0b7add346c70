"""The history of the house is told in the language of the page; what people named themselves stays as they named it."""

import re

import msgspec
import pytest

from orderwright.business.catalog.forms import ChannelForm, PlaceForm, ProductForm, SiteForm
from orderwright.business.catalog.sale_events import SaleEventForm
from orderwright.business.customers.forms import CustomerCard, PriceListForm
from orderwright.business.routing.carriers import CarrierForm, ServiceForm
from orderwright.business.shipping.packing.forms import CartonForm, InsertForm
from orderwright.business.warehouse.floor_forms import FloorForm
from orderwright.business.warehouse.release_policy import ReleasePolicyForm
from orderwright.database.facts import Fact
from orderwright.doors.console.history_codes import CODES
from orderwright.doors.console.history_words import PARTS
from orderwright.doors.console.pages.history import parts_of
from orderwright.doors.console.story_words import tell
from orderwright.values.phrases import Phrase, side_by_side
from tests.console.conftest import Console
from tests.console.test_settings import filled

THINGS = {
    "product": ProductForm, "site": SiteForm, "place": PlaceForm, "channel": ChannelForm, "sale_event": SaleEventForm,
    "customer": CustomerCard, "price_list": PriceListForm, "carrier": CarrierForm, "service": ServiceForm,
    "carton": CartonForm, "insert": InsertForm, "floor": FloorForm, "release_policy": ReleasePolicyForm,
}  # fmt: skip
"""By the kind of thing, as its history has it."""
KEPT = tuple(THINGS.values())


def names_in(shape: object) -> set[str]:
    """The fields of a form and of those in it."""
    found: set[str] = set()
    if isinstance(shape, msgspec.inspect.StructType):
        found |= {field.encode_name for field in shape.fields}
    for inner in (*getattr(shape, "types", ()), *(field.type for field in getattr(shape, "fields", ())),
                  getattr(shape, "item_type", None), getattr(shape, "value_type", None)):  # fmt: skip
        found |= names_in(inner) if inner is not None else set()
    return found


@pytest.mark.parametrize("form", KEPT, ids=lambda form: form.__name__)
def test_every_field_of_what_is_kept_has_a_name(form: type[msgspec.Struct]):
    assert names_in(msgspec.inspect.type_info(form)) - set(PARTS) == set()


def codes_in(shape: object, field: str = "") -> set[tuple[str, str]]:
    """(field, code) of what a form takes one word of."""
    found = {(field, str(each)) for each in shape.values} if isinstance(shape, msgspec.inspect.LiteralType) else set()
    if isinstance(shape, msgspec.inspect.StructType):
        return found.union(*(codes_in(each.type, each.encode_name) for each in shape.fields))
    inner = (*getattr(shape, "types", ()), *getattr(shape, "item_types", ()), getattr(shape, "item_type", None),
             getattr(shape, "value_type", None))  # fmt: skip
    return found.union(*(codes_in(each, field) for each in inner if each is not None))


@pytest.mark.parametrize(("thing", "form"), THINGS.items())
def test_every_code_in_what_is_kept_has_a_word(thing: str, form: type[msgspec.Struct]):
    codes = codes_in(msgspec.inspect.type_info(form))
    assert {(field, code) for field, code in codes if code and code not in CODES.get((thing, field), {})} == set()


@pytest.mark.parametrize(("field", "code"), [("roles", "owner"), ("state", "active")])
def test_a_word_of_a_person_is_told_and_a_name_like_it_is_not(field: str, code: str):
    ((_name, before, after),) = parts_of({field: [code]}, {field: []}, "account")
    assert after == ""
    assert isinstance(before, Phrase)
    assert before.said_by(lambda text: f"<{text}>" if text == CODES["account", field][code] else text) != code
    ((_name, before, after),) = parts_of({"name": code}, {"name": ""}, "account")
    assert isinstance(before, Phrase)
    assert before.said_by(lambda text: "translated" if text == code else text) == code


def test_every_fact_of_an_order_has_a_sentence():
    of_orders = [each for each in Fact.__subclasses__() if not each.TYPE.startswith(("purchase_", "walk_", "count_"))]
    assert len(of_orders) > 40
    assert [
        each.TYPE for each in of_orders if tell(each.TYPE, {}, "EUR").says == side_by_side("", [spoken(each.TYPE)])
    ] == []


def spoken(code: str) -> str:
    """A code as it stands where nobody gave it words."""
    return code.replace("_", " ")


def test_a_change_is_told_in_spanish_and_values_stand_as_they_are(console: Console):
    owner = console.visit(console.owner(), language="es")
    fields = filled(owner.get("/settings/sites/LEEDS"))
    sent = {**fields, "cut_off": "14:30", "name": "{part_0} <b>date</b>"}
    assert owner.post("/settings/sites/LEEDS", sent).status == 303
    seen = owner.get("/settings/history?kind=site&name=LEEDS")
    row = seen.text[seen.text.index('<ul class="kept changes"') :]
    row = row[: row.index("</li>")]
    assert re.search(r"<dt>Hora de corte</dt><dd><del>16:00</del>.*?<ins>14:30</ins>", row)
    assert "<ins>{part_0} &lt;b&gt;date&lt;/b&gt;</ins>" in row
    assert "cut off" not in row


def test_lists_and_parts_of_parts_are_told_by_their_names():
    before = {"policy": {"cancel_minutes": 5}, "buffers": [], "is_active": True, "options": {"heel_height": "7"}}
    after = {"policy": {"cancel_minutes": 9}, "buffers": [{"sku": "MUG", "site": "", "withheld": 2}],
             "is_active": False, "options": {"heel_height": "8"}}  # fmt: skip
    spanish = {"Rules of the channel": "Reglas", "Units held back": "Unidades aparte", "SKU": "Código", "No": "no",
               "MUG": "never looked up"}  # fmt: skip

    def told(said: object) -> str:
        return said if isinstance(said, str) else said.said_by(lambda text: spanish.get(text, text))  # type: ignore[attr-defined]

    assert [tuple(told(each) for each in part) for part in parts_of(before, after, "channel")] == [
        ("Reglas · Minutes in which customers may cancel", "5", "9"),
        ("Held back", "", "Código: MUG, Unidades aparte: 2"),
        ("In use", "Yes", "no"),
        ("What tells it apart in its family · heel height", "7", "8"),
    ]
