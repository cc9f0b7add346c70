"""Days added up to the figures of a period: read from what was told, never from the rows themselves."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec

from orderwright.business.reports.measures import COST_PARTS, GROUPS, MEASURES, Measure
from orderwright.business.reports.periods import Period, before
from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx
from orderwright.values.money import digits_of
from orderwright.values.phrases import Phrase, phrase


def hour_cost(text: str) -> float | None:
    """The cost of an hour as it was written; None when it is none."""
    try:
        cost = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return cost if 0 < cost < 100_000 else None


def _wrong_cost(text: str) -> Phrase | None:
    return phrase("This is no cost of an hour, such as 14.50.") if text.strip() and hour_cost(text) is None else None


HOUR_COST: Setting[str] = Setting(
    "reports.hour_cost", str, "", "What an hour of work costs, in the currency most orders are in, such as 14.50;"
    " empty: not known.", _wrong_cost,
)  # fmt: skip
CONTACT_MINUTES: Setting[int] = Setting(
    "reports.contact_minutes", int, 0, "Minutes that a question of a customer takes on the average, to be told what"
    " fewer of them would save; 0: not known.",
)  # fmt: skip
SETTINGS = (HOUR_COST, CONTACT_MINUTES)
YEAR_DAYS = 365


class Part(msgspec.Struct, frozen=True):
    """What a figure is made of: a reason, a carrier, a step. value: in the figure's unit; None where not known."""

    name: str
    value: float | None
    counted: int
    judged: int


class Told(msgspec.Struct, frozen=True):
    """A figure of a period. value: in `unit` (share: of 1, money: of `currency`); None where nothing tells it, and
    `because` says why."""

    name: str
    title: str
    says: str
    unit: str
    value: float | None
    counted: int
    judged: int
    pending: int
    parts: list[Part]
    currency: str = ""
    because: str = ""


class Sums(NamedTuple):
    """Sums of days of a figure's part. days: on how many days it was told."""

    counted: int
    judged: int
    pending: int
    days: int


Days = Mapping[str, Mapping[str, Sums]]
"""Figure -> part -> sums."""


class Costs(NamedTuple):
    """What the cost of orders is worked out with. cartons: minor units by kind; none where carriers' prices, and so
    theirs, are in another currency. contact_minutes: of a question of a customer; 0: not known."""

    hour: float | None
    currency: str
    cartons: Mapping[str, int]
    contact_minutes: int = 0


class Group(msgspec.Struct, frozen=True):
    """Figures that belong together."""

    title: str
    figures: list[Told]


class Report(msgspec.Struct, frozen=True):
    """The figures of a period, each beside that of the period before. told_at: when its oldest day was told last;
    None when some of its days were not told yet."""

    rhythm: str
    first: date
    last: date
    scope: str
    told_at: datetime | None
    groups: list[Group]
    before: dict[str, Told]
    trend: list[tuple[date, int, int]]


TREND = ("orders_in", "orders_shipped")
TREND_DAYS_MIN = 14


def report_of(tx: Tx, period: Period, scope: str = "") -> Report:
    """The report of a period: of the store, or of 'site:LEEDS' or 'channel:web'. Five statements."""
    costs = costs_of(tx, scope)
    earlier = before(period)
    now, was = sums_of(tx, period.first, period.last, scope), sums_of(tx, earlier.first, earlier.last, scope)
    groups = [Group(title, figures_of(now, period.days, costs, measures)) for title, measures in GROUPS.items()]
    told = tx.row(
        "SELECT count(*) AS days, min(told_at) AS at FROM report_told WHERE day BETWEEN %(first)s AND %(last)s",
        first=period.first, last=period.last,
    )  # fmt: skip
    return Report(
        period.rhythm, period.first, period.last, scope, told.at if told.days else None, groups,
        {each.name: each for each in figures_of(was, earlier.days, costs, MEASURES.values())},
        _trend(tx, period, scope),
    )  # fmt: skip


def sums_of(tx: Tx, first: date, last: date, scope: str) -> Days:
    """What was told of some days, added up."""
    found: dict[str, dict[str, Sums]] = {}
    for figure, part, *sums in tx.tuples(
        """
        SELECT figure, part, sum(counted)::bigint, sum(judged)::bigint, sum(pending)::bigint, count(*)
        FROM report_day WHERE scope = %(scope)s AND day BETWEEN %(first)s AND %(last)s GROUP BY figure, part
        UNION ALL
        SELECT 'last:' || figure, part, counted, judged, pending, 1 FROM report_day
        WHERE scope = %(scope)s AND day = %(last)s AND figure IN ('stock_value', 'stock_units')
        """,
        scope=scope, first=first, last=last,
    ):  # fmt: skip
        found.setdefault(figure, {})[part] = Sums(*sums)
    return found


def costs_of(tx: Tx, scope: str) -> Costs:
    """What is known of costs now: the cost of an hour, of cartons, and the currency most orders of late are in."""
    row = tx.row(
        "SELECT part FROM report_day WHERE scope = %(scope)s AND figure = 'order_value' AND day >= %(since)s"
        " GROUP BY part ORDER BY sum(counted) DESC, part LIMIT 1",
        scope=scope, since=(tx.now - timedelta(days=62)).date(),
    )  # fmt: skip
    cartons = tx.rows(
        "SELECT code, cost_minor FROM carton_kind WHERE cost_minor > 0"
        " AND %(currency)s = (SELECT currency FROM rate_card) ORDER BY code",
        currency=row.part if row else "",
    )  # fmt: skip
    return Costs(
        hour_cost(value_of(tx, HOUR_COST)), row.part if row else "",
        {each.code: each.cost_minor for each in cartons}, max(value_of(tx, CONTACT_MINUTES), 0),
    )  # fmt: skip


def figures_of(days: Days, length: int, costs: Costs, measures: Iterable[Measure]) -> list[Told]:
    """The figures that days come to. length: how many days they are."""
    return [_told(each, days, length, costs) for each in measures]


def _told(measure: Measure, days: Days, length: int, costs: Costs) -> Told:
    mine = days.get(measure.name, {})
    whole = Sums(*(sum(each[n] for each in mine.values()) for n in range(4)))
    currency = ""
    parts: list[Part] = []
    if measure.how == "sum":
        value, parts = _sum(measure, mine, whole, costs)
        currency = costs.currency if measure.unit == "money" else ""
    elif measure.how == "share":
        value, parts, whole = _share(measure, mine, whole)
    elif measure.how == "per":
        value, parts, currency = _per(measure, mine, days, costs)
    elif measure.how == "median":
        value = median({int(part): sums.counted for part, sums in mine.items()})
    elif measure.how == "last":
        stood = days.get(f"last:{measure.name}", {}).get("")
        value, currency = (None if stood is None else stood.counted / 100), costs.currency
    elif measure.how == "turnover":
        value = _turnover(days, length)
    else:
        value, parts = _cost(days, costs)
        currency = costs.currency
    shown = sorted(parts, key=lambda part: (-part.counted, part.name)) if measure.parts else []
    return Told(
        measure.name, measure.title, measure.says, measure.unit, value, whole.counted, whole.judged, whole.pending,
        shown, currency, measure.because if value is None else "",
    )  # fmt: skip


def _sum(
    measure: Measure, mine: Mapping[str, Sums], whole: Sums, costs: Costs
) -> tuple[float | None, list[Part]]:  # fmt: skip
    if measure.unit == "money":
        return major(mine.get(costs.currency, Sums(0, 0, 0, 0)).counted, costs.currency), []
    return float(whole.counted), [Part(name, float(each.counted), each.counted, 0) for name, each in mine.items()]


OVERLAPPING = ("held", "zero_touch")
"""Shares whose parts tell of the same order more than once: the share itself is told under no part."""


def _share(
    measure: Measure, mine: Mapping[str, Sums], whole: Sums
) -> tuple[float | None, list[Part], Sums]:  # fmt: skip
    judged = whole.judged
    if measure.name in OVERLAPPING:
        whole = mine.get("", Sums(0, 0, 0, 0))
    parts = [
        Part(name, each.counted / (each.judged or judged) if judged else None, each.counted, each.judged or judged)
        for name, each in mine.items()
        if name
    ]
    return (whole.counted / judged if judged else None), parts, whole


def _per(
    measure: Measure, mine: Mapping[str, Sums], days: Days, costs: Costs
) -> tuple[float | None, list[Part], str]:  # fmt: skip
    if measure.unit == "money":
        # Of one other currency alone it is told in that; of several, of those in the orders' currency alone.
        currency = next(iter(mine)) if len(mine) == 1 else costs.currency
        sums = mine.get(currency)
        return (major(sums.counted, currency) / sums.judged if sums and sums.judged else None), [], currency
    over = sum(each.counted for each in days.get(measure.over, {}).values()) if measure.over else 0
    over = over or (0 if measure.over else sum(each.judged for each in mine.values()))
    times = measure.times / 60 if measure.unit == "minutes" else measure.times
    parts = [
        Part(name, each.counted * times / over if over else None, each.counted, over) for name, each in mine.items()
    ]
    return (sum(each.counted for each in mine.values()) * times / over if over else None), parts, ""


def median(minutes: Mapping[int, int]) -> float | None:
    """The lower middle of lengths of time: minutes -> how many."""
    wanted, so_far = (sum(minutes.values()) + 1) // 2, 0
    for length, count in sorted(minutes.items()):
        so_far += count
        if so_far >= wanted:
            return float(length)
    return None


def _turnover(days: Days, length: int) -> float | None:
    lying, shipped = days.get("stock_units", {}).get(""), days.get("units_shipped", {}).get("")
    if lying is None or lying.counted == 0 or length == 0:
        return None
    return (shipped.counted if shipped else 0) * YEAR_DAYS / length / (lying.counted / lying.days)


def _cost(days: Days, costs: Costs) -> tuple[float | None, list[Part]]:
    orders = sum(each.counted for each in days.get("orders_shipped", {}).values())
    known = _cost_parts(days, costs)
    parts = [
        Part(name, known[name] / orders if name in known and orders else None, round(known.get(name, 0) * 100), orders)
        for name in COST_PARTS
    ]
    told = [part.value for part in parts if part.value is not None and part.name != "errors"]
    if not told:
        return None, parts
    return sum(part.value for part in parts if part.value is not None), parts


def _cost_parts(days: Days, costs: Costs) -> dict[str, float]:
    """The parts of cost that are known, in major units."""
    known: dict[str, float] = {}
    seconds = sum(each.counted for each in days.get("hours_clocked", {}).values())
    if costs.hour is not None and seconds:
        known["labour"] = seconds / 3600 * costs.hour
    used = days.get("cartons_used", {})
    if any(kind in costs.cartons for kind in used):
        known["cartons"] = major(
            sum(each.counted * costs.cartons.get(kind, 0) for kind, each in used.items()), costs.currency
        )
    # What is partly in another currency is not known as a whole.
    if set(labels := days.get("label_cost", {})) == {costs.currency}:
        known["labels"] = major(labels[costs.currency].counted, costs.currency)
    if set(refunds := days.get("refunds_ours", {})) <= {costs.currency}:
        known["errors"] = major(sum(each.counted for each in refunds.values()), costs.currency)
    return known


def major(amount_minor: int, currency: str) -> float:
    """An amount in major units."""
    return float(amount_minor / 10 ** (digits_of(currency) if currency else 2))


def _trend(tx: Tx, period: Period, scope: str) -> list[tuple[date, int, int]]:
    """Orders placed and shipped, day by day: the period's days, or the fortnight up to its end."""
    length = max(period.days, TREND_DAYS_MIN)
    found: dict[date, list[int]] = {
        period.last - timedelta(days=n): [0, 0] for n in range(length - 1, -1, -1)
    }  # fmt: skip
    for row in tx.rows(
        "SELECT day, figure, sum(counted)::bigint AS counted FROM report_day WHERE scope = %(scope)s"
        " AND day BETWEEN %(first)s AND %(last)s AND figure = ANY(%(figures)s::text[]) GROUP BY day, figure",
        scope=scope, first=min(found), last=period.last, figures=list(TREND),
    ):  # fmt: skip
        found[row.day][TREND.index(row.figure)] = row.counted
    return [(day, placed, shipped) for day, (placed, shipped) in found.items()]
