"""Sites' floors: described, kept, and read as the rules that plan walks want them."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

import msgspec

from orderwright.business.catalog.actions import raise_revision
from orderwright.business.catalog.forms import Saved
from orderwright.business.warehouse.batching.floor import Floor
from orderwright.business.warehouse.batching.work import Cart, PickPolicy
from orderwright.business.warehouse.floor_forms import FloorForm, FloorShown, PutFloor, UnplacedBin
from orderwright.business.warehouse.walking.checking import bin_findings
from orderwright.business.warehouse.walking.derived import PlaceRow, layout_of_places
from orderwright.business.warehouse.walking.described import layout_of
from orderwright.business.warehouse.walking.layout import Bin, Layout, Point
from orderwright.business.warehouse.walking.walks import WorkPace
from orderwright.database.changes import Replacing
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, askable, refusal_of, text_findings, worded
from orderwright.values.refusal import Refusal

_CACHED = "floors"
_decode = msgspec.json.Decoder(FloorForm).decode


class SiteFloor(NamedTuple):
    """A site's floor as the rules want it.

    seen: its layout, asked for lengths. skills: what a zone asks for; hand_overs: names of points, by zone.
    """

    site: str
    form: FloorForm
    version: int
    layout: Layout
    carts: tuple[Cart, ...]
    policy: PickPolicy
    pace: WorkPace
    seen: Floor
    skills: dict[str, str]
    hand_overs: dict[str, str]
    seen_in_zones: dict[str, Floor]

    def seen_in(self, zone: str | None) -> Floor:
        """The floor as a walk of a zone sees it, from the zone's hand-over point and back; None: of no zone."""
        if zone is None:
            return self.seen
        if zone not in self.seen_in_zones:
            self.seen_in_zones[zone] = self.seen.of_zone(zone, self.policy.hand_over_points.get(zone))
        return self.seen_in_zones[zone]

    def find_cart(self, kind: str) -> Cart | None:
        """The cart of that kind; the first one for ""."""
        return next((cart for cart in self.carts if kind in ("", cart.kind)), None)

    def barred(self, skills: Iterable[str] | None) -> set[str]:
        """Zones somebody with these skills may not pick in. None: they may do everything."""
        if skills is None:
            return set()
        mine = set(skills)
        return {zone for zone, skill in self.skills.items() if skill and skill not in mine}


def put_floors(tx: Tx, commands: Sequence[PutFloor]) -> list[Saved | Refusal]:
    """Describe sites' floors; one `Saved` or Refusal per command.

    Refuses not_found (no such site), stale, and malformed with everything that is wrong with the layout, the carts
    and the zones. Walks planned before stay as they are.
    """
    sites = askable(command.site for command in commands)
    locked = tx.rows(
        "SELECT code FROM site WHERE code = ANY(%(sites)s::text[]) ORDER BY code FOR UPDATE", sites=array(sites)
    )
    known = {row.code for row in locked}
    rows = _rows(tx, sites)
    versions = {row.site: row.version for row in rows}
    replacing = Replacing("floor", {row.site: _decode(row.document) for row in rows})
    results: list[Saved | Refusal] = []
    forms: dict[str, FloorForm] = {}
    for command in commands:
        before = versions.get(command.site, 0)
        refusal = _refusal(command, known, before)
        if refusal is None:
            versions[command.site] = before + 1
            forms[command.site] = command.form
            replacing.put(command.site, command.form, command.actor)
        results.append(refusal or Saved(command.site, before + 1, before == 0))
    if forms:
        _save(tx, forms, versions)
        replacing.note(tx)
        raise_revision(tx)
    return results


def _refusal(command: PutFloor, known: set[str], before: int) -> Refusal | None:
    if command.site not in known:
        return Refusal("not_found", site=command.site)
    if command.version is not None and command.version != before:
        return Refusal("stale", version=before)
    findings = floor_findings(command.form)
    return refusal_of(findings) if findings else None


def floor_findings(form: FloorForm) -> list[Finding]:
    """All that is wrong with a floor: its texts, its layout, kinds of carts and zones named twice."""
    findings = list(text_findings(form))
    if form.layout is not None:
        _, wrong = layout_of(form.layout)
        findings += [each._replace(pointer=f"/layout{each.pointer}") for each in wrong]
    kinds = [cart.kind for cart in form.carts]
    zones = [zone.zone for zone in form.zones]
    for pointer, words in (("/carts", kinds), ("/zones", zones), ("/strategies", list(form.strategies))):
        findings += [
            worded(f"{pointer}/{i}", "twice", "{word} is there before.", word=word)
            for i, word in enumerate(words)
            if word in words[:i]
        ]
    for i, zone in enumerate(form.zones):
        if (zone.x_mm is None) != (zone.y_mm is None):
            findings.append(Finding(f"/zones/{i}", "half_a_point", "A point has both x_mm and y_mm."))
    return findings


def _save(tx: Tx, forms: dict[str, FloorForm], versions: dict[str, int]) -> None:
    tx.write(
        "INSERT INTO floor_plan AS f (site, document, version, changed_at)"
        " SELECT site, document, version, %(now)s"
        " FROM unnest(%(sites)s::text[], %(documents)s::text[], %(versions)s::int[]) AS n(site, document, version)"
        " ON CONFLICT (site) DO UPDATE SET document = excluded.document, version = excluded.version,"
        " changed_at = excluded.changed_at",
        now=tx.now, sites=array(forms), versions=array(versions[site] for site in forms),
        documents=array(msgspec.json.encode(form).decode() for form in forms.values()),
    )  # fmt: skip


def floors_of(tx: Tx, sites: Iterable[str]) -> dict[str, SiteFloor]:
    """The floors of those sites that exist, kept as long as nobody changes a place or a floor."""
    kept = tx.store.cache.get(_CACHED)
    if kept is None or kept[0] != tx.revision:
        kept = (tx.revision, {})
        tx.store.cache[_CACHED] = kept
    floors = cast("dict[str, SiteFloor]", kept[1])
    missing = [site for site in askable(sites) if site not in floors]
    if missing:
        floors.update(_read(tx, missing))
    return {site: floors[site] for site in set(sites) if site in floors}


def find_unplaced(tx: Tx, site: str) -> list[Finding]:
    """Bins of a site its layout does not have, in words; none for a site there is not."""
    floor = floors_of(tx, [site]).get(site)
    return [] if floor is None else bin_findings(floor.layout, _bins_of(tx, site))


def _bins_of(tx: Tx, site: str) -> list[Bin]:
    return [Bin(row.zone, row.aisle, row.bay) for row in _bins(tx, [site]).get(site, [])]


def get_floor(tx: Tx, site: str) -> FloorShown:
    """A site's floor as people look at it. Refuses not_found."""
    floor = floors_of(tx, [site]).get(site)
    if floor is None:
        raise Refusal("not_found", site=site)
    bins = _bins_of(tx, site)
    aisles = floor.layout.aisles
    unplaced = [UnplacedBin(each.code, each.message) for each in bin_findings(floor.layout, bins)]
    metres = sum(aisle.to_mm - aisle.from_mm for aisle in aisles) // 1000
    return FloorShown(
        site, floor.version, floor.form, len(aisles), len(floor.layout.cross_aisles), metres, len(bins), unplaced
    )  # fmt: skip


def _read(tx: Tx, sites: Sequence[str]) -> dict[str, SiteFloor]:
    known = tx.rows("SELECT code FROM site WHERE code = ANY(%(sites)s::text[])", sites=array(sites))
    told = {row.site: (_decode(row.document), row.version) for row in _rows(tx, sites)}
    undescribed = [row.code for row in known if row.code not in told or told[row.code][0].layout is None]
    bins = _bins(tx, undescribed) if undescribed else {}
    return {row.code: _floor(row.code, *told.get(row.code, (FloorForm(), 0)), bins.get(row.code, [])) for row in known}


def _floor(site: str, form: FloorForm, version: int, bins: Sequence[PlaceRow]) -> SiteFloor:
    layout = layout_of(form.layout)[0] if form.layout is not None else None
    points = {
        each.zone: Point(each.x_mm, each.y_mm) for each in form.zones if each.x_mm is not None and each.y_mm is not None
    }
    policy = PickPolicy(
        aim=form.aim, allowed=form.strategies, unit_weight_g=form.unit_weight_g,
        unit_volume_cm3=form.unit_volume_cm3, sort_s=form.sort_s, hand_over_s=form.hand_over_s,
        window_minutes=form.window_minutes, tops_up=form.tops_up, wave_orders=form.wave_orders,
        hand_over_points=points,
    )  # fmt: skip
    layout = layout or layout_of_places(bins)
    return SiteFloor(
        site, form, version, layout,
        tuple(Cart(**msgspec.structs.asdict(cart)) for cart in form.carts), policy,
        WorkPace(**msgspec.structs.asdict(form.pace)), Floor(layout),
        {each.zone: each.skill for each in form.zones}, {each.zone: each.hand_over for each in form.zones}, {},
    )  # fmt: skip


def _rows(tx: Tx, sites: Sequence[str]) -> list[Any]:
    return tx.rows(
        "SELECT site, document, version FROM floor_plan WHERE site = ANY(%(sites)s::text[])", sites=array(sites)
    )


def _bins(tx: Tx, sites: Sequence[str]) -> dict[str, list[PlaceRow]]:
    rows = tx.rows(
        "SELECT DISTINCT site, zone, aisle, bay, x_mm, y_mm FROM place"
        " WHERE site = ANY(%(sites)s::text[]) AND kind = 'bin' ORDER BY 1, 2, 3, 4, 5, 6",
        sites=array(sites),
    )
    found: dict[str, list[PlaceRow]] = {}
    for row in rows:
        found.setdefault(row.site, []).append(PlaceRow(row.zone, row.aisle, row.bay, row.x_mm, row.y_mm))
    return found
