from tests.truth.world import Fault

_CARTON = (
    "INSERT INTO carton_kind (code, length_mm, width_mm, height_mm, changed_at) VALUES ('S', 200, 200, 200, now());\n"
)
_STOCK = "INSERT INTO carton_stock (carton, site, quantity) VALUES ('S', 'LEEDS', {});\n"
_TAKEN = (
    "INSERT INTO carton_move (id, carton, site, quantity, kind, parcel_id, actor, recorded_at)"
    " VALUES (#taken, 'S', 'LEEDS', -1, 'pack', #parcel6, 'ann', now());\n"
)
_PHOTO = (
    "INSERT INTO photo (id, parcel_id, fulfilment_id, order_id, media, width_px, height_px, sha256, content, actor,"
    " taken_at) VALUES (#photo, {}, #work6, #order6, 'image/png', 1, 1, 'a', 'a', 'ann', now());\n"
)

FAULTS = (
    Fault(
        "cartons_add_up", "cartons came from nowhere",
        _CARTON + _STOCK.format(7),
        "LEEDS has 7 of carton S, and 0 by what was booked",
        in_sweep=False,
    ),
    Fault(
        "parcels_took_their_cartons", "a parcel is in a carton nobody took",
        "UPDATE parcel SET carton = 'S' WHERE id = #parcel6",
        "parcel P-6 is in carton S; taken for it: None of None",
        in_sweep=False,
    ),
    Fault(
        "parcels_took_their_cartons", "a carton was taken for a parcel in another packing",
        _CARTON + _STOCK.format(-1) + _TAKEN,
        "taken for it: -1 of S",
        in_sweep=False,
    ),
    Fault(
        "checked_parcels_were_scanned", "a parcel to be scanned in full was closed without",
        "UPDATE parcel SET checked = 'scan_all' WHERE id = #parcel6",
        "parcel P-6, checked by scan_all, holds 1 of MUG, 0 of them scanned",
    ),
    Fault(
        "checked_parcels_were_scanned", "more was scanned into a parcel than it holds",
        "INSERT INTO parcel_scan VALUES (#parcel6, 'MUG', 2)",
        "holds 1 of MUG, 2 of them scanned",
    ),
    Fault(
        "checked_parcels_were_looked_at", "a parcel to be photographed has no photo",
        "INSERT INTO parcel_scan VALUES (#parcel6, 'MUG', 1);\n"
        "UPDATE parcel SET checked = 'photo' WHERE id = #parcel6",
        "parcel P-6, checked by photo",
    ),
    Fault(
        "checked_parcels_were_looked_at", "one person was both",
        "INSERT INTO parcel_scan VALUES (#parcel6, 'MUG', 1);\n"
        + _PHOTO.format("#parcel6")
        + "UPDATE parcel SET checked = 'second_person', packer = 'ann', checked_by = 'ann' WHERE id = #parcel6",
        "packed by 'ann', looked at by 'ann'",
    ),
    Fault(
        "photos_belong_to_their_parcels", "a photo hangs at another's parcel",
        _PHOTO.format("#parcel1"),
        "photo ",
    ),
)  # fmt: skip
