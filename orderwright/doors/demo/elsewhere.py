"""The crew in a process of its own: the floor's Python and the office's then run at the same time."""

import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from typing import Literal

from orderwright.database.store import Store
from orderwright.doors.demo.floor import Crew, Floor
from orderwright.doors.demo.people import People
from orderwright.doors.demo.steps import Step

Opening = Callable[[], AbstractContextManager[Store]]
ENDS_S = 30.0
"""So long the crew may take to end what it is at, when it is sent home."""


@contextmanager
def crew_elsewhere(opening: Opening, people: People) -> Iterator[Floor | None]:
    """A crew in a process forked from this one, with connections of its own; None where processes cannot be forked.

    To be entered while this process has no threads and no connections yet.
    """
    if sys.platform != "linux":
        yield None
        return
    forking = multiprocessing.get_context("fork")
    ours, theirs = forking.Pipe()
    process = forking.Process(target=_serve, args=(theirs, ours, opening, people), name="crew", daemon=True)
    process.start()
    theirs.close()
    try:
        yield _Elsewhere(ours)
    finally:
        ours.close()
        process.join(ENDS_S)


class _Elsewhere:
    """Asks the crew over a pipe, and waits for it."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def look(self, step: Step) -> None:
        """See what there is to do at a stop, before anybody begins."""
        self._ask("look", step)

    def work(self, step: Step) -> None:
        """Do what was seen."""
        self._ask("work", step)

    def _ask(self, what: Literal["look", "work"], step: Step) -> None:
        try:
            self._pipe.send((what, step))
            error = self._pipe.recv()
        except (EOFError, OSError) as gone:
            raise RuntimeError("the process of the demo's crew ended") from gone
        if error is not None:
            raise error


def _serve(pipe: Connection, others_end: Connection, opening: Opening, people: People) -> None:
    """Work until the other end of the pipe is closed, as it is too when who asks is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks hears it, and sends the crew home
    others_end.close()
    with opening() as store:
        crew = Crew(store, people)
        while True:
            try:
                what, step = pipe.recv()
            except EOFError:
                return
            pipe.send(_error_of(partial(crew.look if what == "look" else crew.work, step)))


def _error_of(work: Callable[[], None]) -> BaseException | None:
    # By a future, since it keeps any error: to be raised again where the work was asked for.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).exception()
