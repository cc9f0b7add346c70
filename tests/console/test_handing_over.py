"""Parcels leave through the console: scanned at the door by any of their barcodes, or by a button."""

import pytest

from orderwright.business.deeds.hold import hold_orders
from orderwright.business.orders.commands import HoldOrder
from tests.console.conftest import Console
from tests.console.visiting import Seen, Visit
from tests.floor import Floor

DOOR = "/floor/hand-over"
HERE = f"{DOOR}?site=LEEDS"


@pytest.fixture
def packer(console: Console, floor: Floor) -> Visit:
    return console.visit(console.person("packer", name="Pam"))


def scan(visit: Visit, code: str, site: str = "LEEDS") -> Seen:
    """Send the field of the page as a scanner does."""
    csrf = visit.get("/me").text.partition('name="csrf" value="')[2].partition('"')[0]
    return visit.post(DOOR, {"csrf": csrf, "site": site, "code": code})


def test_a_parcel_leaves_by_the_barcode_of_its_label_and_once(floor: Floor, packer: Visit) -> None:
    number = floor.place({"MUG": 1}).number
    parcel = floor.labelled(number)
    assert f'href="{HERE}"' in packer.get("/floor?site=LEEDS").text
    seen = packer.get(HERE)
    assert all(told in seen.words for told in ("1 parcel waits for its carrier", parcel.number, number))
    code = floor.parcel(parcel.id).tracking_code
    left = scan(packer, f" {code} ")
    assert "No parcel waits for its carrier" in packer.get(left.location).words
    assert f"{parcel.number} of order {number} left with practice." in packer.get(left.location).words
    assert floor.parcel(parcel.id).state == "shipped"
    assert f"{parcel.number} left before." in packer.get(scan(packer, code).location).words
    assert floor.facts(parcel.id).count("parcel_handed_over") == 1


@pytest.mark.parametrize("form", ["{number}", "P:{number}", "00{sscc}"])
def test_a_parcel_is_known_by_its_number_its_slip_and_its_carton_label(floor: Floor, packer: Visit, form: str) -> None:
    parcel = floor.labelled(floor.place({"MUG": 1}).number)
    sscc = "095012340000000015"
    with floor.begin() as tx:
        tx.write("UPDATE parcel SET sscc = %(sscc)s", sscc=sscc)
    scan(packer, form.format(number=parcel.number, sscc=sscc))
    assert floor.parcel(parcel.id).state == "shipped"


def test_what_may_not_leave_stays_and_says_why(floor: Floor, packer: Visit) -> None:
    number = floor.place({"MUG": 1}).number
    parcel = floor.packed(number)
    assert "1 more is packed and has no label yet." in packer.get(HERE).words
    early = scan(packer, parcel.number)
    assert (early.status, "This parcel has no label yet." in early.words) == (409, True)
    floor.buy_labels()
    floor.run(hold_orders, HoldOrder(number=number, kind="manual", note="wait", actor="test"))
    held = scan(packer, parcel.number)
    assert (held.status, "The order is on hold." in held.words) == (409, True)
    for code in ("P-999999", "L:LEEDS/F-1", "T:T-1", "<b>"):
        unknown = scan(packer, code)
        assert (unknown.status, "No parcel at this site is called that." in unknown.words) == (422, True)
    assert floor.parcel(parcel.id).state == "labelled"


def test_who_works_elsewhere_or_only_looks_hands_nothing_over(console: Console, floor: Floor) -> None:
    parcel = floor.labelled(floor.place({"MUG": 1}).number)
    abroad = console.visit(console.person("packer", name="Gil", sites=["GLASGOW"]))
    assert abroad.get(HERE).status == 403
    assert scan(abroad, parcel.number, "LEEDS").status == 403
    assert scan(abroad, parcel.number, "GLASGOW").status == 422
    analyst = console.visit(console.person("analyst", name="Ina"))
    assert '<form method="post" action="/floor/hand-over"' not in analyst.get(HERE).text
    assert floor.parcel(parcel.id).state == "labelled"
