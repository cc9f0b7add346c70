"""What comes back: the file's own credit notes at their time, and what customers write of the crew's mistakes."""

from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.take_back import inspect_returns, receive_returns, settle_returns
from orderwright.business.imports.crediting import ApplyCredit, CreditPart, apply_credits
from orderwright.business.returns.forms import (
    AskedLine,
    AskReturn,
    InspectedLine,
    InspectReturn,
    Reason,
    ReceiveReturn,
    SettleReturn,
)
from orderwright.business.warehouse.counts.actions import ask_counts
from orderwright.business.warehouse.counts.forms import AskCount
from orderwright.database.rows import array
from orderwright.database.store import Store
from orderwright.database.tx import Tx
from orderwright.doors.demo.doing import in_parts
from orderwright.doors.demo.parcels import Sent, beside_delivered, contents_of, delivered_of, swapped
from orderwright.doors.demo.people import Contents, People
from orderwright.doors.demo.window import ZONE
from orderwright.values.refusal import Refusal

ACTOR = "support"
WRITES_DAYS = (1, 4)
"""So many days after a delivery a customer writes of a mistake."""
WRITTEN_BY = timedelta(days=WRITES_DAYS[1] + 1)
"""Nobody writes of a delivery longer ago."""
RESTOCKED = 80_000
"""Of what comes back without a word, the share (of WHOLE) that can be sold again."""
RETURNS_A_TIME = 100
COUNTED_AT = 45
"""The priority of counts of what customers write of: before bins that are empty by the books."""


class DueCredit(NamedTuple):
    """A credit note of the file and when it is done, in the demo's time."""

    at: datetime
    command: ApplyCredit


class ReturnsDesk:
    """Support, and the bench where parcels that came back are opened. credits: in order of time."""

    def __init__(self, store: Store, people: People, credits: Sequence[DueCredit]) -> None:
        self._store = store
        self._people = people
        self._waiting = list(credits)
        self.applied = 0

    def apply_credits(self, now: datetime) -> None:
        """Do the credit notes that are due. What lies packed can be neither cancelled nor sent back: it waits."""
        due = [credit for credit in self._waiting if credit.at <= now]
        if not due:
            return
        with self._store.read() as tx:
            reasons = self._reasons(tx, sorted({part.order for credit in due for part in credit.command.parts}))
        commands = [_with_reasons(credit.command, reasons) for credit in due]
        results = in_parts(self._store, apply_credits, commands, RETURNS_A_TIME)
        later = [
            credit
            for credit, result in zip(due, results, strict=True)
            if isinstance(result, Refusal) and result.code == "order_step"
        ]
        self.applied += len(due) - len(later)
        self._waiting = later + self._waiting[len(due) :]

    def _hear(self, now: datetime) -> None:
        """Customers write of mistakes, each on a day of theirs: asked back with the reason they give."""
        today = now.astimezone(ZONE).date()
        with self._store.read() as tx:
            sent = beside_delivered(tx, now - WRITTEN_BY)
            crossed = swapped(self._people, sent)
            writing = [each for each in sent if self._writes_on(each) == today]
            contents = contents_of(tx, [each.id for each in writing])
            heard = {row.number for row in tx.rows(
                "SELECT o.number FROM return_request r JOIN orders o ON o.id = r.order_id WHERE r.made_at = %(now)s",
                now=now,
            )}  # fmt: skip
        asked: dict[str, list[AskedLine]] = {}
        for each in writing:
            if each.number not in heard:
                asked.setdefault(each.number, []).extend(self._complaints(contents[each.id], each.id in crossed))
        commands = [AskReturn(number=number, lines=lines, actor=ACTOR) for number, lines in asked.items() if lines]
        in_parts(self._store, ask_returns, commands, RETURNS_A_TIME)
        self._have_counted({
            (sku, each.site) for each in writing for mistake in self._people.judge(contents[each.id]).at_customer
            for sku in (mistake.line.sku, self._people.taken_for(mistake.line))[: 1 + (mistake.kind == "wrong_item")]
        })  # fmt: skip

    def _have_counted(self, goods: Set[tuple[str, str]]) -> None:
        """What was picked wrong, and what was taken for it (sku, site), is counted where it lies."""
        with self._store.read() as tx:
            rows = tx.rows(
                "SELECT p.site, p.code, s.sku FROM unnest(%(skus)s::text[], %(sites)s::text[]) AS a(sku, site)"
                " JOIN stock s ON s.sku = a.sku JOIN place p ON p.id = s.place_id AND p.site = a.site"
                " AND p.kind = 'bin' ORDER BY p.site, p.code, s.sku",
                skus=array(sku for sku, _ in sorted(goods)), sites=array(site for _, site in sorted(goods)),
            )  # fmt: skip
        asked = [AskCount(site=r.site, place=r.code, sku=r.sku, priority=COUNTED_AT, actor=ACTOR) for r in rows]
        in_parts(self._store, ask_counts, asked, RETURNS_A_TIME)

    def work(self, now: datetime) -> None:
        """One day: what was opened at the bench yesterday is settled, and so on back to what arrives today; then
        customers are heard."""
        states = ("inspected", "received", "asked")
        with self._store.read() as tx:
            rows = tx.rows(
                "SELECT id::text, state FROM return_request WHERE state IN ('asked', 'received', 'inspected')"
                " AND made_at < %(now)s ORDER BY made_at, id",
                now=now,
            )
            ids = {state: [row.id for row in rows if row.state == state] for state in states}
            inspecting = self._inspections(tx, ids["received"])
        settling = [SettleReturn(return_id=id_, actor="accounts") for id_ in ids["inspected"]]
        receiving = [ReceiveReturn(return_id=id_, actor="bench") for id_ in ids["asked"]]
        in_parts(self._store, settle_returns, settling, RETURNS_A_TIME)
        in_parts(self._store, inspect_returns, inspecting, RETURNS_A_TIME)
        in_parts(self._store, receive_returns, receiving, RETURNS_A_TIME)
        self._hear(now)

    def _writes_on(self, sent: Sent) -> date | None:
        """The day the customer of a parcel writes, should there be anything to write of."""
        if sent.delivered_at is None:
            return None
        days = self._people.draws.between(*WRITES_DAYS, "writes", sent.word)
        return sent.delivered_at.astimezone(ZONE).date() + timedelta(days=days)

    def _complaints(self, parcel: Contents, is_swapped: bool) -> list[AskedLine]:
        if is_swapped:
            return [AskedLine(line.position, line.units, "wrong_item") for line in parcel.lines]
        return [AskedLine(each.line.position, 1, each.kind) for each in self._people.judge(parcel).at_customer]

    def _reasons(self, tx: Tx, references: Sequence[str]) -> dict[tuple[str, int], Reason]:
        """Reasons by order and line for what is credited because the crew erred."""
        contents = contents_of(tx, delivered_of(tx, references))
        return {
            (each.line.reference, each.line.position): each.kind
            for parcel in contents.values()
            for each in self._people.judge(parcel).at_customer
        }

    def _inspections(self, tx: Tx, ids: Sequence[str]) -> list[InspectReturn]:
        """What was sent back for no mistake is mostly as good as new; the rest is scrapped."""
        rows = tx.rows(
            "SELECT l.return_id::text, l.line, l.reason, l.received, l.sku, o.reference FROM return_line l"
            " JOIN return_request r ON r.id = l.return_id JOIN orders o ON o.id = r.order_id"
            " WHERE r.state = 'received' ORDER BY l.return_id, l.line",
        )
        judged: dict[str, list[InspectedLine]] = {id_: [] for id_ in ids}
        for row in rows:
            is_good = row.reason == "unknown" and self._people.draws.happens(RESTOCKED, "bench", row.reference, row.sku)
            units = (row.received, 0) if is_good else (0, row.received)
            if row.return_id in judged:
                judged[row.return_id].append(InspectedLine(row.line, *units))
        return [InspectReturn(return_id=id_, lines=lines, actor="bench") for id_, lines in judged.items()]


def _with_reasons(command: ApplyCredit, reasons: Mapping[tuple[str, int], Reason]) -> ApplyCredit:
    parts = [
        CreditPart(part.order, part.line, part.units, reasons.get((part.order, int(part.line)), "unknown"))
        for part in command.parts
    ]
    return msgspec.structs.replace(command, parts=parts)
