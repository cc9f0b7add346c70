"""Pages about codes, invariants, routes and tables say what the program says, no less and no more."""

import re

import pytest

from bench.__main__ import SUITES
from orderwright.app import wiring
from orderwright.database.migrate import CONTROL, migrations
from orderwright.doors.cli import run
from tests.docs.commands import all_commands
from tests.docs.pages import DOCS, made_pages


@pytest.mark.parametrize("name", sorted(made_pages()))
def test_a_made_page_is_up_to_date(name):
    assert (DOCS / name).read_text() == made_pages()[name], "make it anew: python -m tests.docs.pages"


def test_every_table_is_explained():
    made = "".join(each.sql for each in migrations()) + CONTROL.replace("orderwright.", "")
    tables = set(re.findall(r"^create table (?:if not exists )?(\w+)", made, re.MULTILINE | re.IGNORECASE))
    explained = re.findall(r"^\| `(\w+)` \| .{10,} \|$", (DOCS / "schema.md").read_text(), re.MULTILINE)
    assert (set(tables) | {"migration"}) - set(explained) == set(), "explain them in docs/schema.md"
    assert set(explained) - tables == {"migration"}, "migrate.py makes that one; other tables are gone"
    assert len(explained) == len(set(explained))


@pytest.mark.parametrize("command", all_commands(), ids=lambda command: command.words)
def test_help_shows_the_same_example(command, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as ended:
        run(wiring, [*command.words.split()[1:], "--help"])
    assert not ended.value.code
    assert f"Example: {command.example}" in " ".join(capsys.readouterr().out.split())


def test_every_benchmark_has_its_place_for_figures():
    page = (DOCS / "measurements.md").read_text()
    assert [name for name in SUITES if f"`python -m bench {name}`" not in page] == []


def test_links_between_pages_lead_somewhere():
    pages = [DOCS.parent / "README.md", DOCS.parent / "CHANGELOG.md", *DOCS.rglob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())]
    assert links
    assert [
        f"{page.name}: {link}"
        for page, link in links
        if not link.startswith("https://") and not (page.parent / link).exists()
    ] == []


def test_files_that_pages_name_are_there():
    pages = [DOCS.parent / "README.md", DOCS.parent / "CHANGELOG.md", *DOCS.rglob("*.md")]
    named = [
        (page.name, path)
        for page in pages
        for path in re.findall(r"`((?:orderwright|tests|docs|bench|tools)/[^`\s:<>]*)`", page.read_text())
    ]
    assert named
    assert [f"{page}: {path}" for page, path in named if not (DOCS.parent / path).exists() and "NNNN" not in path] == []
