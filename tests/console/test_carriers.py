"""Carriers and services kept by forms: added, changed, wrong at the field, and not taken away while in use."""

import pytest

from tests.console.conftest import Console
from tests.console.test_settings import filled
from tests.console.visiting import Seen, Visit

CARRIERS, NEW, STANDARD = "/settings/carriers", "/settings/services/new", "/settings/services/standard"


@pytest.fixture
def owner(console: Console) -> Visit:
    return console.visit(console.owner())


def form_of(owner: Visit, path: str) -> dict[str, str]:
    """The fields of the form that saves, not of the one that takes away."""
    seen = owner.get(path)
    return filled(Seen(seen.status, [], seen.text.partition(f'<form method="post" action="{path}/drop"')[0]))


def test_a_service_is_saved_as_it_stands_and_then_changed(console: Console, owner: Visit) -> None:
    before = console.shop.rows("SELECT zones, weight_max_g, is_active FROM carrier_service WHERE code = 'standard'")
    stale = form_of(owner, STANDARD)
    assert owner.post(STANDARD, stale).location == STANDARD
    after = console.shop.rows("SELECT zones, weight_max_g, is_active FROM carrier_service WHERE code = 'standard'")
    assert after[0].zones.replace(" ", "").replace("\n", "") == before[0].zones.replace(" ", "").replace("\n", "")
    changed = {**form_of(owner, STANDARD), "weight_max_g": "20000", "countries": "gb, ie", "zones/0/base": "3,30"}
    assert owner.post(STANDARD, changed).location == STANDARD
    seen = owner.get(CARRIERS).words
    assert "£3.30" in seen
    assert "To GB, IE only." in seen
    assert owner.post(STANDARD, {**stale, "once": "another-once-1", "name": "Slow"}).status == 412


@pytest.mark.parametrize("path", [CARRIERS, NEW, STANDARD])
def test_which_currency_prices_of_carriers_are_in_is_said(owner: Visit, path: str) -> None:
    assert "Carriers' prices are all kept in GBP, whatever currency an order is in." in owner.get(path).words


def test_a_service_is_added_once_and_what_is_wrong_stands_at_its_field(console: Console, owner: Visit) -> None:
    told = {"code": "economy", "name": "Economy", "zones/0/name": "home", "zones/0/km_max": "900",
            "zones/0/transit_days": "3", "zones/0/base": "2.95"}  # fmt: skip
    wrong = owner.post(NEW, {**form_of(owner, NEW), **told, "zones/0/base": "2.957", "countries": "XX"})
    assert wrong.status == 422
    assert 'id="zones-0-base-wrong"' in wrong.text
    assert "XX is no country." in wrong.words
    fields = {**form_of(owner, NEW), **told}
    assert [owner.post(NEW, fields).location for _ in range(2)] == ["/settings/services/economy"] * 2
    assert console.shop.value("SELECT version FROM carrier_service WHERE code = 'economy'") == 1
    again = owner.post(NEW, {**form_of(owner, NEW), **told})
    assert "There is a service with this code already." in again.words


def test_what_is_in_use_is_not_taken_away_and_says_why(console: Console, owner: Visit) -> None:
    seen = owner.submit(STANDARD, f"{STANDARD}/drop")
    assert seen.status == 409
    assert "orders that name no service are sent by it" in seen.words
    assert owner.submit("/settings/services/express", "/settings/services/express/drop").location == CARRIERS
    assert "Express" not in owner.get(CARRIERS).words


def test_an_account_is_written_down_and_others_may_only_look(console: Console, owner: Visit) -> None:
    here = f"{CARRIERS}/practice"
    assert owner.post(here, {**form_of(owner, here), "account": "AC-1042"}).location == CARRIERS
    clerk = console.visit(console.person("clerk", name="Sam"))
    assert "AC-1042" in clerk.get(CARRIERS).words
    assert clerk.get(NEW).status == 403
    assert "Take the service away" not in clerk.get(STANDARD).words


CARD = "/settings/rate-card"


def test_a_shop_in_japan_says_yen_and_every_form_says_it_back(console: Console, owner: Visit) -> None:
    seen = owner.get(CARD)
    assert "The practice carrier's prices are invented" in seen.words
    saved = owner.post(CARD, {**filled(seen), "currency": "jpy", "late_day": "90"})
    assert saved.location == CARRIERS
    assert "Carriers' prices are all kept in JPY, whatever currency an order is in." in owner.get(CARRIERS).words
    assert "¥320" in owner.get(CARRIERS).words
    told = {"code": "takkyubin", "name": "Takkyubin", "zones/0/name": "home", "zones/0/km_max": "3000",
            "zones/0/transit_days": "1", "zones/0/base": "820.50"}  # fmt: skip
    wrong = owner.post(NEW, {**form_of(owner, NEW), **told})
    assert "This is no amount in JPY." in wrong.words
    assert owner.post(NEW, {**form_of(owner, NEW), **told, "zones/0/base": "820"}).status == 303
    assert "¥820" in owner.get(CARRIERS).words
    assert "100 are 1" not in owner.get("/settings/sites/new").words
    assert "1 are 1 JPY." in owner.get("/settings/sites/new").words


def test_prices_somebody_put_are_asked_for_again_and_what_is_missing_stands_at_its_service(owner: Visit) -> None:
    assert owner.post(STANDARD, {**form_of(owner, STANDARD), "zones/0/base": "3.30"}).location == STANDARD
    seen = owner.get(CARD)
    tried = owner.post(CARD, {**filled(seen), "currency": "USD"})
    assert tried.status == 422
    assert "The prices of standard are in GBP: put them again, all 5 zones." in tried.words
    again = {f"services/1/zones/{n}/base": f"{n + 4}.10" for n in range(5)}
    assert owner.post(CARD, {**filled(owner.get(CARD)), **again, "currency": "USD"}).location == CARRIERS
    assert "$8.10" in owner.get(CARRIERS).words


def test_a_price_written_for_one_currency_is_not_kept_in_another(owner: Visit) -> None:
    written = {**form_of(owner, NEW), "code": "economy", "name": "Economy", "zones/0/name": "home",
               "zones/0/km_max": "900", "zones/0/transit_days": "3", "zones/0/base": "2.95"}  # fmt: skip
    owner.post(CARD, {**filled(owner.get(CARD)), "currency": "USD"})
    assert "Carriers' prices are in USD in this store." in owner.post(NEW, written).words
