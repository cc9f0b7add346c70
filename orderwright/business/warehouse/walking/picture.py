"""A site and a walk over it as a picture (SVG): readable on a phone, on paper and to a screen reader. No scripts.

The front is drawn at the bottom. A walk keeps to its right, so that ways there and back lie side by side.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import pairwise
from typing import NamedTuple
from xml.sax.saxutils import escape

from orderwright.business.warehouse.walking.layout import Aisle, Bin, Layout, Point, Spot
from orderwright.business.warehouse.walking.walks import Walk

WIDTH = 1000
"""Units the picture is wide; its height follows from the site."""
MARGIN = 60
TEXT = 24
STOP_RADIUS = 17
ROUTE_OFFSET = 6
USUAL_PITCH_MM = 3000
NEAR_PITCH = 64
"""From aisle to aisle at least, where a walk is looked at on a phone."""
NEAR_WIDTH_MIN = 480
NEAR_PX = 0.8
"""Pixels of a phone's screen that a unit is wide there: the numbers of stops are 16 of them high."""
FLOOR, RACK, RACK_EDGE, ROUTE, INK = "#f4f1ea", "#d9d4c7", "#a79f8c", "#0b57a4", "#1a1a1a"

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f]")

XY = tuple[float, float]


class Ends(NamedTuple):
    """What is written where walks begin, where goods are dropped, and where both are one."""

    start: str = "Start"
    end: str = "End"
    both: str = "Start, end"


ENGLISH = Ends()


class Near(NamedTuple):
    """A walk drawn for a phone, wider than its screen. middle: where the next stop is, from 0 (left) to 1."""

    svg: str
    width_px: int
    height_px: int
    middle: float


def picture(
    layout: Layout,
    walk: Walk | None = None,
    stops: Sequence[Bin | Point | Spot] = (),
    names: Sequence[str] = (),
    title: str = "The floor",
    ends: Ends = ENGLISH,
) -> str:
    """The site drawn, with a walk over it if one is given.

    stops: as given to `walk_of`; they are numbered as the walk passes them. names: one for each stop, such as its
    bin's code, for the description. All texts may hold anything: they are escaped.
    """
    sheet = _Sheet(layout)
    drawn = _drawn(layout, walk, stops, sheet, ends)
    said = described(layout, walk, stops, names)
    return _svg((0, sheet.width, sheet.height), drawn, title, said)


def near_picture(
    layout: Layout, walk: Walk, stops: Sequence[Bin | Point | Spot], names: Sequence[str], *, title: str, now: str,
    ends: Ends,
) -> Near:  # fmt: skip
    """A walk as who walks it sees it: of the site what the walk comes past, and no aisle too narrow to be read.

    now: the name of the stop that comes next, which stands out; '' or no stop's name for none.
    """
    sheet = _Sheet(layout, NEAR_PITCH)
    xs = [sheet.at(corner)[0] for corner in walk.corners] or [0, sheet.width]
    beside = MARGIN + sheet.length(sheet.pitch_mm)
    spare = max(NEAR_WIDTH_MIN - (max(xs) - min(xs)), 0) / 2
    left, right = min(xs) - max(beside, spare), max(xs) + max(beside, spare)
    nexts = {number for number, index in enumerate(walk.order, 1) if now and names[index] == now}
    spots = _numbered(layout, walk, stops)
    at = next((sheet.at(point)[0] for point, numbers in spots.items() if nexts & set(numbers)), left)
    drawn = _drawn(layout, walk, stops, sheet, ends, nexts)
    svg = _svg((round(left), round(right - left), sheet.height), drawn, title, described(layout, walk, stops, names))
    sizes = (round(NEAR_PX * (right - left)), round(NEAR_PX * sheet.height))
    return Near(svg, *sizes, round((at - left) / (right - left), 3))


def _drawn(
    layout: Layout, walk: Walk | None, stops: Sequence[Bin | Point | Spot], sheet: "_Sheet", ends: Ends,
    nexts: Set[int] = frozenset(),
) -> list[str]:  # fmt: skip
    drawn = list(_floor(layout, sheet))
    if walk is not None and walk.corners:
        drawn += _route(walk.corners, sheet)
    drawn += [*_words(layout, sheet), *_ends(layout, sheet, ends)]
    if walk is not None and walk.corners:
        drawn += _stops(_numbered(layout, walk, stops), nexts, sheet)
    return drawn


def _svg(seen: tuple[int, int, int], drawn: Sequence[str], title: str, said: str) -> str:
    """seen: from where, how wide, how high."""
    left, width, height = seen
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} 0 {width} {height}" role="img"'
            f' aria-labelledby="title desc" font-family="sans-serif" font-size="{TEXT}">',
            f'<title id="title">{_text(title)}</title>',
            f'<desc id="desc">{_text(said)}</desc>',
            f'<rect x="{left}" width="{width}" height="{height}" fill="#ffffff"/>',
            *drawn,
            "</svg>\n",
        ]
    )


def described(
    layout: Layout, walk: Walk | None, stops: Sequence[Bin | Point | Spot] = (), names: Sequence[str] = ()
) -> str:  # fmt: skip
    """The picture in words, for who cannot see it."""
    ways = sum(aisle.way != "both" for aisle in layout.aisles)
    site = f"{len(layout.aisles)} aisles, {len(layout.rows)} cross aisles" + (f", {ways} one-way." if ways else ".")
    if walk is None or not walk.corners:
        return site
    passed = [index for index in walk.order if index not in set(walk.unplaced)]
    told = [
        f"{at + 1} {names[index] if index < len(names) else _named(stops[index])}" for at, index in enumerate(passed)
    ]
    tenths = (walk.length_mm + 50) // 100
    return f"{site} A walk of {tenths // 10}.{tenths % 10} m past {len(passed)} stops: {'; '.join(told)}."


def _named(stop: Bin | Point | Spot) -> str:
    if isinstance(stop, Bin):
        return "-".join(str(part) for part in stop if part != "")
    return f"at {stop.y_mm} mm"


class _Sheet:
    """Where points of the floor lie on the picture. pitch: units from aisle to aisle at least."""

    def __init__(self, layout: Layout, pitch: int = 0) -> None:
        xs = [*(a.x_mm for a in layout.aisles), layout.start.x_mm, layout.end.x_mm]
        ys = [*(y for a in layout.aisles for y in (a.from_mm, a.to_mm)), *layout.rows]
        ys += [layout.start.y_mm, layout.end.y_mm]
        columns = sorted({aisle.x_mm for aisle in layout.aisles})
        self.pitch_mm = min((b - a for a, b in pairwise(columns)), default=USUAL_PITCH_MM)
        self._left_mm, self._back_mm = min(xs) - self.pitch_mm // 2, max(ys)
        across_mm = max(xs) + self.pitch_mm // 2 - self._left_mm
        # A floor much deeper than wide would not fit a screen, one much wider than deep would be a thin line.
        self._unit_mm = max(across_mm / (WIDTH - 2 * MARGIN), (max(ys) - min(ys)) / 1400, 1)
        if pitch:
            self._unit_mm = min(self._unit_mm, self.pitch_mm / pitch)
        self.width = max(WIDTH, round(across_mm / self._unit_mm) + 2 * MARGIN)
        self._shift = (self.width - across_mm / self._unit_mm) / 2
        self.height = round((max(ys) - min(ys)) / self._unit_mm) + 2 * MARGIN + TEXT

    def at(self, point: Point) -> XY:
        x = self._shift + (point.x_mm - self._left_mm) / self._unit_mm
        return round(x, 1), round(MARGIN + (self._back_mm - point.y_mm) / self._unit_mm, 1)

    def length(self, length_mm: float) -> float:
        return round(length_mm / self._unit_mm, 1)


def _text(text: str) -> str:
    return escape(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text), {'"': "&quot;"})


def _floor(layout: Layout, sheet: _Sheet) -> Iterator[str]:
    width = max(sheet.length(sheet.pitch_mm * 0.36), 4)
    yield f'<g stroke="{FLOOR}" stroke-width="{width}" stroke-linecap="square">'
    for cross in layout.cross_aisles:
        yield _line(sheet, Point(cross.from_mm, cross.y_mm), Point(cross.to_mm, cross.y_mm))
    for aisle in layout.aisles:
        yield _line(sheet, Point(aisle.x_mm, aisle.from_mm), Point(aisle.x_mm, aisle.to_mm))
    yield "</g>"
    yield f'<g fill="{RACK}" stroke="{RACK_EDGE}" stroke-width="1">'
    for index in range(len(layout.aisles)):
        yield from _racks(layout, index, sheet)
    yield "</g>"
    for aisle in layout.aisles:
        yield from _arrows(aisle, sheet)


def _words(layout: Layout, sheet: _Sheet) -> Iterator[str]:
    """The aisles' names in front of them."""
    yield f'<g fill="{INK}" text-anchor="middle" stroke="#ffffff" stroke-width="6" paint-order="stroke">'
    room = sheet.length(sheet.pitch_mm)
    for aisle in layout.aisles:
        x, y = sheet.at(Point(aisle.x_mm, aisle.from_mm))
        name = f"{aisle.zone}{aisle.number}"
        size = min(TEXT, max(8, int(1.6 * room / max(len(name), 1))))
        yield f'<text x="{x}" y="{y + size + 14}" font-size="{size}">{_text(name)}</text>'
    yield "</g>"


def _racks(layout: Layout, index: int, sheet: _Sheet) -> Iterator[str]:
    """Racks on both sides of an aisle, a cell for each bay; they break off where a cross aisle comes through."""
    x, cells = layout.aisles[index].x_mm, layout.cells[index]
    if not cells:
        return
    step = min((b - a for a, b in pairwise(cells)), default=1000)
    near, far = round(sheet.pitch_mm * 0.18), round(sheet.pitch_mm * 0.48)
    boxes = []
    for y in cells:
        left, top = sheet.at(Point(x - far, y + step // 2))
        right, _ = sheet.at(Point(x + near, y))
        wide, high = sheet.length(far - near), sheet.length(step)
        boxes += [f"M{left} {top}h{wide}v{high}h{-wide}z", f"M{right} {top}h{wide}v{high}h{-wide}z"]
    yield f'<path d="{"".join(boxes)}"/>'


def _arrows(aisle: Aisle, sheet: _Sheet) -> Iterator[str]:
    """Which way a one-way aisle runs."""
    if aisle.way == "both":
        return
    half, tall = max(sheet.length(sheet.pitch_mm * 0.15), 5), -14 if aisle.way == "up" else 14
    for quarter in (1, 3):
        x, middle = sheet.at(Point(aisle.x_mm, aisle.from_mm + (aisle.to_mm - aisle.from_mm) * quarter // 4))
        tip, foot = middle + tall, middle - tall
        yield f'<path d="M{x} {tip:.1f}L{x - half:.1f} {foot:.1f}H{x + half:.1f}z" fill="#c2410c"/>'


def _line(sheet: _Sheet, one: Point, other: Point) -> str:
    (x1, y1), (x2, y2) = sheet.at(one), sheet.at(other)
    return f'<path d="M{x1} {y1}L{x2} {y2}"/>'


def _ends(layout: Layout, sheet: _Sheet, ends: Ends) -> Iterator[str]:
    words = ((layout.start, ends.both if layout.is_closed else ends.start), (layout.end, ends.end))
    for point, word in words[: 1 if layout.is_closed else 2]:
        x, y = sheet.at(point)
        yield f'<rect x="{x - 14}" y="{y - 14}" width="28" height="28" rx="4" fill="{INK}"/>'
        anchor, shift = ("start", 22) if x < sheet.width - 160 else ("end", -22)
        yield (
            f'<text x="{x + shift}" y="{y + 9}" text-anchor="{anchor}" font-weight="bold" fill="{INK}" stroke="#ffffff"'
            f' stroke-width="6" paint-order="stroke">{_text(word)}</text>'
        )


def _route(corners: Sequence[Point], sheet: _Sheet) -> Iterator[str]:
    points = _kept_right([sheet.at(corner) for corner in corners])
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    yield f'<path d="{path}" fill="none" stroke="{ROUTE}" stroke-width="5" stroke-linejoin="round"/>'
    arrows = []
    for (x1, y1), (x2, y2) in pairwise(points):
        far = abs(x2 - x1) + abs(y2 - y1)
        if far > 50:
            dx, dy = (x2 - x1) / far, (y2 - y1) / far
            # Off the middle, where arrows of ways there and back would meet.
            x, y = x1 + (x2 - x1) * 0.6, y1 + (y2 - y1) * 0.6
            arrows.append(
                f"M{x + 12 * dx:.1f} {y + 12 * dy:.1f}L{x - 8 * dx - 9 * dy:.1f} {y - 8 * dy + 9 * dx:.1f}"
                f"L{x - 8 * dx + 9 * dy:.1f} {y - 8 * dy - 9 * dx:.1f}z"
            )
    yield f'<path d="{"".join(arrows)}" fill="{ROUTE}"/>'


def _kept_right(points: Sequence[XY]) -> list[XY]:
    """A path along the axes moved to its right hand."""
    shifts = [_right_of(one, other) for one, other in pairwise(points)]
    if not shifts:
        return list(points)
    moved = [(points[0][0] + shifts[0][0], points[0][1] + shifts[0][1])]
    for (x, y), before, after in zip(points[1:-1], shifts, shifts[1:], strict=False):
        if before[0] * after[0] + before[1] * after[1] == 0:
            moved.append((x + before[0] + after[0], y + before[1] + after[1]))
        else:  # straight on, or back the way it came
            moved += [(x + before[0], y + before[1]), (x + after[0], y + after[1])]
    return [*moved, (points[-1][0] + shifts[-1][0], points[-1][1] + shifts[-1][1])]


def _right_of(one: XY, other: XY) -> XY:
    if abs(other[0] - one[0]) >= abs(other[1] - one[1]):
        return 0, ROUTE_OFFSET if other[0] > one[0] else -ROUTE_OFFSET
    return -ROUTE_OFFSET if other[1] > one[1] else ROUTE_OFFSET, 0


def _numbered(layout: Layout, walk: Walk, stops: Sequence[Bin | Point | Spot]) -> dict[Point, list[int]]:
    """The numbers of the stops at each point, as the walk passes them."""
    numbers: dict[Point, list[int]] = {}
    for number, index in enumerate(walk.order, 1):
        stop = stops[index]
        spot = stop if isinstance(stop, Spot) else layout.find_spot(stop)
        if spot is not None and index not in walk.unplaced:
            numbers.setdefault(layout.point(spot), []).append(number)
    return numbers


def _stops(numbers: Mapping[Point, Sequence[int]], nexts: Set[int], sheet: _Sheet) -> Iterator[str]:
    """A numbered disc at each spot; a spot with several stops shows the first and last of their numbers.

    Those that come next are drawn last and filled, so that they lie on top and stand out.
    """
    yield f'<g text-anchor="middle" font-weight="bold" font-size="20" fill="{INK}">'
    for point, mine in sorted(numbers.items(), key=lambda each: not nexts.isdisjoint(each[1])):
        x, y = sheet.at(point)
        word = str(mine[0]) if len(mine) == 1 else f"{mine[0]}-{mine[-1]}"
        half = STOP_RADIUS + 6 * max(0, len(word) - 2)
        back, front = ("#ffffff", INK) if nexts.isdisjoint(mine) else (ROUTE, "#ffffff")
        yield (
            f'<rect x="{x - half}" y="{y - STOP_RADIUS}" width="{2 * half}" height="{2 * STOP_RADIUS}"'
            f' rx="{STOP_RADIUS}" fill="{back}" stroke="{INK}" stroke-width="3"/>'
            f'<text x="{x}" y="{y + 7}" fill="{front}">{word}</text>'
        )
    yield "</g>"
