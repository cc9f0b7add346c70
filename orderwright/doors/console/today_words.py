"""Today in words: the four numbers, the stages of the work, and why something is late."""

from collections.abc import Mapping
from typing import NamedTuple

from orderwright.doors.console.texts import text as _


class NumberWords(NamedTuple):
    """One of the four. says: what it counts. rows, spoiling: what the list of all orders behind it is called, and of
    those that lower it."""

    title: str
    says: str
    rows: str
    spoiling: str


class StageWords(NamedTuple):
    """A stage. name: what waits there. path: where it is looked at."""

    name: str
    path: str


NUMBERS: Mapping[str, NumberWords] = {
    "order_accuracy": NumberWords(
        _("Order accuracy"),
        _("Delivered orders without a complaint about a wrong item, a wrong quantity or a failed delivery. Judged 14"
          " days after delivery."),
        _("All that were judged"), _("With a mistake")),
    "time_per_order": NumberWords(
        _("Time per order"),
        _("Half of the orders shipped in full took less, from being taken to their last parcel."),
        _("All that were shipped"), ""),
    "perfect_orders": NumberWords(
        _("Perfect orders"),
        _("Delivered orders that were on time, in one go, accurate and undamaged. Judged 14 days after delivery."),
        _("All that were judged"), _("Not perfect")),
    "return_rate": NumberWords(
        _("Returned"),
        _("Units that came back, of all units shipped. Those on their way back do not count yet."),
        _("With something returned"), ""),
}  # fmt: skip


class StepWords(NamedTuple):
    """A step of a first day. path: where it is taken."""

    name: str
    says: str
    path: str


STEPS: Mapping[str, StepWords] = {
    "site": StepWords(_("Add the place you ship from"), _("Its address, hours and how much it can send a day."),
                      "/settings/sites/new"),
    "channel": StepWords(_("Add where your orders come from"), _("Your web shop, a marketplace, the phone."),
                         "/settings/channels/new"),
    "carriers": StepWords(_("Say what carriers' prices are in"), _("Pounds, dollars, yen: before you put any price."),
                          "/settings/rate-card"),
    "products": StepWords(_("Bring your products"), _("A table from your shop or a spreadsheet; or one by one."),
                          "/imports"),
    "stock": StepWords(_("Count what lies where"), _("A table with SKU, site and units."), "/imports"),
    "orders": StepWords(_("Bring your orders"), _("A table, or by phone with New order."), "/imports"),
}  # fmt: skip
"""What a store needs before its first order, in words."""
NOT_KNOWN = _("No published figure of other shops that can be checked is known.")

STAGES: Mapping[str, StageWords] = {
    "held": StageWords(_("On hold"), "/orders?state=held"),
    "waiting": StageWords(_("Waiting for stock"), "/orders?state=waiting"),
    "planned": StageWords(_("To let out"), "/orders?state=allocated"),
    "released": StageWords(_("To pick"), "/orders?state=picking"),
    "picked": StageWords(_("To pack"), "/orders?state=picking"),
    "packed": StageWords(_("To label"), "/orders?state=packed"),
    "labelled": StageWords(_("For the truck"), "/orders?state=packed"),
    "on_the_way": StageWords(_("On the way"), "/orders?state=shipped"),
}
"""What waits at each stage; the lists are of orders, and show what stands nearest to it."""

LIMITS: Mapping[str, str] = {
    "desk": _("Releasing holds limits the shop"),
    "release": _("Letting work out to the floor limits the shop"),
    "pick": _("Picking limits the shop"),
    "pack": _("Packing limits the shop"),
    "label": _("Labels limit the shop"),
}
HOURS: Mapping[str, str] = {
    "desk": _("Holds released"), "release": _("Let out"), "pick": _("Picked"), "pack": _("Packed"),
    "label": _("Labelled"), "hand_over": _("Handed over"),
}  # fmt: skip
WHY: Mapping[str, str] = {
    "over": _("should have left"),
    "stopped": _("should have left, and is on hold"),
    "held": _("on hold, and soon due"),
    "pace": _("not done in time at the pace of the last four hours"),
}
SPOILS: Mapping[str, str] = {
    "wrong": _("Wrong item or quantity"),
    "failed": _("Delivery failed or parcel lost"),
    "damaged": _("Damaged or defective"),
    "late": _("Left later than promised, or waited for stock"),
    "pieces": _("Left in several parcels on different days"),
}
