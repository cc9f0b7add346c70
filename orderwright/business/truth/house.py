"""What must be true of the house itself: kept answers, inbound messages, erased people, the schema's own guards."""

from orderwright.business.customers.personal import ERASED_CUSTOMERS, what_is_left
from orderwright.database.invariants import Invariant

INVARIANTS = (
    Invariant(
        "answers_are_kept_once",
        "An Idempotency-Key of a key, person or customer has one answer; only answers that wrote something are kept.",
        """
        SELECT i.key_id, i.method, i.path, i.key, count(*) AS answers, min(i.status) AS status
        FROM idempotency i LEFT JOIN api_key k ON k.id = i.key_id LEFT JOIN staff_account a ON a.id = i.key_id
             LEFT JOIN orders o ON o.id = i.key_id
        GROUP BY i.key_id, i.method, i.path, i.key
        HAVING count(*) > 1 OR min(i.status) NOT BETWEEN 200 AND 299 OR bool_or(coalesce(k.id, a.id, o.id) IS NULL)
        """,
        "{method} {path} with key '{key}' of {key_id}: {answers} answers, status {status}",
        in_sweeps=False,
    ),
    Invariant(
        "messages_take_effect_once",
        "An inbound message is kept once, takes effect at most once, and is done when it has.",
        """
        SELECT channel, external_id, topic, count(*) AS times, sum(effects) AS effects FROM inbox
        GROUP BY channel, external_id, topic, hash
        HAVING count(*) > 1 OR sum(effects) > 1 OR bool_or((ended_at IS NULL) <> (state = 'stored'))
        """,
        "{channel} {topic} {external_id}: kept {times} times, {effects} effects",
        in_sweeps=False,
    ),
    Invariant(
        "erased_people_leave_nothing",
        "Of an erased person no name, address, number, note, picture or label is left, wherever the register of"
        " personal data names a place; whom their invoices were for is kept aside only for orders that have one.",
        f"""
        {what_is_left()}
        UNION ALL
        SELECT 'kept_buyer', count(*) FROM kept_buyer b
        WHERE NOT EXISTS (SELECT FROM paper p WHERE p.order_id = b.order_id)
           OR NOT EXISTS (SELECT FROM orders o WHERE o.id = b.order_id AND o.customer_id IN ({ERASED_CUSTOMERS}))
        HAVING count(*) > 0
        """,
        "{rows} rows of {place}",
        in_sweeps=False,
    ),
    Invariant(
        "guards_are_in_force",
        "Every constraint and index of the store is valid: none was left half built or unchecked.",
        """
        SELECT conrelid::regclass::text AS owner, conname AS guard FROM pg_constraint
        WHERE connamespace = current_schema()::regnamespace AND NOT convalidated
        UNION ALL
        SELECT indrelid::regclass::text, indexrelid::regclass::text FROM pg_index
        JOIN pg_class c ON c.oid = indexrelid
        WHERE c.relnamespace = current_schema()::regnamespace AND NOT (indisvalid AND indisready)
        """,
        "{guard} of {owner}",
    ),
)  # fmt: skip
