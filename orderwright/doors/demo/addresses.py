"""Where the year's customers live: the file has countries alone, so the rest is made up, each customer's for good.

A postcode is a real one of the country (GB, IE, CA and NL: its first part is; the last part is made up), else
the example the country's post gives. Names and streets are invented and look it.
"""

import re
from functools import cache

import msgspec

from orderwright.business.orders.form import CustomerForm, NewOrder
from orderwright.doors.demo.draws import Draws
from orderwright.values.address_rules import rules_of
from orderwright.values.addresses import normal_postal_code
from orderwright.values.forms import AddressForm
from orderwright.values.postcodes import nth_code

_UNIT_LETTERS = "ABEGHJLNPRTWXYZ"  # the posts of all four countries use them in the last part
_STREETS = ("Sample", "Example", "Specimen", "Pattern", "Model")


def with_people(order: NewOrder, draws: Draws) -> NewOrder:
    """The order with a customer and an address. Where the file names no country there is no more than a name."""
    who = order.customer.reference or f"guest-{order.reference}"
    name = f"Customer {order.customer.reference}" if order.customer.reference else f"Guest {order.reference}"
    customer = CustomerForm(email=f"{who}@example.org", name=name, reference=order.customer.reference)
    ship_to = address_of(order.ship_to.country, who, name, draws)
    return msgspec.structs.replace(order, customer=customer, ship_to=ship_to)


@cache
def address_of(country: str, who: str, name: str, draws: Draws) -> AddressForm:
    """The address of a customer in a country; with an unknown country, the name alone."""
    if not country:
        return AddressForm(country="", name=name)
    code = _postal_code(country, who, draws)
    street = f"{draws.between(1, 250, 'house', who)} {draws.one_of(_STREETS, 'street', who)} Street"
    return AddressForm(
        country=country, name=name, lines=[street], city=f"Town {code.split()[0] if code else country}",
        region=_region(country, code), postal_code=code,
    )  # fmt: skip


def _postal_code(country: str, who: str, draws: Draws) -> str:
    found = nth_code(country, draws.number("postcode", who))
    if found is None:
        rules = rules_of(country)
        return rules.code_example if rules and rules.needs_code else ""
    digit = draws.between(1, 9, "digit", who)
    first, second = (draws.one_of(_UNIT_LETTERS, letter, who) for letter in ("first letter", "second letter"))
    last = {"GB": f"{digit}{first}{second}", "NL": f"{first}{second}", "CA": f"{digit}{first}{digit}",
            "IE": f"{first}{digit}{second}{digit}"}.get(country, "")  # fmt: skip
    return normal_postal_code(country, found + last)


def _region(country: str, code: str) -> str:
    for key, starts in _regions(country):
        if starts is None or starts.match(code):
            return key
    return ""


@cache
def _regions(country: str) -> list[tuple[str, re.Pattern[str] | None]]:
    """Regions where the country asks for one, each with the start of its postcodes where that is known."""
    rules = rules_of(country)
    if rules is None or rules.regions is None:
        return []
    codes = rules.regions.codes
    return [(key, codes.get(key)) for key in dict.fromkeys(rules.regions.keys.values()) if not codes or key in codes]
