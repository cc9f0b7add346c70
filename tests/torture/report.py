"""What `make torture` measured, each figure with its seed: `build/torture/report.md` and `report.jsonl`."""

import json
import os
import random
import time
from typing import Any, NoReturn

import pytest

from bench.server import Server
from tests.tidy import ROOT
from tests.torture.history import History, judge

FOLDER = ROOT / "build" / "torture"
SEED = int(os.environ.get("ORDERWRIGHT_TORTURE_SEED") or random.SystemRandom().randrange(1_000_000))
"""What everything random follows from; chosen anew for each run unless it is given, and told with each figure."""

SOUND = {"lost": 0, "doubled": 0, "oversold": 0, "broken": 0, "wrong": 0}
"""The figures of a verdict when nothing is wrong."""

NOTED: list[str] = []
"""The runs of this session that are in the report."""


def asked(name: str, default: int) -> int:
    """How many: ORDERWRIGHT_TORTURE_<name>, or the default."""
    return int(os.environ.get(f"ORDERWRIGHT_TORTURE_{name}") or default)


def note(name: str, **figures: Any) -> None:
    """Add a row to the report."""
    if not NOTED:
        _begin()
    NOTED.append(name if "skipped" not in figures else f"{name}: SKIPPED, {figures['skipped']}")
    told = {"run": name, "seed": SEED, **figures}
    with (FOLDER / "report.jsonl").open("a") as lines:
        print(json.dumps(told), file=lines)
    written = [json.loads(line) for line in (FOLDER / "report.jsonl").read_text().splitlines()]
    (FOLDER / "report.md").write_text("# Torture\n\n" + "\n".join(map(_section, written)))
    print("\n" + json.dumps(told))


def judged(name: str, server: Server, history: History, **figures: Any) -> dict[str, int]:
    """The verdict on a run, written into the report with what happened: how many of each wrong, all 0 when sound."""
    verdict = judge(server.store, history)
    note(
        name, **figures, placed=len(history.of("place", "ok")), unknown=len(history.of("place", "unknown")),
        cancelled=len(history.of("cancel", "ok")), picked=len(history.of("pick", "ok")),
        longest_wait_s=round(history.longest_s(), 2), longest_silence_s=round(history.longest_silence_s, 2),
        met=dict(sorted(history.met.items())), **verdict.figures(),
        details=[words for each in verdict for words in each][:10],
    )  # fmt: skip
    return verdict.figures()


def _begin() -> None:
    """Put an older report aside."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    old = FOLDER / "report.jsonl"
    if old.exists():
        old.rename(FOLDER / f"report-{time.strftime('%Y%m%d-%H%M%S')}.jsonl")


def skip(name: str, why: str) -> NoReturn:
    """Skip a run that this machine does not allow, and say so in the report."""
    note(name, skipped=why)
    pytest.skip(f"{name}: {why}")


def _section(told: dict[str, Any]) -> str:
    rows = "".join(f"| {key} | {json.dumps(value)} |\n" for key, value in told.items() if key != "run")
    return f"## {told['run']}\n\n| figure | value |\n| --- | --- |\n{rows}"
