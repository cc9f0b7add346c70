"""What came of a file of orders: the account of its rows, and of the orders and credits in them."""

from collections import Counter
from typing import Any

import msgspec

from orderwright.business.deeds.placing.forms import Placed
from orderwright.business.imports.crediting import CreditApplied
from orderwright.business.imports.report import ImportReport
from orderwright.values.refusal import Refusal


class OrdersTaken(msgspec.Struct):
    """Orders of a file, counted by what became of each. `repeated`: they were here before, the same."""

    new: int = 0
    repeated: int = 0
    refused: int = 0
    waiting: int = 0
    holds: Counter[str] = msgspec.field(default_factory=Counter)
    refusals: Counter[str] = msgspec.field(default_factory=Counter)

    def add(self, result: Placed | Refusal) -> None:
        """Count one order."""
        if isinstance(result, Refusal):
            self.refused += 1
            self.refusals[result.code] += 1
        elif result.repeated:
            self.repeated += 1
        else:
            self.new += 1
            self.waiting += bool(result.backordered)
            self.holds.update(result.holds)

    @property
    def read(self) -> int:
        """All of them."""
        return self.new + self.repeated + self.refused


class CreditsApplied(msgspec.Struct):
    """Credit notes of a file, counted by what became of each, and the units no sale was found for."""

    applied: int = 0
    repeated: int = 0
    unmatched: int = 0
    units_cancelled: int = 0
    units_asked_back: int = 0
    units_unmatched: int = 0
    refusals: Counter[str] = msgspec.field(default_factory=Counter)

    def add(self, result: CreditApplied | Refusal) -> None:
        """Count one credit note."""
        if isinstance(result, Refusal):
            self.refusals[result.code] += 1
        elif result.repeated:
            self.repeated += 1
        else:
            self.applied += 1
            self.units_cancelled += result.cancelled
            self.units_asked_back += result.asked_back


class ImportOutcome(msgspec.Struct):
    """A file of orders, taken. `id`: of the import; None for a dry run. `credits`: None where none were applied."""

    id: str | None
    report: ImportReport
    orders: OrdersTaken
    rows_not_taken: int
    credits: CreditsApplied | None = None

    @property
    def adds_up(self) -> bool:
        """Whether every row is in one bucket, and every order read became one thing."""
        return self.report.adds_up() and (self.id is None or self.orders.read == self.report.kinds["orders"])

    def as_dict(self) -> dict[str, Any]:
        """Plain values for programs: the rows' account, then what became of orders and credits."""
        told = self.report.as_dict() | {"adds_up": self.adds_up, "rows_not_taken": self.rows_not_taken}
        if self.id is not None:
            told["orders"] = msgspec.to_builtins(self.orders) | {"read": self.orders.read}
        if self.credits is not None:
            told["credits"] = msgspec.to_builtins(self.credits)
        return told

    def lines(self) -> list[str]:
        """The same for people."""
        told = self.report.lines()
        if self.id is not None:
            orders = self.orders
            told.append(
                f"Orders: {orders.new:,} taken, {orders.repeated:,} were here already, {orders.refused:,} refused."
            )
            told += [f"  refused as {code}: {count:,}" for code, count in sorted(orders.refusals.items())]
            if orders.waiting:
                told.append(f"  taken, and some of it waits for stock: {orders.waiting:,}")
            told += [f"  taken and held ({kind}): {count:,}" for kind, count in sorted(orders.holds.items())]
        return told + self._credits_told()

    def _credits_told(self) -> list[str]:
        done = self.credits
        if done is None:
            count = self.report.kinds["credits"]
            return [f"Credit notes were counted and not applied: {count:,}."] if count else []
        told = [
            f"Credit notes: {done.applied:,} applied ({done.units_cancelled:,} units cancelled,"
            f" {done.units_asked_back:,} asked back), {done.repeated:,} were applied before,"
            f" {done.unmatched:,} without an earlier sale ({done.units_unmatched:,} units)."
        ]
        return told + [f"  refused as {code}: {count:,}" for code, count in sorted(done.refusals.items())]
