"""Units tracked by serial are in one place: in their bin, in transit, or where they came to."""

import pytest

from orderwright.business.deeds.books import send_transfers, take_in_transfers, write_off_transfers
from orderwright.business.deeds.transferring.arriving import receive_transfers
from orderwright.business.deeds.transferring.moving import finish_transfers, load_transfers, send_off
from orderwright.business.stock.forms import (
    Arrival,
    ArrivalForm,
    CloseTransfer,
    CloseTransferForm,
    Dispatch,
    DispatchForm,
    DispatchLine,
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


def dispatched(sites: TwoSites, *serials: str, reference: str = "D-1"):
    lines = [DispatchLine(sku="CAM", quantity=2, place="A-1", serials=list(serials))]
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
