"""The same day, shorter, as a device lives it: nothing but calls; two pickers at once, one of them offline."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.stories.devices import BINS, Device, Site

WRONG = (
    ("L:LEEDS/A-99", "unknown_place"),
    ("4006381333931", "unknown_scan"),
    ("MU\x00G", "unreadable_scan"),
    ("]C1019506000134353", "unreadable_scan"),  # its check digit is damaged
    ("[)>\x1e06\x1d1PMUG", "unreadable_scan"),  # another trade's envelope
)
"""Scans at the first bin, and how each is refused."""


def test_a_day_by_devices(site: Site) -> None:
    site.furnish()
    numbers = [site.ordered(MUG=2, TEE=1), site.ordered(TEE=2, HAT=1), site.ordered(HAT=2), site.ordered(MUG=1, HAT=1)]
    assert len(site.ask("POST", "/v1/sites/LEEDS/release", {"limit": 50})["released"]) == 4
    site.holds()
    ann, ben = _two_claim_at_once(site)
    _wrong_scans_cost_nothing(site, ann)
    _one_walks_while_the_other_is_offline_and_sends_everything_twice(site, ann, ben)
    assert {site.ask("GET", f"/v1/orders/{number}")["state"] for number in numbers} == {"picking"}
    parcels = [_packed(site, numbers[2], lacks_g=300), *(_packed(site, numbers[i]) for i in (0, 1, 3))]
    _printed_and_gone(site, parcels)
    assert {site.ask("GET", f"/v1/orders/{number}")["state"] for number in numbers} == {"shipped"}
    assert {row["sku"]: row["on_hand"] for row in _stock(site)} == {"MUG": 7, "TEE": 7, "HAT": 6}


def _two_claim_at_once(site: Site) -> list[Device]:
    claims = [{"site": "LEEDS", "picker": who, "totes": [f"{who}-1", f"{who}-2"]} for who in ("ann", "ben")]
    with ThreadPoolExecutor(2) as people:
        walks = list(people.map(lambda claim: site.ask("POST", "/v1/pick-batches", claim), claims))
    assert [walk["orders"] for walk in walks] == [2, 2]
    stops = [stop["task_id"] for walk in walks for stop in site.ask("GET", f"/v1/pick-batches/{walk['id']}")["stops"]]
    assert len(stops) == len(set(stops)) == 7
    site.holds()
    return [Device(site, "ann"), Device(site, "ben")]


def _wrong_scans_cost_nothing(site: Site, ann: Device) -> None:
    before, where = _stock(site), ann.now["where"]
    for code, refusal in WRONG:
        answer = ann.scan(code)
        assert (answer["outcome"], answer["refusal"], answer["instruction"]["tone"]) == ("refused", refusal, "wrong")
        assert answer["instruction"]["words"]
    assert (_stock(site), ann.now["where"], ann.now["expects"]) == (before, where, "bin")


def _one_walks_while_the_other_is_offline_and_sends_everything_twice(site: Site, ann: Device, ben: Device) -> None:
    walk = site.ask("GET", "/v1/pick-batches?site=LEEDS&state=walking")["items"]
    [mine] = [each["id"] for each in walk if each["picker"] == "ben"]
    queued: list[dict[str, Any]] = []
    place = ""
    for stop in site.ask("GET", f"/v1/pick-batches/{mine}")["stops"]:
        queued += [ben.note(stop["place"])] if stop["place"] != place else []
        queued += [ben.note(stop["sku"]) for _ in range(stop["quantity"])]
        queued.append(ben.note(f"T:{stop['tote']}"))
        place = stop["place"]
    shuffled = queued * 2
    random.Random(37).shuffle(shuffled)
    with ThreadPoolExecutor(2) as people:
        walking, sending = people.submit(ann.follow), people.submit(ben.send, shuffled)
        walking.result(30)
        answers = sending.result(30)
    assert {answer["outcome"] for answer in answers} <= {"taken", "waiting"}
    assert [answer["outcome"] for answer in ben.send(queued)] == ["taken"] * len(queued)
    assert (ann.now["say"], ben.now["say"]) == ("all_picked", "all_picked")
    for device in (ann, ben):
        assert device.scan("PACK-1")["instruction"]["say"] == "walk_over"
    site.holds()


def _packed(site: Site, number: str, lacks_g: int = 0) -> str:
    path = f"/v1/fulfilments/{site.fulfilment(number)}"
    [advised] = site.ask("GET", f"{path}/packing")["cartons"]
    assert advised["carton"] == "BOX"
    if lacks_g:
        light = {"carton": "BOX", "weight_g": advised["gross_g"] - lacks_g}
        status, said = site.refused(f"{path}/pack", {"parcels": [light]})
        assert (status, said["code"], said["sku"], said["units"]) == (409, "weight_off", "HAT", -1)
    [parcel] = site.ask("POST", f"{path}/pack", {})["parcels"]
    assert parcel["carton"] == "BOX"
    return str(parcel["id"])


def _printed_and_gone(site: Site, parcels: list[str]) -> None:
    site.worker.run_until_idle()
    for id_ in parcels:
        job = site.ask("POST", "/v1/prints", {"printer": "bench", "kind": "carrier_label", "subject": id_})
        [waiting] = site.ask("GET", "/v1/prints?printer=bench")["items"]
        assert (waiting["id"], waiting["zpl"][:3]) == (job["id"], "^XA")
        site.ask("POST", f"/v1/prints/{job['id']}/acknowledge", {"printed": True})
        site.ask("POST", f"/v1/parcels/{id_}/hand-over", {})
    site.worker.run_until_idle()
    site.holds()


def _stock(site: Site) -> list[Any]:
    rows = [site.ask("GET", f"/v1/stock?site=LEEDS&sku={sku}")["items"] for sku in BINS]
    return [row for [row] in rows]
