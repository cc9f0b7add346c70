"""Which orders lie near each other, told cheaply: by the aisles they need and how far they go. Pure."""

from collections.abc import Sequence

import numpy as np

_ROWS_AT_ONCE = 256
_SAME_AISLE = 10.0
"""An aisle walked for both against one step further along the cross aisle: that is how long aisles are."""


def nearest(keys: Sequence[int], width: int, count: int) -> list[list[int]]:
    """For each order the `count` orders likely to save most with it, in no special order.

    keys: of each order's stops, `width` bits an aisle, the leftmost aisle lowest. Two orders are near when they need
    the same aisles and go equally far. Compared in strips, so memory grows with the number of orders.
    """
    total = len(keys)
    aisles = max(1, -(-max(key.bit_length() for key in keys) // width))
    needs = np.zeros((total, aisles), dtype=np.float32)
    cells = (1 << width) - 1
    for order, key in enumerate(keys):
        for aisle in range(-(-key.bit_length() // width)):
            if key >> (aisle * width) & cells:
                needs[order, aisle] = 1
    reach = np.array([-(-key.bit_length() // width) for key in keys], dtype=np.float32)
    found: list[list[int]] = []
    for start in range(0, total, _ROWS_AT_ONCE):
        strip = slice(start, min(start + _ROWS_AT_ONCE, total))
        both = np.minimum(reach[strip, None], reach[None, :])
        score = needs[strip] @ needs.T * _SAME_AISLE + both - np.abs(reach[strip, None] - reach[None, :]) / 2
        score[np.arange(score.shape[0]), np.arange(strip.start, strip.stop)] = -np.inf
        # A stable sort, so that ties fall the same way on every machine.
        found += np.argsort(-score, axis=1, kind="stable")[:, : min(count, total - 1)].tolist()
    return found
