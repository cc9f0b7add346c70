"""Listening at an address with several sockets, one for each serving process."""

import http.client
import socket
import time
from urllib.parse import urlsplit

BACKLOG = 2048
BUSY_S = 3.0
"""For so long an address that is taken is tried again: those before us may be about to leave."""


class AddressTaken(Exception):
    """The address cannot be listened at; `str()` of it is what people read."""


def listen(host: str, port: int, count: int) -> list[socket.socket]:
    """`count` sockets that listen at the same address; the system spreads connections over them.

    The parent of the serving processes keeps all of them open, so while one process is being replaced the
    callers of its socket wait instead of being turned away. Raises AddressTaken.
    """
    first = _patient(host, port)
    sockets = [first]
    for _ in range(count - 1):
        sockets.append(_bound(host, first.getsockname()[1]))
    for each in sockets:
        each.listen(BACKLOG)
    return sockets


def address_of(listener: socket.socket) -> str:
    """Where a listener is reached, as a URL."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_ready(address: str) -> bool:
    """Whether orders can be taken there."""
    parts = urlsplit(address)
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    host = parts.hostname or ""
    connection = http.client.HTTPConnection(everywhere.get(host, host), parts.port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _patient(host: str, port: int) -> socket.socket:
    until = time.monotonic() + BUSY_S
    while True:
        try:
            _refuse_taken(host, port)
            return _bound(host, port)
        except OSError as error:
            if time.monotonic() > until:
                raise AddressTaken(
                    f"Cannot listen at {host} port {port}: {error.strerror}. "
                    "Choose another with --port, or stop what listens there."
                ) from error
            time.sleep(0.1)


def _refuse_taken(host: str, port: int) -> None:
    """SO_REUSEPORT would let a second `serve` share the port of a first; binding without it does not."""
    with socket.socket(_family(host), socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind((host, port))


def _bound(host: str, port: int) -> socket.socket:
    bound = socket.socket(_family(host), socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((host, port))
    return bound


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
