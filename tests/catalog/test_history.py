"""Each change of what a shop is made of is kept: who made it, what differs, how it was before."""

from orderwright.business.catalog.actions import put_places, put_sites
from orderwright.business.catalog.forms import BufferForm, ChannelPolicyForm, CodeForm, PlaceForm, PutPlace, PutSite
from orderwright.business.catalog.sale_events import PutSaleEvent, SaleEventForm, put_sale_events
from orderwright.business.shipping.packing.cartons import put_cartons
from orderwright.business.shipping.packing.forms import CartonForm, InsertForm, PutCarton, PutInsert
from orderwright.business.shipping.packing.inserts import put_inserts
from orderwright.business.warehouse.floor_forms import FloorForm, PutFloor
from orderwright.business.warehouse.floors import put_floors
from orderwright.business.warehouse.release_policy import PutReleasePolicy, ReleasePolicyForm, put_release_policies
from orderwright.database.changes import ChangeQuery, list_changes
from tests.shelves import CLERK, put_channel, put_product, put_site, site_form


def kept(tx, kind):
    return [(each.name, each.before, each.after, each.actor) for each in list_changes(tx, ChangeQuery(kind=kind)).items]


def test_a_product_keeps_what_differs_and_nothing_when_it_is_put_as_it_was(tx):
    put_product(tx, "MUG", price="7.5")
    put_product(tx, "MUG", price="7.50")
    put_product(tx, "MUG", price="8.00", codes=[CodeForm(code="CUP", kind="alias")])
    latest, first = kept(tx, "product")
    assert (first[0], first[1], first[2]["price"], first[3]) == ("MUG", None, "7.50", CLERK)
    assert (latest[1]["price"], latest[2]["price"], latest[1]["codes"]) == ("7.50", "8.00", [])
    assert (set(latest[2]), latest[2]["codes"][0]["code"]) == ({"price", "codes"}, "CUP")


def test_a_refused_change_leaves_none(tx):
    put_site(tx, "LEEDS")
    before = kept(tx, "site")
    put_sites(tx, [PutSite(code="LEEDS", form=site_form(name="Other"), version=7, actor=CLERK)])
    assert kept(tx, "site") == before


def test_a_site_its_places_and_its_channel_keep_their_changes(tx):
    put_site(tx, "LEEDS", cut_off="16:00")
    put_site(tx, "LEEDS", cut_off="15:00")
    assert kept(tx, "site")[0] == ("LEEDS", {"cut_off": "16:00"}, {"cut_off": "15:00"}, CLERK)
    for zone in ("A", "B"):
        put_places(tx, [PutPlace(site="LEEDS", code="A-1", form=PlaceForm(zone=zone), actor=CLERK)])
    assert kept(tx, "place")[0] == ("LEEDS A-1", {"zone": "A"}, {"zone": "B"}, CLERK)
    put_channel(tx, "web", policy=ChannelPolicyForm(split_value_min="15"))
    put_channel(tx, "web", policy=ChannelPolicyForm(split_value_min="15.00"), buffers=[BufferForm(withheld=2)])
    (_, before, after, _), _first = kept(tx, "channel")
    assert (before, after) == ({"buffers": []}, {"buffers": [{"withheld": 2, "sku": "", "site": ""}]})


def test_floors_gates_cartons_inserts_and_sales_keep_their_changes(tx):
    put_site(tx, "LEEDS")
    for sort_s in (5, 6):
        put_floors(tx, [PutFloor(site="LEEDS", form=FloorForm(sort_s=sort_s), actor=CLERK)])
    assert kept(tx, "floor")[0][1:3] == ({"sort_s": 5}, {"sort_s": 6})
    for most in (10, None):
        put_release_policies(tx, [PutReleasePolicy(site="LEEDS", form=ReleasePolicyForm(orders_max=most), actor=CLERK)])
    assert kept(tx, "release_policy")[0][1:3] == ({"orders_max": 10}, {"orders_max": None})
    for cost in (10, 12):
        form = CartonForm(length_mm=100, width_mm=90, height_mm=80, cost_minor=cost)
        put_cartons(tx, [PutCarton(code="S", form=form, actor=CLERK)])
    assert kept(tx, "carton")[0][1:3] == ({"cost_minor": 10}, {"cost_minor": 12})
    for put in ("a card", "a leaflet"):
        put_inserts(tx, [PutInsert(code="hello", form=InsertForm(kind="sample", put=put), actor=CLERK)])
    assert kept(tx, "insert")[0][1:3] == ({"put": "a card"}, {"put": "a leaflet"})
    for minutes in (0, 5):
        form = SaleEventForm(name="Sale", starts_at=tx.now, ends_at=tx.now.replace(year=2099), cancel_minutes=minutes)
        put_sale_events(tx, [PutSaleEvent(code="sale", form=form, actor=CLERK)])
    assert kept(tx, "sale_event")[0][1:3] == ({"cancel_minutes": 0}, {"cancel_minutes": 5})
