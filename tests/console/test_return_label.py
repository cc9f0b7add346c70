"""A carrier's label for what comes back, made and printed at the desk for who asks by telephone."""

from typing import Any

import pytest

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.take_back import receive_returns
from orderwright.business.returns.forms import AskedLine, AskReturn, ReceiveReturn
from orderwright.business.returns.labels import BUY, BuyReturnLabels
from orderwright.doors.worker.kinds import CallKind
from orderwright.links.carriers.practice import PracticeCarrier, Troubles
from orderwright.settings import PutSettings, put_settings
from tests.console.conftest import Console
from tests.console.visiting import Visit
from tests.floor import Floor, done
from tests.papers.reading import barcodes, pages, words


@pytest.fixture
def clerk(console: Console, floor: Floor) -> Visit:
    return console.visit(console.person("clerk", name="Clara Clerk"))


@pytest.fixture
def back(floor: Floor) -> Any:
    number = floor.place({"MUG": 2}).number
    floor.shipped(number)
    return floor.one(ask_returns, AskReturn(number=number, lines=[AskedLine(1, 1, "unwanted")], actor="test"))


def page_of(back: Any) -> str:
    return f"/orders/{back.order}/returns/{back.id}/label"


def buy(floor: Floor) -> int:
    desk = BuyReturnLabels({"practice": floor.carrier})
    return floor.call(CallKind(BUY, desk.start, desk.call, desk.finish, desk.ask, desk.give_up))


def test_a_clerk_sees_what_a_label_costs_buys_it_once_and_prints_it(floor: Floor, clerk: Visit, back: Any) -> None:
    page = page_of(back)
    done(floor.run(put_settings, PutSettings(values={"returns.labels": False}, actor="test")))  # to customers alone
    assert f'href="{page}"' in clerk.get(f"/orders/{back.order}").text
    first = clerk.get(page)
    assert all(told in first.words for told in ("1 Dock St", "standard", "£3.20"))
    fields = first.hidden(page)
    assert [clerk.post(page, fields).location for _ in range(2)] == [page, page]
    seen = clerk.get(page)
    assert ("Look again in a minute." in seen.words, f'action="{page}"' in seen.text) == (True, False)
    assert clerk.get(f"{page}.pdf").status == 404
    assert (buy(floor), buy(floor), len(floor.carrier.bought)) == (1, 0, 2)
    code = floor.value("SELECT tracking_code FROM return_label")
    seen = clerk.get(page)
    assert code in seen.words
    assert 'src="data:image/svg+xml;base64,' in seen.text
    sheet = clerk.save(f"{page}.pdf")
    assert back.number in words(sheet)
    assert code in [content for _, content in barcodes(pages(sheet, 300)[0])]
    wanted = floor.rows("SELECT actor FROM fact WHERE type = 'return_label_wanted'")
    assert [row.actor for row in wanted] == ["staff:Clara Clerk"]


def test_the_label_speaks_the_customers_language_whoever_prints_it(floor: Floor, clerk: Visit, back: Any) -> None:
    with floor.begin() as tx:
        tx.write("UPDATE customer SET language = 'es'")
    page = page_of(back)
    clerk.submit(page, page)
    buy(floor)
    assert "Recorte esto" in words(clerk.save(f"{page}.pdf"))


def test_after_the_carriers_no_it_can_be_asked_once_more(floor: Floor, clerk: Visit, back: Any) -> None:
    page = page_of(back)
    floor.carrier = PracticeCarrier(Troubles(refused=1000))
    clerk.submit(page, page)
    buy(floor)
    assert "The carrier had no label for this." in clerk.get(page).words
    floor.carrier = PracticeCarrier()
    clerk.submit(page, page)
    assert (buy(floor), "It is paid." in clerk.get(page).words) == (1, True)


def test_what_is_here_already_needs_none_and_nobody_sees_anothers(floor: Floor, clerk: Visit, back: Any) -> None:
    page = page_of(back)
    fields = clerk.get(page).hidden(page)
    done(floor.run(receive_returns, ReceiveReturn(return_id=back.id, actor="dock")))
    assert clerk.post(page, fields).status == 412  # it is another than was seen
    assert clerk.post(page, {**fields, "version": "2"}).status == 409
    assert "It needs no label now" in clerk.get(page).words
    assert f'href="{page}"' not in clerk.get(f"/orders/{back.order}").text
    other = floor.place({"MUG": 1}).number
    assert clerk.get(f"/orders/{other}/returns/{back.id}/label").status == 404
    assert clerk.get(f"/orders/{other}/returns/{back.id}/label.pdf").status == 404
    assert floor.rows("SELECT FROM return_label") == []


def test_a_label_is_bought_by_who_may_change_orders(console: Console, floor: Floor, back: Any) -> None:
    analyst = console.visit(console.person("analyst", name="Ina"))
    page = page_of(back)
    assert f'href="{page}"' not in analyst.get(f"/orders/{back.order}").text
    assert (analyst.get(page).status, analyst.get(f"{page}.pdf").status) == (403, 404)
