"""The guides tell the truth: their commands are run, in order, against a served shop, and answer what is shown."""

import re

import pytest

from orderwright.doors.api.routes import all_routes
from tests.docs import guide
from tests.docs.reader import ServedFolder
from tests.docs.shown import differences

GUIDES = (
    "README.md",
    "docs/api.md",
    "docs/customers-pages.md",
    "docs/people.md",
    "docs/staff.md",
    "docs/phone-orders.md",
    "docs/customers.md",
    "docs/release.md",
    "docs/layout.md",
    "docs/scanning.md",
    "docs/packing.md",
    "docs/counting.md",
    "docs/receiving.md",
    "docs/floor.md",
    "docs/desk.md",
    "docs/reports.md",
    "docs/operations.md",
)
_CURL = re.compile(r"curl (?:.*? )?\"?\$API(?P<path>/[^\s\"'?]*)", re.DOTALL)
_CALL = re.compile(r"orderwright call (?P<method>[A-Z]+) [\"']?(?P<path>/[^\s\"'?]*)")


def test_what_the_guides_show_is_what_comes(served_folder: ServedFolder):
    steps = [step for page in GUIDES for step in guide.steps_of(page)]
    wrong = [
        f"{ran.step.page}:{ran.step.line}: {ran.step.command.splitlines()[0]}\n    {difference}"
        for ran in guide.run(steps, served_folder.folder, served_folder.environment, served_folder.address)
        for difference in differences(ran.step.shown, ran.came)
    ]
    if wrong:
        pytest.fail("\n" + "\n".join(wrong), pytrace=False)


def calls_of(command: str) -> list[tuple[str, str]]:
    """The calls a command makes, as (method, path)."""
    calls = [(found["method"], found["path"]) for found in _CALL.finditer(command)]
    for part in re.split(r"(?=\bcurl )", command):
        if found := _CURL.match(part):
            named = re.search(r"-X (\w+)", part)
            default = "POST" if re.search(r"--json|--data", part) else "GET"
            calls.append((named[1] if named else default, found["path"]))
    return calls


def test_every_route_is_shown_at_work():
    calls = [call for page in GUIDES for step in guide.steps_of(page) for call in calls_of(step.command)]
    patterns = {
        f"{route.method} {route.path}": re.compile(re.sub(r"\{\w+\}", r"[^/]+", route.path)) for route in all_routes()
    }
    unshown = [
        name
        for name, pattern in patterns.items()
        if not any(f"{method} " == name[: len(method) + 1] and pattern.fullmatch(path) for method, path in calls)
    ]
    assert unshown == []


@pytest.mark.parametrize(
    ("command", "calls"),
    [
        ('curl -s "$API/v1/stock?sku=MUG" -H "$AUTH"', [("GET", "/v1/stock")]),
        ("curl -s -X PUT $API/v1/sites/LEEDS -H \"$AUTH\" --json '{}'", [("PUT", "/v1/sites/LEEDS")]),
        ('curl -s $API/v1/orders -H "$AUTH" \\\n  --json @order.json', [("POST", "/v1/orders")]),
        ("ID=$(curl -s $API/v1/orders | grep -o id)", [("GET", "/v1/orders")]),
        ('orderwright call GET "/v1/orders?state=held"', [("GET", "/v1/orders")]),
        ("curl -s $API/a --json '{}'; curl -s $API/b", [("POST", "/a"), ("GET", "/b")]),
    ],
)
def test_calls_are_read_off_commands(command, calls):
    assert calls_of(command) == calls
