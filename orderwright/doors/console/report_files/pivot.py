"""A pivot table in a workbook that was written without one.

The parts are those of ECMA-376 part 1, 18.10: a cache of the rows (definition and records), and the table that shows
them. It is worked out anew when the workbook is opened (refreshOnLoad); until then it shows what `cells_of` says.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

Cell = str | int
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TOP = 3
"""The row the table begins in, below the field it is narrowed by."""


class Pivot(NamedTuple):
    """A pivot table over rows of a sheet. heads: of its columns; a column holds texts or whole numbers alone.

    page, row, column, value: by position, the column it is narrowed by (to `page_shown` at first), those told down and
    across, and the one added up. total: the word for it.
    """

    name: str
    sheet: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    page: int
    row: int
    column: int
    value: int
    page_shown: str
    total: str

    def items(self, at: int) -> list[str]:
        """The texts of a column, each once, in order."""
        return sorted({str(each[at]) for each in self.rows})

    def holds_texts(self, at: int) -> bool:
        """Whether a column holds texts."""
        return isinstance(self.rows[0][at], str)


def cells_of(pivot: Pivot) -> list[list[Cell | None]]:
    """What the pivot table shows, line by line from the sheet's first."""
    downs, acrosses = pivot.items(pivot.row), pivot.items(pivot.column)
    sums: dict[tuple[str, str], int] = {}
    for each in pivot.rows:
        if each[pivot.page] == pivot.page_shown:
            key = (str(each[pivot.row]), str(each[pivot.column]))
            sums[key] = sums.get(key, 0) + int(each[pivot.value])
    lines: list[list[Cell | None]] = [
        [pivot.heads[pivot.page], pivot.page_shown], [],
        [pivot.heads[pivot.value], pivot.heads[pivot.column]], [pivot.heads[pivot.row], *acrosses, pivot.total],
    ]  # fmt: skip
    for down in downs:
        told = [sums.get((down, across)) for across in acrosses]
        lines.append([down, *told, sum(each or 0 for each in told)])
    totals = [sum(sums.get((down, across), 0) for down in downs) for across in acrosses]
    lines.append([pivot.total, *totals, sum(totals)])
    return lines


def with_pivot(workbook: bytes, pivot: Pivot, *, sheet: int) -> bytes:
    """The workbook with the pivot table on its nth sheet (from 1), which must have no links of its own yet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            text = old.read(each)
            if change := _CHANGES.get(each.filename):
                text = change(text.decode()).encode()
            new.writestr(each, text)
        for name, content in _parts(pivot, sheet).items():
            new.writestr(name, _HEAD + content)
    return out.getvalue()


def _with_types(text: str) -> str:
    added = "".join(
        f'<Override PartName="/xl/{name}1.xml" ContentType="{_TYPE}{kind}+xml"/>'
        for name, kind in (
            ("pivotCache/pivotCacheDefinition", "pivotCacheDefinition"),
            ("pivotCache/pivotCacheRecords", "pivotCacheRecords"),
            ("pivotTables/pivotTable", "pivotTable"),
        )
    )
    return text.replace("</Types>", f"{added}</Types>")


def _with_cache(text: str) -> str:
    # After calcPr: the order of these elements is fixed.
    return re.sub(r"(<calcPr[^>]*/>)", r'\1<pivotCaches><pivotCache cacheId="1" r:id="rIdPivot"/></pivotCaches>', text)


def _with_link(text: str) -> str:
    link = _link("rIdPivot", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")
    return text.replace("</Relationships>", f"{link}</Relationships>")


_CHANGES = {
    "[Content_Types].xml": _with_types,
    "xl/workbook.xml": _with_cache,
    "xl/_rels/workbook.xml.rels": _with_link,
}


def _parts(pivot: Pivot, sheet: int) -> Mapping[str, str]:
    return {
        "xl/pivotCache/pivotCacheDefinition1.xml": _definition(pivot),
        "xl/pivotCache/pivotCacheRecords1.xml": _records(pivot),
        "xl/pivotTables/pivotTable1.xml": _table(pivot),
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": _links("pivotCacheRecords", "pivotCacheRecords1.xml"),
        "xl/pivotTables/_rels/pivotTable1.xml.rels": _links(
            "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml"
        ),
        f"xl/worksheets/_rels/sheet{sheet}.xml.rels": _links("pivotTable", "../pivotTables/pivotTable1.xml"),
    }


def _links(kind: str, target: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}">{_link("rId1", kind, target)}</Relationships>'


def _link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{LINKS}/{kind}" Target="{target}"/>'


def _definition(pivot: Pivot) -> str:
    last = f"{_letter(len(pivot.heads) - 1)}{len(pivot.rows) + 1}"
    fields = "".join(
        f'<cacheField name={quoteattr(head)} numFmtId="0">{_shared(pivot, at)}</cacheField>'
        for at, head in enumerate(pivot.heads)
    )
    return (
        f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{LINKS}" r:id="rId1" refreshOnLoad="1" createdVersion="6"'
        f' refreshedVersion="6" minRefreshableVersion="3" recordCount="{len(pivot.rows)}">'
        f'<cacheSource type="worksheet"><worksheetSource ref="A1:{last}" sheet={quoteattr(pivot.sheet)}/></cacheSource>'
        f'<cacheFields count="{len(pivot.heads)}">{fields}</cacheFields></pivotCacheDefinition>'
    )


def _shared(pivot: Pivot, at: int) -> str:
    if pivot.holds_texts(at):
        items = pivot.items(at)
        told = "".join(f"<s v={quoteattr(each)}/>" for each in items)
        return f'<sharedItems count="{len(items)}">{told}</sharedItems>'
    numbers = [int(each[at]) for each in pivot.rows]
    return (
        '<sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" containsInteger="1"'
        f' minValue="{min(numbers)}" maxValue="{max(numbers)}"/>'
    )


def _records(pivot: Pivot) -> str:
    places = {
        at: {text: n for n, text in enumerate(pivot.items(at))}
        for at in range(len(pivot.heads))
        if pivot.holds_texts(at)
    }
    told = "".join(
        "<r>" + "".join(
            f'<x v="{places[at][str(cell)]}"/>' if at in places else f'<n v="{cell}"/>' for at, cell in enumerate(row)
        ) + "</r>"
        for row in pivot.rows
    )  # fmt: skip
    return f'<pivotCacheRecords xmlns="{MAIN}" xmlns:r="{LINKS}" count="{len(pivot.rows)}">{told}</pivotCacheRecords>'


def _table(pivot: Pivot) -> str:
    downs, acrosses = pivot.items(pivot.row), pivot.items(pivot.column)
    place = f"A{TOP}:{_letter(len(acrosses) + 1)}{TOP + 2 + len(downs)}"
    shown = pivot.items(pivot.page).index(pivot.page_shown) if pivot.page_shown in pivot.items(pivot.page) else 0
    fields = "".join(_field(pivot, at) for at in range(len(pivot.heads)))
    return (
        f'<pivotTableDefinition xmlns="{MAIN}" name={quoteattr(pivot.name)} cacheId="1" dataOnRows="0"'
        f' applyNumberFormats="0" applyBorderFormats="0" applyFontFormats="0" applyPatternFormats="0"'
        f' applyAlignmentFormats="0" applyWidthHeightFormats="1" dataCaption={quoteattr(pivot.heads[pivot.value])}'
        f' grandTotalCaption={quoteattr(pivot.total)} updatedVersion="6" minRefreshableVersion="3"'
        ' useAutoFormatting="1" itemPrintTitles="1" createdVersion="6" indent="0" outline="1" outlineData="1"'
        ' multipleFieldFilters="0">'
        f'<location ref="{place}" firstHeaderRow="1" firstDataRow="2" firstDataCol="1" rowPageCount="1"'
        ' colPageCount="1"/>'
        f'<pivotFields count="{len(pivot.heads)}">{fields}</pivotFields>'
        f'<rowFields count="1"><field x="{pivot.row}"/></rowFields>{_lines("rowItems", len(downs))}'
        f'<colFields count="1"><field x="{pivot.column}"/></colFields>{_lines("colItems", len(acrosses))}'
        f'<pageFields count="1"><pageField fld="{pivot.page}" item="{shown}" hier="-1"/></pageFields>'
        f'<dataFields count="1"><dataField name={quoteattr(pivot.heads[pivot.value] + " ")} fld="{pivot.value}"'
        ' baseField="0" baseItem="0"/></dataFields>'
        '<pivotTableStyleInfo name="PivotStyleLight16" showRowHeaders="1" showColHeaders="1" showRowStripes="0"'
        ' showColStripes="0" showLastColumn="1"/></pivotTableDefinition>'
    )


def _field(pivot: Pivot, at: int) -> str:
    if at == pivot.value:
        return '<pivotField dataField="1" showAll="0"/>'
    axis = {pivot.row: "axisRow", pivot.column: "axisCol", pivot.page: "axisPage"}.get(at)
    if axis is None:
        return '<pivotField showAll="0"/>'
    count = len(pivot.items(at))
    items = "".join(f'<item x="{n}"/>' for n in range(count))
    items = f'<items count="{count + 1}">{items}<item t="default"/></items>'
    return f'<pivotField axis="{axis}" showAll="0">{items}</pivotField>'


def _lines(name: str, count: int) -> str:
    """The lines of an axis, one for each item, and the total."""
    told = "".join(f"<i><x{f' v={chr(34)}{n}{chr(34)}' if n else ''}/></i>" for n in range(count))
    return f'<{name} count="{count + 1}">{told}<i t="grand"><x/></i></{name}>'


def _letter(at: int) -> str:
    """A column's letters, from 0."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
