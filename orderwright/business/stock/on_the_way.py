"""What of transfers between sites is under way: for who splits an arrival among several dispatches."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from orderwright.business.stock import tables
from orderwright.business.stock.forms import Booked
from orderwright.database.tx import Tx


class OnTheWay(NamedTuple):
    """A dispatch. left: units under way, costs: what one costs in millionths, both by (sku, lot)."""

    id: str
    left: Mapping[tuple[str, str], int]
    costs: Mapping[tuple[str, str], int]


def dispatches_under_way(tx: Tx, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], OnTheWay]:
    """Dispatches by (site they left, reference), those there are; their documents stay locked."""
    found = tables.documents(tx, "transfer_out", keys, lock=True)
    ids = {key: msgspec.json.decode(answer, type=Booked).id for key, (_, answer) in found.items()}
    under_way = tables.under_way(tx, ids.values())
    return {key: OnTheWay(id_, under_way[id_].left, under_way[id_].costs) for key, id_ in ids.items()}
