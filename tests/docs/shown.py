"""Whether an answer is what a page shows, where ids, times and keys differ each time.

In what a page shows, `...` stands for anything: within a text for some characters, as a value for any value,
among the members of an object or the items of a list for more of them, alone on a line for more lines. JSON is
compared as JSON, so pages may wrap it.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

PLACEHOLDERS = {
    "<id>": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "<time>": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z",
    "<date>": r"\d{4}-\d\d-\d\d",
    "<prefix>": r"[0-9a-f]{12}",
    "<hash>": r"[0-9a-f]{64}",
    "...": r".*",
}
_ANY = "\u2026"
_PARTS = re.compile("(" + "|".join(re.escape(each) for each in PLACEHOLDERS) + ")")
_JSON_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|\.\.\.|[\[\]{}:,]|[^\s\[\]{}:,".]+|\s+|.', re.DOTALL)


def differences(shown: str, came: str) -> list[str]:
    """Where an answer is not what is shown; nothing when it is."""
    try:
        expected = json.loads(_without_gaps(shown))
    except json.JSONDecodeError:
        return [] if _lines_fit(shown, came) else [f"shown:\n{shown}\ncame:\n{came}"]
    try:
        return list(_compare(expected, json.loads(came), "answer"))
    except json.JSONDecodeError:
        return [f"shown is JSON; this came:\n{came}"]


def _lines_fit(shown: str, came: str) -> bool:
    lines = [r"(?s:.*)" if line.strip() == "..." else _pattern(line.rstrip()) for line in shown.splitlines()]
    return re.fullmatch("\n".join(lines), "\n".join(line.rstrip() for line in came.splitlines())) is not None


def _pattern(text: str) -> str:
    return "".join(PLACEHOLDERS.get(part, re.escape(part)) for part in _PARTS.split(text))


def _without_gaps(shown: str) -> str:
    """JSON with each bare `...` made a value, an item or a member that `_compare` knows."""
    pieces, inside, before = [], [], ""
    for part in _JSON_PARTS.findall(shown):
        if part == "...":
            part = f'"{_ANY}":0' if inside[-1:] == ["{"] and before != ":" else f'"{_ANY}"'
        elif part in ("{", "["):
            inside.append(part)
        elif part in ("}", "]") and inside:
            inside.pop()
        before = before if part.isspace() else part
        pieces.append(part)
    return "".join(pieces)


def _compare(expected: Any, came: Any, at: str) -> Iterator[str]:
    if expected == _ANY:
        return
    if isinstance(expected, dict) and isinstance(came, dict):
        yield from _compare_members(expected, came, at)
    elif isinstance(expected, list) and isinstance(came, list):
        yield from _compare_items(expected, came, at)
    elif isinstance(expected, str) and isinstance(came, str):
        if not re.fullmatch(_pattern(expected), came, re.DOTALL):
            yield f"{at}: shown {expected!r}, came {came!r}"
    elif expected != came or type(expected) is not type(came):
        yield f"{at}: shown {expected!r}, came {came!r}"


def _compare_members(expected: dict[str, Any], came: dict[str, Any], at: str) -> Iterator[str]:
    names = [name for name in expected if name != _ANY]
    for name in names:
        if name in came:
            yield from _compare(expected[name], came[name], f"{at}.{name}")
        else:
            yield f"{at}.{name}: shown, did not come"
    if len(names) == len(expected):
        yield from (f"{at}.{name}: came as {came[name]!r}, is not shown" for name in came if name not in expected)


def _compare_items(expected: list[Any], came: list[Any], at: str) -> Iterator[str]:
    is_cut = expected[-1:] == [_ANY]
    items = expected[:-1] if is_cut else expected
    if len(came) < len(items) or (len(came) > len(items) and not is_cut):
        yield f"{at}: {len(items)} items are shown, {len(came)} came"
    for number, (item, there) in enumerate(zip(items, came, strict=False)):
        yield from _compare(item, there, f"{at}[{number}]")
