"""The search as plain Python, or compiled when numba is installed; both give the same answers."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from orderwright.business.routing.batch import search
from orderwright.business.routing.batch.grid import Ints


class Engine(NamedTuple):
    """The two entrances of the search, and what turns an array into the sequence they want."""

    settle: Callable[..., int]
    improve: Callable[..., int]
    sequence: Callable[[Ints], Any]


@cache
def engine() -> Engine:
    """Compiled by numba where it can be imported: the first call on a machine then takes some seconds."""
    try:
        from numba import njit
        from numba.extending import register_jitable
    except ImportError:
        return Engine(search.settle, search.improve, np.ndarray.tolist)
    for part in search.PARTS:
        register_jitable(part)
    try:
        return Engine(njit(cache=True)(search.settle), njit(cache=True)(search.improve), np.ascontiguousarray)
    except RuntimeError:  # no folder where the compiled code could be kept
        return Engine(njit(search.settle), njit(search.improve), np.ascontiguousarray)
