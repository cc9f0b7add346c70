"""Releasing: planned work goes to the floor, with its bins and lots chosen and a list to walk."""

from collections.abc import Mapping, Sequence
from typing import Any

from orderwright.business.catalog.reads import known_sites
from orderwright.business.deeds.floor import Work, lock_work
from orderwright.business.deeds.releasing.choosing import choose_due
from orderwright.business.deeds.releasing.letting_out import Out, let_out
from orderwright.business.stock.bins import OpenBins, open_bins
from orderwright.business.warehouse.days import lock_days
from orderwright.business.warehouse.due_work import Contents, choose_picks, contents_of
from orderwright.business.warehouse.floor_load import limited, loads_of, rooms_of
from orderwright.business.warehouse.forms import Release, Released, ReleasedDue, ReleaseDue
from orderwright.business.warehouse.gate import Reason, Room, Waiting, why_not
from orderwright.business.warehouse.release_policy import NO_POLICY, Policy, policies_of
from orderwright.business.warehouse.rules import has_room
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def release_fulfilments(tx: Tx, commands: Sequence[Release]) -> list[Released | Refusal]:
    """Let planned fulfilments out to their sites' floors; one `Released` or Refusal per command.

    Bins and lots are chosen now: first expired first out. Units that no bin holds, whatever the books say,
    are routed elsewhere or wait, and an exception asks for a count. One that is out already answers as it
    stands. Refuses not_found, order_held, order_incomplete (a ship-complete order of which units wait),
    cancel_open (its order can be cancelled for nothing still), site_full (the site let out its day's orders or
    units), floor_full and zone_full (as much as the site's rule allows is out and not picked), fulfilment_step
    (cancelled). All by one version of the site's rule, whoever changes it meanwhile.
    """
    work = lock_work(tx, [each.fulfilment_id for each in commands])
    return _release(tx, commands, work, policies_of(tx, {each.site for each in work.values()}))[0]


def release_due(tx: Tx, commands: Sequence[ReleaseDue]) -> list[ReleasedDue | Refusal]:
    """Let out what is due first at sites, until `limit`, the day, the floor or its zones are full: for a schedule.

    In the turn of the gate (see `gate.Due`). Skips held orders, ship-complete ones of which units wait, open
    cancel windows, and what needs a zone that is full, which does not keep what is behind it. Everything is decided
    by the version of the site's rule that was in force when it began. Refuses not_found for a site there is none of.
    """
    sites = known_sites(tx, [each.site for each in commands])
    policies = policies_of(tx, [each.site for each in commands])
    chosen, looked = choose_due(tx, commands, policies)
    releases = [
        Release(fulfilment_id=id_, actor=command.actor)
        for command, ids in zip(commands, chosen, strict=True)
        for id_ in ids
    ]
    work = lock_work(tx, [each.fulfilment_id for each in releases])
    answers, rooms = _release(tx, releases, work, policies)
    by_command = iter(answers)
    results: list[ReleasedDue | Refusal] = []
    for command, ids in zip(commands, chosen, strict=True):
        mine = [next(by_command) for _ in ids]
        version = policies.get(command.site, NO_POLICY).version
        room = rooms.get(command.site) or looked.get(command.site)
        results.append(_told(command.site, mine, room, version) if command.site in sites else _unknown(command))
    return results


def _unknown(command: ReleaseDue) -> Refusal:
    return Refusal("not_found", site=command.site)


def _told(site: str, answers: Sequence[Released | Refusal], room: Room | None, version: int) -> ReleasedDue:
    is_full = any(isinstance(each, Refusal) and each.code == "site_full" for each in answers)
    is_full = is_full or (room is not None and not has_room(room.day, 1))
    released = [each for each in answers if isinstance(each, Released)]
    return ReleasedDue(
        site, released, is_full,
        is_floor_full=room is not None and room.is_floor_full, full_zones=room.full_zones if room else [],
        policy_version=version,
    )  # fmt: skip


def _release(
    tx: Tx, commands: Sequence[Release], work: Mapping[str, Work], policies: Mapping[str, Policy]
) -> tuple[list[Any], dict[str, Room]]:
    """Answers, and what the sites still take. The work is locked."""
    planned = [each for each in work.values() if each.state == "planned"]
    if not planned:
        return [_answer_one_known(work.get(command.fulfilment_id), command) for command in commands], {}
    contents = contents_of(tx, [each.id for each in planned])
    days = lock_days(tx, {each.site for each in planned})
    # Only now, that no other release at these sites can go on beside this one.
    rooms = rooms_of(days, policies, loads_of(tx, limited(policies)))
    pairs = {(line.sku, each.site) for each in planned for line in contents[each.id].lines}
    gate = _Gate(tx, contents, rooms, open_bins(tx, pairs, lock=True))
    results: list[Any] = []
    out: dict[str, Out] = {}
    for command in commands:
        each = work.get(command.fulfilment_id)
        if each is None or each.state != "planned":
            results.append(_answer_one_known(each, command))
        elif each.id in out:
            results.append(None)
        else:
            gone = gate.decide(each, command.actor)
            results.append(gone if isinstance(gone, Refusal) else None)
            if isinstance(gone, Out):
                out[each.id] = gone
    if out:
        gate.bins.write(tx)
        versions = {site: policy.version for site, policy in policies.items()}
        released = let_out(tx, out, {site: room.day.day for site, room in rooms.items()}, versions)
        results = [released[commands[i].fulfilment_id] if each is None else each for i, each in enumerate(results)]
    return results, rooms


def _answer_one_known(each: Work | None, command: Release) -> Released | Refusal:
    if each is None:
        return Refusal("not_found", fulfilment_id=command.fulfilment_id)
    if each.state == "cancelled":
        return Refusal("fulfilment_step", state=each.state)
    return Released(each.id, each.state, repeated=True)


class _Gate:
    """The gate of some sites, while one release after the other is decided."""

    def __init__(self, tx: Tx, contents: Mapping[str, Contents], rooms: Mapping[str, Room], bins: OpenBins) -> None:
        self.now, self.contents, self.rooms, self.bins = tx.now, contents, rooms, bins

    def decide(self, each: Work, actor: str) -> Out | Refusal:
        """Let one planned fulfilment out, with its bins, or say why not."""
        inside = self.contents[each.id]
        picks = choose_picks(self.bins, each.site, inside.lines)
        zones = self.bins.zones_of(picks)
        waiting = Waiting(each.id, each.is_held, inside.is_incomplete, each.cancel_until, inside.units, zones)
        reason = why_not(waiting, self.rooms[each.site], self.now)
        if reason is not None:
            return refusal_of(reason, each, self.rooms[each.site], zones)
        self.bins.keep()
        self.rooms[each.site].let_out(inside.units, zones)
        return Out(each, inside.lines, picks, actor)


def refusal_of(reason: Reason, each: Work, room: Room, zones: Mapping[str, int]) -> Refusal:
    """The refusal for a reason, with the facts behind it."""
    if reason == "site_full":
        return Refusal(
            "site_full", site=each.site, day=str(room.day.day), orders=room.day.orders, units=room.day.units
        )  # fmt: skip
    if reason == "floor_full":
        return Refusal("floor_full", site=each.site, orders=room.orders_out, orders_max=room.orders_max)
    if reason == "zone_full":
        zone = room.crowded_zone(zones) or ""
        there, most = room.zone_units.get(zone, 0), room.zone_max[zone]
        return Refusal("zone_full", site=each.site, zone=zone, units=there, units_max=most, wanted=zones[zone])
    if reason == "cancel_open":
        return Refusal("cancel_open", number=each.order_number, cancel_until=each.cancel_until)
    return Refusal(reason, number=each.order_number)
