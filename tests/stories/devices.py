"""A served site, and the devices on its floor: nothing but calls."""

from typing import Any

import msgspec

from orderwright.business.truth.check import check_store
from orderwright.doors.worker.loop import Worker
from tests.client import Client
from tests.shop import Shop

BINS = {"MUG": "A-01", "TEE": "A-02", "HAT": "A-03"}


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
