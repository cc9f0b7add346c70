"""Contacts: written down on an order's page, and taken back there."""

from orderwright.doors.api.routes import contacts as api
from orderwright.doors.console.page import deed
from orderwright.doors.console.pages import order as orders_page
from orderwright.doors.console.texts import text as _

write = deed("/orders/{number}/contacts", api.write_contact, page=orders_page.order, then="/orders/{number}#contacts",
             said=_("The contact is written down."))  # fmt: skip
withdraw = deed("/orders/{number}/contacts/{id}/withdraw", api.withdraw_contact, page=orders_page.order,
                then="/orders/{number}#contacts", said=_("The contact is taken back."))  # fmt: skip
