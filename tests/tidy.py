"""The checks behind test_tidy.py: each turns one source file into findings, `path:line: what is wrong`."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]

LAYERS = ("values", "papers", "database", "business", "the house's page", "doors", "app")
PLACES = {"flows": "the house's page", "settings": "the house's page", "__main__": "app"}
AREAS = (
    "catalog", "customers", "staff", "stock", "routing", "billing", "orders", "warehouse", "shipping", "returns",
    "purchasing", "quotes", "reports", "truth", "deeds", "imports", "practice",
)  # fmt: skip
ABOVE_AREAS = ("reports", "truth", "deeds", "imports")

FORBIDDEN_WORDS = {
    "manager", "managers", "helper", "helpers", "util", "utils", "utility", "handler", "handlers", "handle",
    "info", "data", "process", "processor",
}  # fmt: skip
# A carrier's service is a word of the trade; a class or module that is "the ...Service" is not.
FORBIDDEN_ENDINGS = {"service", "services"}

NAMED_BY_OTHERS = {"data_received"}  # asyncio calls it

MAY_CATCH_ALL = {
    "orderwright/database/writer.py": "a bug in one call must not take its group along",
    "orderwright/doors/api/batch.py": "a bug in one item is told for that item",
    "orderwright/doors/api/endpoint.py": "a bug in one request must not take the connection's others along",
    "orderwright/doors/console/answering.py": "a bug in one request must not take the connection's others along",
    "orderwright/doors/cli/__init__.py": "an error is told in plain words, or raised again",
    "orderwright/doors/serving/work.py": "the worker outlives whatever goes wrong in one round",
    "orderwright/doors/worker/calls.py": "whatever a link raises, the question is whether the call happened",
    "orderwright/doors/worker/loop.py": "a bug in one task must not stop the others",
    "orderwright/doors/serving/work_process.py": "the worker outlives whatever goes wrong in one round",
}

CLOCK = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(\s*\)"
    r"|\b(current_timestamp|current_date|current_time|localtimestamp|localtime)\b",
    re.IGNORECASE,
)
# Spelled apart, so that this file does not hold them.
FOREIGN_WORDS = re.compile(
    "|".join(
        [
            "/wo" r"rk/(main|shared|\.library)", "/ro" r"ot/", "/ho" r"me/\w", "/Us" r"ers/\w",
            r"py" r"pi\.org", r"python" r"hosted\.org", r"npm" r"js\.(org|com)", r"yarn" r"pkg\.com",
            r"crates" r"\.io", r"proxy\.go" r"lang\.org", r"ana" r"conda\.(org|com)",
        ]
    )
)  # fmt: skip


class Finding(NamedTuple):
    """What is wrong with one line. text: the line itself."""

    path: str
    line: int
    words: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.words}: {self.text}"

    @property
    def key(self) -> str:
        """How the allowance names it: without the line, which moves and changes."""
        return f"{self.path}: {self.words}"


class Source(NamedTuple):
    """One Python file. path: relative to the repository, with slashes."""

    path: str
    text: str

    @property
    def module(self) -> str:
        """Its dotted name; a package is called by the package's name."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def tree(self) -> ast.Module:
        """Its parsed form."""
        return parsed(self.text)

    def at(self, node: ast.AST | int, words: str) -> Finding:
        """A finding on a node's first line, or on a line."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        lines = self.text.splitlines()
        return Finding(self.path, line, words, lines[line - 1].strip() if line <= len(lines) else "")


@cache
def parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def repository_files() -> tuple[str, ...]:
    """What git keeps or would keep; all files where there is no git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0:
        names = listed.stdout.split("\0")
    else:
        environments = [mark.parent for mark in ROOT.rglob("pyvenv.cfg")]
        names = [
            path.relative_to(ROOT).as_posix()
            for path in ROOT.rglob("*")
            if path.is_file() and not any(path.is_relative_to(each) for each in environments)
        ]
    return tuple(sorted({name for name in names if name and (ROOT / name).is_file()}))


def sources(*below: str) -> list[Source]:
    """The Python files under some folders; all of them when none is named."""
    return [
        Source(name, (ROOT / name).read_text())
        for name in repository_files()
        if name.endswith(".py") and (not below or name.startswith(below))
    ]


def imports(source: Source) -> Iterator[tuple[ast.stmt, str]]:
    """Each imported module or name, dotted, with its statement."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = source.module.split(".")
            if not source.path.endswith("__init__.py"):
                package = package[:-1]
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            yield from ((node, f"{base}.{each.name}") for each in node.names)


def layer(module: str) -> int | None:
    """How high a module of ours stands; None for the package itself and for what is not ours."""
    parts = module.split(".")
    if parts[0] != "orderwright" or len(parts) < 2 or parts[1] == "__version__":
        return None
    name = PLACES.get(parts[1], parts[1])
    if name == "links":
        return LAYERS.index("business") + 1
    return LAYERS.index(name) if name in LAYERS else -1


def area(module: str) -> str | None:
    """The business area a module lies in."""
    parts = module.split(".")
    return parts[2] if parts[:2] == ["orderwright", "business"] and len(parts) > 2 else None


def is_rules(source: Source) -> bool:
    return "rules" in source.module.split(".") and source.path.startswith("orderwright/business/")


def import_floors(source: Source) -> Iterator[Finding]:
    """values <- database <- areas, in their order <- flows <- doors <- app; links see values, papers and ports."""
    own_layer, own_area = layer(source.module), area(source.module)
    if own_layer == -1 or (own_area is not None and own_area not in AREAS):
        yield source.at(1, f"{source.module} has no declared place in LAYERS or AREAS")
        return
    for node, name in imports(source):
        other_layer, other_area = layer(name), area(name)
        if other_layer is None:
            continue
        in_links, to_links = (each.startswith("orderwright.links") for each in (source.module, name))
        if to_links and not in_links and source.module != "orderwright.app":
            yield source.at(node, "only app.py imports links")
        elif in_links and other_layer == LAYERS.index("business"):
            if "ports" not in name.split("."):
                yield source.at(node, "links import values, papers and the areas' ports")
        elif in_links and not to_links and other_layer > LAYERS.index("papers"):
            yield source.at(node, "links import values, papers and the areas' ports")
        elif own_layer is not None and other_layer > own_layer:
            yield source.at(node, f"{LAYERS[own_layer]} may not import {LAYERS[other_layer]}")
        elif other_area in AREAS and own_area is not None and other_area != own_area:
            yield from _across_areas(source, node, own_area, other_area, name)


def _across_areas(source: Source, node: ast.stmt, own: str, other: str, name: str) -> Iterator[Finding]:
    if AREAS.index(other) > AREAS.index(own):
        yield source.at(node, f"{own} comes before {other} and may not import it")
        return
    # Deeds stand above the areas and decide by their rules; rules are pure, so that couples nothing to a table.
    for part in ("tables",) if own in ABOVE_AREAS else ("tables", "rules"):
        if part in name.split(".")[3:]:
            yield source.at(node, f"the {part} of {other} are its own; use its actions, reads or facts")


def rules_stay_pure(source: Source) -> Iterator[Finding]:
    """rules.py imports values and the standard library alone, and knows no float."""
    if not is_rules(source):
        return
    package = source.module.rpartition(".")[0] if source.module.split(".")[-1] == "rules" else source.module
    for node, name in imports(source):
        first = name.split(".")[0]
        is_own_part = name.startswith(f"{package}.rules") and "rules" in source.path.split("/")
        if not (first in sys.stdlib_module_names or name.startswith("orderwright.values.") or is_own_part):
            yield source.at(node, "rules import values alone")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield source.at(node, "no float in rules")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            yield source.at(node, "no float in rules")


def names_are_the_trades(source: Source) -> Iterator[Finding]:
    """No module, class or function is called after what programmers call things."""
    named: list[tuple[ast.AST | int, str, bool]] = [(1, source.module.rpartition(".")[2], True)]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            named.append((node, node.name, True))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            named.append((node, node.name, False))
    for node, name, is_thing in named:
        words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
        lowered = [word.lower() for word in words]
        if name in NAMED_BY_OTHERS:
            continue
        if FORBIDDEN_WORDS & set(lowered) or (is_thing and lowered and lowered[-1] in FORBIDDEN_ENDINGS):
            yield source.at(node, f"`{name}` is not a word of the trade")


def public_words_are_explained(source: Source) -> Iterator[Finding]:
    """Every public function of rules, actions and reads has a docstring."""
    if not {"rules", "actions", "reads"} & set(source.module.split(".")) or not source.path.startswith("orderwright/"):
        return
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node):
            yield source.at(node, f"`{node.name}` has no docstring")


def sql_never_reads_the_clock(source: Source) -> Iterator[Finding]:
    """Time is `tx.now`: a store's clock may be a simulated one."""
    if not source.path.startswith(("orderwright/", "bench/")):
        return
    explained = {
        id(node.body[0].value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
            for found in CLOCK.finditer(node.value):
                line = node.lineno + node.value[: found.start()].count("\n")
                yield source.at(line, f"SQL reads the clock ({found[0]})")


def only_the_database_commits(source: Source) -> Iterator[Finding]:
    """Actions never commit: the one who opened the transaction does."""
    if not source.path.startswith("orderwright/") or source.path.startswith("orderwright/database/"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield source.at(node, "commit outside database/")


def nobody_swallows_everything(source: Source) -> Iterator[Finding]:
    """No `except Exception` that goes on, but where MAY_CATCH_ALL says why."""
    if source.path in MAY_CATCH_ALL or not source.path.startswith("orderwright/"):
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        is_wide = any(
            each is None or (isinstance(each, ast.Name) and each.id in ("Exception", "BaseException"))
            for each in caught
        )
        last = node.body[-1]
        if is_wide and not (isinstance(last, ast.Raise) and last.exc is None):
            yield source.at(node, "catches everything")


CHECKS: Sequence[Callable[[Source], Iterator[Finding]]] = (
    import_floors,
    rules_stay_pure,
    names_are_the_trades,
    public_words_are_explained,
    sql_never_reads_the_clock,
    only_the_database_commits,
    nobody_swallows_everything,
)
