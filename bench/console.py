"""What a page costs: the server's time for pages of staff and of customers, beside a page with nothing on it.

`python -m bench.console [--orders 1000000] [--rounds 40] [--keep FOLDER]` fills a store (or uses a kept one), tells its
last weeks as the worker would, signs an owner in, and asks for every page in turn, round after round, about other
orders each time. One JSON line per figure: a page's milliseconds from the first byte sent to the last one read, over
one connection on this machine, with its bar; beside them, for a machine that is busy, the processor's time alone, of
the server and of its database. The load of the machine is told before and after.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple
from uuid import uuid4

import uvloop

from bench.cpu import Cpu, read_cpu
from bench.kept import filled_server
from bench.load import Caller
from bench.server import Server
from orderwright.business.orders.customer_links import find_by_turn
from orderwright.business.reports.days.asking import today
from orderwright.business.reports.days.changes import changed_days
from orderwright.business.reports.days.telling import DAYS_AT_ONCE, tell_stale, zone_of
from orderwright.business.staff import entrance
from orderwright.business.staff.forms import Invite
from orderwright.business.staff.people import invite
from orderwright.business.staff.rules import ROLE_SCOPES
from orderwright.doors.portal.sessions import new_cookie
from orderwright.values.refusal import Refusal

P95_MS_MAX = 100.0
WARMING = 8
"""Rounds before those that count: plans are made, caches filled."""
TOLD_DAYS = 28
DAY_S_MAX = 5.0
EMPTY = "nothing on it"
Paths = Mapping[str, Callable[[Any], str]]


class Took(NamedTuple):
    """Of each request for a page: milliseconds until it was there, and the processor's time it took."""

    wall_ms: list[float]
    cpu: list[Cpu]


def main() -> None:
    """Fill, tell, ask, print; the exit code is 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--keep", type=Path, default=os.environ.get("ORDERWRIGHT_BENCH_STORES"))
    asked = parser.parse_args()
    kept_in = Path(asked.keep) if asked.keep else None
    with filled_server(asked.orders, kept_in) as (server, _):
        print(json.dumps({"load before": os.getloadavg()}), flush=True)
        holds = tell_days(server)
        subjects = find_subjects(server, WARMING + asked.rounds)
        took = uvloop.run(look(server, subjects))
        holds = all([holds, *(tell(name, asked, took[name], took[EMPTY]) for name in took)])
        print(json.dumps({"load after": os.getloadavg()}), flush=True)
    sys.exit(0 if holds else 1)


def tell(name: str, asked: argparse.Namespace, took: Took, empty: Took) -> bool:
    """Print the quantiles of a page beside those of the page with nothing on it. False: the bar is missed."""
    p95 = _quantile(took.wall_ms, 0.95)
    told = {
        "page": name, "orders": asked.orders, "p50_ms": round(_quantile(took.wall_ms, 0.5), 1), "p95_ms": round(p95, 1),
        "server_cpu_ms": round(1000 * mean(each.python_s for each in took.cpu), 1),
        "database_cpu_ms": round(1000 * mean(each.database_s for each in took.cpu), 1),
        "empty_p50_ms": round(_quantile(empty.wall_ms, 0.5), 1),
        "empty_p95_ms": round(_quantile(empty.wall_ms, 0.95), 1),
        "bar_p95_ms": P95_MS_MAX, "holds": p95 < P95_MS_MAX,
    }  # fmt: skip
    print(json.dumps(told), flush=True)
    return p95 < P95_MS_MAX


def tell_days(server: Server) -> bool:
    """Look for what a day's work changed, and tell the store's last weeks anew; False: a step took too long."""
    with server.store.begin() as tx:
        zone, begun = zone_of(tx), time.perf_counter()
        changed = len(changed_days(tx, tx.now - timedelta(days=1), zone))
        looked_s = time.perf_counter() - begun
        tx.write(
            "INSERT INTO report_told (day, told_at, is_stale)"
            " SELECT %(day)s::date - n, %(now)s, true FROM generate_series(0, %(days)s - 1) AS n"
            " ON CONFLICT (day) DO UPDATE SET is_stale = true",
            day=today(tx.now, zone), now=tx.now, days=TOLD_DAYS,
        )  # fmt: skip
        # Who asks the invariants of a kept store later adds its days up in the zone they were told in.
        tx.write(
            "INSERT INTO report_watch (seen_until, zone) VALUES (%(now)s, %(zone)s)"
            " ON CONFLICT (only_row) DO UPDATE SET seen_until = excluded.seen_until, zone = excluded.zone",
            now=tx.now, zone=zone,
        )  # fmt: skip
    steps, more = [], True
    while more:
        begun = time.perf_counter()
        with server.store.begin() as tx:
            more = tell_stale(tx, zone)
        steps.append(time.perf_counter() - begun)
    worst = max(looked_s, *steps)
    told = {
        "figure": "days told", "days": TOLD_DAYS, "s": round(sum(steps), 1), "days_at_once": DAYS_AT_ONCE,
        "worst_step_s": round(max(steps), 2), "changes_of_a_day_looked_for_s": round(looked_s, 2),
        "days_changed": changed, "bar_step_s": DAY_S_MAX, "holds": worst < DAY_S_MAX,
    }  # fmt: skip
    print(json.dumps(told), flush=True)
    return worst < DAY_S_MAX


def find_subjects(server: Server, count: int) -> list[Any]:
    """Orders and what belongs to them, to ask about one after the other."""
    with server.store.read() as tx:
        return tx.rows(
            """
            SELECT o.id::text, o.number, o.reference, o.email_key, o.postal_code, l.sku, p.tracking_code,
                   (SELECT id::text FROM exception WHERE closed_at IS NULL ORDER BY due_at, id
                    OFFSET o.nth %% 100 LIMIT 1) AS exception,
                   %(today)s::date - 2 - o.nth::integer %% 20 AS day
            FROM (SELECT *, row_number() OVER (ORDER BY placed_at) AS nth FROM (
                  SELECT * FROM orders WHERE state = 'delivered' AND email_key <> '' ORDER BY placed_at DESC
                  LIMIT %(count)s) AS late) AS o
            JOIN order_line l ON l.order_id = o.id AND l.position = 1
            JOIN parcel p ON p.order_id = o.id ORDER BY o.nth
            """,
            count=count, today=tx.now.date(),
        )  # fmt: skip


PAGES: Paths = {
    EMPTY: lambda of: "/nothing-here",
    "Today": lambda of: "/",
    "Today: orders behind accuracy": lambda of: "/today/order_accuracy",
    "Today: orders behind returns": lambda of: "/today/return_rate",
    "orders": lambda of: "/orders",
    "orders of a state": lambda of: "/orders?state=delivered",
    "orders of a site": lambda of: "/orders?site=LYON",
    "orders of some days": lambda of: f"/orders?channel=market&since={of.day}&until={of.day}",
    "search by reference": lambda of: f"/orders?q={of.reference}",
    "search by e-mail": lambda of: f"/orders?q={of.email_key}",
    "search by name": lambda of: f"/orders?q=Buyer%20{of.email_key[5:].partition('@')[0]}",
    "search by postcode": lambda of: f"/orders?q={of.postal_code.replace(' ', '%20')}",
    "search by tracking code": lambda of: f"/orders?q={of.tracking_code}",
    "search by product": lambda of: f"/orders?q={of.sku}",
    "order": lambda of: f"/orders/{of.number}",
    "new order": lambda of: "/orders/new",
    "new order: repeat the last": lambda of: f"/orders/new?repeat={of.number}",
    "new order: products": lambda of: f"/orders/new/products?channel=web&q={of.sku[:7]}",
    "exceptions": lambda of: "/exceptions",
    "exceptions of a kind": lambda of: "/exceptions?kind=address",
    "exception": lambda of: f"/exceptions/{of.exception}",
    "drafts": lambda of: "/drafts",
    "quotes": lambda of: "/quotes",
    "customers": lambda of: "/customers",
    "customers by name": lambda of: f"/customers?q=Buyer%20{of.email_key[5:].partition('@')[0]}",
    "reports of a day": lambda of: f"/reports?rhythm=daily&day={of.day}",
    "reports of a week": lambda of: f"/reports?rhythm=weekly&day={of.day}",
    "reports of a month": lambda of: f"/reports?rhythm=monthly&day={of.day}",
    "rows of orders placed": lambda of: f"/reports/rows?figure=orders_in&day={of.day}",
    "rows of touch time": lambda of: f"/reports/rows?figure=touch_time&day={of.day}",
    "rows of picking": lambda of: f"/reports/rows?figure=picks_per_hour&day={of.day}",
    "was and now": lambda of: "/was-now",
    "stock": lambda of: "/stock",
    "stock of a product": lambda of: f"/stock/{of.sku}",
    "products": lambda of: "/products",
    "floor": lambda of: "/floor",
    "settings: sites": lambda of: "/settings/sites",
    "staff": lambda of: "/staff",
}
CUSTOMERS: Paths = {
    "customer: tracking": lambda of: "/track",
    "customer: cancel": lambda of: "/track/cancel",
    "customer: send back": lambda of: "/returns",
}


async def look(server: Server, subjects: Sequence[Any]) -> dict[str, Took]:
    """Ask for every page in turn, once for each subject; what each page took, without the warming."""
    staff = f"orderwright={_owner(server)}"
    customers = _customers(server, subjects)
    took = {name: Took([], []) for name in (*PAGES, *CUSTOMERS)}
    caller = Caller(server.port)
    pids, postmaster = server.pids(), server.postmaster()
    used = read_cpu(pids, postmaster)
    for nth, (of, customer) in enumerate(zip(subjects, customers, strict=True)):
        asks = [(name, path(of), staff) for name, path in PAGES.items()]
        asks += [(name, path(of), customer) for name, path in CUSTOMERS.items()]
        for name, path, cookie in asks:
            head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nCookie: {cookie}\r\n\r\n"
            begun = time.perf_counter()
            status, _ = await caller.call(head.encode())
            wall_ms, before, used = (time.perf_counter() - begun) * 1000, used, read_cpu(pids, postmaster)
            if nth >= WARMING:
                took[name].wall_ms.append(wall_ms)
                took[name].cpu.append(used.since(before))
            if status != (404 if name == EMPTY else 200):
                raise RuntimeError(f"{path}: {status}")
    caller.close()
    return took


def _owner(server: Server) -> str:
    """The session of a new owner."""

    def run(action: Callable[..., list[Any]], commands: Sequence[Any]) -> list[Any]:
        with server.store.begin() as tx:
            return action(tx, commands)

    name = f"Bench {uuid4().hex[:12]}"  # everybody has a name of their own, and a store may be kept
    email = f"{name.replace(' ', '-').lower()}@example.org"
    [linked] = run(invite, [Invite(email=email, name=name, roles=("owner",), by=ROLE_SCOPES["owner"], actor="bench")])
    if isinstance(linked, Refusal):
        raise linked
    return entrance.join(run, linked.token, uuid4().hex, (name, email)).token


def _customers(server: Server, subjects: Sequence[Any]) -> list[str]:
    """The cookie of each order's customer."""
    cookies = []
    with server.store.read() as tx:
        for of in subjects:
            order = find_by_turn(tx, of.id)
            if order is None:
                raise RuntimeError(f"{of.number} has no customer")
            cookies.append(f"orderwright-order={new_cookie(tx, order, is_proved=False)[0]}")
    return cookies


def _quantile(values: Sequence[float], quantile: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))]


if __name__ == "__main__":
    main()
