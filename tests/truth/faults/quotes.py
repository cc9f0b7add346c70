from tests.truth.world import Fault

FAULTS = (
    Fault(
        "quotes_name_the_orders_they_became", "a quote names somebody else's order",
        "INSERT INTO quote (id, number, channel, name, email_key, currency, total_minor, valid_until, expires_at, form,"
        " form_hash, made_by, made_at, ordered_by, ordered_at, order_id)"
        " VALUES (#quote1, 'Q-1', 'web', '', '', 'GBP', 0, '2026-12-01', '2026-12-02', '{}', '', 'test', '2026-11-19',"
        " 'test', '2026-11-20', #order1)",
        "Q-1 of web became OW-1",
    ),
)  # fmt: skip
