"""The style of the house as a test: which way imports go, how long things get, what no file may hold."""

import ast
import tomllib
from collections.abc import Iterable
from typing import Any

import pytest

from tests.tidy import (
    CHECKS,
    CLOCK,
    FOREIGN_WORDS,
    ROOT,
    Source,
    import_floors,
    names_are_the_trades,
    nobody_swallows_everything,
    only_the_database_commits,
    public_words_are_explained,
    repository_files,
    rules_stay_pure,
    sources,
    sql_never_reads_the_clock,
)

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
ALLOWANCE = ROOT / "tests" / "tidy_allowance.toml"


def none_of(findings: Iterable[object]) -> None:
    """Fail with every finding on a line of its own; one statement is named once."""
    if found := list(dict.fromkeys(map(str, findings))):
        pytest.fail("\n" + "\n".join(found), pytrace=False)


def allowance() -> dict[str, Any]:
    """What was there before its check, and may only become less."""
    return tomllib.loads(ALLOWANCE.read_text())


def is_there(key: str) -> bool:
    return (ROOT / key.partition(": ")[0]).exists()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_file_is_tidy(check):
    known = allowance().get("findings", {}).get(check.__name__, [])
    found = [finding for source in sources("orderwright/", "bench/", "tools/") for finding in check(source)]
    none_of(finding for finding in found if finding.key not in known)
    keys = {finding.key for finding in found}
    none_of(f"mended, so take it off the allowance: {key}" for key in known if key not in keys and is_there(key))


@pytest.mark.parametrize(
    ("check", "path", "line"),
    [
        (import_floors, "orderwright/values/money.py", "from orderwright.database import tx"),
        (import_floors, "orderwright/values/gs1.py", "from orderwright.papers import barcodes"),
        (import_floors, "orderwright/papers/lists.py", "from orderwright.database.tx import Tx"),
        (import_floors, "orderwright/values/money.py", "from ..database import tx"),
        (import_floors, "orderwright/database/tx.py", "import orderwright.business.stock.reads"),
        (import_floors, "orderwright/business/stock/actions.py", "from orderwright.business.orders import reads"),
        (import_floors, "orderwright/business/orders/actions.py", "from orderwright.business.stock import tables"),
        (import_floors, "orderwright/business/orders/reads.py", "from orderwright.business.stock.rules import free"),
        (import_floors, "orderwright/business/gossip/reads.py", ""),
        (import_floors, "orderwright/business/orders/actions.py", "from orderwright import flows"),
        (import_floors, "orderwright/doors/api/routes.py", "from orderwright.links.carriers import acme"),
        (import_floors, "orderwright/doors/api/routes.py", "from orderwright.app import build"),
        (import_floors, "orderwright/links/carriers/acme.py", "from orderwright.business.shipping.reads import parcel"),
        (import_floors, "orderwright/links/carriers/acme.py", "from orderwright.database.tx import Tx"),
        (rules_stay_pure, "orderwright/business/stock/rules.py", "from orderwright.database.tx import Tx"),
        (rules_stay_pure, "orderwright/business/stock/rules.py", "import msgspec"),
        (rules_stay_pure, "orderwright/business/stock/rules.py", "SHARE = 0.5"),
        (rules_stay_pure, "orderwright/business/stock/rules.py", "share = float(1)"),
        (names_are_the_trades, "orderwright/business/stock/stock_helpers.py", ""),
        (names_are_the_trades, "orderwright/business/stock/moves.py", "class OrderManager: ..."),
        (names_are_the_trades, "orderwright/business/stock/moves.py", "class OrderService: ..."),
        (names_are_the_trades, "orderwright/business/stock/moves.py", "def process_order(): ..."),
        (public_words_are_explained, "orderwright/business/stock/actions.py", "def receive(tx): ..."),
        (sql_never_reads_the_clock, "orderwright/database/tasks.py", 'SQL = "SELECT now()"'),
        (sql_never_reads_the_clock, "orderwright/database/tasks.py", 'SQL = f"SET at = Current_Timestamp {1}"'),
        (only_the_database_commits, "orderwright/business/stock/actions.py", "tx.connection.commit()"),
        (nobody_swallows_everything, "orderwright/database/tx.py", "try: ...\nexcept Exception: ..."),
        (nobody_swallows_everything, "orderwright/database/tx.py", "try: ...\nexcept (OSError, BaseException): ..."),
        (nobody_swallows_everything, "orderwright/database/tx.py", "try: ...\nexcept: ..."),
    ],
)  # fmt: skip
def test_each_check_finds_what_it_looks_for(check, path, line):
    assert len(list(check(Source(path, line)))) == 1


@pytest.mark.parametrize(
    ("check", "path", "line"),
    [
        (import_floors, "orderwright/business/orders/actions.py", "from orderwright.business.stock import actions"),
        (import_floors, "orderwright/business/stock/actions.py", "from orderwright.business.stock import tables"),
        (import_floors, "orderwright/links/carriers/acme.py", "from orderwright.business.shipping.ports import Label"),
        (import_floors, "orderwright/links/carriers/acme.py", "from orderwright.papers.zpl import ZplLabel"),
        (import_floors, "orderwright/app.py", "from orderwright.links.carriers import acme"),
        (import_floors, "orderwright/doors/api/house.py", "from orderwright import __version__"),
        (rules_stay_pure, "orderwright/business/stock/rules.py", "from orderwright.values.money import share"),
        (names_are_the_trades, "orderwright/business/shipping/rules.py", "def choose_service(): ..."),
        (sql_never_reads_the_clock, "orderwright/database/tx.py", '"""Never calls now()."""'),
        (only_the_database_commits, "orderwright/database/store.py", "connection.commit()"),
        (nobody_swallows_everything, "orderwright/database/tx.py", "try: ...\nexcept BaseException:\n    raise"),
    ],
)  # fmt: skip
def test_each_check_lets_good_lines_pass(check, path, line):
    assert list(check(Source(path, line))) == []


def over_budget() -> dict[str, int]:
    """What is longer than the budgets: `path` or `path::function` -> lines."""
    found = {}
    for source in sources():
        if (lines := source.text.count("\n")) > FILE_LINES_MAX:
            found[source.path] = lines
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    found[f"{source.path}::{node.name}"] = lines
    return found


def test_nothing_is_longer_than_its_budget():
    """What the allowance names may stay as long as it is. It may shrink; then the allowance shrinks with it."""
    allowed = allowance().get("lines", {})
    found = over_budget()
    none_of(f"{name}: {lines} lines" for name, lines in found.items() if lines > allowed.get(name, 0))
    none_of(
        f"{name}: now {found.get(name, 'within budget')}, so lower its allowance of {lines}"
        for name, lines in allowed.items()
        if found.get(name) != lines and is_there(name.replace("::", ": "))
    )


def test_migrations_never_read_the_clock():
    scripts = [name for name in repository_files() if name.startswith("orderwright/") and name.endswith(".sql")]
    assert scripts
    none_of(
        f"{name}:{number}: {line.strip()}"
        for name in scripts
        for number, line in enumerate((ROOT / name).read_text().splitlines(), 1)
        if CLOCK.search(line.partition("--")[0])
    )


def test_no_file_names_a_machine_or_a_registry():
    findings = []
    for name in repository_files():
        content = (ROOT / name).read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode(errors="replace").splitlines(), 1):
            if FOREIGN_WORDS.search(line):
                findings.append(f"{name}:{number}: {line.strip()[:120]}")
    none_of(findings)
    assert FOREIGN_WORDS.search("see /ro" + "ot/notes")
