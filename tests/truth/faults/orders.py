from tests.truth.world import Fault

FAULTS = (
    Fault(
        "state_is_what_units_say", "an order calls itself shipped too early",
        "UPDATE orders SET state = 'shipped' WHERE id = #order6",
        "order OW-6: 'shipped', its units say 'packed'",
    ),
    Fault(
        "state_is_what_units_say", "a line without a product is forgotten",
        "UPDATE orders SET state = 'allocated', is_held = false WHERE id = #order4;\n"
        "UPDATE hold SET released_at = placed_at;\n"
        "UPDATE exception SET closed_at = opened_at WHERE kind <> 'pick_short'",
        "order OW-4: 'allocated', its units say 'partially_allocated'",
    ),
    Fault(
        "lines_become_demand", "a component of a kit is demanded once too few",
        "UPDATE demand SET per_unit = 3 WHERE id = #kithats1",
        "line 2: 1 of 'GIFT' became 2 of HAT, 3 each",
    ),
    Fault(
        "lines_become_demand", "a line with a product is not demanded",
        "UPDATE order_line SET sku = 'HAT' WHERE order_id = #order4 AND position = 2;\n"
        "UPDATE orders SET state = 'held' WHERE id = #order4",
        "line 2: 2 of 'HAT' became None of None",
    ),
    Fault(
        "lines_become_demand", "a unit is demanded by no line of any order",
        "INSERT INTO demand (id, order_id, position, sku, per_unit, ordered, waiting, allocated, cancelled)"
        " VALUES (#stray, #nobody, 1, 'MUG', 1, 1, 0, 0, 1)",
        "line 1: None of '' became 1 of MUG",
        in_sweep=False,
    ),
    Fault(
        "every_unit_is_in_one_position", "a unit is in no position",
        "UNGUARD demand;\nUPDATE demand SET ordered = 3 WHERE id = #mugs1;\n"
        "UPDATE order_line SET quantity = 3, unit_price_micro = 5000000 WHERE order_id = #order1 AND position = 1",
        "line 1 MUG: 3 ordered, 2 accounted for",
    ),
    Fault(
        "demand_is_where_fulfilments_say", "an order believes a unit allocated that waits",
        "UPDATE demand SET waiting = 1, allocated = 2 WHERE id = #tees2;\n"
        "UPDATE availability SET waiting = 1 WHERE sku = 'TEE'",
        "(allocated, picked, packed, shipped)",
    ),
    Fault(
        "held_means_an_open_hold", "a mark stays after the hold is gone",
        "UPDATE orders SET is_held = true WHERE id = #order6",
        "order OW-6: marked True",
    ),
    Fault(
        "open_holds_are_somebodys_work", "nobody is told of a hold",
        "UPDATE exception SET closed_at = opened_at WHERE id = #doubt1",
        "'address': held True",
    ),
    Fault(
        "open_holds_are_somebodys_work", "an exception outlives its hold",
        "UPDATE exception SET closed_at = NULL WHERE id = #doubt3",
        "'price': held False",
    ),
    Fault(
        "line_count_is_counted", "a line is counted that is not there",
        "UPDATE orders SET line_count = 2 WHERE id = #order6",
        "order OW-6: says 2, has 1",
    ),
    Fault(
        "line_count_is_counted", "a line belongs to no order",
        "INSERT INTO order_line (order_id, position, reference, sku_given, title, quantity, unit_price_micro,"
        " discount_minor, tax_minor, amount_minor) VALUES (#nobody, 1, '', '?', '?', 1, 0, 0, 0, 0)",
        "says None, has 1",
        in_sweep=False,
    ),
    Fault(
        "one_order_per_reference", "a key names another order",
        "UPDATE order_key SET order_id = #order2 WHERE reference = 'R-6'",
        "web R-6: order OW-6, the key says",
    ),
    Fault(
        "one_order_per_reference", "a reference was taken and its order is lost",
        "INSERT INTO order_key VALUES ('web', 'R-7', #order7, '')",
        "web R-7: order None",
        in_sweep=False,
    ),
)  # fmt: skip
