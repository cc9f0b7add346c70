"""Storage conditions over HTTP, at a site that was made a moment ago."""

from tests.doors.conftest import Served

SITE = {
    "name": "Hull", "address": {"country": "GB", "lines": ["1 Dock St"]}, "latitude": 53.7, "longitude": -0.3,
    "time_zone": "Europe/London", "cut_off": "16:00", "daily_capacity": 100, "daily_units": 1_000,
}  # fmt: skip
LIMIT = {"kind": "temperature", "min_milli": 2_000, "max_milli": 8_000, "minutes": 30}
READING = {"kind": "temperature", "milli": 5_000, "device": "T-1", "occurred_at": "2026-11-20T06:00:00Z"}


def test_a_site_just_made_has_its_limits_and_readings_at_once(served: Served) -> None:
    call = served.at("admin", "stock:write", "floor:write", "floor:read")
    for n in range(5):  # statements asked often are prepared, on each connection by itself
        site = f"HULL-{n}"
        told = call("PUT", f"/v1/sites/{site}/climate-limit", LIMIT)
        assert (told.status, told.code) == (422, "unknown_site")
        assert call("PUT", f"/v1/sites/{site}", SITE).status in (200, 201)
        assert call("PUT", f"/v1/sites/{site}/climate-limit", LIMIT).json == LIMIT
        taken = call("POST", "/v1/climate/readings", {"site": site, "readings": [READING]})
        assert (taken.status, taken.json["taken"]) == (200, 1)
        assert call("GET", f"/v1/climate?site={site}").json["limits"] == [LIMIT]
