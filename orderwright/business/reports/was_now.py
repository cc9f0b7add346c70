"""How the shop was, how it is now, what it aims at; and what to mend next, by what that would save."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from orderwright.business.reports.baselines import Baseline, baselines
from orderwright.business.reports.days.asking import today
from orderwright.business.reports.days.telling import zone_of
from orderwright.business.reports.measures import MEASURES, TARGETS, WAS_NOW
from orderwright.business.reports.told import Costs, Days, Sums, Told, costs_of, figures_of, major, sums_of
from orderwright.database.tx import Tx

NOW_DAYS = 28
WEEKS = NOW_DAYS / 7


class Standing(msgspec.Struct, frozen=True):
    """A figure as it was, is, and should be; all as shown: per cent of shares. is_met: whether the target is."""

    figure: str
    title: str
    says: str
    unit: str
    good: str
    now: Told
    was: Baseline | None
    target: float | None
    is_met: bool | None
    is_better: bool | None


class Mend(msgspec.Struct, frozen=True):
    """Something to mend. kind, of: what, and which of it. What it would save a week: hours, money, errors; None where
    nothing tells. sums: the numbers of its arithmetic, by name."""

    kind: str
    of: str
    hours: float | None
    cost: float | None
    errors: float | None
    sums: dict[str, float]


class WasNow(msgspec.Struct, frozen=True):
    """The last four weeks that are over, beside what was before. channels: the share of orders nobody touched, by
    channel, with what made people touch the others."""

    first: date
    last: date
    currency: str
    standing: list[Standing]
    channels: list[tuple[str, Told]]
    mends: list[Mend]


class _Look(NamedTuple):
    """Four weeks, and what an hour costs in them."""

    days: Days
    costs: Costs

    def of(self, figure: str) -> Mapping[str, Sums]:
        """The sums of a figure, by part."""
        return self.days.get(figure, {})

    def total(self, figure: str) -> int:
        """All that counts of a figure."""
        return sum(each.counted for each in self.of(figure).values())

    def worth(self, hours: float) -> float | None:
        """What hours cost."""
        return None if self.costs.hour is None else hours * self.costs.hour


def was_now(tx: Tx, channels: Sequence[str]) -> WasNow:
    """How the store stands. A constant number of statements, and one for each channel."""
    last = today(tx.now, zone_of(tx)) - timedelta(days=1)
    first = last - timedelta(days=NOW_DAYS - 1)
    costs, known = costs_of(tx, ""), baselines(tx)
    days = sums_of(tx, first, last, "")
    figures = figures_of(days, NOW_DAYS, costs, [MEASURES[name] for name in WAS_NOW])
    zero_touch = [MEASURES["zero_touch"]]
    by_channel = [
        (code, figures_of(sums_of(tx, first, last, f"channel:{code}"), NOW_DAYS, costs, zero_touch)[0])
        for code in channels
    ]
    return WasNow(
        first, last, costs.currency, [_standing(each, known.get(each.name)) for each in figures],
        [(code, told) for code, told in by_channel if told.value is not None], mends(days, costs),
    )  # fmt: skip


def shown(value: float | None, unit: str) -> float | None:
    """A value as people read it: shares per cent."""
    return None if value is None else value * 100 if unit == "share" else value


def _standing(now: Told, was: Baseline | None) -> Standing:
    measure = MEASURES[now.name]
    value, target = shown(now.value, measure.unit), shown(TARGETS.get(now.name), measure.unit)
    return Standing(
        now.name, measure.title, measure.says, measure.unit, measure.good, now, was, target,
        _at_least(value, target, measure.good), _at_least(value, was.value if was else None, measure.good),
    )  # fmt: skip


def _at_least(value: float | None, other: float | None, good: str) -> bool | None:
    if value is None or other is None or not good:
        return None
    return value >= other if good == "more" else value <= other


def mends(days: Days, costs: Costs) -> list[Mend]:
    """What could be mended, by the money it would save, then hours, then errors. Pure: the sums of four weeks."""
    look = _Look(days, costs)
    found = [
        *_touches(look), *_contacts(look), *_mistakes(look), *_slow_picking(look), *_lost(look), *_refused(look),
    ]  # fmt: skip
    return sorted(found, key=_rank)


def _rank(each: Mend) -> tuple[float, ...]:
    """By what it would save; where nothing tells, by how often it happens."""
    return -(each.cost or 0), -(each.hours or 0), -(each.errors or 0), -each.sums.get("contacts", 0)


def _touches(look: _Look) -> list[Mend]:
    """Each cause that makes people touch orders at a desk: its share of the desk's time."""
    causes = {part: sums.counted for part, sums in look.of("zero_touch").items() if part}
    seconds = look.of("touch_time").get("desk")
    touches = sum(causes.values())
    if seconds is None or touches == 0:
        return []
    minutes = seconds.counted / 60 / touches
    return [
        Mend("touch", cause, count * minutes / 60 / WEEKS, look.worth(count * minutes / 60 / WEEKS), None,
             {"orders": count / WEEKS, "minutes": minutes})
        for cause, count in causes.items()
    ]  # fmt: skip


def _contacts(look: _Look) -> list[Mend]:
    """Each reason why customers get in touch: its contacts at what one takes, where the shop says that."""
    minutes = look.costs.contact_minutes
    asked = {reason: sums.counted / WEEKS for reason, sums in look.of("contacts").items() if sums.counted}
    if not minutes:
        return [Mend("contact_untimed", reason, None, None, None, {"contacts": n}) for reason, n in asked.items()]
    return [
        Mend("contact", reason, n * minutes / 60, look.worth(n * minutes / 60), None,
             {"contacts": n, "minutes": float(minutes)})
        for reason, n in asked.items()
    ]  # fmt: skip


def _mistakes(look: _Look) -> list[Mend]:
    """Each kind of mistake that reached customers: its share of what was refunded for mistakes."""
    kinds = {part: sums.counted for part, sums in look.of("errors_reached").items()}
    total = sum(kinds.values())
    refunds = look.of("refunds_ours").get(look.costs.currency)
    money = None if refunds is None or not total else major(refunds.counted, look.costs.currency) / total
    return [
        Mend("mistake" if money is not None else "mistake_free", kind, None,
             None if money is None else count * money / WEEKS, count / WEEKS,
             {"errors": count / WEEKS, "refund": money or 0})
        for kind, count in kinds.items()
    ]  # fmt: skip


def _slow_picking(look: _Look) -> list[Mend]:
    """Hours that picking at the target's pace would save."""
    units = look.total("picks_per_hour")
    hours = sum(each.judged for each in look.of("picks_per_hour").values()) / 3600
    target = TARGETS["picks_per_hour"]
    saved = (hours - units / target) / WEEKS if hours and units else 0
    if saved <= 0:
        return []
    return [
        Mend("picking", "", saved, look.worth(saved), None,
             {"hours": hours / WEEKS, "units": units / WEEKS, "rate": units / hours, "target": target})
    ]  # fmt: skip


def _lost(look: _Look) -> list[Mend]:
    """Parcels each carrier lost."""
    return [
        Mend("lost", carrier, None, None, sums.counted / WEEKS, {"parcels": sums.counted / WEEKS})
        for carrier, sums in look.of("parcels_lost").items()
        if sums.counted
    ]


def _refused(look: _Look) -> list[Mend]:
    """Mistakes of picking found in the house."""
    wrong = sum(each.judged - each.counted for each in look.of("picking_accuracy").values())
    if wrong <= 0:
        return []
    return [Mend("picked_wrong", "", None, None, wrong / WEEKS, {"units": wrong / WEEKS})]
