"""What a scan costs: 50 scanners at once over HTTP in a store full of orders, beside an empty request in the same run.

`python -m bench.scans [--orders 1000000] [--scanners 50] [--seconds 20] [--keep FOLDER]` fills a store (or uses a kept
one), gives each scanner a walk of its own, and lets all of them pick: each scans on as soon as a person can (once a
second, at a moment of its own), and then as fast as the answers come. One JSON line per figure, with its bar.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec
import uvloop

from bench.kept import PRODUCTS, filled_server
from bench.load import Caller, request_bytes
from bench.server import Server
from bench.shopfront import orders
from orderwright.business.deeds.place import place_orders
from orderwright.business.deeds.placing.forms import PlaceOrder
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.warehouse.forms import Release
from orderwright.business.warehouse.sessions.forms import OpenSession
from orderwright.business.warehouse.totes import NewTote, insert_totes
from orderwright.business.warehouse.walks import NewWalk, give_totes, insert_walks
from orderwright.values.ids import new_ids
from orderwright.values.refusal import Refusal

P99_MS_MAX = 20.0
ORDERS_A_WALK = 12
SCAN_EVERY_S = 1.0


class Device(NamedTuple):
    """A scanner: its session and the site it is at."""

    session: str
    person: str


class Measured(NamedTuple):
    """Milliseconds of the scans, of the empty requests asked between them, and how many scans a second there were until
    the last of them was answered: walks may run out before the time does."""

    scans: list[float]
    empty: list[float]
    rate: float


def main() -> None:
    """Fill, scan, print; the exit code is 1 when the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--scanners", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--keep", type=Path, default=os.environ.get("ORDERWRIGHT_BENCH_STORES"))
    asked = parser.parse_args()
    kept_in = Path(asked.keep) if asked.keep else None
    with filled_server(asked.orders, kept_in) as (server, _):
        devices = send_out(server, asked.scanners)
        uvloop.run(pick(server, devices, SCAN_EVERY_S, 3.0))  # plans and caches
        paced = uvloop.run(pick(server, devices, SCAN_EVERY_S, asked.seconds))
        devices = send_out(server, asked.scanners)
        flat_out = uvloop.run(pick(server, devices, 0.0, asked.seconds / 2))
    holds = tell("a scan, 50 people at once", asked, paced, P99_MS_MAX)
    tell("a scan, as fast as answers come", asked, flat_out, None)
    sys.exit(0 if holds else 1)


def tell(name: str, asked: argparse.Namespace, measured: Measured, bar: float | None) -> bool:
    """Print quantiles beside those of the empty request. False: the bar is missed."""
    p99 = _quantile(measured.scans, 0.99)
    holds = bar is None or p99 < bar
    told = {
        "figure": name, "orders": asked.orders, "scanners": asked.scanners, "scans": len(measured.scans),
        "scans_per_s": round(measured.rate, 1), "p50_ms": round(_quantile(measured.scans, 0.5), 2),
        "p99_ms": round(p99, 2), "empty_p50_ms": round(_quantile(measured.empty, 0.5), 2),
        "empty_p99_ms": round(_quantile(measured.empty, 0.99), 2), "bar_p99_ms": bar, "holds": holds,
    }  # fmt: skip
    print(json.dumps(told), flush=True)
    return holds


def send_out(server: Server, scanners: int) -> list[Device]:
    """New orders, released, on a walk for each scanner, with a tote for each order and an open session."""
    people = [f"bench-{uuid4().hex[:8]}" for _ in range(scanners)]
    forms = orders(scanners * ORDERS_A_WALK, PRODUCTS, seed=time.time_ns())
    for start in range(0, len(forms), 200):
        with server.store.begin() as tx:
            placed = place_orders(tx, [PlaceOrder(form, "bench", "api") for form in forms[start : start + 200]])
        if no := [each for each in placed if isinstance(each, Refusal)]:
            raise RuntimeError(repr(no[0]))
    with server.store.read() as tx:
        rows = tx.rows(
            "SELECT f.id::text, f.site FROM fulfilment f JOIN orders o ON o.id = f.order_id"
            " WHERE o.channel = 'web' AND o.reference = ANY(%(references)s) AND f.state = 'planned'"
            " ORDER BY f.site, f.id",
            references=[form.reference for form in forms],
        )
    for start in range(0, len(rows), 200):
        with server.store.begin() as tx:
            release_fulfilments(tx, [Release(fulfilment_id=row.id, actor="bench") for row in rows[start : start + 200]])
    shares = [rows[i * len(rows) // scanners : (i + 1) * len(rows) // scanners] for i in range(scanners)]
    return [device for person, mine in zip(people, shares, strict=True) for device in _walk(server, person, mine)]


def _walk(server: Server, person: str, fulfilments: Sequence[Any]) -> list[Device]:
    site = fulfilments[0].site
    mine = [row.id for row in fulfilments if row.site == site]
    with server.store.begin() as tx:
        tasks = tx.rows(
            "SELECT t.id::text, t.fulfilment_id::text FROM pick_task t JOIN place p ON p.id = t.place_id"
            " WHERE t.fulfilment_id = ANY(%(ids)s::uuid[]) AND t.state = 'open' ORDER BY p.code, t.id",
            ids=mine,
        )
        [walk] = new_ids(1)
        insert_walks(tx, [
            NewWalk(walk, site, "batch", "", "", "", len(mine), tx.now, person, 0, 0, 0, [row.id for row in tasks])
        ])  # fmt: skip
        tote_of = {id_: f"{person}-{i}" for i, id_ in enumerate(mine)}
        insert_totes(tx, [NewTote(site, code, walk, id_, i) for i, (id_, code) in enumerate(tote_of.items(), 1)])
        give_totes(tx, {row.id: tote_of[row.fulfilment_id] for row in tasks})
    with server.store.begin() as tx:
        [opened] = open_sessions(tx, [OpenSession(kind="pick", site=site, person=person, actor="bench")])
    if isinstance(opened, Refusal):
        raise RuntimeError(repr(opened))
    return [Device(opened.id, person)]


async def pick(server: Server, devices: Sequence[Device], every_s: float, seconds: float) -> Measured:
    """Let all devices scan what they are told to for a while, and ask an empty request all the while."""
    measured = Measured([], [], 0.0)
    begun = time.perf_counter()
    until = begun + seconds
    empty = request_bytes("GET", "/health/ready", server.key, b"")
    beside = asyncio.create_task(_repeat(server, empty, until, measured.empty))
    ended = await asyncio.gather(*[_follow(server, device, every_s, until, measured.scans) for device in devices])
    await beside
    return measured._replace(rate=len(measured.scans) / (max(ended) - begun))


async def _follow(server: Server, device: Device, every_s: float, until: float, took_ms: list[float]) -> float:
    """Scan what the instruction asks for, and now and then something else; when the last scan was answered."""
    rng = random.Random(device.session)
    caller = Caller(server.port)
    path = f"/v1/sessions/{device.session}"
    _, body = await _timed(caller, request_bytes("GET", path, server.key, b""), [])
    now = msgspec.json.decode(body)
    await asyncio.sleep(rng.random() * every_s)
    ended = time.perf_counter()
    while time.perf_counter() < until:
        scan = _scan(now, rng)
        if scan is None:
            break
        request = request_bytes("POST", f"{path}/scans", server.key, msgspec.json.encode({"scans": [scan]}))
        status, body = await _timed(caller, request, took_ms)
        if status != 200:
            raise RuntimeError(f"{status}: {body!r}")
        ended = time.perf_counter()
        now = msgspec.json.decode(body)
        if every_s:
            await asyncio.sleep(every_s * (0.5 + rng.random()))
    caller.close()
    return ended


def _scan(now: dict[str, Any], rng: random.Random) -> dict[str, Any] | None:
    told = now["instruction"]
    scan: dict[str, Any] = {"n": now["next_n"]}
    if told["expects"] == "done":
        return None
    if rng.random() < 0.02:
        return scan | {"code": "WRONG"}
    code = {"bin": told.get("where"), "item": told.get("sku"), "tote": f"T:{told.get('tote')}"}[told["expects"]]
    return scan | {"code": code}


async def _repeat(server: Server, request: bytes, until: float, took_ms: list[float]) -> None:
    caller = Caller(server.port)
    while time.perf_counter() < until:
        await _timed(caller, request, took_ms)
        await asyncio.sleep(0.02)
    caller.close()


async def _timed(caller: Caller, request: bytes, took_ms: list[float]) -> tuple[int, bytes]:
    begun = time.perf_counter()
    answer = await caller.call(request)
    took_ms.append((time.perf_counter() - begun) * 1000)
    return answer


def _quantile(values: Sequence[float], quantile: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))] if ordered else 0.0


if __name__ == "__main__":
    main()
