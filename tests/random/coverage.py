"""What random commands are to reach, derived from the code, and what they have reached: told as a table."""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from inspect import unwrap
from typing import Any

from orderwright.app import wiring
from orderwright.business.orders.rules import FINDINGS
from orderwright.doors.api.route import Deed
from orderwright.doors.api.routes import all_routes
from orderwright.values.refusal import REFUSALS, Refusal


def name_of(action: Any) -> str:
    """What an action is called here, also when it was given a check of versions."""
    plain = unwrap(action)
    return f"{plain.__module__.removeprefix('orderwright.')}.{plain.__name__}"


@cache
def all_there_is() -> Mapping[str, frozenset[str]]:
    """Kind -> names: the actions of the API, its other calls, the worker's tasks, refusals, findings of orders."""
    routes = all_routes()
    wired = wiring()
    tasks = {each.name for each in wired.kinds} | {each.name for each in wired.timetable}
    return {
        "actions": frozenset(name_of(each.action) for each in routes if isinstance(each, Deed)),
        "calls": frozenset(call_of(each) for each in routes if not isinstance(each, Deed)),
        "tasks": frozenset(tasks | {task for follow in wired.flows.values() for task in follow}),
        "refusals": frozenset(REFUSALS),
        "findings": frozenset(FINDINGS),
    }


def call_of(route: Any) -> str:
    """A call as people write it."""
    return f"{route.method} {route.path}"


class Seen:
    """What was reached, by kind and name, and how often. An action or a call counts when it was not refused."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {kind: Counter() for kind in all_there_is()}

    def count(self, kind: str, name: str) -> None:
        self.counts[kind][name] += 1

    def note(self, result: Any) -> None:
        """Count what a result or a refusal tells."""
        told = getattr(result, "findings", ())
        if isinstance(result, Refusal):
            self.count("refusals", result.code)
            told = result.facts.get("findings", ())
        for finding in told:
            code = finding["code"] if isinstance(finding, dict) else getattr(finding, "code", "")
            self.count("findings", code)

    def missing(self) -> list[str]:
        """What there is and was not reached."""
        return [
            f"{kind}: {name}"
            for kind, names in all_there_is().items()
            for name in sorted(names - self.counts[kind].keys())
        ]

    def table(self) -> str:
        """How much of each kind was reached, and what was reached least often."""
        lines = [f"{'reached':<10} {'of':>4} {'share':>6}  seldom"]
        for kind, names in all_there_is().items():
            counts = self.counts[kind]
            reached = names & counts.keys()
            seldom = ", ".join(f"{name} {counts[name]}" for name in sorted(reached, key=lambda n: (counts[n], n))[:4])
            share = f"{100 * len(reached) // len(names)} %"
            lines.append(f"{kind:<10} {len(reached):>4} of {len(names):>3} {share:>6}  {seldom}")
        return "\n".join(lines)
