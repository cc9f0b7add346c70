"""Somebody at a desk who edits orders: forms with a few things changed, and looks at what that left."""

from typing import Any

import msgspec

from orderwright.business.deeds.edit import edit_orders
from orderwright.business.deeds.editing.forms import EditOrder
from orderwright.business.deeds.settle import PaymentCalls, settle_tasks
from orderwright.business.orders.form import LineForm, NewOrder, PaymentForm
from orderwright.database import tasks
from orderwright.doors.worker.kinds import CallKind
from orderwright.links.payments.practice import PracticeGateway
from orderwright.values.refusal import Refusal
from tests.floor import Floor

replace = msgspec.structs.replace


class Desk:
    """Places orders with forms it remembers, and edits them."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.forms: dict[str, NewOrder] = {}

    def place(self, units: dict[str, int] | list[tuple[str, int]], **changes: Any) -> str:
        """Place an order on account, so that money stops nothing; its number."""
        door = changes.pop("door", "api")
        form = self.floor.form(units, **{"payment": PaymentForm(state="on_account"), **changes})
        [answer] = self.floor.place_all([form], door=door)
        assert not isinstance(answer, Refusal), answer.facts
        self.forms[answer.number] = form
        return str(answer.number)

    def form(self, number: str, units: dict[str, int] | None = None, **changes: Any) -> NewOrder:
        """The order's form as it was placed, for other units at 7.50, or with other things changed."""
        form = self.forms[number]
        if units is not None:
            references = {line.sku: line.reference for line in form.lines}
            lines = [
                LineForm(sku=sku, quantity=count, unit_price="7.50", reference=references.get(sku, f"new-{sku}"))
                for sku, count in units.items()
            ]
            form = replace(form, lines=lines, total=f"{sum(units.values()) * 7.5:.2f}")
        return replace(form, **changes)

    def edit(self, number: str, units: dict[str, int] | None = None, **changes: Any) -> Any:
        """Edit an order; what that answers."""
        told = {name: changes.pop(name) for name in ("version", "dry_run", "door") if name in changes}
        form = changes.pop("form", None) or self.form(number, units, **changes)
        return self.floor.one(edit_orders, EditOrder(number=number, form=form, actor="sue", **told))

    def plan(self, number: str) -> list[tuple[str, str, int]]:
        """(site, sku, units) of what is planned and not shipped."""
        return [
            tuple(row)
            for row in self.floor.rows(
                "SELECT f.site, d.sku, a.allocated FROM fulfilment f JOIN allocation a ON a.fulfilment_id = f.id"
                " JOIN demand d ON d.id = a.demand_id JOIN orders o ON o.id = f.order_id"
                " WHERE o.number = %(number)s AND f.state = 'planned' AND a.allocated > 0 ORDER BY f.site, d.sku",
                number=number,
            )
        ]

    def order(self, number: str) -> Any:
        [row] = self.floor.rows("SELECT * FROM orders WHERE number = %(number)s", number=number)
        return row

    def settle(self, tmp_path: Any) -> None:
        """Do what is open of settling orders and calling the gateway."""
        with self.floor.begin() as tx:
            due = tasks.claim(tx, ["settle_order"], 100)
            settle_tasks(tx, due)
            tasks.finish(tx, due)
        paying = PaymentCalls(PracticeGateway(tmp_path / "gateway.sqlite"))
        self.floor.call(CallKind("call_payment", paying.start, paying.call, paying.finish, paying.ask))

    def cash(self) -> int:
        """What the books say came in and stayed."""
        return int(self.floor.value(
            "SELECT coalesce(sum(amount_minor), 0)::bigint FROM ledger_entry WHERE account = 'cash'"
        ))  # fmt: skip


PAID = PaymentForm(state="paid", amount="15.00", reference="pi_1")
AUTHORISED = PaymentForm(state="authorised", amount="15.00", reference="pi_1")
