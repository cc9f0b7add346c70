"""Whether it lives, what it serves, how it fares: calls that need no key."""

from orderwright.database.replay import Answer
from orderwright.doors.api import metrics, openapi
from orderwright.doors.api.house import House
from orderwright.doors.api.route import open_to_all
from orderwright.doors.figures import add_up


@open_to_all("/health/live")
async def live(house: House) -> Answer:
    """200 as long as the process answers at all."""
    return Answer(200, b'{"status":"live"}')


@open_to_all("/health/ready")
async def ready(house: House) -> Answer:
    """200 when orders can be taken: the database answers. Else 503 `database_away`."""
    await house.in_reader(house.ask_database)
    return Answer(200, b'{"status":"ready"}')


@open_to_all("/metrics", b"text/plain; version=1.0.0; charset=utf-8")
async def figures(house: House) -> Answer:
    """Figures for Prometheus, of all processes that serve this address."""
    gauges = await house.in_reader(house.gauges)
    return Answer(200, metrics.exposition(add_up(house.all_figures()), gauges))


@open_to_all("/v1/openapi.json")
async def description(house: House) -> Answer:
    """This description."""
    return Answer(200, openapi.describe(house.routes))
