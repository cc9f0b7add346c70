from tests.truth.world import Fault

FAULTS = (
    Fault(
        "stock_is_what_moved", "a mug appears in a bin",
        "UPDATE stock SET quantity = 7 WHERE sku = 'MUG' AND place_id = @LEEDS/STOCK;\n"
        "UPDATE availability SET on_hand = 8 WHERE sku = 'MUG' AND site = 'LEEDS'",
        "MUG lot '' in STOCK (bin) at LEEDS: 7 lie there, 6 moved in",
    ),
    Fault(
        "stock_is_what_moved", "a mug arrives and nobody counts it",
        "MOVE 3 MUG @BRISTOL/SUPPLIER @BRISTOL/QUARANTINE receive",
        "in QUARANTINE (quarantine) at BRISTOL: 0 lie there, 3 moved in",
    ),
    Fault(
        "stock_is_what_moved", "the customers' place holds stock",
        "INSERT INTO stock VALUES ('MUG', @LEEDS/CUSTOMER, '', 2, 0)",
        "in CUSTOMER (customer) at LEEDS: 2 lie there",
    ),
    Fault(
        "on_hand_is_what_lies_there", "a site counts a mug too few",
        "UPDATE availability SET on_hand = 6 WHERE sku = 'MUG' AND site = 'LEEDS'",
        "MUG at LEEDS: 6 on hand, 7 lie there",
    ),
    Fault(
        "nothing_is_promised_beyond_stock", "mugs are lost that were promised",
        "UNGUARD availability;\nUPDATE stock SET quantity = 0 WHERE sku = 'MUG' AND place_id = @LEEDS/STOCK;\n"
        "UPDATE availability SET on_hand = 1 WHERE sku = 'MUG' AND site = 'LEEDS';\n"
        "MOVE 6 MUG @LEEDS/STOCK @LEEDS/LOST adjust",
        "MUG at LEEDS: 1 there, 2 promised",
    ),
    Fault(
        "nothing_is_promised_beyond_stock", "hats are lost that are on a pick list",
        "UNGUARD availability;\nUNGUARD stock;\n"
        "UPDATE stock SET quantity = 1 WHERE sku = 'HAT' AND place_id = @LEEDS/STOCK;\n"
        "UPDATE availability SET on_hand = 2 WHERE sku = 'HAT' AND site = 'LEEDS';\n"
        "MOVE 6 HAT @LEEDS/STOCK @LEEDS/LOST adjust",
        "HAT at LEEDS STOCK: 1 there, 2 on pick lists",
    ),
    Fault(
        "allocated_is_what_fulfilments_hold", "two sites swap a promise in their counters",
        "UPDATE stock SET quantity = 5 WHERE sku = 'MUG' AND place_id = @LEEDS/STOCK;\n"
        "INSERT INTO stock VALUES ('MUG', @BRISTOL/STOCK, '', 1, 0);\n"
        "MOVE 1 MUG @LEEDS/STOCK @BRISTOL/STOCK transfer;\n"
        "UPDATE availability SET on_hand = 6, allocated = 1 WHERE sku = 'MUG' AND site = 'LEEDS';\n"
        "UPDATE availability SET on_hand = 1, allocated = 1 WHERE sku = 'MUG' AND site = 'BRISTOL'",
        "MUG at LEEDS: 1 promised, fulfilments hold 2",
    ),
    Fault(
        "waiting_is_what_backorders_claim", "one site forgets a backorder",
        "UPDATE availability SET waiting = 1 WHERE sku = 'TEE' AND site = 'LEEDS'",
        "TEE at LEEDS: 1 kept, 2 claimed",
    ),
    Fault(
        "committed_is_on_open_pick_lists", "a bin keeps a hat for nobody",
        "UPDATE stock SET committed = 3 WHERE sku = 'HAT' AND place_id = @LEEDS/STOCK",
        "HAT lot '' in place",
    ),
    Fault(
        "picked_units_lie_at_packing", "a picked hat went back into its bin without a word",
        "UPDATE stock SET quantity = 8 WHERE sku = 'HAT' AND place_id = @LEEDS/STOCK;\n"
        "UPDATE stock SET quantity = 0 WHERE sku = 'HAT' AND place_id = @LEEDS/PACKING;\n"
        "MOVE 1 HAT @LEEDS/PACKING @LEEDS/STOCK put_back",
        "HAT at LEEDS: 1 picked or packed, 0 at packing",
    ),
    Fault(
        "units_to_put_back_lie_on_the_bench", "one mug is to be put back twice",
        "UPDATE put_back SET quantity = 2 WHERE id = #back5",
        "MUG lot '' at LEEDS: 2 to put back, 1 on the bench",
    ),
    Fault(
        "what_shipped_left_the_stock", "a unit left the stock as shipped that no parcel took",
        "UPDATE stock SET quantity = 6 WHERE sku = 'HAT' AND place_id = @LEEDS/STOCK;\n"
        "UPDATE availability SET on_hand = 7 WHERE sku = 'HAT' AND site = 'LEEDS';\n"
        "MOVE 1 HAT @LEEDS/STOCK @LEEDS/CUSTOMER ship",
        "HAT from LEEDS: 3 left the stock, 2 went in parcels",
    ),
    Fault(
        "one_move_per_cause", "a receipt was booked twice",
        "UNGUARD stock_move;\n"
        "INSERT INTO stock_move SELECT gen_random_uuid(), sku, lot, from_place, to_place, quantity, kind, cause,"
        " cause_line, NULL, 'test', now(), now() FROM stock_move WHERE cause = 'receipt:2';\n"
        "UPDATE stock SET quantity = 2 WHERE sku = 'TEE';\n"
        "UPDATE availability SET on_hand = 2 WHERE sku = 'TEE' AND site = 'BRISTOL'",
        "receive for receipt:2 line 1 was booked 2 times",
    ),
    Fault(
        "every_product_can_be_promised_everywhere", "a new site never got its counters",
        "DELETE FROM availability WHERE sku = 'MUG' AND site = 'BRISTOL'",
        "MUG at BRISTOL has none",
    ),
    Fault(
        "lots_are_known", "a lot lies in a bin that nobody knows the date of",
        "DELETE FROM lot",
        "TEE lot 'L1'",
    ),
)  # fmt: skip
