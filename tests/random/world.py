"""A small shop that random commands are tried on: everything in it follows from a seed."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import msgspec

from orderwright.app import wiring
from orderwright.business.billing.ports import PaymentRequest
from orderwright.business.deeds.settle import PaymentCalls
from orderwright.business.shipping.following import TellScans
from orderwright.business.shipping.labels import BuyLabels, VoidLabels
from orderwright.business.truth.check import INVARIANTS
from orderwright.database.invariants import CheckResult, check_in
from orderwright.database.tx import Tx
from orderwright.database.writer import Writer
from orderwright.doors.worker.kinds import CallKind, TaskKind
from orderwright.doors.worker.loop import Worker
from orderwright.links.carriers.practice import PracticeCarrier, Troubles
from orderwright.links.payments.practice import PracticeGateway
from orderwright.values.refusal import Refusal
from tests.shop import Shop

FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOBODY = "00000000-0000-7000-8000-000000000000"
_WRITES_NOTHING_NEW = "release_day"  # its row is locked by an upsert that leaves it as it is

_WRITTEN = f"""
    SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint AS rows FROM pg_stat_xact_user_tables
    WHERE schemaname = current_schema() AND relname <> '{_WRITES_NOTHING_NEW}'
"""


class World:
    """A shop with its worker, a carrier and a gateway that fail now and then, and a memory of what was seen.

    `rng` is set anew for each step, so that a step chooses the same way whatever was left out before it.
    """

    def __init__(self, shop: Shop, seed: int, verbs: Counter[str], codes: Counter[str]) -> None:
        self.shop = shop
        self.store = shop.store
        self.rng = random.Random(seed)
        self.verbs = verbs
        self.codes = codes
        self.findings: Counter[str] = Counter()
        self.told: list[str] = []  # what the step at hand asked and was answered
        self._mishaps = random.Random(seed)
        troubles = Troubles(seed, refused=60, unheard=60, unanswered=60, late=200, failed=200, lost=100)
        self.carrier = PracticeCarrier(troubles)
        self.gateway = PracticeGateway(Path(":memory:"), self._mishap)
        self.worker = Worker(self.store, *_kinds(self.carrier, self.gateway))
        self.writer = Writer(self.store, threads=1, lanes=1)
        self.is_calm = False

    def run(self, action: Any, *commands: Any) -> list[Any]:
        """Give commands to an action, as the doors do. Refusals are counted, and must have written nothing."""

        def watched(tx: Tx, asked: Sequence[Any]) -> list[Any]:
            before = tx.row(_WRITTEN).rows
            results: list[Any] = action(tx, asked)
            assert len(results) == len(asked), f"{len(results)} results to {len(asked)} commands"
            if all(isinstance(each, Refusal) for each in results):
                wrote = tx.row(_WRITTEN).rows - before
                assert not (wrote or tx._recorded or tx._enqueued), f"refused, and yet it wrote {wrote} rows"
            return results

        self.told.append(f"{action.__name__} {list(commands)!r}")
        results = self.writer.run(watched, commands)
        for result in results:
            self.note(result)
        self.told.append(f"  -> {results!r}")
        return results

    def one(self, action: Any, command: Any) -> Any:
        return self.run(action, command)[0]

    def note(self, result: Any) -> None:
        """Remember what a result told."""
        if isinstance(result, Refusal):
            self.codes[result.code] += 1
            msgspec.json.encode(result.facts)
            for finding in result.facts.get("findings", ()):
                self.findings[finding["code"] if isinstance(finding, dict) else finding.code] += 1
        for finding in getattr(result, "findings", ()):
            self.findings[finding.code] += 1

    def rows(self, sql: str, **values: Any) -> list[Any]:
        return self.shop.rows(sql, **values)

    def some(self, sql: str, **values: Any) -> Any:
        """One of the rows, or None. The statement orders them by something that is the same in every run."""
        rows = self.rows(sql, **values)
        return self.rng.choice(rows) if rows else None

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pick(self, *choices: Any) -> Any:
        return self.rng.choice(choices)

    @property
    def now(self) -> datetime:
        with self.store.read() as tx:
            return tx.now

    def pass_time(self, span: timedelta) -> None:
        with self.store.begin() as tx:
            tx.write("UPDATE clock SET simulated_at = %(at)s", at=tx.now + span)

    def broken(self) -> list[CheckResult]:
        """The invariants that do not hold now; all of them asked in one transaction, which is quick."""
        with self.store.read() as tx:
            return [each for each in (check_in(tx, invariant) for invariant in INVARIANTS) if not each.holds]

    def close(self) -> None:
        self.writer.stop()

    def _mishap(self, request: PaymentRequest) -> str | None:
        if self.is_calm:
            return None
        return self._mishaps.choices([None, "decline", "lose_request", "lose_reply"], [85, 5, 5, 5])[0]


def _kinds(carrier: PracticeCarrier, gateway: PracticeGateway) -> tuple[Sequence[Any], Sequence[Any]]:
    """The house's own kinds of tasks, with this world's outside."""
    wired = wiring()
    buying, voiding = BuyLabels({"practice": carrier}), VoidLabels({"practice": carrier})
    paying = PaymentCalls(gateway)
    mine = [
        CallKind("buy_label", buying.start, buying.call, buying.finish, buying.ask),
        CallKind("void_label", voiding.start, voiding.call, voiding.finish, voiding.ask),
        CallKind("call_payment", paying.start, paying.call, paying.finish, paying.ask),
        TaskKind("practice_tracking", TellScans({"practice": carrier}).work),
    ]
    kinds = {kind.name: kind for kind in wired.kinds} | {kind.name: kind for kind in mine}
    return list(kinds.values()), wired.timetable


@contextmanager
def repeatable_ids(seed: int) -> Iterator[None]:
    """Ids follow from the seed while the block runs, and sort in the order they were made."""
    noise = random.Random(seed)
    count = iter(range(1, 2**40))
    clock = SimpleNamespace(time_ns=lambda: (int(FRIDAY_NOON.timestamp() * 1000) + next(count)) * 1_000_000)
    with (
        patch("orderwright.values.ids.time", clock),
        patch("orderwright.values.ids.os", SimpleNamespace(urandom=noise.randbytes)),
        patch("orderwright.database.sweep.time", clock),
    ):
        yield
