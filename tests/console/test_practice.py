"""Practising: a store of one's own, marked on every page, with a course that the store itself judges."""

import re

from orderwright.business.practice.reads import course_of
from orderwright.business.truth.check import check_store
from orderwright.database.store import Database
from orderwright.database.stores import list_stores
from orderwright.flows import FLOWS
from tests.console.conftest import Console
from tests.console.visiting import Seen, Visit

MARK = "Nothing here is real"
COOKIE = "orderwright-practice"


def tasks_of(page: Seen) -> dict[str, tuple[str, str]]:
    """By task: done, next or nothing; and where it begins."""
    found = re.findall(r'<li id="(\w+)" class="card ?(\w*)">(.*?)</li>', page.text, re.DOTALL)
    return {name: (css, (re.findall(r'role="button" href="([^"]+)"', inner) or [""])[0]) for name, css, inner in found}


def done_by(visit: Visit) -> list[str]:
    return [name for name, (css, _) in tasks_of(visit.get("/practice")).items() if css == "done"]


def scan(visit: Visit, path: str, **fields: str) -> Seen:
    page = visit.get(path).text
    csrf, n = (page.partition(f'{word}="')[2].partition('"')[0] for word in ('name="csrf" value', "data-next"))
    sent = visit.post(
        path, {"csrf": csrf, "scans/0/n": n, **{f"scans/0/{name}": text for name, text in fields.items()}}
    )
    return visit.get(str(sent.location))


def work(visit: Visit, kind: str, asked: str, tote: str) -> str:
    path = f"/floor/begin/{kind}"
    page = visit.get(f"{path}?site=PRACTICE")
    return str(visit.post(path, {**page.hidden(path), asked: tote}).location)


def review(visit: Visit, where: str) -> None:
    """Correct the address, then let the order go on."""
    page = visit.get(f"{where}/address")
    shown = dict(re.findall(r'name="(order/ship_to/[^"]+)"[^>]*value="([^"]*)"', page.text))
    assert shown["order/ship_to/lines/0"] == "42 Mill Lane"
    fields = {**page.hidden(f"{where}/address"), **shown, "order/ship_to/lines/0": "24 Mill Lane"}
    assert visit.post(f"{where}/address", fields).status == 303
    assert visit.submit(f"{where}/release/manual", f"{where}/release/manual").status == 303


def pick(visit: Visit) -> None:
    path = work(visit, "pick", "totes", "T1")
    for code in ("A-01-01", "MUG-RED", "MUG-RED", "T1", "A-01-04", "PLATE", "T1"):
        scan(visit, path, code=code)
    scan(visit, path, command="done")


def pack(visit: Visit) -> None:
    path = work(visit, "pack", "subject", "P1")
    for _ in range(3):
        scan(visit, path, code="BOWL")
    scan(visit, path, command="done")
    assert "is packed" in scan(visit, path, grams="1050").words


def take_back(visit: Visit, where: str) -> None:
    path = str(visit.submit(where, "/floor/begin/return").location)
    for code in ("OW-000005", "JUG", "restock", "A-01-07"):
        scan(visit, path, code=code)
    scan(visit, path, command="done")


def test_somebody_practises_a_whole_day_beside_the_shop_and_never_in_it(console: Console, postgres: str) -> None:
    visit = console.visit(console.owner())
    assert MARK not in visit.get("/orders").words
    in_shop = visit.get("/practice").hidden("/practice/begin")
    assert visit.post("/practice/begin", in_shop).location == "/practice"
    page = visit.get("/practice")
    assert "0 of 100 points" in page.words
    tasks = tasks_of(page)
    assert [name for name, (css, _) in tasks.items() if css == "next"] == ["review"]
    for where in (*(where for _, where in tasks.values()), "/orders", "/me", "/orders/OW-999999"):
        assert MARK in visit.get(where).words, where

    # A page of the shop that stands in another tab does nothing here: it has the token of the other session.
    assert visit.post("/practice/again", in_shop).status == 403

    database = Database(postgres, FLOWS, size=2)
    store = database.store(visit.cookies[COOKIE].partition(".")[0])
    review(visit, tasks["review"][1])
    assert done_by(visit) == ["review"]
    exception = tasks["exception"][1]
    assert visit.submit(f"{exception}/resolve", f"{exception}/resolve").status == 303
    assert visit.submit("/practice", "/practice/hint/pick").location == "/practice#pick"
    pick(visit)
    pack(visit)
    assert done_by(visit) == ["review", "exception", "pick", "pack"]
    take_back(visit, tasks["return"][1])
    with store.read() as tx:
        assert course_of(tx, ["somebody else"]).done == 0, "what others did does not count"
    words = visit.get("/practice").words
    assert "Well done" in words
    assert "95 of 100 points" in words
    assert [each.name for each in check_store(store, full=True) if not each.holds] == []
    assert console.shop.rows("SELECT 1 FROM orders") == []

    assert visit.submit("/practice", "/practice/leave").location == "/"
    assert COOKIE not in visit.cookies
    assert MARK not in visit.get("/orders").words
    assert visit.submit("/practice", "/practice/begin").status == 303
    assert "95 of 100 points" in visit.get("/practice").words, "what was practised stays"
    assert visit.submit("/practice", "/practice/again").status == 303
    assert "0 of 100 points" in visit.get("/practice").words
    assert store.name not in list_stores(postgres)
    database.close()


def test_who_can_practise_no_more_is_told_before_anything_happens_in_the_shop(console: Console) -> None:
    visit, sam = console.visit(console.owner()), console.person("picker")
    visit.submit("/practice", "/practice/begin")
    stolen = visit.cookies[COOKIE]
    other = console.visit(sam)
    other.cookies[COOKIE] = stolen
    seen = other.get("/floor")
    assert (seen.status, seen.location, COOKIE in other.cookies) == (303, "/practice", False)
    assert "You no longer practise." in other.get("/practice").words
    alone = console.visit()
    alone.cookies[COOKIE] = stolen
    assert str(alone.get("/orders").location).startswith("/sign-in"), "it counts only beside one's own session"
    assert visit.submit("/practice", "/sign-out").location == "/sign-in"
    assert visit.cookies == {}
