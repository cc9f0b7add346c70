"""uvicorn's HTTP protocol with the limits it leaves to a proxy: big heads, slow senders, connections."""

import asyncio

import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from orderwright.doors.api.problem import CONTENT_TYPE, document
from orderwright.values.refusal import Refusal

HEAD_BYTES_MAX = 65_536
CONNECTIONS_MAX = 2_000
CONNECT_S = 10.0
"""After connecting, the first request must begin within this."""
ARRIVE_S = 30.0
ARRIVE_BYTES_PER_S_MIN = 1_000
"""Each ARRIVE_S, a request that is not all here yet must have brought this much for each second."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection. What cannot be read as HTTP is answered with a problem document too."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Turn the caller away when there are too many, or wait for it to say something."""
        super().connection_made(transport)
        self._is_in_head = self._is_arriving = False
        self._head_bytes = self._arrived_bytes = 0
        self._timer: asyncio.TimerHandle | None = self.loop.call_later(CONNECT_S, transport.close)
        if len(self.connections) > CONNECTIONS_MAX:
            self._refuse(Refusal("overloaded"))

    def data_received(self, data: bytes) -> None:
        """Read on. A request that is all here at once, as most are, costs no timer."""
        super().data_received(data)
        if self._is_arriving:
            self._arriving(len(data))
        elif self._timer is not None:
            self._stop_waiting()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._stop_waiting()
        self._is_in_head = self._is_arriving = True
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        """Its head is here."""
        self._is_in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of it is here."""
        self._is_arriving = False
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more to wait for."""
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP."""
        self._refuse(Refusal("bad_http"))

    def _arriving(self, count: int) -> None:
        self._arrived_bytes += count
        if self._is_in_head:
            self._head_bytes += count
            if self._head_bytes > HEAD_BYTES_MAX:
                return self._refuse(Refusal("bad_http", head_bytes_max=HEAD_BYTES_MAX))
        if self._timer is None:
            self._wait()
        return None

    def _wait(self) -> None:
        self._arrived_bytes = 0
        self._timer = self.loop.call_later(ARRIVE_S, self._look)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        """Whether what arrives comes fast enough. While we do not read (it is being worked on), it need not."""
        self._timer = None
        if not self._is_arriving or self.transport.is_closing():
            return
        if self.flow.read_paused or self._arrived_bytes >= ARRIVE_S * ARRIVE_BYTES_PER_S_MIN:
            self._wait()
        elif self.cycle is None or self._is_in_head or self.cycle.response_started:
            self.transport.close()
        else:
            self._refuse(Refusal("too_slow", bytes_per_second_min=ARRIVE_BYTES_PER_S_MIN))

    def _refuse(self, refusal: Refusal) -> None:
        if self.transport.is_closing():
            return
        body = msgspec.json.encode(document(refusal))
        head = b"content-type: %b\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % (CONTENT_TYPE, len(body))
        self.transport.write(STATUS_LINE[refusal.kind.status] + head + body)
        self.transport.close()
