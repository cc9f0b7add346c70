"""Everything that can be asked is asked, of whatever the shop is like."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from orderwright.database.keys import SCOPES
from orderwright.doors.api import perform, queries
from orderwright.doors.api.access import Access
from orderwright.doors.api.asked import Question
from orderwright.doors.api.route import ByToken, Read
from orderwright.doors.api.routes import all_routes
from orderwright.values.refusal import Refusal
from tests.random.catalogue import a_site, a_sku
from tests.random.coverage import call_of
from tests.random.floor import an_id
from tests.random.selling import a_number
from tests.random.steps import step
from tests.random.world import World

_TABLES = {
    "exceptions": "exception", "fulfilments": "fulfilment", "parcels": "parcel", "returns": "return_request",
    "imports": "import_job", "prints": "print_job", "photos": "photo",
    "pick-batches": "pick_batch", "drafts": "order_draft",
    "bulk": "bulk_run",
    "staff": "staff_account", "customers": "customer", "sessions": "floor_session", "counts": "count_task",
}  # fmt: skip


_LINKED = {
    "orders": "SELECT o.number FROM pay_link l JOIN orders o ON o.id = l.order_id ORDER BY l.made_at, l.id",
    "quotes": "SELECT q.number FROM pay_link l JOIN quote q ON q.id = l.quote_id ORDER BY l.made_at, l.id",
}
"""Orders and quotes that can be paid by a link."""


def _path_parts(world: World, path: str) -> dict[str, str]:
    """What stands in a path where it varies: of the shop's own things, seldom of none."""
    _, _, noun, *rest = path.split("/")
    if "{photo}" in rest:
        row = world.some("SELECT id::text, return_id::text FROM return_photo ORDER BY id")
        return (
            {"id": an_id(world, row), "photo": an_id(world, row)}
            if row is None
            else {"id": row.return_id, "photo": row.id}
        )
    if rest[-1:] == ["pay-link"]:
        linked = world.some(_LINKED[noun])
        return {"number": "NONE" if linked is None else linked.number}
    if "{number}" in rest:
        if noun == "orders":
            return {"number": a_number(world)}
        if noun == "purchase-orders":
            bought = world.some("SELECT number FROM purchase_order ORDER BY number")
            return {"number": "PO-NONE" if bought is None or world.chance(0.05) else bought.number}
        if noun == "quotes":
            quoted = world.some("SELECT number FROM quote ORDER BY number")
            return {"number": "Q-NONE" if quoted is None or world.chance(0.05) else quoted.number}
        if noun == "transfers":
            sent = world.some("SELECT number FROM site_transfer ORDER BY number")
            return {"number": "TR-NONE" if sent is None or world.chance(0.05) else sent.number}
        row = world.some("SELECT series || '-' || lpad(number::text, 6, '0') AS number FROM paper ORDER BY 1")
        return {"number": "NONE-1" if row is None or world.chance(0.05) else row.number}
    if "{rhythm}" in rest:
        return {"rhythm": world.pick("daily", "weekly", "monthly", "yearly")}
    if noun == "price-lists":
        return {"code": world.pick("TRADE", "TRADE", "NONE")}
    if "{code}" in rest:
        return {"code": world.pick("WEAR", "NONE") if noun == "families" else a_site(world)}
    if "{stage}" in rest:
        return {"kind": world.pick("manual", "address", "nonsense"), "stage": world.pick("any", "floor", "moon")}
    if "{id}" in rest:
        row = world.some(f"SELECT id::text FROM {_TABLES[noun]} ORDER BY id")
        return {"id": an_id(world, row)}
    return {}


def _query(world: World, read: Read) -> bytes:
    """The example of the route's own description, with other words now and then."""
    example: dict[str, Any] = dict(read.notes.example or {})
    if "lines" in example:
        example["lines"] = world.pick("1x1", "1x1", "1x1xTEE")
    if "sku" in example:
        example["sku"] = a_sku(world)
    if "site" in example:
        example["site"] = a_site(world)
    if "channel" in example:
        example["channel"] = world.pick("web", "market", "nobody")
    if world.chance(0.05):
        example |= world.pick({"limit": "many"}, {"colour": "red"}, {"after": "nonsense"})
    return urlencode(example).encode()


def ask(world: World, name: str, find: Callable[[], Any]) -> None:
    """Ask once; count it when it was answered, and what it was refused for otherwise."""
    try:
        find()
    except Refusal as no:
        world.note(no)
    else:
        world.seen.count("calls", name)


def _find(world: World, route: Read, shop: Any, question: Question[Any]) -> None:
    perform.find(route, shop, question._replace(query=queries.parse(_query(world, route), route.query)))


@step(6)
def everything_is_looked_at(world: World) -> None:
    """Whatever the shop is like, it can be looked at; nothing is changed by that."""
    shop: Any = SimpleNamespace(store=world.store)
    access = Access("key", world.store.name, "random", frozenset(SCOPES))
    for route in all_routes():
        if isinstance(route, Read):
            parts = _path_parts(world, route.path)
            world.told = [f"{call_of(route)} {parts}"]
            ask(world, call_of(route), partial(_find, world, route, shop, Question(access, parts, None)))
        elif isinstance(route, ByToken):
            token = world.pick(*world.tokens[-5:], f"{world.store.name}.none")
            with world.store.read() as tx:
                ask(world, call_of(route), partial(route.find, tx, token))
