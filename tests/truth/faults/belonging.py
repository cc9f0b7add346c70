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
        "pick_lists_stay_in_their_order", "a list takes from another site's bin",
        "UPDATE pick_task SET place_id = @BRISTOL/STOCK WHERE id = #pick1",
        "MUG for demand",
    ),
)  # fmt: skip
