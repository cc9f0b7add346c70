"""Deciding editions: what is too late, what is routed anew, from which sites, and what the stock does not allow."""

from collections.abc import Mapping, Sequence

from orderwright.business.catalog.reads import Catalog
from orderwright.business.deeds.editing.forms import Edition
from orderwright.business.deeds.editing.money import judge_money
from orderwright.business.deeds.editing.units import Units
from orderwright.business.deeds.placing.reading import read_free
from orderwright.business.orders.changes import Finding
from orderwright.business.routing.lanes import Departure, Departures, Destination, lanes_to
from orderwright.business.routing.planning import Lane, Policy, Want, plan_order
from orderwright.business.routing.rates import RateCard
from orderwright.business.routing.reads import loads, rate_card
from orderwright.business.stock.reads import withheld_at
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal

Free = dict[tuple[str, str], int]


def decide(tx: Tx, catalog: Catalog, editions: Sequence[Edition]) -> list[Refusal | None]:
    """Decide the units and money of editions, one after the other; a Refusal where the stock forbids it.

    An order that is wanted more of, goes elsewhere or may be split differently is planned anew as a whole:
    all of it that nobody works on yet, with what it held as its own, behind what others wait for. Else
    everything stays where it is planned. Locks the availability of all products of the orders, so what was
    decided still holds when it is written.
    """
    card, all_departures = rate_card(tx), Departures(catalog.sites, loads(tx), tx.now)
    skus = set()
    for edition in editions:
        _keep_policy(edition)
        edition.units = Units(edition.targets, _drafted(edition))
        skus |= {account.sku for account in edition.units.accounts}
    free = read_free(tx, skus, lock=True) if skus else {}
    results: list[Refusal | None] = []
    for edition in editions:
        departures = all_departures.ready_at(edition.current.row.cancel_until)
        if edition.units.is_growing or _goes_elsewhere(edition, departures, card):
            withheld = catalog.channels[edition.current.row.channel].withheld
            _plan_anew(edition, free, lanes_to(edition.draft.destination, departures, card), withheld)
        refusal = _short(edition)
        results.append(refusal)
        if refusal is None:
            _judge_stock(edition)
            judge_money(edition)
            if not edition.command.dry_run:
                _use_up(edition.units, free)
    return results


def _drafted(edition: Edition) -> dict[int, Want]:
    """What placing would want, by line of the form: weights, values and components as they are now."""
    return {want.position - 1: want for want in edition.draft.wants}


def _keep_policy(edition: Edition) -> None:
    """A channel's later change of mind does not reach orders whose own words about it stay the same."""
    row, policy = edition.current.row, edition.draft.policy
    if not any(field.startswith("/policy") for field in edition.fields):
        edition.draft.policy = Policy(row.shortage, row.split, row.ship_complete, policy.split_value_min_minor)


def _goes_elsewhere(edition: Edition, departures: Sequence[Departure], card: RateCard) -> bool:
    row, draft = edition.current.row, edition.draft
    if edition.current.is_begun:
        return False  # its parcels get other labels, and leave from where they are
    if (draft.policy.split, draft.policy.ship_complete) != (row.split, row.ship_complete):
        return True
    before = Destination(row.country, row.postal_code, row.service)
    if before == draft.destination:
        return False
    return before.service != draft.destination.service or (
        lanes_to(before, departures, card) != lanes_to(draft.destination, departures, card)
    )


def _plan_anew(edition: Edition, free: Free, lanes: list[Lane], withheld: Mapping[tuple[str, str], int]) -> None:
    units, policy = edition.units, edition.draft.policy
    units.free_planned(_drafted(edition))
    skus = {account.sku for account in units.accounts}
    mine = {
        (sku, site): units.freed.get((sku, site), 0)
        + max(0, count + units.claims_before(sku) - withheld_at(withheld, sku, site))
        for (sku, site), count in free.items() if sku in skus
    }  # fmt: skip
    units.settle(plan_order(units.wants, lanes, mine, policy._replace(shortage="backorder")))


def _short(edition: Edition) -> Refusal | None:
    """Under `refuse` an edit may not make more of the order wait than did before."""
    waiting = edition.units.waiting()
    before = sum(demand.waiting for demand in edition.current.demands)
    after = sum(account.waiting for account in edition.units.accounts)
    if edition.draft.policy.shortage != "refuse" or edition.is_resolving or after <= before:
        return None
    lines = [{"position": target.position, "sku": target.sku, "wanted": units} for target, units in waiting]
    return Refusal("short_stock", lines=lines)


def _judge_stock(edition: Edition) -> None:
    is_held, waits = "stock" in edition.current.holds, bool(edition.units.waiting())
    if edition.units.plan is not None and waits and edition.draft.policy.shortage == "hold" and not is_held:
        edition.findings.append(Finding("stock_short", "", {}))
        edition.gained.append("stock")
    if is_held and not waits:
        edition.mended.append("stock")


def _use_up(units: Units, free: Free) -> None:
    """What is left for the next order of the group."""
    for key, count in units.freed.items():
        free[key] = free.get(key, 0) + count
    for key, count in units.takes().items():
        free[key] = free.get(key, 0) - count
    changed = units.claims_changed()
    for key in free:
        free[key] -= changed.get(key[0], 0)
