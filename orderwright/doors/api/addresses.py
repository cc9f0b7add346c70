"""Which routes an address has: by its path as it came, whose parts may hold any character, encoded."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from orderwright.doors.api import perform
from orderwright.values.codes import text_problem

PART_MAX = 64
"""Codes, numbers, ids and tokens in a path are at most this long."""


class Address(NamedTuple):
    """One path and its routes by method; HEAD is answered as GET without a body."""

    path: str
    routes: Mapping[str, Any]


class Addresses:
    """All addresses of some routes (whatever has a method and a path). Fixed paths go before varying ones."""

    def __init__(self, routes: Iterable[Any]) -> None:
        by_path: dict[str, dict[str, Any]] = {}
        for route in routes:
            by_path.setdefault(route.path, {})[route.method] = route
            if route.method == "GET":
                by_path[route.path]["HEAD"] = route
        self._fixed = {path: Address(path, each) for path, each in by_path.items() if "{" not in path}
        self._varying = [(path.split("/"), Address(path, each)) for path, each in by_path.items() if "{" in path]
        self._varying.sort(key=lambda pair: pair[1].path.count("{"))

    def find(self, path: str) -> tuple[Address, Mapping[str, str]] | None:
        """The address of an encoded path, and its varying parts by name. Refuses malformed (bad_path)."""
        address = self._fixed.get(path)
        if address is not None:
            return address, {}
        parts = path.split("/")
        for template, address in self._varying:
            if len(template) == len(parts) and all(_fits(*pair) for pair in zip(template, parts, strict=True)):
                return address, _read(template, parts)
        return None


def _fits(wanted: str, part: str) -> bool:
    return bool(part) if wanted.startswith("{") else wanted == part


def _read(template: Sequence[str], parts: Sequence[str]) -> dict[str, str]:
    return {
        wanted[1:-1]: _text(wanted, part)
        for wanted, part in zip(template, parts, strict=True)
        if wanted.startswith("{")
    }


def _text(name: str, part: str) -> str:
    try:
        text = unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        text = "\0"
    if len(text) > PART_MAX or text_problem(text) is not None:
        raise perform.malformed(
            name, "bad_path", "It has more than {most} characters, or some that no text has.", most=PART_MAX
        )
    return text
