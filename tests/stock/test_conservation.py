"""Whatever is done, in whatever order, no unit appears or vanishes and no counter drifts."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from orderwright.business.stock import actions
from orderwright.business.stock.forms import (
    Adjustment,
    AdjustmentForm,
    Arrival,
    ArrivalForm,
    Dispatch,
    DispatchForm,
    DispatchLine,
    ExpireLots,
    Receipt,
    ReceiptForm,
    ReceiptLine,
    Transfer,
    TransferForm,
    TransferLine,
)
from orderwright.values.refusal import Refusal
from tests.shelves import CLERK, book, place_id, put_product, put_site

SITES, SKUS, LOTS = ("LEEDS", "YORK"), ("MUG", "TEE", "MILK"), ("A", "B")
BOOKABLE = ("STOCK", "QUARANTINE")

BROKEN = {
    "what lies somewhere is what moved there": """
        SELECT coalesce(s.sku, m.sku) AS sku, p.site, p.code, s.quantity, m.units FROM stock s
        FULL JOIN (SELECT sku, lot, place, sum(units) AS units FROM (
                       SELECT sku, lot, to_place AS place, quantity AS units FROM stock_move
                       UNION ALL SELECT sku, lot, from_place, -quantity FROM stock_move) AS ends
                   WHERE place IN (SELECT id FROM place WHERE kind IN ('bin', 'packing', 'quarantine', 'returns'))
                   GROUP BY sku, lot, place) m ON (m.sku, m.lot, m.place) = (s.sku, s.lot, s.place_id)
        JOIN place p ON p.id = coalesce(s.place_id, m.place)
        WHERE coalesce(s.quantity, 0) <> coalesce(m.units, 0)""",
    "on hand is what lies in bins and packing": """
        SELECT a.sku, a.site, a.on_hand, sum(s.quantity) FROM availability a
        LEFT JOIN (stock s JOIN place p ON p.id = s.place_id AND p.kind IN ('bin', 'packing'))
               ON s.sku = a.sku AND p.site = a.site
        GROUP BY a.sku, a.site, a.on_hand HAVING a.on_hand <> coalesce(sum(s.quantity), 0)""",
    "nothing comes from nowhere on paper either": """
        SELECT m.sku FROM stock_move m JOIN place p ON p.id = m.from_place
        WHERE p.kind IN ('lost', 'scrap', 'customer')""",
    "transit never owes": """
        SELECT p.site FROM place p JOIN stock_move m ON p.id IN (m.from_place, m.to_place)
        WHERE p.kind = 'transit' GROUP BY p.site, m.sku, m.lot
        HAVING sum(CASE WHEN m.to_place = p.id THEN m.quantity ELSE -m.quantity END) < 0""",
}


class Shift:
    """People at work at random, who free what orders hold before they set the books right."""

    def __init__(self, tx, seed):
        self.tx, self.chance = tx, Random(seed)
        self.allocated, self.on_table, self.sent, self.refused, self.number = {}, {}, [], 0, 0

    def goods(self):
        sku = self.chance.choice(SKUS)
        return {"sku": sku, "lot": self.chance.choice(LOTS) if sku == "MILK" else ""}

    def units(self):
        return self.chance.choice((1, 2, 3, 5, 8))

    def note(self, result):
        self.refused += isinstance(result, Refusal)
        return result

    def free(self, shortfalls):
        for sku, site, units, committed in shortfalls:
            actions.uncommit_bins(self.tx, {(sku, place, lot): over for place, lot, over in committed})
            if units:
                actions.give_back(self.tx, {(sku, site): units})
                self.allocated[sku, site] -= units

    def receive(self):
        line = ReceiptLine(
            **self.goods(), quantity=self.units(), place=self.chance.choice(BOOKABLE), unit_cost=str(self.units())
        )
        self.number += self.chance.randint(0, 1)
        form = ReceiptForm(site=self.chance.choice(SITES), lines=[line, line], reference=f"R-{self.number}")
        self.note(book(self.tx, actions.receive, Receipt, form))

    def adjust(self):
        reason = self.chance.choice(("counted", "found", "lost", "damaged", "quarantined"))
        amount = {"counted": self.units()} if reason == "counted" else {"quantity": self.units()}
        if reason not in ("counted", "found"):
            amount["quantity"] *= -1
        form = AdjustmentForm(
            site=self.chance.choice(SITES), reason=reason, place=self.chance.choice(BOOKABLE), **self.goods(), **amount
        )
        self.free(actions.adjustment_shortfalls(self.tx, [Adjustment(form=form, actor=CLERK)]))
        self.note(book(self.tx, actions.adjust, Adjustment, form))

    def transfer(self):
        source, target = self.chance.sample(BOOKABLE, 2)
        line = TransferLine(**self.goods(), quantity=self.units(), from_place=source, to_place=target)
        form = TransferForm(site=self.chance.choice(SITES), lines=[line])
        self.free(actions.transfer_shortfalls(self.tx, [Transfer(form=form, actor=CLERK)]))
        self.note(book(self.tx, actions.transfer, Transfer, form))

    def send(self):
        site, to_site = self.chance.sample(SITES, 2)
        lines = [DispatchLine(**self.goods(), quantity=self.units()) for _ in range(2)]
        form = DispatchForm(site=site, to_site=to_site, lines=lines)
        self.free(actions.dispatch_shortfalls(self.tx, [Dispatch(form=form, actor=CLERK)]))
        sent = self.note(book(self.tx, actions.transfer_out, Dispatch, form))
        if not isinstance(sent, Refusal):
            self.sent.append(sent)

    def arrive(self):
        for sent in self.sent[-2:]:
            lines = [DispatchLine(sku=sent.lines[0].sku, lot=sent.lines[0].lot, quantity=1)]
            form = ArrivalForm(
                site=sent.to_site, from_site=sent.site, transfer=sent.reference,
                lines=lines if self.chance.random() < 0.5 else [],
            )  # fmt: skip
            self.note(book(self.tx, actions.transfer_in, Arrival, form))

    def sell(self):
        pair = (self.chance.choice(SKUS), self.chance.choice(SITES))
        units = self.units()
        if not actions.take(self.tx, {pair: units}, {}):
            self.allocated[pair] = self.allocated.get(pair, 0) + units

    def pick(self):
        """Some of what is allocated is picked; what was chosen and not picked stays committed."""
        (sku, site), units = self.chance.choice([*self.allocated.items(), (("MUG", "LEEDS"), 0)])
        self.number += 1
        table = place_id(self.tx, "PACKING", site)
        moves = []
        for line, pick in enumerate(actions.commit_bins(self.tx, [actions.Want("o", sku, site, units)]).get("o", [])):
            done = self.chance.randint(0, pick.quantity)
            cause = f"pick:{self.number}"
            moves.append(
                actions.Move(sku, pick.lot, pick.place_id, table, done, "pick", cause, line, CLERK, uncommits=done)
            )
            self.on_table[sku, site, pick.lot] = self.on_table.get((sku, site, pick.lot), 0) + done
        actions.move_units(self.tx, moves)

    def ship(self):
        for (sku, site, lot), units in self.on_table.items():
            # Setting books right may have taken the promise from units that are picked already.
            gone = self.chance.randint(0, min(units, self.allocated.get((sku, site), 0)))
            if gone:
                self.number += 1
                table, customer = place_id(self.tx, "PACKING", site), place_id(self.tx, "CUSTOMER", site)
                actions.give_back(self.tx, {(sku, site): gone})
                actions.move_units(
                    self.tx, [actions.Move(sku, lot, table, customer, gone, "ship", f"ship:{self.number}", 1, CLERK)]
                )
                self.allocated[sku, site] -= gone
                self.on_table[sku, site, lot] -= gone

    def expire(self):
        self.tx.now += timedelta(days=10)
        wanted = [ExpireLots(site=site, actor="worker") for site in SITES]
        self.free(actions.expiry_shortfalls(self.tx, wanted))
        results = actions.expire_lots(self.tx, wanted)
        assert not any(isinstance(result, Refusal) for result in results)


@pytest.mark.parametrize("seed", range(6))
def test_random_work_keeps_every_unit_and_every_counter(tx, seed):
    tx.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    for site in SITES:
        put_site(tx, site)
    for sku in SKUS:
        put_product(tx, sku, tracking="lot" if sku == "MILK" else "none")
    milk = [ReceiptLine(sku="MILK", quantity=9, lot=lot, expires_on=date(2026, 6 + i, 9)) for i, lot in enumerate(LOTS)]
    book(tx, actions.receive, Receipt, ReceiptForm(site="LEEDS", lines=milk))
    shift = Shift(tx, seed)
    work = [shift.receive, shift.adjust, shift.transfer, shift.send, shift.arrive, shift.sell]
    work += [shift.pick, shift.ship]
    for step in range(60):
        deed = shift.chance.choice(work) if step % 20 else shift.expire
        deed()
        for law, sql in BROKEN.items():
            assert tx.rows(sql) == [], f"{law}: seed {seed}, step {step}, {deed.__name__}"
        rows = tx.rows("SELECT sku, site, allocated FROM availability WHERE allocated > 0")
        assert {(row.sku, row.site): row.allocated for row in rows} == {k: v for k, v in shift.allocated.items() if v}
    assert 0 < shift.refused < 60
