"""Contacts of customers in words: how they got in touch, and why."""

from collections.abc import Mapping

from orderwright.business.orders.contacts import ContactShown
from orderwright.doors.console.texts import text as _

WAYS: Mapping[str, str] = {
    "phone": _("By phone"), "email": _("By e-mail"), "chat": _("By chat"), "social": _("On a social network"),
    "counter": _("At the counter"), "letter": _("By letter"),
}  # fmt: skip
WHYS: Mapping[str, str] = {
    "where_is_it": _("Where is my order?"),
    "change_or_cancel": _("Change or cancel"),
    "wrong_or_damaged": _("Wrong or damaged goods"),
    "return_or_refund": _("Return or refund"),
    "question": _("A question"),
    "invoice_or_payment": _("Invoice or payment"),
    "complaint": _("Complaint"),
    "other": _("Something else"),
}


def words_of(contact: ContactShown) -> tuple[str, str]:
    """Why and how a customer got in touch, in words."""
    return WHYS[contact.reason], WAYS[contact.channel]
