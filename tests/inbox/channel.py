"""A web shop that tells us of its orders, often twice, late or out of order."""

from typing import Any

import msgspec

from orderwright.business.deeds.edit import edit_orders
from orderwright.business.deeds.editing.forms import EditOrder
from orderwright.business.deeds.inbox.forms import Message
from orderwright.business.deeds.inbox.keeping import store_messages
from orderwright.business.deeds.inbox.reading import read_inbox
from orderwright.business.orders.form import LineForm, NewOrder, PaymentForm
from orderwright.database import tasks
from orderwright.doors.worker.attempts import in_tx
from orderwright.values.refusal import Refusal
from tests.floor import Floor

replace = msgspec.structs.replace
encode = msgspec.json.encode


class Web:
    """The channel `web`."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor

    def order(self, units: dict[str, int], **changes: Any) -> NewOrder:
        """An order on account, as the channel would send it."""
        return self.floor.form(units, **{"payment": PaymentForm(state="on_account"), **changes})

    def sell(self, form: NewOrder, units: dict[str, int], **changes: Any) -> NewOrder:
        """The same order for other units at 7.50."""
        lines = [
            LineForm(sku=sku, quantity=count, unit_price="7.50", reference=str(i + 1))
            for i, (sku, count) in enumerate(units.items())
        ]
        return replace(form, lines=lines, total=f"{sum(units.values()) * 7.5:.2f}", **changes)

    def send(self, topic: str, form: Any, external_id: str | None = None) -> Any:
        """Hand one message in; what that answers."""
        body = form if isinstance(form, bytes) else encode(form)
        name = external_id or (form["reference"] if isinstance(form, dict) else form.reference)
        message = Message(channel="web", topic=topic, external_id=name, body=body, actor="hook")
        return self.floor.one(store_messages, message)

    def read(self) -> int:
        """Read what is due, as the worker does; how many tasks that were."""
        with self.floor.begin() as tx:
            due = tasks.claim(tx, ["read_inbox"], 100)
            read_inbox(tx, due)
            return len(tasks.finish(tx, due))

    def read_in(self, tx: Any) -> None:
        """Read what is due in a transaction somebody else commits."""
        due = tasks.claim(tx, ["read_inbox"], 100)
        read_inbox(tx, due)
        tasks.finish(tx, due)

    def read_with_retries(self) -> None:
        """Read what is due; when that meets another transaction, again, as the worker does."""
        due = in_tx(self.floor.store, lambda tx: tasks.claim(tx, ["read_inbox"], 100))
        in_tx(self.floor.store, lambda tx: (read_inbox(tx, due), tasks.finish(tx, due)))

    def tell(self, topic: str, form: Any) -> str:
        """Send a message and read it; what became of it."""
        sent = self.send(topic, form)
        assert not isinstance(sent, Refusal), sent
        self.read()
        return self.outcomes()[-1][1]

    def outcomes(self) -> list[tuple[str, str, int]]:
        """(topic, state or outcome, effects) of all messages, in order of arrival."""
        rows = self.floor.rows("SELECT topic, state, outcome, effects FROM inbox ORDER BY received_at, id")
        return [(row.topic.removeprefix("order."), row.outcome or row.state, row.effects) for row in rows]

    def effects(self) -> int:
        return int(self.floor.value("SELECT coalesce(sum(effects), 0)::bigint FROM inbox"))

    def number(self) -> str:
        """The number of the only order."""
        return str(self.floor.value("SELECT number FROM orders"))

    def row(self) -> Any:
        [row] = self.floor.rows("SELECT * FROM orders")
        return row

    def form(self) -> NewOrder:
        """The form of the only order, as it stands."""
        return msgspec.json.decode(self.row().form, type=NewOrder)

    def staff_edits(self, **changes: Any) -> Any:
        """Somebody in the shop changes the only order."""
        form = replace(self.form(), **changes)
        return self.floor.one(edit_orders, EditOrder(number=self.number(), form=form, actor="sue"))
