"""When trucks leave a site, and how much may be on its floor, kept by a form."""

import pytest

from orderwright.business.warehouse.release_policy import get_release_policy
from tests.console.conftest import Console
from tests.console.test_settings import filled
from tests.console.visiting import Visit

HERE = "/settings/sites/LEEDS/trucks"


@pytest.fixture
def owner(console: Console) -> Visit:
    return console.visit(console.owner())


def trucks(console: Console) -> list[tuple[str, str, str, str]]:
    return [tuple(row) for row in console.shop.rows(
        "SELECT leaves_at, carrier, service, string_agg(weekday, ' ' ORDER BY weekday) FROM truck WHERE site = 'LEEDS'"
        " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )]  # fmt: skip


def test_a_site_nobody_told_of_trucks_has_none_and_gets_one_by_the_form(console: Console, owner: Visit):
    assert 'href="/settings/sites/LEEDS/trucks"' in owner.get("/settings/sites/LEEDS").text
    fields = filled(owner.get(HERE))
    assert (fields["lead_minutes"], fields["orders_max"], fields["trucks/0/leaves_at"]) == ("60", "", "")
    seen = owner.post(HERE, {**fields, "trucks/0/leaves_at": "16:00", "trucks/0/carrier": "practice"})
    assert seen.location == HERE
    assert trucks(console) == [("16:00", "practice", "", "fri mon thu tue wed")]


def test_trucks_are_changed_added_and_taken_out_and_what_is_not_touched_stays(console: Console, owner: Visit):
    fields = filled(owner.get(HERE))
    fields |= {"trucks/0/leaves_at": "12:00", "trucks/0/service": "express", "trucks/1/leaves_at": "16:00",
               "orders_max": "300", "lead_minutes": "45", "zones/0/zone": "A", "zones/0/units_max": "400"}  # fmt: skip
    for day in ("mon", "tue", "wed", "thu"):
        fields.pop(f"trucks/1/days/{day}")
    assert owner.post(HERE, fields).location == HERE
    assert trucks(console) == [("12:00", "", "express", "fri mon thu tue wed"), ("16:00", "", "", "fri")]
    before = owner.get(HERE)
    assert owner.post(HERE, filled(before)).location == HERE
    assert not console.shop.value(
        "SELECT count(*) FROM house_change WHERE kind = 'release_policy' AND before <> 'null'"
    )
    fields = {
        **filled(owner.get(HERE)),
        "trucks/0/leaves_at": "",
        "trucks/2/leaves_at": "18:30",
        "trucks/2/days/sat": "true",
    }
    assert owner.post(HERE, fields).location == HERE
    assert trucks(console) == [("16:00", "", "", "fri"), ("18:30", "", "", "fri mon sat thu tue wed")]
    with console.shop.store.read() as tx:
        rule = get_release_policy(tx, "LEEDS")
    assert (rule.orders_max, rule.lead_minutes, [(each.zone, each.units_max) for each in rule.zones], rule.version) == (
        300, 45, [("A", 400)], 3,
    )  # fmt: skip
    history = owner.get("/settings/history?kind=release_policy&name=LEEDS").words
    assert "18:30" in history
    assert "12:00" in history


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"trucks/0/leaves_at": "25:00"}, "trucks-0-leaves_at"), ({"lead_minutes": "²"}, "lead_minutes"),
        ({"orders_max": "-1"}, "orders_max"), ({"zones/0/zone": "A", "zones/0/units_max": "many"}, "zones-0-units_max"),
        ({"trucks/0/leaves_at": "12:00", "trucks/1/leaves_at": "12:00"}, "trucks"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(
    console: Console, owner: Visit, wrong: dict[str, str], field: str
):
    seen = owner.post(HERE, {**filled(owner.get(HERE)), "trucks/0/leaves_at": "09:15", **wrong})
    assert (seen.status, f'id="{field}-wrong"' in seen.text) == (422, True)
    assert console.shop.value("SELECT count(*) FROM release_policy") == 0


def test_a_truck_on_no_day_is_refused_with_what_was_ticked(owner: Visit):
    fields = {name: text for name, text in filled(owner.get(HERE)).items() if not name.startswith("trucks/0/days/")}
    seen = owner.post(HERE, {**fields, "trucks/0/leaves_at": "09:15"})
    assert (seen.status, 'id="trucks-0-weekdays-wrong"' in seen.text) == (422, True)
    assert "trucks/0/days/mon" not in filled(seen)
    assert "trucks/1/days/mon" in filled(seen)


def test_two_who_change_a_gate_are_told_apart(owner: Visit):
    fields = filled(owner.get(HERE))
    assert owner.post(HERE, {**fields, "trucks/0/leaves_at": "12:00"}).status == 303
    assert owner.post(HERE, {**fields, "trucks/0/leaves_at": "13:00", "once": "another"}).status == 412


def test_who_only_works_there_looks_and_changes_nothing_and_who_works_elsewhere_does_not_look(
    console: Console, owner: Visit
):
    owner.post(HERE, {**filled(owner.get(HERE)), "trucks/0/leaves_at": "12:00"})
    picker = console.visit(console.person("picker", name="Pim", sites=["LEEDS"]))
    page = picker.get(HERE)
    assert ("12:00" in page.text, "<button>Save" in page.text) == (True, False)
    assert picker.post(HERE, {**filled(page), "trucks/0/leaves_at": "13:00"}).status == 403
    assert picker.get("/settings/sites/BRISTOL/trucks").status == 403
    assert owner.get("/settings/sites/NOWHERE/trucks").status == 404
