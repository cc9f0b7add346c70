"""What must be true of the house itself: kept answers, inbound messages, erased people, the schema's own guards."""

from orderwright.database.invariants import Invariant

# What an erased person's order may keep of an address: enough for tax and for the map of sales.
_KEPT_OF_ADDRESS = "'{country,region}'::text[]"

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
        "Of an erased person no name, address, number or note is left, with the person, orders or labels.",
        f"""
        SELECT c.id, 'customer' AS what FROM customer c
        WHERE c.erased_at IS NOT NULL
          AND (c.email_key IS NOT NULL OR c.email || c.name || c.phone || c.reference <> '')
        UNION ALL
        SELECT c.id, 'order ' || o.number
        FROM customer c JOIN orders o ON o.customer_id = c.id
        CROSS JOIN LATERAL (SELECT o.form::jsonb AS said) AS f
        WHERE c.erased_at IS NOT NULL
          AND (o.email_key || o.postal_code || coalesce(said ->> 'gift_note', '') <> ''
               OR coalesce(said -> 'customer', '{{}}') <> '{{}}'
               OR coalesce((said -> 'ship_to') - {_KEPT_OF_ADDRESS}, '{{}}') <> '{{}}'
               OR coalesce((said -> 'bill_to') - {_KEPT_OF_ADDRESS}, '{{}}') <> '{{}}'
               OR jsonb_path_exists(said, '$.lines[*] ? (@.note != "" || @.gift_note != "")'))
        UNION ALL
        SELECT c.id, 'label ' || l.tracking_code
        FROM customer c JOIN orders o ON o.customer_id = c.id JOIN parcel p ON p.order_id = o.id
        JOIN label l ON l.parcel_id = p.id
        WHERE c.erased_at IS NOT NULL AND l.content <> ''
        """,
        "{what} of {id}",
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
