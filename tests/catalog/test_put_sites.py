"""Sites with their first places, further places, and channels."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from orderwright.business.catalog.actions import put_places, put_sites
from orderwright.business.catalog.forms import BufferForm, ChannelPolicyForm, PlaceForm, PutPlace, PutSite, Saved
from orderwright.business.catalog.reads import ChannelPolicy, catalog_of
from orderwright.values.forms import AddressForm
from tests.shelves import CLERK, put_channel, put_product, put_site, site_form, told


def put_place(tx, code, site="LEEDS", **changes):
    [result] = put_places(tx, [PutPlace(site=site, code=code, form=PlaceForm(**changes), actor=CLERK)])
    return result


def places(tx, site="LEEDS"):
    rows = tx.rows("SELECT code, kind FROM place WHERE site = %(site)s ORDER BY id", site=site)
    return [(row.code, row.kind) for row in rows]


def test_a_new_site_has_the_places_every_site_has(tx):
    assert put_site(tx, "LEEDS") == Saved("LEEDS", 1, True)
    assert sorted(places(tx)) == [
        ("CUSTOMER", "customer"), ("FOUND", "found"), ("LOST", "lost"), ("PACKING", "packing"),
        ("QUARANTINE", "quarantine"), ("RECEIVING", "receiving"), ("RETURNS", "returns"), ("SCRAP", "scrap"),
        ("STOCK", "bin"), ("SUPPLIER", "supplier"), ("TRANSIT", "transit"),
    ]  # fmt: skip


def test_a_site_is_replaced_whole_and_keeps_its_places(tx):
    put_site(tx, "LEEDS", holidays="GB-ENG", closed_dates=[date(2026, 12, 24)], handling_minor=120)
    put_place(tx, "A-1")
    assert put_site(tx, "LEEDS", working_days=("sat",), address=AddressForm(country="FR")) == Saved("LEEDS", 2)
    row = tx.row("SELECT country, working_days, holidays, closed_dates, handling_minor, version FROM site")
    assert row == ("FR", ["sat"], "", [], 0, 2)
    assert len(places(tx)) == 12
    [stale] = put_sites(tx, [PutSite(code="LEEDS", form=site_form(), version=1, actor=CLERK)])
    assert stale.code == "stale"


def test_days_and_dates_are_kept_as_given(tx):
    put_site(tx, "LEEDS", closed_dates=[date(2026, 12, 24), date(2027, 1, 2)], holidays="GB")
    assert tx.row("SELECT working_days, closed_dates FROM site") == (
        ["mon", "tue", "wed", "thu", "fri"], [date(2026, 12, 24), date(2027, 1, 2)],
    )  # fmt: skip


def test_all_findings_of_a_site_come_at_once(tx):
    refusal = put_site(
        tx, "LEEDS", name="a\x07", time_zone="Europe/Nowhere", address=AddressForm(country="ZZ"), holidays="QQ",
        working_days=("mon", "mon"), closed_dates=[date(2026, 1, 1)] * 3,
    )  # fmt: skip
    assert refusal.code == "malformed"
    assert told(refusal) == [
        ("/name", "control_character"), ("/address/country", "country_unknown"), ("/holidays", "country_unknown"),
        ("/time_zone", "time_zone_unknown"), ("/working_days", "twice"), ("/closed_dates", "twice"),
    ]  # fmt: skip
    assert tx.rows("SELECT code FROM site") == []


def test_one_site_twice_in_a_call_is_made_and_then_replaced(tx):
    commands = [PutSite(code="LEEDS", form=site_form(name=name), actor=CLERK) for name in ("One", "Two")]
    assert put_sites(tx, commands) == [Saved("LEEDS", 1, True), Saved("LEEDS", 2)]
    assert tx.rows("SELECT name, version FROM site") == [("Two", 2)]


def test_a_place_is_made_and_moved_but_keeps_its_kind(tx):
    put_site(tx, "LEEDS")
    assert put_place(tx, "A-1", zone="A", aisle=1, x_mm=1500) == Saved("A-1", is_new=True)
    assert put_place(tx, "A-1", zone="B", aisle=2) == Saved("A-1")
    assert tx.rows("SELECT zone, aisle, x_mm FROM place WHERE code = 'A-1'") == [("B", 2, 0)]
    assert told(put_place(tx, "A-1", kind="quarantine")) == [("/kind", "kind")]
    assert told(put_place(tx, "LOST")) == [("/kind", "kind")]
    assert put_place(tx, "PACKING", kind="packing", aisle=9) == Saved("PACKING")
    assert ("A-1", "bin") in places(tx)


def test_a_place_needs_its_site(tx):
    assert told(put_place(tx, "A-1", site="NOWHERE")) == [("/site", "unknown_site")]
    assert told(put_place(tx, "a\0")) == [("/code", "nul"), ("/site", "unknown_site")]
    assert tx.rows("SELECT code FROM place") == []


def test_a_channel_keeps_its_policy_as_the_order_path_reads_it(tx):
    put_site(tx, "LEEDS")
    put_product(tx, "MUG")
    policy = ChannelPolicyForm(shortage="refuse", split_value_min="12.50", countries=("GB", "IE"))
    buffers = [BufferForm(withheld=5), BufferForm(withheld=2, sku="MUG", site="LEEDS")]
    assert put_channel(tx, "web", buffers, policy=policy) == Saved("web", 1, True)
    channel = catalog_of(tx).channels["web"]
    assert channel.policy == ChannelPolicy(shortage="refuse", split_value_min_minor=1250, countries=("GB", "IE"))
    assert channel.withheld == {("", ""): 5, ("MUG", "LEEDS"): 2}
    assert put_channel(tx, "web") == Saved("web", 2)
    assert tx.rows("SELECT * FROM channel_buffer") == []
    assert tx.row("SELECT policy FROM channel") == ("{}",)


@pytest.mark.parametrize(
    ("changes", "code", "findings"),
    [
        ({"currency": "ZZZ"}, "malformed", [("/currency", "currency_unknown")]),
        ({"policy": ChannelPolicyForm(split_value_min="1,5")}, "malformed", [("/policy/split_value_min", "bad_money")]),
        ({"policy": ChannelPolicyForm(countries=("GB", "UK"))}, "malformed",
         [("/policy/countries/1", "country_unknown")]),
        ({"buffers": [BufferForm(withheld=1, sku="NONE"), BufferForm(withheld=1, site="NONE")]}, "unknown_sku",
         [("/buffers/0/sku", "unknown_sku"), ("/buffers/1/site", "unknown_site")]),
        ({"buffers": [BufferForm(withheld=1), BufferForm(withheld=2)]}, "malformed", [("/buffers", "twice")]),
    ],
)  # fmt: skip
def test_a_wrong_channel_is_refused(tx, changes, code, findings):
    refusal = put_channel(tx, "web", **changes)
    assert (refusal.code, told(refusal)) == (code, findings)
    assert tx.rows("SELECT code FROM channel") == []


def test_a_product_and_a_site_made_at_the_same_moment_know_each_other(own_shelves):
    def open_site():
        with own_shelves.begin() as other:
            put_site(other, "LEEDS")

    with ThreadPoolExecutor(1) as clerk:
        with own_shelves.begin() as tx:
            put_product(tx, "MUG")
            late = clerk.submit(open_site)
            while not tx.row("SELECT 1 FROM pg_sleep(0.01), pg_locks WHERE NOT granted"):
                assert not late.done()
        late.result()
    with own_shelves.read() as tx:
        assert tx.rows("SELECT sku, site FROM availability") == [("MUG", "LEEDS")]
