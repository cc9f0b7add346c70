"""A layout from a site owner's own description: a TOML or JSON document of zones, and single aisles by coordinates.

    [[zone]]                      # any number; each is a block of equal aisles
    name = "A"
    aisles = 10                   # how many
    bays = 20                     # in each aisle
    aisle_pitch_mm = 3000         # from the middle of an aisle to the next (default 3000)
    bay_pitch_mm = 1000           # from the middle of a bay to the next (default 1000)
    bay_sides = 1                 # 2 when bays 1 and 2 face each other, 3 and 4, and so on (default 1)
    cross_aisle_mm = 2000         # how wide front, back and middle cross aisles are (default 2000)
    cross_after_bays = [10]       # middle cross aisles: behind which bays (default none)
    first_aisle = 1               # number of the leftmost aisle (default 1)
    x_mm = 0                      # middle of the leftmost aisle (default 0)
    y_mm = 0                      # middle of the front cross aisle (default 0)
    up = [2, 4]                   # aisles walked from the front to the back only
    down = [3]                    # aisles walked from the back to the front only

    [[aisle]]                     # changes one aisle of a zone, or adds one (then x_mm, from_mm and to_mm are needed)
    zone = "A"
    number = 11
    x_mm = 31500
    from_mm = 0
    to_mm = 12000
    way = "both"                  # or "up", "down"
    bays_mm = { 1 = 1500, 2 = 2700 }   # y of the middle of each bay; none for a bare passage

    [[cross_aisle]]               # adds one that belongs to no zone
    y_mm = 30000
    from_mm = 0                   # by default as far as there are aisles
    to_mm = 31500

    [start]                       # by default the front of the leftmost aisle of the first zone
    x_mm = 0
    y_mm = -2000
    [end]                         # where goods are dropped; by default the start

The cross aisles of a zone run as far as its aisles, added ones included; where those of two zones have the same y,
the stretch between the zones is a cross aisle too.
"""

from collections.abc import Mapping

from orderwright.business.warehouse.walking.checking import layout_findings
from orderwright.business.warehouse.walking.form_reading import Fields
from orderwright.business.warehouse.walking.layout import Aisle, CrossAisle, Layout, Point, Way
from orderwright.values.findings import Finding, worded

AISLES_MAX = 1000
BAYS_MAX = 1000
CROSS_AISLES_MAX = 50
WAYS: Mapping[str, Way] = {"both": "both", "up": "up", "down": "down"}


def layout_of(document: object) -> tuple[Layout | None, list[Finding]]:
    """The layout a document describes, or None; and everything that is wrong with it, in the order it is written.

    document: what a TOML or JSON reader made of it. A layout is given only when there are no findings.
    """
    findings: list[Finding] = []
    site = Fields(document, "", findings, {"zone", "aisle", "cross_aisle", "start", "end"})
    plan = _Plan(findings)
    for zone in site.tables("zone", _ZONE):
        if len(plan.aisles) <= AISLES_MAX:
            plan.add_zone(zone)
    for aisle in site.tables("aisle", _AISLE):
        plan.add_aisle(aisle)
    if not plan.aisles and not findings:
        findings.append(Finding("/zone", "missing", "A layout has at least one zone or aisle."))
    if findings:
        return None, findings
    for cross in site.tables("cross_aisle", {"y_mm", "from_mm", "to_mm"}):
        plan.add_cross_aisle(cross)
    start = _point(site, "start") or plan.front
    end = _point(site, "end") or start
    if len(plan.aisles) > AISLES_MAX:
        findings.append(worded("/aisle", "too_many", "A layout has at most {most} aisles.", most=AISLES_MAX))
    if len(plan.joined_cross_aisles()) > CROSS_AISLES_MAX:
        findings.append(
            worded("/cross_aisle", "too_many", "A layout has at most {most} cross aisles.", most=CROSS_AISLES_MAX)
        )
    if findings:
        return None, findings
    described = list(plan.aisles.values())
    layout = Layout(tuple(aisle for aisle, _ in described), plan.joined_cross_aisles(), start, end)
    findings = layout_findings(layout, [pointer for _, pointer in described])
    return (None if findings else layout), findings


_ZONE = {
    "name", "aisles", "bays", "aisle_pitch_mm", "bay_pitch_mm", "bay_sides", "cross_aisle_mm", "cross_after_bays",
    "first_aisle", "x_mm", "y_mm", "up", "down",
}  # fmt: skip
_AISLE = {"zone", "number", "x_mm", "from_mm", "to_mm", "way", "bays_mm"}


def _point(site: Fields, key: str) -> Point | None:
    table = site.table(key, {"x_mm", "y_mm"})
    if table is None:
        return None
    return Point(table.whole("x_mm"), table.whole("y_mm"))


class _Plan:
    """What has been read so far: aisles by name, each with the pointer it was described at."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self.aisles: dict[tuple[str, int], tuple[Aisle, str]] = {}
        self.cross_aisles: list[CrossAisle] = []
        self.zone_rows: list[tuple[int, str]] = []
        self.front = Point(0, 0)

    def add_zone(self, fields: Fields) -> None:
        """A block of equal aisles with its front, middle and back cross aisles."""
        name = fields.text("name", "")
        count, bays = fields.whole("aisles", None, 1, AISLES_MAX), fields.whole("bays", None, 1, BAYS_MAX)
        aisle_pitch = fields.whole("aisle_pitch_mm", 3000, 1)
        first, x, y = fields.whole("first_aisle", 1), fields.whole("x_mm", 0), fields.whole("y_mm", 0)
        ys, rows = _along_the_aisle(fields, bays, y)
        ways = self._ways(fields, range(first, first + count))
        if not self.aisles:
            self.front = Point(x, y)
        for n in range(count):
            aisle = Aisle(name, first + n, x + n * aisle_pitch, rows[0], rows[-1], ways.get(first + n, "both"), ys)
            if (name, first + n) in self.aisles:
                fields.wrong(
                    "first_aisle",
                    "aisle_twice",
                    "Zone {zone} has aisle {aisle} already.",
                    zone=repr(name),
                    aisle=first + n,
                )
                return
            self.aisles[name, first + n] = aisle, fields.pointer
        self.zone_rows += [(row, name) for row in rows]

    def _ways(self, fields: Fields, numbers: range) -> dict[int, Way]:
        ways: dict[int, Way] = {}
        for key in ("up", "down"):
            for number in fields.wholes(key):
                if number not in numbers:
                    fields.wrong(key, "aisle_unknown", "This zone has no aisle {aisle}.", aisle=number)
                elif number in ways:
                    fields.wrong(
                        key, "two_ways", "Aisle {aisle} is named twice among the one-way aisles.", aisle=number
                    )
                ways[number] = WAYS[key]
        return ways

    def add_aisle(self, fields: Fields) -> None:
        """One aisle by its own coordinates: what it leaves out stays as its zone has it."""
        name = fields.text("zone", ""), fields.whole("number")
        before = self.aisles[name][0] if name in self.aisles else None
        x = fields.whole("x_mm", before.x_mm if before else None)
        from_mm = fields.whole("from_mm", before.from_mm if before else None)
        to_mm = fields.whole("to_mm", before.to_mm if before else None)
        way = fields.one_of("way", WAYS, before.way if before else "both")
        bays = fields.wholes_by_number("bays_mm", before.bays if before else {})
        self.aisles[name] = Aisle(*name, x, from_mm, to_mm, way, bays), fields.pointer
        if len(self.aisles) == 1:
            self.front = Point(x, from_mm)

    def add_cross_aisle(self, fields: Fields) -> None:
        """One cross aisle that belongs to no zone."""
        xs = [aisle.x_mm for aisle, _ in self.aisles.values()]
        cross = CrossAisle(
            fields.whole("y_mm"), fields.whole("from_mm", min(xs)), fields.whole("to_mm", max(xs))
        )  # fmt: skip
        if cross.from_mm > cross.to_mm:
            fields.wrong("to_mm", "no_length", "A cross aisle must begin before it ends (from_mm, to_mm).")
        self.cross_aisles.append(cross)

    def joined_cross_aisles(self) -> tuple[CrossAisle, ...]:
        """Cross aisles at the same y as one, from the first of them to the last."""
        xs: dict[str, list[int]] = {}
        for (zone, _), (aisle, _) in self.aisles.items():
            xs.setdefault(zone, []).append(aisle.x_mm)
        of_zones = [CrossAisle(y, min(xs[zone]), max(xs[zone])) for y, zone in self.zone_rows]
        spans: dict[int, tuple[int, int]] = {}
        for cross in of_zones + self.cross_aisles:
            left, right = spans.get(cross.y_mm, (cross.from_mm, cross.to_mm))
            spans[cross.y_mm] = min(left, cross.from_mm), max(right, cross.to_mm)
        return tuple(CrossAisle(y, left, right) for y, (left, right) in sorted(spans.items()))


def _along_the_aisle(fields: Fields, bays: int, y: int) -> tuple[dict[int, int], list[int]]:
    """The y of each bay's middle, and of each cross aisle's, from the front one at y to the back one."""
    pitch, width = fields.whole("bay_pitch_mm", 1000, 1), fields.whole("cross_aisle_mm", 2000, 1)
    sides = fields.whole("bay_sides", 1, 1, 2)
    crossed = set(fields.wholes("cross_after_bays"))
    for bay in sorted(crossed):
        if not 1 <= bay < bays or bay % sides:
            fields.wrong(
                "cross_after_bays", "cross_aisle_meets_nothing", "No cross aisle can lie behind bay {bay}.", bay=bay
            )
    ys: dict[int, int] = {}
    rows = [y]
    edge = y + width // 2
    for bay in range(1, bays + 1):
        ys[bay] = edge + pitch // 2
        if bay % sides and bay < bays:
            continue
        edge += pitch
        if bay in crossed:
            rows.append(edge + width // 2)
            edge += width
    return ys, [*rows, edge + width // 2]
