"""What waits at a site for who begins a piece of work, so that nothing has to be typed: what comes first at the top."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from orderwright.business.purchasing.reads import PurchaseQuery, list_purchases
from orderwright.business.warehouse.reads import FulfilmentQuery, list_fulfilments
from orderwright.business.warehouse.totes import waves_to_sort
from orderwright.business.warehouse.transferring.forms import SiteTransferNow, SiteTransferQuery
from orderwright.business.warehouse.transferring.rows import list_site_transfers
from orderwright.business.warehouse.transferring.rules import STEPS
from orderwright.database.tx import Tx

SHOWN = 12
READ = 100
"""Of transfers, which are of both directions and in all states, and of what is on hold, so many are looked through."""


class Waits(NamedTuple):
    """A piece of work: what its session is about, what it is called, with whom, how many units, and for when."""

    subject: str
    name: str
    who: str = ""
    units: int | None = None
    by: datetime | None = None
    on: date | None = None


def _to_pack(tx: Tx, site: str) -> list[Waits]:
    found = list_fulfilments(tx, FulfilmentQuery(site=site, state="picked", limit=READ)).items
    return [Waits(each.id, each.order, units=each.picked, by=each.ship_by) for each in found if not each.is_held]


def _to_receive(tx: Tx, site: str) -> list[Waits]:
    found = list_purchases(tx, PurchaseQuery(site=site, state="open", limit=READ)).items
    coming = [
        Waits(
            each.number, each.number, each.supplier, sum(line.open for line in each.lines),
            on=min(line.due_on for line in each.lines if line.open),
        )
        for each in found if each.state != "draft" and any(line.open for line in each.lines)
    ]  # fmt: skip
    return sorted(coming, key=lambda each: (each.on or date.max, each.name))


def _to_sort(tx: Tx, site: str) -> list[Waits]:
    return [Waits(wave.walk_id, wave.walk, ", ".join(wave.totes)) for wave in waves_to_sort(tx, site, SHOWN)]


def _to_load(tx: Tx, site: str) -> list[Waits]:
    asked = [each for each in _transfers(tx, site) if each.site == site and each.state in STEPS["load"]]
    return [
        Waits(each.number, each.number, each.to_site, sum(max(0, line.asked - line.loaded) for line in each.lines))
        for each in asked
    ]


def _to_unload(tx: Tx, site: str) -> list[Waits]:
    coming = [each for each in _transfers(tx, site) if each.to_site == site and each.state in STEPS["receive"]]
    return [Waits(each.number, each.number, each.site, sum(line.left for line in each.lines)) for each in coming]


def _transfers(tx: Tx, site: str) -> list[SiteTransferNow]:
    return list_site_transfers(tx, SiteTransferQuery(site=site, limit=READ)).items[::-1]


_BY_KIND: Mapping[str, Callable[[Tx, str], list[Waits]]] = {
    "pack": _to_pack, "receive": _to_receive, "sort": _to_sort, "load": _to_load, "unload": _to_unload,
}  # fmt: skip


def waiting(tx: Tx, kind: str, site: str) -> list[Waits]:
    """What of a kind of work waits at a site, at most `SHOWN`, in two statements; nothing of kinds that ask nothing."""
    return _BY_KIND[kind](tx, site)[:SHOWN] if kind in _BY_KIND else []
