"""The packing search as plain Python, or compiled when numba is installed; equal starts give equal answers."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from orderwright.business.warehouse.cartons import search

STARTS_PLAIN = 120
STARTS_COMPILED = 1500


class Engine(NamedTuple):
    """The two entrances of the search, what turns a list into the sequence they want, and a start budget.

    starts: how many a carton deserves for a usual order (12 units) in the 10 ms a packer does not notice.
    """

    fill_whole: Callable[..., int]
    fill_most: Callable[..., int]
    sequence: Callable[[Sequence[int]], Any]
    starts: int


@cache
def engine(compiled: bool = True) -> Engine:
    """Compiled by numba where it can be imported: the first call on a machine then takes some seconds."""
    plain = Engine(search.fill_whole, search.fill_most, list, STARTS_PLAIN)
    if not compiled:
        return plain
    try:
        import numpy as np
        from numba import njit
        from numba.extending import register_jitable
    except ImportError:
        return plain
    for part in search.PARTS:
        register_jitable(part)

    def array(values: Sequence[int]) -> Any:
        return np.array(values, dtype=np.int64)

    try:
        return Engine(njit(cache=True)(search.fill_whole), njit(cache=True)(search.fill_most), array, STARTS_COMPILED)
    except RuntimeError:  # no folder where the compiled code could be kept
        return Engine(njit(search.fill_whole), njit(search.fill_most), array, STARTS_COMPILED)
