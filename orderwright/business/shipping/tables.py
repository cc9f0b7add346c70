"""Labels as rows."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.ids import new_ids


class LabelRow(NamedTuple):
    """A label to be written."""

    parcel_id: str
    intent_id: str
    carrier: str
    tracking_code: str
    cost_minor: int
    currency: str
    content: str


def insert_labels(tx: Tx, labels: Sequence[LabelRow]) -> None:
    """Write live labels; their locked parcels carry them."""
    if not labels:
        return
    tx.copy(
        "label",
        "id, parcel_id, intent_id, carrier, tracking_code, cost_minor, currency, content, state, made_at",
        [(id_, *each, "live", tx.now) for id_, each in zip(new_ids(len(labels)), labels, strict=True)],
    )
    tx.write(
        """
        UPDATE parcel p SET state = 'labelled', carrier = n.carrier, tracking_code = n.tracking_code,
               labelled_at = %(now)s, version = p.version + 1
        FROM unnest(%(ids)s::uuid[], %(carriers)s::text[], %(codes)s::text[]) AS n(id, carrier, tracking_code)
        WHERE p.id = n.id
        """,
        now=tx.now, ids=array(each.parcel_id for each in labels), carriers=array(each.carrier for each in labels),
        codes=array(each.tracking_code for each in labels),
    )  # fmt: skip


def void_labels(tx: Tx, parcel_ids: Iterable[str]) -> None:
    """The live labels of locked parcels are void; the parcels carry none."""
    ids = array(sorted(set(parcel_ids)))
    tx.write("UPDATE label SET state = 'void' WHERE parcel_id = ANY(%(ids)s::uuid[]) AND state = 'live'", ids=ids)
    tx.write(
        "UPDATE parcel SET state = 'packed', carrier = NULL, tracking_code = NULL, labelled_at = NULL,"
        " version = version + 1 WHERE id = ANY(%(ids)s::uuid[])",
        ids=ids,
    )
