"""What of transfers between sites is under way: for who splits an arrival among several dispatches."""

from collections.abc import Sequence

import msgspec

from orderwright.business.stock import tables
from orderwright.business.stock.forms import Booked
from orderwright.database.tx import Tx


def left_of_dispatches(tx: Tx, keys: Sequence[tuple[str, str]]) -> dict[str, dict[tuple[str, str], int]]:
    """Units under way by (sku, lot), by the reference of their dispatch; keys: (site it left, reference), locked."""
    found = tables.documents(tx, "transfer_out", keys, lock=True)
    ids = {reference: msgspec.json.decode(answer, type=Booked).id for (_, reference), (_, answer) in found.items()}
    under_way = tables.under_way(tx, ids.values())
    return {reference: under_way[id_].left for reference, id_ in ids.items()}
