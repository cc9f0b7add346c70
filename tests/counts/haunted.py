"""A site of 5,000 bins through 90 days, with 40 ghosts among what goes wrong anyhow.

Errors happen where hands go, so ghosts are planted by how often a bin is picked. Twelve products were put away into a
wrong bin: they are missing in one (a ghost) and lie unbooked in another (a ghost). Sixteen more are simply not there.
Round them: pickers who call a bin short though the goods are there, units scanned that were dropped or taken from next
door, products whose season ends, slow ones nobody asks for, counts that find something off. Of short picks two in five
are counted within days; a ghost that is found that way is none any more, so those planted are ones that were not.
"""

from random import Random
from typing import NamedTuple

from orderwright.business.warehouse.ghosts.rules import Evidence, worst_run

BINS, PRODUCTS, DAYS, GHOSTS, MISPLACED = 5_000, 4_000, 90, 40, 12
PICKS_A_DAY = 1_500
SHORT_BY_ERROR, STRANGE_NEXT_DOOR, STRANGE_FROM_AFAR = 0.007, 0.002, 0.0005
COUNTED_AFTER_SHORT, COUNT_OFF = 0.4, 0.05
SHORT_AT_GHOST, STRANGE_AT_HIDDEN = 0.9, 0.3
SEASON_ENDS = 0.1


class Bin:
    """What happened at a bin since it was last counted."""

    def __init__(self, product: int, counted_on: int) -> None:
        self.product = product
        self.counted_on = counted_on
        self.picks: list[int] = []
        self.shorts: list[int] = []
        self.elsewhere: list[int] = []
        self.strange: dict[int, list[int]] = {}
        self.count_due: int | None = None
        self.is_off = False


class Haunted(NamedTuple):
    """Evidence of a site, its ghosts (place, sku), and all pairs by their last count, longest ago first."""

    evidence: list[Evidence]
    ghosts: set[tuple[int, str]]
    by_last_count: list[tuple[int, str]]


def haunted(seed: int) -> Haunted:
    """A site by seed."""
    return _Site(Random(seed)).lived()


class _Site:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        homes = [*range(PRODUCTS), *rng.sample(range(PRODUCTS), BINS - PRODUCTS)]
        rng.shuffle(homes)
        self.bins = [Bin(product, -rng.randrange(180) + DAYS) for product in homes]
        self.of: dict[int, list[int]] = {}
        for i, each in enumerate(self.bins):
            self.of.setdefault(each.product, []).append(i)
        weights = [1 / (rank + 10) ** 0.8 for rank in range(PRODUCTS)]
        rng.shuffle(weights)
        self.rates = [PICKS_A_DAY * weight / sum(weights) for weight in weights]
        self.ends = [rng.randrange(DAYS) if rng.random() < SEASON_ENDS else DAYS for _ in range(PRODUCTS)]
        self.missing: dict[int, int] = {}
        self.hidden: dict[int, tuple[int, int]] = {}
        for each in self.bins:
            each.is_off = each.counted_on >= 0 and rng.random() < COUNT_OFF

    def lived(self) -> Haunted:
        busy = [self.rates[each.product] / len(self.of[each.product]) for each in self.bins]
        while len(self.missing) < GHOSTS - MISPLACED:
            [i] = self.rng.choices(range(BINS), busy)
            if i not in self.missing and self.ends[self.bins[i].product] == DAYS:
                self.missing[i] = DAYS - self.rng.randrange(14, 60)
        for i in self.rng.sample(sorted(self.missing), MISPLACED):
            near = self.rng.random() < 0.5
            where = (i + 1) % BINS if near else self.rng.choices(range(BINS), busy)[0]
            if where in self.hidden or self.bins[where].product == self.bins[i].product:
                where = (where + 2) % BINS
            self.hidden[where] = (self.bins[i].product, self.missing[i])
        for day in range(DAYS):
            self._live(day)
        return self._told()

    def _live(self, day: int) -> None:
        for product, rate in enumerate(self.rates):
            if day < self.ends[product]:
                for _ in range(self._poisson(rate)):
                    self._want(product, day)
        for i, each in enumerate(self.bins):
            # A ghost that is counted is none any more: those planted were not.
            if each.count_due == day and i not in self.missing and i not in self.hidden:
                self._count(each, day)

    def _poisson(self, rate: float) -> int:
        n, left = 0, self.rng.expovariate(1)
        while left < rate:
            n, left = n + 1, left + self.rng.expovariate(1)
        return n

    def _want(self, product: int, day: int) -> None:
        homes = self.of[product]
        first = homes[0] if len(homes) == 1 or self.rng.random() < 0.8 else homes[1]
        since = self.missing.get(first)
        recent = self.bins[first].shorts[-1:] and day - self.bins[first].shorts[-1] < 4
        if recent and self.rng.random() < 0.5:
            # Whoever plans avoids a bin that was short just now.
            self._elsewhere(product, first, day)
            return
        is_ghost = since is not None and day >= since
        if self.rng.random() < (SHORT_AT_GHOST if is_ghost else SHORT_BY_ERROR):
            self.bins[first].shorts.append(day)
            if self.rng.random() < COUNTED_AFTER_SHORT:
                self.bins[first].count_due = day + self.rng.randrange(1, 6)
            self._elsewhere(product, first, day)
        else:
            self._pick(first, day)

    def _elsewhere(self, product: int, first: int, day: int) -> None:
        for other in self.of[product]:
            if other != first:
                self._pick(other, day)
                return

    def _pick(self, i: int, day: int) -> None:
        each = self.bins[i]
        each.picks.append(day)
        lies = self.hidden.get(i)
        if lies is not None and day >= lies[1] and self.rng.random() < STRANGE_AT_HIDDEN:
            each.strange.setdefault(lies[0], []).append(day)
        elif self.rng.random() < STRANGE_NEXT_DOOR:
            other = self.bins[(i + self.rng.choice((-1, 1))) % BINS].product
            each.strange.setdefault(other, []).append(day)
        elif self.rng.random() < STRANGE_FROM_AFAR:
            each.strange.setdefault(self.rng.randrange(PRODUCTS), []).append(day)

    @staticmethod
    def _count(each: Bin, day: int) -> None:
        each.counted_on, each.count_due = day, None
        each.shorts = []
        each.strange = {}

    def _told(self) -> Haunted:
        evidence = []
        for i, each in enumerate(self.bins):
            evidence.append(self._of_booked(i, each))
            near = (self.bins[(i - 1) % BINS], self.bins[(i + 1) % BINS])
            for product, days in each.strange.items():
                seen = [day for day in days if day >= each.counted_on]
                if product != each.product and seen:
                    evidence.append(Evidence(
                        i, str(product), 0, strange=len(seen),
                        not_strange=max(0, sum(day >= seen[0] for day in each.picks) - len(seen)),
                        is_next_door=product in [n.product for n in near],
                        missed=sum(len(self.bins[home].shorts) for home in self.of[product]),
                    ))  # fmt: skip
        pairs = sorted(range(BINS), key=lambda i: (self.bins[i].counted_on, i))
        ghosts = {(i, str(self.bins[i].product)) for i in self.missing}
        ghosts |= {(i, str(product)) for i, (product, _) in self.hidden.items()}
        return Haunted(evidence, ghosts, [(i, str(self.bins[i].product)) for i in pairs])

    def _of_booked(self, i: int, each: Bin) -> Evidence:
        last = each.picks[-1] if each.picks else 0
        of_all = [day for home in self.of[each.product] for day in self.bins[home].picks]
        before = [day for day in of_all if day <= last]
        quiet_from = max(last, each.counted_on)
        passed = sum(day > quiet_from for day in of_all)
        shorts = [day for day in each.shorts if day >= each.counted_on]
        picked = [(day, False) for day in each.picks if day >= each.counted_on] + [(day, True) for day in shorts]
        worst = worst_run([is_short for _, is_short in sorted(picked)])
        return Evidence(
            i, str(each.product), 10, *worst, DAYS - quiet_from, len(each.picks), max(1, last), passed,
            len(before), int(each.is_off),
        )  # fmt: skip
