"""Imports in words: kinds of files, states, fields, what a row would do."""

from collections.abc import Mapping

from orderwright.doors.console.texts import text as _
from orderwright.doors.console.words import Word

KINDS: Mapping[str, str] = {
    "products": _("Products"), "stock": _("Counted stock"), "orders": _("Orders"),
    "customers": _("Customers"), "prices": _("Prices of lists"),
}  # fmt: skip
SCOPES: Mapping[str, str] = {
    "products": "stock:write", "stock": "stock:write", "orders": "orders:write",
    "customers": "orders:write", "prices": "admin",
}  # fmt: skip
"""What somebody must be allowed to bring such a file."""
SAVED_BY: Mapping[str, str] = {
    "products": "stock:read", "stock": "stock:read", "orders": "orders:read", "customers": "orders:read",
    "prices": "orders:read",
}  # fmt: skip
"""What somebody must be allowed to save such a table."""
STATES: Mapping[str, Word] = {
    "looking": Word(_("Being read"), "busy"),
    "looked": Word(_("Ready to import"), "wait"),
    "reading": Word(_("Being imported"), "busy"),
    "done": Word(_("Imported"), "good"),
    "failed": Word(_("Not imported"), "stop"),
    "interrupted": Word(_("Interrupted"), "stop"),
}
ROWS: Mapping[str, Word] = {
    "new": Word(_("New"), "good"),
    "changed": Word(_("Changed"), "busy"),
    "same": Word(_("The same"), "quiet"),
    "wrong": Word(_("Wrong"), "stop"),
}
FIELDS: Mapping[str, str] = {
    "sku": _("SKU"), "title": _("Title"), "price": _("Price"), "currency": _("Currency"), "weight_g": _("Weight in g"),
    "length_mm": _("Length in mm"), "width_mm": _("Width in mm"), "height_mm": _("Height in mm"),
    "hs_code": _("HS code"), "origin": _("Country of origin"), "storage_class": _("Storage class"),
    "hazard": _("Hazard"), "tracking": _("Tracked by"),
    "asks_expiry": _("Has an expiry date"), "fragile": _("Fragile"), "this_side_up": _("This side up"),
    "bears_g": _("Bears on top, in g"), "groups": _("Packing groups"), "apart_from": _("Never packed with"),
    "own_packing": _("Ships in its own packing"), "protection_mm": _("Padding in mm"),
    "protection_minor": _("Cost of padding"), "is_retired": _("No longer sold"),
    "family": _("Family"), "options": _("What tells it apart in its family"), "codes": _("Barcodes"),
    "components": _("Parts of the kit"), "site": _("Site"), "quantity": _("Quantity"), "place": _("Bin"),
    "lot": _("Lot"), "expires_on": _("Best before"), "unit_cost": _("Unit cost"), "reference": _("Order reference"),
    "channel": _("Channel"), "placed_at": _("Date of the order"), "placed_time": _("Time of the order"),
    "order_state": _("State of the order"), "service": _("Shipping service"), "purchase_order": _("Their order number"),
    "gift_note": _("Gift note"), "customer_id": _("Customer number"), "customer_email": _("Customer's e-mail"),
    "customer_name": _("Customer's name"), "customer_phone": _("Customer's phone"), "ship_name": _("Ship to: name"),
    "ship_company": _("Ship to: company"), "ship_line_1": _("Ship to: line 1"), "ship_line_2": _("Ship to: line 2"),
    "ship_line_3": _("Ship to: line 3"), "ship_city": _("Ship to: city"), "ship_region": _("Ship to: region"),
    "ship_postal_code": _("Ship to: postcode"), "ship_country": _("Ship to: country"),
    "ship_phone": _("Ship to: phone"), "bill_name": _("Bill to: name"), "bill_company": _("Bill to: company"),
    "bill_line_1": _("Bill to: line 1"), "bill_line_2": _("Bill to: line 2"), "bill_line_3": _("Bill to: line 3"),
    "bill_city": _("Bill to: city"), "bill_region": _("Bill to: region"), "bill_postal_code": _("Bill to: postcode"),
    "bill_country": _("Bill to: country"), "bill_phone": _("Bill to: phone"), "shipping_price": _("Shipping price"),
    "shipping_tax": _("Shipping tax"), "order_discount": _("Discount on the order"),
    "discount_code": _("Discount code"), "order_tax": _("Tax of the order"), "total": _("Total"),
    "payment_state": _("State of payment"), "payment_gateway": _("Payment gateway"),
    "payment_reference": _("Payment reference"), "payment_amount": _("Amount paid"), "unit_price": _("Unit price"),
    "line_amount": _("Amount of the line"), "line_discount": _("Discount on the line"),
    "line_tax": _("Tax of the line"), "line_reference": _("Line reference"), "line_note": _("Note on the line"),
    "line_gift_note": _("Gift note of the line"),
    "id": _("Id"), "email": _("E-mail address"), "name": _("Name"), "phone": _("Phone"), "language": _("Language"),
    "note": _("Note"), "price_list": _("Price list"), "pays_within_days": _("Pays within so many days"),
    "address_name": _("Name on the parcel"), "company": _("Company"), "line_1": _("Address line 1"),
    "line_2": _("Address line 2"), "postal_code": _("Postcode"), "city": _("City"), "region": _("Region"),
    "country": _("Country"), "addresses": _("Addresses"),
}  # fmt: skip
"""What the fields of files are called."""
