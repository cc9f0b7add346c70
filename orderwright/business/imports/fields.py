"""The fields an imported row may carry: the importer's own names, which columns are mapped to."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Kind = Literal["code", "text", "units", "price", "money", "time", "country", "currency", "email", "phone"]


class Field(NamedTuple):
    """How a field is read. `chars_max` is the longest text taken; `agrees`: rows of one order may not differ."""

    kind: Kind
    chars_max: int
    agrees: bool = False


LINE_FIELDS: Mapping[str, Field] = {
    "sku": Field("code", 64),
    "title": Field("text", 500),
    "quantity": Field("units", 24),
    "unit_price": Field("price", 40),
    "line_amount": Field("money", 40),
    "line_discount": Field("money", 40),
    "line_tax": Field("money", 40),
    "line_reference": Field("code", 64),
    "line_note": Field("text", 500),
    "line_gift_note": Field("text", 500),
}

_ADDRESS: Mapping[str, Field] = {
    "name": Field("text", 500),
    "company": Field("text", 500),
    "line_1": Field("text", 500),
    "line_2": Field("text", 500),
    "line_3": Field("text", 500),
    "city": Field("text", 500),
    "region": Field("text", 500),
    "postal_code": Field("code", 20),
    "country": Field("country", 80, agrees=True),
    "phone": Field("phone", 40),
}

ORDER_FIELDS: Mapping[str, Field] = {
    "reference": Field("code", 64),
    "channel": Field("code", 64, agrees=True),
    "placed_at": Field("time", 64),
    "placed_time": Field("time", 32),
    "currency": Field("currency", 3, agrees=True),
    "order_state": Field("text", 64, agrees=True),
    "service": Field("text", 40),
    "purchase_order": Field("code", 64),
    "gift_note": Field("text", 500),
    "customer_id": Field("code", 64, agrees=True),
    "customer_email": Field("email", 320, agrees=True),
    "customer_name": Field("text", 500),
    "customer_phone": Field("phone", 40),
    **{f"ship_{part}": field for part, field in _ADDRESS.items()},
    **{f"bill_{part}": field for part, field in _ADDRESS.items()},
    "shipping_price": Field("money", 40, agrees=True),
    "shipping_tax": Field("money", 40, agrees=True),
    "order_discount": Field("money", 40, agrees=True),
    "discount_code": Field("code", 64),
    "order_tax": Field("money", 40, agrees=True),
    "total": Field("money", 40, agrees=True),
    "payment_state": Field("text", 64, agrees=True),
    "payment_gateway": Field("text", 64),
    "payment_reference": Field("code", 200),
    "payment_amount": Field("money", 40, agrees=True),
}

FIELDS: Mapping[str, Field] = {**ORDER_FIELDS, **LINE_FIELDS}

REQUIRED = ("reference", "sku", "quantity")
"""Without these no order can be told from a file; a price is needed too: `unit_price` or `line_amount`."""

ERROR_COLUMN = "import_error"
"""The column an error file adds; a file that has it is one of ours coming back."""
