"""serve and worker."""

import socket
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from orderwright.doors.cli import here

Hidden = Parameter(show=False)


def serve(
    *, host: str | None = None, port: int | None = None, processes: int | None = None, worker: bool = True
) -> None:
    """Run the API and the worker, until SIGTERM or Ctrl-C.

    It makes the database and the first store if there are none. GET /health/ready answers 200 when orders can
    be taken.

    Example: orderwright serve --port 9000 --processes 2

    Parameters
    ----------
    host
        Where to listen. [127.0.0.1]
    port
        Where to listen; 0 for any that is free. [8080]
    processes
        Serving processes that share the port. [1]
    worker
        Whether the worker runs along; with --no-worker, run `orderwright worker` somewhere.
    """
    from orderwright.doors.serving.tree import run_tree

    ours = here.deployment()
    chosen = ours._replace(
        host=ours.host if host is None else host,
        port=ours.port if port is None else port,
        processes=ours.processes if processes is None else processes,
    )
    run_tree(chosen, with_worker=worker)


def worker(
    *,
    parent: Annotated[int | None, Hidden] = None,
    figures: Annotated[Path | None, Hidden] = None,
) -> None:
    """Run the worker alone: the tasks and schedules of all stores, until SIGTERM or Ctrl-C.

    As many as wanted may run, on as many machines.

    Example: orderwright worker
    """
    from orderwright.doors.serving.work import run_work

    run_work(here.deployment(), here.wiring(), parent=parent, figures_folder=figures)


def api_server(*, listener: int, parent: int, figures: Path) -> None:
    """One serving process of `serve`: it takes over a socket."""
    from orderwright.doors.serving.api import run_api

    run_api(here.deployment(), here.wiring(), socket.socket(fileno=listener), parent, figures)
