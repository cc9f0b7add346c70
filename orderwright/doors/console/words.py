"""The states of things in words, each with the tone it is shown in: what is well, waits, or wants somebody."""

from collections.abc import Mapping
from typing import NamedTuple

from orderwright.doors.console.asked import Tried
from orderwright.doors.console.texts import text as _
from orderwright.values.refusal import REFUSALS


class Word(NamedTuple):
    """How a state is called. tone: good, busy, wait, stop or quiet. says: the same in a sentence."""

    name: str
    tone: str
    says: str = ""


ORDER: Mapping[str, Word] = {
    "held": Word(_("On hold"), "stop", _("Stopped until somebody releases the hold.")),
    "waiting": Word(_("Waiting for stock"), "wait", _("Nothing of it can be shipped before stock arrives.")),
    "partially_allocated": Word(_("Partly allocated"), "wait", _("Some of it has its stock, the rest waits.")),
    "allocated": Word(_("Ready"), "busy", _("All of it has its stock and waits for the floor.")),
    "picking": Word(_("Being picked"), "busy", _("Somebody on the floor is working on it.")),
    "packed": Word(_("Packed"), "busy", _("Packed, and waits for its carrier.")),
    "partially_shipped": Word(_("Partly shipped"), "busy", _("Some of it is on its way, the rest follows.")),
    "shipped": Word(_("Shipped"), "good", _("All of it is on its way.")),
    "partially_delivered": Word(_("Partly delivered"), "good", _("Some of it has arrived, the rest is on its way.")),
    "delivered": Word(_("Delivered"), "good", _("All of it has arrived.")),
    "partially_returned": Word(_("Partly returned"), "quiet", _("Some of it came back.")),
    "returned": Word(_("Returned"), "quiet", _("All of it came back.")),
    "cancelled": Word(_("Cancelled"), "quiet", _("Nothing of it will be shipped.")),
}


FULFILMENT: Mapping[str, Word] = {
    "planned": Word(_("Planned"), "quiet"),
    "released": Word(_("On the floor"), "busy"),
    "picked": Word(_("Picked"), "busy"),
    "packed": Word(_("Packed"), "busy"),
    "shipped": Word(_("Shipped"), "good"),
    "cancelled": Word(_("Cancelled"), "quiet"),
}
PARCEL: Mapping[str, Word] = {
    "packed": Word(_("Packed"), "busy"),
    "labelled": Word(_("Labelled"), "busy"),
    "shipped": Word(_("On its way"), "good"),
    "delivered": Word(_("Delivered"), "good"),
    "returned": Word(_("Came back"), "wait"),
    "lost": Word(_("Lost"), "stop"),
    "cancelled": Word(_("Unpacked"), "quiet"),
}
ROLES: Mapping[str, str] = {
    "owner": _("Owner"),
    "manager": _("Manager"),
    "clerk": _("Clerk"),
    "picker": _("Picker"),
    "packer": _("Packer"),
    "receiver": _("Receiver"),
    "buyer": _("Buyer"),
    "support": _("Support"),
    "sales": _("Sales"),
    "accounts": _("Accounts"),
    "analyst": _("Analyst"),
    "partner": _("Partner"),
}
UNKNOWN = Word(_("Unknown product"), "stop")


def of(words: Mapping[str, Word], state: str) -> Word:
    """A state in words; one that nobody gave words stands by its own name."""
    return words.get(state) or Word(state.replace("_", " "), "quiet")


NOT_OFFERED = Word(_("Not offered"), "quiet")
PAY_LINK: Mapping[str, Word] = {
    "open": Word(_("To be paid"), "busy", _("Send its address to the customer. What is paid goes on by itself.")),
    "paid": Word(_("Paid"), "good", _("The payment is recorded.")),
    "covered": Word(_("Not needed"), "quiet", _("There is nothing left to pay.")),
    "changed": Word(_("Amount changed"), "wait", _("Nobody can pay by it, for another amount is missing now.")),
    "expired": Word(_("Expired"), "quiet", _("Its time is over. Make a new one.")),
    "withdrawn": Word(_("Taken back"), "quiet", _("Nobody can pay by it.")),
    "returning": Word(_("Money goes back"), "wait", _("It was paid when it could become no order any more.")),
    "returned": Word(_("Money went back"), "quiet", _("It was paid when it could become no order any more.")),
}

REFUSED: Mapping[str, Word] = {
    "malformed": Word(_("Not yet."), "stop", _("Please look at what is marked.")),
    "order_refused": Word(_("Not yet."), "stop", _("Please look at what is marked.")),
    "would_be_held": Word(_("It would be put on hold."), "stop", _("Mend it, or say that it is meant like this.")),
    "quote_expired": Word(_("This quote is past its day."), "stop", _("Make a new order like it.")),
    "quote_step": Word(_("The quote is past that."), "stop", _("Look at it as it is now.")),
    "exchange_open": Word(
        _("What comes back pays for this first."), "stop", _("Settle the return, then ask for what is left.")
    ),
    "nothing_to_pay": Word(_("Nothing of this is left to be paid."), "stop"),
    "pay_link_step": Word(_("That cannot be done with this link."), "stop", _("Look at it as it is now.")),
    "quote_differs": Word(_("A quote was made of this with other lines."), "stop", _("Look for it among the quotes.")),
    "order_differs": Word(_("This was placed already, with other lines."), "stop", _("Look for it among the orders.")),
    "too_many_drafts": Word(_("You keep a hundred drafts."), "stop", _("Place some, or throw some away.")),
    "short_stock": Word(_("There is not enough stock."), "stop", _("This channel refuses what is short.")),
    "stale": Word(_("Somebody else changed this meanwhile."), "stop", _("Look at it as it is now, then decide anew.")),
    "nothing_to_cancel": Word(_("Nothing of this can be cancelled any more."), "stop", _("It is packed or gone.")),
    "no_label": Word(_("This parcel has no label yet."), "stop", _("Leave it here until the carrier sent one.")),
    "label_stale": Word(
        _("The address changed after the label was bought."), "stop", _("Leave it here: it gets another label.")
    ),
    "label_pending": Word(_("The carrier takes this label back just now."), "wait", _("Leave it here.")),
    "order_held": Word(_("The order is on hold."), "stop", _("Leave it until somebody lets it go.")),
    "parcel_step": Word(_("The parcel is past that."), "stop", _("Look at its order.")),
    "order_step": Word(_("The order is past that."), "stop", _("Look at where its units are now.")),
    "snooze_time": Word(_("Choose a time to come, within 30 days."), "stop"),
    "no_such_procedure": Word(_("The procedure was not found."), "stop", _("Open the exception again.")),
    "reason_needed": Word(_("Please say why."), "stop", _("Something else was suggested, and why it was wrong helps.")),
    "decision_step": Word(_("This was taken back already."), "stop"),
    "leads_only": Word(_("Only managers and owners set this for everybody."), "stop"),
    "view_taken": Word(_("There is a view of this name already."), "stop", _("Choose another one.")),
    "too_many_views": Word(_("There are too many views."), "stop", _("Take one away first.")),
    "bulk_step": Word(_("This was taken back already, or cannot be."), "stop"),
    "hold_exists": Word(_("The order has this hold already."), "stop"),
    "no_such_hold": Word(_("This hold was released already."), "stop"),
    "sign_in_refused": Word(_("That does not fit together."), "stop", _("Check what you wrote, and try again.")),
    "sign_in_wait": Word(_("Too many tries."), "wait", _("Wait a quarter of an hour, then try again.")),
    "link_spent": Word(_("This link was used, or is too old."), "stop", _("Ask for another one.")),
    "staff_taken": Word(_("Somebody has this name or e-mail address already."), "stop", _("Choose another one.")),
    "packed_by_other": Word(_("Somebody else packs this just now."), "wait", _("Take the next one.")),
    "tote_in_use": Word(_("This tote is in use."), "stop", _("Take an empty one.")),
    "skill_missing": Word(_("This is no task of yours."), "stop"),
    "unknown_device": Word(_("This is no shared scanner"), "stop"),
    "bad_photo": Word(
        _("This is no photo that can be kept."), "stop", _("A JPEG, PNG or WebP of at most 8 MB; 20 for one order.")
    ),
    "wrong_code": Word(
        _("This is not the code of the moment."), "stop", _("Look at the app and write the present one.")
    ),
    "role_beyond": Word(
        _("That is more than you may do yourself."), "stop", _("Nobody gives or takes more than they have.")
    ),
    "last_owner": Word(_("The store needs an owner."), "stop", _("Make somebody else an owner first.")),
    "bad_role": Word(
        _("These roles do not fit together."),
        "stop",
        _("Choose at least one. An owner has no limits; a partner needs a site or channel."),
    ),
    "too_large": Word(_("The file is too large."), "stop", _("Up to 64 MB can be brought at once: split it.")),
    "import_format": Word(_("This is no table."), "stop", _("Save it as CSV or XLSX, then bring that file.")),
    "import_unreadable": Word(
        _("The file is damaged or protected."),
        "stop",
        _("Open it in its program and save it anew, without a password."),
    ),
    "import_encoding": Word(_("The letters of this file cannot be told."), "stop", _("Save it as CSV UTF-8.")),
    "import_too_large": Word(
        _("The file holds more than one import takes."), "stop", _("Split it into several files.")
    ),
    "import_no_header": Word(
        _("There are no column names."), "stop", _("The first row of the file is to say what each column is.")
    ),
    "import_columns_missing": Word(_("Columns that are needed were not found."), "stop"),
    "import_column_unknown": Word(_("There is no such field."), "stop"),
    "import_step": Word(
        _("This file is being read or was imported already, or is no longer here."),
        "stop",
        _("Look at where it stands now."),
    ),
    "twin_running": Word(_("This is being done at this moment."), "wait", _("Look again in a second.")),
}


def refused(tried: Tried) -> Word:
    """What a refused form says as a whole."""
    return refusal(tried.code)


def refusal(code: str) -> Word:
    """A refusal in words."""
    return REFUSED.get(code) or Word(REFUSALS[code].sentence, "stop")
