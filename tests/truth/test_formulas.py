"""What the invariants say in SQL is what the rules say in Python."""

from datetime import UTC, datetime
from itertools import product
from random import Random

from orderwright.business.billing.rules import payment_state
from orderwright.business.routing.rules import Progress, fulfilment_state
from orderwright.business.truth import check
from orderwright.business.truth.facts import LINK_HASH
from orderwright.database.facts import link_hash
from orderwright.database.invariants import check_in
from orderwright.database.store import Store
from orderwright.database.tx import Tx
from orderwright.values.money import line_amount_minor
from tests.truth.world import planted, run

TIMES = (
    datetime(2026, 11, 20, 12, tzinfo=UTC),
    datetime(2026, 11, 20, 12, 0, 0, 1, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 59, 59, 120_000, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
)


def violations(tx: Tx, name: str) -> int:
    [invariant] = [each for each in check.INVARIANTS if each.name == name]
    return check_in(tx, invariant).violations


def test_the_hash_in_sql_is_the_hash_of_the_chain(world: Store) -> None:
    sql = LINK_HASH.format(
        previous="%(previous)s::bytea",
        seq="%(seq)s::int",
        type="%(type)s::text",
        at="%(at)s::timestamptz",
        body="%(body)s::text",
    )
    with planted(world) as tx:
        for at, previous, body in product(TIMES, (b"", b"\x00\xff" * 16), ("{}", '{"a":"Zoë\\n\\\\ 日本 🎁"}')):
            values = {"previous": previous, "seq": 17, "type": "order_placed", "at": at, "body": body}
            expected = link_hash(previous, 17, "order_placed", at, body.encode())
            assert bytes(tx.row(f"SELECT {sql} AS hash", **values).hash) == expected


def test_line_amounts_are_rounded_as_the_rule_rounds_them(world: Store) -> None:
    rng = Random(7)
    lines = [
        (rng.randint(1, 1_000_000_000), rng.choice((1, -1)) * rng.randint(0, 10 ** rng.randint(1, 9)))
        for _ in range(500)
    ]
    lines += [
        (quantity, price) for quantity in (1, 2, 3, 5, 7) for price in (-5_000, 2_500, 5_000, 15_000, 12_345_000, 7_500)
    ]
    for currency in ("GBP", "JPY", "KWD"):
        with planted(world, "DELETE FROM order_line;\nUPDATE orders SET line_count = 1") as tx:
            tx.write("UPDATE orders SET currency = %(currency)s", currency=currency)
            order_id = tx.row("SELECT id FROM orders WHERE number = 'OW-1'").id
            tx.copy(
                "order_line",
                "order_id, position, reference, sku_given, title, quantity, unit_price_micro, discount_minor,"
                " tax_minor, amount_minor",
                [
                    (order_id, i, "", "", "", quantity, price, 7, 0, line_amount_minor(quantity, price, currency) - 7)
                    for i, (quantity, price) in enumerate(lines, 1)
                ],
            )
            assert violations(tx, "line_amounts_are_rounded_once") == 0
            tx.write("UPDATE order_line SET amount_minor = amount_minor + 1")
            assert violations(tx, "line_amounts_are_rounded_once") == len(lines)


def test_payments_are_called_as_the_rule_calls_them(world: Store) -> None:
    cases = [
        (authorised, captured, refunded, voided)
        for authorised, captured, refunded, voided in product(range(4), repeat=4)
        if captured + voided <= authorised and refunded <= captured
    ]
    with planted(world, "DELETE FROM payment") as tx:
        rows = [(f"00000000-0000-7000-8000-{i:012}", *case, payment_state(*case)) for i, case in enumerate(cases)]
        columns = (
            "id, authorised_minor, captured_minor, refunded_minor, voided_minor, state, order_id, gateway, reference,"
            " currency, made_at"
        )
        order_id = tx.row("SELECT id FROM orders WHERE number = 'OW-1'").id
        tx.copy("payment", columns, [(*row, order_id, "x", "", "GBP", tx.now) for row in rows])
        assert violations(tx, "payments_are_called_what_they_are") == 0


def test_fulfilments_are_where_the_rule_says(world: Store) -> None:
    with planted(world, "DELETE FROM allocation") as tx:
        demand = tx.row("SELECT id FROM demand LIMIT 1").id
        for units, is_released in product(product((0, 2), repeat=4), (True, False)):
            progress = Progress(*units)
            if not is_released and any(units[1:]):
                continue  # nothing is picked before it is released
            state = fulfilment_state(progress, is_released=is_released)
            run(tx, "DELETE FROM allocation;\nDELETE FROM fulfilment WHERE id <> #work1")
            released_at = tx.now if is_released else None
            tx.write("UPDATE fulfilment SET state = %(state)s, released_at = %(at)s", state=state, at=released_at)
            work = tx.row("SELECT id FROM fulfilment").id
            tx.copy(
                "allocation", "fulfilment_id, demand_id, allocated, picked, packed, shipped", [(work, demand, *units)]
            )
            assert violations(tx, "fulfilments_say_how_far_they_are") == 0
