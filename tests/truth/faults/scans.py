from tests.truth.world import Fault

_SESSION = (
    "INSERT INTO floor_session (id, site, kind, person, next_n, opened_at, last_at)"
    " VALUES (#session, 'LEEDS', 'pick', 'ann', {}, now(), now())"
)
_SCAN = (
    "INSERT INTO scan (session_id, n, code, occurred_at, recorded_at, outcome)"
    " VALUES (#session, {}, 'MUG', now(), now(), '{}')"
)

FAULTS = (
    Fault(
        "named_units_are_where_their_product_is", "a named unit on the bench stayed in its tote by the books",
        "INSERT INTO serial_unit (sku, serial, task_id, seen_at) VALUES ('MUG', 'S1', #pick5, now())",
        "1 units of MUG are named, 0 are there",
    ),
    Fault(
        "named_units_are_where_their_product_is", "a parcel is said to hold a unit of another product",
        "INSERT INTO serial_unit (sku, serial, parcel_id, seen_at) VALUES ('HAT', 'S1', #parcel6, now())",
        "1 units of HAT are named, 0 are there",
    ),
    Fault(
        "named_units_are_where_their_product_is", "the last unit left its place, and by name one lies there",
        "INSERT INTO serial_unit (sku, serial, place_id, seen_at) VALUES ('MUG', 'S1', @LEEDS/QUARANTINE, now());\n"
        "UPDATE stock SET quantity = 0, committed = 0 WHERE sku = 'MUG' AND place_id = @LEEDS/QUARANTINE",
        "place LEEDS/QUARANTINE: 1 units of MUG are named, 0 are there",
    ),
    Fault(
        "named_units_are_in_transit_with_their_dispatch", "a camera arrived and stayed in transit by name",
        "INSERT INTO serial_unit (sku, serial, place_id, dispatch_id, seen_at)"
        " VALUES ('MUG', 'S1', @LEEDS/TRANSIT, #dispatch, now())",
        "1 units of MUG are named in transit, 0 are under way",
    ),
    Fault(
        "named_units_are_in_transit_with_their_dispatch", "a unit is on its way and nobody says with what",
        "INSERT INTO serial_unit (sku, serial, place_id, seen_at) VALUES ('MUG', 'S1', @LEEDS/TRANSIT, now())",
        "1 units of MUG are named in transit, 0 are under way",
    ),
    Fault(
        "named_units_are_in_transit_with_their_dispatch", "a unit left, and by name it lies in its bin",
        "UPDATE product SET tracking = 'serial', changed_at = '2020-01-01' WHERE sku = 'MUG';\n"
        "INSERT INTO serial_unit (sku, serial, place_id, seen_at) VALUES ('MUG', 'S1', @LEEDS/STOCK, now());\n"
        "INSERT INTO stock_move SELECT gen_random_uuid(), 'MUG', '', @LEEDS/SUPPLIER, @LEEDS/TRANSIT, 1, 'transfer',"
        " 'transfer_out:' || #dispatch, 1, NULL, 'test', '2026-11-20', '2026-11-20'",
        "0 units of MUG are named in transit, 1 are under way",
    ),
    Fault(
        "scans_are_done_in_their_order", "a scan was lost",
        f"{_SESSION.format(3)};\n{_SCAN.format(2, 'taken')}",
        "goes on at 3: 1 scans are done, up to 2",
    ),
    Fault(
        "scans_are_done_in_their_order", "a scan that waits was forgotten",
        f"{_SESSION.format(1)};\n{_SCAN.format(1, 'waiting')}",
        "goes on at 1: 0 scans are done, up to 0; 1 waits",
    ),
)  # fmt: skip
