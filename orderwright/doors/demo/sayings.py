"""The key figures in an owner's words: a value, and what it is made of."""

from collections.abc import Mapping
from typing import NamedTuple

from orderwright.business.reports.figures import Figure
from orderwright.doors.demo.progress import stages_of

HELD_FOR = {
    "quantity": "far more than is usual", "price": "a price off the list", "duplicate": "looks placed twice",
    "address": "no address to go to", "product": "an unknown product", "payment": "not paid",
}  # fmt: skip


class Saying(NamedTuple):
    """A line of the summary."""

    name: str
    value: str
    made_of: str


def sayings_of(figures: list[Figure]) -> list[Saying]:
    """What is told of each figure, in the order an owner reads them."""
    found = {figure.name: figure for figure in figures}
    orders, held, late = found["orders_in"], found["held"], found["shipped_on_time"]
    waited, filled, returned = found["backordered"], found["fill_rate"], found["return_rate"]
    taken, oversold = found["time_per_order"], found["oversold_units"]
    return [
        Saying("Orders in", f"{orders.value:,}", _listed(stages_of(orders.parts))),
        Saying("Shipped on time", _share(late), "left whole by the moment promised when they were placed" + _of(late)),
        Saying("Held", f"{held.value:,}", _held(held, orders.parts.get("held", 0))),
        Saying("Backordered", f"{waited.value:,}",
               f"orders told to wait for something out of stock; {waited.parts['open']:,} still wait for some of it"),
        Saying("Fill rate", _share(filled), "units ordered that were there at once" + _of(filled)),
        Saying("Order accuracy", _share(found["order_accuracy"]),
               "delivered without a wrong item, a wrong quantity or a failed delivery, judged 14 days later"
               + _of(found["order_accuracy"])),
        Saying("Perfect orders", _share(found["perfect_orders"]),
               "on time, in one go, accurate and undamaged" + _of(found["perfect_orders"])),
        Saying("Return rate", _percent(returned.good, returned.judged), _returned(returned)),
        Saying("Time per order", _hours(taken.value),
               f"from taken to the last parcel handed over: the middle one of {taken.judged:,} orders shipped whole"),
        Saying("Oversold units", f"{oversold.value:,}", _prevented(oversold)),
    ]  # fmt: skip


def _share(figure: Figure) -> str:
    if figure.value is None:
        return "pending" if figure.pending else "-"
    return f"{figure.value / 10:.1f} %"


def _of(figure: Figure) -> str:
    pending = f"; {figure.pending:,} pending" if figure.pending else ""
    return f": {figure.good:,} of {figure.judged:,}{pending}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "-"


def _held(figure: Figure, still_held: int) -> str:
    why = ", ".join(
        f"{kind} ({HELD_FOR[kind]}) {count:,}" if kind in HELD_FOR else f"{kind} {count:,}"
        for kind, count in sorted(figure.parts.items(), key=lambda part: (-part[1], part[0]))
    )
    return f"stopped for a person to look at; {still_held:,} still are. Why: {why}" if why else "none"


def _returned(figure: Figure) -> str:
    reasons = "; ".join(
        f"reason {reason.replace('_', ' ')}: {count:,} ({_percent(count, figure.judged)})"
        for reason, count in sorted(figure.parts.items(), key=lambda part: (-part[1], part[0]))
    )
    return f"units back, of {figure.judged:,} shipped{'; ' if reasons else ''}{reasons}"


def _hours(minutes: int | None) -> str:
    return "-" if minutes is None else f"{minutes // 60} h {minutes % 60:02} min"


def _prevented(figure: Figure) -> str:
    return (
        f"promised beyond what lay there. Refused instead: a promise for {figure.parts['made_to_wait']:,} units in"
        f" {figure.parts['orders_made_to_wait']:,} orders, told to wait since none were free"
    )
