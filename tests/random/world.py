"""A small shop that random commands are tried on: everything in it follows from a seed."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec

from orderwright.app import wiring
from orderwright.business.billing.ports import PaymentRequest
from orderwright.business.deeds.fill import waiting_queue
from orderwright.business.deeds.waiting import route_waiting
from orderwright.business.orders.actions import lock_orders
from orderwright.business.orders.exception_goods import goods_beside
from orderwright.business.orders.exception_queue import ExceptionQuery, list_exceptions
from orderwright.business.truth.check import INVARIANTS
from orderwright.database.invariants import CheckResult, check_in
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.database.writer import Writer
from orderwright.doors.worker.kinds import Kind, TaskKind
from orderwright.doors.worker.loop import Worker
from orderwright.links.carriers.practice import PracticeCarrier, Troubles
from orderwright.links.messages.practice import PracticePost
from orderwright.links.payments.practice import PracticeGateway
from orderwright.values.ids import _Sequence
from orderwright.values.refusal import Refusal
from tests.random.coverage import Seen, name_of
from tests.shop import Shop

FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DRAWN_TABLES = ("api_key", "house_change", "seal", "site", "channel", "site_load", "sweep")
"""What no seed decides: secrets, what was made before the clock was set, which connection counted."""
DRAWN_COLUMNS = ["xid", "token_hash", "totp", "totp_new", "recovery"]
NOBODY = "00000000-0000-7000-8000-000000000000"
OF_PLACES = ("pick_short", "count_disputed")
OF_GOODS = (
    *OF_PLACES, "bins_short", "promise_broken", "delivery_differs", "transfer_differs", "return_differs",
)  # fmt: skip
"""Exceptions about goods, and those where somebody can go and look."""
_WRITES_NOTHING_NEW = "release_day"  # its row is locked by an upsert that leaves it as it is

_WRITTEN = f"""
    SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint AS rows FROM pg_stat_xact_user_tables
    WHERE schemaname = current_schema() AND relname <> '{_WRITES_NOTHING_NEW}'
"""


class World:
    """A shop with its worker, a carrier and a gateway that fail now and then, and a memory of what was seen.

    `rng` is set anew for each step, so that a step chooses the same way whatever was left out before it.
    """

    def __init__(self, shop: Shop, seed: int, ids: "Ids", seen: Seen) -> None:
        self.shop = shop
        self.store = shop.store
        self.rng = random.Random(seed)
        self.ids = ids
        self.seen = seen
        self.tokens: list[str] = []  # what customers were given to look at their parcels
        self.has_changed = False  # whether the step at hand changed anything
        self.told: list[str] = []  # what the step at hand asked and was answered
        self._seed = seed
        self._asked: Counter[str] = Counter()
        troubles = Troubles(seed, refused=60, unheard=60, unanswered=60, late=200, failed=200, lost=100)
        self.carrier = PracticeCarrier(troubles)
        self.gateway = PracticeGateway(Path(":memory:"), self._mishap)
        self.worker = Worker(self.store, *_kinds(self.carrier, self.gateway, seen))
        self.writer = Writer(self.store, threads=1, lanes=1)
        self.is_calm = False

    def run(self, action: Any, *commands: Any) -> list[Any]:
        """Give commands to an action, as the doors do. Refusals are counted, and must have written nothing."""
        self.told.append(f"{action.__name__} {list(commands)!r}")
        results = self.writer.run(_watched(action), commands)
        for result in results:
            self.note(result)
            if not isinstance(result, Refusal):
                self.seen.count("actions", name_of(action))
                self.has_changed = True
        self.told.append(f"  -> {results!r}")
        return results

    def one(self, action: Any, command: Any) -> Any:
        return self.run(action, command)[0]

    def note(self, result: Any) -> None:
        """Remember what a result told."""
        if isinstance(result, Refusal):
            msgspec.json.encode(result.facts)
        self.seen.note(result)

    def seen_by(self, find: Callable[..., Any], *asked: Any) -> Any:
        """What somebody finds who looks, changing nothing; None where they may not find it."""
        try:
            with self.store.read() as tx:
                return find(tx, *asked)
        except Refusal as no:
            self.note(no)
            return None

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
        self.has_changed = True

    def work(self, step: Callable[[Worker], int]) -> None:
        """Let the worker do something."""
        self.has_changed = step(self.worker) > 0 or self.has_changed

    def broken(self) -> list[CheckResult]:
        """The invariants that do not hold now; all of them asked in one transaction, which is quick."""
        with self.store.read() as tx:
            return [each for each in (check_in(tx, invariant) for invariant in INVARIANTS) if not each.holds]

    @contextmanager
    def carrier_that(self, **shares: int) -> Iterator[None]:
        """While the block runs, calls to the carrier go wrong in just these shares, in thousandths."""
        usual = self.carrier.troubles
        self.carrier.troubles = usual._replace(**{"refused": 0, "unheard": 0, "unanswered": 0} | shares)
        try:
            yield
        finally:
            self.carrier.troubles = usual

    def come_to_rest(self) -> None:
        """Nothing goes wrong outside any more, and what is to be tried again comes due: work until all is done."""
        self.is_calm = True
        self.carrier.troubles = Troubles(self._seed)
        for round_ in range(40):
            self.worker.run_until_idle()
            waits = self.rows("SELECT 1 FROM task WHERE state = 'unknown' OR (state = 'open' AND attempt > 0)")
            if round_ > 3 and not waits:
                return
            self.pass_time(timedelta(minutes=20))  # what falls due each hour does so, too
        raise AssertionError("tasks are still tried again after 13 hours in which nothing went wrong")

    def left_undone(self) -> list[str]:
        """What a shop at rest should not have: units waiting for units that are there, calls without an end."""
        with suppress(_Undo), self.store.begin() as tx:
            # What is kept back for safety or from a channel may go to who waits, but need not.
            tx.write("UPDATE availability SET on_hand = greatest(allocated, on_hand - safety_stock)")
            skus = [row.sku for row in tx.rows("SELECT sku FROM product ORDER BY sku")]
            buffered = {row.channel for row in tx.rows("SELECT DISTINCT channel FROM channel_buffer")}
            channel_of = {row.id: row.channel for row in tx.rows("SELECT id::text, channel FROM orders")}
            waiting = [row.id for row in waiting_queue(tx, skus, None, 10_000)]
            ids = [id_ for id_ in waiting if channel_of[id_] not in buffered]
            lock_orders(tx, ids)
            filled = route_waiting(tx, ids, kind="filled", actor="random")
            found = [f"order {each.order.id} waits, and could have {each.plan.parts}" for each in filled]
            intents = tx.rows("SELECT kind, key, state FROM intent WHERE state IN ('wanted', 'calling', 'unknown')")
            found += [f"{row.kind} {row.key} is {row.state}" for row in intents]
            raise _Undo
        return found + self._against_outside() + self._unnamed_goods()

    def _unnamed_goods(self) -> list[str]:
        """Exceptions about goods of which the desk would not say which, or where."""
        found: list[str] = []
        with self.store.read() as tx:
            for state in ("open", "closed"):
                kinds = {kind: list_exceptions(tx, ExceptionQuery(state=state, kind=kind)).items for kind in OF_GOODS}
                goods = goods_beside(tx, [each for shown in kinds.values() for each in shown])
                for each in (each for shown in kinds.values() for each in shown):
                    told = goods.get(each.id, [])
                    if not told or not all(row.sku and (row.place or each.kind not in OF_PLACES) for row in told):
                        found.append(f"exception {each.kind} does not name its goods: {told}")
        return found

    def _against_outside(self) -> list[str]:
        """Where our books and what the carrier and the gateway remember differ."""
        found = []
        for kind in ("capture", "refund", "void"):
            booked = self.shop.value(
                "SELECT coalesce(sum(amount_minor), 0)::bigint FROM intent"
                " WHERE kind = %(kind)s AND state = 'done' AND provider <> 'carried'",
                kind=kind,
            )  # what an exchange carries over stays in our books: no gateway hears of it
            if kind == "refund":  # also of what was paid for what could be no order, which is in no order's books
                booked += self.shop.value(
                    "SELECT coalesce(sum(paid_minor), 0)::bigint FROM pay_link"
                    " WHERE returned_at IS NOT NULL AND returned_by IS NULL"
                )
            if booked != self.gateway.total_minor(kind):
                found.append(f"{kind}: {booked} booked, the gateway says {self.gateway.total_minor(kind)}")
        bought = {
            row.key
            for row in self.rows("SELECT key FROM intent WHERE kind LIKE 'buy%%_label' AND state = 'done'")
        }  # fmt: skip
        if bought != set(self.carrier.bought):
            found.append(f"labels booked and bought: {sorted(bought ^ set(self.carrier.bought))}")
        return found

    def contents(self) -> dict[str, list[str]]:
        """All there is in the store: table -> its rows as text, without what no seed decides."""
        names = self.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        return {
            each.name: [
                row.text
                for row in self.rows(
                    f'SELECT (to_jsonb(t) - %(drawn)s::text[])::text AS text FROM "{each.name}" t ORDER BY 1',
                    drawn=DRAWN_COLUMNS,
                )
            ]
            for each in names
            if each.name not in DRAWN_TABLES
        }

    def close(self) -> None:
        self.writer.stop()

    def _mishap(self, request: PaymentRequest) -> str | None:
        """What goes wrong with a payment call. It follows from seed, key and try: several are asked at once."""
        if self.is_calm:
            return None
        self._asked[request.key] += 1
        drawn = random.Random(f"{self._seed} {request.key} {self._asked[request.key]}")
        return drawn.choices([None, "decline", "lose_request", "lose_reply"], [85, 5, 5, 5])[0]


class _Undo(Exception):
    """Ends a transaction without keeping anything."""


@cache
def _watched(action: Any) -> Any:
    def watched(tx: Tx, asked: Sequence[Any]) -> list[Any]:
        before = tx.row(_WRITTEN).rows
        results: list[Any] = action(tx, asked)
        assert len(results) == len(asked), f"{len(results)} results to {len(asked)} commands"
        if asked and all(isinstance(each, Refusal) for each in results):
            wrote = tx.row(_WRITTEN).rows - before
            assert not wrote, f"refused, and yet it wrote {wrote} rows"
            assert not tx._recorded, "refused, and yet it recorded facts"
            assert not tx._enqueued, "refused, and yet it enqueued tasks"
        return results

    return watched


def _kinds(carrier: PracticeCarrier, gateway: PracticeGateway, seen: Seen) -> tuple[Sequence[Any], Sequence[Any]]:
    """The house's own kinds of tasks, with this world's outside; what they do is counted."""
    with (
        patch("orderwright.links.carriers.practice.PracticeCarrier", lambda **_: carrier),
        patch("orderwright.links.payments.practice.PracticeGateway", lambda _: gateway),
        patch("orderwright.links.messages.practice.PracticePost", lambda _: PracticePost(None)),
    ):
        wired = wiring()
    return [_counted(kind, seen) for kind in wired.kinds], wired.timetable


def _counted(kind: Kind, seen: Seen) -> Kind:
    def work(tx: Tx, tasks: Sequence[Task]) -> Sequence[Any] | None:
        results = kind.work(tx, tasks)  # type: ignore[union-attr]
        seen.count("tasks", kind.name)
        for result in results or ():
            seen.note(result)
        return results

    def finish(tx: Tx, tasks: Sequence[Task], answers: Sequence[Any]) -> None:
        kind.finish(tx, tasks, answers)  # type: ignore[union-attr]
        seen.count("tasks", kind.name)

    return kind._replace(work=work) if isinstance(kind, TaskKind) else kind._replace(finish=finish)


class Ids:
    """Where ids come from in a world: those of a step follow from the step alone, and sort in the order of steps."""

    def __init__(self) -> None:
        self.start(0, 0)

    def start(self, number: int, seed: int) -> None:
        """The ids of step `number` begin."""
        self._noise = random.Random(seed)
        self._milliseconds = int(FRIDAY_NOON.timestamp() * 1000) + number * 10_000

    def time_ns(self) -> int:
        self._milliseconds += 1
        return self._milliseconds * 1_000_000

    def urandom(self, count: int) -> bytes:
        return self._noise.randbytes(count)


@contextmanager
def repeatable_ids() -> Iterator[Ids]:
    """Ids come from the one this yields while the block runs."""
    ids = Ids()
    with (
        patch("orderwright.values.ids.time", ids),
        patch("orderwright.values.ids.os", ids),
        patch("orderwright.values.ids._sequence", _Sequence()),
        patch("orderwright.database.sweep.time", ids),
    ):
        yield ids
