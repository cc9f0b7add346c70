"""What is wrong with a form, all at once: each finding says where, what kind and why."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from orderwright.values.codes import text_problem
from orderwright.values.phrases import Phrase, phrase
from orderwright.values.refusal import REFUSALS, Refusal

_TEXT_MESSAGES = {
    "nul": phrase("The text holds a NUL character."),
    "lone_surrogate": phrase("The text holds half of a surrogate pair."),
    "control_character": phrase("The text holds a control character."),
}


class FindingTold(dict[str, str]):
    """A finding as programs are told it, `{pointer, code, message}`; pages find beside it what to translate."""

    phrase: Phrase | None = None


class Finding(NamedTuple):
    """One thing wrong. `pointer`: JSON pointer into the form. `code`: a refusal's code, or the field's own.

    message: the English sentence, always the same; one with facts in it is made by `worded`, which keeps its phrase.
    """

    pointer: str
    code: str
    message: str
    phrase: Phrase | None = None

    def told(self) -> FindingTold:
        """It for a refusal's facts."""
        told = FindingTold(pointer=self.pointer, code=self.code, message=self.message)
        told.phrase = self.phrase
        return told


def worded(pointer: str, code: str, template: str, /, **values: Any) -> Finding:
    """A finding whose sentence names facts: `worded("/sku", "gone", "{sku} is no product of ours.", sku=sku)`."""
    return phrased(pointer, code, phrase(template, **values))


def phrased(pointer: str, code: str, said: Phrase) -> Finding:
    """A finding in words made elsewhere."""
    return Finding(pointer, code, str(said), said)


def refusal_of(findings: Sequence[Finding]) -> Refusal:
    """One refusal that lists all findings (at least one), each as `{pointer, code, message}`.

    It is `malformed` as soon as one of them is about the form; otherwise it has the first finding's code.
    """
    is_form = any(finding.code not in REFUSALS for finding in findings)
    code = "malformed" if is_form else findings[0].code
    return Refusal(code, findings=[finding.told() for finding in findings])


def known_as(code: str, pointer: str) -> Finding:
    """A finding that is a kind of refusal, in that refusal's own sentence."""
    return Finding(pointer, code, REFUSALS[code].sentence)


def text_findings(form: Any, pointer: str = "") -> Iterator[Finding]:
    """Texts anywhere in a form that a database or a printer chokes on (see `codes.text_problem`)."""
    if isinstance(form, str):
        problem = text_problem(form)
        if problem is not None:
            yield phrased(pointer, problem, _TEXT_MESSAGES[problem])
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
