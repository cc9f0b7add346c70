"""The floor's lists: what leaves first at the top, page by page."""

from datetime import UTC, datetime, timedelta

import pytest

from orderwright.business.deeds.hold import hold_orders
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.shipping.reads import ContentShown, ParcelQuery, get_parcel, list_parcels
from orderwright.business.warehouse.reads import FulfilmentQuery, list_fulfilments
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.floor import Floor, done

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def fulfilments(floor: Floor, limit: int = 50, sites: list[str] | None = None, **query: object) -> list[list[str]]:
    """Order numbers, page by page."""
    pages, after = [], None
    with floor.store.read() as tx:
        while True:
            page = list_fulfilments(tx, FulfilmentQuery(after=after, limit=limit, **query), sites=sites)  # type: ignore[arg-type]
            pages.append([item.order for item in page.items])
            after = page.next
            if after is None:
                return pages


def test_work_is_listed_by_when_it_leaves_page_by_page(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=9)
    floor.at(FRIDAY + timedelta(hours=9))  # after the cut-off
    late = [floor.place({"MUG": 1}).number for _ in range(2)]
    floor.at(FRIDAY)
    early = [floor.place({"MUG": 1}).number for _ in range(3)]
    assert fulfilments(floor, limit=2) == [early[:2], [early[2], late[0]], [late[1]]]
    assert fulfilments(floor, site="LEEDS", state="planned") == [early + late]
    assert fulfilments(floor, site="BRISTOL") == [[]]


def test_a_list_shows_one_state_or_all_work_still_open(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=9)
    planned, released, shipped = (str(floor.place({"MUG": 1}).number) for _ in range(3))
    floor.release(released)
    floor.shipped(shipped)
    assert [sorted(page) for page in fulfilments(floor)] == [sorted([planned, released])]
    assert fulfilments(floor, state="released") == [[released]]
    assert fulfilments(floor, state="shipped") == [[shipped]]


def test_whoever_may_see_one_site_sees_no_other(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=1)
    floor.stock("BRISTOL", TEE=1)
    mine, other = floor.place({"MUG": 1}).number, floor.place({"TEE": 1}).number
    assert fulfilments(floor, sites=["LEEDS"]) == [[mine]]
    assert fulfilments(floor, sites=["LEEDS"], site="BRISTOL") == [[]]
    assert sorted(fulfilments(floor)[0]) == sorted([mine, other])


def test_a_fulfilment_shows_how_far_its_units_are_and_whether_it_is_held(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=3)
    number = str(floor.place({"MUG": 3}).number)
    floor.release(number)
    [task] = floor.tasks(number)
    floor.pick(task, 2)
    done(floor.run(hold_orders, HoldOrder(number=number, actor="test", kind="fraud")))
    with floor.store.read() as tx:
        [shown] = list_fulfilments(tx, FulfilmentQuery()).items
    assert (shown.id, shown.site, shown.state, shown.is_held) == (floor.fulfilment(number), "LEEDS", "released", True)
    assert (shown.allocated, shown.picked, shown.packed, shown.shipped) == (1, 2, 0, 0)


def test_parcels_are_listed_newest_first_with_what_is_in_them(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=9)
    made = []
    for hour in range(3):
        floor.at(FRIDAY + timedelta(hours=hour))
        made.append(floor.packed(str(floor.place({"MUG": 2}).number)))
    with floor.store.read() as tx:
        first = list_parcels(tx, ParcelQuery(state="packed", limit=2))
        rest = list_parcels(tx, ParcelQuery(state="packed", limit=2, after=first.next))
        assert [[item.number for item in page.items] for page in (first, rest)] == [
            ["P-000003", "P-000002"],
            ["P-000001"],
        ]
        assert (rest.next, list_parcels(tx, ParcelQuery(state="packed", site="BRISTOL")).items) == (None, [])
        assert list_parcels(tx, ParcelQuery(state="packed"), sites=["BRISTOL"]).items == []
        shown = get_parcel(tx, made[0].id)
        assert (shown.parcel.number, shown.expected_weight_g, shown.events) == ("P-000001", 600, [])
        assert shown.lines == [ContentShown("1", "MUG", "", 2)]
        for id_ in (new_id(), "P-000001"):
            with pytest.raises(Refusal) as no:
                get_parcel(tx, id_)
            assert no.value.code == "not_found"
