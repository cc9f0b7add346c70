"""Services and carriers as they are put: what new orders, promises and labels follow, and what is refused."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from orderwright.business.deeds.not_offered import DropServiceTerms, ServiceDropped, drop_services
from orderwright.business.deeds.quoting import make_quotes
from orderwright.business.orders.form import CustomerForm
from orderwright.business.quotes.actions import withdraw_quotes
from orderwright.business.quotes.forms import DraftForm, DraftLine, MakeQuote, WithdrawQuote
from orderwright.business.routing.carriers import (
    CarrierForm,
    PutCarrier,
    PutServiceTerms,
    ServiceForm,
    ZoneForm,
    list_carriers,
    list_services,
    put_carriers,
    put_services,
)
from orderwright.business.routing.lanes import Destination
from orderwright.business.routing.reads import Origin, account_of, quote
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.floor import done, refused
from tests.shop import HOME as HOUSE
from tests.shop import Shop

HOME = ZoneForm(name="home", km_max=25_000, base="2.95", step="0.20", transit_days=3)
ABROAD = ZoneForm(name="abroad", is_domestic=False, km_max=25_000, base="6.50", transit_days=6)
LEEDS = Origin("GB", 53.8, -1.55)


def put(shop: Shop, code: str = "economy", version: int | None = None, **changes: Any) -> Any:
    form = ServiceForm(**{"name": "Economy", "zones": [HOME, ABROAD], **changes})
    return shop.run(put_services, PutServiceTerms(code=code, form=form, version=version, actor="olivia"))[0]


def cost(shop: Shop, service: str, weight_g: int) -> Any:
    with shop.store.read() as tx:
        return quote(tx, LEEDS, Destination("GB", "LS1 1AA", service), weight_g)


def wrong(result: Any) -> list[tuple[str, str]]:
    assert isinstance(result, Refusal)
    return [(each["pointer"], each["code"]) for each in result.facts["findings"]]


def changes(shop: Shop) -> list[tuple[Any, ...]]:
    rows = shop.rows(
        "SELECT kind, name, before, after, actor FROM house_change WHERE kind IN ('service', 'carrier')"
        " ORDER BY changed_at, id"
    )
    return [(row.kind, row.name, *(each and msgspec.json.decode(each) for each in row[2:4]), row.actor) for row in rows]


def test_a_store_begins_with_the_practice_carriers_services(shop: Shop) -> None:
    with shop.store.read() as tx:
        assert [(each.code, each.is_active) for each in list_carriers(tx)] == [("practice", True)]
        assert [each.code for each in list_services(tx)] == ["express", "standard"]
    found = cost(shop, "standard", 1_500)
    assert (found.cost_minor, found.currency, found.transit_days) == (345, "GBP", 1)


def test_a_new_service_is_offered_priced_and_promised(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    assert isinstance(shop.place({"MUG": 1}, service="economy"), Refusal)
    assert put(shop).is_new
    placed = shop.place({"MUG": 1}, service="economy")
    assert [part.site for part in placed.fulfilments] == ["LEEDS"]
    assert (cost(shop, "economy", 1_000).cost_minor, cost(shop, "economy", 1_001).cost_minor) == (295, 315)


def test_changes_take_effect_and_are_kept_before_and_after(shop: Shop) -> None:
    put(shop)
    put(shop)  # the same again is no change
    put(shop, zones=[HOME, msgspec.structs.replace(ABROAD, base="7.5")], weight_max_g=2_000)
    assert cost(shop, "economy", 2_001) is None
    new, change = changes(shop)
    assert (new[:3], new[4]) == (("service", "economy", None), "olivia")
    assert (change[2]["weight_max_g"], change[3]["weight_max_g"]) == (None, 2_000)
    assert [each["base"] for each in (*change[2]["zones"], *change[3]["zones"])] == ["6.50", "7.50"]


def test_what_is_not_offered_is_ordered_no_more_and_what_was_ordered_still_goes(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    put(shop, is_active=False)
    assert isinstance(shop.place({"MUG": 1}, service="economy"), Refusal)
    assert cost(shop, "economy", 500).cost_minor == 295
    put(shop, countries=["IE"])
    no = shop.place({"MUG": 1}, service="economy")
    assert [(each.code, each.pointer) for each in no.facts["findings"]] == [("service_unknown", "/service")]
    put(shop, countries=["IE", "GB"])
    assert shop.place({"MUG": 1}, service="economy").number
    [saved] = shop.run(
        put_carriers, PutCarrier(code="practice", form=CarrierForm("Practice", "AC-1", False), actor="olivia")
    )
    assert saved.version == 2
    assert isinstance(shop.place({"MUG": 1}), Refusal)
    with shop.store.read() as tx:
        assert account_of(tx, "economy") == "AC-1"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"zones": [HOME, HOME]}, [("/zones/1/km_max", "not_ascending")]),
        ({"zones": [msgspec.structs.replace(HOME, base="2.955")]}, [("/zones/0/base", "bad_amount")]),
        ({"countries": ["GB", "XX"]}, [("/countries/1", "unknown_country")]),
        ({"carrier": "acme"}, [("/carrier", "unknown_carrier")]),
        ({"code": "Next Day"}, [("/code", "bad_code_form")]),
        ({"name": "a\x00"}, [("/name", "nul")]),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_changes_nothing(shop: Shop, changes: Any, found: Any) -> None:
    assert wrong(put(shop, **changes)) == found
    with shop.store.read() as tx:
        assert [each.code for each in list_services(tx)] == ["express", "standard"]


def test_an_older_version_and_a_carrier_without_a_link_are_refused(shop: Shop) -> None:
    assert refused(put(shop, "standard", version=4)) == ("stale", {"version": 1})
    assert wrong(shop.run(put_carriers, PutCarrier(code="acme", form=CarrierForm("Acme"), actor="olivia"))[0]) == [
        ("/code", "no_link")
    ]


def test_a_service_that_an_open_quote_asks_for_stays(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    put(shop)
    form = DraftForm(
        channel="web", lines=[DraftLine(sku="MUG")], ship_to=HOUSE, customer=CustomerForm(email="q@example.org"),
        service="economy",
    )  # fmt: skip
    with shop.store.read() as tx:
        until = (tx.now + timedelta(days=7)).date()
    quote = shop.run(make_quotes, MakeQuote(id=new_id(), form=form, valid_until=until, actor="ann"))[0].number
    with shop.begin() as tx:  # what an erased person's quote says is sealed
        tx.write(
            "INSERT INTO quote SELECT (jsonb_populate_record(q, jsonb_build_object('id', gen_random_uuid(),"
            " 'number', 'Q-SEALED', 'form', 'sealed'))).* FROM quote q"
        )

    def drop() -> Any:
        return shop.run(drop_services, DropServiceTerms(code="economy", actor="olivia"))[0]

    assert refused(drop()) == ("service_in_use", {"why": "quotes", "of": quote})
    done(shop.run(withdraw_quotes, WithdrawQuote(number=quote, actor="ann")))
    assert drop() == ServiceDropped("economy")


def test_what_is_in_use_stays_and_the_reason_is_told(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=5)
    put(shop)
    number = shop.place({"MUG": 1}, service="economy").number

    def drop(code: str) -> Any:
        return shop.run(drop_services, DropServiceTerms(code=code, actor="olivia"))[0]

    assert refused(drop("economy")) == ("service_in_use", {"why": "orders", "of": number})
    assert refused(drop("standard")) == ("service_in_use", {"why": "usual", "of": ""})
    assert refused(drop("nothing"))[0] == "not_found"
    assert drop("express") == ServiceDropped("express")
    assert changes(shop)[-1][:2] == ("service", "express")
    assert changes(shop)[-1][3] is None
