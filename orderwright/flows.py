"""Which fact leads to which task: the life of an order on one screen, names only."""

from collections.abc import Mapping, Sequence

FLOWS: Mapping[str, Sequence[str]] = {
    "order_cancelled": ["settle_order"],
    "parcel_packed": ["buy_label"],
    "label_wanted": ["buy_label"],
    "label_void_wanted": ["void_label"],
    "purchase_sent": ["mail_purchase"],
    # A subject's tasks keep their order, so what may have to be tried again comes last.
    "parcel_handed_over": ["practice_tracking", "issue_invoice"],
}
"""Fact type -> the tasks it leads to. The tasks' verbs are named in app.py."""
