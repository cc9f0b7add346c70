"""Boxes as seen from above the front right corner: where their corners fall on paper, and what hides what."""

from collections.abc import Sequence
from typing import NamedTuple

Point = tuple[int, int]
COS_30_PERMILLE = 866


class Solid(NamedTuple):
    """A box in mm: x to the right, y to the front, z up."""

    x: int
    y: int
    z: int
    length: int
    width: int
    height: int


class Faces(NamedTuple):
    """The three faces one sees, as corners on paper."""

    top: tuple[Point, ...]
    front: tuple[Point, ...]
    right: tuple[Point, ...]


def seen(x: int, y: int, z: int) -> Point:
    """A point in isometric projection: mm on paper to the right and down from the back left bottom corner."""
    return (x - y) * COS_30_PERMILLE // 1000, (x + y) // 2 - z


def faces(box: Solid) -> Faces:
    """Top, front and right side of a box on paper."""
    x, y, z, length, width, height = box
    right, front, top = x + length, y + width, z + height
    return Faces(
        (seen(x, y, top), seen(right, y, top), seen(right, front, top), seen(x, front, top)),
        (seen(x, front, z), seen(right, front, z), seen(right, front, top), seen(x, front, top)),
        (seen(right, y, z), seen(right, front, z), seen(right, front, top), seen(right, y, top)),
    )


def back_to_front(boxes: Sequence[Solid]) -> list[int]:
    """Indices in an order of painting: what lies behind, left of or below another first.

    Three boxes can hide each other in a ring; then the one furthest back begins.
    """
    left = set(range(len(boxes)))
    order: list[int] = []
    while left:
        free = [at for at in left if not any(_hides(boxes[at], boxes[other]) for other in left if other != at)]
        chosen = min(free or left, key=lambda at: (sum(boxes[at][:3]), at))
        left.discard(chosen)
        order.append(chosen)
    return order


def _hides(one: Solid, other: Solid) -> bool:
    """Whether one must be painted after another: it lies in front, to the right or above, and nowhere the reverse."""
    in_front = one.y >= other.y + other.width or one.x >= other.x + other.length or one.z >= other.z + other.height
    behind = other.y >= one.y + one.width or other.x >= one.x + one.length or other.z >= one.z + one.height
    return in_front and not behind
