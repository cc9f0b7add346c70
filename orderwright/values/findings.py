"""What is wrong with a form, all at once: each finding says where, what kind and why."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from orderwright.values.codes import text_problem
from orderwright.values.refusal import REFUSALS, Refusal

_TEXT_MESSAGES = {
    "nul": "The text holds a NUL character.",
    "lone_surrogate": "The text holds half of a surrogate pair.",
    "control_character": "The text holds a control character.",
}


class Finding(NamedTuple):
    """One thing wrong. `pointer`: JSON pointer into the form. `code`: a refusal's code, or the field's own."""

    pointer: str
    code: str
    message: str


def refusal_of(findings: Sequence[Finding]) -> Refusal:
    """One refusal that lists all findings (at least one), each as `{pointer, code, message}`.

    It is `malformed` as soon as one of them is about the form; otherwise it has the first finding's code.
    """
    is_form = any(finding.code not in REFUSALS for finding in findings)
    code = "malformed" if is_form else findings[0].code
    return Refusal(code, findings=[finding._asdict() for finding in findings])


def known_as(code: str, pointer: str) -> Finding:
    """A finding that is a kind of refusal, in that refusal's own sentence."""
    return Finding(pointer, code, REFUSALS[code].sentence)


def text_findings(form: Any, pointer: str = "") -> Iterator[Finding]:
    """Texts anywhere in a form that a database or a printer chokes on (see `codes.text_problem`)."""
    if isinstance(form, str):
        problem = text_problem(form)
        if problem is not None:
            yield Finding(pointer, problem, _TEXT_MESSAGES[problem])
    elif isinstance(form, msgspec.Struct):
        for field in form.__struct_fields__:
            yield from text_findings(getattr(form, field), f"{pointer}/{field}")
    elif isinstance(form, (list, tuple)):
        for i, each in enumerate(form):
            yield from text_findings(each, f"{pointer}/{i}")
    elif isinstance(form, dict):
        for name, each in form.items():
            yield from text_findings(name, f"{pointer}/{name}")
            yield from text_findings(each, f"{pointer}/{name}")


def askable(words: Iterable[str]) -> list[str]:
    """The distinct words a database can be asked for, in order; each of the others has a finding of its own."""
    return sorted(word for word in set(words) if text_problem(word) is None)
