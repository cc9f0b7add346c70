"""Asking to send units of an order back: no more than left the house and is not on its way back already."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.deeds.by_customer import returns_end
from orderwright.business.deeds.exchanging.placing import Wanted, place_replacements, write_exchanges
from orderwright.business.deeds.exchanging.wishes import Wishes
from orderwright.business.deeds.settle import read_accounts
from orderwright.business.orders.buyers import of_erased
from orderwright.business.orders.finding_orders import lock_by_number
from orderwright.business.returns.actions import NewReturn, insert_returns, next_numbers, returns_now
from orderwright.business.returns.facts import ReturnAsked
from orderwright.business.returns.forms import AskReturn
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal


def ask_returns(tx: Tx, commands: Sequence[AskReturn]) -> list[Any]:
    """Write returns; one `ReturnNow` or Refusal per command.

    A kit comes back whole, one return line per component. Refuses not_found, unknown_line, unknown_site and
    return_too_much (position, asked, possible): shipped, less what is asked for in other returns. By a customer also
    return_too_late (until). What is wanted in exchange is placed at once (`exchanging.placing`); refuses not_a_variant
    (position, sku), and short_stock where there is not enough of it. Of an order whose buyer was erased: customer_step.
    """
    orders = lock_by_number(tx, [each.number for each in commands])
    demands = read_back(tx, [order.id for order in orders.values()])
    erased = of_erased(tx, [order.id for order in orders.values()])
    ends = returns_end(tx, [orders[each.number].id for each in commands if each.by_customer and each.number in orders])
    sites = {row.code for row in tx.rows("SELECT code FROM site")}
    ids, numbers = new_ids(len(commands)), next_numbers(tx, len(commands))
    exchanging = [orders[each.number].id for each in commands if is_exchange(each) and each.number in orders]
    wishes = Wishes(tx, read_accounts(tx, exchanging)) if exchanging else None
    results: list[Any] = []
    new: dict[str, NewReturn] = {}
    wanted: list[Wanted] = []
    for id_, number, command in zip(ids, numbers, commands, strict=True):
        order = orders.get(command.number)
        if order is None:
            results.append(Refusal("not_found", number=command.number))
        elif order.id in erased:
            results.append(Refusal("customer_step", merged_into=""))
        elif command.site and command.site not in sites:
            results.append(Refusal("unknown_site", site=command.site))
        else:
            mine = demands.get(order.id, {})
            until = ends.get(order.id) if command.by_customer else None
            is_over = until is not None and tx.now >= until
            refusal = Refusal("return_too_late", until=until) if is_over else too_much(command, mine)
            mine_wanted = wishes.wishes_of(order.id, command.lines) if wishes and refusal is None else []
            if isinstance(mine_wanted, Refusal):
                refusal = mine_wanted
            elif mine_wanted:
                wanted.append(Wanted(id_, number, order.id, mine_wanted, command.actor))
            results.append(refusal)
            if refusal is None:
                new[id_] = _return(id_, number, order.id, command, mine)
    placed = place_replacements(tx, wanted)
    for i, id_ in enumerate(ids):
        if isinstance(refused := placed.get(id_), Refusal):
            results[i] = refused
            del new[id_]
    _write(tx, commands, ids, list(new.values()))
    write_exchanges(tx, [(each, *found) for each in wanted if isinstance(found := placed[each.return_id], tuple)])
    now = returns_now(tx, list(new))
    return [now.get(id_) if result is None else result for id_, result in zip(ids, results, strict=True)]


def is_exchange(command: AskReturn) -> bool:
    """Whether something is wanted instead of money."""
    return any(line.exchange for line in command.lines)


def _write(tx: Tx, commands: Sequence[AskReturn], ids: Sequence[str], new: Sequence[NewReturn]) -> None:
    if new:
        insert_returns(tx, new)
        actors = dict(zip(ids, (each.actor for each in commands), strict=True))
        for each in new:
            lines = [(position, sku, units, reason) for _, position, sku, reason, units in each.lines]
            tx.record("return", each.id, ReturnAsked(order_id=each.order_id, lines=lines), actor=actors[each.id])


class Back:
    """One demand with what may still come back of it."""

    def __init__(self, row: Any) -> None:
        self.id: str = row.id
        self.sku: str = row.sku
        self.per_unit: int = row.per_unit
        self.site: str = row.site
        self.possible: int = row.shipped - row.asked


def read_back(tx: Tx, order_ids: Sequence[str]) -> dict[str, dict[int, list[Back]]]:
    """By order and position. Units of settled returns count as received, of open ones as asked for."""
    rows = tx.rows(
        """
        SELECT d.id::text, d.order_id::text, d.position, d.sku, d.per_unit, d.shipped,
               coalesce((SELECT sum(CASE r.state WHEN 'asked' THEN l.asked ELSE l.received END)
                         FROM return_line l JOIN return_request r ON r.id = l.return_id
                         WHERE l.demand_id = d.id), 0)::bigint AS asked,
               coalesce((SELECT f.site FROM allocation a JOIN fulfilment f ON f.id = a.fulfilment_id
                         WHERE a.demand_id = d.id AND a.shipped > 0 ORDER BY f.id LIMIT 1), '') AS site
        FROM demand d WHERE d.order_id = ANY(%(ids)s::uuid[]) ORDER BY d.order_id, d.position, d.sku
        """,
        ids=array(order_ids),
    )
    found: dict[str, dict[int, list[Back]]] = {}
    for row in rows:
        found.setdefault(row.order_id, {}).setdefault(row.position, []).append(Back(row))
    return found


def too_much(command: AskReturn, demands: dict[int, list[Back]]) -> Refusal | None:
    asked: dict[int, int] = {}
    for line in command.lines:
        asked[line.position] = asked.get(line.position, 0) + line.quantity
    for position, units in asked.items():
        if position not in demands:
            return Refusal("unknown_line", position=position)
        possible = min(each.possible // each.per_unit for each in demands[position])
        if possible < units:
            return Refusal("return_too_much", position=position, asked=units, possible=possible)
    return None


def _return(id_: str, number: str, order_id: str, command: AskReturn, demands: dict[int, list[Back]]) -> NewReturn:
    lines: list[tuple[str, int, str, str, int]] = []
    site = command.site
    for line in command.lines:
        for back in demands[line.position]:
            units = line.quantity * back.per_unit
            back.possible -= units
            site = site or back.site
            lines.append((back.id, line.position, back.sku, line.reason, units))
    return NewReturn(id_, number, order_id, site, lines)
