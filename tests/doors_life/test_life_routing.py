"""Routing again over HTTP what is planned."""

from tests.doors_life.conftest import Life

PATH = "/v1/reoptimisations"


def test_a_re_optimisation_is_asked_for_and_its_figures_come_back(life: Life) -> None:
    with life.working():
        reply = life.post(PATH)
    assert reply.status == 200, reply.content
    done = reply.json
    assert (done["state"], done["actor"].startswith("key:"), done["currency"]) == ("done", True, "GBP")
    assert done["looked_at"] >= done["moved"] >= 0
    assert life.get(PATH)["items"][0] == done


def test_it_takes_no_body_and_no_query(life: Life) -> None:
    assert life.refused(PATH, {"now": True})[:2] == (422, "malformed")
    assert life.call("GET", f"{PATH}?site=LEEDS").code == "malformed"


def test_a_key_with_limits_may_not_route_for_the_whole_store(life: Life) -> None:
    for limits in ({"sites": ["LEEDS"]}, {"channels": ["web"]}):
        call = life.served.at("orders:read", "orders:write", **limits)
        assert call("POST", PATH).code == "forbidden"
        assert call("GET", PATH).code == "forbidden"
    assert life.served.at("orders:read")("POST", PATH).code == "forbidden"
