from tests.truth.world import Fault

FAULTS = (
    Fault(
        "line_amounts_are_rounded_once", "half a penny was rounded up, not to even",
        "UPDATE order_line SET amount_minor = 1235 WHERE order_id = #order1 AND position = 2;\n"
        "UPDATE orders SET goods_minor = 2635, discount_minor = 135 WHERE id = #order1",
        "order OW-1 line 2: 1 at 12345000 millionths less 0 is not 1235",
    ),
    Fault(
        "line_amounts_are_rounded_once", "an amount is beyond all numbers",
        "UPDATE order_line SET unit_price_micro = 9000000000000000000 WHERE order_id = #order1 AND position = 1",
        "order OW-1 line 1",
    ),
    Fault(
        "line_amounts_are_rounded_once", "an order is in a currency nobody knows",
        "UPDATE orders SET currency = 'QQQ' WHERE id = #order2",
        "order OW-2 line 1",
    ),
    Fault(
        "order_totals_add_up", "the goods are not those of the lines",
        "UPDATE orders SET goods_minor = 2251, discount_minor = 1 WHERE id = #order3",
        "order OW-3: goods 2251, its lines 2250",
    ),
    Fault(
        "order_totals_add_up", "a penny is missing from the total",
        "UPDATE orders SET total_minor = 749 WHERE id = #order6",
        "order OW-6: goods 750, its lines 750; tax 0, its lines 0; total 749",
    ),
    Fault(
        "order_totals_add_up", "the tax is neither the lines' nor the shipping's",
        "UPDATE orders SET tax_minor = 628, total_minor = 3628 WHERE id = #order1",
        "tax 628, its lines 527",
    ),
    Fault(
        "payments_stay_within_bounds", "more is captured than was authorised",
        "UNGUARD payment;\nUPDATE payment SET authorised_minor = 2200, given_authorised_minor = 2200,"
        " state = 'partly_captured' WHERE id = #pay3",
        "authorised 2200, captured 2250",
    ),
    Fault(
        "payments_are_called_what_they_are", "a refunded payment calls itself captured",
        "UPDATE payment SET state = 'captured' WHERE id = #pay1",
        "is captured: authorised 3627, captured 3627, voided 0, refunded 840",
    ),
    Fault(
        "payments_are_what_intents_did", "a refund was counted that never happened",
        "UPDATE payment SET voided_minor = 1 WHERE id = #pay6",
        "(authorised, captured, refunded, voided)",
    ),
    Fault(
        "payments_are_what_intents_did", "a capture belongs to no payment",
        "INSERT INTO intent (id, kind, subject, order_id, provider, key, amount_minor, currency, state, made_at,"
        " ended_at) VALUES (#stray, 'capture', #nobody, #order2, 'practice', 'k9', 5, 'GBP', 'done', now(), now())",
        "says [None, None, None, None], intents did [0, 5, 0, 0]",
    ),
    Fault(
        "intents_end_once", "an intent is done but never ended",
        "UPDATE intent SET ended_at = NULL WHERE id = #buy1",
        "to buy_label None: done, ended None",
    ),
    Fault(
        "bookings_sum_to_zero", "a booking loses a penny of sales",
        "UPDATE ledger_entry SET amount_minor = -2499 WHERE booking = 'paper:1' AND account = 'sales'",
        "booking paper:1: 1 left",
    ),
    Fault(
        "bookings_sum_to_zero", "a booking runs over two orders",
        "UNGUARD ledger_entry;\nUPDATE ledger_entry SET booking = 'capture:1' WHERE booking = 'given:3'",
        "booking capture:1: 0 left",
    ),
    Fault(
        "bookings_sum_to_zero", "a booking is in two currencies",
        "INSERT INTO ledger_entry SELECT gen_random_uuid(), booking, v.account, order_id, v.amount, 'EUR', booked_at"
        " FROM ledger_entry CROSS JOIN (VALUES ('tax', 5), ('sales', -5)) AS v(account, amount)"
        " WHERE booking = 'given:3' AND ledger_entry.account = 'cash'",
        "booking given:3: 0 left",
    ),
    Fault(
        "books_agree_with_papers_and_payments", "an invoice was never booked",
        "DELETE FROM ledger_entry WHERE booking = 'paper:1'",
        "-3627 GBP owed and 2787 come in by its books; 2787 invoiced, 2787 came in",
    ),
    Fault(
        "books_agree_with_papers_and_payments", "captured money was booked as sales",
        "UPDATE ledger_entry SET account = 'sales' WHERE booking = 'given:3' AND account = 'cash'",
        "-2250 GBP owed and 0 come in by its books; 0 invoiced, 2250 came in",
    ),
    Fault(
        "papers_are_numbered_without_gaps", "an invoice number was skipped",
        "UPDATE paper_series SET last_number = 2 WHERE series = 'INV';\n"
        "UPDATE paper SET number = 2 WHERE series = 'INV'",
        "series INV: 1 papers from 2 to 2",
    ),
    Fault(
        "papers_add_up", "a paper's tax is misprinted",
        "UPDATE paper SET tax_minor = 626 WHERE series = 'INV'",
        "INV 1: total 3627, its parts 3626",
    ),
    Fault(
        "one_paper_per_cause", "a parcel was invoiced twice, and both were booked",
        "UNGUARD paper;\nINSERT INTO paper SELECT series, 2, kind, order_id, cause, currency, 0, 0, 0, 0, lines,"
        " issued_at FROM paper WHERE series = 'INV';\nUPDATE paper_series SET last_number = 2 WHERE series = 'INV'",
        "2 papers",
    ),
)  # fmt: skip
