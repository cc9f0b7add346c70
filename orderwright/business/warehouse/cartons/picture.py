"""How to fill a carton, drawn: a panel a step, the new unit in colour, from the corner and from above.

Plain SVG without scripts, fonts or links, black on white, so that it prints, and scales to a phone. The new unit has
a thick outline besides its colour, so that it stands out on a grey print too.
"""

from collections.abc import Mapping, Sequence
from html import escape

from orderwright.business.warehouse.cartons.isometric import Point, Solid, back_to_front, faces, seen
from orderwright.business.warehouse.cartons.model import Carton, PackedCarton, Placement

PANEL_WIDTH, PANEL_HEIGHT = 400, 262
HEAD = 46  # of a panel: two lines of text
CORNER_VIEW = (30, HEAD + 4, 218, 200)  # left, top, width, height in the panel
TOP_VIEW = (268, HEAD + 22, 120, 160)
TEXT_MAX = 44
NUMBERED_MIN = 13  # units on paper a side must have for its number to be legible
UP = {"h": "upright", "w": "on its side", "l": "on end"}
# As attributes, not as a style sheet: a page's style rules, or its ban on foreign ones, do not reach them.
TEXTS = {
    "head": 'font-size="15" font-weight="bold"',
    "line": 'font-size="12"',
    "small": 'font-size="11" text-anchor="middle"',
}
PAINTS = {
    "wall": 'fill="#fafafa" stroke="#777"',
    "rim": 'fill="none" stroke="#999" stroke-dasharray="3 3"',
    "top": 'fill="#e6e6e6" stroke="#555"',
    "front": 'fill="#cfcfcf" stroke="#555"',
    "right": 'fill="#b9b9b9" stroke="#555"',
    "new top": 'fill="#ffb347" stroke="#111" stroke-width="2"',
    "new front": 'fill="#f08c00" stroke="#111" stroke-width="2"',
    "new right": 'fill="#c76f00" stroke="#111" stroke-width="2"',
    "new outline": 'fill="none" stroke="#111" stroke-width="2" stroke-dasharray="4 3"',
}


def strip(packed: PackedCarton, titles: Mapping[str, str] | None = None, columns: int = 2) -> str:
    """All steps of one carton in one SVG, `columns` panels beside each other (1 for a phone).

    titles: the products' names by sku, where known.
    """
    places = _in_turn(packed)
    columns = max(1, min(columns, len(places)))
    rows = -(-len(places) // columns)
    panels = [
        _panel(packed.carton, places, at, titles or {}, at % columns * PANEL_WIDTH, at // columns * PANEL_HEIGHT)
        for at in range(len(places))
    ]
    words = f"Carton {packed.carton.code}: {len(places)} steps"
    told = "; ".join(_step_words(packed.carton, place, titles or {}) for place in places)
    return _svg(columns * PANEL_WIDTH, rows * PANEL_HEIGHT, words, told, panels)


def step_picture(packed: PackedCarton, step: int, titles: Mapping[str, str] | None = None) -> str:
    """One step (1 for the first) as an SVG of its own; what was placed before is grey."""
    places = _in_turn(packed)
    if not 1 <= step <= len(places):
        raise ValueError(f"there are steps 1 to {len(places)}")
    panel = _panel(packed.carton, places, step - 1, titles or {}, 0, 0)
    words = f"Carton {packed.carton.code}, step {step} of {len(places)}"
    return _svg(PANEL_WIDTH, PANEL_HEIGHT, words, _step_words(packed.carton, places[step - 1], titles or {}), [panel])


def step_words(packed: PackedCarton, step: int, titles: Mapping[str, str] | None = None) -> str:
    """A step in words, as a screen reader or a text screen tells it."""
    return _step_words(packed.carton, _in_turn(packed)[step - 1], titles or {})


def _in_turn(packed: PackedCarton) -> list[Placement]:
    return sorted(packed.placements, key=lambda place: place.step)


def _svg(width: int, height: int, title: str, told: str, panels: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' style="max-width:100%;height:auto" role="img" font-family="sans-serif">'
        f'<title>{_text(title)}</title><desc>{_text(told)}</desc><rect width="{width}" height="{height}" fill="#fff"/>'
        f"{''.join(panels)}</svg>"
    )


def _panel(carton: Carton, places: Sequence[Placement], at: int, titles: Mapping[str, str], left: int, top: int) -> str:
    place, shown = places[at], places[: at + 1]
    name = titles.get(place.sku, "")
    head = f"{place.step}. {place.sku}" + (f" · {name}" if name else "")
    label = _cut(_step_words(carton, place, titles))
    return (
        f'<g transform="translate({left} {top})" role="group" aria-label="{_text(label)}">'
        f'<rect x="1" y="1" width="{PANEL_WIDTH - 2}" height="{PANEL_HEIGHT - 2}" fill="none" stroke="#bbb"/>'
        f'<text {TEXTS["head"]} x="10" y="20">{_text(_cut(head))}</text>'
        f'<text {TEXTS["line"]} x="10" y="38">{_text(_where(carton, place))}</text>'
        f"{_from_the_corner(carton, shown)}{_from_above(carton, shown)}</g>"
    )


def _step_words(carton: Carton, place: Placement, titles: Mapping[str, str]) -> str:
    name = titles.get(place.sku, "")
    return f"{place.step}: {place.sku}{f', {name}' if name else ''}: {_where(carton, place)}"


def _where(carton: Carton, place: Placement) -> str:
    """How it stands and where, by the walls where it touches them."""
    across = _side(place.x_mm, place.length_mm, carton.length_mm, "left")
    deep = _side(place.y_mm, place.width_mm, carton.width_mm, "back")
    up = f"{place.z_mm} mm up" if place.z_mm else "on the bottom"
    return f"{UP[place.turned[2]]}, {across}, {deep}, {up}"


def _side(start: int, size: int, inside: int, name: str) -> str:
    if start == 0:
        return name
    if start + size == inside:
        return {"left": "right", "back": "front"}[name]
    return f"{start} mm from {name}"


def _from_the_corner(carton: Carton, shown: Sequence[Placement]) -> str:
    length, width, height = carton.sizes
    paper = _Paper(CORNER_VIEW, _corners(carton))
    walls = (
        (seen(0, 0, 0), seen(length, 0, 0), seen(length, width, 0), seen(0, width, 0)),
        (seen(0, 0, 0), seen(length, 0, 0), seen(length, 0, height), seen(0, 0, height)),
        (seen(0, 0, 0), seen(0, width, 0), seen(0, width, height), seen(0, 0, height)),
    )
    drawn = [paper.polygon("wall", wall) for wall in walls]
    boxes = [_solid(place) for place in shown]
    for at in back_to_front(boxes):
        paints = ("new top", "new front", "new right") if at == len(boxes) - 1 else ("top", "front", "right")
        sides = faces(boxes[at])
        drawn += [paper.polygon(name, side) for name, side in zip(paints, sides, strict=True)]
        drawn.append(paper.number(sides.top, shown[at]))
    # What stands in front may hide the new unit, so its outline is drawn through it.
    drawn += [paper.polygon("new outline", side) for side in faces(boxes[-1])]
    rim = (seen(0, 0, height), seen(length, 0, height), seen(length, width, height), seen(0, width, height))
    drawn.append(paper.polygon("rim", rim))
    drawn.append(paper.line("rim", seen(length, width, 0), seen(length, width, height)))
    drawn.append(paper.word("left", _between(rim[0], rim[3]), -16, -4))
    drawn.append(paper.word("back", _between(rim[0], rim[1]), 16, -4))
    return "".join(drawn)


def _from_above(carton: Carton, shown: Sequence[Placement]) -> str:
    paper = _Paper(TOP_VIEW, ((0, 0), (carton.length_mm, carton.width_mm)))
    drawn = [paper.polygon("wall", _flat(0, 0, carton.length_mm, carton.width_mm))]
    for place in shown:
        is_new = place is shown[-1]
        flat = _flat(place.x_mm, place.y_mm, place.length_mm, place.width_mm)
        drawn += [paper.polygon("new top" if is_new else "top", flat), paper.number(flat, place)]
    drawn.append(paper.word("from above: back", ((carton.length_mm // 2), 0), 0, -6))
    drawn.append(paper.word("front", ((carton.length_mm // 2), carton.width_mm), 0, 14))
    return "".join(drawn)


class _Paper:
    """Where millimetres of a carton come to lie in a view of a panel, to a tenth of a unit."""

    def __init__(self, view: tuple[int, int, int, int], points: Sequence[Point]) -> None:
        self._left, self._top, width, height = view
        self._x, self._y = min(x for x, _ in points), min(y for _, y in points)
        wide, high = max(x for x, _ in points) - self._x, max(y for _, y in points) - self._y
        self._mm, self._units = (wide, width) if wide * height >= high * width else (high, height)
        self._left += (width - wide * self._units // self._mm) // 2
        self._top += (height - high * self._units // self._mm) // 2

    def at(self, point: Point) -> tuple[str, str]:
        """A point on paper."""
        x, y = point
        return self._tenths(self._left, x - self._x), self._tenths(self._top, y - self._y)

    def polygon(self, name: str, points: Sequence[Point]) -> str:
        """A face."""
        corners = " ".join(",".join(self.at(point)) for point in points)
        return f'<polygon {PAINTS[name]} points="{corners}"/>'

    def line(self, name: str, start: Point, end: Point) -> str:
        """An edge."""
        (x1, y1), (x2, y2) = self.at(start), self.at(end)
        return f'<line {PAINTS[name]} x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'

    def number(self, face: Sequence[Point], place: Placement) -> str:
        """A step's number in the middle of a face seen from above, where that is large enough."""
        if min(place.length_mm, place.width_mm) * self._units < NUMBERED_MIN * self._mm:
            return ""
        return self.word(str(place.step), _between(face[0], face[2]), 0, 4)

    def word(self, words: str, point: Point, right: int, down: int) -> str:
        """A small word beside a point."""
        x, y = self.at(point)
        return f'<text {TEXTS["small"]} x="{x}" y="{y}" dx="{right}" dy="{down}">{words}</text>'

    def _tenths(self, start: int, mm: int) -> str:
        tenths = start * 10 + mm * self._units * 10 // self._mm
        return f"{tenths // 10}.{tenths % 10}"


def _corners(carton: Carton) -> list[Point]:
    length, width, height = carton.sizes
    return [seen(x, y, z) for x in (0, length) for y in (0, width) for z in (0, height)]


def _solid(place: Placement) -> Solid:
    return Solid(place.x_mm, place.y_mm, place.z_mm, place.length_mm, place.width_mm, place.height_mm)


def _flat(x: int, y: int, length: int, width: int) -> tuple[Point, ...]:
    return (x, y), (x + length, y), (x + length, y + width), (x, y + width)


def _between(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) // 2, (one[1] + other[1]) // 2


def _cut(words: str) -> str:
    return words if len(words) <= TEXT_MAX else words[: TEXT_MAX - 1] + "…"


def _text(words: str) -> str:
    """For XML: control characters, which no XML may hold, become spaces."""
    return escape("".join(letter if letter.isprintable() else " " for letter in words))
