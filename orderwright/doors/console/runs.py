"""Work that goes on in the background of a serving process, after its page was answered: files being taken in."""

import asyncio
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from orderwright.doors.logs import told, trace
from orderwright.values.refusal import Refusal

AT_ONCE = 2
"""Files that one process works on at the same time; who brings more is told to come again."""
SOON_S = 0.7
"""For so long the next page waits for it: most files are small."""
_running: "set[asyncio.Future[Any]]" = set()

log = structlog.get_logger(room="console")


def make_room() -> None:
    """Refuses overloaded when too many files are being worked on."""
    if len(_running) >= AT_ONCE:
        raise Refusal("overloaded")


def taken_over(path: Path) -> Path:
    """The same file under a name of our own, which `start` takes off the disk when it was worked on."""
    descriptor, name = tempfile.mkstemp(prefix="orderwright-")
    os.close(descriptor)
    return path.replace(name)


async def start(work: Callable[[], None], kept: Path | None = None) -> None:
    """Do it in a thread of its own, and wait for it a moment at most. What breaks it is logged."""
    task = asyncio.ensure_future(asyncio.to_thread(_work, work, kept))
    _running.add(task)
    task.add_done_callback(_over)
    await asyncio.wait([task], timeout=SOON_S)


def _over(task: "asyncio.Future[Any]") -> None:
    """What broke it is in the log, and its import says that it failed; nobody else waits for it."""
    _running.discard(task)
    if not task.cancelled():
        task.exception()


def _work(work: Callable[[], None], kept: Path | None) -> None:
    try:
        work()
    except Refusal as refusal:
        log.info("import_refused", code=refusal.code)
    except Exception as error:
        log.error("import_failed", error=told(error), trace=trace(error))
        raise
    finally:
        if kept is not None:
            kept.unlink(missing_ok=True)
