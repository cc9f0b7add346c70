"""Products taken apart into units, each with the ways it may stand."""

from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import NamedTuple

from msgspec import structs

from orderwright.business.warehouse.cartons.model import Item, PackingRules
from orderwright.business.warehouse.cartons.together import bears_g, may_share

SIZE_MAX_MM = 100_000  # of any side
WEIGHT_MAX_G = 1_000_000  # of one unit; with more the search's numbers would not fit 63 bits


class Turn(NamedTuple):
    """Sizes along the carton's length, width and height, padding included, and which sides those are."""

    length_mm: int
    width_mm: int
    height_mm: int
    turned: str


class Unit(NamedTuple):
    """One unit of a product. kind: equal units have equal kinds. load_g: what may rest on it, -1 without limit."""

    item: Item
    kind: int
    turns: tuple[Turn, ...]
    load_g: int

    @property
    def volume_mm3(self) -> int:
        """The room it takes, padding included."""
        length, width, height, _ = self.turns[0]
        return length * width * height


def merged(items: Sequence[Item]) -> list[Item]:
    """One line a product, by sku, none without quantity: so the order of lines never changes an answer."""
    quantities: dict[str, int] = {}
    for item in items:
        quantities[item.sku] = quantities.get(item.sku, 0) + item.quantity
    of_sku = {item.sku: item for item in items}
    return [structs.replace(of_sku[sku], quantity=quantities[sku]) for sku in sorted(quantities) if quantities[sku]]


def units_of(items: Sequence[Item], rules: PackingRules) -> list[Unit]:
    """Every unit of every product, in the order given."""
    units: list[Unit] = []
    for kind, item in enumerate(items):
        limit = bears_g(item, rules)
        unit = Unit(item, kind, turns_of(item), -1 if limit is None else limit)
        units += [unit] * item.quantity
    return units


def turns_of(item: Item) -> tuple[Turn, ...]:
    """The ways a product may stand that differ, as it stands first; two when this side must be up, six at most."""
    sides = (("l", item.length_mm), ("w", item.width_mm), ("h", item.height_mm))
    turns: dict[tuple[int, int, int], Turn] = {}
    for ways in permutations(sides):
        if item.this_side_up and ways[2][0] != "h":
            continue
        length, width, height = (size + 2 * item.padding_mm for _, size in ways)
        turn = Turn(length, width, height, "".join(name for name, _ in ways))
        turns.setdefault((length, width, height), turn)
    return tuple(turns.values())


def clashes(units: Sequence[Unit]) -> list[list[bool]]:
    """Which units may not share a carton, unit by unit."""
    known: dict[tuple[int, int], bool] = {}

    def clash(one: Unit, other: Unit) -> bool:
        pair = one.kind, other.kind
        if pair not in known:
            known[pair] = one.kind != other.kind and not may_share(one.item, other.item)
        return known[pair]

    return [[clash(one, other) for other in units] for one in units]


def weight_g(units: Iterable[Unit]) -> int:
    """What units weigh together."""
    return sum(unit.item.weight_g for unit in units)


def volume_mm3(units: Iterable[Unit]) -> int:
    """The room units take together, padding included."""
    return sum(unit.volume_mm3 for unit in units)


def protection_minor(units: Iterable[Unit]) -> int:
    """What protecting units costs together."""
    return sum(unit.item.protection_minor for unit in units)
