"""What a kind of session takes, at its smallest: a state, a view, three pure functions, and three that touch rows."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import pytest

from orderwright.business.deeds.scanning import kinds
from orderwright.business.deeds.scanning.asking import Asking, Wanted
from orderwright.business.deeds.scanning.kinds import Kind
from orderwright.business.deeds.scanning.outcomes import Outcomes
from orderwright.business.warehouse.counting import WantedCount, want_counts
from orderwright.business.warehouse.sessions import saying
from orderwright.business.warehouse.sessions.forms import Instruction, Notice, OpenSession
from orderwright.business.warehouse.sessions.saying import words_of
from orderwright.business.warehouse.sessions.steps import Stepped, Told, unfit
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal
from tests.sessions.scanner import ScannedFloor, beeps

SAYINGS = {"scan_any_bin": "Scan a bin that looks odd; {reported} are reported."}


class OddBins(msgspec.Struct):
    """The state: bins this person reported."""

    reported: list[str] = []


class View(NamedTuple):
    """What the kind knows of the world: bins that are to be counted anyway."""

    counted: frozenset[int]


class Report(NamedTuple):
    """The effect: a bin is to be counted."""

    place_id: int


def ask(state: OddBins, view: View) -> Instruction:
    facts = {"reported": len(state.reported)}
    return Instruction("scan_any_bin", words_of("scan_any_bin", facts), "bin", facts=facts)


def step(state: OddBins, told: Told, view: View) -> Stepped:
    place = told.found.place
    if place is None or place.kind != "bin":
        return Stepped(state, refusal=unfit(told, "bin"))
    if place.id in view.counted:
        return Stepped(state, say="already_there")
    return Stepped(OddBins([*state.reported, place.code]), (Report(place.id),), zone=place.zone)


def tell(state: OddBins, view: View) -> tuple[OddBins, list[Notice]]:
    return state, []


def begin(tx: Tx, commands: Sequence[OpenSession]) -> list[str | Refusal]:
    return [""] * len(commands)


def read(tx: Tx, asking: Sequence[Asking]) -> dict[str, View]:
    counted = frozenset(row.id for row in tx.rows("SELECT place_id AS id FROM count_task"))
    return {each.session.id: View(counted) for each in asking}


def do(tx: Tx, wanted: Sequence[Wanted]) -> list[list[Notice] | Refusal]:
    def report(commands: Sequence[WantedCount]) -> list[Any]:
        want_counts(tx, commands)
        return [None] * len(commands)

    outcomes = Outcomes(wanted)
    outcomes.run(Report, lambda each, want: WantedCount(each.session.site, want.place_id, "", "asked"), report)
    return outcomes.results


def test_a_kind_is_a_pure_module_one_that_does_and_a_line(floor: ScannedFloor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saying, "SAYINGS", {**saying.SAYINGS, **SAYINGS})
    monkeypatch.setitem(kinds.KINDS, "odd_bins", Kind(OddBins, ask, step, tell, begin, read, do))  # type: ignore[arg-type]
    floor.bin("A-1")
    floor.bin("A-2")
    ann = floor.scanner(kind="odd_bins")
    assert ann.now.words == "Scan a bin that looks odd; 0 are reported."
    assert beeps(ann.scan("A-1")) == ("ok", "bin")
    assert beeps(ann.scan("A-1")) == ("notice", "bin")
    assert ann.scan("MUG").refusal == "unexpected_scan"
    assert ann.all("A-2").instruction.facts == {"reported": 2}
    assert floor.value("SELECT count(*) FROM count_task WHERE reason = 'asked'") == 2
