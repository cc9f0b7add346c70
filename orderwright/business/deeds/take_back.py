"""Taking goods back: asked for, received, inspected, settled; stock, order and money move together."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from orderwright.business.billing.actions import NewPaper, PaperLine, issue_papers, lock_payments
from orderwright.business.billing.reads import paper_lines, shipping_credited
from orderwright.business.billing.rules import Worth, part_worth
from orderwright.business.deeds.damaged import want_judging
from orderwright.business.deeds.exchanging.ending import keep_exchanges
from orderwright.business.deeds.fill import want_filling
from orderwright.business.deeds.invoice import names_of
from orderwright.business.deeds.settle import Account, read_accounts, settle_orders
from orderwright.business.orders.actions import Delta, NewException, lock_orders, open_exceptions, refresh_states
from orderwright.business.orders.actions import move_units as move_demand
from orderwright.business.returns import actions as returns
from orderwright.business.returns.exchanges import replacements_of
from orderwright.business.returns.facts import ReturnInspected, ReturnReceived, ReturnSettled
from orderwright.business.returns.forms import InspectedLine, InspectReturn, ReceiveReturn, ReturnNow, SettleReturn
from orderwright.business.returns.rules import after, is_done
from orderwright.business.stock.moves import Move, move_units
from orderwright.business.warehouse.damage.forms import DamageForm, ReportDamage
from orderwright.business.warehouse.places import place_ids
from orderwright.business.warehouse.serials import settle_units
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal

Step = Callable[[Any, Any, list[Any]], "Refusal | None"]


def receive_returns(tx: Tx, commands: Sequence[ReceiveReturn]) -> list[Any]:
    """Book what came back; one `ReturnNow` or Refusal per command. Again: `repeated`, without effect.

    Units go from the customer to the site's returns bench. What differs from what was asked for (fewer, none,
    more than asked, another product) opens an exception; no more than was asked for is booked, so no more than
    was shipped. Refuses not_found, return_step, unknown_line.
    """

    def check(command: ReceiveReturn, row: Any, lines: list[Any]) -> Refusal | None:
        known = {each.line for each in lines}
        strange = next((each.line for each in command.lines if each.line not in known), None)
        return None if strange is None else Refusal("unknown_line", line=strange)

    results, taken, lines = _begin(tx, commands, "receive", check)
    received: dict[tuple[str, int], int] = {}
    moves: list[Move] = []
    deltas: dict[str, Delta] = {}
    places = place_ids(tx, [(row.site, code) for _, row in taken for code in ("CUSTOMER", "RETURNS")])
    differing: list[NewException] = []
    for command, row in taken:
        told = {each.line: each.quantity for each in command.lines}
        for line in lines[row.id]:
            came = told.get(line.line, line.asked)
            units = received[row.id, line.line] = min(came, line.asked)
            old = deltas.get(line.demand_id, Delta())
            deltas[line.demand_id] = Delta(returned=old.returned + units)
            moves.append(Move(line.sku, "", places[row.site, "CUSTOMER"], places[row.site, "RETURNS"], units,
                              "return", f"return:{row.id}", line.line, command.actor))  # fmt: skip
        differs = [(each.line, each.asked, told.get(each.line, each.asked)) for each in lines[row.id]
                   if told.get(each.line, each.asked) != each.asked]  # fmt: skip
        unexpected = [(each.sku, each.quantity) for each in command.unexpected]
        if differs or unexpected:
            document = {"lines": differs, "unexpected": unexpected}
            differing.append(NewException(row.order_id, row.id, "return_differs", document))
        booked = [(line.line, received[row.id, line.line]) for line in lines[row.id]]
        fact = ReturnReceived(lines=booked, unexpected=unexpected)
        tx.record("return", row.id, fact, actor=command.actor)
    returns.set_lines(tx, "received", received)
    move_demand(tx, deltas)
    move_units(tx, moves)
    open_exceptions(tx, differing)
    return _end(tx, commands, results, taken, "receive")


def inspect_returns(tx: Tx, commands: Sequence[InspectReturn]) -> list[Any]:
    """Restock, scrap or quarantine every received unit; one `ReturnNow` or Refusal per command. Again: `repeated`.

    Restocked units can be sold at once, first to who waits; those in quarantine are judged by a supervisor, as broken
    goods are. Refuses not_found, return_step, unknown_line, inspection_differs (line, received, restock, scrap,
    quarantine) and unknown_place.
    """
    bins = _bins_of(tx, commands)

    def check(command: InspectReturn, row: Any, lines: list[Any]) -> Refusal | None:
        told = {each.line: each for each in command.lines}
        for place in (command.place, *(each.place for each in command.lines if each.place)):
            if (row.site, place) not in bins:
                return Refusal("unknown_place", place=place)
        if strange := sorted(set(told) - {each.line for each in lines}):
            return Refusal("unknown_line", line=strange[0])
        for line in lines:
            judged = told.get(line.line) or InspectedLine(line.line)
            if judged.restock + judged.scrap + judged.quarantine != line.received:
                facts = {"line": line.line, "received": line.received, "restock": judged.restock,
                         "scrap": judged.scrap, "quarantine": judged.quarantine}  # fmt: skip
                return Refusal("inspection_differs", **facts)
        return None

    results, taken, lines = _begin(tx, commands, "inspect", check)
    places = place_ids(tx, [(row.site, code) for _, row in taken for code in ("RETURNS", "SCRAP", "QUARANTINE")])
    judged: dict[str, dict[tuple[str, int], int]] = {"restocked": {}, "scrapped": {}, "quarantined": {}}
    moves: list[Move] = []
    for command, row in taken:
        told = {each.line: each for each in command.lines}
        for line in lines[row.id]:
            mine = told.get(line.line) or InspectedLine(line.line)
            ends = (
                ("restocked", "restock", mine.restock, bins[row.site, mine.place or command.place]),
                ("scrapped", "scrap", mine.scrap, places[row.site, "SCRAP"]),
                ("quarantined", "quarantine", mine.quarantine, places[row.site, "QUARANTINE"]),
            )
            for column, kind, units, to_place in ends:
                judged[column][row.id, line.line] = units
                moves.append(Move(line.sku, "", places[row.site, "RETURNS"], to_place, units, kind, f"return:{row.id}",
                                  line.line, command.actor))  # fmt: skip
        decided = [(row.id, line.line) for line in lines[row.id]]
        fact = ReturnInspected(
            lines=[(at[1], judged["restocked"][at], judged["scrapped"][at]) for at in decided],
            quarantined=[(at[1], judged["quarantined"][at]) for at in decided if judged["quarantined"][at]],
        )
        tx.record("return", row.id, fact, actor=command.actor)
    for column, units in judged.items():
        returns.set_lines(tx, column, units)
    move_units(tx, moves)
    settle_units(tx, [(each.sku, each.from_place_id, each.to_place_id, each.quantity) for each in moves])
    want_judging(tx, _doubted(taken, lines, judged["quarantined"]))
    restocked = judged["restocked"]
    want_filling(tx, {line.sku for _, row in taken for line in lines[row.id] if restocked[row.id, line.line]})
    return _end(tx, commands, results, taken, "inspect")


def _doubted(
    taken: Sequence[tuple[Any, Any]], lines: Mapping[str, list[Any]], units: Mapping[tuple[str, int], int]
) -> list[ReportDamage]:
    """What went to quarantine, as it is reported to who judges."""
    return [
        ReportDamage(
            form=DamageForm(
                site=row.site, sku=line.sku, quantity=units[row.id, line.line], place="RETURNS",
                reason="defective" if line.reason == "defective" else "damaged", reference=f"{row.number}/{line.line}",
            ),
            actor=command.actor,
        )
        for command, row in taken
        for line in lines[row.id]
        if units[row.id, line.line]
    ]  # fmt: skip


def settle_returns(tx: Tx, commands: Sequence[SettleReturn]) -> list[Any]:
    """Credit what was received and want it paid back; one `ReturnNow` or Refusal per command. Again: `repeated`.

    The credit mirrors the charge of those units to the minor unit; what sending the order had cost is credited
    once. A return that comes to nothing gets no credit note: its units stand on the next one, where there is one.
    What goes out in exchange is let go as far as what it is for came back, and the credit pays for it first.
    Refuses not_found, return_step.
    """
    replacements = replacements_of(tx, [each.return_id for each in commands])
    results, taken, lines = _begin(tx, commands, "settle", lambda *_: None, replacements.values())
    order_ids = sorted({row.order_id for _, row in taken})
    lock_payments(tx, order_ids)
    accounts = read_accounts(tx, order_ids)
    credited = {
        order_id: _credited([line for paper in papers for line in paper])
        for order_id, papers in paper_lines(tx, order_ids, "credit_note").items()
    }
    back: dict[str, Counter[int]] = {order_id: Counter() for order_id in order_ids}
    for order_id, earlier in returns.settled_lines(tx, order_ids).items():
        for mine in earlier:
            back[order_id].update(_units_back(accounts[order_id], mine))
    named = names_of(tx, order_ids)
    no_shipping = shipping_credited(tx, order_ids)
    papers: dict[str, NewPaper] = {}
    for command, row in taken:
        before = credited.setdefault(row.order_id, {})
        came = _units_back(accounts[row.order_id], lines[row.id])
        refund_shipping = command.refund_shipping and row.order_id not in no_shipping
        # What came before and stands on no paper was worth nothing by itself: it goes with this.
        came = {at: units + max(0, back[row.order_id][at] - before.get(at, 0)) for at, units in came.items()}
        paper = _credit(accounts[row.order_id], came, before, named, row.id, refund_shipping)
        back[row.order_id].update(_units_back(accounts[row.order_id], lines[row.id]))
        if refund_shipping:
            no_shipping.add(row.order_id)
        if any(paper.worth):
            papers[row.id] = paper
            for line in paper.lines:
                before[line.position] = before.get(line.position, 0) + line.units
    numbers = dict(zip(papers, issue_papers(tx, list(papers.values())), strict=True))
    refunds = {row.id: papers[row.id].worth.total_minor if row.id in papers else 0 for _, row in taken}
    returns.set_refunds(tx, refunds)
    for command, row in taken:
        fact = ReturnSettled(refund_minor=refunds[row.id], credit_note=numbers.get(row.id, ""))
        tx.record("return", row.id, fact, actor=command.actor)
    came_back = {
        row.id: (row, command.actor, _units_back(accounts[row.order_id], lines[row.id]))
        for command, row in taken if row.id in replacements
    }  # fmt: skip
    kept = keep_exchanges(tx, came_back)
    answers = _end(tx, commands, results, taken, "settle")
    settle_orders(tx, [*order_ids, *kept])
    return answers


def _credited(lines: Sequence[PaperLine]) -> dict[int, int]:
    units: dict[int, int] = {}
    for line in lines:
        units[line.position] = units.get(line.position, 0) + line.units
    return units


def _units_back(account: Account, lines: Sequence[Any]) -> dict[int, int]:
    """Units that a return brought back, by position. A kit counts once all its components are back."""
    received: Counter[tuple[int, str]] = Counter()
    for line in lines:
        received[line.position, line.demand_id] += line.received
    came: dict[int, int] = {}
    for (position, demand_id), count in received.items():
        units = count // account.per_unit.get(demand_id, 1)
        came[position] = min(came.get(position, units), units)
    return came


def _credit(
    account: Account,
    came: Mapping[int, int],
    before: Mapping[int, int],
    named: dict[tuple[str, int], tuple[str, str]],
    return_id: str,
    refund_shipping: bool,
) -> NewPaper:
    """The credit note of units that came back, by position, after those credited `before`."""
    written = []
    for line in account.lines:
        so_far = before.get(line.position, 0)
        units = came.get(line.position, 0)
        if units:
            goods, tax = part_worth(line, so_far, units)
            written.append(PaperLine(line.position, *named[account.order_id, line.position], units, goods, tax))
    shipping, shipping_tax = account.shipping if refund_shipping else (0, 0)
    worth = Worth(
        sum(each.goods_minor for each in written), shipping, sum(each.tax_minor for each in written) + shipping_tax
    )
    return NewPaper("credit_note", account.order_id, f"return:{return_id}", account.currency, worth, written)


def _begin(
    tx: Tx, commands: Sequence[Any], deed: str, check: Step, more_orders: Iterable[str] = ()
) -> tuple[list[Any], list[tuple[Any, Any]], dict[str, list[Any]]]:
    """Lock orders and returns and sort the commands out: results so far, those to do, the lines by return."""
    homes = returns.orders_of(tx, [each.return_id for each in commands])
    lock_orders(tx, [*homes.values(), *more_orders])
    rows = returns.lock_returns(tx, homes)
    lines = returns.read_lines(tx, rows)
    results: list[Any] = []
    taken: list[tuple[Any, Any]] = []
    states = {id_: row.state for id_, row in rows.items()}
    for each in commands:
        row = rows.get(each.return_id)
        if row is None:
            results.append(Refusal("not_found", return_id=each.return_id))
        elif is_done(states[row.id], deed):
            results.append("repeated")
        else:
            next_state = after(states[row.id], deed)
            refusal = next_state if isinstance(next_state, Refusal) else check(each, row, lines[row.id])
            results.append(refusal)
            if refusal is None and isinstance(next_state, str):
                states[row.id] = next_state
                taken.append((each, row))
    return results, taken, lines


def _end(tx: Tx, commands: Sequence[Any], results: list[Any], taken: list[tuple[Any, Any]], deed: str) -> list[Any]:
    states = {row.id: str(after(row.state, deed)) for _, row in taken}
    if states:
        returns.set_states(tx, states)
        refresh_states(tx, {row.order_id for _, row in taken})
    now = returns.returns_now(tx, [each.return_id for each, result in zip(commands, results, strict=True)
                                   if not isinstance(result, Refusal)])  # fmt: skip
    return [
        result if isinstance(result, Refusal) else _as_told(now[each.return_id], repeated=result == "repeated")
        for each, result in zip(commands, results, strict=True)
    ]


def _as_told(answer: ReturnNow, *, repeated: bool) -> ReturnNow:
    return msgspec.structs.replace(answer, repeated=True) if repeated else answer


def _bins_of(tx: Tx, commands: Sequence[InspectReturn]) -> dict[tuple[str, str], int]:
    """Place ids of the bins that restocked units are to go to, by (site, code); only bins take them."""
    asked = sorted({
        (each.return_id, place) for each in commands if is_id(each.return_id)
        for place in (each.place, *(line.place for line in each.lines if line.place))
    })  # fmt: skip
    rows = tx.rows(
        "SELECT p.site, p.code, p.id FROM return_request r"
        " JOIN unnest(%(ids)s::uuid[], %(places)s::text[]) AS asked(id, place) ON r.id = asked.id"
        " JOIN place p ON p.site = r.site AND p.code = asked.place AND p.kind = 'bin'",
        ids=array(id_ for id_, _ in asked), places=array(place for _, place in asked),
    )  # fmt: skip
    return {(row.site, row.code): row.id for row in rows}
