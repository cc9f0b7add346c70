"""JSON from outside: read fast when it is right, told in full what is wrong when it is not.

More is refused than by the standard (RFC 8259): duplicate keys, nesting deeper than 32, NUL and halves of
surrogate pairs in texts, anything that is not UTF-8.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain, islice
from math import isinf
from typing import Any, NoReturn, TypeVar

import msgspec

from orderwright.values.findings import Finding, phrased, worded
from orderwright.values.phrases import phrase
from orderwright.values.refusal import Refusal
from orderwright.values.shapes import BAD_TEXT, below, is_closed, shape_findings

BYTES_MAX = 1_000_000
DEPTH_MAX = 32
FINDINGS_MAX = 100

_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_BAD_CHARACTER = re.compile("[\0\ud800-\udfff]")
_ESCAPE = re.compile(rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.", re.DOTALL)
_NO_TEXT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F]..)", re.DOTALL)
_TOO_DEEP = worded("", "too_deep", "Lists and objects may lie {most} deep.", most=DEPTH_MAX)
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode

T = TypeVar("T")


def parse(body: bytes, *, bytes_max: int) -> Any:
    """The body as plain dicts, lists, texts and numbers.

    Refuses too_large(bytes_max), and malformed(findings): at most 100, each with pointer, code and message.
    """
    _check_size(body, bytes_max)
    said = ""
    tree = None
    try:
        tree = _decode(body)
        if _is_faithful(body, tree, is_shallow=False):
            return tree
    except _UNREADABLE as refused:
        said = str(refused)
    _refuse_if_any(_tree_findings(_read_slowly(body)), said)
    return tree


def decode(body: bytes, shape: type[T], *, bytes_max: int = BYTES_MAX) -> T:
    """The body as a `shape` (a msgspec type). Refuses as `parse` does, and for all that does not fit the shape.

    A finding is {"pointer": "/lines/0/quantity", "code": "out_of_range", "message": "Expected `int` >= 1."}.
    """
    _check_size(body, bytes_max)
    said = ""
    try:
        read, is_shallow = _reader_of(shape)
        form: T = read(body)
        if _is_faithful(body, _decode(body), is_shallow):
            return form
    except _UNREADABLE as refused:
        said = str(refused)
    tree = _read_slowly(body)
    _refuse_if_any(chain(_tree_findings(tree), shape_findings(_unread(tree, shape), shape)), said)
    return form


def mended(body: bytes) -> bytes:
    """The body with what no text can hold, NUL and halves of surrogate pairs, made U+0001 wherever it is escaped.

    For lists of what devices read, where one unreadable text must not keep the others from being taken.
    """
    return _ESCAPE.sub(lambda escape: b"\\u0001" if _NO_TEXT.fullmatch(escape[0]) else escape[0], body)


def _unread(tree: Any, shape: Any) -> Any:
    """The tree with `msgspec.Raw` for the members the shape keeps as they came, since any value fits them."""
    if not (isinstance(tree, dict) and isinstance(shape, type) and issubclass(shape, msgspec.Struct)):
        return tree
    raw = {field.encode_name for field in msgspec.structs.fields(shape) if field.type is msgspec.Raw}
    return {name: msgspec.Raw(b"null") if name in raw else part for name, part in tree.items()} if raw else tree


def _make_reader(shape: Any) -> tuple[Callable[[bytes], Any], bool]:
    """How to read a shape, and whether what is read is never too deep."""
    return msgspec.json.Decoder(shape).decode, is_closed(shape)


_reader_of: Callable[[Any], tuple[Callable[[bytes], Any], bool]] = cache(_make_reader)


def _check_size(body: bytes, bytes_max: int) -> None:
    if len(body) > bytes_max:
        raise Refusal("too_large", bytes_max=bytes_max)


def _refuse_if_any(findings: Iterator[Finding], said: str) -> None:
    """Refuses with the findings; without any, with what msgspec `said`, should it know better."""
    found = list(dict.fromkeys(islice(findings, FINDINGS_MAX)))
    if said and not found:
        found = [phrased("", "malformed", phrase("{said}", said=said))]
    if found:
        raise Refusal("malformed", findings=[finding.told() for finding in found])


def _is_faithful(body: bytes, tree: Any, is_shallow: bool) -> bool:
    """Whether nothing of the body was dropped or let through in reading it; False only means "look closer".

    Each colon of a body stands in a text or follows a key. As many colons in the tree written anew means that no
    key was dropped for a later one of the same name, unless an escaped colon made up for it.
    """
    if b"\\" in body and (b"\\u0000" in body or b"\\u003a" in body or b"\\u003A" in body):
        return False
    if not is_shallow and body.count(b"{") + body.count(b"[") > DEPTH_MAX and _is_deep(tree):
        return False
    written: bytes = _encode(tree)
    return written.count(b":") == body.count(b":")


def _is_deep(tree: Any) -> bool:
    level = [tree] if isinstance(tree, (dict, list)) else []
    for _ in range(DEPTH_MAX):
        level = [
            part
            for node in level
            for part in (node.values() if isinstance(node, dict) else node)
            if isinstance(part, (dict, list))
        ]
        if not level:
            return False
    return True


class _Doubled(dict[str, Any]):
    """An object that had keys more than once; the last of each is kept."""

    doubled: list[str]


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = _Doubled(found)
    times = Counter(name for name, _ in pairs)
    doubled.doubled = [name for name in found if times[name] > 1]
    return doubled


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _read_slowly(body: bytes) -> Any:
    """The tree, with objects that had a key twice as `_Doubled`. Refuses malformed when it is no JSON at all."""
    try:
        tree = json.loads(body.decode(), object_pairs_hook=_object_of, parse_constant=_refuse_constant)
        if not _is_deep(tree):
            return tree
        finding = _TOO_DEEP
    except UnicodeDecodeError as bad:
        finding = worded("", "not_utf8", "Byte {position} is not UTF-8.", position=bad.start)
    except json.JSONDecodeError as bad:
        finding = worded("", "not_json", "{said} at character {position}.", said=bad.msg, position=bad.pos)
    except ValueError as bad:
        finding = worded("", "not_json", "{said}.", said=str(bad).partition(";")[0])
    except RecursionError:
        finding = _TOO_DEEP
    raise Refusal("malformed", findings=[finding.told()])


def _tree_findings(tree: Any, pointer: str = "") -> Iterator[Finding]:
    """What no shape may have: a key twice, texts and numbers that cannot be kept."""
    if isinstance(tree, str):
        if _BAD_CHARACTER.search(tree):
            yield phrased(pointer, "bad_text", BAD_TEXT)
    elif isinstance(tree, float):
        if isinf(tree):
            yield Finding(pointer, "out_of_range", "The number is too large.")
    elif isinstance(tree, list):
        for index, part in enumerate(tree):
            yield from _tree_findings(part, f"{pointer}/{index}")
    elif isinstance(tree, dict):
        for name in tree.doubled if isinstance(tree, _Doubled) else ():
            yield Finding(below(pointer, name), "duplicate_key", "This key is there more than once.")
        for name, part in tree.items():
            if _BAD_CHARACTER.search(name):
                yield phrased(below(pointer, name), "bad_text", BAD_TEXT)
            yield from _tree_findings(part, below(pointer, name))
