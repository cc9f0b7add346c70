"""What a line about goods may not say: findings shared by receipts, adjustments and transfers."""

from collections.abc import Iterator, Mapping

from orderwright.business.stock.rules import OPEN_TO_BOOKING, Place
from orderwright.business.stock.tables import Goods
from orderwright.values.findings import Finding, known_as


def goods_findings(
    pointer: str, sku: str, lot: str, goods: Mapping[str, Goods], *, is_arrival: bool = False
) -> Iterator[Finding]:
    """unknown_sku, kit_not_stocked, lot_needed; and retired_sku for goods that arrive from outside."""
    found = goods.get(sku)
    if found is None:
        yield known_as("unknown_sku", f"{pointer}/sku")
    elif found.is_kit:
        yield known_as("kit_not_stocked", f"{pointer}/sku")
    else:
        if is_arrival and found.is_retired:
            yield known_as("retired_sku", f"{pointer}/sku")
        if found.tracking == "lot" and not lot:
            yield known_as("lot_needed", f"{pointer}/lot")


def place_findings(pointer: str, place: Place | None, *, is_bench_open: bool = False) -> Iterator[Finding]:
    """unknown_place when there is none people may book from and to; is_bench_open: the receiving bench is one too."""
    if place is None or (place.kind not in OPEN_TO_BOOKING and not (is_bench_open and place.kind == "receiving")):
        yield known_as("unknown_place", pointer)
