"""Tables on their way to a browser: written to disk by a thread, sent as they grow; nothing of them waits in memory."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

from orderwright.doors.tables import TooManyRows
from orderwright.values.refusal import Refusal

AT_ONCE = 2
"""Tables one process writes at the same time; who asks for more is told to come again."""
PIECE_BYTES = 1 << 16
LOOK_EVERY_S = 0.05
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_writing: set[str] = set()


async def table_pieces(ending: str, write: Callable[[Path], int]) -> AsyncIterator[bytes]:
    """The bytes of a table that `write` writes to a file. A CSV comes as it is written, a workbook when it is whole.

    Refuses overloaded, and too_large what no sheet holds.
    """
    if len(_writing) >= AT_ONCE:
        raise Refusal("overloaded")
    with tempfile.TemporaryDirectory(prefix="orderwright-") as folder:
        path = Path(folder) / f"table.{ending}"
        _writing.add(folder)
        writing = asyncio.ensure_future(asyncio.to_thread(write, path))
        try:
            async for piece in _growing(path, writing, is_whole_only=ending == "xlsx"):
                yield piece
        except TooManyRows:
            raise Refusal("too_large") from None
        finally:
            with suppress(Exception):
                await asyncio.shield(writing)  # the thread goes on until it is done, also for who left
            _writing.discard(folder)


async def _growing(path: Path, writing: "asyncio.Future[int]", *, is_whole_only: bool) -> AsyncIterator[bytes]:
    at = 0
    while True:
        is_done = writing.done()
        if is_done:
            writing.result()
        if path.exists() and (is_done or not is_whole_only):
            with path.open("rb") as file:
                file.seek(at)
                while piece := file.read(PIECE_BYTES):
                    at += len(piece)
                    yield piece
        if is_done:
            return
        await asyncio.sleep(LOOK_EVERY_S)
