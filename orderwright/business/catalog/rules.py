"""What a catalogue is made of: the places every site has, and names that hold for a while. Pure."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

EVER = datetime.min.replace(tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)

VIRTUAL_PLACES: Mapping[str, str] = {
    "SUPPLIER": "supplier",
    "CUSTOMER": "customer",
    "LOST": "lost",
    "FOUND": "found",
    "SCRAP": "scrap",
    "TRANSIT": "transit",
}
"""Code -> kind of the places every site has on paper only: where units come from and go to."""
FIRST_PLACES: Mapping[str, str] = {
    "STOCK": "bin",
    "PACKING": "packing",
    "QUARANTINE": "quarantine",
    "RETURNS": "returns",
    "RECEIVING": "receiving",
}
"""Code -> kind of the physical places every site starts with; receipts go to STOCK unless they say where."""


def options_text(options: Mapping[str, str]) -> str:
    """A variant's options as they are kept and compared: JSON, by name."""
    return json.dumps(options, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def options_of(words: Iterable[str]) -> dict[str, str] | None:
    """Options written as `size=M`, by name; None when one of them is not written so."""
    pairs = [(name.strip(), value.strip()) for name, _, value in (word.partition("=") for word in words)]
    return dict(pairs) if all(name and value for name, value in pairs) else None


class Naming(NamedTuple):
    """What a code means on a channel ('' on every one) for a while: from (inclusive) to (exclusive)."""

    code: str
    channel: str
    sku: str
    valid_from: datetime
    valid_to: datetime


class KnownProducts:
    """What is known of the products around a PUT, kept up to date as commands are accepted."""

    def __init__(
        self,
        versions: Mapping[str, int],
        kits: Iterable[str],
        namings: Iterable[Naming],
        parts: Iterable[tuple[str, str]],
        in_stock: Iterable[str],
        variants: Iterable[tuple[str, str, str]] = (),
    ) -> None:
        self.versions = dict(versions)
        self.kits = set(kits)
        self.in_stock = set(in_stock)  # skus with units here, promised or waited for
        self.stocked_before = frozenset(self.versions) - self.kits
        self._namings: dict[str, list[Naming]] = defaultdict(list)  # by code
        self._codes: dict[str, set[str]] = defaultdict(set)  # by sku
        self._kits_of: dict[str, set[str]] = defaultdict(set)  # by component
        self._components: dict[str, set[str]] = defaultdict(set)  # by kit
        self._variants = {(family, options): sku for family, options, sku in variants}
        for naming in namings:
            self._name(naming)
        for kit, component in parts:
            self._build(kit, component)

    def accept(
        self, sku: str, namings: Sequence[Naming], components: Sequence[str], variant: tuple[str, str] = ("", "")
    ) -> int:
        """Take over what a PUT says; the product's new version. variant: family and options, as they are kept."""
        self.versions[sku] = self.versions.get(sku, 0) + 1
        (self.kits.add if components else self.kits.discard)(sku)
        for name in self._codes.pop(sku, ()):
            self._namings[name] = self.others(sku, name)
        for part in self._components.pop(sku, ()):
            self._kits_of[part].discard(sku)
        for naming in namings:
            self._name(naming)
        for component in components:
            self._build(sku, component)
        self._variants = {key: other for key, other in self._variants.items() if other != sku}
        if variant[0]:
            self._variants[variant] = sku
        return self.versions[sku]

    def twin(self, sku: str, variant: tuple[str, str]) -> str:
        """The other product of a family that has the same options; '' for none."""
        other = self._variants.get(variant, "")
        return other if other != sku else ""

    def others(self, sku: str, code: str) -> list[Naming]:
        """What a code means besides a product."""
        return [naming for naming in self._namings.get(code, ()) if naming.sku != sku]

    def is_component(self, sku: str) -> bool:
        """Whether a kit is made of it."""
        return bool(self._kits_of.get(sku))

    def _name(self, naming: Naming) -> None:
        self._namings[naming.code].append(naming)
        self._codes[naming.sku].add(naming.code)

    def _build(self, kit: str, component: str) -> None:
        self._kits_of[component].add(kit)
        self._components[kit].add(component)
