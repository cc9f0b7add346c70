"""The same day, shorter, as a device lives it: nothing but calls; two pickers at once, one of them offline."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from orderwright.app import wiring
from orderwright.business.truth.check import check_store
from orderwright.database.keys import CreateKey, create_keys
from orderwright.doors.api.routes import all_routes
from orderwright.doors.worker.loop import Worker
from tests.client import Client
from tests.served import serving
from tests.shop import Shop, new_shop

BINS = {"MUG": "A-01", "TEE": "A-02", "HAT": "A-03"}
WRONG = (
    ("L:LEEDS/A-99", "unknown_place"),
    ("4006381333931", "unknown_scan"),
    ("MU\x00G", "unreadable_scan"),
    ("]C1019506000134353", "unreadable_scan"),  # its check digit is damaged
    ("[)>\x1e06\x1d1PMUG", "unreadable_scan"),  # another trade's envelope
)
"""Scans at the first bin, and how each is refused."""


class Site:
    """A served shop, and whoever calls it with one key."""

    def __init__(self, shop: Shop, call: Client, worker: Worker) -> None:
        self.shop = shop
        self.call = call
        self.worker = worker

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What a call that must go well answers."""
        reply = self.call(method, path, body)
        assert reply.status < 300, reply.content
        return reply.json

    def refused(self, path: str, body: Any) -> tuple[int, Any]:
        """(status, problem) of a POST that must be refused."""
        reply = self.call("POST", path, body)
        assert reply.status >= 400, reply.content
        return reply.status, reply.json

    def holds(self) -> None:
        """Every invariant does."""
        broken = [f"{each.name}: {each.rows}" for each in check_store(self.shop.store, full=True) if not each.holds]
        assert broken == []

    def furnish(self) -> None:
        """Bins with goods, a carton, and a bench."""
        for bay, (sku, code) in enumerate(BINS.items(), 1):
            self.ask("PUT", f"/v1/sites/LEEDS/places/{code}", {"zone": "A", "aisle": 1, "bay": bay})
            self.ask("PUT", f"/v1/products/{sku}", {
                "title": sku.title(), "price": "7.50", "currency": "GBP", "weight_g": 300,
                "length_mm": 100, "width_mm": 100, "height_mm": 100,
            })  # fmt: skip
        self.ask("PUT", "/v1/sites/LEEDS/places/PACK-1", {"kind": "packing"})
        self.ask(
            "PUT",
            "/v1/sites/LEEDS/floor",
            {"layout": {"zone": [{"name": "A", "aisles": 1, "bays": 9}]}, "carts": [{"kind": "CART", "totes": 2}]},
        )
        self.ask("PUT", "/v1/cartons/BOX", {"length_mm": 200, "width_mm": 200, "height_mm": 200, "tare_g": 100})
        lines = [{"sku": sku, "quantity": 10, "place": code} for sku, code in BINS.items()]
        self.ask("POST", "/v1/stock/receipts", {"site": "LEEDS", "reference": "MORNING", "lines": lines})

    def ordered(self, **units: int) -> str:
        """The number of an order."""
        return str(self.ask("POST", "/v1/orders", msgspec.to_builtins(self.shop.form(units)))["number"])

    def fulfilment(self, number: str) -> str:
        return str(self.ask("GET", f"/v1/orders/{number}")["fulfilments"][0]["id"])


class Device:
    """A scanner that counts its scans, and may be out of reach of the network."""

    def __init__(self, site: Site, person: str) -> None:
        self.site = site
        opened = site.ask("POST", "/v1/sessions", {"kind": "pick", "site": "LEEDS", "person": person})
        self.path = f"/v1/sessions/{opened['id']}/scans"
        self.now = opened["instruction"]
        self.n = opened["next_n"]

    def scan(self, code: str = "", **told: Any) -> Any:
        """One scan; its answer."""
        return self.send([self.note(code, **told)])[0]

    def note(self, code: str = "", **told: Any) -> dict[str, Any]:
        """A scan in the device's memory."""
        self.n += 1
        return {"n": self.n - 1, "code": code, **told}

    def send(self, scans: list[dict[str, Any]]) -> Any:
        answers = []
        for first in range(0, len(scans), 200):
            told = self.site.ask("POST", self.path, {"scans": scans[first : first + 200]})
            self.now = told["instruction"]
            answers += told["answers"]
        return answers

    def follow(self) -> None:
        """Scan what it says until the walk is picked."""
        while self.now["expects"] != "done":
            now = self.now
            code = {"bin": now["where"], "item": now["sku"], "tote": f"T:{now.get('tote')}"}[now["expects"]]
            assert self.scan(code)["outcome"] == "taken"


@pytest.fixture
def site(postgres: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("ORDERWRIGHT_DATA", str(tmp_path))
    wired = wiring()
    with new_shop(postgres) as shop:
        try:
            with serving(postgres, all_routes()) as port:
                [key] = shop.run(create_keys, CreateKey(name="floor", scopes=("admin",), actor="test"))
                yield Site(shop, Client(port, key.key), Worker(shop.store, wired.kinds, ()))
        finally:
            with shop.store.begin() as tx:
                tx.write("DELETE FROM orderwright.key_prefix WHERE store = %(store)s", store=shop.store.name)


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
