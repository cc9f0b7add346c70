"""The number of each carton: an SSCC of the shop's own, given once when the parcel is packed.

Source: GS1 General Specifications 24.0, 2.2.1 (structure) and 4.6 (no number again for at least a year; here never).
"""

from typing import Annotated, Any

from msgspec import Meta

from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx
from orderwright.values.codes import sscc

COMPANY_PREFIX: Setting[str] = Setting(
    "shipping.gs1_company_prefix",
    Annotated[str, Meta(pattern=r"^([0-9]{4,12})?$")],
    "",
    "The 4 to 12 digits GS1 gave the shop: parcels get an SSCC of them. Empty: parcels get none.",
)
SETTINGS: tuple[Setting[Any], ...] = (COMPANY_PREFIX,)

_DIGITS = 17
"""Of an SSCC without its check digit: the extension, the prefix, the serial."""


def sscc_at(company_prefix: str, number: int) -> str | None:
    """The SSCC that is number 0, 1, 2, ... of a prefix: extension digit 0 is used up first. None beyond the last."""
    serials = 10 ** (_DIGITS - 1 - len(company_prefix))
    extension, serial = divmod(number, serials)
    return None if extension > 9 else sscc(extension, company_prefix, serial)


def next_ssccs(tx: Tx, count: int) -> list[str | None]:
    """Fresh SSCCs, in order; None without a company prefix, or once its numbers are used up."""
    prefix = value_of(tx, COMPANY_PREFIX)
    if not prefix or not count:
        return [None] * count
    # The series stays locked until the transaction ends; packers of one writer share a transaction.
    row: Any = tx.row(
        "INSERT INTO sscc_series AS s (company_prefix, next) VALUES (%(prefix)s, %(count)s)"
        " ON CONFLICT (company_prefix) DO UPDATE SET next = s.next + excluded.next RETURNING next",
        prefix=prefix, count=count,
    )  # fmt: skip
    return [sscc_at(prefix, number) for number in range(row.next - count, row.next)]
