"""Processes to die: `python -m tests.torture.nursery` makes one for each line it is told, from memory, in no time.

It imports the program once and forks. A child arms the moment it is told (see database/crash.py) and then is
`orderwright serve`'s serving process, or a worker that works until nothing is due. The listener stays with the
parent, as in `serve`, so a caller whose process died waits for the next one.
"""

import importlib
import json
import os
import signal
import socket
import sys
import time
import traceback
from typing import Any, NoReturn

from orderwright.app import wiring
from orderwright.database import crash
from orderwright.database.store import Database
from orderwright.doors.api.routes import all_routes
from orderwright.doors.deployment import Deployment, read_deployment
from orderwright.doors.logs import configure_logs
from orderwright.doors.serving.api import run_api
from orderwright.doors.serving.listening import listen
from orderwright.doors.wiring import Wiring
from orderwright.doors.worker.loop import Worker

WORK_S, DEATH_S = 60.0, 5.0


def main() -> None:
    """Answer every line with a line, until there are no more."""
    configure_logs()
    deployment, wired = read_deployment(), wiring()
    all_routes()  # imported here once instead of in every child
    (listener,) = listen("127.0.0.1", 0, 1)
    _tell({"port": listener.getsockname()[1]})
    serving = 0
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["do"] == "serve":
            serving = _fork(asked, deployment, wired, listener)
            _tell({"pid": serving})
        elif asked["do"] == "work":
            _tell({"code": _end_of(_fork(asked, deployment, wired, listener), WORK_S)})
        else:
            _tell({"code": _end_of(serving, DEATH_S if asked["do"] == "end" else 0.0)})


def _fork(asked: dict[str, Any], deployment: Deployment, wired: Wiring, listener: socket.socket) -> int:
    pid = os.fork()
    if pid == 0:
        _live(asked, deployment, wired, listener)
    return pid


def _live(asked: dict[str, Any], deployment: Deployment, wired: Wiring, listener: socket.socket) -> NoReturn:
    code = 1
    try:
        os.environ[crash.VARIABLE] = asked["crash"]
        importlib.reload(crash)
        if asked["do"] == "serve":
            run_api(deployment, wired, listener, None, None)
        else:
            database = Database(deployment.database_url or "", wired.flows)
            Worker(database.store(asked["store"]), wired.kinds, ()).run_until_idle()
        code = 0
    except BaseException:
        traceback.print_exc()  # to the nursery's log, which a failing test shows
        raise
    finally:
        os._exit(code)


def _end_of(pid: int, patience_s: float) -> int:
    """The exit code of a child; whoever is not dead in time is killed, which is -9."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _tell(told: dict[str, int]) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
