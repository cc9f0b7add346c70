"""The exceptions desk, second part: put off, and settled by the shop's own procedure."""

import re
from datetime import timedelta

import pytest

from orderwright.business.deeds.dials import turn_dials
from orderwright.doors.console.steps import steps
from tests.console.conftest import Console
from tests.console.test_exceptions import TYPO, held
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


def test_a_dial_is_turned_by_managers_and_what_it_did_is_told_and_taken_back(
    console: Console, clerk: Visit, lead: Visit
):
    path = "/exceptions/dials/address"
    assert lead.submit("/exceptions/dials", path, setting="tell").status == 303
    assert f'action="{path}"' not in clerk.get("/exceptions/dials").text
    assert (
        clerk.post(path, {**lead.get("/exceptions/dials").hidden(path), "csrf": "", "setting": "silent"}).status == 403
    )
    number = str(console.shop.place({"MUG": 1}, ship_to=TYPO).number)
    with console.shop.begin() as tx:
        turn_dials(tx, [])
    assert console.shop.state(number) == "allocated"
    page = clerk.get("/exceptions/decisions")
    assert "The suggested address was used" in page.words
    [back] = re.findall(r'href="(/exceptions/decisions/[0-9a-f-]+/override)"', page.text)
    assert clerk.submit(back, back, reason=" ").status == 422
    assert clerk.submit(back, back, reason=f"Wrong town {EVIL}").status == 303
    assert console.shop.state(number) == "held"
    told = clerk.get("/exceptions/decisions?all=true")
    assert "Taken back by Clara Clerk" in told.words
    assert EVIL not in told.text
    assert "Decided otherwise 1 (100%)" in lead.get("/exceptions/dials").words


def test_what_was_told_is_looked_at_once(console: Console, clerk: Visit, lead: Visit):
    lead.submit("/exceptions/dials", "/exceptions/dials/address", setting="tell")
    console.shop.place({"MUG": 1}, ship_to=TYPO)
    with console.shop.begin() as tx:
        turn_dials(tx, [])
    assert "Done by itself 1" in clerk.get("/exceptions").words
    page = clerk.get("/exceptions/decisions")
    [action] = re.findall(r'action="([^"]+/accept)"', page.text)
    fields = page.hidden(action)
    assert [clerk.post(action, fields).status for _ in range(2)] == [303, 303]
    assert "Nothing to look at" in clerk.get("/exceptions/decisions").words


def test_settling_otherwise_than_suggested_asks_why(console: Console, clerk: Visit):
    console.shop.place({"MUG": 1}, ship_to=TYPO)
    with console.shop.begin() as tx:
        turn_dials(tx, [])
    path = f"/exceptions/{console.shop.value('SELECT id::text FROM exception')}/resolve"
    assert "Why not as suggested?" in clerk.get(path).words
    seen = clerk.submit(path, path)
    assert (seen.status, "Please say why." in seen.words) == (422, True)
    assert clerk.submit(path, path, note="By phone.").status == 303


def test_dials_are_of_the_whole_store(console: Console, clerk: Visit):
    partner = console.visit(console.person("partner", name="Pat", sites=["LEEDS"]))
    assert [partner.get(path).status for path in ("/exceptions/dials", "/exceptions/decisions")] == [403, 403]
    assert "/exceptions/dials" not in partner.get("/exceptions").text
    assert clerk.get("/exceptions/dials/colour").status == 404
    assert clerk.get("/exceptions/decisions/nothing/override").status == 404
