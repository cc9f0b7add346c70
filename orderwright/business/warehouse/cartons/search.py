"""The packing search: many quick starts, each placing unit after unit into the maximal empty spaces of a carton.

A start places the units in some order. The empty room is kept as all its maximal boxes ("spaces", which may
overlap); a unit goes to the lowest corner of the space that one of the scores likes best. Source: maximal-space
representation, Lai and Chan 1997; multi-start use, Parreno et al. 2008.

Every function here is written in the part of Python that numba compiles. With numba or without it, both walk
the same steps with the same random numbers and give the same answer; numba only changes the time. All of it stands
in one file because numba looks at no other file when it decides whether its cache is stale.
"""

from collections.abc import MutableSequence
from typing import NamedTuple

Numbers = MutableSequence[int]
Box = tuple[int, int, int, int, int, int]

WORST = 1 << 62
SCORES = 6


class Goods(NamedTuple):
    """The units to pack, as flat sequences.

    turn_start: per unit, where its permitted orientations start in dx, dy, dz (mm), and a last end.
    weight: g per unit. bears: g that may rest on a unit, -1 without limit. clash: units * units, 1 where two may
    not share a carton. least: the shortest side of any. has_limits, has_clashes: whether `bears` and `clash` matter.
    support: how many per cent of a unit's base must stand on something; 0 when it may float.
    """

    turn_start: Numbers
    dx: Numbers
    dy: Numbers
    dz: Numbers
    weight: Numbers
    bears: Numbers
    clash: Numbers
    least: int
    has_limits: int
    has_clashes: int
    support: int


class Room(NamedTuple):
    """The inside of a carton in mm, and the g of goods it may hold."""

    length: int
    width: int
    height: int
    goods_g: int


class Places(NamedTuple):
    """Where the units stand: corner in mm and orientation per unit, orientation -1 when it is not placed."""

    x: Numbers
    y: Numbers
    z: Numbers
    turn: Numbers


def roll(dice: Numbers, sides: int) -> int:
    """A number from 0 to sides - 1 (Park and Miller's generator, whose state fits 31 bits)."""
    dice[0] = dice[0] * 48271 % 2147483647
    return dice[0] % sides


def worth(score: int, space: Box, dx: int, dy: int, dz: int) -> int:
    """How little a score likes a place; the smallest wins. Sizes are below 2^17 mm, so the keys fit 62 bits."""
    x1, y1, z1, x2, y2, z2 = space
    if score == 0:  # lowest, then furthest back
        return (z1 << 40) + (y1 << 20) + x1
    if score == 1:  # against the left wall first
        return (x1 << 40) + (z1 << 20) + y1
    if score == 2:  # against the back wall first
        return (y1 << 40) + (z1 << 20) + x1
    rest_x, rest_y, rest_z = x2 - x1 - dx, y2 - y1 - dy, z2 - z1 - dz
    if score == 3:  # one side as flush as it can be, then the next
        low, high = min(rest_x, rest_y, rest_z), max(rest_x, rest_y, rest_z)
        return (low << 40) + ((rest_x + rest_y + rest_z - low - high) << 20) + high
    if score == 4:  # the least of the space is left
        return (x2 - x1) * (y2 - y1) * (z2 - z1) - dx * dy * dz
    if score == 5:  # the pile stays compact
        return (x1 + dx) ** 2 + (y1 + dy) ** 2 + (z1 + dz) ** 2
    # any place: what all the others avoid may be the one that works; the score is the seed
    return ((x1 + 7 * y1 + 13 * z1 + 31 * dx + 61 * dy) * score + score * score) % 1000003


def cut(spaces: list[Box], box: Box, least: int) -> list[Box]:
    """The maximal spaces that remain once a box stands in them; those narrower than `least` are of no use."""
    bx1, by1, bz1, bx2, by2, bz2 = box
    kept = spaces[:0]
    parts = spaces[:0]
    for space in spaces:
        x1, y1, z1, x2, y2, z2 = space
        if bx1 >= x2 or bx2 <= x1 or by1 >= y2 or by2 <= y1 or bz1 >= z2 or bz2 <= z1:
            kept.append(space)
            continue
        if bx1 - x1 >= least:
            parts.append((x1, y1, z1, bx1, y2, z2))
        if x2 - bx2 >= least:
            parts.append((bx2, y1, z1, x2, y2, z2))
        if by1 - y1 >= least:
            parts.append((x1, y1, z1, x2, by1, z2))
        if y2 - by2 >= least:
            parts.append((x1, by2, z1, x2, y2, z2))
        if bz1 - z1 >= least:
            parts.append((x1, y1, z1, x2, y2, bz1))
        if z2 - bz2 >= least:
            parts.append((x1, y1, bz2, x2, y2, z2))
    # A part of a space can lie within a space or another part; a kept space lies within none.
    for i in range(len(parts)):
        x1, y1, z1, x2, y2, z2 = parts[i]
        inside = False
        for ox1, oy1, oz1, ox2, oy2, oz2 in kept:
            if ox1 <= x1 and oy1 <= y1 and oz1 <= z1 and ox2 >= x2 and oy2 >= y2 and oz2 >= z2:
                inside = True
                break
        if inside:
            continue
        for j in range(i + 1, len(parts)):
            ox1, oy1, oz1, ox2, oy2, oz2 = parts[j]
            if ox1 <= x1 and oy1 <= y1 and oz1 <= z1 and ox2 >= x2 and oy2 >= y2 and oz2 >= z2:
                inside = True
                break
        if not inside:
            kept.append((x1, y1, z1, x2, y2, z2))
    return kept


def contact(upper: Box, lower: Box) -> int:
    """The area in mm2 on which one box stands on another's top."""
    if lower[5] != upper[2]:
        return 0
    wide = min(upper[3], lower[3]) - max(upper[0], lower[0])
    deep = min(upper[4], lower[4]) - max(upper[1], lower[1])
    return wide * deep if wide > 0 and deep > 0 else 0


def add_load(
    goods: Goods, boxes: list[Box], units: list[int], loads: list[int], box: Box, unit: int, keep: int
) -> bool:
    """Whether all below bears one box more; `keep` 1 books it in `loads`, which belong to `boxes`.

    A box passes what it gets on to those it touches below, by the area of contact, rounded up: the sum may be some
    g too much and is never too little. A box is not put under one that stands already, so loads only grow downwards.
    """
    count = len(boxes)
    more = [0] * count
    upper, passed_on = box, goods.weight[unit]
    while True:
        area = 0
        if upper[2] > 0:
            for lower in boxes:
                area += contact(upper, lower)
        if area > 0:
            for i in range(count):
                touching = contact(upper, boxes[i])
                if touching > 0:
                    more[i] += -(-passed_on * touching // area)
        top = -1
        for i in range(count):
            if more[i] > 0 and (top < 0 or boxes[i][2] > boxes[top][2]):
                top = i
        if top < 0:
            return True
        passed_on, upper, more[top] = more[top], boxes[top], 0
        limit = goods.bears[units[top]]
        if limit >= 0 and loads[top] + passed_on > limit:
            return False
        if keep > 0:
            loads[top] += passed_on


def is_under(boxes: list[Box], box: Box) -> bool:
    """Whether the box would come to lie right under one that stands already."""
    for other in boxes:  # noqa: SIM110  numba compiles no generator
        if contact(other, box) > 0:
            return True
    return False


def may_stand(goods: Goods, boxes: list[Box], units: list[int], loads: list[int], box: Box, unit: int) -> bool:
    """Whether a unit is held from below here, and nothing under it bears too much then."""
    x1, y1, z1, x2, y2, _ = box
    if goods.support > 0 and z1 > 0:
        area = 0
        for lower in boxes:
            area += contact(box, lower)
        if area * 100 < goods.support * (x2 - x1) * (y2 - y1):
            return False
    if goods.has_limits == 0:
        return True
    return not is_under(boxes, box) and add_load(goods, boxes, units, loads, box, unit, 0)


def has_clash(goods: Goods, units: list[int], unit: int) -> bool:
    """Whether a unit may not share a carton with one that is in it."""
    count = len(goods.weight)
    for other in units:  # noqa: SIM110  numba compiles no generator
        if goods.clash[unit * count + other] == 1:
            return True
    return False


def one_start(goods: Goods, room: Room, order: Numbers, begin: int, score: int, whole: int, places: Places) -> int:
    """Place the units of order[begin:] in turn; `whole` 1 stops at the first that finds no place, 0 leaves it out.

    Returns how many were placed. One order has as many entries as there are units.
    """
    turn_start, all_dx, all_dy, all_dz, weight, _, _, least, has_limits, has_clashes, support = goods
    length, width, height, goods_g = room
    spaces = [(0, 0, 0, length, width, height)]
    boxes = spaces[:0]
    units = [0][:0]
    loads = [0][:0]
    ruled = has_limits + support
    placed = 0
    for position in range(begin, begin + len(weight)):
        unit = order[position]
        best = WORST
        best_turn = -1
        bx, by, bz = 0, 0, 0
        if weight[unit] <= goods_g and not (has_clashes > 0 and has_clash(goods, units, unit)):
            for turn in range(turn_start[unit], turn_start[unit + 1]):
                dx, dy, dz = all_dx[turn], all_dy[turn], all_dz[turn]
                for space in spaces:
                    x1, y1, z1, x2, y2, z2 = space
                    if x1 + dx > x2 or y1 + dy > y2 or z1 + dz > z2:
                        continue
                    key = worth(score, space, dx, dy, dz)
                    if key < best and (
                        ruled == 0
                        or may_stand(goods, boxes, units, loads, (x1, y1, z1, x1 + dx, y1 + dy, z1 + dz), unit)
                    ):
                        best, best_turn, bx, by, bz = key, turn, x1, y1, z1
        places.turn[unit] = best_turn
        if best_turn < 0:
            if whole > 0:
                return placed
            continue
        places.x[unit], places.y[unit], places.z[unit] = bx, by, bz
        box = (bx, by, bz, bx + all_dx[best_turn], by + all_dy[best_turn], bz + all_dz[best_turn])
        if has_limits > 0:
            add_load(goods, boxes, units, loads, box, unit, 1)
        boxes.append(box)
        units.append(unit)
        loads.append(0)
        goods_g -= weight[unit]
        placed += 1
        spaces = cut(spaces, box, least)
    return placed


def vary(orders: Numbers, begin: int, count: int, stuck: int, dice: Numbers) -> None:
    """Move the unit that found no place to the front half of those before it; now and then swap any two.

    What is hard to place is placed earlier next time. Source: squeaky wheel optimisation, Joslin and Clements 1999.
    """
    unit = orders[begin + stuck]
    to = roll(dice, stuck + 1)
    if roll(dice, 2) == 1:
        to //= 2
    for position in range(stuck, to, -1):
        orders[begin + position] = orders[begin + position - 1]
    orders[begin + to] = unit
    one, other = begin + roll(dice, count), begin + roll(dice, count)
    if roll(dice, 2) == 1:
        orders[one], orders[other] = orders[other], orders[one]


def fill_whole(goods: Goods, room: Room, orders: Numbers, reached: Numbers, starts: int, places: Places) -> int:
    """Find places for all units. orders: chains of orders, one after another, changed here; reached: one per chain.

    Returns the number of starts used, or -1 when none of them found a place for every unit.
    """
    count = len(goods.weight)
    chains = len(reached)
    dice = [12345]
    for start in range(starts):
        chain = start % chains
        begin = chain * count
        score = chain % SCORES
        if start >= chains:
            vary(orders, begin, count, reached[chain], dice)
            score = roll(dice, SCORES + 1)
            if score == SCORES:
                score += roll(dice, 1000000)
        reached[chain] = one_start(goods, room, orders, begin, score, 1, places)
        if reached[chain] == count:
            return start + 1
    return -1


def fill_most(goods: Goods, room: Room, orders: Numbers, chains: int, starts: int, places: Places) -> int:
    """Fill a room with as much volume as the starts find; places hold the best. Returns that volume in mm3."""
    count = len(goods.weight)
    best_volume = -1
    best_chain, best_score = 0, 0
    for start in range(starts + 1):
        chain, score = start % chains, start % SCORES
        if start == starts:
            chain, score = best_chain, best_score
        one_start(goods, room, orders, chain * count, score, 0, places)
        volume = 0
        for unit in range(count):
            turn = places.turn[unit]
            if turn >= 0:
                volume += goods.dx[turn] * goods.dy[turn] * goods.dz[turn]
        if volume > best_volume:
            best_volume, best_chain, best_score = volume, chain, score
    return best_volume


PARTS = (roll, worth, cut, contact, add_load, is_under, may_stand, has_clash, one_start, vary)
"""What the two entrances, fill_whole and fill_most, are made of, each after what it calls."""
