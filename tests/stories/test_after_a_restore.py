"""A store is restored from a backup of an hour ago: what its channels and its gateway still know brings it back."""

from pathlib import Path

import psycopg

from orderwright.business.deeds.settle import PaymentCalls, settle_tasks
from orderwright.business.orders.form import PaymentForm
from orderwright.database import tasks
from orderwright.database.backup import back_up, restore
from orderwright.doors.worker.kinds import CallKind
from orderwright.links.payments.practice import PracticeGateway
from tests.floor import new_floor
from tests.inbox.channel import Web


def drop(dsn: str, schema: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f'DROP SCHEMA "{schema}" CASCADE'.encode())
        connection.execute("DELETE FROM orderwright.store WHERE schema = %s", [schema])


def settle(web: Web, gateway: PracticeGateway) -> None:
    """Settle and pay what is due, as the worker does."""
    with web.floor.begin() as tx:
        due = tasks.claim(tx, ["settle_order"], 100)
        settle_tasks(tx, due)
        tasks.finish(tx, due)
    calls = PaymentCalls(gateway)
    web.floor.call(CallKind("call_payment", calls.start, calls.call, calls.finish, calls.ask))


def state_of(web: Web) -> list[tuple[str, str, str, int, int]]:
    """(reference, state, payment's state, captured, refunded) of all orders."""
    return [tuple(row) for row in web.floor.rows(
        "SELECT o.reference, o.state, p.state AS paid, p.captured_minor, p.refunded_minor FROM orders o"
        " JOIN payment p ON p.order_id = o.id ORDER BY o.reference"
    )]  # fmt: skip


def test_after_a_restore_replayed_messages_and_known_keys_lead_to_the_same_books(postgres: str, tmp_path: Path) -> None:
    # Edge case 73: both cancellations, one order and both refunds fall into the lost hour.
    gateway = PracticeGateway(tmp_path / "gateway")
    with new_floor(postgres) as floor:
        web = Web(floor)
        floor.stock("LEEDS", MUG=9)
        first, second = (
            web.order({"MUG": units}, payment=PaymentForm(state="paid", gateway="stripe", reference=f"pi_{units}"))
            for units in (2, 3)
        )
        messages = [
            ("order.created", first), ("order.created", second),
            ("order.cancelled", {"reference": first.reference, "reason": "changed my mind"}),
            ("order.cancelled", {"reference": second.reference, "reason": "too late"}),
        ]  # fmt: skip
        web.tell(*messages[0])
        back_up(postgres, floor.store.schema, tmp_path / "store.dump")
        for message in messages[1:]:
            web.tell(*message)
        settle(web, gateway)
        before = state_of(web)
        assert before == [
            (first.reference, "cancelled", "refunded", 1500, 1500),
            (second.reference, "cancelled", "refunded", 2250, 2250),
        ]  # fmt: skip
        drop(postgres, floor.store.schema)
        restore(postgres, tmp_path / "store.dump")
        assert state_of(web) == [(first.reference, "allocated", "captured", 1500, 0)]
        assert [web.send(*message).repeated for message in messages] == [True, False, False, False]
        web.read()
        settle(web, gateway)
        assert state_of(web) == before
        assert (gateway.total_minor("refund"), floor.counters("MUG", "LEEDS")) == (3750, (9, 0))
