"""An order's story in words: facts, holds, findings, and the reasons of decisions about sites."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from orderwright.business.orders.rules import EXCHANGE
from orderwright.doors.console.contact_words import WHYS
from orderwright.doors.console.exception_words import CASES
from orderwright.doors.console.history_words import PARTS
from orderwright.doors.console.texts import text as _
from orderwright.values.phrases import Phrase, phrase, side_by_side


class Told(NamedTuple):
    """A fact in words. says: for `t` to say. tone: as in words.Word."""

    says: Phrase
    tone: str = "quiet"


PROMISED: Mapping[str, tuple[str, str]] = {
    "order_placed": (_("Placed"), "busy"), "backorder_filled": (_("Stock arrived"), "good"),
    "order_rerouted": (_("Routed anew"), "busy"), "order_edited": (_("Changed"), "busy"),
}  # fmt: skip
"""By what a promise was made, by type of fact: in words and its tone."""

HOLDS: Mapping[str, str] = {
    "manual": _("stopped by hand"),
    "fraud": _("suspected fraud"),
    "product": _("unknown product"),
    "totals": _("sums that do not add up"),
    "address": _("doubtful address"),
    "price": _("unusual price"),
    "service": _("unknown service"),
    "country": _("country not served"),
    "payment": _("payment is missing"),
    "payment_differs": _("payment differs"),
    "duplicate": _("probable duplicate"),
    "quantity": _("unusual quantity"),
    "stock": _("not enough stock"),
}
"""What stops an order, by kind of hold; a word somebody chose themselves stands as it is."""
WAITING = _("waits until a return is settled")
"""What stops what goes out in exchange; nobody holds an order by hand so."""

CANCELLED_FOR: Mapping[str, str] = {
    "customer_changed_mind": _("The customer changed their mind"),
    "out_of_stock": _("It cannot be delivered"),
    "duplicate": _("It was ordered twice"),
    "fraud": _("Suspected fraud"),
    "mistake": _("It was entered by mistake"),
    "other": _("Something else"),
}
"""Why an order is cancelled: the word that facts keep, and how it is asked for."""
FIELDS: Mapping[str, str] = {
    **PARTS,
    "ship_to": _("Shipping address"), "bill_to": _("Billing address"), "total": _("Total"), "customer": _("Customer"),
    "prices_include_tax": _("Whether prices include tax"), "discounts": _("Discounts"), "shipping": _("Shipping"),
    "payment": _("Payment"), "priority": _("Priority"), "customer_reference": _("Customer's reference"),
    "tags": _("Tags"), "ship_before": _("Ship before"),
}  # fmt: skip
"""The parts of an order's form."""

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "order_placed": (_("Placed through {channel}"), "busy"),
    "order_held": (_("Held: {hold}"), "stop"),
    "hold_released": (_("Hold released: {hold}"), "good"),
    "order_cancelled": (_("Cancelled: {reason}"), "stop"),
    "backorder_filled": (_("Stock arrived and was allocated: {parts}"), "good"),
    "order_rerouted": (_("Moved to {parts}"), "busy"),
    "order_edited": (_("Changed: {fields}"), "busy"),
    "expectation_moved": (_("{sku} is now expected on {now}"), "wait"),
    "exception_closed": (_("Exception settled: {kind}"), "good"),
    "exception_assigned": (_("Exception given to {owner}"), "quiet"),
    "exception_snoozed": (_("Exception put off: {kind}"), "quiet"),
    "customer_link_renewed": (_("The customer's link was made anew"), "quiet"),
    "pay_link_made": (_("A link to pay was made"), "quiet"),
    "pay_link_withdrawn": (_("The link to pay was taken back"), "quiet"),
    "pay_link_paid": (_("Paid by the customer"), "good"),
    "order_noted": (_("A note was written"), "quiet"),
    "contact_recorded": (_("The customer got in touch: {contact}"), "quiet"),
    "contact_withdrawn": (_("A contact was taken back"), "quiet"),
    "fulfilment_released": (_("Released to the floor"), "busy"),
    "fulfilment_recalled": (_("Taken back from the floor"), "wait"),
    "units_picked": (_("Picked"), "busy"),
    "pick_short": (_("Less was found than was to be picked"), "stop"),
    "put_back_done": (_("Put back on the shelf"), "quiet"),
    "fulfilment_packed": (_("Everything of this site is packed"), "busy"),
    "parcel_packed": (_("Parcel packed"), "busy"),
    "parcel_unpacked": (_("Parcel unpacked"), "wait"),
    "parcel_weighed": (_("Parcel weighed"), "quiet"),
    "label_wanted": (_("Label asked for"), "quiet"),
    "label_bought": (_("Label bought"), "quiet"),
    "label_refused": (_("The carrier refused the label"), "stop"),
    "label_void_wanted": (_("Label to be taken back"), "quiet"),
    "label_voided": (_("Label taken back"), "quiet"),
    "void_refused": (_("The carrier would not take the label back"), "stop"),
    "parcel_handed_over": (_("Handed to the carrier"), "good"),
    "tracking_recorded": (_("Scanned on its way"), "quiet"),
    "parcel_delivered": (_("Parcel delivered"), "good"),
    "parcel_lost": (_("Parcel lost"), "stop"),
    "order_shipped": (_("All of it is on its way"), "good"),
    "order_delivered": (_("All of it has arrived"), "good"),
    "parcel_reshipped": (_("Sent again"), "wait"),
    "return_asked": (_("A return was asked for"), "wait"),
    "return_received": (_("Return received"), "busy"),
    "return_inspected": (_("Return inspected"), "busy"),
    "return_settled": (_("Return settled"), "good"),
    "return_label_wanted": (_("Label for a return asked for"), "quiet"),
    "return_label_bought": (_("Label for a return bought"), "quiet"),
    "return_label_refused": (_("The carrier has no label for a return"), "wait"),
    "exchange_wanted": (_("Something else is wanted for what comes back"), "wait"),
    "exchange_kept": (_("What is wanted for the return goes out"), "good"),
    "exchange_over": (_("The return pays money instead of an exchange"), "quiet"),
}
"""What happened, by type of fact: in a sentence and its tone. Others stand with their own name."""

REASONS: Mapping[str, str] = {
    "chosen": _("chosen"),
    "dearer": _("would cost more"),
}
OUTCOMES: Mapping[str, str] = {
    "whole": _("One site ships all of it."),
    "split": _("Several sites ship it."),
    "partial": _("What there is ships, the rest waits."),
    "waiting": _("It waits for stock."),
    "refused": _("No site could ship it."),
    "kept": _("The sites stayed as they were."),
}
DECISIONS: Mapping[str, str] = {
    "placed": _("When it was placed"),
    "edited": _("When it was changed"),
    "filled": _("When stock arrived"),
    "rerouted": _("When it was routed anew"),
    "reoptimised": _("When sites were compared anew"),
}


def reason(said: str) -> Told:
    """Why a site was chosen or not, in words."""
    if said.startswith("short of "):
        return Told(phrase(_("has too little of {sku}"), sku=said.removeprefix("short of ")))
    return Told(side_by_side("", [_word(REASONS, said)]))


def tell(kind: str, facts: Mapping[str, Any], currency: str) -> Told:
    """A fact in words, by what it holds."""
    known = _SENTENCES.get(kind)
    if known is None:
        return Told(side_by_side("", [kind.replace("_", " ")]))
    says, tone = known
    return Told(phrase(says, **{name: read(facts) for name, read in _FILLS.items() if f"{{{name}}}" in says}), tone)


def hold_word(kind: str) -> str:
    """What stops an order, in words."""
    return WAITING if kind == EXCHANGE else HOLDS.get(kind, kind.replace("_", " "))


def field_word(name: str) -> str | Phrase:
    """What a part of an order's form is called."""
    return _word(FIELDS, name)


def _word(words: Mapping[str, str], code: str) -> str | Phrase:
    """A code in words; one somebody chose themselves stands as it is, in every language."""
    return Phrase(words[code]) if code in words else code.replace("_", " ")


def _parts(facts: Mapping[str, Any]) -> str:
    """Sites and how many units each ships."""
    told = [f"{site} ({sum(units for _line, units in lines)})" for _id, site, lines in facts.get("parts", ())]
    return ", ".join(told) or "–"


def _fields(facts: Mapping[str, Any]) -> Phrase:
    tops = dict.fromkeys(str(each).strip("/").partition("/")[0] for each in facts.get("fields", ()))
    return side_by_side(", ", [field_word(each) for each in tops])


_STOPPED: Mapping[str, str] = {**HOLDS, EXCHANGE: WAITING}
_CAUSES: Mapping[str, str] = {kind: case.name for kind, case in CASES.items()}
_FILLS: Mapping[str, Callable[[Mapping[str, Any]], str | Phrase]] = {
    "channel": lambda facts: str(facts.get("channel", "")),
    "hold": lambda facts: _word(_STOPPED, str(facts.get("hold", ""))),
    "reason": lambda facts: _word(CANCELLED_FOR, str(facts.get("reason", ""))),
    "parts": _parts,
    "fields": _fields,
    "sku": lambda facts: str(facts.get("sku", "")),
    "now": lambda facts: str(facts.get("now") or "–"),
    "kind": lambda facts: _word(_CAUSES, str(facts.get("kind", ""))),
    "contact": lambda facts: _word(WHYS, str(facts.get("reason", ""))),
    "owner": lambda facts: str(facts.get("owner", "")),
}
