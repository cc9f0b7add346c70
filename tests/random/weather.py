"""Devices that read the air of zones, late, twice and too warm."""

from datetime import timedelta

from orderwright.business.deeds.climate import put_limits, record_readings
from orderwright.business.warehouse.climate.forms import PutLimit, ReadingForm, ReadingsForm, TakeReadings
from tests.random.catalogue import a_site
from tests.random.steps import step
from tests.random.world import World


@step(1)
def a_zone_gets_limits(world: World) -> None:
    world.one(put_limits, PutLimit(
        site=a_site(world), zone=world.pick("A", "B"), kind="temperature", min_milli=2_000,
        max_milli=world.pick(8_000, 8_000, 1_000), minutes=world.pick(0, 30), actor="random",
    ))  # fmt: skip


@step(2)
def the_air_is_read(world: World) -> None:
    readings = [
        ReadingForm(
            zone=world.pick("A", "B"), kind="temperature", milli=world.pick(5_000, 5_000, 9_000, 1_000), device="T-1",
            occurred_at=world.now.replace(microsecond=0) - timedelta(minutes=world.pick(0, 10, 20, 40, -9)),
        )
        for _ in range(world.pick(1, 3))
    ]  # fmt: skip
    command = TakeReadings(form=ReadingsForm(site=a_site(world), readings=readings), actor="random")
    world.run(record_readings, *[command] * world.pick(1, 2))
    other = ReadingForm(zone="A", kind="temperature", milli=world.pick(1, 2), device="T-2", occurred_at=world.now)
    again = ReadingForm(zone="A", kind="temperature", milli=3, device="T-2", occurred_at=world.now)
    for each in (other, again):
        form = ReadingsForm(site="LEEDS", readings=[each])
        world.one(record_readings, TakeReadings(form=form, actor="random"))
