"""What callers saw, and whether the store agrees: the log of a black box."""

import threading
import time
from collections import Counter
from typing import Any, NamedTuple

from orderwright.business.truth.check import check_store
from orderwright.database.store import Store


class Event(NamedTuple):
    """One deed as its caller saw it. outcome: ok, refused, or unknown (the caller was told nothing and went away)."""

    deed: str
    subject: str
    outcome: str
    told: Any
    seconds: float


class History:
    """The events of all callers, and what else they met. Callers may be on several threads."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.wrong: list[str] = []
        self.met: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.longest_silence_s = 0.0
        self._heard_at = time.perf_counter()

    def add(self, event: Event) -> None:
        """Keep one event."""
        with self._lock:
            self.events.append(event)

    def heard(self) -> None:
        """Some caller was answered."""
        now = time.perf_counter()
        with self._lock:
            self.longest_silence_s = max(self.longest_silence_s, now - self._heard_at)
            self._heard_at = now

    def accuse(self, words: str) -> None:
        """Keep what must never be seen."""
        with self._lock:
            self.wrong.append(words)

    def of(self, deed: str, outcome: str) -> list[Event]:
        """The events of one kind."""
        return [each for each in self.events if (each.deed, each.outcome) == (deed, outcome)]

    def longest_s(self) -> float:
        """The longest any caller had to ask until it was answered."""
        return max((each.seconds for each in self.events), default=0.0)


class Verdict(NamedTuple):
    """What is wrong, in words, by kind; each empty when the store and its callers agree."""

    lost: list[str]
    doubled: list[str]
    oversold: list[str]
    broken: list[str]
    wrong: list[str]

    def figures(self) -> dict[str, int]:
        """How many of each."""
        return {name: len(each) for name, each in self._asdict().items()}


def judge(store: Store, history: History) -> Verdict:
    """Compare what was told with what is there, and ask every invariant."""
    store.database.pool.check()  # PostgreSQL may have died since
    with store.read() as tx:
        rows = tx.rows("SELECT reference, number, state FROM orders ORDER BY reference")
        picked = {row.id: row.picked for row in tx.rows("SELECT id::text, picked FROM pick_task")}
        sold = tx.rows(
            """
            SELECT sku, taken, received FROM
                (SELECT sku, sum(allocated + picked + packed + shipped) AS taken FROM demand GROUP BY sku) AS d
            JOIN (SELECT sku, sum(quantity) AS received FROM stock_move WHERE kind = 'receive' GROUP BY sku) AS m
                USING (sku) WHERE taken > received
            """
        )
    numbers: dict[str, list[str]] = {}
    states = {row.number: row.state for row in rows}
    for row in rows:
        numbers.setdefault(row.reference, []).append(row.number)
    lost, doubled = _orders(history, numbers)
    cancelled = {each.subject for each in history.of("cancel", "ok")}
    lost += [f"{number}: cancelled, and {states.get(number)}" for number in sorted(cancelled)
             if states.get(number) != "cancelled"]  # fmt: skip
    lost += [f"pick task {each.subject}: {each.told} acknowledged, {picked.get(each.subject)} kept"
             for each in history.of("pick", "ok") if picked.get(each.subject) != each.told]  # fmt: skip
    broken = [f"{each.name}: {each.rows}" for each in check_store(store, full=True) if not each.holds]
    oversold = [f"{row.sku}: {row.taken} of {row.received}" for row in sold]
    return Verdict(lost, doubled, oversold, broken, history.wrong)


def _orders(history: History, numbers: dict[str, list[str]]) -> tuple[list[str], list[str]]:
    """What was acknowledged and is not there; what is there and should not be."""
    lost, doubled = [], []
    acknowledged = {each.subject: each.told for each in history.of("place", "ok")}
    unknown = {each.subject for each in history.of("place", "unknown")}
    for reference, number in acknowledged.items():
        if number not in numbers.get(reference, []):
            lost.append(f"{reference}: acknowledged as {number}, there is {numbers.get(reference)}")
    for reference, found in numbers.items():
        if len(found) > 1 or (reference not in acknowledged and reference not in unknown):
            doubled.append(f"{reference}: {found}, acknowledged {acknowledged.get(reference)}")
    return lost, doubled
