"""Storage conditions: limits, readings, breaches."""

from msgspec.structs import asdict

from orderwright.business.deeds.climate import put_limits, record_readings
from orderwright.business.warehouse.climate.forms import (
    Climate,
    ClimateQuery,
    LimitForm,
    PutLimit,
    ReadingsForm,
    ReadingsTaken,
    TakeReadings,
)
from orderwright.business.warehouse.climate.rows import climate_of
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import both, every_channel
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import sites


@deed(
    "PUT", "/v1/sites/{code}/climate-limit", "stock:write", put_limits, answer=LimitForm,
    within=both(sites(lambda request: [request.at["code"]]), every_channel),
    example={"zone": "COLD", "kind": "temperature", "min_milli": 2000, "max_milli": 8000, "minutes": 30},
)  # fmt: skip
def put_limit(request: Request[LimitForm]) -> PutLimit:
    """Say in what air goods of a zone may lie, and how long it may be outside of that."""
    return PutLimit(**asdict(request.body), site=request.at["code"], actor=request.actor)


@deed(
    "POST", "/v1/climate/readings", "floor:write", record_readings, answer=ReadingsTaken,
    within=both(sites(lambda request: [request.body.site]), every_channel), weight=lambda form: len(form.readings),
    example={"site": "LEEDS", "readings": [
        {"zone": "COLD", "kind": "temperature", "milli": 5200, "device": "T-1",
         "occurred_at": "2026-11-20T09:30:00Z"}]},
)  # fmt: skip
def take_readings(request: Request[ReadingsForm]) -> TakeReadings:
    """Send readings, late ones too. What was outside of limits for too long is quarantined. 409 `reading_differs`."""
    return TakeReadings(form=request.body, actor=request.actor)


@read("/v1/climate", "floor:read", within=sites(lambda question: [question.query.site]), example={"site": "LEEDS"})
def climate(tx: Tx, question: Question[ClimateQuery]) -> Climate:
    """The limits of a site, what each device read last, and the latest breaches."""
    return climate_of(tx, question.query.site)
