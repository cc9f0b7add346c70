"""What carriers' prices are in: said by the shop, changed only together with every amount that would mean another."""

from typing import Any

import msgspec
import pytest

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.deeds.carrier_currency import put_rate_cards
from orderwright.business.orders.story import explain_order
from orderwright.business.routing.card import (
    PriceAgain,
    PutRateCard,
    RateCardForm,
    ServicePrices,
    lock_rate_card,
    read_rate_card,
)
from orderwright.business.routing.carriers import PutServiceTerms, ServiceForm, ZoneForm, list_services, put_services
from orderwright.business.routing.lanes import Departures, Destination, lanes_to
from orderwright.business.routing.reads import loads, rate_card
from orderwright.business.shipping.packing.cartons import put_cartons
from orderwright.business.shipping.packing.forms import CartonForm, PutCarton
from orderwright.business.shipping.packing.settings import FILL_MINOR
from orderwright.database.settings import value_of
from orderwright.settings import PutSettings, put_settings
from tests.floor import done, refused
from tests.meeting import while_open
from tests.routing.test_carriers import cost, wrong
from tests.shop import Shop

HOME = ZoneForm(name="home", km_max=25_000, base="8.40", step="1.10", transit_days=2)


def say(shop: Shop, currency: str, version: int | None = None, late_day: str = "1", **services: Any) -> Any:
    form = RateCardForm(
        currency=currency, late_day=late_day, services=[ServicePrices(*each) for each in services.items()]
    )
    return shop.run(put_rate_cards, PutRateCard(form=form, version=version, actor="olivia"))[0]


def put(shop: Shop, currency: str = "", base: str = "8.40", step: str = "1.10") -> Any:
    zone = msgspec.structs.replace(HOME, base=base, step=step)
    form = ServiceForm(name="Ground", zones=[zone], currency=currency)
    return shop.run(put_services, PutServiceTerms(code="ground", form=form, actor="olivia"))[0]


def test_a_store_that_says_nothing_keeps_its_carriers_prices_in_pounds(shop: Shop) -> None:
    with shop.store.read() as tx:
        card = read_rate_card(tx)
    assert (card.currency, card.late_day, card.priced_again, card.version) == ("GBP", "0.60", [], 1)


@pytest.mark.parametrize(
    ("currency", "base", "step", "minor", "fine"),
    [
        ("USD", "8.40", "1.10", 950, "8.405"),
        ("JPY", "820", "120", 940, "820.5"),
        ("KWD", "2.125", "0.250", 2375, "2.1255"),
    ],
)  # fmt: skip
def test_prices_are_put_and_quoted_in_the_shops_currency_with_its_decimals(
    shop: Shop, currency: str, base: str, step: str, minor: int, fine: str
) -> None:
    done([say(shop, currency)])
    assert wrong(put(shop, base=fine, step=step)) == [("/zones/0/base", "bad_amount")]
    done([put(shop, base=base, step=step)])
    told = cost(shop, "ground", 1_500)
    assert (told.cost_minor, told.currency) == (minor, currency)
    with shop.store.read() as tx:
        ground = next(each for each in list_services(tx) if each.code == "ground")
    assert (ground.currency, ground.zones[0].base, ground.zones[0].step) == (currency, base, step)


def test_the_practice_carriers_invented_prices_keep_their_figures(shop: Shop) -> None:
    done([say(shop, "JPY")])
    with shop.store.read() as tx:
        standard = next(each for each in list_services(tx) if each.code == "standard")
    assert (standard.currency, standard.zones[0].base, standard.version) == ("JPY", "320", 2)


def test_prices_somebody_put_are_all_put_again_with_the_new_currency(shop: Shop) -> None:
    done([put(shop)])
    assert wrong(say(shop, "USD")) == [("/services", "prices_missing")]
    assert wrong(say(shop, "USD", ground=[PriceAgain("9"), PriceAgain("9")])) == [("/services/0", "prices_missing")]
    assert wrong(say(shop, "USD", ground=[PriceAgain("9.999", "0.001")])) == [
        ("/services/0/zones/0/base", "bad_amount"), ("/services/0/zones/0/step", "bad_amount")
    ]  # fmt: skip
    assert cost(shop, "ground", 1_500).currency == "GBP"
    done([say(shop, "USD", ground=[PriceAgain("10.20", "1.40")])])
    told = cost(shop, "ground", 1_500)
    assert (told.cost_minor, told.currency) == (1160, "USD")
    kept = shop.rows("SELECT kind, name, before, after FROM house_change WHERE kind = 'rate_card'")
    assert [(each.name, msgspec.json.decode(each.before)["currency"]) for each in kept] == [("", "GBP")]
    row = shop.rows("SELECT after FROM house_change WHERE kind = 'service' ORDER BY changed_at DESC, id DESC LIMIT 1")[
        0
    ]
    assert msgspec.json.decode(row.after)["currency"] == "USD"


def test_other_costs_that_routing_and_packing_add_are_not_left_to_mean_another_currency(shop: Shop) -> None:
    shop.site("YORK", handling_minor=45)
    box = CartonForm(length_mm=300, width_mm=200, height_mm=100, cost_minor=30)
    done(shop.run(put_cartons, PutCarton(code="BOX", form=box, actor="olivia")))
    shop.run(put_settings, PutSettings(values={"packing.fill_minor_per_litre": 4}, actor="olivia"))
    assert wrong(say(shop, "USD")) == [("/currency", "costs_stand")] * 3
    with shop.store.read() as tx:
        assert read_rate_card(tx).currency == "GBP"
    done([say(shop, "GBP", late_day="0.75")])


def test_what_a_site_costs_that_is_closed_for_now_is_not_left_to_mean_another_currency(shop: Shop) -> None:
    shop.site("YORK", handling_minor=45, is_active=False)
    assert wrong(say(shop, "JPY")) == [("/currency", "costs_stand")]
    shop.site("YORK", is_active=False)
    done([say(shop, "JPY")])


def test_what_a_day_later_counts_is_an_amount_of_the_currency(shop: Shop) -> None:
    assert wrong(say(shop, "JPY", late_day="0.60")) == [("/late_day", "bad_amount")]
    done([say(shop, "JPY", late_day="90")])
    with shop.store.read() as tx:
        card = rate_card(tx)
        assert card.late_day_minor == 90
        sites = catalog_of(tx).sites
        lanes = lanes_to(
            Destination("GB", "LS1 1AA", "standard"), Departures(sites, loads(tx), tx.now).ready_at(), card
        )
        first = min(each.ship_by for each in lanes)
        assert all(each.late_minor == (each.ship_by - first).days * 90 for each in lanes)


def test_what_is_wrong_stands_at_its_field_and_another_change_is_not_overwritten(shop: Shop) -> None:
    assert wrong(say(shop, "XXQ")) == [("/currency", "bad_currency")]
    assert wrong(say(shop, "USD", boat=[PriceAgain("1")])) == [("/services/0/code", "unknown_service")]
    done([say(shop, "USD", version=1)])
    assert refused(say(shop, "EUR", version=1))[0] == "stale"


def test_a_price_of_another_currency_than_the_stores_is_refused_at_the_currency(shop: Shop) -> None:
    assert wrong(put(shop, currency="USD")) == [("/currency", "other_currency")]
    done([say(shop, "USD")])
    done([put(shop, currency="USD")])


def test_why_here_tells_costs_in_what_they_were_compared_in_then(shop: Shop) -> None:
    shop.stock("LEEDS", MUG=9)
    before = shop.place({"MUG": 1})
    done([say(shop, "JPY")])
    after = shop.place({"MUG": 1})
    with shop.store.read() as tx:
        told = [explain_order(tx, each).decisions[0] for each in (before.number, after.number)]
    assert [each.currency for each in told] == ["GBP", "JPY"]
    assert ["." in each.candidates[0].cost for each in told] == [True, False]


def test_a_service_put_at_the_same_moment_is_seen_and_nobody_waits_in_a_circle(shop: Shop) -> None:
    ground = PutServiceTerms(code="ground", form=ServiceForm(name="Ground", zones=[HOME]), actor="olivia")
    card = PutRateCard(form=RateCardForm(currency="USD", late_day="1"), actor="oscar")

    def first(tx: Any) -> None:
        lock_rate_card(tx)
        tx.write("SET LOCAL lock_timeout = '300ms'")  # a circle would be cut through after a second

    _, [told] = while_open(
        shop,
        first,
        lambda writer: writer.submit(put_rate_cards, [card]),
        at_last=lambda tx: put_services(tx, [ground]),
    )
    assert wrong(told) == [("/services", "prices_missing")]


def test_prices_written_for_zones_that_changed_meanwhile_are_not_put_on_others(shop: Shop) -> None:
    near, far = (msgspec.structs.replace(HOME, name=name, km_max=km) for name, km in (("near", 100), ("far", 25_000)))

    def zones(*each: ZoneForm) -> Any:
        form = ServiceForm(name="Ground", zones=list(each))
        return shop.run(put_services, PutServiceTerms(code="ground", form=form, actor="oscar"))

    done(zones(near, far))
    with shop.store.read() as tx:
        read = read_rate_card(tx).version
    abroad = msgspec.structs.replace(far, name="abroad", is_domestic=False)
    done(zones(msgspec.structs.replace(near, name="home", km_max=25_000), abroad))
    again = [PriceAgain("4"), PriceAgain("9")]
    assert refused(say(shop, "USD", version=read, ground=again))[0] == "stale"
    assert cost(shop, "ground", 1_000).currency == "GBP"


def test_a_cost_of_void_fill_that_is_put_at_the_same_moment_is_seen(shop: Shop) -> None:
    card = PutRateCard(form=RateCardForm(currency="USD", late_day="1"), actor="oscar")
    fill = PutSettings(values={"packing.fill_minor_per_litre": 4}, actor="olivia")
    with shop.store.read() as tx:
        assert value_of(tx, FILL_MINOR) == 0  # a process keeps what it read until the catalogue changes
    _, [told] = while_open(
        shop, lambda tx: put_settings(tx, [fill]), lambda writer: writer.submit(put_rate_cards, [card])
    )
    assert wrong(told) == [("/currency", "costs_stand")]
