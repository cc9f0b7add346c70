"""What a shop's figures were before: entered as people remember them, or timed for a day. The last word counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from orderwright.business.reports.measures import MEASURES, WAS_NOW
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, refusal_of, text_findings, worded
from orderwright.values.forms import Command, Form, Text
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal

Number = Annotated[str, Meta(max_length=24)]
THOUSANDTHS_MAX = 10**15


class BaselineForm(Form, frozen=True):
    """What a figure was. value: as it is shown: per cent of a share, minutes, money; '' takes back what was told.

    Instead of a value, what was timed for a day: so much in all, for so many orders, units or hours.
    """

    value: Number = ""
    timed: Number = ""
    count: Number = ""
    note: Text = ""


class TellBaseline(Command, frozen=True):
    """Say what a figure was before."""

    figure: str
    form: BaselineForm


class Baseline(msgspec.Struct, frozen=True):
    """What a figure was, as it is shown (per cent of a share), who told it and when. value: None once taken back."""

    figure: str
    value: float | None
    source: Literal["entered", "timed"]
    note: str
    actor: str
    told_at: datetime


def tell_baselines(tx: Tx, commands: Sequence[TellBaseline]) -> list[Baseline | Refusal]:
    """Keep what figures were; one `Baseline` or Refusal per command. What was told before is kept, too.

    Refuses not_found (no such figure beside which there is a "was"), malformed (no number, or a value and a day's
    timing both).
    """
    results: list[Baseline | Refusal] = []
    for command in commands:
        if command.figure not in WAS_NOW:
            results.append(Refusal("not_found", figure=command.figure))
            continue
        value, findings = _value(command.form)
        limit = 100 if MEASURES[command.figure].unit == "share" else THOUSANDTHS_MAX / 1000
        if not findings and value is not None and value > limit:
            findings = [worded("/value", "out_of_range", "This can be at most {limit}.", limit=f"{limit:.0f}")]
        findings += list(text_findings(command.form.note, "/note"))
        if findings:
            results.append(refusal_of(findings))
        else:
            source: Literal["entered", "timed"] = "timed" if command.form.timed else "entered"
            results.append(Baseline(command.figure, value, source, command.form.note, command.actor, tx.now))
    told = [each for each in results if isinstance(each, Baseline)]
    tx.copy(
        "report_baseline", "id, figure, thousandths, source, note, actor, told_at",
        [(id_, each.figure, None if each.value is None else round(each.value * 1000), each.source, each.note,
          each.actor, each.told_at) for id_, each in zip(new_ids(len(told)), told, strict=True)],
    )  # fmt: skip
    return results


def baselines(tx: Tx) -> Mapping[str, Baseline]:
    """What figures were, by name; what was taken back is left out."""
    rows = tx.rows(
        "SELECT DISTINCT ON (figure) figure, thousandths, source, note, actor, told_at FROM report_baseline"
        " ORDER BY figure, told_at DESC, id DESC"
    )
    return {row.figure: _shown(row) for row in rows if row.thousandths is not None}


def told_before(tx: Tx, figures: Sequence[str]) -> list[Baseline]:
    """All that was ever told of figures, the last first; at most 100."""
    rows = tx.rows(
        "SELECT figure, thousandths, source, note, actor, told_at FROM report_baseline"
        " WHERE figure = ANY(%(figures)s::text[]) ORDER BY told_at DESC, id DESC LIMIT 100",
        figures=array(figures),
    )
    return [_shown(row) for row in rows]


def _shown(row: Any) -> Baseline:
    value = None if row.thousandths is None else row.thousandths / 1000
    return Baseline(row.figure, value, row.source, row.note, row.actor, row.told_at)


def _value(form: BaselineForm) -> tuple[float | None, list[Finding]]:
    """The value a form comes to."""
    if form.timed or form.count:
        if form.value:
            return None, [Finding("/value", "one_of_both", "Write either what it was, or what you timed.")]
        total, count = _number(form.timed), _number(form.count)
        findings = [
            Finding(f"/{name}", "not_a_number", "Write a number, such as 12.5.")
            for name, each in (("timed", total), ("count", count))
            if each is None
        ]
        if not findings and count == 0:
            findings = [Finding("/count", "not_a_number", "Write a number above 0.")]
        return (None, findings) if findings else ((total or 0) / (count or 1), [])
    if not form.value:
        return None, []
    value = _number(form.value)
    return value, [] if value is not None else [Finding("/value", "not_a_number", "Write a number, such as 12.5.")]


def _number(text: str) -> float | None:
    """A number as people write it, with a point or a comma; None when it is none, or below zero."""
    plain = text.strip().rstrip("%").strip().replace(",", ".")
    if not plain or any(each not in "0123456789." for each in plain) or plain.count(".") > 1 or plain == ".":
        return None
    return float(plain)
