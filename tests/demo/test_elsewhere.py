"""The demo's crew in a process of its own."""

import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orderwright.doors.demo import elsewhere
from orderwright.doors.demo.elsewhere import crew_elsewhere
from orderwright.doors.demo.floor import Floor
from orderwright.doors.demo.steps import Step

STEP = Step(datetime(2026, 11, 2, 9, tzinfo=UTC), True, True, False, (), ())
QUIET = STEP._replace(is_wave=False)


class Hand:
    """A crew that writes who it is, fails at a look of no wave, and dies at its work."""

    def __init__(self, store: Any, people: Any) -> None:
        self._people = people

    def look(self, step: Step) -> None:
        if not step.is_wave:
            raise LookupError(f"nothing to see at {step.at:%H:%M}")
        Path(self._people).write_text(str(os.getpid()))

    def work(self, step: Step) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def nowhere() -> AbstractContextManager[Any]:
    return nullcontext()


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Floor]:
    monkeypatch.setattr(elsewhere, "Crew", Hand)
    with crew_elsewhere(nowhere, tmp_path / "who") as floor:  # type: ignore[arg-type]
        if floor is None:
            pytest.skip("processes are not forked here")
        yield floor


def test_the_crew_is_another_process_that_ends_with_who_asks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(elsewhere, "Crew", Hand)
    with crew_elsewhere(nowhere, tmp_path / "who") as floor:  # type: ignore[arg-type]
        if floor is None:
            pytest.skip("processes are not forked here")
        floor.look(STEP)
        pid = int((tmp_path / "who").read_text())
        assert pid != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_goes_wrong_on_the_floor_is_raised_where_it_was_asked_for(crew: Floor) -> None:
    with pytest.raises(LookupError, match="nothing to see at 09:00"):
        crew.look(QUIET)
    crew.look(STEP)  # and the crew is still there


def test_a_crew_that_was_killed_is_missed_at_once(crew: Floor) -> None:
    with pytest.raises(RuntimeError, match="crew ended"):
        crew.work(STEP)
