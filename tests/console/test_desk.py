"""The exceptions desk, second part: put off, and settled by the shop's own procedure."""

import re
from datetime import timedelta

import pytest

from orderwright.doors.console.steps import steps
from tests.console.conftest import Console
from tests.console.test_exceptions import held
from tests.console.visiting import Visit

EVIL = '<img src=x onerror="alert(1)">'


@pytest.fixture
def clerk(console: Console) -> Visit:
    console.owner()
    console.shop.stock("LEEDS", MUG=9)
    return console.visit(console.person("clerk", name="Clara Clerk"))


@pytest.fixture
def lead(console: Console, clerk: Visit) -> Visit:
    return console.visit(console.person("manager", name="Mae"))


def test_what_is_put_off_leaves_the_queue_and_says_so_when_it_is_back(console: Console, clerk: Visit):
    number, id_ = held(console)
    path = f"/exceptions/{id_}/snooze"
    shown = clerk.get(path)
    assert "comes back by itself" in shown.words
    [moment] = re.findall(r'<option value="([^"]+)" selected>', shown.text)
    assert clerk.post(path, {**shown.hidden(path), "at": moment}).location == "/exceptions"
    assert number not in clerk.get("/exceptions").words
    assert "Put off until" in clerk.get("/exceptions?snoozed=true").words
    with console.shop.begin() as tx:
        tx.write("UPDATE clock SET simulated_at = %(at)s", at=tx.now + timedelta(hours=25))
    assert "Was put off until" in clerk.get("/exceptions").words


def test_it_is_put_off_until_a_moment_by_ones_own_clock_and_taken_up_again(console: Console, clerk: Visit):
    _, id_ = held(console)
    path = f"/exceptions/{id_}/snooze"
    with console.shop.store.read() as tx:
        local = (tx.now + timedelta(days=3)).replace(second=0, microsecond=0, tzinfo=None)
    fields = {**clerk.get(path).hidden(path), "until": local.isoformat()[:16], "zone": "America/New_York"}
    assert [clerk.post(path, fields).status for _ in range(2)] == [303, 303]
    until = console.shop.value("SELECT snoozed_until AT TIME ZONE 'America/New_York' FROM exception")
    assert until == local
    assert "Look at it now" in clerk.get(path).words
    clerk.submit(path, path)
    assert "Stopped by hand" in clerk.get("/exceptions").words


def test_a_moment_gone_by_is_answered(console: Console, clerk: Visit):
    _, id_ = held(console)
    path = f"/exceptions/{id_}/snooze"
    assert clerk.submit(path, path, until="2001-01-01T10:00").status == 422
    assert clerk.submit(path, path, until="soon").status == 422


def test_a_procedure_stands_where_the_exception_is_settled_and_is_kept_with_it(
    console: Console, clerk: Visit, lead: Visit
):
    _, id_ = held(console)
    path = "/exceptions/procedures/manual/planned"
    assert lead.submit(path, path, text=f"# First\n1. **Call** {EVIL}\n2. Write it down.").status == 303
    page = clerk.get("/exceptions")
    assert "<li><strong>Call</strong> &lt;img src=x" in page.text
    assert EVIL not in page.text
    settle = f"/exceptions/{id_}/resolve"
    assert "version 1" in clerk.get(settle).words
    assert clerk.submit(settle, settle).status == 303
    assert "Procedure at hand version 1" in clerk.get(f"/exceptions/{id_}").words
    assert "1 exception settled with it" in clerk.get(path).words


def test_procedures_are_written_by_managers_and_every_version_is_kept(console: Console, clerk: Visit, lead: Visit):
    path = "/exceptions/procedures/address/any"
    page = lead.get(path)
    assert lead.submit(path, path, text="1. Call.").status == 303
    assert lead.post(path, {**page.hidden(path), "text": "1. Mine."}).status == 412
    assert lead.submit(path, path, text="1. Write.").status == 303
    assert "1. Call." not in lead.get(path).text
    assert "<li>Call.</li>" in clerk.get(f"{path}?version=1").text
    assert f'action="{path}"' not in clerk.get(path).text
    assert clerk.post(path, {**lead.get(path).hidden(path), "csrf": "", "text": "x"}).status == 403
    assert "version 2" in clerk.get("/exceptions/procedures").words
    assert clerk.get("/exceptions/procedures/address/moon").status == 404


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("1. A\n2) B", "<ol><li>A</li><li>B</li></ol>"),
        ("- A\n\nThen **b**\n* C", "<ul><li>A</li></ul><p>Then <strong>b</strong></p><ul><li>C</li></ul>"),
        ("# Head <b>", "<p><strong>Head &lt;b&gt;</strong></p>"),
        ("**<i>**", "<p><strong>&lt;i&gt;</strong></p>"),
        ("", ""),
    ],
)
def test_steps_are_lists_and_everything_else_is_text(text: str, html: str):
    assert steps(text) == html
