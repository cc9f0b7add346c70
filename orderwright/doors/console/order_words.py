"""What is wrong with an order that is being written down, in words, and at which field."""

from collections.abc import Mapping, Sequence

from orderwright.doors.console.exception_words import FINDINGS
from orderwright.doors.console.texts import text as _

PAYMENTS: Mapping[str, str] = {
    "unpaid": _("Not paid yet: it waits for the money"),
    "on_account": _("On account: they pay by invoice"),
    "paid": _("Paid just now"),
}
"""How an order by phone is paid, and what that means."""
_OTHERS: Mapping[str, str] = {
    "retired_sku": _("This product is not sold any more"),
    "email_form": _("This is no e-mail address that mail can reach"),
    "phone_form": _("No phone has this number"),
    "contact_missing": _("There is no way to reach them: an e-mail address or a phone number"),
    "unknown_channel": _("Choose a channel"),
    "bad_money": _("A price such as 12.50"),
    "country_unknown": _("Choose a country"),
    "total_differs": _("The total has changed since you saw it: look at it again"),
    "probable_duplicate": _("The same buyer ordered the same before: %(number)s"),
    "price_off": _("The price is far from the list: %(list)s"),
    "unusual_quantity": _("Far more than others order: above %(unusual_above)s is unusual"),
    "bad_text": _("It holds characters no text has"),
}
_FIELDS: Mapping[str, str] = {
    "ship_to/lines": "ship_to/lines/0",
    "customer": "customer/email",
    "discounts/0/amount": "discount",
    "shipping/price": "shipping",
}
_NOT_AT_A_FIELD = ("payment", "total", "lines", "currency", "")


def said(code: str) -> str:
    """A finding in words, which may name its facts."""
    return _OTHERS.get(code) or FINDINGS.get(code) or code.replace("_", " ")


def is_missing(code: str) -> bool:
    """Whether it tells of something that is not there, or not yet."""
    return code.endswith("_missing") or code in ("country_unknown", "unknown_channel")


def field_of(pointer: str, at: Sequence[int]) -> str:
    """The field a finding is about; '' for none of its own. at: the index of the fields of each line."""
    path = pointer.strip("/")
    if path in _NOT_AT_A_FIELD:
        return ""
    if path.startswith("lines/"):
        _word, position, *rest = path.split("/")
        name = rest[0] if rest and rest[0] in ("sku", "quantity", "unit_price") else "unit_price"
        return f"lines/{at[int(position)]}/{name}" if int(position) < len(at) else ""
    return _FIELDS.get(path, path)
