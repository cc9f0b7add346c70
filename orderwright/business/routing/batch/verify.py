"""An independent look at an answer: it knows the snapshot alone and nothing of how the answer was found."""

from collections import Counter
from collections.abc import Iterator

from orderwright.business.routing.batch.snapshot import OrderToRoute, Sites, Snapshot


def cost_minor(snapshot: Snapshot, sites: Sites) -> int:
    """Parcels of the sites used + lines + penalties of open lines, minor units.

    sites: one entry per order and line, as in the snapshot; each must be a site that can serve the line.
    """
    return sum(_order_cost(order, chosen) for order, chosen in zip(snapshot.orders, sites, strict=True))


def faults(snapshot: Snapshot, sites: Sites) -> list[str]:
    """Every rule the chosen sites break, as sentences; an empty list means that the plan can be carried out.

    Checks: one entry per line, sites that can serve order and line, never_split, ship_complete, stock.
    """
    if [len(chosen) for chosen in sites] != [len(order.lines) for order in snapshot.orders]:
        return ["the plan does not have one entry per line"]
    found = [
        f"order {order.key} {fault}"
        for order, chosen in zip(snapshot.orders, sites, strict=True)
        for fault in _order_faults(order, chosen)
    ]
    return found + list(_stock_faults(snapshot, sites))


def _order_cost(order: OrderToRoute, chosen: tuple[str | None, ...]) -> int:
    parcels = sum(order.parcel_minor[site] for site in set(chosen) if site is not None)
    return parcels + sum(
        line.open_minor if site is None else line.cost_minor[site]
        for line, site in zip(order.lines, chosen, strict=True)
    )


def _order_faults(order: OrderToRoute, chosen: tuple[str | None, ...]) -> Iterator[str]:
    used = {site for site in chosen if site is not None}
    for line, site in zip(order.lines, chosen, strict=True):
        if site is not None and not (site in order.parcel_minor and site in line.cost_minor):
            yield f"ships line {line.key} from {site}, which cannot serve it"
    if order.never_split and len(used) > 1:
        yield f"must not be split but ships from {', '.join(sorted(used))}"
    if order.ship_complete and used and None in chosen:
        yield "must ship complete but leaves a line open"


def _stock_faults(snapshot: Snapshot, sites: Sites) -> Iterator[str]:
    used: Counter[tuple[str, str]] = Counter()
    for order, chosen in zip(snapshot.orders, sites, strict=True):
        for line, site in zip(order.lines, chosen, strict=True):
            if site is not None:
                used[site, line.sku] += line.quantity
    for (site, sku), units in sorted(used.items()):
        there = snapshot.stock.get(site, {}).get(sku, 0)
        if units > there:
            yield f"stock: {units} of {sku} wanted at {site}, {there} there"
