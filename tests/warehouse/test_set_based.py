"""A deed costs the same statements for one command as for twenty, and none reads a big table through."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.pack import pack, unpack
from orderwright.business.deeds.pick import pick, report_short
from orderwright.business.deeds.put_back import put_back
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.deeds.track import record_tracking
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.shipping.actions import void_labels, want_labels, weigh
from orderwright.business.shipping.forms import HandOver, Pack, TrackingEvent, Unpack, VoidLabel, WantLabel, Weigh
from orderwright.business.shipping.labels import BuyLabels
from orderwright.business.shipping.reads import ParcelQuery, get_parcel, list_parcels, track
from orderwright.business.warehouse.forms import Pick, PutBack, Release, ShortPick
from orderwright.business.warehouse.reads import FulfilmentQuery, get_pick_list, list_fulfilments
from orderwright.database import tasks
from tests.floor import Floor, done
from tests.plans import watched

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
MANY = 20


def statements(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, action: Any, commands: Sequence[Any]
) -> tuple[list[Any], int]:
    with watched(monkeypatch) as seen:
        results = done(floor.run(action, *commands))
    assert seen.read_through == []
    return results, seen.count


def fulfilments(floor: Floor, count: int) -> list[str]:
    numbers = [answer.number for answer in floor.place_all([floor.form({"MUG": 2, "TEE": 1}) for _ in range(count)])]
    return [floor.fulfilment(number) for number in numbers]


def walked(floor: Floor, monkeypatch: pytest.MonkeyPatch, count: int) -> dict[str, int]:
    """Statements per deed on the way of `count` orders from planned to delivered."""
    ids = fulfilments(floor, count)
    told: dict[str, int] = {}

    def run(action: Any, commands: Sequence[Any]) -> list[Any]:
        results, told[action.__name__] = statements(floor, monkeypatch, action, commands)
        return results

    run(release_fulfilments, [Release(fulfilment_id=id_, actor="test") for id_ in ids])
    rows = floor.rows("SELECT id::text, quantity, sku FROM pick_task WHERE state = 'open' ORDER BY id")
    run(pick, [Pick(task_id=row.id, quantity=row.quantity, actor="test") for row in rows])
    packed = run(pack, [Pack(fulfilment_id=id_, actor="test") for id_ in ids])
    parcels = [answer.parcels[0].id for answer in packed]
    run(weigh, [Weigh(parcel_id=id_, weight_g=910, actor="test") for id_ in parcels])
    run(unpack, [Unpack(parcel_id=id_, actor="test") for id_ in parcels])
    packed = run(pack, [Pack(fulfilment_id=id_, actor="test") for id_ in ids])
    parcels = [answer.parcels[0].id for answer in packed]
    run(want_labels, [WantLabel(parcel_id=id_, actor="test") for id_ in parcels])
    while floor.buy_labels():
        pass
    run(hand_over, [HandOver(parcel_id=id_, actor="test") for id_ in parcels])
    codes = [floor.parcel(id_).tracking_code for id_ in parcels]
    run(record_tracking, [
        TrackingEvent(carrier="practice", external_id=code, tracking_code=code, milestone="delivered",
                      occurred_at=MONDAY, actor="carrier")
        for code in codes
    ])  # fmt: skip
    return told


def test_twenty_orders_cost_the_statements_of_one(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.at(FRIDAY)  # what is cached for a while stays cached
    floor.stock("LEEDS", MUG=100, TEE=100)
    walked(floor, monkeypatch, 1)  # places that never held a product get their row once
    assert walked(floor, monkeypatch, MANY) == walked(floor, monkeypatch, 1)


def gone_wrong(floor: Floor, monkeypatch: pytest.MonkeyPatch, count: int) -> dict[str, int]:
    """Statements per deed when picks come short, labels are taken back and picked units are cancelled."""
    ids = fulfilments(floor, count)
    told: dict[str, int] = {}

    def run(action: Any, commands: Sequence[Any]) -> list[Any]:
        results, told[action.__name__] = statements(floor, monkeypatch, action, commands)
        return results

    done(floor.run(release_fulfilments, *[Release(fulfilment_id=id_, actor="test") for id_ in ids]))
    rows = floor.rows("SELECT id::text, sku FROM pick_task WHERE state = 'open' ORDER BY id")
    run(report_short, [ShortPick(task_id=row.id, found=1, actor="test") for row in rows if row.sku == "MUG"])
    teas = [Pick(task_id=row.id, quantity=1, actor="test") for row in rows if row.sku == "TEE"]
    done(floor.run(pick, *teas))
    parcels = [done([each])[0].parcels[0].id
               for each in floor.run(pack, *[Pack(fulfilment_id=id_, actor="test") for id_ in ids])]  # fmt: skip
    while floor.buy_labels():
        pass
    run(void_labels, [VoidLabel(parcel_id=id_, actor="test") for id_ in parcels])
    while floor.void_labels():
        pass
    done(floor.run(unpack, *[Unpack(parcel_id=id_, actor="test") for id_ in parcels]))
    numbers = [row.number for row in floor.rows("SELECT number FROM orders WHERE state = 'picking'")]
    done(floor.run(cancel_orders, *[CancelOrder(number=number, reason="x", actor="test") for number in numbers]))
    run(put_back, [PutBack(site="LEEDS", sku=sku, quantity=1, actor="test") for sku in ("MUG", "TEE") * count])
    return told


def test_what_goes_wrong_with_twenty_orders_costs_the_statements_of_one(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.at(FRIDAY)  # what is cached for a while stays cached
    floor.stock("LEEDS", MUG=100, TEE=100)
    gone_wrong(floor, monkeypatch, 1)
    assert gone_wrong(floor, monkeypatch, MANY) == gone_wrong(floor, monkeypatch, 1)


def test_labels_and_lists_read_through_nothing(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.stock("LEEDS", MUG=2)
    number = str(floor.place({"MUG": 2}).number)
    parcel = floor.packed(number)
    desk = BuyLabels({"practice": floor.carrier})
    with floor.store.begin() as tx:
        claimed = tasks.claim(tx, ["buy_label"], 10)
    with watched(monkeypatch) as seen:
        with floor.store.begin() as tx:
            requests = desk.start(tx, claimed)
        with floor.store.begin() as tx:
            desk.finish(tx, claimed, [desk.call(request) for request in requests if request])
            tasks.finish(tx, claimed)
        with floor.store.read() as tx:
            list_fulfilments(tx, FulfilmentQuery(state="shipped"))
            [shown] = list_fulfilments(tx, FulfilmentQuery(site="LEEDS")).items
            get_pick_list(tx, shown.id)
            get_parcel(tx, parcel.id)
            list_parcels(tx, ParcelQuery(state="labelled"))
            track(tx, parcel.tracking_token)
    assert seen.read_through == []
