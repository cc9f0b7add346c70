"""A tiny HTTP client for tests: what came back, exactly."""

import http.client
import json
import socket
from collections.abc import Mapping
from typing import Any, NamedTuple


class Reply(NamedTuple):
    """An answer off the wire."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def code(self) -> str:
        """The code of a problem document."""
        assert self.headers["content-type"] == "application/problem+json", self.content
        return str(self.json["code"])


class Client:
    """Calls one server with one key. A body that is not bytes is sent as JSON."""

    def __init__(self, port: int, key: str | None = None) -> None:
        self.port = port
        self.key = key

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """One request. Header names are given with underscores: idempotency_key="k"."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key is not None:
            sent.setdefault("authorization", f"Bearer {self.key}")
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            sent.setdefault("content-type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def raw(self, sent: bytes, seconds: float = 10) -> bytes:
        """Send bytes as they are; everything that comes back until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as wire:
            wire.sendall(sent)
            pieces = []
            while piece := wire.recv(65_536):
                pieces.append(piece)
            return b"".join(pieces)
