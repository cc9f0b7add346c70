"""How likely the books are wrong about a product in a bin, from what happened there since it was last counted. Pure.

Every kind of evidence weighs 100 times the natural logarithm of how much likelier it is when the books are wrong than
when they are right; weights of independent evidence add up (naive Bayes). The shares they are made of are what
warehouses see: one pick in a hundred is called short though the goods are there, nine of ten at an empty bin; a unit
scanned in a bin where its product is not booked comes from the bin next door far more often than from further away.
No weight was fitted to a simulation.
"""

from collections.abc import Iterable, Sequence
from math import prod
from typing import Literal, NamedTuple

SHORT = 450
"""A short pick: 90 % at an empty bin, 1 % at a good one: ln 90."""
FULL = -229
"""A pick that found all it asked for: 10 % where much is missing, 99 % at a good bin."""
QUIET_MAX = 400
"""However long it was passed over: nobody knows all the reasons to take goods from elsewhere."""
QUIET_ALONE_MAX = 230
"""Nobody asked for it: of ten products the season of one ends within 90 days (ln 10), so silence says no more."""
OFF_HERE, OFF_HERE_MAX = 110, 2
"""Another product of the bin was off: bins in which things go wrong do so three times as often (ln 3)."""
SURPLUS_NEAR = 460
"""More of it than booked was found in a bin next door: 20 % of what is missing turns up there, 0.2 % by chance."""
STRANGE, STRANGE_NEXT_DOOR = 500, 410
"""It was scanned where it is not booked: three of ten hands find what lies there unbooked. A stray unit lies in a good
bin at one pick in 500 (ln 150); a hand in the wrong bin finds what is booked next door at one in 200 (ln 60)."""
NOT_STRANGE = -35
"""A pick there after the first such scan that met nothing strange: ln 0.7."""
MISSED = 195
"""It came short where it is booked: half of what was put away wrongly does, and 7 % of all products (ln 7)."""

PASSED_MAX = 60
"""More order lines than these say no more."""
_SHIFT = 64

Kind = Literal["missing", "hidden"]


class Evidence(NamedTuple):
    """What happened around a product in a bin since it was last counted there, and at most 90 days ago.

    booked: units, 0 where it is not booked. shorts, full: picks that found less, and all, since the moment since when
    they speak most for missing goods (`worst_run`). quiet_days: since it was picked there; picks_before: in
    days_before, before it went quiet. passed_over: order lines of it that went elsewhere meanwhile; all_before: its
    picks at the site up to the last here. off_here: other products of the bin that counts found off. surplus_near: bins
    next door where more than booked was found. strange: times it was scanned here though not booked; is_next_door: it
    is booked in a bin beside; not_strange: picks there since that met nothing strange. missed: short picks of it where
    it is booked, since it was counted there.
    """

    place_id: int
    sku: str
    booked: int
    shorts: int = 0
    full: int = 0
    quiet_days: int = 0
    picks_before: int = 0
    days_before: int = 1
    passed_over: int = 0
    all_before: int = 0
    off_here: int = 0
    surplus_near: int = 0
    strange: int = 0
    is_next_door: bool = False
    not_strange: int = 0
    missed: int = 0


class Ghost(NamedTuple):
    """A product in a bin that the books may have wrong. score: 100 times the logarithm of the odds' change."""

    place_id: int
    sku: str
    kind: Kind
    score: int
    evidence: Evidence


def rank(evidence: Iterable[Evidence]) -> list[Ghost]:
    """Those for which more speaks than against, the likeliest first; equal ones by place and product."""
    ghosts = [ghost_of(each) for each in evidence]
    found = [each for each in ghosts if each.score > 0]
    return sorted(found, key=lambda each: (-each.score, -each.evidence.booked, each.place_id, each.sku))


def ghost_of(evidence: Evidence) -> Ghost:
    """What the evidence comes to: of what is booked, whether it is missing; of what is not, whether it lies there."""
    if evidence.booked > 0:
        return Ghost(evidence.place_id, evidence.sku, "missing", missing_score(evidence), evidence)
    return Ghost(evidence.place_id, evidence.sku, "hidden", hidden_score(evidence), evidence)


def missing_score(evidence: Evidence) -> int:
    """For booked units not being there."""
    score = max(0, SHORT * evidence.shorts + FULL * evidence.full) + quiet_score(evidence)
    score += OFF_HERE * min(evidence.off_here, OFF_HERE_MAX)
    return score + SURPLUS_NEAR * min(evidence.surplus_near, 1)


def worst_run(is_short: Sequence[bool]) -> tuple[int, int]:
    """(shorts, full picks) of the last so many picks that speak most for missing goods; (0, 0) where none do.

    Goods go missing at some moment and stay so: what was picked well before says nothing (Page's CUSUM).
    """
    best, score, shorts, full, run = 0, 0, 0, 0, (0, 0)
    for each in reversed(is_short):
        shorts, full = shorts + each, full + (not each)
        score += SHORT if each else FULL
        if score > best:
            best, run = score, (shorts, full)
    return run


def hidden_score(evidence: Evidence) -> int:
    """For units being there that are not booked."""
    if not evidence.strange:
        return 0
    weight = STRANGE_NEXT_DOOR if evidence.is_next_door else STRANGE
    score = weight * evidence.strange + NOT_STRANGE * evidence.not_strange
    return score + MISSED * min(evidence.missed, 1)


def quiet_score(evidence: Evidence) -> int:
    """For a bin nobody took from though its product was wanted.

    With n picks of the product before, a of them here, the chance that k more all go elsewhere in a good world is the
    product of (n - a + 1 + j) / (n + 2 + j) for j below k (Laplace's rule of succession). The last pick here is left
    out of both, since it says where the silence begins. Days without any order count by the rate before, and little.
    """
    n, here = max(evidence.all_before - 1, 0), max(evidence.picks_before - 1, 0)
    others = max(n - here, 0)
    k = min(evidence.passed_over, PASSED_MAX)
    passed = centi_ln(prod(range(n + 2, n + 2 + k)), prod(range(others + 1, others + 1 + k)))
    days = 100 * evidence.quiet_days * here // max(evidence.days_before, 1)
    return min(passed, QUIET_MAX) if k else min(days, QUIET_ALONE_MAX)


def centi_ln(numerator: int, denominator: int) -> int:
    """100 times the natural logarithm of a ratio (both >= 1), in whole numbers, to about one.

    The length of a number in bits is its logarithm to base 2; of its 100th power, a hundred times as fine.
    """
    scaled = ((numerator << _SHIFT) // denominator) ** 100
    return (scaled.bit_length() - 1 - 100 * _SHIFT) * 69_315 // 100_000


def sentences(ghost: Ghost) -> list[str]:
    """The evidence in words, what weighs most first."""
    e = ghost.evidence
    if ghost.kind == "hidden":
        told = [f"Scanned here {e.strange} times though none is booked here."]
        return told + ([f"{e.missed} short picks where it is booked."] if e.missed else [])
    told = []
    if e.shorts:
        after = f", {e.full} full ones since the first of them" if e.full else ""
        told.append(f"{e.shorts} short picks{after}.")
    if e.surplus_near:
        told.append("More than booked was found in a bin next door.")
    if e.passed_over:
        told.append(f"{e.passed_over} order lines went elsewhere in {e.quiet_days} days without a pick here.")
    elif e.quiet_days * e.picks_before > e.days_before:
        told.append(f"No pick for {e.quiet_days} days, after {e.picks_before} in {e.days_before} days.")
    if e.off_here:
        told.append(f"Counts found {e.off_here} other products of this bin off.")
    return told
