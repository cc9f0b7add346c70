"""What sessions say, in one table, so that screens can put it in other words."""

from collections.abc import Mapping
from typing import Any

SAYINGS: Mapping[str, str] = {
    # What to do.
    "go_to_bin": "Go to {where} and scan it.",
    "scan_item": "Scan {sku}, {title}: {left} to take.",
    "scan_more": "Scan the next one, or key how many there are: {left} left to take.",
    "scan_lot": "Scan the lot: {lot} is wanted.",
    "scan_serial": "Scan the serial number of this {sku}.",
    "put_in_tote": "Put {units} into tote {tote} and scan it.",
    "put_in_free_tote": "Put {units} into an empty tote and scan it.",
    "scan_new_tote": "Take an empty tote for the rest and scan it.",
    "all_picked": "All is picked: bring it to packing, and say done.",
    "hand_over": "All is picked: bring it to the hand-over point and scan that.",
    "walk_over": "This walk is over.",
    "nothing_to_pick": "Nothing is left to pick here for now: what is left is held.",
    "scan_mixed_tote": "Scan the tote to sort.",
    "scan_unit": "Scan a unit of tote {tote}: {left} in it.",
    "sort_into_tote": "Put {units} into tote {tote} of order {order} and scan it.",
    "sort_into_free_tote": "Put {units} into an empty tote for order {order} and scan it.",
    "all_sorted": "All is sorted.",
    "scan_returned": "Scan a unit from the returns bench: {left} to put back.",
    "put_into_bin": "Put {units} of {sku} into a bin and scan it; {where} holds some.",
    "put_into_any_bin": "Put {units} of {sku} into a bin and scan it.",
    "bench_empty": "Nothing is to be put back.",
    "pack_items": "Pack order {order} into carton {carton}: scan each unit as you put it in, {left} to go.",
    "pack_by_hand": "Pack order {order} as you see fit: scan each unit as you put it in, {left} to go.",
    "scan_carton": "Scan the carton you took; {carton} is advised.",
    "scan_any_carton": "Scan the carton you took, or say done for other packing.",
    "weigh_parcel": "Put the parcel on the scale, or key its grams.",
    "take_photo": "Take a photo of what lies in the open carton, then say done.",
    "second_person": "Another person looks at it: scan their badge.",
    "all_packed": "Order {order} is packed.",
    "still_picking": "What is picked of order {order} is packed; the rest is still being picked.",
    "pack_held": "Order {order} is on hold: leave it.",
    "session_over": "This session is closed.",
    "paused": "Paused. Scan to go on.",
    "scan_kept": "Kept until scan {missing} has come.",
    # What a person must hear besides.
    "order_cancelled": "Order {order} was cancelled: {units} of it in tote {totes}; leave them at the returns bench.",
    "order_cancelled_loose": "Order {order} was cancelled: leave its {units} units at the returns bench.",
    "stops_cancelled": "Order {order}: {stops} stops are no longer needed.",
    "order_held": "Order {order} is on hold: its stops are left out for now.",
    "put_in_hand_back": "Put the {units} of {sku} in your hand back into {where}: they are no longer needed.",
    "same_scan": "Taken as one scan: the same code twice within a moment.",
    "clock_ahead": "The device's clock is ahead; the time of this scan is the store's.",
    "clock_behind": "The device says this was before the session began; its beginning is taken.",
    "parcel_closed": "Parcel {parcel} is closed, in carton {carton}.",
    "went_short": "{missing} of {sku} go elsewhere or wait: {sent} sent from another site, {waiting} waiting.",
    "taken_back": "The last scan is taken back.",
    "nothing_to_take_back": "There is nothing to take back.",
    "already_there": "You are at the right bin.",
}


def words_of(say: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a code."""
    return SAYINGS[say].format_map(facts)
