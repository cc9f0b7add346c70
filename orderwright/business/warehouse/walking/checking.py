"""What is wrong with a layout: each finding names the aisle and says what to change."""

from collections.abc import Iterable, Iterator, Sequence

from orderwright.business.warehouse.walking.layout import FAR_MM, Aisle, Bin, Layout, Spot
from orderwright.business.warehouse.walking.paths import Paths
from orderwright.values.findings import Finding, worded
from orderwright.values.phrases import Phrase, phrase

NARROWEST_MM = 600
"""Aisles whose middles are closer than a person is wide are the same aisle, or a slip of the pen."""
BINS_NAMED_MAX = 100


def layout_findings(layout: Layout, pointers: Sequence[str] = ()) -> list[Finding]:
    """Everything that keeps pickers from walking this layout. pointers: where each aisle is described."""
    told = pointers or [""] * len(layout.aisles)
    findings = [*_aisle_findings(layout.aisles, told), *_overlaps(layout.aisles, told), *_loose_cross_aisles(layout)]
    return findings or list(_unreachable(layout, told))


def bin_findings(layout: Layout, bins: Iterable[Bin]) -> list[Finding]:
    """Bins the layout has no bay for, the first hundred of them: pickers are sent to the nearest bay, or last."""
    # What somebody may mend comes first; places of no aisle at all, which every site has, come last.
    unknown = {each for each in bins if not layout.has_bin(each)}
    missing = sorted(unknown, key=lambda each: ((each.aisle, each.bay) == (0, 0), each))[:BINS_NAMED_MAX]
    return [
        worded(
            "",
            "bin_not_in_layout",
            "Bins without an aisle and bay, such as STOCK, stand nowhere in the layout: pickers go there last.",
        )
        if (aisle, bay) == (0, 0)
        else worded(
            "", "bin_not_in_layout", "The layout has no bay {bay} in aisle {aisle}.", bay=bay, aisle=_named(zone, aisle)
        )
        for zone, aisle, bay in missing
    ]


def _named(zone: str, number: int) -> Phrase | int:
    return phrase("{aisle} of zone {zone}", aisle=number, zone=zone) if zone else number


def _aisle_findings(aisles: Sequence[Aisle], pointers: Sequence[str]) -> Iterator[Finding]:
    seen: set[tuple[str, int]] = set()
    for aisle, pointer in zip(aisles, pointers, strict=True):
        name = _named(aisle.zone, aisle.number)
        if (aisle.zone, aisle.number) in seen:
            yield worded(pointer, "aisle_twice", "Aisle {aisle} is described twice.", aisle=name)
        seen.add((aisle.zone, aisle.number))
        if aisle.from_mm >= aisle.to_mm:
            yield worded(pointer, "no_length", "Aisle {aisle} must begin before it ends (from_mm, to_mm).", aisle=name)
            continue
        outside = sorted(bay for bay, y in aisle.bays.items() if not aisle.from_mm <= y <= aisle.to_mm)
        if outside:
            more = phrase("{bay} and {count} more", bay=outside[0], count=len(outside) - 1)
            bays = more if len(outside) > 1 else outside[0]
            yield worded(
                pointer, "bay_outside_aisle", "Bay {bays} of aisle {aisle} lie beyond its ends.", bays=bays, aisle=name
            )


def _overlaps(aisles: Sequence[Aisle], pointers: Sequence[str]) -> Iterator[Finding]:
    order = sorted(range(len(aisles)), key=lambda index: aisles[index].x_mm)
    for at, index in enumerate(order):
        one = aisles[index]
        for other_index in order[at + 1 :]:
            other = aisles[other_index]
            if other.x_mm - one.x_mm >= NARROWEST_MM:
                break
            if one.from_mm < other.to_mm and other.from_mm < one.to_mm:
                yield worded(
                    pointers[other_index], "aisles_overlap",
                    "Aisles {one} and {other} lie on each other, at x {x_one} and {x_other} mm.",
                    one=_named(one.zone, one.number), other=_named(other.zone, other.number),
                    x_one=one.x_mm, x_other=other.x_mm,
                )  # fmt: skip


def _loose_cross_aisles(layout: Layout) -> Iterator[Finding]:
    for cross in layout.cross_aisles:
        if not any(
            cross.from_mm <= aisle.x_mm <= cross.to_mm and aisle.from_mm <= cross.y_mm <= aisle.to_mm
            for aisle in layout.aisles
        ):
            yield worded(
                "/cross_aisle", "cross_aisle_meets_nothing", "The cross aisle at y {y} mm meets no aisle.", y=cross.y_mm
            )


def _unreachable(layout: Layout, pointers: Sequence[str]) -> Iterator[Finding]:
    """Aisles, or parts of them, that no picker gets into and out of, once for each aisle."""
    paths = Paths(layout)
    start, end = layout.doors
    if paths.distance_mm(start, end) >= FAR_MM or paths.distance_mm(end, start) >= FAR_MM:
        yield Finding("/end", "end_unreachable", "No way leads from the start to the end and back.")
        return
    told: set[int] = set()
    for piece in layout.pieces:
        aisle = layout.aisles[piece.aisle]
        name = _named(aisle.zone, aisle.number)
        is_dead_end = piece.low is None or piece.high is None
        if piece.aisle in told:
            continue
        told.add(piece.aisle)
        if piece.low is None and piece.high is None:
            yield worded(pointers[piece.aisle], "opens_nowhere", "Aisle {aisle} meets no cross aisle.", aisle=name)
        elif is_dead_end and aisle.way != "both":
            yield worded(
                pointers[piece.aisle], "one_way_dead_end", "Aisle {aisle} is one-way and ends at a wall.", aisle=name
            )
        elif not paths.is_reachable(Spot(piece.aisle, (piece.from_mm + piece.to_mm) // 2)):
            yield worded(
                pointers[piece.aisle], "unreachable",
                "No way leads from the start into aisle {aisle} and back: look at the one-way aisles.", aisle=name,
            )  # fmt: skip
        else:
            told.discard(piece.aisle)
