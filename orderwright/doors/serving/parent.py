"""A child watches its parent through a pipe: however the parent ends, the pipe ends with it."""

import os
import threading
from collections.abc import Callable

GRACE_S = 20.0
"""For so long an orphan may finish what it accepted."""


def watch_parent(pipe: int | None, on_gone: Callable[[], None]) -> None:
    """Call `on_gone`, from a thread, when the other end of the pipe closes; an orphan that lingers is ended."""
    if pipe is None:
        return

    def wait() -> None:
        while os.read(pipe, 1):
            pass  # the parent writes nothing; reading ends when it does
        on_gone()
        threading.Timer(GRACE_S, os._exit, [1]).start()

    threading.Thread(target=wait, name="parent", daemon=True).start()
