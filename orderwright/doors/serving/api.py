"""One serving process: the API on a socket its parent listens at."""

import asyncio
import contextlib
import gc
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import uvicorn
import uvloop

from orderwright.database.cluster import locate_database
from orderwright.database.store import Database
from orderwright.doors.api.house import House
from orderwright.doors.api.routes import all_routes
from orderwright.doors.deployment import Deployment
from orderwright.doors.figures import Figures
from orderwright.doors.logs import configure_logs
from orderwright.doors.serving.building import make_app
from orderwright.doors.serving.parent import watch_parent
from orderwright.doors.serving.protocol import BoundedProtocol
from orderwright.doors.serving.shared_figures import share
from orderwright.doors.shops import Shops
from orderwright.doors.wiring import Wiring

FINISH_S = 15
"""After SIGTERM, requests that were accepted have so long to finish."""
SWITCH_S = 0.001
"""A thread may compute so long while another waits: of Python's own 5 ms a few in a row are felt by who scans."""
IDLE_S = 75
"""For so long a connection may wait for its next request."""


class Config(uvicorn.Config):
    """uvicorn's, with the house that is served."""

    house: House


class Server(uvicorn.Server):
    """uvicorn's server, stopped by us alone."""

    config: Config

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are ours: SIGTERM stops, and Ctrl-C is the parent's business."""
        yield

    def stop(self) -> None:
        """Finish what was accepted, then end."""
        self.config.house.is_stopping = True
        self.should_exit = True


def run_api(
    deployment: Deployment, wiring: Wiring, listener: socket.socket, parent: int | None, figures_folder: Path | None
) -> None:
    """Serve until SIGTERM, or until the parent is gone."""
    configure_logs()
    sys.setswitchinterval(SWITCH_S)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _allow_connections()
    with locate_database(deployment).open() as cluster:
        shops = Shops(
            Database(cluster.dsn, wiring.flows, keeps_plans=True, key_file=deployment.key_file),
            deployment.store_settings,
        )
        uvloop.run(_serve(shops, wiring, deployment.store, listener, parent, figures_folder))


def _allow_connections() -> None:
    """Many systems allow a process 1,024 open files; connections are such, and the hard limit is ours to use."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _serve(
    shops: Shops,
    wiring: Wiring,
    store: str,
    listener: socket.socket,
    parent: int | None,
    figures_folder: Path | None,
) -> None:
    loop = asyncio.get_running_loop()
    figures = Figures()
    house = House(shops, figures, all_routes(), store)
    house.kinds, house.checkouts = wiring.kinds, wiring.checkouts
    house.others = share(figures, figures_folder)
    server = Server(config_of(house))
    loop.add_signal_handler(signal.SIGTERM, server.stop)
    watch_parent(parent, server.stop)
    # What is here now stays for good: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    await server.serve([listener])
    await loop.run_in_executor(None, house.close)


def config_of(house: House) -> Config:
    """How uvicorn serves the house."""
    config = Config(
        make_app(house), http=BoundedProtocol, ws="none", lifespan="off", loop="none", log_config=None,
        access_log=False, proxy_headers=False, server_header=False, timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=FINISH_S,
    )  # fmt: skip
    config.house = house
    return config
