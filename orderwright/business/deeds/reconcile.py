"""Three ways: what a channel said last, what it says now, and what the order is here. Pure.

A field the channel changed takes the channel's word; one it left alone stays as it is here, whoever changed it.
Where both changed it differently the channel's word counts, and the field is told as overruled.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from orderwright.business.orders.checks import expected_total
from orderwright.business.orders.form import NewOrder

Written = Mapping[str, Any]

BY_PART = ("customer", "policy")
"""Fields that are taken part by part. An address or the shipping is one thing: half of two is neither."""

OURS = ("placed_at",)
"""What was settled when the order was taken."""


class Reconciled(NamedTuple):
    """The order as it is to be. overruled: pointers to what was changed here and by the channel, differently."""

    form: NewOrder
    overruled: list[str]


def reconcile(last: NewOrder, now: NewOrder, ours: NewOrder) -> Reconciled:
    """The form of an order after its channel says something new.

    last: what the channel said before; now: what it says now; ours: the order as it stands.
    The total is the channel's, or ours, where all that adds up to it is; else it is added up anew.
    """
    base, theirs, mine = _written(last), _written(now), _written(ours)
    overruled: list[str] = []
    merged: dict[str, Any] = {}
    for name in sorted({*base, *theirs, *mine} - {"lines", "total", "payment", *OURS}):
        pick = _by_part if name in BY_PART else _whole
        _set(merged, name, pick(f"/{name}", base.get(name), theirs.get(name), mine.get(name), overruled))
    merged["lines"] = _lines(base["lines"], theirs["lines"], mine["lines"], overruled)
    _set(merged, "payment", theirs.get("payment"))
    for name in OURS:
        _set(merged, name, mine.get(name))
    merged["total"] = _total(merged, theirs, mine)
    return Reconciled(msgspec.convert(merged, NewOrder), overruled)


def _written(form: NewOrder) -> dict[str, Any]:
    written: dict[str, Any] = msgspec.to_builtins(form, builtin_types=())
    return written


def _set(merged: dict[str, Any], name: str, value: Any) -> None:
    if value is not None:
        merged[name] = value


def _whole(pointer: str, base: Any, theirs: Any, mine: Any, overruled: list[str]) -> Any:
    if theirs == base:
        return mine
    if mine not in (base, theirs):
        overruled.append(pointer)
    return theirs


def _by_part(pointer: str, base: Any, theirs: Any, mine: Any, overruled: list[str]) -> Any:
    one, two, three = base or {}, theirs or {}, mine or {}
    merged: dict[str, Any] = {}
    for name in sorted({*one, *two, *three}):
        _set(merged, name, _whole(f"{pointer}/{name}", one.get(name), two.get(name), three.get(name), overruled))
    return merged or None


def _lines(base: list[Any], theirs: list[Any], mine: list[Any], overruled: list[str]) -> list[Any]:
    """Lines in the channel's order, then those added here. Each line is taken field by field."""
    was, here = _keyed(base), _keyed(mine)
    merged: list[Written] = []
    for key, line in _keyed(theirs).items():
        pointer = f"/lines/{len(merged)}"
        before, ours = was.pop(key, None), here.pop(key, None)
        if ours is None:
            if before == line:
                continue  # taken out here, and the channel has nothing new to say of it
            if before is not None:
                overruled.append(pointer)
            merged.append(line)
        else:
            merged.append(_line(pointer, before or {}, line, ours, overruled))
    for key, ours in here.items():
        before = was.get(key)
        if before is None:
            merged.append(ours)
        elif before != ours:
            overruled.append("/lines")
    return merged


def _line(pointer: str, base: Written, theirs: Written, mine: Written, overruled: list[str]) -> Written:
    merged = _by_part(pointer, base, theirs, mine, overruled) or {}
    if merged not in (theirs, mine):
        merged.pop("amount", None)  # it was the sum of other parts
    return merged


def _keyed(lines: list[Any]) -> dict[tuple[str, int], Written]:
    """Lines by what names them: the reference, else the product; a name that returns is counted."""
    seen: dict[str, int] = {}
    keyed = {}
    for line in lines:
        name = f"reference {line['reference']}" if line.get("reference") else f"product {line['sku']}"
        seen[name] = seen.get(name, 0) + 1
        keyed[name, seen[name]] = line
    return keyed


def _total(merged: Written, theirs: Written, mine: Written) -> str:
    for said in (theirs, mine):
        if _parts_of_total(said) == _parts_of_total(merged):
            return str(said["total"])
    computed = expected_total(msgspec.convert({**merged, "total": "0"}, NewOrder))
    return str(theirs["total"]) if computed is None else computed


def _parts_of_total(form: Written) -> list[Any]:
    def money_of(line: Written) -> tuple[Any, ...]:
        return tuple(line.get(name, default) for name, default in _LINE_MONEY.items())

    names: Callable[[str], Any] = form.get
    return [
        sorted(money_of(line) for line in form["lines"]),
        [names(name) for name in ("discounts", "shipping", "prices_include_tax", "currency")],
    ]


_LINE_MONEY: Mapping[str, Any] = {"quantity": 0, "unit_price": "", "discount": "0", "tax": "0"}
