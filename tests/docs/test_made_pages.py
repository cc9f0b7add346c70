"""Pages about codes, invariants, routes and tables say what the program says, no less and no more."""

import re

import pytest

from orderwright.database.migrate import CONTROL, migrations
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
