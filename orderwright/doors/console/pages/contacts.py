"""Contacts: written down on an order's page, and taken back there."""

from collections.abc import Mapping
from typing import Any

from orderwright.doors.api.routes import contacts as api
from orderwright.doors.console import writing
from orderwright.doors.console.page import deed
from orderwright.doors.console.pages import order as orders_page
from orderwright.doors.console.texts import text as _


def _told(tree: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, and when by the clock of who writes it down."""
    at = {"asked_at": writing.moment_of(tree, "asked_at")} if "asked_at" in tree else {}
    return {name: value for name, value in tree.items() if name != "zone"} | at


write = deed("/orders/{number}/contacts", api.write_contact, page=orders_page.order, then="/orders/{number}#contacts",
             said=_("The contact is written down."), body=_told)  # fmt: skip
withdraw = deed("/orders/{number}/contacts/{id}/withdraw", api.withdraw_contact, page=orders_page.order,
                then="/orders/{number}#contacts", said=_("The contact is taken back."))  # fmt: skip
