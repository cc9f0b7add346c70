"""Links by which customers pay, made and taken back on the page of the order or the quote they are for."""

from orderwright.doors.api.routes import paying as api
from orderwright.doors.console.page import deed
from orderwright.doors.console.pages.order import order
from orderwright.doors.console.pages.quotes import quote
from orderwright.doors.console.texts import text as _

MADE, GONE = _("The pay link is made. Send its address to the customer."), _("Nobody can pay by this link any more.")

pay_order = deed("/orders/{number}/pay-link", api.make_order_link, page=order, then="/orders/{number}", said=MADE)
pay_quote = deed("/quotes/{number}/pay-link", api.make_quote_link, page=quote, then="/quotes/{number}", said=MADE)
drop_order_link = deed("/orders/{number}/pay-link/{id}/withdraw", api.withdraw_link, page=order,
                       then="/orders/{number}", said=GONE)  # fmt: skip
drop_quote_link = deed("/quotes/{number}/pay-link/{id}/withdraw", api.withdraw_link, page=quote,
                       then="/quotes/{number}", said=GONE)  # fmt: skip
give_back = deed("/quotes/{number}/pay-link/{id}/given-back", api.give_back, page=quote, then="/quotes/{number}",
                 said=_("It is noted that the money was given back."))  # fmt: skip
