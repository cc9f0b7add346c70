"""Putting what a shop has few of: kinds of cartons, rules for inserts."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from orderwright.business.catalog.forms import Saved
from orderwright.database.changes import Replacing
from orderwright.values.findings import Finding, refusal_of, text_findings, worded
from orderwright.values.phrases import Phrase
from orderwright.values.refusal import Refusal


def sort_out(
    commands: Sequence[Any],
    known: set[str],
    findings_of: Callable[[Any], Iterable[Finding]],
    most: tuple[int, Phrase],
    replacing: Replacing,
) -> tuple[list[Saved | Refusal], dict[str, Any]]:
    """Answers to commands that each put a form under a code, and the forms to keep: of two for a code the later.

    known: codes there are; it follows, and so does replacing. most: how many there may be, and what they are called.
    """
    results: list[Saved | Refusal] = []
    kept: dict[str, Any] = {}
    for each in commands:
        findings = [*text_findings(each), *findings_of(each)]
        if not findings and each.code not in known and len(known) >= most[0]:
            findings.append(
                worded("/code", "too_many", "A shop has at most {most} {things}.", most=most[0], things=most[1])
            )
        if findings:
            results.append(refusal_of(findings))
            continue
        results.append(Saved(each.code, is_new=each.code not in known))
        known.add(each.code)
        kept[each.code] = each.form
        replacing.put(each.code, each.form, each.actor)
    return results, kept
