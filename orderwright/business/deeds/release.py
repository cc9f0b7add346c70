"""Releasing: planned work goes to the floor, with its bins and lots chosen and a list to walk."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.deeds.floor import Work, lock_work
from orderwright.business.deeds.reroute import Reroute, reroute
from orderwright.business.orders.actions import NewException, open_exceptions
from orderwright.business.routing.actions import mark_released, refresh_fulfilments
from orderwright.business.stock.actions import Want, commit_bins
from orderwright.business.warehouse.actions import ToPick, make_pick_lists
from orderwright.business.warehouse.days import add_to_days, lock_days, site_days
from orderwright.business.warehouse.facts import FulfilmentReleased
from orderwright.business.warehouse.forms import Release, Released, ReleasedDue, ReleaseDue
from orderwright.business.warehouse.rules import Day, has_room
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def release_fulfilments(tx: Tx, commands: Sequence[Release]) -> list[Released | Refusal]:
    """Let planned fulfilments out to their sites' floors; one `Released` or Refusal per command.

    Bins and lots are chosen now: first expired first out. Units that no bin holds, whatever the books say,
    are routed elsewhere or wait, and an exception asks for a count. One that is out already answers as it
    stands. Refuses not_found, order_held, order_incomplete (a ship-complete order of which units wait),
    site_full (the site let out its day's orders or units), fulfilment_step (cancelled).
    """
    work = lock_work(tx, [each.fulfilment_id for each in commands])
    contents = _read_contents(tx, work)
    days = lock_days(tx, [each.site for each in work.values() if each.state == "planned"])
    gate = _Gate(days)
    results: list[Any] = []
    out: dict[str, Release] = {}
    for command in commands:
        each = work.get(command.fulfilment_id)
        if each is None:
            results.append(Refusal("not_found", fulfilment_id=command.fulfilment_id))
            continue
        answer = None if each.id in out else _answer(each, contents, gate)
        results.append(answer)
        if answer is None and each.id not in out:
            gate.let_out(each.site, contents[each.id].units)
            out[each.id] = command
    if out:
        released = _release(tx, work, contents, out, gate)
        for i, command in enumerate(commands):
            if results[i] is None:
                results[i] = released[command.fulfilment_id]
    return results


def release_due(tx: Tx, commands: Sequence[ReleaseDue]) -> list[ReleasedDue | Refusal]:
    """Let out what is due first at sites, until the limit is reached or the day is full: the gate a schedule calls.

    By ship-by, then the order's priority (highest first), then id. Skips held orders and ship-complete ones
    of which units wait. Refuses not_found for a site there is none of.
    """
    sites = site_days(tx, [each.site for each in commands])
    chosen = [[row.id for row in _due(tx, command)] for command in commands]
    releases = [
        Release(fulfilment_id=id_, actor=command.actor)
        for command, ids in zip(commands, chosen, strict=True)
        for id_ in ids
    ]
    answers = iter(release_fulfilments(tx, releases) if releases else [])
    results: list[ReleasedDue | Refusal] = []
    for command, ids in zip(commands, chosen, strict=True):
        mine = [next(answers) for _ in ids]
        full = any(isinstance(each, Refusal) and each.code == "site_full" for each in mine)
        out = [each for each in mine if isinstance(each, Released)]
        is_known = command.site in sites
        results.append(ReleasedDue(command.site, out, full) if is_known else Refusal("not_found", site=command.site))
    return results


class _Unit(NamedTuple):
    demand_id: str
    sku: str
    quantity: int


class _Contents(NamedTuple):
    """What a fulfilment is to ship. `is_incomplete`: its order ships complete and some of it waits."""

    lines: list[_Unit]
    is_incomplete: bool

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)


class _Gate:
    """What the sites' days still take, while one release after the other is decided."""

    def __init__(self, days: Mapping[str, Day]) -> None:
        self.days = dict(days)

    def has_room(self, site: str, units: int) -> bool:
        return has_room(self.days[site], units)

    def let_out(self, site: str, units: int) -> None:
        day = self.days[site]
        self.days[site] = day._replace(orders=day.orders + 1, units=day.units + units)


def _answer(each: Work, contents: Mapping[str, _Contents], gate: _Gate) -> Released | Refusal | None:
    """None when it may go."""
    if each.state == "cancelled":
        return Refusal("fulfilment_step", state=each.state)
    if each.state != "planned":
        return Released(each.id, each.state, repeated=True)
    if each.is_held:
        return Refusal("order_held", number=each.order_number)
    if contents[each.id].is_incomplete:
        return Refusal("order_incomplete", number=each.order_number)
    if not gate.has_room(each.site, contents[each.id].units):
        day = gate.days[each.site]
        return Refusal("site_full", site=each.site, day=str(day.day), orders=day.orders, units=day.units)
    return None


def _release(
    tx: Tx, work: Mapping[str, Work], contents: Mapping[str, _Contents], out: Mapping[str, Release], gate: _Gate
) -> dict[str, Released]:
    picks = _choose_bins(tx, work, contents, out)
    held = {(pick.fulfilment_id, pick.demand_id): 0 for pick in picks}
    for pick in picks:
        held[pick.fulfilment_id, pick.demand_id] += pick.quantity
    short = {
        id_: [
            (line.demand_id, line.quantity - held.get((id_, line.demand_id), 0))
            for line in contents[id_].lines
            if held.get((id_, line.demand_id), 0) < line.quantity
        ]
        for id_ in out
    }
    _send_elsewhere(tx, work, out, short)
    going = sorted({pick.fulfilment_id for pick in picks})
    mark_released(tx, going)
    states = refresh_fulfilments(tx, out)
    tasks = make_pick_lists(tx, picks)
    _count(tx, work, picks, gate)
    for id_ in going:
        units = [(pick.demand_id, pick.sku, pick.quantity) for pick in picks if pick.fulfilment_id == id_]
        fact = FulfilmentReleased(order_id=work[id_].order_id, site=work[id_].site, units=units)
        tx.record("fulfilment", id_, fact, actor=out[id_].actor)
    return {
        id_: Released(id_, states[id_], tasks.get(id_, 0), sum(units for _, units in short[id_])) for id_ in out
    }  # fmt: skip


def _choose_bins(
    tx: Tx, work: Mapping[str, Work], contents: Mapping[str, _Contents], out: Mapping[str, Release]
) -> list[ToPick]:
    wants = {
        f"{id_}/{line.demand_id}": (id_, line) for id_ in out for line in contents[id_].lines
    }  # fmt: skip
    chosen = commit_bins(tx, [Want(key, line.sku, work[id_].site, line.quantity) for key, (id_, line) in wants.items()])
    return [
        ToPick(id_, line.demand_id, line.sku, pick.lot, pick.place_id, pick.quantity)
        for key, (id_, line) in wants.items()
        for pick in chosen.get(key, [])
    ]


def _send_elsewhere(
    tx: Tx,
    work: Mapping[str, Work],
    out: Mapping[str, Release],
    short: Mapping[str, list[tuple[str, int]]],
) -> None:
    missing = {id_: units for id_, units in short.items() if units}
    if not missing:
        return
    reroute(
        tx,
        [Reroute(work[id_].order_id, id_, units, "bins_short", out[id_].actor) for id_, units in missing.items()],
    )
    open_exceptions(
        tx,
        [
            NewException(work[id_].order_id, id_, "bins_short", {"site": work[id_].site, "units": units})
            for id_, units in missing.items()
        ],
    )


def _count(tx: Tx, work: Mapping[str, Work], picks: Sequence[ToPick], gate: _Gate) -> None:
    """What really went out counts, not what was asked for."""
    released: dict[tuple[str, Any], tuple[int, int]] = {}
    seen: set[str] = set()
    for pick in picks:
        site = work[pick.fulfilment_id].site
        orders, units = released.get((site, gate.days[site].day), (0, 0))
        is_new = pick.fulfilment_id not in seen
        seen.add(pick.fulfilment_id)
        released[site, gate.days[site].day] = (orders + is_new, units + pick.quantity)
    add_to_days(tx, released)


def _read_contents(tx: Tx, work: Mapping[str, Work]) -> dict[str, _Contents]:
    rows = tx.rows(
        """
        SELECT a.fulfilment_id::text, a.demand_id::text, d.sku, a.allocated,
               o.ship_complete AND EXISTS (SELECT 1 FROM demand w WHERE w.order_id = o.id AND w.waiting > 0)
                 AS is_incomplete
        FROM allocation a JOIN demand d ON d.id = a.demand_id JOIN orders o ON o.id = d.order_id
        WHERE a.fulfilment_id = ANY(%(ids)s::uuid[]) AND a.allocated > 0
        ORDER BY a.fulfilment_id, d.position, d.sku
        """,
        ids=array(id_ for id_, each in work.items() if each.state == "planned"),
    )
    contents: dict[str, _Contents] = {id_: _Contents([], False) for id_ in work}
    for row in rows:
        lines = contents[row.fulfilment_id].lines
        lines.append(_Unit(row.demand_id, row.sku, row.allocated))
        contents[row.fulfilment_id] = _Contents(lines, row.is_incomplete)
    return contents


def _due(tx: Tx, command: ReleaseDue) -> list[Any]:
    return tx.rows(
        """
        SELECT f.id::text
        FROM fulfilment f JOIN orders o ON o.id = f.order_id
        WHERE f.site = %(site)s AND f.state = 'planned' AND NOT o.is_held
          AND f.ship_by <= coalesce(%(due_by)s::timestamptz, 'infinity')
          AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.fulfilment_id = f.id AND h.released_at IS NULL)
          AND NOT (o.ship_complete AND EXISTS (SELECT 1 FROM demand d WHERE d.order_id = o.id AND d.waiting > 0))
        ORDER BY f.ship_by, o.priority DESC, f.id LIMIT %(limit)s
        """,
        site=command.site, due_by=command.due_by, limit=command.limit,
    )  # fmt: skip
