"""The search: place orders exactly one by one, then destroy and repair small groups that compete for stock.

Every function here is written in the part of Python that numba compiles, over flat sequences of whole
numbers: plain lists without numba (fastest there), arrays with it. Both walk the same steps with the same
random numbers and give the same answer; numba only changes the time. All of it stands in one file because
numba recompiles what it has cached when the file of the entrance changes, and looks at no other.
"""

from collections.abc import MutableSequence
from typing import NamedTuple

Numbers = MutableSequence[int]

IMPOSSIBLE = 1 << 60  # dearer than any order
GROUP_MAX = 6  # orders removed at once
ANYWHERE_IN_10 = 1  # seeds taken anywhere, not where money is lost
RIVALS_IN_10 = 3  # groups that start with those who hold what the seed wants
REFILL_MOVES = 200  # moves between two looks at where the plan loses money


class Book(NamedTuple):
    """Who has what; orders, lines and slots as in Patterns, cells are sku * sites + site.

    stock: units left per cell, and a last cell that is always empty for slots an order does not have.
    slot_of: per line, -1 open. cost_of: per order, minor units. cell: (lines * slots). has_twins: orders
    with two lines of one sku. sku_start, sku_orders: the orders that want each sku. line_order: the order of
    each line. available: work space for the lines of one order.
    """

    slots: int
    sites: int
    line_start: Numbers
    line_order: Numbers
    quantity: Numbers
    cell: Numbers
    stock: Numbers
    slot_of: Numbers
    cost_of: Numbers
    has_twins: Numbers
    sku_of: Numbers
    sku_start: Numbers
    sku_orders: Numbers
    available: Numbers


class Tables(NamedTuple):
    """patterns.Patterns as flat sequences."""

    first: Numbers
    mask: Numbers
    cost: Numbers
    parcels: Numbers
    pick_cost: Numbers
    pick_slot: Numbers


class Prices(NamedTuple):
    """The worth of stock, in 1/scale minor units: per line and slot, and per unit of each cell."""

    scale: int
    charge: Numbers
    unit: Numbers


class Scratch(NamedTuple):
    """Work space: a group of orders and their new costs, their slots before, the pool of seeds, the dice."""

    group: Numbers
    saved: Numbers
    pool: Numbers
    dice: Numbers


def roll(dice: Numbers, sides: int) -> int:
    """A number from 0 to sides - 1 (Park and Miller's generator, whose state fits 31 bits)."""
    dice[0] = dice[0] * 48271 % 2147483647
    return dice[0] % sides


def place(book: Book, tables: Tables, order: int) -> int:
    """Give an order without stock its cheapest pattern that fits what is left. Returns its cost."""
    if book.has_twins[order]:
        return place_twins(book, tables, order)
    slots, _, line_start, _, quantity, cell, stock, slot_of, _, _, _, _, _, _ = book
    first, mask, cost, _, _, pick_slot = tables
    lines = range(line_start[order], line_start[order + 1])
    pattern = first[order]
    kept = mask[pattern]
    fits = True
    for line in lines:
        slot = pick_slot[(line << slots) + kept]
        if slot >= 0 and stock[cell[line * slots + slot]] < quantity[line]:
            fits = False
            break
    if not fits:
        return place_in_what_is_left(book, tables, order)
    for line in lines:
        slot = pick_slot[(line << slots) + kept]
        slot_of[line] = slot
        if slot >= 0:
            stock[cell[line * slots + slot]] -= quantity[line]
    return cost[pattern]


def place_in_what_is_left(book: Book, tables: Tables, order: int) -> int:
    """As `place`, when the best pattern does not fit: look at every set of slots that could still win."""
    slots, _, line_start, _, quantity, cell, stock, slot_of, _, _, _, _, _, available = book
    first, mask, cost, parcels, pick_cost, pick_slot = tables
    begin, end = line_start[order], line_start[order + 1]
    for line in range(begin, end):
        there = 0
        for slot in range(slots):
            if stock[cell[line * slots + slot]] >= quantity[line]:
                there |= 1 << slot
        available[line - begin] = there
    last = first[order + 1] - 1
    best, kept = cost[last], 0
    for pattern in range(first[order], last):
        if cost[pattern] >= best:
            break
        total = parcels[pattern]
        for line in range(begin, end):
            total += pick_cost[(line << slots) + (mask[pattern] & available[line - begin])]
            if total >= best:
                break
        if total < best:
            best, kept = total, mask[pattern]
    for line in range(begin, end):
        slot = pick_slot[(line << slots) + (kept & available[line - begin])]
        slot_of[line] = slot
        if slot >= 0:
            stock[cell[line * slots + slot]] -= quantity[line]
    return best


def place_twins(book: Book, tables: Tables, order: int) -> int:
    """As `place`, for an order with two lines of one sku: each pattern is tried on the stock itself.

    Within a pattern the lines take in turn, first to last or last to first, whichever is cheaper; so here
    alone the choice may miss the best one.
    """
    first, cost = tables.first, tables.cost
    last = first[order + 1] - 1
    best, kept, step = cost[last], last, 1
    for pattern in range(first[order], last):
        if cost[pattern] >= best:
            break
        for turn in (1, -1):
            total = take(book, tables, order, pattern, turn)
            lift(book, order)
            if total < best:
                best, kept, step = total, pattern, turn
    take(book, tables, order, kept, step)
    return best


def take(book: Book, tables: Tables, order: int, pattern: int, step: int) -> int:
    """Place an order by one pattern, each line at the best slot of it with stock left. Returns the cost."""
    slots, _, line_start, _, quantity, cell, stock, slot_of, _, _, _, _, _, _ = book
    kept = tables.mask[pattern]
    total = tables.parcels[pattern]
    begin, end = line_start[order], line_start[order + 1]
    for turn in range(end - begin):
        line = begin + turn if step > 0 else end - 1 - turn
        there = 0
        for slot in range(slots):
            if kept >> slot & 1 and stock[cell[line * slots + slot]] >= quantity[line]:
                there |= 1 << slot
        # Capped: a sum of several impossible lines could pass 64 bits.
        total = min(total + tables.pick_cost[(line << slots) + there], IMPOSSIBLE)
        slot_of[line] = tables.pick_slot[(line << slots) + there]
        if slot_of[line] >= 0:
            stock[cell[line * slots + slot_of[line]]] -= quantity[line]
    return total


def lift(book: Book, order: int) -> None:
    """Put an order's stock back; `slot_of` still says where it was."""
    slots, _, line_start, _, quantity, cell, stock, slot_of, _, _, _, _, _, _ = book
    for line in range(line_start[order], line_start[order + 1]):
        slot = slot_of[line]
        if slot >= 0:
            stock[cell[line * slots + slot]] += quantity[line]


def settle(book: Book, priced: Tables, tables: Tables, waiting: Numbers, passes: int) -> int:
    """Place the waiting orders by priced patterns, then lift and replace every order by true cost.

    Needs one pass at least: it is what fills `cost_of`. Returns the cost of the plan.
    """
    for order in waiting:
        place(book, priced, order)
    orders = len(book.cost_of)
    for _ in range(passes):
        for order in range(orders):
            lift(book, order)
            book.cost_of[order] = place(book, tables, order)
    return sum(book.cost_of)


def lost(book: Book, priced: Tables, prices: Prices, order: int) -> int:
    """How much dearer an order is than its best pattern, stock counted at its worth; in 1/scale."""
    total = book.cost_of[order] * prices.scale - priced.cost[priced.first[order]]
    for line in range(book.line_start[order], book.line_start[order + 1]):
        if book.slot_of[line] >= 0:
            total += prices.charge[line * book.slots + book.slot_of[line]]
    return total


def fill_pool(book: Book, priced: Tables, prices: Prices, pool: Numbers, least: int) -> int:
    """Where the plan loses at least `least`: the gap to the bound is the sum of exactly these losses.

    Orders not at their best pattern; skus of which worthy stock lies idle, written -1 - sku; and orders with
    an open line that the units left would cover if they lay together. Returns how many were found.
    """
    found = 0
    for order in range(len(book.cost_of)):
        if lost(book, priced, prices, order) > least:
            pool[found] = order
            found += 1
    for cell in range(len(prices.unit)):
        # Divided, since the product could pass 64 bits.
        if book.stock[cell] > 0 and prices.unit[cell] > least // book.stock[cell]:
            pool[found] = -1 - cell // book.sites
            found += 1
    for line in range(len(book.slot_of)):
        if book.slot_of[line] < 0:
            left = 0
            for cell in range(book.sku_of[line] * book.sites, (book.sku_of[line] + 1) * book.sites):
                left += book.stock[cell]
            if left >= book.quantity[line]:
                pool[found] = book.line_order[line]
                found += 1
    return found


def one_of(book: Book, sku: int, dice: Numbers) -> int:
    """Any order that wants a sku."""
    start = book.sku_start[sku]
    return book.sku_orders[start + roll(dice, book.sku_start[sku + 1] - start)]


def is_new(group: Numbers, size: int, order: int) -> bool:
    """Whether an order is not among the first `size` of a group."""
    for i in range(size):  # noqa: SIM110, numba has no any() over a generator
        if group[i] == order:
            return False
    return True


def add_rivals(book: Book, priced: Tables, scratch: Scratch) -> int:
    """Add to the seed order, for each line whose best slot has run out, one order that holds stock there."""
    group, order, size, slots = scratch.group, scratch.group[0], 1, book.slots
    kept = priced.mask[priced.first[order]]
    for line in range(book.line_start[order], book.line_start[order + 1]):
        slot = priced.pick_slot[(line << slots) + kept]
        if slot < 0 or slot == book.slot_of[line] or size == GROUP_MAX:
            continue
        wanted, sku = book.cell[line * slots + slot], book.sku_of[line]
        if book.stock[wanted] >= book.quantity[line]:
            continue
        start, end = book.sku_start[sku], book.sku_start[sku + 1]
        turn = roll(scratch.dice, end - start)
        for i in range(end - start):
            rival = book.sku_orders[start + (turn + i) % (end - start)]
            if holds(book, rival, wanted) and is_new(group, size, rival):
                group[size] = rival
                size += 1
                break
    return size


def holds(book: Book, order: int, cell: int) -> bool:
    """Whether an order has stock from a cell."""
    for line in range(book.line_start[order], book.line_start[order + 1]):
        slot = book.slot_of[line]
        if slot >= 0 and book.cell[line * book.slots + slot] == cell:
            return True
    return False


def choose_group(book: Book, priced: Tables, scratch: Scratch, found: int) -> int:
    """Choose 2 to 6 orders that share skus, around a seed where money is lost. Returns how many."""
    group, dice = scratch.group, scratch.dice
    if found and roll(dice, 10) >= ANYWHERE_IN_10:
        seed = scratch.pool[roll(dice, found)]
    else:
        seed = book.line_order[roll(dice, len(book.line_order))]
    group[0] = one_of(book, -1 - seed, dice) if seed < 0 else seed
    aim = 2 + roll(dice, GROUP_MAX - 1)
    size = add_rivals(book, priced, scratch) if roll(dice, 10) < RIVALS_IN_10 else 1
    while size < aim:
        member = group[roll(dice, size)]
        start = book.line_start[member]
        line = start + roll(dice, book.line_start[member + 1] - start)
        other = one_of(book, book.sku_of[line], dice)
        if is_new(group, size, other):
            group[size] = other
            size += 1
        else:
            aim -= 1
    for i in range(size - 1, 0, -1):
        j = roll(dice, i + 1)
        group[i], group[j] = group[j], group[i]
    return size


def try_group(book: Book, tables: Tables, scratch: Scratch, size: int) -> int:
    """Lift a group, place its orders in turn, keep that unless it costs more. Returns what was saved."""
    slots, _, line_start, _, quantity, cell, stock, slot_of, cost_of, _, _, _, _, _ = book
    group, saved, _, _ = scratch
    before = at = 0
    for i in range(size):
        order = group[i]
        before += cost_of[order]
        lift(book, order)
        begin, end = line_start[order], line_start[order + 1]
        saved[at : at + end - begin] = slot_of[begin:end]
        at += end - begin
    after = placed = 0
    while placed < size and after <= before:
        group[GROUP_MAX + placed] = place(book, tables, group[placed])
        after += group[GROUP_MAX + placed]
        placed += 1
    if after <= before:
        for i in range(size):
            cost_of[group[i]] = group[GROUP_MAX + i]
        return before - after
    for i in range(placed):
        lift(book, group[i])
    at = 0
    for i in range(size):
        for line in range(line_start[group[i]], line_start[group[i] + 1]):
            slot = saved[at]
            slot_of[line] = slot
            at += 1
            if slot >= 0:
                stock[cell[line * slots + slot]] -= quantity[line]
    return 0


def improve(
    book: Book,
    priced: Tables,
    tables: Tables,
    prices: Prices,
    scratch: Scratch,
    moves: int,
    goal: int,
    least: int,
) -> int:
    """Destroy and repair, `moves` times or until the cost is down to `goal`. Returns the moves made."""
    total = sum(book.cost_of)
    found = 0
    for move in range(moves):
        if total <= goal:
            return move
        if move % REFILL_MOVES == 0:
            found = fill_pool(book, priced, prices, scratch.pool, least)
        size = choose_group(book, priced, scratch, found)
        total -= try_group(book, tables, scratch, size)
    return moves


PARTS = (
    roll,
    place,
    place_in_what_is_left,
    place_twins,
    take,
    lift,
    lost,
    fill_pool,
    one_of,
    is_new,
    add_rivals,
    holds,
    choose_group,
    try_group,
)
