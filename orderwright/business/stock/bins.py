"""Which bins an order's units will be picked from: chosen at release, and kept for it until picked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from orderwright.business.stock import tables
from orderwright.business.stock.rules import Bin, choose_bins
from orderwright.database import crash
from orderwright.database.rows import array
from orderwright.database.tx import Tx


class Want(NamedTuple):
    """Units to be picked at a site for `key`, which is the caller's own."""

    key: str
    sku: str
    site: str
    quantity: int


class Pick(NamedTuple):
    """Units of one lot to pick from one bin."""

    place_id: int
    lot: str
    quantity: int


def commit_bins(tx: Tx, wants: Sequence[Want]) -> dict[str, list[Pick]]:
    """Choose bins and lots for wants, in the order given, and keep the units for them (`stock.committed`).

    First expired first out, nothing past its date; then fewest bins; then the walking order. Returns the picks
    by key, in the order chosen; they come to less than was wanted when the bins hold less.
    """
    bins = open_bins(tx, {(want.sku, want.site) for want in wants}, lock=True)
    picks = bins.choose(wants)
    bins.keep()
    bins.write(tx)
    return picks


class OpenBins:
    """Bins with free units, from which picks are chosen for one after the other, and kept for those who may go."""

    def __init__(
        self, bins: dict[tuple[str, str], list[Bin]], zones: Mapping[int, str], todays: Mapping[str, date]
    ) -> None:
        self._bins, self._zones, self._todays = bins, zones, todays
        self._committed: dict[tuple[str, int, str], int] = {}
        self._left: dict[tuple[str, str], list[Bin]] = {}
        self._chosen: dict[tuple[str, int, str], int] = {}

    def choose(self, wants: Sequence[Want]) -> dict[str, list[Pick]]:
        """Choose bins and lots for wants, in their order, by key, as `commit_bins` says; `keep` keeps these."""
        self._left, self._chosen = {}, {}
        picks: dict[str, list[Pick]] = {}
        for want in wants:
            pair = (want.sku, want.site)
            left = self._left.setdefault(pair, list(self._bins.get(pair, ())))
            for chosen, quantity in choose_bins(left, want.quantity, self._todays[want.site]):
                left[left.index(chosen)] = chosen._replace(free=chosen.free - quantity)
                key = (want.sku, chosen.place_id, chosen.lot)
                self._chosen[key] = self._chosen.get(key, 0) + quantity
                picks.setdefault(want.key, []).append(Pick(chosen.place_id, chosen.lot, quantity))
        return picks

    def keep(self) -> None:
        """What was chosen last is gone for whoever is next."""
        self._bins.update(self._left)
        for key, units in self._chosen.items():
            self._committed[key] = self._committed.get(key, 0) + units

    def zones_of(self, picks: Mapping[str, Sequence[Pick]]) -> dict[str, int]:
        """Units by the zone of their bins."""
        zones: dict[str, int] = {}
        for each in (pick for mine in picks.values() for pick in mine):
            zone = self._zones[each.place_id]
            zones[zone] = zones.get(zone, 0) + each.quantity
        return zones

    def write(self, tx: Tx) -> None:
        """Write down what was kept (`stock.committed`). The bins are locked."""
        _change_committed(tx, self._committed, 1)


def open_bins(tx: Tx, pairs: set[tuple[str, str]], *, lock: bool) -> OpenBins:
    """The bins with free units of (sku, site). lock: their rows stay locked; else it is only a look."""
    todays = _todays(tx, [site for _, site in pairs])
    bins: dict[tuple[str, str], list[Bin]] = {}
    zones: dict[int, str] = {}
    for row in _read_bins(tx, pairs, lock=lock):
        bins.setdefault((row.sku, row.site), []).append(_bin(row))
        zones[row.place_id] = row.zone
    return OpenBins(bins, zones, todays)


def uncommit_bins(tx: Tx, units: Mapping[tuple[str, int, str], int]) -> None:
    """Let go of units kept at (sku, place id, lot) for a pick that will not happen."""
    tables.lock_lying(tx, units)
    _change_committed(tx, units, -1)


def _todays(tx: Tx, sites: Sequence[str]) -> dict[str, date]:
    zones = tables.time_zones(tx, sites)
    return {site: tx.now.astimezone(ZoneInfo(zone)).date() for site, zone in zones.items()}


def _read_bins(tx: Tx, pairs: set[tuple[str, str]], *, lock: bool) -> list[Any]:
    """Bins with free units by (sku, site); locked in the order of (sku, place, lot) over all sites together."""
    # OFFSET 0 keeps places and lots one look-up each: else all of them are read again for each sku asked for.
    return tx.rows(
        f"""
        SELECT row.* FROM (SELECT sku FROM unnest(%(skus)s::text[]) AS asked(sku) ORDER BY sku) AS asked
        CROSS JOIN LATERAL (
            SELECT s.sku, p.site, s.place_id, s.lot, s.quantity - s.committed AS free, l.expires_on,
                   p.aisle, p.bay, p.level, p.code, p.zone
            FROM stock s
            CROSS JOIN LATERAL (
                SELECT * FROM place WHERE place.id = s.place_id AND kind = 'bin' AND site = ANY(%(sites)s::text[])
                OFFSET 0) AS p
            LEFT JOIN LATERAL (SELECT * FROM lot WHERE lot.sku = s.sku AND lot.lot = s.lot OFFSET 0) AS l ON true
            WHERE s.sku = asked.sku AND s.quantity > s.committed
            ORDER BY s.place_id, s.lot {"FOR UPDATE OF s" if lock else ""}) AS row
        """,
        skus=array({sku for sku, _ in pairs}), sites=array({site for _, site in pairs}),
    )  # fmt: skip


def _bin(row: Any) -> Bin:
    return Bin(row.place_id, row.lot, row.free, row.expires_on, (row.aisle, row.bay, row.level, row.code))


def _change_committed(tx: Tx, units: Mapping[tuple[str, int, str], int], sign: int) -> None:
    keys = sorted(units)
    if not keys:
        return
    tx.write(
        """
        UPDATE stock s SET committed = s.committed + %(sign)s * change.units
        FROM unnest(%(skus)s::text[], %(places)s::bigint[], %(lots)s::text[], %(units)s::bigint[])
             AS change(sku, place_id, lot, units)
        WHERE s.sku = change.sku AND s.place_id = change.place_id AND s.lot = change.lot
        """,
        skus=array(sku for sku, _, _ in keys), places=array(place_id for _, place_id, _ in keys),
        lots=array(lot for _, _, lot in keys), units=array(units[key] for key in keys), sign=sign,
    )  # fmt: skip
    crash.point("after stock")
