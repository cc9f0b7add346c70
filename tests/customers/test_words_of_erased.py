"""What is known as somebody's by nothing but their e-mail address or id, and what only looks like it."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import CustomerCard, JoinCustomer, PutCustomer
from orderwright.business.deeds.erase_customers import EraseCustomer, erase_customers
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.deeds.same_customer import join_same_customers
from orderwright.business.deeds.words_of_people import TEXTS
from orderwright.business.orders.form import CustomerForm
from orderwright.database.tx import Tx
from orderwright.database.writer import Writer
from orderwright.values.ids import new_id
from tests.customers.test_erasing import EMAIL as ZEBEDEE
from tests.customers.test_erasing import ordered
from tests.floor import Floor, done, new_floor
from tests.meeting import while_open

EMAIL = "Ann.O'Hara@x.co"
THEIRS = (
    EMAIL, "ann.o'hara@x.co", f"Ann <{EMAIL}>", f"write to {EMAIL}.", f"first\n{EMAIL}\tlast", f"'{EMAIL}'",
    f"mailto:{EMAIL}?subject=Hello", f"a@example.org;{EMAIL}, b@example.org", f"({EMAIL})", f"is it {EMAIL}?!",
)  # fmt: skip
OTHERS = (
    "jo.ann.o'hara@x.co", "joann.o'hara@x.co", "ann.o'hara@x.com", "ann.o'hara@x.co.uk", "mc-ann.o'hara@x.co",
    "o'hara@x.co", "ann_o'hara@x.co", "ann.o'hara@x-co", "+ann.o'hara@x.co", "ann.o'hara@x.co-op.org",
)  # fmt: skip


@pytest.fixture
def floor(postgres: str) -> Iterator[Floor]:
    with new_floor(postgres) as floor:
        floor.stock("LEEDS", MUG=1)
        yield floor


def written(floor: Floor, texts: tuple[str, ...]) -> None:
    """Each text in a draft, in a row of a file, and in a kept answer."""
    by = floor.order_id(floor.place({"MUG": 1}).number)
    with floor.begin() as tx:
        for n, text in enumerate(texts):
            said = msgspec.json.encode({"note": text}).decode()
            id_ = new_id()
            tx.copy("order_draft", "id, owner, name, line_count, form, made_at, changed_at",
                    [(id_, "ann", "", 0, said, tx.now, tx.now)])  # fmt: skip
            tx.copy("import_error", "import_id, row_number, cells, findings",
                    [(id_, n, msgspec.json.encode([text]).decode(), "[]")])  # fmt: skip
            tx.copy("idempotency", "key_id, method, path, key, body_hash, status, answer, made_at",
                    [(by, "POST", "/v1/orders", id_, b"", 201, said.encode(), tx.now)])  # fmt: skip


def kept(floor: Floor) -> list[list[str]]:
    """The texts that are left, of each of the three."""
    drafts = floor.rows("SELECT form FROM order_draft")
    cells = floor.rows("SELECT cells FROM import_error")
    answers = floor.rows("SELECT convert_from(answer, 'UTF8') AS said FROM idempotency")
    return [
        sorted(msgspec.json.decode(row.form)["note"] for row in drafts),
        sorted(msgspec.json.decode(row.cells)[0] for row in cells),
        sorted(msgspec.json.decode(row.said)["note"] for row in answers),
    ]


def known(floor: Floor, email: str) -> str:
    """A customer with an e-mail address; their id."""
    id_ = new_id()
    done(floor.run(put_customers, PutCustomer(id=id_, card=CustomerCard(name="Ann", email=email), actor="ann")))
    return id_


def test_what_names_them_goes_and_what_names_somebody_alike_stays(floor: Floor) -> None:
    id_ = known(floor, EMAIL)
    mine = (*THEIRS, id_, f"/v1/customers/{id_}/erase")
    written(floor, (*OTHERS, *mine))
    done(floor.run(erase_customers, EraseCustomer(id=id_, name="Ann", actor="ann")))
    assert kept(floor) == [sorted(OTHERS)] * 3


def test_words_are_looked_for_before_anybody_has_to_wait(floor: Floor) -> None:
    id_ = known(floor, EMAIL)
    written(floor, (EMAIL,))
    with floor.begin() as tx:
        asked: list[str] = []
        run = tx.rows

        def told(sql: str, **values: object) -> list[object]:
            asked.append(sql)
            return run(sql, **values)

        tx.rows = told  # type: ignore[method-assign]
        done(erase_customers(tx, [EraseCustomer(id=id_, name="Ann", actor="ann")]))
    first_lock = next(n for n, sql in enumerate(asked) if "FOR UPDATE" in sql)
    looked = [n for n, sql in enumerate(asked) if any(f"FROM {table}" in sql for table in TEXTS)]
    assert len(looked) == len(TEXTS) - 1  # drafts are few, and saved all the time: they are looked through at the end
    assert max(looked) < first_lock
    assert kept(floor) == [[], [], []]


def test_who_joins_customers_waits_for_their_orders_first_as_who_erases_them_does(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=5)
    number, id_ = ordered(floor)
    into = known(floor, "ann@example.org")
    writer = Writer(floor.store, threads=1)
    try:
        with floor.begin() as tx:
            tx.rows("SELECT FROM orders WHERE number = %(number)s FOR UPDATE", number=number)
            me = tx.row("SELECT pg_backend_pid() AS pid").pid
            joining = writer.submit(join_same_customers, [JoinCustomer(id=id_, into=into, actor="ann")])
            waits = "SELECT count(*) FROM pg_sleep(0.01), pg_locks WHERE NOT granted"
            while not joining.done() and not floor.value(f"{waits} AND %(me)s = ANY(pg_blocking_pids(pid))", me=me):
                pass
            free = tx.rows("SELECT id::text FROM customer ORDER BY id FOR UPDATE NOWAIT")
            assert {row.id for row in free} == {id_, into}
        done(joining.result(30))
    finally:
        writer.stop()
    assert floor.value("SELECT customer_id::text FROM orders") == into


def test_an_order_placed_while_customers_are_joined_goes_along(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=5)
    id_, into = ordered(floor)[1], known(floor, "ann@example.org")

    def order(tx: Tx) -> list[Any]:
        buyer = CustomerForm(email=ZEBEDEE, name="Zebedee Q")
        return done(place_orders(tx, [PlaceOrder(floor.form({"MUG": 1}, customer=buyer), "ann", "api")]))

    joining = JoinCustomer(id=id_, into=into, actor="ann")
    _, joined = while_open(floor, order, lambda writer: writer.submit(join_same_customers, [joining]))
    done(joined)
    assert [row.id for row in floor.rows("SELECT customer_id::text AS id FROM orders")] == [into, into]
