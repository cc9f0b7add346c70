"""What a fulfilment is, derived from its units."""

from typing import Literal, NamedTuple

FulfilmentState = Literal["planned", "released", "picked", "packed", "shipped", "cancelled"]


class Progress(NamedTuple):
    """Units of a fulfilment by position."""

    allocated: int
    picked: int
    packed: int
    shipped: int


def fulfilment_state(units: Progress, *, is_released: bool) -> FulfilmentState:
    """The least advanced position that still has units decides; without any, it was cancelled."""
    if units.allocated:
        return "released" if is_released else "planned"
    if units.picked:
        return "picked"
    if units.packed:
        return "packed"
    return "shipped" if units.shipped else "cancelled"
