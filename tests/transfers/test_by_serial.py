"""Units tracked by serial are in one place: in their bin, in transit, or where they came to."""

import pytest

from orderwright.business.deeds.books import (
    adjust_stock,
    send_transfers,
    take_in_transfers,
    transfer_stock,
    write_off_transfers,
)
from orderwright.business.deeds.transferring.arriving import receive_transfers
from orderwright.business.deeds.transferring.moving import finish_transfers, load_transfers, send_off
from orderwright.business.stock.forms import (
    Adjustment,
    AdjustmentForm,
    Arrival,
    ArrivalForm,
    CloseTransfer,
    CloseTransferForm,
    Dispatch,
    DispatchForm,
    DispatchLine,
    Reason,
    Transfer,
    TransferForm,
    TransferLine,
)
from orderwright.business.warehouse.transferring.forms import (
    FinishTransfer,
    LoadTransfer,
    ReceiveTransfer,
    SendTransfer,
    TransferEndForm,
)
from tests.floor import done, refused
from tests.transfers.conftest import TwoSites


@pytest.fixture
def cameras(sites: TwoSites) -> TwoSites:
    """Three cameras lie in bin A-1 of LEEDS; nobody read their serials yet."""
    sites.product("CAM", tracking="serial")
    sites.put("LEEDS", "A-1", "CAM", 3)
    return sites


def whereabouts(sites: TwoSites) -> dict[str, str]:
    rows = sites.rows(
        "SELECT u.serial, p.site || '/' || p.code AS place FROM serial_unit u JOIN place p ON p.id = u.place_id"
    )
    return {row.serial: row.place for row in rows}


def load(sites: TwoSites, number: str, *serials: str):
    goods = ("CAM", len(serials), "A-1")
    return sites.goes(load_transfers, LoadTransfer, number, goods, serials=list(serials))


def receive(sites: TwoSites, number: str, *serials: str, place: str = "B-1"):
    goods = ("CAM", len(serials), place)
    return sites.goes(receive_transfers, ReceiveTransfer, number, goods, serials=list(serials))


def send(sites: TwoSites, number: str):
    return sites.one(send_off, SendTransfer(number=number, actor="test"))


def test_a_unit_is_in_transit_once_it_is_loaded_and_where_it_came_to_after(cameras: TwoSites):
    number = cameras.planned(CAM=2)
    done([load(cameras, number, "S1", "S2"), send(cameras, number)])
    assert whereabouts(cameras) == {"S1": "LEEDS/TRANSIT", "S2": "LEEDS/TRANSIT"}
    done([receive(cameras, number, "S1")])
    assert whereabouts(cameras) == {"S1": "BRISTOL/B-1", "S2": "LEEDS/TRANSIT"}
    assert receive(cameras, number, "S2").state == "done"
    assert whereabouts(cameras) == {"S1": "BRISTOL/B-1", "S2": "BRISTOL/B-1"}


def test_each_unit_is_named_and_none_twice_nor_one_that_is_on_its_way(cameras: TwoSites):
    number, other = cameras.planned(), cameras.planned()
    unnamed = cameras.goes(load_transfers, LoadTransfer, number, ("CAM", 2, "A-1"))
    assert refused(unnamed)[0] == "serial_needed"
    assert refused(load(cameras, number, "S1", "S1"))[0] == "serial_elsewhere"
    assert (whereabouts(cameras), cameras.counters("CAM", "LEEDS")) == ({}, (3, 0))
    done([load(cameras, number, "S1")])
    assert refused(load(cameras, other, "S1"))[0] == "serial_elsewhere"
    done([load(cameras, other, "S2"), send(cameras, number), send(cameras, other)])
    assert refused(receive(cameras, number, "S2"))[0] == "serial_elsewhere"
    unnamed = cameras.goes(receive_transfers, ReceiveTransfer, number, ("CAM", 1, "B-1"))
    assert refused(unnamed)[0] == "serial_needed"
    assert cameras.counters("CAM", "BRISTOL") == (0, 0)


def test_another_unit_than_was_sent_is_found_and_the_one_that_was_sent_is_missing(cameras: TwoSites):
    number = cameras.planned()
    done([load(cameras, number, "S1"), send(cameras, number)])
    now = receive(cameras, number, "S9")
    assert (now.state, now.over, cameras.exceptions()) == ("sent", 1, ["transfer_differs"])
    assert whereabouts(cameras) == {"S1": "LEEDS/TRANSIT", "S9": "BRISTOL/B-1"}
    lost = FinishTransfer(number=number, form=TransferEndForm(reason="lost"), actor="test")
    assert cameras.one(finish_transfers, lost).state == "done"
    assert whereabouts(cameras) == {"S1": "LEEDS/LOST", "S9": "BRISTOL/B-1"}


def test_the_scanner_asks_for_each_serial_when_it_loads_and_when_it_receives(cameras: TwoSites):
    number = cameras.planned(CAM=2)
    gun = cameras.scanner("load", "LEEDS", number)
    gun.all("A-1", "CAM")
    assert (gun.now.say, gun.now.expects) == ("scan_serial", "serial")
    assert gun.key("done").refusal == "serial_needed"
    gun.all("S1", "CAM")
    assert gun.scan("S1").refusal == "serial_elsewhere"
    gun.all("S2")
    assert gun.scan(quantity=3).refusal == "serial_needed"
    assert gun.scan("CAM").refusal == "transfer_quantity"
    gun.key("done")
    gun.key("done")
    assert whereabouts(cameras) == {"S1": "LEEDS/TRANSIT", "S2": "LEEDS/TRANSIT"}
    other = cameras.scanner("unload", "BRISTOL", number)
    other.all("CAM")
    assert (other.now.say, other.scan("L:BRISTOL/B-1").refusal) == ("scan_serial", "unexpected_scan")
    other.all("S1", "L:BRISTOL/B-1", "CAM", "S2", "L:BRISTOL/QUARANTINE")
    assert (other.now.say, cameras.transfer(number).state) == ("transfer_done", "done")
    assert whereabouts(cameras) == {"S1": "BRISTOL/B-1", "S2": "BRISTOL/QUARANTINE"}


def dispatched(sites: TwoSites, *serials: str, reference: str = "D-1", place: str = "A-1"):
    lines = [DispatchLine(sku="CAM", quantity=2, place=place, serials=list(serials))]
    form = DispatchForm(site="LEEDS", to_site="BRISTOL", lines=lines, reference=reference)
    return sites.one(send_transfers, Dispatch(form=form, actor="test"))


def arrived(sites: TwoSites, *lines: DispatchLine):
    form = ArrivalForm(site="BRISTOL", from_site="LEEDS", transfer="D-1", lines=list(lines))
    return sites.one(take_in_transfers, Arrival(form=form, actor="test"))


def test_units_of_a_plain_dispatch_are_named_too_and_all_of_them_come_where_it_ends(cameras: TwoSites):
    assert refused(dispatched(cameras))[0] == "serial_needed"
    done([dispatched(cameras, "S1", "S2")])
    assert dispatched(cameras, "S1", "S2").repeated
    assert refused(dispatched(cameras, "S2", "S3", reference="D-2"))[0] == "serial_elsewhere"
    assert whereabouts(cameras) == {"S1": "LEEDS/TRANSIT", "S2": "LEEDS/TRANSIT"}
    assert refused(arrived(cameras, DispatchLine(sku="CAM", quantity=1)))[0] == "serial_needed"
    assert refused(arrived(cameras, DispatchLine(sku="CAM", quantity=1, serials=["S3"])))[0] == "serial_elsewhere"
    done([arrived(cameras, DispatchLine(sku="CAM", quantity=1, place="B-1", serials=["S2"])), arrived(cameras)])
    assert whereabouts(cameras) == {"S1": "BRISTOL/STOCK", "S2": "BRISTOL/B-1"}


def test_what_of_a_plain_dispatch_never_comes_is_lost_by_name(cameras: TwoSites):
    done([dispatched(cameras, "S1", "S2")])
    form = CloseTransferForm(site="BRISTOL", from_site="LEEDS", transfer="D-1", reason="lost")
    done(cameras.run(write_off_transfers, CloseTransfer(form=form, actor="test")))
    assert whereabouts(cameras) == {"S1": "LEEDS/LOST", "S2": "LEEDS/LOST"}


def test_only_units_of_products_tracked_by_serial_are_named(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 1)
    named = sites.goes(load_transfers, LoadTransfer, sites.planned(), ("MUG", 1, "A-1"), serials=["S1"])
    assert refused(named)[0] == "malformed"
    assert sites.value("SELECT count(*) FROM serial_unit") == 0


def moved(sites: TwoSites, *serials: str, quantity: int = 0, to: str = "A-2"):
    line = TransferLine(
        sku="CAM", quantity=quantity or len(serials), from_place="A-1", to_place=to, serials=list(serials)
    )
    form = TransferForm(site="LEEDS", lines=[line])
    return sites.one(transfer_stock, Transfer(form=form, actor="test"))


def adjusted(sites: TwoSites, reason: Reason, quantity: int, place: str = "A-1"):
    form = AdjustmentForm(site="LEEDS", sku="CAM", reason=reason, quantity=quantity, place=place)
    done(sites.run(adjust_stock, Adjustment(form=form, actor="test")))


def test_units_that_change_bins_are_named_and_lie_where_they_were_put(cameras: TwoSites):
    assert refused(moved(cameras, quantity=1))[0] == "serial_needed"
    done([moved(cameras, "S2", "S3")])
    assert whereabouts(cameras) == {"S2": "LEEDS/A-2", "S3": "LEEDS/A-2"}
    done([dispatched(cameras, "S4", "S5", place="A-2")])
    assert whereabouts(cameras) == {
        "S2": "LEEDS/LOST", "S3": "LEEDS/LOST", "S4": "LEEDS/TRANSIT", "S5": "LEEDS/TRANSIT"
    }  # fmt: skip


def test_names_stay_while_their_place_holds_as_many_units_and_those_beyond_go_with_what_was_taken(cameras: TwoSites):
    done([moved(cameras, "S1", "S2"), moved(cameras, "S3")])
    adjusted(cameras, "found", 1, "A-2")
    adjusted(cameras, "quarantined", -1, "A-2")
    assert set(whereabouts(cameras).values()) == {"LEEDS/A-2"}
    adjusted(cameras, "quarantined", -1, "A-2")
    adjusted(cameras, "counted", -1, "A-2")
    assert whereabouts(cameras) == {"S1": "LEEDS/QUARANTINE", "S2": "LEEDS/LOST", "S3": "LEEDS/A-2"}
    adjusted(cameras, "damaged", -1, "A-2")
    assert whereabouts(cameras)["S3"] == "LEEDS/SCRAP"


def test_a_unit_nobody_could_find_is_where_it_is_read_next(cameras: TwoSites):
    done([moved(cameras, "S1")])
    adjusted(cameras, "lost", -1, "A-2")
    assert whereabouts(cameras) == {"S1": "LEEDS/LOST"}
    done([moved(cameras, "S1")])
    assert whereabouts(cameras) == {"S1": "LEEDS/A-2"}
