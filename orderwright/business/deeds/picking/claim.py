"""Claiming: a picker asks for work, and gets a walk nobody else has."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from psycopg import Rollback

from orderwright.business.deeds.picking.candidates import Candidate, lock_candidates, read_candidates
from orderwright.business.deeds.picking.cart_totes import put_totes_on
from orderwright.business.deeds.picking.cartful import first_come_mm, limited_to, taken_by, way_of
from orderwright.business.deeds.picking.planned import Asked, planned_walks
from orderwright.business.warehouse.batching.work import Cart
from orderwright.business.warehouse.floors import SiteFloor, floors_of
from orderwright.business.warehouse.totes import totes_in_use
from orderwright.business.warehouse.walk_facts import WalkClaimed
from orderwright.business.warehouse.walk_forms import ClaimWork, Walk
from orderwright.business.warehouse.walk_reads import walks_by_id
from orderwright.business.warehouse.walks import NewWalk, claim_walks, insert_walks
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, askable, refusal_of, text_findings
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal

CANDIDATES_MAX = 500
ROUNDS = 8
"""How often a cart is filled anew because others were quicker, before waiting for them."""


class _Asking(NamedTuple):
    command: ClaimWork
    floor: SiteFloor
    cart: Cart
    barred: frozenset[str]

    def may_have(self, candidate: Candidate) -> Candidate | None:
        """The candidate as this picker may have it, or None."""
        if self.command.zone:
            return None if self.command.zone in self.barred else candidate.in_zone(self.command.zone)
        return None if candidate.zones & self.barred else candidate


def claim_work(tx: Tx, commands: Sequence[ClaimWork]) -> list[Walk | Refusal]:
    """Give pickers who ask for work a walk each; one `Walk` or Refusal per command.

    The most urgent planned walk that fits the cart, the zone and the skills; where none is planned, a cart is filled
    on the spot from what is due first. No pick task is ever on two walks. Who has a walk already is told it again
    (`repeated`). Orders on hold are left out. Refuses malformed, unknown_site, unknown_cart, tote_in_use (naming
    its order), nothing_to_pick.
    """
    floors = floors_of(tx, [each.site for each in commands])
    own = _own_walks(tx, commands)
    used = totes_in_use(tx, [(each.site, code) for each in commands for code in each.totes])
    results: list[Any] = [None] * len(commands)
    asking: dict[int, _Asking] = {}
    first_of: dict[tuple[str, str], int] = {}
    taken: set[tuple[str, str]] = set()
    for i, command in enumerate(commands):
        picker = (command.site, command.picker)
        if picker in own or picker in first_of:
            results[i] = own.get(picker, first_of.get(picker))
            continue
        asked = _asking(command, floors.get(command.site), used, taken)
        if isinstance(asked, Refusal):
            results[i] = asked
            continue
        asking[i] = asked
        first_of[picker] = i
        taken |= {(command.site, code) for code in command.totes}
    claimed = _claim(tx, asking) if asking else {}
    shown = walks_by_id(tx, [*claimed.values(), *own.values()])
    return [_answer(results[i], command, claimed.get(i), shown, claimed) for i, command in enumerate(commands)]


def _answer(
    result: Any, command: ClaimWork, walk_id: str | None, shown: Mapping[str, Walk], claimed: Mapping[int, str]
) -> Walk | Refusal:
    if isinstance(result, Refusal):
        return result
    if isinstance(result, int):  # asked twice in one call
        walk_id, result = claimed.get(result), claimed.get(result)
    if result is not None:
        return shown[result].again(True)
    if walk_id is None:
        return Refusal("nothing_to_pick", site=command.site, zone=command.zone)
    return shown[walk_id]


def _own_walks(tx: Tx, commands: Sequence[ClaimWork]) -> dict[tuple[str, str], str]:
    """Walk by (site, picker) of those who have one."""
    sites = askable(each.site for each in commands)
    pickers = askable(each.picker for each in commands)
    rows = tx.rows(
        "SELECT site, picker, id::text FROM pick_batch WHERE state = 'walking'"
        " AND site = ANY(%(sites)s::text[]) AND picker = ANY(%(pickers)s::text[])",
        sites=array(sites), pickers=array(pickers),
    )  # fmt: skip
    return {(row.site, row.picker): row.id for row in rows}


def _asking(
    command: ClaimWork, floor: SiteFloor | None, used: Mapping[tuple[str, str], Any], taken: set[tuple[str, str]]
) -> _Asking | Refusal:
    findings = list(text_findings(command))
    if len(set(command.totes)) < len(command.totes) or not command.picker:
        findings.append(Finding("/totes", "twice", "Each tote goes on the cart once, and somebody pushes it."))
    if findings:
        return refusal_of(findings)
    if floor is None:
        return Refusal("unknown_site", site=command.site)
    cart = floor.find_cart(command.cart)
    if cart is None:
        return Refusal("unknown_cart", cart=command.cart, carts=[each.kind for each in floor.carts])
    for code in command.totes:
        row = used.get((command.site, code))
        if row is not None or (command.site, code) in taken:
            return Refusal("tote_in_use", tote=code, order=row and row.order, walk=row and row.walk)
    barred = frozenset(floor.barred(command.skills))
    return _Asking(command, floor, limited_to(cart, command.totes), barred)


def _claim(tx: Tx, asking: Mapping[int, _Asking]) -> dict[int, str]:
    """Walk by index of the command that got it."""
    planned = planned_walks(
        tx, {i: Asked(each.command, sorted(each.barred), each.cart.totes) for i, each in asking.items()}
    )
    rest = {i: each for i, each in asking.items() if i not in planned}
    filled = _fill_carts(tx, rest) if rest else {}
    claimed = {**planned, **_begin(tx, rest, filled)}
    claim_walks(tx, {id_: (asking[i].command.picker, asking[i].cart.kind) for i, id_ in planned.items()})
    put_totes_on(
        tx, {walk_id: (asking[i].floor, asking[i].cart, asking[i].command.totes) for i, walk_id in claimed.items()}
    )
    for i, walk_id in sorted(claimed.items()):
        command = asking[i].command
        fact = WalkClaimed(picker=command.picker, totes=list(command.totes))
        tx.record("walk", walk_id, fact, actor=command.actor)
    return claimed


def _fill_carts(tx: Tx, asking: Mapping[int, _Asking]) -> dict[int, list[Candidate]]:
    """A cartful for each who asks, its orders locked. What others lock meanwhile is left to them.

    What was locked in vain is let go before anybody is waited for: two who wait for what the other holds wait for ever.
    """
    sites = {each.command.site for each in asking.values()}
    waited_for: set[str] = set()
    for _ in range(ROUNDS):
        pool = read_candidates(tx, sites, CANDIDATES_MAX)
        with tx.connection.transaction():
            chosen = _lock_what_fits(tx, asking, pool)
            if not any(chosen.values()):
                raise Rollback
        if any(chosen.values()) or not any(pool.values()):
            return chosen
        # Everything there is, is being taken by others just now: wait for one of them, and look again.
        busy = next(each.order_id for mine in pool.values() for each in mine)
        if busy in waited_for:
            return chosen
        waited_for.add(busy)
        with tx.connection.transaction():
            tx.rows("SELECT FROM orders WHERE id = %(id)s::uuid FOR UPDATE", id=busy)
            raise Rollback
    return {}


def _lock_what_fits(
    tx: Tx, asking: Mapping[int, _Asking], pool: Mapping[str, Sequence[Candidate]]
) -> dict[int, list[Candidate]]:
    left = {site: {each.work.fulfilment_id: each for each in mine} for site, mine in pool.items()}
    chosen: dict[int, list[Candidate]] = {}
    for _ in range(ROUNDS):
        chosen = _choose(asking, left)
        wanted = [each for mine in chosen.values() for each in mine]
        if not wanted:
            break
        had = lock_candidates(tx, {each.order_id for each in wanted}, {each.work.fulfilment_id for each in wanted})
        lost = [each for each in wanted if not _stands(each, had.get(each.work.fulfilment_id))]
        if not lost:
            return chosen
        for each in lost:
            id_ = each.work.fulfilment_id
            if id_ in had:
                left[each.site][id_] = had[id_]
            else:
                left[each.site].pop(id_, None)
        chosen = {i: [each for each in mine if each not in lost] for i, mine in chosen.items()}
    return chosen


def _stands(chosen: Candidate, now: Candidate | None) -> bool:
    return now is not None and set(chosen.tasks) <= set(now.tasks)


def _choose(asking: Mapping[int, _Asking], left: Mapping[str, Mapping[str, Candidate]]) -> dict[int, list[Candidate]]:
    """A cartful for each, in the order they ask; what one has the next has not."""
    gone: set[str] = set()
    chosen: dict[int, list[Candidate]] = {}
    for i, each in sorted(asking.items()):
        mine = [
            part
            for candidate in left.get(each.command.site, {}).values()
            if (part := each.may_have(candidate)) is not None and not gone & set(part.tasks)
        ]
        chosen[i] = taken_by(each.floor, each.cart, mine, each.command.zone or None)
        gone |= {task for part in chosen[i] for task in part.tasks}
    return chosen


def _begin(tx: Tx, asking: Mapping[int, _Asking], filled: Mapping[int, Sequence[Candidate]]) -> dict[int, str]:
    begun = {i: picked for i, picked in filled.items() if picked}
    ids = dict(zip(begun, new_ids(len(begun)), strict=True))
    walks = []
    for i, picked in begun.items():
        command, floor, cart, _ = asking[i]
        way = way_of(floor, cart, picked, command.zone or None)
        strategy = "zone" if command.zone else "single" if len(picked) == 1 else "batch"
        walks.append(NewWalk(
            ids[i], command.site, strategy, command.zone, "", cart.kind, way.totes, way.due_at, command.picker,
            way.predicted_mm, way.predicted_s, first_come_mm(floor, picked), way.tasks,
        ))  # fmt: skip
    insert_walks(tx, walks)
    return ids
