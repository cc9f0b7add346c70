"""Changing what carriers' prices are in: not while other costs are kept that would mean another currency."""

from collections.abc import Iterator, Sequence

from orderwright.business.catalog.forms import Saved
from orderwright.business.catalog.listing import list_sites
from orderwright.business.routing.card import PutRateCard, currency_of, lock_rate_card, write_rate_card
from orderwright.business.shipping.packing.cartons import list_cartons
from orderwright.business.shipping.packing.settings import FILL_MINOR
from orderwright.database.settings import lock_settings, locked_value_of
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, worded
from orderwright.values.refusal import Refusal

NAMED_MAX = 3
"""So many of what keeps a cost are named."""


def put_rate_cards(tx: Tx, commands: Sequence[PutRateCard]) -> list[Saved | Refusal]:
    """Change the currency of carriers' prices, together with them; one `Saved` or Refusal per command.

    Refuses malformed (also while sites, cartons or void fill cost anything in the old currency), stale.
    """
    lock_rate_card(tx)  # before the settings, as who puts a service locks them
    lock_settings(tx)
    return [write_rate_card(tx, each, list(_standing(tx, currency_of(tx)))) for each in commands]


def _standing(tx: Tx, currency: str) -> Iterator[Finding]:
    sites = [site.code for site in list_sites(tx) if site.form.handling_minor]  # closed ones may open again
    if sites:
        yield worded(
            "/currency", "costs_stand", "The cost of a parcel at {sites} is in {currency}: make it 0 first, then put it"
            " again.", sites=_named(sites), currency=currency,
        )  # fmt: skip
    cartons = [each.code for each in list_cartons(tx) if each.cost_minor]
    if cartons:
        yield worded(
            "/currency", "costs_stand", "What cartons cost ({cartons}) is in {currency}: make it 0 first, then put it"
            " again.", cartons=_named(cartons), currency=currency,
        )  # fmt: skip
    if locked_value_of(tx, FILL_MINOR):
        yield worded(
            "/currency", "costs_stand", "What void fill costs is in {currency}: make {setting} 0 first, then put it"
            " again.", setting=FILL_MINOR.name, currency=currency,
        )  # fmt: skip


def _named(codes: Sequence[str]) -> str:
    more = ["…"] if len(codes) > NAMED_MAX else []
    return ", ".join([*codes[:NAMED_MAX], *more])
