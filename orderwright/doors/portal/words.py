"""What customers read of the states of things: plain, and what it means for them."""

from collections.abc import Mapping

from orderwright.doors.console.asked import Tried
from orderwright.doors.console.errors import Trouble
from orderwright.doors.console.errors import trouble_of as usual_trouble
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.words import Word, of
from orderwright.doors.portal.headline import STEPS as STEPS
from orderwright.values.refusal import REFUSALS, Refusal

MILESTONES: Mapping[str, Word] = {
    "accepted": Word(_("The carrier has it"), "busy"),
    "in_transit": Word(_("On its way"), "busy"),
    "out_for_delivery": Word(_("Out for delivery"), "busy"),
    "delivered": Word(_("Delivered"), "good"),
    "failed": Word(_("The carrier could not deliver it"), "wait"),
    "returned": Word(_("On its way back to us"), "wait"),
    "lost": Word(_("The carrier cannot find it"), "stop"),
}
PARCEL: Mapping[str, Word] = {
    "packed": Word(_("Packed"), "busy"),
    "labelled": Word(_("Packed"), "busy"),
    "shipped": Word(_("On its way"), "busy"),
    "delivered": Word(_("Delivered"), "good"),
    "lost": Word(_("The carrier cannot find it"), "stop"),
}
RETURN: Mapping[str, Word] = {
    "asked": Word(_("We wait for your parcel"), "busy", _("Send it to us; we look at it as soon as it is here.")),
    "received": Word(_("It is here"), "busy", _("We received your parcel and look at what is in it.")),
    "inspected": Word(_("Looked at"), "busy", _("We looked at it. Your refund comes next.")),
    "settled": Word(_("Settled"), "good", _("We have sent your refund the way you paid.")),
    "refused": Word(_("Not accepted"), "stop", _("We could not accept this. Please write to us.")),
}
REASONS: Mapping[str, str] = {
    "unwanted": _("I do not need it any more"),
    "not_as_described": _("It is not as described"),
    "damaged": _("It arrived damaged"),
    "defective": _("It does not work"),
    "wrong_item": _("I got something else"),
    "wrong_quantity": _("I got too many"),
    "too_late": _("It came too late"),
    "unknown": _("I would rather not say"),
}
"""Why something comes back: the word that facts keep, and how it is asked for."""
REFUSED: Mapping[str, Word] = {
    "malformed": Word(_("Not yet."), "stop", _("Please look at what is marked.")),
    "order_refused": Word(_("Not yet."), "stop", _("Please look at what is marked.")),
    "stale": Word(_("Your order changed meanwhile."), "stop", _("This is how it stands now. Please decide anew.")),
    "too_late_for_customer": Word(
        _("That came a moment too late."),
        "stop",
        _("We have begun to pack your order, so it cannot be stopped or changed any more. You can send it back."),
    ),
    "nothing_to_cancel": Word(_("There is nothing left to cancel."), "stop"),
    "order_step": Word(_("That cannot be changed any more."), "stop", _("We have begun to pack your order.")),
    "edit_fixed": Word(_("Only the address can be changed here."), "stop"),
    "label_pending": Word(_("A label for your parcel is being made just now."), "wait", _("Try again in a minute.")),
    "return_too_much": Word(_("That is more than can be sent back."), "stop", _("Please look at the numbers again.")),
    "return_too_late": Word(_("The time for sending this back is over."), "stop", _("Please write to us.")),
    "unknown_line": Word(_("That is not part of this order."), "stop"),
    "short_stock": Word(
        _("What you would like for it has just gone."), "stop", _("Choose another one, or your money back.")
    ),
    "not_a_variant": Word(_("This cannot be exchanged for that."), "stop", _("Please choose again.")),
    "not_offered": Word(_("We do not offer this."), "stop"),
    "return_step": Word(_("Your parcel is here already."), "stop"),
    "exchange_over": Word(_("That is settled already."), "stop"),
    "bad_photo": Word(_("This photo cannot be used."), "stop", _("Send a JPEG, PNG or WebP picture of at most 8 MB.")),
    "too_large": Word(_("These photos are too large."), "stop", _("Each may have 8 MB. Nothing was sent yet.")),
    "sign_in_refused": Word(
        _("We found no order with this."), "stop", _("Look at the number in your e-mail, and what you gave us with it.")
    ),
    "sign_in_wait": Word(_("Too many tries."), "wait", _("Wait a quarter of an hour, then try again.")),
    "pay_link_step": Word(
        _("This cannot be paid any more."), "stop", _("This is how it stands now. Nothing was charged by this.")
    ),
    "pay_link_changed": Word(
        _("The amount has changed."), "stop", _("Nothing was charged by this. Ask us for a new link.")
    ),
    "gateway_away": Word(
        _("Our payment provider does not answer."), "wait", _("Nothing was charged by this. Try again in a minute.")
    ),
    "twin_running": Word(_("This is being done at this moment."), "wait", _("Look again in a second.")),
}
NOT_PROVED = Word(
    _("That does not belong to this order."), "stop", _("Look at how you wrote it in your order, and try again.")
)
"""Instead of `sign_in_refused`, where the order is known and nobody gave its number."""
TROUBLES: Mapping[str, tuple[str, str]] = {
    "not_found": (_("There is nothing here"), _("Open the link in your e-mail, or look your order up by its number.")),
    "link_spent": (
        _("This link opens nothing any more"),
        _("Open the newest link we sent you, or look your order up by its number."),
    ),
    "too_large": (_("These photos are too large."), _("Each may have 8 MB. Nothing was sent yet.")),
    "unknown_line": (_("That is not part of this order."), ""),
    "not_a_variant": (_("This cannot be exchanged for that."), _("Please choose again.")),
    "return_too_much": (_("That is more than can be sent back."), _("Please look at the numbers again.")),
    "cross_site": (
        _("This page is not the newest"), _("You may have opened another order meanwhile. Open your order once more."),
    ),
}  # fmt: skip


def refused(tried: Tried) -> Word:
    """What a refused form says as a whole."""
    if (tried.deed, tried.code) == ("/track/prove", "sign_in_refused"):
        return NOT_PROVED
    return REFUSED.get(tried.code) or Word(REFUSALS[tried.code].sentence, "stop")


def trouble_of(refusal: Refusal) -> Trouble:
    """A refusal as a customer is told it."""
    usual = usual_trouble(refusal)
    title, advice = TROUBLES.get(refusal.code, (usual.title, usual.advice))
    return usual._replace(title=title, advice=advice, says="" if refusal.code in TROUBLES else usual.says)


def of_parcel(state: str) -> Word:
    """The state of a parcel."""
    return of(PARCEL, state)


def of_return(state: str) -> Word:
    """The state of a return."""
    return of(RETURN, state)


def milestone(name: str) -> Word:
    """What a scan says."""
    return of(MILESTONES, name)
