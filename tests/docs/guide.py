"""Pages whose examples are run: each ```console fence holds `$ ` commands with what they answer beneath."""

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ADDRESS = "http://127.0.0.1:8080"  # what the pages say; the tests serve at a free port
_FENCE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN_S_MAX = 300
_HERE = re.compile(r"<<'(\w+)'")
_MARK = "\x1e"


class Step(NamedTuple):
    """One command of a page, the line it stands on, and the answer shown beneath it ("": none is shown)."""

    page: str
    line: int
    command: str
    shown: str


class Ran(NamedTuple):
    """A step and what came of it."""

    step: Step
    came: str


def steps_of(page: str) -> list[Step]:
    """The commands of a page, in order."""
    text = (ROOT / page).read_text()
    return [step for fence in _FENCE.finditer(text) for step in _steps_in(page, text, fence)]


def _steps_in(page: str, text: str, fence: re.Match[str]) -> Iterator[Step]:
    number = text.count("\n", 0, fence.start(1)) + 1
    rows = fence[1].splitlines()
    starts = [i for i, row in enumerate(rows) if row.startswith("$ ")]
    assert starts, f"{page}:{number}: a console fence without a command"
    assert starts[0] == 0, f"{page}:{number}: an answer before any command"
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        length = _command_length(rows[start:end])
        command = "\n".join(rows[start : start + length]).removeprefix("$ ")
        yield Step(page, number + start, command, "\n".join(rows[start + length : end]))


def _command_length(rows: Sequence[str]) -> int:
    """How many rows a command takes: it goes on after a backslash, within quotes and to the end of a here-document."""
    if here := _HERE.search(rows[0]):
        return rows.index(here[1]) + 1
    for count in range(1, len(rows) + 1):
        so_far = "\n".join(rows[:count])
        if not so_far.endswith("\\") and so_far.count("'") % 2 == 0 and so_far.count('"') % 2 == 0:
            return count
    return len(rows)


def run(steps: Sequence[Step], folder: Path, environment: Mapping[str, str], address: str) -> list[Ran]:
    """Run steps in one bash, so that what a step sets is there for the next; each with both its outputs."""
    script = []
    for number, step in enumerate(steps):
        file = folder / f"step-{number}.sh"
        file.write_text(step.command.replace(ADDRESS, address) + "\n")
        script.append(f"printf '{_MARK}'\n. '{file}' < /dev/null 2>&1")
    with subprocess.Popen(
        ["bash"], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as bash:
        try:
            came, _ = bash.communicate("\n".join(script), timeout=RUN_S_MAX)
        except subprocess.TimeoutExpired:
            bash.kill()
            came, _ = bash.communicate()
    outcomes = [each.replace(address, ADDRESS).strip("\n") for each in came.split(_MARK)[1:]]
    assert len(outcomes) == len(steps), f"this did not end: {steps[max(len(outcomes) - 1, 0)]}"
    return [Ran(step, came) for step, came in zip(steps, outcomes, strict=True)]
