"""Sessions over HTTP: opened, scanned, looked at, closed; by whom and where."""

from typing import Any

import pytest

from tests.client import Client
from tests.doors.conftest import Served


@pytest.fixture(scope="module")
def call(served: Served) -> Client:
    return served.at("floor:read", "floor:write")


def opened(call: Client, **changes: Any) -> Any:
    return call("POST", "/v1/sessions", {"kind": "put_back", "site": "BRISTOL", "person": "bo", **changes})


def test_a_session_lives_over_http(call: Client) -> None:
    first = opened(call, person="ada")
    assert (first.status, first.json["next_n"], first.json["instruction"]["say"]) == (201, 1, "bench_empty")
    again = opened(call, person="ada")
    assert (again.status, again.json["id"], again.json["repeated"]) == (200, first.json["id"], True)
    path = f"/v1/sessions/{first.json['id']}"
    told = call("POST", f"{path}/scans", {"scans": [{"n": 2, "code": "MUG"}, {"n": 1, "code": "\x01"}]})
    assert [(each["n"], each["outcome"], each["refusal"]) for each in told.json["answers"]] == [
        (2, "refused", "nothing_to_put_back"), (1, "refused", "unreadable_scan"),
    ]  # fmt: skip
    assert told.json["next_n"] == 3
    assert call("GET", path).json["next_n"] == 3
    assert call("POST", f"{path}/close").json["is_closed"]
    after = call("POST", f"{path}/scans", {"scans": [{"n": 3, "code": "MUG"}]})
    assert (after.status, after.code) == (409, "session_closed")


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"kind": "juggle"}, "malformed", "/kind"),
        ({"site": "MARS"}, "unknown_site", "/site"),
        ({"person": "a\x00b"}, "malformed", "/person"),
        ({"person": ""}, "malformed", "/person"),
        ({"device": "x" * 65}, "malformed", "/device"),
    ],
)
def test_a_session_that_cannot_be_is_refused(call: Client, body: dict[str, str], code: str, pointer: str) -> None:
    refused = opened(call, **body)
    assert (refused.status, refused.code) == (422, code)
    assert [each["pointer"] for each in refused.json["findings"]] == [pointer]


def test_at_most_two_hundred_scans_come_in_a_call_and_each_has_a_number(call: Client) -> None:
    path = f"/v1/sessions/{opened(call).json['id']}/scans"
    many = [{"n": n, "code": "MUG"} for n in range(1, 202)]
    assert call("POST", path, {"scans": many}).code == "malformed"
    assert call("POST", path, {"scans": []}).code == "malformed"
    assert call("POST", path, {"scans": [{"n": 0, "code": "MUG"}]}).code == "malformed"
    assert len(call("POST", path, {"scans": many[:200]}).json["answers"]) == 200


def test_a_key_of_another_site_reaches_no_session_of_this(served: Served, call: Client) -> None:
    path = f"/v1/sessions/{opened(call, person='cy').json['id']}"
    elsewhere = served.at("floor:read", "floor:write", sites=["LEEDS"])
    assert opened(elsewhere).code == "forbidden"
    assert elsewhere("GET", path).code == "forbidden"
    assert elsewhere("POST", f"{path}/scans", {"scans": [{"n": 1, "code": "MUG"}]}).code == "forbidden"
    assert elsewhere("POST", f"{path}/close").code == "forbidden"
    assert served.at("floor:read", "floor:write", sites=["BRISTOL"])("GET", path).status == 200
    assert call("GET", "/v1/sessions/nonsense").code == "not_found"


def test_commands_are_printed_with_the_stores_seal(call: Client) -> None:
    codes = {each["name"]: each["code"] for each in call("GET", "/v1/scan-commands").json["items"]}
    path = f"/v1/sessions/{opened(call, person='di').json['id']}/scans"
    scans = [{"n": 1, "code": codes["back"]}, {"n": 2, "code": codes["back"][:-1]}]
    answers = call("POST", path, {"scans": scans}).json["answers"]
    assert [each["instruction"]["say"] for each in answers] == ["nothing_to_take_back", "bad_command"]


def test_a_scan_no_text_can_hold_keeps_none_of_the_others_from_being_taken(call: Client) -> None:
    path = f"/v1/sessions/{opened(call, person='eve').json['id']}/scans"
    body = rb'{"scans": [{"n": 1, "code": "MU\u0000G"}, {"n": 2, "code": "M\udc80G"}, {"n": 3, "code": "MUG"}]}'
    for _ in range(2):  # a device that heard no answer sends it all again
        answers = call("POST", path, body).json["answers"]
        assert [(each["refusal"], each["instruction"]["facts"].get("reason")) for each in answers] == [
            ("unreadable_scan", "control_character"), ("unreadable_scan", "control_character"),
            ("nothing_to_put_back", None),
        ]  # fmt: skip
