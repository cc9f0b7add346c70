"""Splitting a stream into the items of a batch: one JSON a line, or the elements of one JSON list."""

from collections.abc import AsyncIterator, Iterable

import msgspec

from orderwright.doors.api.bodies import BODY_BYTES_MAX
from orderwright.values.findings import worded
from orderwright.values.refusal import Refusal

Item = bytes | Refusal
"""An item as it came, or why it could not even be cut out."""


async def lines_of(pieces: AsyncIterator[bytes]) -> AsyncIterator[Item]:
    """Lines of at most BODY_BYTES_MAX; blank ones are passed over, longer ones are refused each by itself."""
    rest = b""
    is_skipping = False
    async for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            if is_skipping or len(line) > BODY_BYTES_MAX:
                is_skipping = False
                yield Refusal("too_large", bytes_max=BODY_BYTES_MAX)
            elif line.strip():
                yield line
        if len(rest) > BODY_BYTES_MAX:
            is_skipping, rest = True, b""
    if is_skipping:
        yield Refusal("too_large", bytes_max=BODY_BYTES_MAX)
    elif rest.strip():
        yield rest


def elements_of(body: bytes) -> list[Item]:
    """The elements of a JSON list, not yet looked into. Refuses malformed when it is no list."""
    try:
        return [bytes(each) for each in msgspec.json.decode(body, type=list[msgspec.Raw])]
    except (msgspec.DecodeError, RecursionError, ValueError) as wrong:
        finding = worded("", "no_list", "A batch is a JSON list, or one JSON a line: {said}", said=str(wrong))
        raise Refusal("malformed", findings=[finding.told()]) from None


async def each_of(items: Iterable[Item]) -> AsyncIterator[Item]:
    """Items that are here already, as a stream."""
    for item in items:
        yield item
