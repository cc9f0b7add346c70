"""The desk's side of returns: announced for the customer, seen with photos at bench and order, settled, ended."""

import re

import pytest

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.deeds.take_back import inspect_returns, receive_returns
from orderwright.business.returns.forms import AskedLine, AskReturn, InspectedLine, InspectReturn, ReceiveReturn
from orderwright.business.returns.photos import AddReturnPhoto, add_return_photos
from orderwright.business.warehouse.sessions.forms import OpenSession
from tests.console.conftest import Console
from tests.console.visiting import Visit
from tests.floor import done
from tests.portal.conftest import Counter
from tests.portal.looks import png


@pytest.fixture
def clerk(counter: Counter) -> Visit:
    desk = Console(counter.floor, counter.port)
    return desk.visit(desk.owner())


def sizes(counter: Counter) -> None:
    for size in ("S", "M"):
        counter.floor.product(f"TEE-{size}", family="TEES", options={"size": size})
    counter.floor.stock("LEEDS", **{"TEE-S": 5, "TEE-M": 2})


def exchanged(counter: Counter) -> tuple[str, str]:
    """A return that waits to be exchanged for another size, with a photo: (number of its order, its id)."""
    sizes(counter)
    number = counter.scene.delivered({"TEE-S": 1})
    lines = [AskedLine(1, 1, "unwanted", exchange="TEE-M")]
    [back] = done(counter.floor.run(ask_returns, AskReturn(number=number, lines=lines, actor="test")))
    done(counter.floor.run(add_return_photos, AddReturnPhoto(return_id=back.id, content=png(), actor="test")))
    return number, back.id


def test_a_return_is_announced_for_another_size_at_the_desk(counter: Counter, clerk: Visit):
    sizes(counter)
    order = f"/orders/{counter.scene.delivered({'TEE-S': 2})}"
    assert f"{order}/return" in clerk.get(order).text
    path = f"{order}/return"
    assert "TEE-M · M · 2 free" in clerk.get(path).words
    wanted = {"lines/0/quantity": 3, "lines/0/exchange": "TEE-M", "reason": "defective"}
    assert clerk.submit(path, path, **wanted).status == 422
    assert clerk.submit(path, path, **{**wanted, "lines/0/quantity": 1}).location == order
    words = clerk.get(order).words
    assert "For it: 1 × TEE-M kept aside OW-000002" in words
    assert "waits until a return is settled" in clerk.get("/orders/OW-000002").words
    [row] = counter.floor.rows("SELECT id::text FROM return_request")
    money = f"{order}/returns/{row.id}/money"
    assert clerk.submit(money, money).location == order
    assert "money instead" in clerk.get(order).words
    assert counter.floor.counters("TEE-M", "LEEDS") == (2, 0)


def test_what_was_looked_at_is_settled_at_the_desk_after_it_was_shown(counter: Counter, clerk: Visit):
    number, id_ = exchanged(counter)
    path = f"/orders/{number}/returns/{id_}/settle"
    assert "It is not to be settled now" in clerk.get(path).words
    done(counter.floor.run(receive_returns, ReceiveReturn(return_id=id_, actor="test")))
    done(counter.floor.run(inspect_returns, InspectReturn(return_id=id_, lines=[InspectedLine(1, 1)], actor="test")))
    words = clerk.get(path).words
    assert "Goes out: 1 × TEE-M −£7.50" in words
    assert "Paid back £0.00" in words
    assert clerk.submit(path, path).location == f"/orders/{number}"
    assert "goes out" in clerk.get(f"/orders/{number}").words
    assert clerk.get(f"/orders/OW-999999/returns/{id_}/settle").status == 404
    assert counter.floor.broken() == []


def test_photos_are_seen_at_the_order_and_at_the_bench_which_hears_of_the_exchange(counter: Counter, clerk: Visit):
    number, id_ = exchanged(counter)
    [photo] = re.findall(rf'src="(/orders/{number}/returns/{id_}/photos/[^"]+)"', clerk.get(f"/orders/{number}").text)
    assert clerk.get(photo).status == 200
    other = counter.scene.delivered({"MUG": 1})
    assert clerk.get(photo.replace(number, other)).status == 404
    command = OpenSession(kind="return", site="LEEDS", person="Olivia Owner", actor="test")
    [session] = done(counter.floor.run(open_sessions, command))
    path = f"/floor/sessions/{session.id}"
    csrf = clerk.get(path).text.partition('name="csrf" value="')[2].partition('"')[0]
    sent = clerk.post(path, {"csrf": csrf, "scans/0/n": str(session.next_n), "scans/0/code": number})
    page = clerk.get(str(sent.location))
    assert "is an exchange: order OW-000002 waits until it is looked at and settled." in page.words
    assert "Exchange: order OW-000002 waits for it" in page.words
    [photo] = re.findall(rf'src="(/floor/returns/{id_}/photos/[^"]+)"', page.text)
    assert clerk.get(photo).status == 200
