from tests.truth.world import Fault

FAULTS = (
    Fault(
        "rows_belong_to_orders", "a decision speaks of no order",
        "INSERT INTO decision VALUES (#nobody, 1, 'placed', now(), '{}')",
        "decision of order",
        in_sweep=False,
    ),
    Fault(
        "allocations_stay_in_their_order", "a fulfilment holds another order's unit",
        "UPDATE fulfilment SET order_id = #order6 WHERE id = #work4",
        "holds demand",
    ),
    Fault(
        "parcels_stay_in_their_order", "a parcel goes out from a site where it was not picked",
        "UPDATE parcel SET site = 'BRISTOL' WHERE id = #parcel6",
        "parcel P-6: MUG for demand",
    ),
    Fault(
        "parcels_stay_in_their_order", "a parcel holds another product than was ordered",
        "UPDATE parcel_line SET sku = 'HAT' WHERE parcel_id = #parcel6",
        "parcel P-6: HAT for demand",
    ),
    Fault(
        "pick_lists_stay_in_their_order", "a list took from another site's bin",
        "UPDATE pick_task SET place_id = @BRISTOL/STOCK WHERE id = #pick1",
        "MUG for demand",
    ),
    Fault(
        "pick_lists_stay_in_their_order", "a list took another product",
        "UPDATE pick_task SET sku = 'HAT' WHERE id = #pick1",
        "HAT for demand",
    ),
    Fault(
        "pick_lists_stay_in_their_order", "an open list takes from another site's bin",
        "UPDATE pick_task SET place_id = @BRISTOL/STOCK WHERE id = #pick4;\n"
        "MOVE 2 HAT @LEEDS/STOCK @BRISTOL/STOCK transfer;\n"
        "UPDATE stock SET quantity = 5, committed = 0 WHERE sku = 'HAT' AND place_id = @LEEDS/STOCK;\n"
        "INSERT INTO stock VALUES ('HAT', @BRISTOL/STOCK, '', 2, 2);\n"
        "UPDATE availability SET on_hand = CASE site WHEN 'LEEDS' THEN 6 ELSE 2 END WHERE sku = 'HAT'",
        "HAT for demand",
    ),
)  # fmt: skip
