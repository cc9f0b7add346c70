"""The address changes after a label was bought: the parcel stays, the old label is taken back once."""

from typing import Any

from orderwright.business.deeds.hold import release_holds
from orderwright.business.orders.commands import ReleaseHold
from orderwright.business.shipping.actions import void_labels
from orderwright.business.shipping.forms import VoidLabel
from orderwright.business.shipping.reads import get_label
from orderwright.links.carriers.practice import Troubles
from tests.edit.editing import Desk, replace
from tests.floor import refused
from tests.shop import HOME

MOVED = replace(HOME, lines=["9 Low St"], postal_code="LS2 9JT")


def labelled(desk: Desk) -> tuple[str, Any]:
    desk.floor.stock("LEEDS", MUG=2)
    number = desk.place({"MUG": 2})
    return number, desk.floor.labelled(number)


def voids(desk: Desk) -> list[Any]:
    return desk.floor.rows("SELECT state FROM intent WHERE kind = 'void_label' ORDER BY id")


def test_a_parcel_does_not_leave_for_an_address_its_order_no_longer_has(desk: Desk) -> None:
    # Edge case 31.
    number, parcel = labelled(desk)
    assert desk.edit(number, ship_to=MOVED).fields == ["/ship_to/lines", "/ship_to/postal_code"]
    assert refused(desk.floor.hand_over(parcel.id)) == ("label_pending", {"number": "P-000001"})
    assert desk.floor.void_labels() == 1
    assert refused(desk.floor.hand_over(parcel.id)) == ("no_label", {"number": "P-000001"})
    assert desk.floor.buy_labels() == 1  # it asks for another by itself
    with desk.floor.store.read() as tx:
        shown = get_label(tx, parcel.id).content
    assert ("9 Low St" in shown, "LS2 9JT" in shown, "1 High St" in shown) == (True, True, False)
    assert desk.floor.hand_over(parcel.id).state == "shipped"


def test_the_old_label_is_taken_back_once_however_often_the_address_changes(desk: Desk) -> None:
    # Edge case 31.
    number, _ = labelled(desk)
    desk.edit(number, ship_to=MOVED)
    assert desk.edit(number, ship_to=MOVED).repeated
    desk.edit(number, ship_to=replace(MOVED, lines=["10 Low St"]))
    assert voids(desk) == [("wanted",)]
    desk.floor.void_labels()
    assert (voids(desk), len(desk.floor.carrier.voided)) == ([("done",)], 1)
    desk.edit(number, ship_to=MOVED)  # there is no label now
    assert voids(desk) == [("done",)]


def test_a_label_the_carrier_does_not_take_back_sends_nothing_either(desk: Desk) -> None:
    # Edge case 31.
    number, parcel = labelled(desk)
    desk.edit(number, ship_to=MOVED)
    desk.floor.carrier.troubles = Troubles(refused=1000)
    desk.floor.void_labels()
    assert desk.floor.exceptions() == ["label_failed"]
    assert refused(desk.floor.hand_over(parcel.id)) == ("label_stale", {"number": "P-000001"})
    assert desk.floor.parcel(parcel.id).state == "labelled"


def test_a_label_somebody_took_back_is_not_bought_again_by_itself(desk: Desk) -> None:
    _, parcel = labelled(desk)
    desk.floor.run(void_labels, VoidLabel(parcel_id=parcel.id, actor="test"))
    desk.floor.void_labels()
    assert desk.floor.buy_labels() == 0


def test_a_label_not_bought_yet_is_bought_for_the_new_address(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=2)
    number = desk.place({"MUG": 2})
    parcel = desk.floor.packed(number)
    desk.edit(number, ship_to=MOVED)
    desk.floor.buy_labels()
    with desk.floor.store.read() as tx:
        assert "9 Low St" in get_label(tx, parcel.id).content
    assert (voids(desk), desk.floor.hand_over(parcel.id).state) == ([], "shipped")


def test_while_a_carrier_is_asked_the_address_stays(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=2)
    number = desk.place({"MUG": 2})
    desk.floor.packed(number)
    desk.floor.carrier.troubles = Troubles(unheard=1000)
    desk.floor.buy_labels()  # asked, and it will be asked again
    before = desk.floor.counts()
    assert refused(desk.edit(number, ship_to=MOVED)) == ("label_pending", {"number": "P-000001"})
    assert (desk.floor.counts(), desk.order(number).postal_code) == (before, "LS1 1AA")


def test_what_is_on_the_floor_stays_where_it_is_and_what_left_keeps_its_address(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=2)
    desk.floor.stock("GLASGOW", MUG=9)
    number = desk.place({"MUG": 2})
    desk.floor.release(number)
    glasgow = replace(HOME, city="Glasgow", postal_code="G1 1XQ")
    assert desk.edit(number, ship_to=glasgow).fulfilments == []
    assert [row.site for row in desk.floor.fulfilments(number)] == ["LEEDS"]
    desk.floor.shipped(number)
    code, facts = refused(desk.edit(number, ship_to=MOVED))
    assert (code, facts["fields"]) == ("order_step", ["/ship_to/city", "/ship_to/lines", "/ship_to/postal_code"])


def test_a_new_address_that_is_no_good_holds_the_parcel_too(desk: Desk) -> None:
    number, parcel = labelled(desk)
    assert desk.edit(number, ship_to=replace(MOVED, postal_code="NOWHERE"), door="channel").holds == ["address"]
    desk.floor.void_labels()
    desk.floor.buy_labels()
    assert refused(desk.floor.hand_over(parcel.id))[0] == "order_held"
    desk.floor.run(release_holds, ReleaseHold(number=number, kind="address", actor="sue"))
    assert desk.floor.hand_over(parcel.id).state == "shipped"
