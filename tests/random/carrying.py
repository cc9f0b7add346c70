"""Whoever keeps carriers and services: prices move, a service comes and goes, one is not offered for a while."""

import msgspec

from orderwright.business.deeds.carrier_currency import put_rate_cards
from orderwright.business.deeds.not_offered import DropServiceTerms, drop_services
from orderwright.business.routing.card import PriceAgain, PutRateCard, RateCardForm, ServicePrices
from orderwright.business.routing.carriers import (
    CarrierForm,
    PutCarrier,
    PutServiceTerms,
    ServiceForm,
    ZoneForm,
    list_services,
    put_carriers,
    put_services,
)
from tests.random.steps import step
from tests.random.world import World

HOME = ZoneForm(name="home", km_max=25_000, base="2.95", step="0.20", transit_days=3)


@step(1)
def services_are_changed(world: World) -> None:
    zones = [msgspec.structs.replace(HOME, base=world.pick("2.95", "4.50", "2.957"))]
    form = ServiceForm(
        name="Economy", zones=zones * world.pick(1, 1, 1, 2), countries=world.pick([], ["GB"], ["XX"]),
        is_active=world.chance(0.8), weight_max_g=world.pick(None, 5_000),
    )  # fmt: skip
    world.run(put_services, PutServiceTerms(code="economy", form=form, version=world.pick(None, 1), actor="random"))
    with world.store.read() as tx:
        shown = list_services(tx)
    standard = next(each for each in shown if each.code == "standard")
    kept = ServiceForm(*(getattr(standard, name) for name in ServiceForm.__struct_fields__))
    world.run(put_services, PutServiceTerms(code="standard", form=kept, actor="random"))
    world.run(drop_services, *[DropServiceTerms(code=world.pick("economy", "standard", "none"), actor="random")] * 2)


@step(1)
def an_account_at_a_carrier_is_written_down(world: World) -> None:
    form = CarrierForm(name="Practice carrier", account=world.pick("", "AC-1", "AC-2"))
    world.run(put_carriers, *[PutCarrier(code=code, form=form, actor="random") for code in ("practice", "acme")])


@step(1)
def carriers_prices_are_said_to_be_in_a_currency(world: World) -> None:
    with world.store.read() as tx:
        put = [
            ServicePrices(each.code, [PriceAgain(world.pick("9", "0.5")) for _ in each.zones])
            for each in list_services(tx)
        ]
    form = RateCardForm(
        currency=world.pick("GBP", "GBP", "USD", "JPY", "XXQ"), late_day=world.pick("1", "0.75"),
        services=put if world.chance(0.7) else [],
    )  # fmt: skip
    world.run(put_rate_cards, PutRateCard(form=form, version=world.pick(None, 1), actor="random"))
