"""Callers over HTTP who place, cancel and pick, ask again with the same key when they get no answer, and log it all."""

import asyncio
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import uvloop

from bench.load import BROKEN, Caller, request_bytes
from bench.shopfront import orders
from orderwright.business.orders.form import NewOrder, PolicyForm
from tests.torture.history import Event, History

PATIENCE_S = 90.0
GOES_AWAY = 0.05
"""How often a caller that got no answer does not ask again."""
AGAIN = {429, 502, 503, 504}
PRODUCTS = 6


class Crowd:
    """So many callers at once, until told to stop. Everything they do follows from the seed."""

    def __init__(self, port: int, key: str, seed: int, callers: int, products: int = PRODUCTS) -> None:
        self.history = History()
        self._port, self._key, self._seed, self._callers, self._products = port, key, seed, callers, products
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: uvloop.run(self._gather()), name="crowd")

    def __enter__(self) -> "Crowd":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def await_deeds(self, count: int, seconds: float) -> None:
        """Let them do so many deeds more. Raises TimeoutError when they do not in that time."""
        wanted, give_up_at = len(self.history.events) + count, time.monotonic() + seconds
        while len(self.history.events) < wanted and not self.history.wrong:
            if time.monotonic() > give_up_at:
                raise TimeoutError(f"the callers did not get {count} deeds done in {seconds} s")
            time.sleep(0.005)

    async def _gather(self) -> None:
        each = [
            _Person(self._port, self._key, self._seed * 1000 + i, self._products, self.history)
            for i in range(self._callers)
        ]
        await asyncio.gather(*[person.live(self._stop.is_set) for person in each])


class _Person:
    """One caller."""

    def __init__(self, port: int, key: str, seed: int, products: int, history: History) -> None:
        self._caller = Caller(port)
        self._key = key
        self._rng = random.Random(seed)
        self._forms = _forms(seed, products)
        self._history = history

    async def live(self, is_over: Callable[[], bool]) -> None:
        """One order after the other."""
        while not is_over():
            try:
                await self._order(next(self._forms))
            except Exception as error:  # noqa: BLE001 - a test's own bug must be told, not end one caller in silence
                self._history.accuse(f"the caller itself: {error!r}")
                return
        self._caller.close()

    async def _order(self, form: NewOrder) -> None:
        body = msgspec.to_builtins(form)
        told = await self._do("place", form.reference, "/v1/orders", body, "number")
        if told is None:
            return
        number = told["number"]
        await self._read(number, form.reference)
        drawn = self._rng.random()
        if drawn < 0.1:
            again = await self._do("place", form.reference, "/v1/orders", body, "number")
            if again is not None and again["number"] != number:
                self._history.accuse(f"{form.reference}: first {number}, then {again['number']}")
        if drawn < 0.35:
            await self._do("cancel", number, f"/v1/orders/{number}/cancel", {"reason": "changed_mind"})
        elif drawn < 0.7:
            for fulfilment in told["fulfilments"]:
                await self._pick(fulfilment["id"])

    async def _pick(self, fulfilment_id: str) -> None:
        if await self._do("release", fulfilment_id, f"/v1/fulfilments/{fulfilment_id}/release", None) is None:
            return
        answer = await self._ask("GET", f"/v1/fulfilments/{fulfilment_id}/pick-list", None, "")
        if answer is None or answer[0] != 200:
            return
        for task in answer[1]["tasks"]:
            body = {"quantity": task["quantity"]}
            await self._do("pick", task["id"], f"/v1/pick-tasks/{task['id']}/pick", body, "picked")

    async def _read(self, number: str, reference: str) -> None:
        """What was acknowledged is seen from then on."""
        answer = await self._ask("GET", f"/v1/orders/{number}", None, "")
        if answer is not None and (answer[0], answer[1].get("reference")) != (200, reference):
            self._history.accuse(f"{number}: acknowledged for {reference}, then read as {answer}")

    async def _do(self, deed: str, subject: str, path: str, body: Any, tells: str = "") -> Any:
        """One deed, asked for until it is answered; its answer, None when it was refused or not learnt."""
        begun = time.perf_counter()
        answer = await self._ask("POST", path, body, f"{deed}-{subject}")
        seconds = time.perf_counter() - begun
        if answer is None:
            self._history.add(Event(deed, subject, "unknown", None, seconds))
            return None
        status, told = answer
        is_done = status in (200, 201)
        self._history.add(Event(deed, subject, "ok" if is_done else "refused", told.get(tells or "code"), seconds))
        if status >= 500:
            self._history.accuse(f"{deed} {subject}: {status} {told}")
        return told if is_done else None

    async def _ask(self, method: str, path: str, body: Any, key: str) -> tuple[int, Any] | None:
        """Status and answer; None for whoever went away without one."""
        headers = f"Idempotency-Key: {key}\r\n" if key else ""
        sent = b"" if body is None else json.dumps(body).encode()
        request = request_bytes(method, path, self._key, sent, headers)
        until = time.perf_counter() + PATIENCE_S
        while time.perf_counter() < until:
            try:
                status, said = await self._caller.call(request)
            except BROKEN:
                self._history.met["broken"] += 1
                if self._rng.random() < GOES_AWAY:
                    return None
                await asyncio.sleep(0.05)
                continue
            told = json.loads(said)
            self._history.met[str(status)] += 1
            if status in AGAIN or (status == 409 and told["code"] == "twin_running"):
                self._history.met[told["code"]] += 1
                await asyncio.sleep(0.05)
                continue
            self._history.heard()
            return status, told
        self._history.accuse(f"{method} {path}: not answered in {PATIENCE_S} s")
        return None


def _forms(seed: int, products: int) -> Iterator[NewOrder]:
    """Orders without end; every second one does not wait for stock."""
    rng = random.Random(seed)
    for part in range(1_000_000):
        for form in orders(50, products, seed=seed * 1000 + part, lines=2):
            is_refused = rng.random() < 0.5
            yield msgspec.structs.replace(form, policy=PolicyForm(shortage="refuse")) if is_refused else form
