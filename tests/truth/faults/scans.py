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
