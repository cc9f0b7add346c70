"""What carriers answered to what was asked of them last: for those who wait for it."""

from typing import Any

import msgspec

from orderwright.business.shipping.forms import ParcelNow
from orderwright.business.shipping.labels import BUY, VOID
from orderwright.database import intents
from orderwright.database.tx import Tx
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal


def find_label_outcome(tx: Tx, parcel_id: str) -> ParcelNow | None:
    """The parcel with the label asked for last, or None while it is being bought.

    Raises Refusal not_found, and label_refused (said) when the carrier would not take the parcel on.
    """
    return _outcome(tx, parcel_id, BUY, "label_refused")


def find_void_outcome(tx: Tx, parcel_id: str) -> ParcelNow | None:
    """The parcel after its label was asked to be taken back, or None while that is being asked.

    Raises Refusal not_found, and void_refused (said) when the carrier would not: the label stays live.
    """
    return _outcome(tx, parcel_id, VOID, "void_refused")


def _outcome(tx: Tx, parcel_id: str, kind: str, refusal: str) -> ParcelNow | None:
    row: Any = is_id(parcel_id) and tx.row(
        """
        SELECT p.id::text, p.number, p.state, p.weight_g, p.carrier, p.tracking_code, i.state AS asked, i.answer
        FROM parcel p LEFT JOIN LATERAL (SELECT state, answer FROM intent WHERE subject = p.id AND kind = %(kind)s
                                         ORDER BY id DESC LIMIT 1) i ON true
        WHERE p.id = %(id)s
        """,
        id=parcel_id, kind=kind,
    )  # fmt: skip
    if not row:
        raise Refusal("not_found", parcel_id=parcel_id)
    if row.asked in intents.OPEN:
        return None
    if row.asked == "failed":
        raise Refusal(refusal, number=row.number, said=_said(row.answer))
    return ParcelNow(row.id, row.number, row.state, row.weight_g, row.carrier, row.tracking_code)


def _said(answer: str | None) -> str:
    told = msgspec.json.decode(answer or "{}")
    return str(told["said"]) if isinstance(told, dict) and "said" in told else str(told)
