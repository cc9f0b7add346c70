"""What becomes of an order's units: which stay where they are, which are given up, which are routed anew."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from orderwright.business.deeds.editing.current import Demand, Piece, Target
from orderwright.business.routing.planning import Plan, Want, takes_of
from orderwright.values.ids import new_id


class NewDemand(NamedTuple):
    """A demand an edit makes: for a new line, or one whose product became known."""

    id: str
    position: int
    sku: str
    per_unit: int


class Account:
    """One demand's units while its order is edited; what is on a floor or gone is among `allocated` or neither."""

    def __init__(self, id_: str, sku: str, per_unit: int, target: Target) -> None:
        self.id, self.sku, self.per_unit = id_, sku, per_unit
        # A line left out keeps the quantity it had, all of it cancelled.
        self.ordered = target.quantity * per_unit
        self.cancelled = self.ordered - target.after * per_unit
        self.waiting = self.allocated = 0
        self.claims = True
        self.planned: list[Piece] = []

    @property
    def claimed(self) -> int:
        """Units it keeps from new orders."""
        return self.waiting if self.claims else 0


class Units:
    """The units of one order on their way from what they are to what an edit makes of them.

    dropped: planned units that leave their fulfilments, by (fulfilment, demand). freed: the same by (sku, site).
    wants: what is to be routed; `demands` are behind each. Wants and plan are empty unless it is routed anew.
    """

    def __init__(self, targets: Sequence[Target], drafted: Mapping[int, Want]) -> None:
        self.new: list[NewDemand] = []
        self.lines: list[tuple[Target, list[Account]]] = []
        self.dropped: dict[tuple[str, str], int] = {}
        self.freed: dict[tuple[str, str], int] = {}
        self.wants: list[Want] = []
        self.demands: list[list[Account]] = []
        self.plan: Plan | None = None
        self._claimed: dict[str, int] = {}
        for target in targets:
            self.lines.append((target, self._open(target, drafted)))

    @property
    def accounts(self) -> list[Account]:
        """Every demand, by line."""
        return [account for _, accounts in self.lines for account in accounts]

    @property
    def is_growing(self) -> bool:
        """Whether some line is wanted more of than before, or gets its product."""
        return bool(self.new) or any(target.after > target.before and accounts for target, accounts in self.lines)

    def free_planned(self, drafted: Mapping[int, Want]) -> None:
        """Take all that is planned and not held apart back to waiting, to be routed with what waits already."""
        for target, accounts in self.lines:
            for account in accounts:
                account.waiting += self._take(account, account.allocated, is_apart=False)
            units = min((account.waiting // account.per_unit for account in accounts), default=0)
            if units and target.form_index is not None:
                want = drafted[target.form_index]
                components = tuple((account.sku, account.per_unit) for account in accounts)
                self.wants.append(want._replace(position=target.position, quantity=units, components=components))
                self.demands.append(accounts)

    def settle(self, plan: Plan) -> None:
        """Give the wants what a plan promises them."""
        self.plan = plan
        for i, (want, accounts) in enumerate(zip(self.wants, self.demands, strict=True)):
            units = want.quantity - plan.waiting.get(i, 0)
            for account in accounts:
                account.waiting -= units * account.per_unit
                account.allocated += units * account.per_unit
        for account in self.accounts:
            account.claims = plan.claims

    def takes(self) -> dict[tuple[str, str], int]:
        """Units promised anew, by (sku, site)."""
        return {} if self.plan is None else takes_of(self.wants, self.plan)

    def claims_changed(self) -> dict[str, int]:
        """By how many units its claims on what arrives rise or fall, by sku."""
        changed = {sku: -units for sku, units in self._claimed.items()}
        for account in self.accounts:
            changed[account.sku] = changed.get(account.sku, 0) + account.claimed
        return {sku: units for sku, units in changed.items() if units}

    def claims_before(self, sku: str) -> int:
        """Units of a sku that it claimed before."""
        return self._claimed.get(sku, 0)

    def waiting(self) -> list[tuple[Target, int]]:
        """Lines that wait now, with their units; of a kit, kits of which a component waits."""
        waits = [
            (target, max((-(-account.waiting // account.per_unit) for account in accounts), default=0))
            for target, accounts in self.lines
        ]
        return [(target, units) for target, units in waits if units]

    def _open(self, target: Target, drafted: Mapping[int, Want]) -> list[Account]:
        if target.line is not None and target.line.demands:
            return [self._carry_over(demand, target) for demand in target.line.demands]
        if target.sku is None or target.form_index is None:
            return []  # nothing is known of it that could be routed
        accounts = []
        for sku, per_unit in drafted[target.form_index].components:
            demand = NewDemand(new_id(), target.position, sku, per_unit)
            self.new.append(demand)
            account = Account(demand.id, sku, per_unit, target)
            account.waiting = target.after * per_unit
            accounts.append(account)
        return accounts

    def _carry_over(self, demand: Demand, target: Target) -> Account:
        account = Account(demand.id, demand.sku, demand.per_unit, target)
        account.waiting, account.allocated, account.claims = demand.waiting, demand.allocated, demand.claims
        account.planned = list(demand.planned)
        self._claimed[demand.sku] = self._claimed.get(demand.sku, 0) + demand.claimed
        change = (target.after - target.before) * demand.per_unit
        account.waiting += max(change, 0)
        self._give_up(account, max(-change, 0))
        return account

    def _give_up(self, account: Account, units: int) -> None:
        """First units that wait, then the latest planned, those that are held apart last."""
        waiting = min(account.waiting, units)
        account.waiting -= waiting
        units -= waiting
        for is_apart in (False, True):
            units -= self._take(account, units, is_apart=is_apart)
        if units:
            raise ValueError(f"demand {account.id}: {units} units to give up are neither waiting nor planned")

    def _take(self, account: Account, units: int, *, is_apart: bool) -> int:
        """Take up to that many planned units out of their fulfilments; how many there were."""
        left = units
        for n, piece in enumerate(account.planned):
            part = min(left, piece.units) if piece.is_apart == is_apart else 0
            if part:
                left -= part
                account.planned[n] = piece._replace(units=piece.units - part)
                self._drop(account, piece, part)
        return units - left

    def _drop(self, account: Account, piece: Piece, units: int) -> None:
        account.allocated -= units
        key, place = (piece.fulfilment_id, account.id), (account.sku, piece.site)
        self.dropped[key] = self.dropped.get(key, 0) + units
        self.freed[place] = self.freed.get(place, 0) + units


def merged(counts: Iterable[Mapping[tuple[str, str], int]]) -> dict[tuple[str, str], int]:
    """Counts by the same kind of key, summed."""
    total: dict[tuple[str, str], int] = {}
    for each in counts:
        for key, units in each.items():
            total[key] = total.get(key, 0) + units
    return total
