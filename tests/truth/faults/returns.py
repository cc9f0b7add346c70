from tests.truth.world import Fault

FAULTS = (
    Fault(
        "returned_is_what_came_back", "an order has a unit returned that no return received",
        "UPDATE demand SET returned = 1 WHERE id = #kitmug1",
        "1 returned, 0 received",
    ),
    Fault(
        "no_more_comes_back_than_shipped", "more is asked back than was shipped",
        "INSERT INTO return_request (id, number, order_id, site, state, made_at)"
        " VALUES (#return2, 'RT-2', #order1, 'LEEDS', 'asked', now());\n"
        "INSERT INTO return_line (return_id, line, demand_id, position, sku, reason, asked)"
        " VALUES (#return2, 1, #mugs1, 1, 'MUG', 'unwanted', 2)",
        "2 shipped, 1 returned, 3 asked back",
    ),
    Fault(
        "inspected_units_are_accounted_for", "an inspected unit is neither restocked nor scrapped",
        "UPDATE return_line SET restocked = 0 WHERE return_id = #return1",
        "return RT-1 line 1 is settled: 1 received, 0 restocked, 0 scrapped, 0 in quarantine",
    ),
    Fault(
        "what_came_back_entered_the_stock", "a returned unit never moved",
        "UPDATE stock_move SET kind = 'adjust' WHERE kind = 'return'",
        "MUG: 1 received, 0 moved",
    ),
    Fault(
        "returns_are_credited_once", "a settled return says another amount than its credit note",
        "UPDATE return_request SET refund_minor = 841 WHERE id = #return1",
        "return RT-1 is settled: refund 841, credited 840",
    ),
    Fault(
        "returns_are_credited_once", "a return was credited before it was settled",
        "UPDATE return_request SET state = 'inspected', settled_at = NULL WHERE id = #return1",
        "return RT-1 is inspected",
    ),
    Fault(
        "return_labels_were_bought_once", "a return has a label nobody bought",
        "INSERT INTO return_label (return_id, intent_id, state, carrier, tracking_code, made_at)"
        " VALUES (#return1, #return1, 'bought', 'practice', 'PX1', now())",
        "its label is bought, the purchase None",
    ),
    Fault(
        "exchanges_end_with_their_returns", "an exchange waits for a return that is settled",
        "INSERT INTO exchange (return_id, order_id, state, made_at, lapses_at)"
        " VALUES (#return1, #order2, 'waiting', now(), now())",
        "return RT-1 is settled, its exchange waiting",
    ),
    Fault(
        "money_of_exchanges_arrives", "an exchange says that money was carried over which nobody has",
        "INSERT INTO exchange (return_id, order_id, state, made_at, lapses_at, ended_at, carried_minor)"
        " VALUES (#return1, #order2, 'kept', now(), now(), now(), 750)",
        "750 carried over, 0 arrived, 0 given up",
    ),
)  # fmt: skip
