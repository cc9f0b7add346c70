"""Settings, tasks, health and figures."""

import pytest

from orderwright.database import tasks
from orderwright.values.ids import new_id
from tests.client import Client
from tests.doors.conftest import Served


def test_settings_say_what_is_in_force_and_where_it_is_said(admin: Client) -> None:
    shown = {each["name"]: each for each in admin("GET", "/v1/settings").json["items"]}
    days = shown["retention.idempotency_days"]
    assert (days["value"], days["default"], days["source"]) == (30, 30, "default")


def test_a_setting_is_changed_kept_with_before_and_after_and_falls_back(served: Served, admin: Client) -> None:
    name = "retention.task_days"
    changed = admin("PUT", "/v1/settings", {name: 7})
    assert [(each["value"], each["source"]) for each in changed.json["items"] if each["name"] == name] == [(7, "store")]
    back = admin("PUT", "/v1/settings", {})
    assert [each["value"] for each in back.json["items"] if each["name"] == name] == [14]
    rows = served.shop.rows(
        "SELECT before, after, actor FROM house_change WHERE kind = 'setting' AND name = %(name)s ORDER BY id",
        name=name,
    )
    assert [(row.before, row.after) for row in rows] == [(None, "7"), ("7", None)]
    assert rows[0].actor.startswith("key:")


def test_a_setting_that_is_none_or_of_the_wrong_form_changes_nothing(admin: Client) -> None:
    before = admin("GET", "/v1/settings").json
    reply = admin("PUT", "/v1/settings", {"retention.task_days": 0, "colour": "red", "retention.inbox_days": 1})
    assert (reply.status, reply.code) == (422, "malformed")
    assert [(each["pointer"], each["code"]) for each in reply.json["findings"]] == [
        ("/retention.task_days", "wrong_value"),
        ("/colour", "setting_unknown"),
    ]
    assert admin("GET", "/v1/settings").json == before


def _dead_task(served: Served) -> str:
    with served.shop.begin() as tx:
        tx.enqueue("trial", new_id())
    with served.shop.begin() as tx:
        (task,) = tasks.claim(tx, ["trial"], 1)
        tasks.fail(tx, task, "it broke", final=True)
    return task.id


def test_dead_tasks_are_listed_newest_first_and_tried_again(served: Served, admin: Client) -> None:
    older, newer = _dead_task(served), _dead_task(served)
    first = admin("GET", "/v1/tasks?limit=1").json
    assert [(each["id"], each["error"]) for each in first["items"]] == [(newer, "it broke")]
    second = admin("GET", f"/v1/tasks?limit=1&after={first['next']}").json
    assert [each["id"] for each in second["items"]] == [older]
    again = admin("POST", f"/v1/tasks/{older}/retry").json
    assert (again["state"], again["attempt"]) == ("open", 0)
    assert older not in [each["id"] for each in admin("GET", "/v1/tasks").json["items"]]


def test_only_a_dead_task_is_tried_again(served: Served, admin: Client) -> None:
    id_ = _dead_task(served)
    assert admin("POST", f"/v1/tasks/{id_}/retry").status == 200
    reply = admin("POST", f"/v1/tasks/{id_}/retry")
    assert (reply.status, reply.code, reply.json["state"]) == (409, "task_step", "open")
    assert admin("POST", f"/v1/tasks/{new_id()}/retry").code == "not_found"
    assert admin("POST", "/v1/tasks/none/retry").code == "not_found"


@pytest.mark.parametrize("query", ["state=lost", "after=x", "after=WyJ4Il0"])
def test_tasks_asked_for_wrongly_are_refused(admin: Client, query: str) -> None:
    assert admin("GET", f"/v1/tasks?{query}").code == "malformed"


def test_figures_are_told_for_prometheus(served: Served, admin: Client) -> None:
    admin("POST", "/v1/trial/acts", {"name": "counted"})
    text = Client(served.port)("GET", "/metrics").content.decode()
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(lines['orderwright_requests_total{method="POST",route="/v1/trial/acts",status="201"}']) >= 1
    assert float(lines['orderwright_group_commands_count{action="act"}']) >= 1
    assert lines["orderwright_waiting_calls"] is not None
    assert f'orderwright_tasks{{state="dead",store="{served.shop.store.name}"}}' in lines
    assert "/v1/trial/acts?" not in text
