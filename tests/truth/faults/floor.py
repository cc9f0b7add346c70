from tests.truth.world import Fault

FAULTS = (
    Fault(
        "fulfilments_say_how_far_they_are", "a packed fulfilment calls itself picked",
        "UPDATE fulfilment SET state = 'picked' WHERE id = #work6",
        "is picked: allocated False, picked False, packed True",
    ),
    Fault(
        "fulfilments_say_how_far_they_are", "units were packed that were never released",
        "UPDATE fulfilment SET released_at = NULL WHERE id = #work6",
        "is packed",
    ),
    Fault(
        "sites_count_their_days", "a day forgets a cancellation",
        "DELETE FROM site_load WHERE site = 'LEEDS' AND bucket = 2",
        "LEEDS on 2026-11-20: counts 4 orders of 6 units, has 3 of 5",
    ),
    Fault(
        "picks_account_for_their_units", "a picked unit was packed without a word to its list",
        "UPDATE pick_task SET packed = 0 WHERE id = #pick6",
        "0 picked, 1 in totes; 1 packed, 0 of them from totes",
    ),
    Fault(
        "released_units_are_on_pick_lists", "released units are on no list",
        "UPDATE pick_task SET state = 'done', quantity = 1 WHERE id = #pick4;\nUPDATE stock SET committed = 0",
        "2 released, 0 on open lists",
    ),
    Fault(
        "released_units_are_on_pick_lists", "a shipped unit is on a list again",
        "INSERT INTO pick_task (id, fulfilment_id, demand_id, sku, lot, place_id, quantity, walk, state, made_at)"
        " VALUES (#stray, #work1, #mugs1, 'MUG', '', @LEEDS/STOCK, 1, 2, 'open', now());\n"
        "UPDATE stock SET committed = 1 WHERE sku = 'MUG' AND place_id = @LEEDS/STOCK",
        "0 released, 1 on open lists",
    ),
    Fault(
        "parcels_hold_what_was_packed", "a parcel holds a unit that was not packed",
        "UPDATE parcel_line SET quantity = 2 WHERE parcel_id = #parcel6",
        "1 packed, 2 in parcels here",
    ),
    Fault(
        "parcels_hold_what_was_packed", "a parcel took along what another fulfilment shipped",
        "INSERT INTO fulfilment SELECT #work7, order_id, site, state, service, ship_by, ship_day, deliver_by,"
        " cost_minor, made_at, released_at FROM fulfilment WHERE id = #work1;\n"
        "UPDATE allocation SET shipped = 1 WHERE demand_id = #kithats1;\n"
        "INSERT INTO allocation VALUES (#work7, #kithats1, 0, 0, 0, 1);\n"
        "UPDATE pick_task SET quantity = 1, picked = 1, packed = 1 WHERE id = #pick3;\n"
        "INSERT INTO pick_task SELECT #stray, #work7, demand_id, sku, lot, place_id, 1, 1, 1, 0, NULL, walk, '', state,"
        " made_at FROM pick_task WHERE id = #pick3",
        "1 shipped, 2 in parcels gone",
    ),
    Fault(
        "delivered_is_what_parcels_brought", "an order misses a delivered unit",
        "UPDATE demand SET delivered = 1 WHERE id = #kithats1",
        "1 delivered, 2 in delivered parcels",
    ),
    Fault(
        "parcels_carry_the_times_of_their_state", "a delivered parcel never left",
        "UPDATE parcel SET shipped_at = NULL WHERE id = #parcel1",
        "parcel P-1 is delivered: shipped None",
    ),
    Fault(
        "ssccs_come_from_their_series", "an SSCC was typed with a wrong digit",
        "INSERT INTO sscc_series VALUES ('9506000', 100);\n"
        "UPDATE parcel SET sscc = '095060000000000177' WHERE id = #parcel6",
        "parcel P-6 has SSCC 095060000000000177",
    ),
    Fault(
        "ssccs_come_from_their_series", "an SSCC was used that nobody gave out",
        "INSERT INTO sscc_series VALUES ('9506000', 17);\n"
        "UPDATE parcel SET sscc = '095060000000000176' WHERE id = #parcel6",
        "parcel P-6 has SSCC 095060000000000176",
    ),
    Fault(
        "print_jobs_are_of_their_subjects", "another parcel's label waits at the printer",
        "INSERT INTO print_job (id, printer, kind, subject, label_id, site, order_id, ship_by, priority, state,"
        " language, asked_by, asked_at)"
        " VALUES (#stray, 'bench', 'carrier_label', #parcel1, #label6, 'LEEDS', #order1, now(), 0, 'waiting', 'en',"
        " 'ann', now())",
        "its carrier_label is not of",
    ),
    Fault(
        "one_live_label_per_parcel", "a parcel was labelled twice",
        "UNGUARD label;\nINSERT INTO intent (id, kind, subject, order_id, provider, key, state, made_at, ended_at)"
        " VALUES (#stray, 'buy_label', #parcel6, #order6, 'practice', 'k9', 'done', now(), now());\n"
        "INSERT INTO label (id, parcel_id, intent_id, carrier, tracking_code, cost_minor, currency, content, state,"
        " made_at) SELECT #stray, parcel_id, #stray, carrier, tracking_code, cost_minor, currency, content,"
        " state, made_at FROM label WHERE id = #label6",
        "has 2",
    ),
    Fault(
        "labels_agree_with_parcels", "a parcel carries the code of another label",
        "UPDATE parcel SET tracking_code = 'PX7' WHERE id = #parcel6",
        "parcel P-6 is labelled with practice PX7; its live label is PX6",
    ),
    Fault(
        "labels_agree_with_parcels", "a void label is still on its parcel",
        "UPDATE label SET state = 'void' WHERE id = #label6",
        "its live label is None",
    ),
    Fault(
        "every_label_was_bought_once", "a purchase brought no label",
        "INSERT INTO intent (id, kind, subject, order_id, provider, key, state, made_at, ended_at)"
        " VALUES (#stray, 'buy_label', #parcel6, #order6, 'practice', 'k9', 'done', now(), now())",
        "1 finished, 0 labels",
    ),
    Fault(
        "every_label_was_bought_once", "a label was never paid for",
        "UPDATE intent SET state = 'failed' WHERE id = #buy6",
        "0 finished, 1 labels",
    ),
    Fault(
        "tracking_is_noted_once", "a scan was kept twice",
        "UNGUARD tracking_event;\nINSERT INTO tracking_event SELECT #stray, carrier, external_id, parcel_id,"
        " tracking_code, milestone, detail, raw, occurred_at, received_at FROM tracking_event WHERE id = #scan1",
        "practice E-1: kept 2 times",
    ),
    Fault(
        "tracking_is_noted_once", "a scan belongs to a parcel that is not there",
        "UPDATE tracking_event SET parcel_id = #nobody WHERE id = #scan2",
        "practice E-2: kept 1 times",
        in_sweep=False,
    ),
)  # fmt: skip
