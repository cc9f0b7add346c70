"""Storage conditions: what lies too warm for too long is quarantined, once; late readings are judged in their place."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.deeds.climate import put_limits, record_readings
from orderwright.business.warehouse.climate.forms import PutLimit, ReadingForm, ReadingsForm, TakeReadings
from orderwright.business.warehouse.climate.rows import climate_of
from orderwright.business.warehouse.climate.rules import Reading, stretches, too_long
from orderwright.database.tx import Tx
from tests.counts.counter import CountedFloor
from tests.floor import done, refused

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)


def chilled(floor: CountedFloor, minutes: int = 30) -> None:
    """Five MUG in the cold zone at 2 to 8 degrees, five elsewhere."""
    floor.at(NINE + timedelta(hours=12))
    floor.put("A-1", "MUG", 5)
    floor.put("A-2", "MUG", 5)
    place = PlaceForm(zone="COLD", aisle=1, bay=1)
    done(floor.run(put_places, PutPlace(site="LEEDS", code="A-1", form=place, actor="test")))
    limit = PutLimit(site="LEEDS", zone="COLD", kind="temperature", min_milli=2_000, max_milli=8_000, minutes=minutes,
                     actor="test")  # fmt: skip
    done(floor.run(put_limits, limit))


def read(floor: CountedFloor, **at: int) -> Any:
    """Readings by minutes after nine: read(floor, m0=5_000, m40=9_000)."""
    readings = [
        ReadingForm(zone="COLD", kind="temperature", milli=milli, device="T-1",
                    occurred_at=NINE + timedelta(minutes=int(minute[1:])))
        for minute, milli in at.items()
    ]  # fmt: skip
    return floor.one(record_readings, TakeReadings(form=ReadingsForm(site="LEEDS", readings=readings), actor="T-1"))


def test_too_warm_for_too_long_quarantines_what_lies_there(floor: CountedFloor):
    chilled(floor)
    number = floor.place({"MUG": 8}).number
    assert read(floor, m0=5_000, m10=9_000, m40=9_500).breaches == []
    [breach] = read(floor, m41=11_000).breaches
    assert (breach.units, breach.worst_milli, breach.began_at) == (5, 11_000, NINE + timedelta(minutes=10))
    assert (floor.units_in("A-1"), floor.units_in("A-2"), floor.units_in("QUARANTINE")) == (
        {}, {"MUG": 5}, {"MUG": 5},
    )  # fmt: skip
    assert floor.units(number) == [("MUG", {"waiting": 3, "allocated": 5})]
    assert sorted(floor.exceptions()) == ["promise_broken", "storage_breach"]


def test_one_breach_acts_once_however_long_it_goes_on(floor: CountedFloor):
    chilled(floor)
    read(floor, m0=9_000, m31=9_000)
    floor.put("A-3", "MUG", 2)
    read(floor, m50=12_000)
    read(floor, m60=5_000)
    with floor.store.read() as tx:
        [breach] = climate_of(tx, "LEEDS").breaches
    assert (breach.units, breach.worst_milli, breach.ended_at) == (5, 12_000, NINE + timedelta(minutes=60))
    assert floor.exceptions() == ["storage_breach"]


def test_the_same_reading_twice_counts_once_and_another_at_that_moment_is_refused(floor: CountedFloor):
    chilled(floor)
    assert read(floor, m0=9_000).taken == 1
    again = read(floor, m0=9_000)
    assert (again.taken, again.repeated) == (0, 1)
    assert refused(read(floor, m0=5_000))[0] == "reading_differs"
    assert floor.value("SELECT count(*) FROM climate_reading") == 1


def test_a_late_reading_inside_the_limits_means_there_was_no_breach(floor: CountedFloor):
    chilled(floor)
    read(floor, m0=9_000, m20=5_000)
    assert read(floor, m40=9_000).breaches == []
    assert floor.exceptions() == []


def test_a_late_reading_that_shortens_a_breach_leaves_it_to_the_manager(floor: CountedFloor):
    chilled(floor)
    read(floor, m0=9_000, m40=9_000)
    read(floor, m20=5_000)
    with floor.store.read() as tx:
        [breach] = climate_of(tx, "LEEDS").breaches
    assert (breach.is_doubtful, floor.units_in("QUARANTINE"), floor.exceptions()) == (
        True, {"MUG": 5}, ["storage_breach"],
    )  # fmt: skip


def test_a_late_reading_outside_the_limits_may_make_a_breach(floor: CountedFloor):
    chilled(floor)
    read(floor, m0=5_000, m60=9_000, m70=5_000)
    [breach] = read(floor, m30=9_000).breaches
    assert (breach.began_at, breach.units) == (NINE + timedelta(minutes=30), 5)


def test_what_cannot_be_is_refused(floor: CountedFloor):
    chilled(floor)
    assert refused(read(floor, m99999=5_000))[0] == "malformed"
    limit = {"kind": "humidity", "zone": "COLD", "minutes": 5, "actor": "x"}
    for site, min_milli, code in (("MARS", 1, "unknown_site"), ("LEEDS", 9, "malformed")):
        command = PutLimit(site=site, min_milli=min_milli, max_milli=9, **limit)
        assert refused(floor.one(put_limits, command))[0] == code
    nowhere = ReadingForm(kind="humidity", milli=1, device="H", occurred_at=NINE)
    form = ReadingsForm(site="MARS", readings=[nowhere])
    assert refused(floor.one(record_readings, TakeReadings(form=form, actor="x")))[0] == "unknown_site"


def test_a_stretch_lasts_until_something_else_is_read():
    readings = [Reading(NINE + timedelta(minutes=m), milli) for m, milli in ((0, 9), (30, 5), (40, 1), (55, 0))]
    found = stretches(readings, 2, 8)
    assert [(each.lasted, each.worst_milli, each.ended_at is None) for each in found] == [
        (timedelta(minutes=30), 9, False), (timedelta(minutes=15), 0, True),
    ]  # fmt: skip
    assert [len(too_long(found, minutes)) for minutes in (30, 29, 14, 0)] == [0, 1, 2, 2]


def test_many_limits_cost_the_statements_of_one(floor: CountedFloor, monkeypatch: pytest.MonkeyPatch):
    def limit(zone: str, most: int, site: str = "LEEDS") -> PutLimit:
        return PutLimit(site=site, zone=zone, kind="humidity", min_milli=0, max_milli=most, minutes=5, actor="test")

    asked: list[str] = []
    for name in ("rows", "row", "write"):
        usual = getattr(Tx, name)

        def counted(tx: Tx, sql: str, _usual: Any = usual, **values: Any) -> Any:
            asked.append(sql)
            return _usual(tx, sql, **values)

        monkeypatch.setattr(Tx, name, counted)
    with floor.begin() as tx:
        put_limits(tx, [limit("Z", 9)])
        of_one, asked[:] = len(asked), []
        results = put_limits(tx, [*(limit(f"Z{n}", 9) for n in range(20)), limit("Z1", 7), limit("Z", 9, "NOWHERE")])
        assert len(asked) == of_one == 2
    assert refused(results[-1])[0] == "unknown_site"
    assert floor.rows("SELECT max_milli FROM climate_limit WHERE zone IN ('Z1', 'Z2') ORDER BY zone") == [(7,), (9,)]
