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
    Fault(
        "paid_links_have_their_payment", "a link was paid and nothing is booked",
        "INSERT INTO pay_link (id, order_id, currency, amount_minor, expires_at, made_by, made_at, gateway, reference,"
        " paid_at, paid_minor) VALUES (#quote1, #order1, 'GBP', 100, '2026-12-02', 'test', '2026-11-19', 'practice',"
        " 'pay:1', '2026-11-20', 100)",
        "was paid as pay:1 of practice",
    ),
    Fault(
        "paid_links_have_their_payment", "money for a quote that is gone stays with us",
        "INSERT INTO pay_link (id, quote_id, currency, amount_minor, expires_at, made_by, made_at, gateway, reference,"
        " paid_at, paid_minor) VALUES (#quote1, #quote1, 'GBP', 100, '2026-12-02', 'test', '2026-11-19', 'practice',"
        " 'pay:2', '2026-11-20', 100)",
        "was paid as pay:2 of practice",
    ),
)  # fmt: skip
