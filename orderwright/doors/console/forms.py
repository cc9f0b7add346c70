"""Forms as browsers send them: from names and texts to the JSON the API takes.

A field is named by its JSON pointer without the first slash, `lines/0/quantity`, so what is wrong with it is found
under the same name. Fields left empty are left out; so are the entries of a list in which nothing is written.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

import msgspec

from orderwright.doors.api.bodies import Headers
from orderwright.values.codes import text_problem
from orderwright.values.findings import FindingTold
from orderwright.values.forms import Amount, Decimal
from orderwright.values.phrases import Phrase
from orderwright.values.refusal import Refusal

FIELDS_MAX = 5_000
CSRF = "csrf"
ONCE = "once"
VERSION = "version"
OURS = (CSRF, ONCE, VERSION)
"""Hidden fields of every form: where it comes from, which sending of it this is, and what was read before."""
CONTENT_TYPE = b"application/x-www-form-urlencoded"
_WHOLE = re.compile(r"-?[0-9]{1,11}")
_BY_COMMAS = re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+[.][0-9]+")
_BY_POINTS = re.compile(r"-?[1-9][0-9]{0,2}([.][0-9]{3})+,[0-9]+")
_EITHER = re.compile(r"-?[1-9][0-9]{0,2},[0-9]{3}")


def fields_of(headers: Headers, body: bytes) -> dict[str, str]:
    """The fields of a form by name. Of two with one name the last counts. Refuses unsupported_media, malformed."""
    kind = headers.get(b"content-type", CONTENT_TYPE).partition(b";")[0].strip().lower()
    if kind != CONTENT_TYPE:
        raise Refusal("unsupported_media", types=[CONTENT_TYPE.decode()])
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MAX)
    except (UnicodeDecodeError, ValueError):
        finding = {"pointer": "", "code": "bad_form", "message": "This is no form that can be read."}
        raise Refusal("malformed", findings=[finding]) from None
    return {name: text.replace("\r\n", "\n") for name, text in pairs}


def tree_of(fields: Mapping[str, str], *, is_mended: bool = False) -> dict[str, Any]:
    """What was written, as the names of the fields say: lists where parts are numbers. Refuses malformed.

    is_mended: texts may hold what devices read; NUL, which no text can hold, is made U+0001.
    """
    tree: dict[str, Any] = {}
    for name, text in fields.items():
        if name in OURS or not text.strip():
            continue
        if is_mended:
            text = text.replace("\0", "\1")
        elif text_problem(text.replace("\n", " ").replace("\t", " ")) is not None:
            finding = {"pointer": f"/{name}", "code": "bad_text", "message": "It holds characters no text has."}
            raise Refusal("malformed", findings=[finding])
        _put(tree, name.split("/"), text.strip())
    tree = {name: _listed(part) for name, part in tree.items()}
    return tree


def body_of(tree: Any, shape: Any) -> bytes:
    """The JSON of a form for a deed that takes `shape`: texts become the numbers and switches they stand for."""
    return b"" if shape is None else msgspec.json.encode(_fitted(tree, shape))


def findings_by_field(refusal: Refusal) -> dict[str, list[str | Phrase]]:
    """What a refusal finds wrong, by name of field; what names none stands under ""."""
    found: dict[str, list[str | Phrase]] = {}
    for each in refusal.facts.get("findings", ()):
        found.setdefault(str(fields_told(each).get("pointer", "")).lstrip("/?"), []).append(said_of(each))
    return found


def said_of(finding: Any) -> str | Phrase:
    """What a finding says, for `t` to say in the language of the page."""
    said = finding.phrase if isinstance(finding, FindingTold) else None
    return said or str(fields_told(finding).get("message", ""))


def fields_told(finding: Any) -> Mapping[str, Any]:
    """A finding by the names of its parts, in whichever of their shapes it comes: that of a form, or of an order."""
    if isinstance(finding, msgspec.Struct):
        return msgspec.structs.asdict(finding)
    return finding if isinstance(finding, Mapping) else dict(finding._asdict())


def money_text(text: str) -> str:
    """An amount as people of either habit write it: "12,50" is 12.50, "1.234,56" and "1,234.56" are 1234.56.

    "1,250" is a thousand to some and little more than one to others: it stays as it is, and is asked for again.
    """
    text = text.strip()
    if _BY_COMMAS.fullmatch(text):
        return text.replace(",", "")
    if _BY_POINTS.fullmatch(text):
        text = text.replace(".", "")
    is_decimal = text.count(",") == 1 and "." not in text and not _EITHER.fullmatch(text)
    return text.replace(",", ".") if is_decimal else text


def whole_number(text: str) -> int | None:
    """The whole number somebody wrote in plain digits, 11 at most, or None: `--5`, `²` and `1.0` are none."""
    plain = text.strip()
    return int(plain) if _WHOLE.fullmatch(plain) else None


def _put(tree: dict[str, Any], parts: list[str], text: str) -> None:
    for part in parts[:-1]:
        below = tree.setdefault(part, {})
        if not isinstance(below, dict):
            return
        tree = below
    tree[parts[-1]] = text


def _listed(part: Any) -> Any:
    """The same with lists for objects whose names are numbers, in the order of the numbers."""
    if not isinstance(part, dict):
        return part
    places = {name: whole_number(name) for name in part}
    if all(place is not None and place >= 0 for place in places.values()):
        return [_listed(part[name]) for name in sorted(part, key=int)]
    return {name: _listed(each) for name, each in part.items()}


def _fitted(tree: Any, shape: Any) -> Any:
    """The tree with texts read as their types; what cannot be read stays a text, for the API to say what is wrong."""
    if isinstance(tree, str) and any(each in (Amount, Decimal) for each in (shape, *get_args(shape))):
        return money_text(tree)
    shape = _bare(shape)
    if isinstance(tree, dict) and isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        types = get_type_hints(shape, include_extras=True)
        return {name: _fitted(part, types[name]) if name in types else part for name, part in tree.items()}
    if isinstance(tree, list) and get_origin(shape) is not None:
        inner = _first(each for each in get_args(shape) if each is not Ellipsis)
        return [_fitted(part, inner) for part in tree]
    if isinstance(tree, str) and shape is not str:
        try:
            return msgspec.to_builtins(msgspec.convert(tree, shape, strict=False))
        except (msgspec.ValidationError, TypeError):
            return tree
    return tree


def _bare(shape: Any) -> Any:
    """A type without its limits, and without `None` where it is optional."""
    while get_origin(shape) is Annotated:
        shape = get_args(shape)[0]
    others = [each for each in get_args(shape) if each is not type(None)]
    if type(None) in get_args(shape) and len(others) == 1:
        return _bare(others[0])
    return shape


def _first(shapes: Iterable[Any]) -> Any:
    return next(iter(shapes), Any)
