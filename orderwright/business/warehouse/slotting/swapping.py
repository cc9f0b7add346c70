"""Choosing which products change places: exchanges that shorten the walks that were really walked.

A basket is what one walk took: distinct products. Its length is the shortest tour past their bins, so that what is
often picked together draws together by itself. Exchanges are tried on the walks they touch, the best are made, and
so on until none pays for the work of moving. After the cube-per-order idea of Heskett 1963 for what to try, and
local search over walks for what to take.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from orderwright.business.warehouse.walking.walks import Lengths

FREQUENT_TRIED = 40
"""Products looked at in each round: those whose place fits their frequency worst."""
PARTNERS_TRIED = 12
"""Places each of them is tried in."""
MADE_A_ROUND = 4
"""Exchanges made before all are tried anew: more is quicker, fewer is better."""
BASKETS_TRIED = 100
"""Walks an exchange is tried on; of more, every n-th, and the sum is scaled."""


class Slot(NamedTuple):
    """A bin. key: its spot, as `Lengths` names it. room_cm3: what fits in; 0: nobody said. kind: what may lie there."""

    code: str
    key: int
    room_cm3: int = 0
    kind: str = ""


class Goods(NamedTuple):
    """A product in its bin. need_cm3: the room its usual stock takes, 0: nobody said. kind: where it may lie."""

    sku: str
    slot: int
    need_cm3: int = 0
    kind: str = ""


class Exchange(NamedTuple):
    """A product goes into another bin; what lay there (`back`, if anything) takes its place.

    saved_mm: over the walks it was chosen on. is_measured: whether the sizes of both sides are known.
    """

    sku: str
    source: str
    target: str
    back: str | None
    saved_mm: int
    is_measured: bool


class Suggestion(NamedTuple):
    """Exchanges in the order they are to be made. before_mm, after_mm: the walks they were chosen on."""

    exchanges: list[Exchange]
    before_mm: int
    after_mm: int
    homes: dict[str, int]


def suggest(
    lengths: Lengths, slots: Sequence[Slot], goods: Iterable[Goods], baskets: Sequence[Collection[str]],
    *, exchanges_max: int, worth_mm: int,
) -> Suggestion:  # fmt: skip
    """The exchanges that shorten these walks most, one after the other.

    goods: every product with its one bin (index into slots). exchanges_max: how many at most. worth_mm: what one
    must save over all walks to be worth its work. What a basket names that has no bin is left out of its walk.
    """
    floor = _Floor(lengths, slots, goods, baskets)
    before = floor.total_mm()
    made: list[Exchange] = []
    while len(made) < exchanges_max:
        tries = sorted(floor.tries(), key=lambda each: (-each[0], each[1], each[2]))
        before_round = len(made)
        for hoped, sku, slot in tries:
            # Looked at again: an exchange made since may have changed the walks, or who lies where.
            saved = floor.saved(sku, slot)
            if saved >= max(worth_mm, hoped * 9 // 10):
                made.append(floor.exchange(saved, sku, slot))
            if len(made) in (exchanges_max, before_round + MADE_A_ROUND):
                break
        if len(made) == before_round:
            break
    return Suggestion(made, before, floor.total_mm(), dict(floor.homes))


def walked_mm(
    lengths: Lengths, slots: Sequence[Slot], homes: Mapping[str, int], baskets: Iterable[Collection[str]]
) -> int:  # fmt: skip
    """How long these walks are with every product in its home (index into slots)."""
    total = 0
    for basket in baskets:
        key = 0
        for sku in basket:
            if sku in homes:
                key |= slots[homes[sku]].key
        total += lengths.length_mm(key)
    return total


class _Floor:
    """Who lies where, while one exchange after the other is made."""

    def __init__(
        self, lengths: Lengths, slots: Sequence[Slot], goods: Iterable[Goods], baskets: Sequence[Collection[str]]
    ) -> None:  # fmt: skip
        self._lengths, self._slots = lengths, slots
        self._goods = {each.sku: each for each in goods}
        self.homes = {each.sku: each.slot for each in self._goods.values()}
        self._lying: dict[int, list[str]] = {}
        for sku, slot in sorted(self.homes.items()):
            self._lying.setdefault(slot, []).append(sku)
        self._baskets = [sorted({sku for sku in basket if sku in self.homes}) for basket in baskets]
        self._keys = [self._key(basket) for basket in self._baskets]
        self._of: dict[str, list[int]] = {}
        for index, basket in enumerate(self._baskets):
            for sku in basket:
                self._of.setdefault(sku, []).append(index)
        self._far = [lengths.length_mm(slot.key) for slot in slots]
        self._known: dict[int, int] = {}
        self._refused: set[tuple[str, int]] = set()

    def total_mm(self) -> int:
        """How long all walks are now."""
        return sum(self._length(key) for key in self._keys)

    def tries(self) -> Iterable[tuple[int, str, int]]:
        """(saved mm, product, slot) of exchanges worth a look: products that are far for how often they are picked."""
        by_distance = sorted(range(len(self._slots)), key=lambda slot: (self._far[slot], slot))
        nearest = self._far[by_distance[0]] if by_distance else 0
        worst = sorted(
            (sku for sku in self._of),
            key=lambda sku: (-len(self._of[sku]) * (self._far[self.homes[sku]] - nearest), sku),
        )
        for sku in worst[:FREQUENT_TRIED]:
            for slot in self._targets(sku, by_distance):
                if (sku, slot) in self._refused:
                    continue
                saved = self.saved(sku, slot)
                if saved > 0:
                    yield saved, sku, slot
                else:
                    self._refused.add((sku, slot))

    def _targets(self, sku: str, by_distance: Sequence[int]) -> list[int]:
        """Nearer bins held by what is picked less, and bins beside what this product is picked with."""
        home, often = self.homes[sku], len(self._of[sku])
        gains = [
            ((often - self._often(slot)) * (self._far[home] - self._far[slot]), slot)
            for slot in by_distance
            if self._far[slot] < self._far[home] and self._fits(sku, slot)
        ]
        found = [slot for _, slot in sorted(gains, key=lambda each: (-each[0], each[1]))[:PARTNERS_TRIED]]
        return found + [slot for slot in self._beside_companions(sku) if slot not in found]

    def _beside_companions(self, sku: str) -> list[int]:
        together: dict[str, int] = {}
        for index in self._of[sku][:BASKETS_TRIED]:
            for other in self._baskets[index]:
                together[other] = together.get(other, 0) + 1
        together.pop(sku, None)
        friends = sorted(together, key=lambda other: (-together[other], other))[:3]
        wanted = {self._slots[self.homes[friend]].key for friend in friends if together[friend] > 1}
        near = [slot for slot, each in enumerate(self._slots) if each.key in wanted and self._fits(sku, slot)]
        return sorted(near, key=lambda slot: (self._often(slot), slot))[: PARTNERS_TRIED // 2]

    def _often(self, slot: int) -> int:
        return sum(len(self._of.get(sku, ())) for sku in self._lying.get(slot, ()))

    def _partner(self, slot: int) -> str | None:
        """What would have to leave a bin: what lies there alone; several products stay."""
        lying = self._lying.get(slot, [])
        return lying[0] if lying else None

    def _fits(self, sku: str, slot: int) -> bool:
        home = self.homes[sku]
        if slot == home or len(self._lying.get(slot, ())) > 1 or len(self._lying[home]) > 1:
            return False
        partner = self._partner(slot)
        there, here = self._slots[slot], self._slots[home]
        if self._goods[sku].kind != there.kind and self._goods[sku].kind:
            return False
        if _is_too_small(there, self._goods[sku]):
            return False
        if partner is None:
            return True
        back = self._goods[partner]
        return not (back.kind and back.kind != here.kind) and not _is_too_small(here, back)

    def saved(self, sku: str, slot: int) -> int:
        """What an exchange saves over the walks it touches; 0 where it cannot be made."""
        if not self._fits(sku, slot):
            return 0
        partner = self._partner(slot)
        touched = sorted(set(self._of[sku]) ^ set(self._of.get(partner or "", ())))
        step = -(-len(touched) // BASKETS_TRIED) or 1
        moved = {sku: slot, **({partner: self.homes[sku]} if partner else {})}
        saved = 0
        for index in touched[::step]:
            saved += self._length(self._keys[index]) - self._length(self._key(self._baskets[index], moved))
        return saved * step

    def exchange(self, saved_mm: int, sku: str, slot: int) -> Exchange:
        """Make an exchange."""
        home, partner = self.homes[sku], self._partner(slot)
        self.homes[sku] = slot
        self._lying[home].remove(sku)
        if partner:
            self.homes[partner] = home
            self._lying[slot].remove(partner)
            self._lying[home].append(partner)
        self._lying.setdefault(slot, []).append(sku)
        for index in {*self._of[sku], *self._of.get(partner or "", ())}:
            self._keys[index] = self._key(self._baskets[index])
        self._refused.clear()
        sides = [(self._goods[sku], self._slots[slot])]
        if partner:
            sides.append((self._goods[partner], self._slots[home]))
        is_measured = all(goods.need_cm3 and place.room_cm3 for goods, place in sides)
        return Exchange(sku, self._slots[home].code, self._slots[slot].code, partner, saved_mm, is_measured)

    def _key(self, basket: Iterable[str], moved: Mapping[str, int] | None = None) -> int:
        key = 0
        for sku in basket:
            slot = moved[sku] if moved and sku in moved else self.homes[sku]
            key |= self._slots[slot].key
        return key

    def _length(self, key: int) -> int:
        length = self._known.get(key)
        if length is None:
            length = self._known[key] = self._lengths.length_mm(key)
        return length


def _is_too_small(slot: Slot, goods: Goods) -> bool:
    return bool(slot.room_cm3 and goods.need_cm3 and goods.need_cm3 > slot.room_cm3)
