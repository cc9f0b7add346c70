from tests.truth.world import Fault

FAULTS = (
    Fault(
        "answers_are_kept_once", "a key has two answers",
        "UNGUARD idempotency;\nINSERT INTO idempotency SELECT key_id, method, path, key, body_hash, 200, '{}', made_at"
        " FROM idempotency",
        "POST /v1/orders with key 'once' of",
    ),
    Fault(
        "answers_are_kept_once", "a refusal was kept",
        "UPDATE idempotency SET status = 422",
        "1 answers, status 422",
    ),
    Fault(
        "messages_take_effect_once", "a message took effect twice",
        "UPDATE inbox SET effects = 2 WHERE id = #message1",
        "web order R-1: kept 1 times, 2 effects",
    ),
    Fault(
        "erased_people_leave_nothing", "an erased customer's name stayed",
        "UPDATE customer SET name = 'Ben' WHERE id = #erased",
        "1 rows of customer",
    ),
    Fault(
        "erased_people_leave_nothing", "an erased customer's street stayed with the order",
        """UPDATE orders SET form = '{"ship_to":{"country":"GB","city":"Leeds"}}' WHERE id = #order5""",
        "1 rows of orders",
    ),
    Fault(
        "erased_people_leave_nothing", "an erased customer's gift note stayed with a line",
        """UPDATE orders SET form = '{"lines":[{"sku":"MUG","gift_note":"Dear Ben"}]}' WHERE id = #order5""",
        "1 rows of orders",
    ),
    Fault(
        "erased_people_leave_nothing", "what was changed of an erased customer still says how it was",
        """INSERT INTO house_change VALUES (#doubt1, 'customer', (#erased::uuid)::text, '{"name":"Ben"}',
        '{"name":"Benny"}', 'ann', '2026-11-01')""",
        "1 rows of house_change",
    ),
    Fault(
        "erased_people_leave_nothing", "a channel's message still says what an erased customer ordered",
        "INSERT INTO inbox (id, channel, external_id, topic, hash, body, state, received_at, ended_at)"
        " VALUES (#doubt1, 'web', 'R-5', 'note', '', 'Dear Ben', 'done', '2026-11-19', '2026-11-19')",
        "1 rows of inbox",
    ),
    Fault(
        "erased_people_leave_nothing", "what somebody looked into for an erased customer still says what it was",
        """INSERT INTO exception (id, order_id, subject, kind, severity, owner, document, opened_at, due_at, closed_at,
        closed_by, resolution) VALUES (#erased, #order5, #order5, 'other', 'normal', 'desk', '{"note":"Ben rang"}',
        '2026-11-17', '2026-11-18', '2026-11-18', 'ann', 'done')""",
        "1 rows of exception",
    ),
    Fault(
        "erased_people_leave_nothing", "a buyer is kept of an order that was never invoiced",
        "INSERT INTO kept_buyer VALUES (#order5, 'Ben', '{}', '2026-11-19')",
        "1 rows of kept_buyer",
    ),
    Fault(
        "erased_people_leave_nothing", "what a carrier said of the way back still says who sent it",
        "INSERT INTO return_request (id, number, order_id, site, state, made_at)"
        " VALUES (#return2, 'RT-2', #order5, 'LEEDS', 'refused', '2026-11-19');\n"
        "INSERT INTO intent (id, kind, subject, order_id, provider, key, state, made_at, ended_at) VALUES"
        " (#stray, 'buy_return_label', #return2, #order5, 'practice', 'k9', 'done', '2026-11-19', '2026-11-19');\n"
        "INSERT INTO return_label (return_id, intent_id, state, carrier, tracking_code, made_at)"
        " VALUES (#return2, #stray, 'bought', 'practice', 'PX9', '2026-11-19');\n"
        "INSERT INTO tracking_event VALUES (#doubt1, 'practice', 'e9', NULL, 'PX9', 'accepted', 'from Ben', '{}',"
        " '2026-11-19', '2026-11-19')",
        "1 rows of tracking_event",
    ),
    Fault(
        "guards_are_in_force", "a constraint was added unchecked",
        "ALTER TABLE demand ADD CONSTRAINT late CHECK (shipped >= 0) NOT VALID",
        "late of demand",
    ),
)  # fmt: skip
