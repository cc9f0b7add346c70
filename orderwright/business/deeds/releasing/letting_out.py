"""Writing what the gate lets out: pick lists, the sites' days, and what no bin holds sent elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from orderwright.business.deeds.floor import Work
from orderwright.business.deeds.reroute import Reroute, reroute
from orderwright.business.orders.actions import NewException, open_exceptions
from orderwright.business.routing.actions import mark_released, refresh_fulfilments
from orderwright.business.stock.bins import Pick
from orderwright.business.warehouse.actions import ToPick, make_pick_lists
from orderwright.business.warehouse.days import add_to_days
from orderwright.business.warehouse.due_work import Unit
from orderwright.business.warehouse.facts import FulfilmentReleased
from orderwright.business.warehouse.forms import Released
from orderwright.database.tx import Tx


class Out(NamedTuple):
    """A fulfilment that goes out: its units, and by demand the bins they are picked from."""

    work: Work
    lines: Sequence[Unit]
    picks: Mapping[str, Sequence[Pick]]
    actor: str

    def missing(self) -> list[tuple[str, int]]:
        """(demand, units) that no bin holds."""
        short = [
            (line.demand_id, line.quantity - sum(pick.quantity for pick in self.picks.get(line.demand_id, ())))
            for line in self.lines
        ]
        return [(demand_id, units) for demand_id, units in short if units > 0]


def let_out(
    tx: Tx, out: Mapping[str, Out], days: Mapping[str, date], versions: Mapping[str, int]
) -> dict[str, Released]:
    """Write fulfilments the gate let out, by id. days: today at each site; versions: of its rule.

    The fulfilments, their orders and bins are locked, and the bins' units kept.
    """
    picks = [
        ToPick(id_, line.demand_id, line.sku, pick.lot, pick.place_id, pick.quantity)
        for id_, each in out.items()
        for line in each.lines
        for pick in each.picks.get(line.demand_id, ())
    ]
    short = {id_: each.missing() for id_, each in out.items()}
    _send_elsewhere(tx, out, {id_: units for id_, units in short.items() if units})
    going = sorted({pick.fulfilment_id for pick in picks})
    mark_released(tx, going)
    states = refresh_fulfilments(tx, out)
    tasks = make_pick_lists(tx, picks)
    _count(tx, out, picks, days)
    units: dict[str, list[tuple[str, str, int]]] = {id_: [] for id_ in going}
    for pick in picks:
        units[pick.fulfilment_id].append((pick.demand_id, pick.sku, pick.quantity))
    for id_ in going:
        work, actor = out[id_].work, out[id_].actor
        version = versions.get(work.site, 0)
        fact = FulfilmentReleased(order_id=work.order_id, site=work.site, units=units[id_], policy_version=version)
        tx.record("fulfilment", id_, fact, actor=actor)
    return {id_: Released(id_, states[id_], tasks.get(id_, 0), sum(count for _, count in short[id_])) for id_ in out}


def _send_elsewhere(tx: Tx, out: Mapping[str, Out], missing: Mapping[str, list[tuple[str, int]]]) -> None:
    if not missing:
        return
    reroute(
        tx,
        [
            Reroute(out[id_].work.order_id, id_, units, "bins_short", out[id_].actor)
            for id_, units in missing.items()
        ],
    )  # fmt: skip
    open_exceptions(
        tx,
        [
            NewException(out[id_].work.order_id, id_, "bins_short", {"site": out[id_].work.site, "units": units})
            for id_, units in missing.items()
        ],
    )


def _count(tx: Tx, out: Mapping[str, Out], picks: Sequence[ToPick], days: Mapping[str, date]) -> None:
    """What really went out counts, not what was asked for."""
    released: dict[tuple[str, Any], tuple[int, int]] = {}
    seen: set[str] = set()
    for pick in picks:
        site = out[pick.fulfilment_id].work.site
        orders, units = released.get((site, days[site]), (0, 0))
        is_new = pick.fulfilment_id not in seen
        seen.add(pick.fulfilment_id)
        released[site, days[site]] = (orders + is_new, units + pick.quantity)
    add_to_days(tx, released)
