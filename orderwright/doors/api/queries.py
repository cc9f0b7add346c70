"""Query parameters: every one is known, given once, and of its form; all findings at once."""

from functools import cache
from typing import Any, Literal, get_args, get_origin
from urllib.parse import parse_qsl

import msgspec

from orderwright.values.codes import text_problem
from orderwright.values.findings import FindingTold, phrased, worded
from orderwright.values.refusal import Refusal
from orderwright.values.shape_words import phrase_of

PARAMETERS_MAX = 50


def parse(query: bytes, shape: Any) -> Any:
    """A query string in the shape of a Struct; None for a shape of None. Refuses malformed (findings)."""
    if shape is None:
        return refuse_all(query)
    fields = _fields(shape)
    given: dict[str, Any] = {}
    findings = []
    for name, text in _pairs(query):
        if name not in fields:
            findings.append(_finding(name, "unknown_parameter", "Known are: {known}.", known=", ".join(fields)))
        elif name in given:
            findings.append(_finding(name, "duplicate_parameter", "It is given more than once."))
        elif text_problem(text) is not None:
            findings.append(_finding(name, "bad_text", "It holds characters no text has."))
        else:
            given[name] = text
            try:
                given[name] = msgspec.convert(text, fields[name].type, strict=False)
            except msgspec.ValidationError as wrong:
                if words := ", ".join(_words_of(fields[name].type)):
                    findings.append(_finding(name, "wrong_value", "Known are: {known}.", known=words))
                else:
                    findings.append(phrased(f"?{name}", "wrong_value", phrase_of(str(wrong))).told())
    missing = [name for name, field in fields.items() if field.required and name not in given]
    findings.extend(_finding(name, "missing", "It is needed.") for name in missing)
    if findings:
        raise Refusal("malformed", findings=findings)
    return shape(**{fields[name].name: value for name, value in given.items()})


def refuse_all(query: bytes) -> None:
    """For calls that take no parameters. Refuses malformed."""
    if query:
        names = [name for name, _ in _pairs(query)]
        findings = [_finding(name, "unknown_parameter", "This call takes none.") for name in names]
        raise Refusal("malformed", findings=findings or [_finding("", "unknown_parameter", "This call takes none.")])


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=PARAMETERS_MAX)
    except (UnicodeDecodeError, ValueError):
        raise Refusal(
            "malformed", findings=[_finding("", "bad_query", "The part after ? is no list of parameters.")]
        ) from None


@cache
def _fields(shape: Any) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(shape)}


def _words_of(shape: Any) -> list[str]:
    """The words a parameter may be, where it may be nothing else; '' goes without saying."""
    if get_origin(shape) is Literal:
        return [each for each in get_args(shape) if each]
    return [word for part in get_args(shape) for word in _words_of(part)]


def _finding(name: str, code: str, template: str, /, **values: Any) -> FindingTold:
    return worded(f"?{name}", code, template, **values).told()
