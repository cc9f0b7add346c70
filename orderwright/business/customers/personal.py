"""Where personal data of customers stand, and what is left there of somebody erased: one register, read by the action
that erases and by the check that nothing was forgotten. A column that is added for people's words belongs here.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

GONE: Mapping[str, str] = {}
"""Nothing is left: the row goes."""


class Place(NamedTuple):
    """Rows that say something of people. rows: which, in SQL, of `{customers}` and `{orders}`.

    left: what a column holds once they are erased, in SQL that may name the row's columns and changes nothing the
    second time. ended: when an order's row was done with; what was not yet when they were erased came later, says what
    carriers, payments and stock did since, and is not asked about.
    """

    table: str
    rows: str
    left: Mapping[str, str] = GONE
    ended: str = ""

    def statement(self, customers: str, orders: str) -> str:
        """Clears the place for customers and orders, each told as a statement for their ids."""
        rows = self.rows.format(customers=customers, orders=orders)
        if not self.left:
            return f"DELETE FROM {self.table} WHERE {rows}"
        return f"UPDATE {self.table} SET {', '.join(f'{c} = {left}' for c, left in self.left.items())} WHERE {rows}"

    def question(self, customers: str, orders: str) -> str:
        """How many rows of the place still say something; none where it was cleared."""
        rows = self.rows.format(customers=customers, orders=orders)
        said = " OR ".join(f"{column} IS DISTINCT FROM {left}" for column, left in self.left.items()) or "true"
        if self.ended:
            rows += f" AND {self.ended} < ({_ERASED_AT})"
        return f"SELECT '{self.table}' AS place, count(*) AS rows FROM {self.table} WHERE {rows} AND ({said})"


_ERASED_AT = "SELECT k.erased_at FROM customer k JOIN orders w ON w.customer_id = k.id WHERE w.id = order_id"


# Of an order as handed in there stays what tax and the map of sales need: the country, and what shipping cost.
_FORM_LEFT = """jsonb_strip_nulls(jsonb_build_object(
    'ship_to', jsonb_build_object(
        'country', form::jsonb #> '{ship_to,country}', 'region', form::jsonb #> '{ship_to,region}'),
    'shipping', form::jsonb -> 'shipping'))::text"""
_BY_ORDER = "order_id IN ({orders})"
_BY_PARCEL = "parcel_id IN (SELECT id FROM parcel WHERE order_id IN ({orders}))"
_BY_RETURN = "return_id IN (SELECT id FROM return_request WHERE order_id IN ({orders}))"
# What carriers saw of the way back, of no parcel of ours: from a day before the label was made, as their clocks may be
# behind ours, until the code's next label, since codes are used again. `returns.labels` shows the same.
_BY_RETURN_LABEL = """id IN (
    SELECT e.id FROM return_request r JOIN return_label l ON l.return_id = r.id AND l.tracking_code <> ''
    JOIN tracking_event e ON e.tracking_code = l.tracking_code AND e.carrier = l.carrier AND e.parcel_id IS NULL
                         AND e.occurred_at >= l.made_at - interval '1 day'
    WHERE r.order_id IN ({orders}) AND NOT EXISTS (
        SELECT FROM return_label n WHERE n.tracking_code = l.tracking_code AND n.tracking_code <> ''
        AND n.carrier = l.carrier AND n.made_at > l.made_at AND n.made_at - interval '1 day' <= e.occurred_at))"""
_OF_QUOTES = "(customer_id IN ({customers}) OR order_id IN ({orders}))"

PLACES = (
    Place("quote", _OF_QUOTES, {"name": "''", "email_key": "''", "form": "''", "form_hash": "''"}),
    Place("label", _BY_PARCEL, {"content": "''"}),
    Place("return_label", _BY_RETURN, {"content": "''"}),
    Place("tracking_event", _BY_PARCEL, {"detail": "''", "raw": "'{}'"}),
    Place("tracking_event", _BY_RETURN_LABEL, {"detail": "''", "raw": "'{}'"}),
    Place("parcel", _BY_ORDER, {"token_hash": "sha256(convert_to(id::text, 'UTF8'))"}),
    Place("photo", _BY_ORDER, {"content": "''"}),
    Place("return_photo", _BY_RETURN),
    Place("order_note", _BY_ORDER, {"text": "'-'"}),
    Place("contact", _BY_ORDER, {"words": "''"}),
    Place("exception", _BY_ORDER, {"document": "'{}'", "note": "''"}, ended="closed_at"),
    Place("hold", _BY_ORDER, {"document": "'{}'"}, ended="placed_at"),
    Place("decision", _BY_ORDER, {"document": "jsonb_set(document::jsonb, '{findings}', '[]', false)::text"}),
    Place("error_found", _BY_ORDER, {"note": "''"}),
    Place(
        "inbox",
        "state <> 'stored'"
        " AND (channel, external_id) IN (SELECT o.channel, o.reference FROM orders o WHERE o.id IN ({orders}))",
        {"body": "''", "outcome": "CASE WHEN state = 'parked' THEN split_part(outcome, ':', 1) ELSE outcome END"},
    ),
    Place(
        "house_change",
        "kind = 'customer' AND name IN (SELECT c.id::text FROM ({customers}) AS c(id))"
        " AND after IS DISTINCT FROM '{{\"erased\":true}}'",
        {"before": "CASE WHEN before IS NULL THEN NULL ELSE '{}' END", "after": "'{}'"},
    ),
    Place(
        "orders", "customer_id IN ({customers})",
        {"email_key": "''", "postal_code": "''", "fingerprint": "0", "form": _FORM_LEFT},
    ),
    Place(
        "customer", "id IN ({customers})",
        {"email_key": "NULL", "email": "''", "name": "''", "phone": "''", "reference": "''", "language": "''",
         "note": "''", "addresses": "'[]'", "postal_code": "''", "price_list": "NULL", "pays_within_days": "NULL"},
    ),
)  # fmt: skip
"""In the order in which they are cleared."""

ERASED_CUSTOMERS = "SELECT k.id FROM customer k WHERE k.erased_at IS NOT NULL"


def what_is_left() -> str:
    """A statement that names every place in which somebody erased still stands, and its rows; none where none does."""
    return f"SELECT place, rows FROM ({' UNION ALL '.join(_questions())}) AS left_over WHERE rows > 0"


def _questions() -> Iterator[str]:
    orders = f"SELECT w.id FROM orders w WHERE w.customer_id IN ({ERASED_CUSTOMERS})"
    return (place.question(ERASED_CUSTOMERS, orders) for place in PLACES)
