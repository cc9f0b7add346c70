"""call: any route of the API, in this process."""

import sys
from pathlib import Path

from orderwright.doors.cli import BROKEN, REFUSED, here
from orderwright.doors.cli.here import WrongUsage

LINES = ("application/x-ndjson", (".ndjson", ".jsonl"))


def call(method: str, path: str, body: str | None = None, *, key: str | None = None, version: int | None = None) -> int:
    """Call any route of the API: no server is needed and no key, and everything is allowed.

    The answer goes to standard output; a refusal to standard error, with exit code 1.

    Example: orderwright call GET "/v1/orders?state=held&limit=5"

    Parameters
    ----------
    method
        GET, POST, PUT or DELETE.
    path
        The address, with its query.
    body
        JSON; or @FILE to read a file (.ndjson and .jsonl are sent as lines), or - for standard input.
    key
        An Idempotency-Key: the same key and body get the first answer again.
    version
        The version you read: refused when it has changed since.
    """
    from orderwright.doors.api.calling import call_here

    content, content_type = _read(body)
    headers = {b"content-type": content_type.encode()}
    if key is not None:
        headers[b"idempotency-key"] = key.encode()
    if version is not None:
        headers[b"if-match"] = str(version).encode()
    with here.shops() as shops:
        answer = call_here(shops, here.deployment().store, method.upper(), path, content, headers)
    is_refused = answer.status >= 400
    _show(answer.body, sys.stderr if is_refused else sys.stdout)
    return 0 if not is_refused else REFUSED if answer.status < 500 else BROKEN


def _read(body: str | None) -> tuple[bytes, str]:
    if body is None:
        return b"", "application/json"
    if body == "-":
        return sys.stdin.buffer.read(), "application/json"
    if not body.startswith("@"):
        return body.encode(), "application/json"
    path = Path(body[1:])
    try:
        return path.read_bytes(), LINES[0] if path.suffix in LINES[1] else "application/json"
    except OSError as error:
        raise WrongUsage(f"{path} cannot be read: {error.strerror}") from error


def _show(body: bytes, stream: "object") -> None:
    import msgspec

    try:
        text = msgspec.json.format(body, indent=2).decode()
    except msgspec.DecodeError:
        text = body.decode(errors="replace")  # lines, or figures
    print(text.rstrip("\n"), file=stream)  # type: ignore[call-overload]
