"""The demo's counters: a few bins a morning. What they find is what pickers and goods-in did wrong and nobody saw."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from orderwright.business.deeds.counts.enter import enter_counts
from orderwright.business.warehouse.counts.actions import begin_counts
from orderwright.business.warehouse.counts.forms import BeginCount, CountedLine, EnterCount
from orderwright.business.warehouse.counts.rolling import PlanCounts, plan_counts
from orderwright.database.rows import array
from orderwright.database.store import Store
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.parcels import packed_between
from orderwright.doors.demo.people import People
from orderwright.doors.demo.sites import TOWNS, Town
from orderwright.doors.demo.suppliers import Bought, is_miscounted
from orderwright.doors.demo.window import ZONE
from orderwright.values.calendars import is_working_day

COUNTS_A_PICKER, TURNS_A_PICKER = 5, 8
"""How many bins are counted a morning, and in turn a week, for each picker a site has."""
PLANS_ON = 0  # Monday

Key = tuple[str, str]
"""(sku, site)."""


class Counters:
    """Everybody who counts, at all sites. begin: when the demo begins."""

    def __init__(self, store: Store, people: People, begin: datetime) -> None:
        self._store = store
        self._people = people
        self._drift: Counter[Key] = Counter()
        self._known_until = begin
        # Both follow from the store, and are put together again by whoever goes on with the demo.

    def count(self, now: datetime) -> None:
        """Count what is wanted most, at sites that work today, while nothing moves there yet."""
        today = now.astimezone(ZONE).date()
        towns = [town for town in TOWNS if is_working_day(town.calendar, today)]
        if today.weekday() == PLANS_ON:
            plans = [PlanCounts(site=t.code, limit=TURNS_A_PICKER * t.pickers, actor="lead") for t in towns]
            in_parts(self._store, plan_counts, plans, len(plans) or 1)
        tasks = [task for town in towns for task in self._wanted(town, now)]
        if not tasks:
            return
        begun = [BeginCount(count_id=task.id, counter=_counter(task), actor=_counter(task)) for task in tasks]
        in_parts(self._store, begin_counts, begun, len(begun))
        told = self._look(tasks, now)
        entered = [
            EnterCount(count_id=task.id, counter=_counter(task), lines=lines, actor=_counter(task))
            for task, lines in zip(tasks, told, strict=True)
        ]
        in_parts(self._store, enter_counts, entered, len(entered))

    def _wanted(self, town: Town, now: datetime) -> list[Any]:
        """What is left of the day's counts of a site, the most wanted first."""
        most = COUNTS_A_PICKER * town.pickers
        with self._store.read() as tx:
            done = tx.row(
                "SELECT count(*)::int AS n FROM count_task WHERE site = %(site)s AND ended_at = %(now)s",
                site=town.code, now=now,
            )  # fmt: skip
            return tx.rows(
                """
                SELECT c.id::text, c.site, c.place_id, c.sku, c.round
                FROM count_task c JOIN place p ON p.id = c.place_id
                WHERE c.site = %(site)s AND c.state IN ('open', 'counting')
                ORDER BY c.priority DESC, c.due_at, p.code, c.sku LIMIT %(most)s
                """,
                site=town.code, most=max(0, most - done.n),
            )  # fmt: skip

    def _look(self, tasks: Sequence[Any], now: datetime) -> list[list[CountedLine]]:
        """What really lies in the bins: what is booked, and what went wrong since without a word."""
        self._learn(now)
        with self._store.read() as tx:
            rows = tx.rows(
                "SELECT place_id, sku, sum(quantity)::bigint AS units FROM stock"
                " WHERE place_id = ANY(%(ids)s::bigint[])"
                " GROUP BY place_id, sku HAVING sum(quantity) > 0 ORDER BY place_id, sku",
                ids=array(sorted({task.place_id for task in tasks})),
            )
            found = tx.rows(
                "SELECT c.site, l.sku, sum(l.posted)::bigint AS units FROM count_line l"
                " JOIN count_task c ON c.id = l.count_id WHERE l.posted IS NOT NULL GROUP BY c.site, l.sku"
            )
        drift = self._drift.copy()
        drift.subtract({(row.sku, row.site): row.units for row in found})
        booked: dict[int, dict[str, int]] = {}
        for row in rows:
            booked.setdefault(row.place_id, {})[row.sku] = row.units
        told = []
        for task in tasks:
            lying = booked.get(task.place_id, {})
            units = {task.sku: lying.get(task.sku, 0)} if task.sku else lying
            told.append([
                CountedLine(sku=sku, counted=max(0, there + drift[sku, task.site])) for sku, there in units.items()
            ])  # fmt: skip
        return told

    def _learn(self, now: datetime) -> None:
        """Take in what pickers and goods-in did wrong until now: units more than booked, by product and site."""
        with self._store.read() as tx:
            packed = packed_between(tx, self._known_until, now)
            delivered = tx.rows(
                "SELECT o.supplier, o.site, (o.made_at AT TIME ZONE 'Europe/London')::date AS made_on, l.sku"
                " FROM delivery d JOIN purchase_order o ON o.id = d.purchase_id"
                " JOIN delivery_line l ON l.delivery_id = d.id"
                " WHERE d.received_at > %(since)s AND d.received_at <= %(now)s",
                since=self._known_until, now=now,
            )  # fmt: skip
            overlooked = tx.rows(
                "SELECT t.sku, f.site, sum(t.quantity - t.picked)::bigint AS units FROM pick_task t"
                " JOIN fulfilment f ON f.id = t.fulfilment_id WHERE t.state = 'short'"
                " AND t.ended_at > %(since)s AND t.ended_at <= %(now)s GROUP BY t.sku, f.site",
                since=self._known_until, now=now,
            )  # fmt: skip
        for site, parcel in packed:
            for mistake in self._people.judge(parcel).at_customer:
                self._drift[mistake.line.sku, site] += 1
                if mistake.kind == "wrong_item":
                    self._drift[self._people.taken_for(mistake.line), site] -= 1
        for row in delivered:
            if is_miscounted(self._people, Bought(row.supplier, row.site, row.made_on, row.sku, 0).word):
                self._drift[row.sku, row.site] -= 1
        for row in overlooked:
            self._drift[row.sku, row.site] += row.units
        self._known_until = now


def _counter(task: Any) -> str:
    """Who counts a round: nobody counts a bin twice."""
    return f"counter:{task.site.lower()}-{task.round}"
