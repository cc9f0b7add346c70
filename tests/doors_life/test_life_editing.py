"""An order edited over HTTP: previewed, done, refused when it is too late or somebody else was faster."""

from typing import Any

import msgspec
import pytest

from orderwright.values.ids import new_id
from tests.doors_life.conftest import Life


@pytest.fixture
def order(life: Life) -> dict[str, Any]:
    """The form of an order of two mugs."""
    life.shop.stock("LEEDS", MUG=5)
    form: dict[str, Any] = msgspec.to_builtins(life.shop.form({"MUG": 2}, reference=f"E-{new_id()}"))
    return form


def with_units(form: dict[str, Any], units: int) -> dict[str, Any]:
    total = f"{units * 7.5:.2f}"
    return {**form, "lines": [{**form["lines"][0], "quantity": units}], "total": total}


def test_an_edit_is_previewed_and_then_done(life: Life, order: dict[str, Any]) -> None:
    number = life.done("/v1/orders", order)["number"]
    path = f"/v1/orders/{number}/edit"
    wanted = with_units(order, 3)
    before = life.snapshot()
    preview = life.done(path, {"order": wanted, "dry_run": True})
    assert (preview["dry_run"], preview["after"]["total"], preview["amount_due"]) == (True, "22.50", "7.50")
    assert life.snapshot() == before
    reply = life.post(path, {"order": wanted}, if_match="1")
    assert (reply.status, reply.json["version"], reply.json["after"]) == (200, 2, preview["after"])
    [line] = life.get(f"/v1/orders/{number}")["lines"]
    assert (line["quantity"], line["amount"]) == (3, "22.50")
    assert life.done(path, {"order": wanted})["repeated"]
    stale = life.refused(path, {"order": order}, if_match="1")
    assert stale == (412, "stale", {"version": 2})


def test_an_edit_that_comes_too_late_or_changes_what_is_fixed_is_refused(life: Life, order: dict[str, Any]) -> None:
    number = life.done("/v1/orders", order)["number"]
    path = f"/v1/orders/{number}/edit"
    status, code, facts = life.refused(path, {"order": {**order, "reference": "another"}})
    assert (status, code, facts["fields"]) == (422, "edit_fixed", ["/reference"])
    life.released(number)
    status, code, facts = life.refused(path, {"order": with_units(order, 3)})
    assert (status, code, facts["state"]) == (409, "order_step", "allocated")
    assert life.refused("/v1/orders/OW-0/edit", {"order": order})[:2] == (404, "not_found")
