"""Causes of exceptions in words, what is suggested for each, and the words in which one is settled."""

from collections.abc import Mapping
from typing import NamedTuple

from orderwright.business.orders.exception_goods import Goods
from orderwright.doors.console import words
from orderwright.doors.console.texts import text as _
from orderwright.values.phrases import Phrase, phrase, side_by_side


class Case(NamedTuple):
    """A cause. says: what to do about it. settled: the word it is settled by when this was done; label: the button."""

    name: str
    says: str
    settled: str
    label: str


USE_SUGGESTED = _("Use the suggested address, or ask the customer.")
_LOOKED = ("looked_at", _("Settle it"))
CASES: Mapping[str, Case] = {
    "product": Case(
        _("Unknown product"), _("Add the product or its code to the catalogue; the order then goes on by itself."),
        "product_known", _("The product is known")),
    "totals": Case(
        _("Sums do not add up"), _("Ask the channel which sum is right, and let it go when that is the one charged."),
        "sum_accepted", _("Accept what was charged")),
    "price": Case(
        _("Unusual price"), _("Keep the price the customer was shown, unless it is plainly a mistake."),
        "price_kept", _("Keep the charged price")),
    "address": Case(
        _("Doubtful address"), _("Ask the customer, and change the address or confirm it."),
        "address_confirmed", _("The address is right")),
    "country": Case(
        _("Country not served"), _("Serve this country once, or cancel the order."),
        "served_once", _("Serve it this once")),
    "service": Case(
        _("Unknown service"), _("Teach the channel this service, or change the order's."),
        "service_known", _("The service is known")),
    "payment": Case(
        _("Payment is missing"), _("Wait for the money, or let it go when it came another way."),
        "paid_otherwise", _("It was paid another way")),
    "payment_differs": Case(
        _("Payment differs"), _("Compare what was paid with what is due; let it go when the difference is settled."),
        "difference_settled", _("The difference is settled")),
    "duplicate": Case(
        _("Probable duplicate"), _("Cancel the later order when both are for the same wish."),
        "both_wanted", _("Both are wanted")),
    "quantity": Case(
        _("Unusual quantity"), _("Ask the customer whether they meant it."),
        "quantity_meant", _("The quantity is meant")),
    "stock": Case(
        _("Not enough stock"), _("Buy more, or agree on a later date with the customer."),
        "customer_waits", _("The customer waits")),
    "manual": Case(
        _("Stopped by hand"), _("Read why it was stopped, then let it go or cancel it."),
        "hold_over", _("Release hold")),
    "promise_broken": Case(
        _("Promise broken"), _("Tell the customer the new date."), "customer_told", _("The customer knows")),
    "channel_differs": Case(
        _("Channel says otherwise"), _("Compare the order with the channel's, and bring them together."),
        "brought_together", _("Both say the same now")),
    "label_failed": Case(
        _("Label was refused"), _("Mend what the carrier names, or buy it from another."),
        "label_bought", _("A label is there")),
    "payment_failed": Case(
        _("Money was not captured"), _("Try another way to be paid."), "paid_otherwise", _("It was paid another way")),
    "refund_failed": Case(
        _("Refund was refused"), _("Give the money back another way."), "refunded_otherwise", _("It was given back")),
    "effect_unknown": Case(
        _("Outcome is not known"), _("Look at the other side whether it was done, before it is tried again."),
        "outcome_known", _("It was looked up")),
    "parcel_lost": Case(
        _("Parcel lost"), _("Send it again or give the money back, and claim it from the carrier."),
        "made_good", _("It was made good")),
    "delivery_failed": Case(
        _("Delivery failed"), _("Ask the customer for another day or address."),
        "new_attempt", _("Another attempt is arranged")),
    "weight_off": Case(
        _("Weight is off"), _("Open the parcel and compare it with its list."), "checked", _("It was checked")),
    "bins_short": Case(
        _("Bins are short"), _("Count the bins of these products."), "counted", _("It was counted")),
    "pick_short": Case(
        _("A bin held too little"), _("Count the bin."), "counted", _("It was counted")),
    "delivered_unshipped": Case(
        _("Delivered without a scan"), _("Find out how it left, and book it."), "booked", _("It was booked")),
    "product_unmeasured": Case(
        _("Product without sizes"), _("Measure and weigh one, and enter it."), "measured", _("It was measured")),
    "count_disputed": Case(
        _("Counts disagree"), _("Have a third person count."), "counted", _("It was counted")),
    "goods_damaged": Case(
        _("Damaged goods"), _("Look at them: back to sale, to a supplier, or away."), "judged", _("They were judged")),
    "storage_breach": Case(
        _("Storage limit broken"), _("Look at the goods before they are sold."), "judged", _("They were judged")),
    "return_differs": Case(
        _("Return differs"), _("Compare what came with what was announced, and tell the customer."),
        "customer_told", _("The customer knows")),
    "delivery_differs": Case(
        _("Delivery differs"), _("Agree with the supplier what becomes of it."),
        "agreed", _("It is agreed")),
    "transfer_differs": Case(
        _("Transfer differs"), _("Look for what is missing at both sites."), "found_out", _("It is found out")),
    "mail_failed": Case(
        _("Mail was refused"), _("Mend the address, or call."), "reached", _("They were reached")),
}  # fmt: skip
"""Every cause there is."""

ROLES: Mapping[str, str] = {
    role: words.ROLES[role] for role in ("clerk", "manager", "owner", "accounts", "buyer", "support")
}
"""The roles exceptions belong to."""
SEVERITIES: Mapping[str, tuple[str, str]] = {
    "urgent": (_("Urgent"), "stop"),
    "high": (_("High"), "wait"),
    "normal": (_("Normal"), "busy"),
    "low": (_("Low"), "quiet"),
}
"""How pressing it is, and the tone it is shown in."""
FINDINGS: Mapping[str, str] = {
    "unknown_sku": _("No product is known by this name"),
    "total_differs": _("The parts add up to another total"),
    "amount_differs": _("Price times quantity is another amount"),
    "negative_amount": _("An amount is below zero"),
    "country_unknown": _("There is no such country"),
    "currency_differs": _("The channel sells in another currency"),
    "service_unknown": _("No such service is known"),
    "price_off": _("The price is far from the list"),
    "line_missing": _("The street is missing"),
    "city_missing": _("The city is missing"),
    "region_missing": _("The region is missing"),
    "region_unknown": _("There is no such region"),
    "postal_code_missing": _("The postcode is missing"),
    "postal_code_form": _("The postcode is not written as that country's are"),
    "postal_code_region": _("The postcode lies in another region"),
    "country_unserved": _("The channel does not ship there"),
    "payment_missing": _("Nothing was paid yet"),
    "paid_differs": _("What was paid is not the total"),
    "payment_used": _("The payment belongs to another order already"),
    "probable_duplicate": _("The same buyer ordered the same before"),
    "unusual_quantity": _("Far more than others order"),
    "stock_short": _("There was not enough of it, and it may not be split"),
}
"""What was found, by its code."""
FACTS: Mapping[str, str] = {
    "sku": _("Product"), "place": _("Place"), "units": _("Units"), "reason": _("Reason"), "said": _("Answer"),
    "carrier": _("Carrier"), "note": _("Note"), "held_by": _("Stopped by"), "why": _("Why"),
    "milestone": _("Last scan"), "detail": _("Detail"), "zone": _("Zone"), "device": _("Device"),
    "transfer": _("Transfer"), "from": _("From"), "purchase": _("Purchase"), "number": _("Number"),
    "asked": _("Asked for"), "of": _("Of"), "code": _("Code"), "topic": _("Topic"), "sent_to": _("Sent to"),
    "round": _("Round"), "expected_g": _("Expected, in grams"), "measured_g": _("Measured, in grams"),
    "reference": _("Reference"), "gateway": _("Gateway"), "country": _("Country"), "example": _("For example"),
    "service": _("Service"), "known": _("Known"), "unusual_above": _("Unusual above"), "region": _("Region"),
    "regions_of_code": _("Region of the postcode"), "kind": _("Kind"), "storage_class": _("Storage class"),
}  # fmt: skip
"""What facts of an exception are called; one without a word here is not for people."""
CODES: Mapping[str, Mapping[str, str]] = {
    "why": {
        "books set right": _("The books were set right"), "moved away": _("They were moved away"),
        "sent to another site": _("They were sent to another site"), "expired": _("Expired"),
    },
    "reason": {
        "damaged": _("Damaged"), "defective": _("Defective"), "expired": _("Expired"),
        "contaminated": _("Contaminated"),
    },
    "sent_to": {"quarantine": _("Quarantine"), "scrap": _("Scrap")},
    "milestone": {
        "accepted": _("Taken in by the carrier"), "in_transit": _("On its way"),
        "out_for_delivery": _("Out for delivery"), "delivered": _("Delivered"), "failed": _("Could not be delivered"),
        "returned": _("On its way back"), "lost": _("Lost"),
    },
    "kind": {
        "capture": _("Take the money"), "refund": _("Give money back"), "void": _("Release the money"),
        "temperature": _("Temperature"), "humidity": _("Humidity"),
    },
    "asked": {
        "buy_label": _("A label"), "void_label": _("To take a label back"),
        "buy_return_label": _("A label for a return"),
        "capture": _("Take the money"), "refund": _("Give money back"), "void": _("Release the money"),
    },
}  # fmt: skip
"""Values of facts that are codes, in words, by the fact's name."""
WRONG_WITH: Mapping[str, str] = {
    "missing": _("Missing"), "damaged": _("Damaged"), "expired": _("Expired"), "over": _("More than was ordered"),
    "short_dated": _("It expires too soon"), "did_not_come": _("Did not come"), "not_sent": _("Nobody sent it"),
    "unexpected": _("Not announced"),
}  # fmt: skip
"""What is wrong with goods an exception is about."""
PAIRS: Mapping[str, tuple[str, str, str, str]] = {
    "price_off": (_("List price"), "list", _("Charged"), "charged"),
    "total_differs": (_("Total as given"), "given", _("Sum of the parts"), "computed"),
    "amount_differs": (_("Amount as given"), "given", _("Price times quantity"), "computed"),
    "paid_differs": (_("Paid"), "paid", _("Total"), "total"),
    "currency_differs": (_("Currency of the order"), "given", _("Currency of the channel"), "channel"),
    "unusual_quantity": (_("Ordered"), "quantity", _("Usual"), "usual"),
}
"""Findings that compare two things: what each is called, and the fact it stands in."""
MONEY = frozenset({"list", "charged", "given", "computed", "paid", "total"})


RESOLUTIONS: Mapping[str, str] = {
    **{case.settled: case.label for case in CASES.values()},
    "looked_at": _("Looked at"), "price_kept": _("The charged price was kept"), "hold_over": _("The hold was released"),
    "answered": _("An answer came"), "weighed again": _("It was weighed again"), "label bought": _("A label is there"),
    "label taken back": _("The label was taken back"), "released": _("The hold was released"),
    "settled": _("It was settled"), "unpacked": _("It was unpacked"), "reshipped": _("It was sent again"),
    "delivered": _("It arrived"), "came": _("It came"), "cancelled": _("It was cancelled"),
    "the channel agrees again": _("Both say the same now"), "restock": _("Back to sale"),
    "scrap": _("To be thrown away"),
}  # fmt: skip
"""How one was settled: by people in the word of its cause, by the system in those it has for it."""


def resolution(word: str | None) -> str | Phrase:
    """How one was settled; a word somebody chose themselves stands as it is."""
    if not word:
        return ""
    return Phrase(RESOLUTIONS[word]) if word in RESOLUTIONS else side_by_side("", [word.replace("_", " ")])


def wrong_with(goods: Goods) -> str | Phrase:
    """What is wrong with goods, or in which round they were counted."""
    if goods.round:
        return phrase(_("Count {round}"), round=goods.round)
    return WRONG_WITH.get(goods.why, "")


def finding(code: str) -> str | Phrase:
    """What was found, in words."""
    return Phrase(FINDINGS[code]) if code in FINDINGS else side_by_side("", [code.replace("_", " ")])


def case_of(kind: str) -> Case:
    """A cause in words; one nobody gave words stands by its own name."""
    return CASES.get(kind) or Case(kind.replace("_", " "), "", *_LOOKED)
