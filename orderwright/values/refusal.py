"""An expected no: its code, the sentence people read, and the facts behind it."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class RefusalKind(NamedTuple):
    """How a refusal is told: HTTP status, a sentence, and whether the same call may succeed later."""

    status: int
    sentence: str
    may_retry: bool = False


REFUSALS: Mapping[str, RefusalKind] = {
    # Requests as such.
    "malformed": RefusalKind(422, "The request has fields that cannot be read; `findings` lists each of them."),
    "not_found": RefusalKind(404, "There is no such thing."),
    "unauthorized": RefusalKind(401, "An API key is needed: `Authorization: Bearer <key>`."),
    "forbidden": RefusalKind(403, "This key may not do that."),
    "too_large": RefusalKind(413, "The body is larger than this call takes."),
    "too_many_requests": RefusalKind(429, "Too many requests with this key; wait and try again.", True),
    "key_reused": RefusalKind(422, "This Idempotency-Key was used before with another body."),
    "twin_running": RefusalKind(409, "A request with this Idempotency-Key is still running.", True),
    "stale": RefusalKind(412, "It has changed since you read it.", True),
    "outcome_unknown": RefusalKind(503, "The outcome is not known yet; repeat the call to learn it.", True),
    "overloaded": RefusalKind(503, "Too much is waiting; try again shortly.", True),
    # Catalogue and sites.
    "unknown_sku": RefusalKind(422, "There is no product with this SKU."),
    "unknown_site": RefusalKind(422, "There is no site with this code."),
    "unknown_place": RefusalKind(422, "There is no such place at this site."),
    "unknown_channel": RefusalKind(422, "There is no channel with this code."),
    "bad_code": RefusalKind(422, "The code's check digit or form is wrong."),
    "code_taken": RefusalKind(409, "This code names another product at that time."),
    "bad_kit": RefusalKind(422, "A kit is made of at least one stocked product, and not of kits."),
    # Stock.
    "receipt_differs": RefusalKind(409, "A receipt with this reference was booked with other lines."),
    "adjustment_differs": RefusalKind(409, "An adjustment with this reference was booked differently."),
    "transfer_differs": RefusalKind(409, "A transfer with this reference was booked differently."),
    "short_stock": RefusalKind(422, "There is not enough stock."),
    "lot_needed": RefusalKind(422, "This product is tracked by lot: say which."),
    # Orders.
    "order_refused": RefusalKind(422, "The order cannot be taken; `findings` lists why."),
    "order_differs": RefusalKind(409, "An order with this channel and reference exists and differs."),
    "order_step": RefusalKind(409, "The order is past that."),
    "nothing_to_cancel": RefusalKind(409, "Nothing of this can still be cancelled."),
    "unknown_line": RefusalKind(422, "The order has no such line."),
    "hold_exists": RefusalKind(409, "The order has this hold already."),
    "no_such_hold": RefusalKind(409, "The order has no such open hold."),
    "order_held": RefusalKind(409, "The order is on hold."),
    # Files.
    "import_format": RefusalKind(422, "This is no table that can be read; save it as CSV or XLSX."),
    "import_unreadable": RefusalKind(422, "The file is damaged or protected and cannot be read."),
    "import_encoding": RefusalKind(422, "Bytes of the file do not fit the encoding; name the right one."),
    "import_too_large": RefusalKind(413, "The file is larger than an import takes; `what` says in which way."),
    "import_no_header": RefusalKind(422, "There is no row of column names where one is expected."),
    "import_no_sheet": RefusalKind(422, "The workbook has no sheet of this name."),
    "import_columns_missing": RefusalKind(422, "Columns that are needed are not in the file."),
    "import_column_unknown": RefusalKind(422, "There is no field of this name to map a column to."),
    "import_profile_invalid": RefusalKind(422, "The import profile cannot be used; `findings` lists why."),
    "import_profile_unknown": RefusalKind(404, "There is no import profile of this name."),
}


class Refusal(Exception):
    """An expected no. `code` is one of REFUSALS; `facts` are what a caller needs to mend it."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.kind = REFUSALS[code]
        self.code = code
        self.facts = facts

    def __repr__(self) -> str:
        return f"Refusal({self.code!r}, {self.facts!r})"
