"""Files of orders that come in: sound ones, ones with bad rows and credit notes, and what is no table at all."""

import gzip
import hashlib
import io
import tempfile
from pathlib import Path
from typing import Any

import xlsxwriter

from orderwright.business.imports.forms import BeginLooking, BeginTaking, ImportAsked
from orderwright.business.imports.jobs import begin_looking, begin_taking
from orderwright.business.imports.profile import get_profile
from orderwright.business.imports.running import Run
from orderwright.database.keys import SCOPES
from orderwright.doors.api.access import Access
from orderwright.doors.api.asked import Question
from orderwright.doors.api.route import Upload
from orderwright.doors.api.routes.imports import (
    GoodsQuery,
    ImportQuery,
    ProductsQuery,
    StockQuery,
    take_customers_file,
    take_file,
    take_prices_file,
    take_products_file,
    take_stock_file,
)
from orderwright.doors.shops import Shop
from orderwright.values.refusal import Refusal
from tests.random.catalogue import KITS, PLAIN
from tests.random.coverage import call_of
from tests.random.steps import step
from tests.random.world import World

HEADER = "Order,Date,Email,SKU,Qty,Price,Ship Name,Ship Address,Ship City,Ship Postcode,Ship Country,Payment Status\n"
WITH_CREDITS = 'channel = "web"\ncurrency = "GBP"\n[credits]\nprefixes = ["C"]\n'


def a_row(world: World, order: str, sku: str, quantity: object) -> str:
    """A row of a file of orders under the HEADER."""
    day = world.now.strftime("%Y-%m-%d")
    buyer = f"buyer{len(order)}@example.org"
    return f"{order},{day} 10:00,{buyer},{sku},{quantity},7.50,A. Buyer,1 High St,Leeds,LS1 1AA,GB,paid\n"


def take(world: World, content: bytes, route: Upload = take_file, **said: Any) -> None:
    """Take a file in as the API does, whose reader of files this is."""
    queries = {take_file: ImportQuery, take_products_file: ProductsQuery, take_stock_file: StockQuery}
    asked = queries.get(route, GoodsQuery)
    access = Access("key", world.store.name, "random", frozenset(SCOPES))
    world.told = [f"{said} {content!r}"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders"
        path.write_bytes(content)
        question = Question(access, {}, asked(name="orders", **said))
        try:
            view = route.take(Shop(world.store, world.writer), question, path, lambda _: None)
        except Refusal as no:
            world.note(no)
            return
    assert view.state in ("done", "dry_run"), view
    world.seen.count("calls", call_of(route))
    world.has_changed = True


@step(4)
def a_file_of_orders_comes(world: World) -> None:
    text = HEADER
    for _ in range(world.rng.randint(1, 5)):
        order = f"F-{world.rng.randint(1, 30)}"
        sku = world.pick(*PLAIN, *KITS, "NOPE")
        text += a_row(world, order, sku, world.pick(1, 2, 3, 3, "many"))
        if world.chance(0.3):
            text += a_row(world, f"C{order}", sku, -world.pick(1, 2))
    with_credits = world.chance(0.5)
    profile = WITH_CREDITS if with_credits else ""
    take(world, text.encode(), profile=profile, apply_credits=with_credits, dry_run=world.chance(0.1))


@step(3)
def a_file_of_goods_comes(world: World) -> None:
    text = "sku,title,price,currency,weight\n"
    for _ in range(world.rng.randint(1, 4)):
        text += (
            f"{world.pick(*PLAIN, 'FILED')},Goods,{world.pick('7.50', '8.00', '1.005')},GBP,{world.pick(300, 'x')}\n"
        )
    take(world, text.encode(), take_products_file, dry_run=world.chance(0.3))
    counted = "sku,site,quantity\n"
    for _ in range(world.rng.randint(1, 3)):
        counted += f"{world.pick(*PLAIN, 'NOPE')},{world.pick('LEEDS', 'BRISTOL', 'MOON')},{world.rng.randint(0, 40)}\n"
    take(world, counted.encode(), take_stock_file, dry_run=world.chance(0.3))


@step(2)
def a_file_of_customers_and_one_of_their_prices_come(world: World) -> None:
    text = "email,name,reference,price_list,terms,postcode,country\n"
    for _ in range(world.rng.randint(1, 4)):
        email = world.pick(f"buyer{world.rng.randint(1, 3)}@example.org", "", "no address")
        text += f"{email},Filed,{world.pick('C-1', 'C-2', '')},{world.pick('TRADE', 'NONE', '-', '')},"
        text += f"{world.pick(30, '-', 'soon', '')},LS1 1AA,{world.pick('GB', 'GB', 'XX')}\n"
    take(world, text.encode(), take_customers_file, dry_run=world.chance(0.3))
    prices = "price_list,sku,price\n"
    for _ in range(world.rng.randint(1, 3)):
        prices += f"{world.pick('TRADE', 'NONE')},{world.pick(*PLAIN, 'NOPE')},{world.pick('6.125', '-', 'cheap')}\n"
    take(world, prices.encode(), take_prices_file, dry_run=world.chance(0.3))


def _brought(world: World) -> None:
    """A file is brought by the console, looked at, and now and then taken; one that is gone is not."""
    content = b"sku,title,price,currency\nFILED,Filed,2.50,GBP\n"
    digest = hashlib.sha256(content).digest()
    (id_,) = world.writer.run(
        begin_looking,
        [BeginLooking(kind="products", file_name="f.csv", file_hash=digest, asked=ImportAsked(), actor="random")],
    )
    run = Run(world.store, world.writer, id_, "random")
    with tempfile.TemporaryDirectory() as folder:
        (path := Path(folder) / "f").write_bytes(content)
        run.keep(path)
    run.look()
    for _ in range(2):
        (begun,) = world.writer.run(begin_taking, [BeginTaking(id=id_, actor="random")])
        if isinstance(begun, Refusal):
            world.note(begun)
        else:
            run.take()


@step(2)
def a_file_is_brought(world: World) -> None:
    world.told = ["a file of products is brought, looked at, and taken"]
    _brought(world)
    world.has_changed = True


def _workbook() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet("Orders").write_row(0, 0, HEADER.strip().split(","))
    return content.getvalue()


@step(3)
def files_come_that_are_no_good(world: World) -> None:
    wrong: list[tuple[bytes, dict[str, Any]]] = [
        (b"%PDF-1.4", {}), (b"", {}), (HEADER.encode(), {"profile": "nobody = 1"}),
        (HEADER.encode(), {"columns": "colour=Blue"}), (b"Name,Colour\nA,blue\n", {}),
        ((HEADER + a_row(world, "F-1", "MUG", 1)).replace("Leeds", "L\u00e9eds").encode(),
         {"profile": '[file]\nencoding = "ascii"\n'}),
        (_workbook(), {"profile": '[file]\nsheet = "Nowhere"\n'}), (gzip.compress(HEADER.encode(), mtime=0)[:-9], {}),
        (",".join(str(i) for i in range(501)).encode(), {}),
    ]  # fmt: skip
    for content, said in wrong:
        take(world, content, **said)
    try:
        get_profile("nobody")
    except Refusal as no:
        world.note(no)
