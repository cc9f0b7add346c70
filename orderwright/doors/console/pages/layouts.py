"""The layout of a site's floor: its zones, single aisles and cross aisles as rows of a form, drawn as it is written."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from orderwright.business.warehouse.floors import find_unplaced, get_floor
from orderwright.business.warehouse.walk_pictures import draw_floor
from orderwright.business.warehouse.walking.described import layout_of
from orderwright.business.warehouse.walking.picture import Ends, picture
from orderwright.doors.api.routes import walks
from orderwright.doors.api.within import sites as within_sites
from orderwright.doors.console import forms, writing
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page, sketch
from orderwright.doors.console.texts import text as _
from orderwright.values.findings import Finding

Row = Mapping[str, str]
"""The texts of the fields of a row."""
MORE = 1
"""Empty rows after those there are."""
GONE = "gone"
"""The tick by which a row is taken out."""
NEEDED = {"zone": "aisles", "aisle": "number", "cross_aisle": "y_mm"}
"""Kinds of rows, and the field without which a row is empty."""
POINTS: Mapping[str, str] = {"start": _("Where walks begin"), "end": _("Where goods are dropped")}
WAYS: Sequence[tuple[str, str]] = (
    ("", _("As its zone has it")), ("both", _("Both ways")), ("up", _("To the back only")),
    ("down", _("To the front only")),
)  # fmt: skip
NUMBERS: Mapping[str, str] = {
    "aisles": _("Aisles"), "bays": _("Bays in each"), "aisle_pitch_mm": _("From aisle to aisle, in mm"),
    "bay_pitch_mm": _("From bay to bay, in mm"), "bay_sides": _("Sides of an aisle with bays (1 or 2)"),
    "cross_aisle_mm": _("Width of cross aisles, in mm"), "first_aisle": _("Number of the first aisle"),
    "x_mm": _("First aisle from the left, in mm"), "y_mm": _("Front from the bottom, in mm"),
    "cross_after_bays": _("Cross aisles behind bays"), "up": _("Aisles walked to the back only"),
    "down": _("Aisles walked to the front only"),
}  # fmt: skip
DEFAULTS: Mapping[str, int] = {
    "aisle_pitch_mm": 3000, "bay_pitch_mm": 1000, "bay_sides": 1, "cross_aisle_mm": 2000, "first_aisle": 1, "x_mm": 0,
    "y_mm": 0,
}  # fmt: skip
"""What a zone has that says nothing of it (docs/layout.md)."""
ROWS: Mapping[str, str] = {
    "zone": _("Zone"), "aisle": _("Single aisle"), "cross_aisle": _("Cross aisle"), **POINTS,
}  # fmt: skip
"""Kinds of rows, as what is wrong with one is told."""
_ENDS = {"from_mm": _("Begins at, in mm"), "to_mm": _("Ends at, in mm")}
FIELDS: Mapping[str, Mapping[str, str]] = {
    "zone": {"name": _("Name")},
    "aisle": {**_ENDS, "zone": _("Zone"), "number": _("Number"), "x_mm": _("From the left, in mm"),
              "way": _("Walked"), "bays_mm": _("Middles of its bays, in mm")},
    "cross_aisle": {**_ENDS, "y_mm": _("From the bottom, in mm")},
}  # fmt: skip
"""Fields of rows that are called otherwise than those of zones."""
_LISTS = ("cross_after_bays", "up", "down")
_NAMES = ("name", "zone", "way")


class LayoutShown(NamedTuple):
    """A site's layout to be written, and its picture. is_derived: nobody wrote one, it is told by the bins.

    rows: by kind, those there are and an empty one. points: where walks begin and goods are dropped.
    """

    code: str
    version: int
    written: str
    rows: Mapping[str, Sequence[Row]]
    points: Mapping[str, Row]
    draw: Callable[[Ends], str] | None
    findings: Sequence[Finding]
    unplaced: Sequence[Finding]
    is_derived: bool
    may_write: bool
    numbers: Mapping[str, str] = NUMBERS
    defaults: Mapping[str, int] = DEFAULTS
    ways: Sequence[tuple[str, str]] = WAYS
    point_names: Mapping[str, str] = POINTS

    def picture(self, start: str, end: str, both: str) -> str:
        """The picture as its own address, with these words where walks begin and end; '' for none."""
        drawn = self.draw(Ends(start, end, both)) if self.draw else ""
        return f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}" if drawn else ""

    def place_of(self, finding: Finding) -> Sequence[tuple[str, str]]:
        """Where in the form a finding is, as (heading, number or ''): the row, the field; nothing of all."""
        kind, _slash, rest = finding.pointer.removeprefix("/layout").strip("/").partition("/")
        if kind not in ROWS:
            return ()
        row, _slash, name = rest.partition("/")
        number = forms.whole_number(row)
        heading = (ROWS[kind], "" if number is None else str(number + 1))
        field = FIELDS.get(kind, {}).get(name) or NUMBERS.get(name, "")
        return (heading, (field, "")) if field else (heading,)


@page("/settings/sites/{code}/layout", template="layout_editor.html", scope="floor:read", title=_("Layout"),
      section="settings", within=within_sites(lambda asked: [asked.at["code"]]))  # fmt: skip
def layout(asked: Asked[None]) -> LayoutShown:
    """A site's layout, drawn as it is written down to this moment."""
    code = asked.at["code"]
    floor = get_floor(asked.tx, code)
    kept = floor.floor.layout
    written = kept or {}
    if asked.tried is not None:
        written = _document(forms.tree_of(asked.tried.values).get("layout"))
    findings = list[Finding]()
    draw: Callable[[Ends], str] | None = None
    if kept is None and asked.tried is None:
        draw = partial(draw_floor, asked.tx, code)
    else:
        found, findings = layout_of(written)
        draw = (lambda ends: picture(found, title=code, ends=ends)) if found is not None else None
    tried = None if asked.tried is None else asked.tried.values
    return LayoutShown(
        code, floor.version, writing.written(floor.floor), {kind: _rows(written, kind, tried) for kind in NEEDED},
        {name: _texts(written.get(name, {})) for name in POINTS},
        draw, findings,
        find_unplaced(asked.tx, code) if asked.tried is None else (), kept is None,
        "floor:write" in asked.access.scopes,
    )  # fmt: skip


def _document(told: Any) -> dict[str, Any]:
    """The layout a form describes; what is no number stays a text, for the rules to say so."""
    tree = told if isinstance(told, dict) else {}
    document: dict[str, Any] = {}
    for kind, needed in NEEDED.items():
        rows = [_row(each) for each in writing.filled(tree.get(kind), needed) if not each.get(GONE)]
        document |= {kind: rows} if rows else {}
    points = {name: _row(tree[name]) for name in POINTS if isinstance(tree.get(name), dict)}
    return document | points


def _row(fields: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, text in fields.items():
        if name == "bays_mm":
            told[name] = _by_bay(str(text))
        elif name in _LISTS:
            told[name] = [_number(each) for each in writing.words_of(text)]
        else:
            told[name] = text if name in _NAMES else _number(text)
    return told


def _by_bay(text: str) -> dict[str, Any]:
    """Middles by the number of the bay, written as `1: 1500, 2: 2700`; a hyphen for no bay at all."""
    pairs = [each.partition(":") for each in writing.words_of(text) if each != "-"]
    return {bay.strip(): _number(middle) for bay, _colon, middle in pairs}


def _number(text: Any) -> Any:
    number = forms.whole_number(str(text))
    return text if number is None else number


def _rows(document: Mapping[str, Any], kind: str, tried: Mapping[str, str] | None) -> list[Row]:
    """The rows of a kind as they are shown; of a form that was sent as many as it has filled in, in their places."""
    kept = document.get(kind, ())
    rows = [_texts(each) for each in kept] if isinstance(kept, list) else []
    if tried is not None:
        start = f"layout/{kind}/"
        places = [forms.whole_number(name.removeprefix(start).partition("/")[0]) for name, text in tried.items()
                  if name.startswith(start) and text]  # fmt: skip
        last = max((place for place in places if place is not None), default=-1)
        rows = [{} for _place in range(min(last + 1, 1_000))]
    return [*rows, *([{}] * MORE)]


def _texts(row: Any) -> Row:
    if not isinstance(row, Mapping):
        return {}
    return {name: _text(each) for name, each in row.items()}


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{bay}: {middle}" for bay, middle in value.items()) or "-"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _body(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The floor with the layout of the form; none at all lets the bins tell it."""
    body = writing.rewritten(tree, ("layout",))
    document = _document(tree.get("layout"))
    return body | {"layout": document} if document else {name: each for name, each in body.items() if name != "layout"}


change_layout = deed(
    "/settings/sites/{code}/layout", walks.put_floor, page=layout, then="/settings/sites/{code}/layout",
    said=_("The layout is saved."), body=_body,
)  # fmt: skip
draw_layout = sketch("/settings/sites/{code}/layout/drawn", page=layout)
