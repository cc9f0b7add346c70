"""What labels, cartons and refunds cost in another currency than the orders' is never added to what they cost in it."""

from orderwright.business.deeds.carrier_currency import put_rate_cards
from orderwright.business.reports.measures import MEASURES
from orderwright.business.reports.told import Costs, Sums, Told, costs_of, figures_of
from orderwright.business.routing.card import PutRateCard, RateCardForm
from orderwright.business.shipping.packing.cartons import put_cartons
from orderwright.business.shipping.packing.forms import CartonForm, PutCarton
from tests.floor import done
from tests.shop import Shop

SHIPPED = {"orders_shipped": {"": Sums(2, 0, 0, 1)}}
JPY = Costs(None, "JPY", {})


def told(days: dict[str, dict[str, Sums]], costs: Costs = JPY) -> dict[str, Told]:
    found = figures_of({**SHIPPED, **days}, 1, costs, [MEASURES["label_cost"], MEASURES["cost_per_order"]])
    return {each.name: each for each in found}


def part(figure: Told, name: str) -> float | None:
    return next(each.value for each in figure.parts if each.name == name)


def test_labels_of_the_orders_currency_are_counted_with_its_decimals() -> None:
    found = told({"label_cost": {"JPY": Sums(1_640, 2, 0, 1)}})
    assert (found["label_cost"].value, found["label_cost"].currency) == (820.0, "JPY")
    assert part(found["cost_per_order"], "labels") == 820.0


def test_labels_of_another_currency_are_told_in_theirs_and_not_added() -> None:
    found = told({"label_cost": {"GBP": Sums(640, 2, 0, 1)}})
    assert (found["label_cost"].value, found["label_cost"].currency) == (3.2, "GBP")
    assert part(found["cost_per_order"], "labels") is None
    assert (found["cost_per_order"].value, found["cost_per_order"].because != "") == (None, True)


def test_of_labels_of_two_currencies_no_part_is_taken_for_the_whole() -> None:
    found = told({"label_cost": {"GBP": Sums(640, 2, 0, 1), "JPY": Sums(820, 1, 0, 1)}})
    assert (found["label_cost"].value, found["label_cost"].currency) == (820.0, "JPY")
    assert part(found["cost_per_order"], "labels") is None
    assert told({"label_cost": {"GBP": Sums(1, 1, 0, 1), "USD": Sums(1, 1, 0, 1)}})["label_cost"].value is None


def test_refunds_of_another_currency_are_not_nothing() -> None:
    labels = {"label_cost": {"JPY": Sums(1_640, 2, 0, 1)}}
    assert part(told(labels)["cost_per_order"], "errors") == 0
    refunded = {**labels, "refunds_ours": {"GBP": Sums(750, 1, 0, 1)}}
    assert part(told(refunded)["cost_per_order"], "errors") is None


def test_cartons_are_counted_where_their_cost_is_in_the_orders_currency(shop: Shop) -> None:
    shop.run(put_rate_cards, PutRateCard(form=RateCardForm(currency="USD", late_day="1"), actor="olivia"))
    box = CartonForm(length_mm=300, width_mm=200, height_mm=100, cost_minor=30)
    done(shop.run(put_cartons, PutCarton(code="BOX", form=box, actor="olivia")))
    with shop.store.begin() as tx:
        day = "INSERT INTO report_day (day, figure, scope, part, counted, judged, pending) VALUES (%(day)s,"
        tx.write(f"{day} 'order_value', 'channel:eu', 'EUR', 900, 0, 0)", day=tx.now.date())
        tx.write(f"{day} 'order_value', '', 'USD', 900, 0, 0)", day=tx.now.date())
    with shop.store.read() as tx:
        assert (costs_of(tx, "").currency, costs_of(tx, "").cartons) == ("USD", {"BOX": 30})
        assert (costs_of(tx, "channel:eu").currency, costs_of(tx, "channel:eu").cartons) == ("EUR", {})
