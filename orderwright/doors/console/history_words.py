"""What the parts of a thing are called where its history is told."""

from collections.abc import Mapping

from orderwright.doors.console.import_words import FIELDS
from orderwright.doors.console.texts import text as _

YES, NO = _("Yes"), _("No")
PARTS: Mapping[str, str] = {
    **FIELDS,
    "policy": _("Rules of the channel"), "buffers": _("Held back"), "withheld": _("Units held back"), "sku": _("SKU"),
    "shortage": _("When stock is short"), "split": _("Several parcels"),
    "split_value_min": _("Split only above this value"), "ship_complete": _("Only as a whole"),
    "price_tolerance_permille": _("A price may be off by, in thousandths"),
    "cancel_minutes": _("Minutes in which customers may cancel"), "countries": _("Countries"), "kind": _("Kind"),
    "address": _("Address"), "lines": _("Lines"), "time_zone": _("Time zone"), "cut_off": _("Cut-off time"),
    "working_days": _("Working days"), "holidays": _("Holidays of"), "closed_dates": _("Closed on"),
    "daily_capacity": _("Orders a day"), "daily_units": _("Units a day"),
    "handling_minor": _("Cost of handling a parcel, in minor units"), "latitude": _("Latitude"),
    "longitude": _("Longitude"), "is_active": _("In use"), "aisle": _("Aisle"), "bay": _("Bay"), "level": _("Level"),
    "zone": _("Zone"), "zones": _("Zones"), "x_mm": _("Across, in mm"), "y_mm": _("Along, in mm"),
    "room_cm3": _("Room in cm³"), "load_g": _("Carries, in g"), "code": _("Code"), "valid_from": _("Valid from"),
    "valid_to": _("Valid to"), "valid_until": _("Valid until"), "packing": _("Packing"),
    "starts_at": _("Begins at"), "ends_at": _("Ends at"), "starts_on": _("Begins on"), "ends_on": _("Ends on"),
    "channels": _("Channels"), "skus": _("Products"), "first_order": _("Only with a first order"),
    "value_min": _("Only above this value"), "put": _("What is put in"), "carrier": _("Carrier"),
    "account": _("Account number"), "weight_max_g": _("At most, in g"), "tare_g": _("Weighs empty, in g"),
    "cost_minor": _("Costs, in minor units"), "outer_length_mm": _("Outer length in mm"),
    "outer_width_mm": _("Outer width in mm"), "outer_height_mm": _("Outer height in mm"),
    "is_hazard_rated": _("For hazards"), "is_insulated": _("Insulated"), "base": _("Base price"),
    "included_g": _("Grams included"), "step_g": _("Each further, in g"), "step": _("Price of each further step"),
    "km_max": _("Up to, in km"), "is_domestic": _("Own country only"), "transit_days": _("Days on the way"),
    "hand_over": _("Handed over"), "hand_over_s": _("Seconds to hand over"), "skill": _("Skill"),
    "leaves_at": _("Leaves at"), "weekdays": _("Weekdays"), "trucks": _("Trucks"),
    "lead_minutes": _("Minutes of lead"), "orders_max": _("Orders at most"), "units_max": _("Units at most"),
    "carts": _("Carts"), "totes": _("Totes"), "orders_per_tote": _("Orders in a tote"), "pickers": _("Pickers"),
    "tote_volume_cm3": _("Volume of a tote, in cm³"), "tote_weight_g": _("Weight in a tote, in g"),
    "volume_cm3": _("Volume in cm³"), "unit_volume_cm3": _("Volume of a unit, in cm³"),
    "unit_weight_g": _("Weight of a unit, in g"), "pace": _("Pace"), "setup_s": _("Seconds to set up"),
    "stop_s": _("Seconds at a stop"), "unit_s": _("Seconds for a unit"), "walk_mm_s": _("Walks, in mm a second"),
    "sort_s": _("Seconds to sort"), "strategies": _("Strategies"), "aim": _("Aim"), "tops_up": _("Tops up"),
    "wave_orders": _("Orders in a wave"), "window_minutes": _("Minutes of a window"), "layout": _("Layout"),
    "cross_aisle": _("Cross aisle"), "start": _("Start"), "end": _("End"), "aisles": _("Aisles"), "bays": _("Bays"),
    "first_aisle": _("First aisle"), "from_mm": _("From, in mm"), "to_mm": _("To, in mm"), "number": _("Number"),
    "way": _("Way"), "up": _("Aisles walked to the back only"), "down": _("Aisles walked to the front only"),
    "aisle_pitch_mm": _("From aisle to aisle, in mm"), "bay_pitch_mm": _("From bay to bay, in mm"),
    "bay_sides": _("Sides of an aisle"), "bays_mm": _("Where its bays are, in mm"),
    "cross_after_bays": _("Cross aisles behind bays"), "cross_aisle_mm": _("Width of cross aisles, in mm"),
    "scopes": _("What it may do"), "sites": _("Sites"), "revoked_at": _("Taken back at"), "roles": _("Roles"),
    "state": _("State"), "has_totp": _("Second factor"), "recovery_codes": _("Recovery codes left"),
    "has_pin": _("PIN"), "merged_into": _("Is the same as"), "erased": _("Erased"),
    "orders": _("Orders"),
}  # fmt: skip
"""By the name of the field. What is named by people (a SKU, a code, an option) is not here and stands as it is."""
