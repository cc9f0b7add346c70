"""Choosing what the gate lets out next: a look without locks; what is chosen is decided again over locked rows."""

from collections.abc import Mapping, Sequence

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.stock.bins import open_bins
from orderwright.business.warehouse.days import days_of
from orderwright.business.warehouse.due_work import Asked, choose_picks, contents_of, due_first, shut_products
from orderwright.business.warehouse.floor_load import limited, loads_of, rooms_of
from orderwright.business.warehouse.forms import ReleaseDue
from orderwright.business.warehouse.gate import Due, Room, Waiting, why_not
from orderwright.business.warehouse.release_policy import NO_POLICY, Policy, timetable_of
from orderwright.business.warehouse.trucks import Timetable
from orderwright.database.tx import Tx

LOOKS = (1, 4, 16)
"""Where zones are full, so many times `limit` are looked at, one look after the other, until enough may go."""
LOOKED_AT_MAX = 5_000


def choose_due(
    tx: Tx, commands: Sequence[ReleaseDue], policies: Mapping[str, Policy]
) -> tuple[list[list[str]], dict[str, Room]]:
    """The fulfilments that go next, in their turn, for each command; and what floors with a limit take.

    The same statements, however many there are.

    At a site whose zones have limits, at most 5,000 are looked at; products that lie in full zones alone are left out
    of that, so that a sale of one of them does not keep the rest.
    """
    sites = limited(policies)
    rooms = rooms_of(days_of(tx, sites), policies, loads_of(tx, sites)) if sites else {}
    asked = _asked(tx, commands, policies, rooms)
    zoned = [n for n, command in enumerate(commands) if policies.get(command.site, NO_POLICY).zone_max]
    if not zoned:
        return [[due.id for due in mine] for mine in due_first(tx, asked)], rooms
    shut = shut_products(tx, {commands[n].site: rooms[commands[n].site].full_zones for n in zoned})
    chosen: list[list[str]] = [[] for _ in commands]
    for look in LOOKS:
        most = [min(look * each.limit, max(each.limit, LOOKED_AT_MAX)) for each in asked]
        wide = [
            each._replace(limit=most[n], shut=shut[each.site]) if n in zoned else each for n, each in enumerate(asked)
        ]
        found = due_first(tx, wide)
        chosen = [[due.id for due in mine] for mine in found]
        for n, mine in _passing(tx, {n: found[n] for n in zoned}, commands, rooms).items():
            chosen[n] = mine[: asked[n].limit]
        if all(len(chosen[n]) >= asked[n].limit or len(found[n]) < most[n] for n in zoned):
            break
    return chosen, rooms


def _asked(
    tx: Tx, commands: Sequence[ReleaseDue], policies: Mapping[str, Policy], rooms: Mapping[str, Room]
) -> list[Asked]:
    sites = catalog_of(tx).sites
    tables: dict[str, Timetable] = {}
    for site in {each.site for each in commands}:
        tables[site] = timetable_of(sites.get(site), policies.get(site, NO_POLICY), tx.now)
    asked = []
    for each in commands:
        services = {truck.service for truck in policies.get(each.site, NO_POLICY).trucks}
        left = rooms[each.site].orders_left if each.site in rooms else None
        limit = each.limit if left is None else min(each.limit, left)
        asked.append(Asked(each.site, limit, each.due_by, tables[each.site], sorted(services - {""})))
    return asked


def _passing(
    tx: Tx, found: Mapping[int, Sequence[Due]], commands: Sequence[ReleaseDue], rooms: Mapping[str, Room]
) -> dict[int, list[str]]:
    """Those of what was found that fit the day, the floor and its zones, in their turn."""
    contents = contents_of(tx, [due.id for mine in found.values() for due in mine])
    pairs = {
        (line.sku, commands[n].site) for n, mine in found.items() for due in mine for line in contents[due.id].lines
    }
    bins = open_bins(tx, pairs, lock=False)
    rooms = {site: room.copy() for site, room in rooms.items()}
    passing: dict[int, list[str]] = {}
    for n, mine in found.items():
        site = commands[n].site
        passing[n] = []
        for due in mine:
            inside = contents[due.id]
            zones = bins.zones_of(choose_picks(bins, site, inside.lines))
            waiting = Waiting(due.id, False, inside.is_incomplete, None, inside.units, zones)
            if why_not(waiting, rooms[site], tx.now) is None:
                bins.keep()
                rooms[site].let_out(inside.units, zones)
                passing[n].append(due.id)
    return passing
