"""The exceptions desk: what stands in the queue, its evidence, and what is done about it from there."""

import re
from typing import get_args, get_type_hints

import pytest

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.take_back import receive_returns
from orderwright.business.orders.actions import NewException, open_exceptions
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.orders.form import CustomerForm, LineForm, PaymentForm
from orderwright.business.orders.rules import EXCEPTIONS
from orderwright.business.orders.rules import FINDINGS as FINDING_KINDS
from orderwright.business.returns.forms import AskedLine, AskReturn, ReceivedLine, ReceiveReturn, UnexpectedLine
from orderwright.business.shipping.rules import MILESTONES
from orderwright.business.warehouse.climate.forms import Kind as ClimateKind
from orderwright.business.warehouse.damage.forms import DamageForm
from orderwright.doors.console.exception_words import CASES, CODES, FINDINGS
from orderwright.links.carriers.practice import PracticeCarrier
from orderwright.values.forms import AddressForm
from orderwright.values.ids import new_id
from tests.console.conftest import Console
from tests.console.visiting import Visit
from tests.floor import Floor

PAID_4 = PaymentForm(state="paid", amount="4.00")
TYPO = AddressForm(name="Bea Buyer", lines=["1 High St"], city="Leeds", postal_code="LS1 IAA", country="GB")


@pytest.fixture
def clerk(console: Console) -> Visit:
    console.owner()
    console.shop.stock("LEEDS", MUG=9)
    return console.visit(console.person("clerk", name="Clara Clerk"))


def placed(console: Console, **changes: object) -> str:
    told = {"customer": CustomerForm(email="b@example.org", name="Bea Buyer"), **changes}
    return str(console.shop.place({"MUG": 2}, **told).number)


def held(console: Console, kind: str = "fraud") -> tuple[str, str]:
    """An order on hold, and the id of its exception."""
    number = str(console.shop.place({"MUG": 2}).number)
    console.shop.run(hold_orders, HoldOrder(number=number, kind=kind, note="Called.", actor="test"))
    return number, exception(console, number)


def exception(console: Console, number: str) -> str:
    sql = "SELECT id::text FROM exception WHERE order_id = %(id)s::uuid AND closed_at IS NULL"
    return str(console.shop.value(sql, id=console.shop.order_id(number)))


def open_kinds(console: Console) -> list[str]:
    return [row.kind for row in console.shop.rows("SELECT kind FROM exception WHERE closed_at IS NULL ORDER BY 1")]


def test_an_empty_desk_says_that_nothing_needs_anybody(console: Console, clerk: Visit):
    assert "Nothing needs you" in clerk.get("/exceptions").words


def test_the_desk_tells_cause_order_customer_and_whose_it_is(console: Console, clerk: Visit):
    number, _ = held(console)
    words = clerk.get("/exceptions").words
    for told in ("Stopped by hand", number, "A. Buyer", "for Clerk", "Called.", "1 open"):
        assert told in words


def test_filters_narrow_the_queue(console: Console, clerk: Visit):
    number, _ = held(console)
    for query in ("kind=manual", "owner=clerk", "mine=true", "site=LEEDS", ""):
        assert number in clerk.get(f"/exceptions?{query}").words
    for query in ("kind=address", "owner=manager", "site=BRISTOL", "older=1"):
        assert "Nothing fits" in clerk.get(f"/exceptions?{query}").words


def test_a_long_queue_is_read_a_page_at_a_time(console: Console, clerk: Visit):
    console.shop.stock("LEEDS", MUG=90)
    numbers = [held(console)[0] for _ in range(21)]
    first = clerk.get("/exceptions").text
    (after,) = {part.split('"')[0] for part in first.split("?after=")[1:]}
    second = clerk.get(f"/exceptions?after={after}").words
    assert [number for number in numbers if number in second] == numbers[20:]


def test_settling_says_what_follows_and_releases_the_hold(console: Console, clerk: Visit):
    number, id_ = held(console)
    path = f"/exceptions/{id_}/resolve"
    assert "the order then goes on by itself" in clerk.get(path).words
    seen = clerk.submit(path, path, note="All well.")
    assert (seen.status, seen.location) == (303, "/exceptions")
    assert console.shop.state(number) == "allocated"
    words = clerk.get(f"/exceptions/{id_}").words
    assert "All well." in words
    assert "The hold was released" in words


def test_settling_twice_is_settling_once(console: Console, clerk: Visit):
    _, id_ = held(console)
    path = f"/exceptions/{id_}/resolve"
    fields = clerk.get(path).hidden(path)
    assert [clerk.post(path, fields).status for _ in range(2)] == [303, 303]
    assert "It is settled already" in clerk.get(path).words


def test_it_is_given_to_another_role_to_oneself_and_escalated(console: Console, clerk: Visit):
    number, id_ = held(console)
    for owner in ("support", "clara.clerk@example.org"):
        path = f"/exceptions/{id_}/assign"
        assert clerk.submit(path, path, owner=owner).status == 303
        assert console.shop.value("SELECT owner FROM exception WHERE id = %(id)s::uuid", id=id_) == owner
    assert number in clerk.get("/exceptions?mine=true").words
    assert "It goes no higher from clara.clerk@example.org" in clerk.get(f"/exceptions/{id_}/escalate").words
    clerk.submit(f"/exceptions/{id_}/assign", f"/exceptions/{id_}/assign", owner="clerk")
    assert "from Clerk to Manager" in clerk.get(f"/exceptions/{id_}/escalate").words
    clerk.submit(f"/exceptions/{id_}/escalate", f"/exceptions/{id_}/escalate")
    assert console.shop.value("SELECT owner FROM exception WHERE id = %(id)s::uuid", id=id_) == "manager"


def test_a_mistyped_postcode_stands_beside_the_suggested_one_which_one_press_applies(console: Console, clerk: Visit):
    number = placed(console, ship_to=TYPO)
    words = clerk.get("/exceptions").words
    assert "LS1 IAA" in words
    assert "LS1 1AA" in words
    path = f"/orders/{number}/suggested-address"
    assert f'href="{path}"' in clerk.get("/exceptions").text
    assert clerk.submit(path, path).location == "/exceptions"
    assert console.shop.state(number) == "allocated"
    assert open_kinds(console) == []
    assert "LS1 1AA" in clerk.get(f"/orders/{number}").words
    assert "There is no better address for it" in clerk.get(path).words


def test_without_a_suggested_address_none_is_spoken_of(console: Console, clerk: Visit):
    nowhere = AddressForm(name="Bea Buyer", lines=["1 High St"], city="Leeds", postal_code="QQ", country="GB")
    placed(console, ship_to=nowhere)
    assert open_kinds(console) == ["address"]
    assert "suggested address" not in clerk.get("/exceptions").words


def test_an_unknown_product_is_added_from_where_it_is_missed(console: Console, clerk: Visit):
    line = LineForm(sku="JUG/2", quantity=1, unit_price="4.00", title="Jug")
    console.shop.place({}, lines=[line], payment=PAID_4, total="4.00", door="channel")
    path = "/products/new?sku=JUG%2F2"
    assert path not in clerk.get("/exceptions").text
    manager = console.visit(console.person("owner", name="Mia"))
    assert f'href="{path}"' in manager.get("/exceptions").text
    assert 'value="JUG/2"' in manager.get(path).text
    told = {"sku": "JUG/2", "title": "Jug", "price": "4.00", "currency": "GBP", "tracking": "none"}
    seen = manager.submit(path, "/products/new", **told)
    assert (seen.status, seen.location) == (303, "/products/JUG%2F2")


def test_two_probable_duplicates_stand_side_by_side_and_the_later_is_cancelled(console: Console, clerk: Visit):
    first, second = placed(console), placed(console)
    assert open_kinds(console) == ["duplicate"]
    words = clerk.get("/exceptions").words
    assert first in words
    assert second in words
    path = f"/orders/{second}/duplicate"
    assert "This one stays" in clerk.get(path).words
    clerk.submit(path, path)
    assert (console.shop.state(first), console.shop.state(second)) == ("allocated", "cancelled")
    assert open_kinds(console) == []


def test_list_and_charged_price_stand_side_by_side(console: Console, clerk: Visit):
    lines = [LineForm(sku="MUG", quantity=2, unit_price="0.75", reference="1")]
    placed(console, lines=lines, total="1.50", payment=PaymentForm(state="paid", amount="1.50"))
    words = clerk.get("/exceptions").words
    assert "List price · MUG £7.50" in words
    assert "Charged · MUG £0.75" in words


def test_who_may_only_read_is_offered_nothing_and_refused(console: Console, clerk: Visit):
    number, id_ = held(console)
    analyst = console.visit(console.person("analyst", name="Ann"))
    page = analyst.get("/exceptions")
    assert number in page.words
    assert "/resolve" not in page.text
    path = f"/exceptions/{id_}/resolve"
    assert analyst.get(path).status == 403
    assert analyst.post(path, {**clerk.get(path).hidden(path)}).status == 403
    assert open_kinds(console) == ["manual"]


def test_a_partner_sees_only_what_is_about_their_sites(console: Console, clerk: Visit):
    number, id_ = held(console)
    partner = console.visit(console.person("partner", name="Pat", sites=["GLASGOW"]))
    page = partner.get("/exceptions").words
    assert number not in page
    assert "Settled lately" not in page
    assert partner.get(f"/exceptions/{id_}").status == 403


def test_what_is_unknown_is_not_there(console: Console, clerk: Visit):
    assert clerk.get("/exceptions/0190b1de-0000-7000-8000-000000000000").status == 404
    assert clerk.get("/exceptions/nothing").status == 404


def test_every_cause_and_finding_that_stops_an_order_has_words():
    assert set(CASES) == set(EXCEPTIONS)
    assert set(FINDINGS) == {code for code, kind in FINDING_KINDS.items() if kind.hold}
    assert all(re.fullmatch("[a-z][a-z0-9_]{0,39}", case.settled) for case in CASES.values())


@pytest.mark.parametrize(
    ("fact", "codes"),
    [
        ("milestone", MILESTONES), ("kind", get_args(ClimateKind)), ("kind", ("capture", "refund", "void")),
        ("reason", get_args(get_type_hints(DamageForm)["reason"])),
        ("sent_to", get_args(get_type_hints(DamageForm)["sent_to"])),
    ],
)  # fmt: skip
def test_codes_in_the_evidence_have_words(fact: str, codes: tuple[str, ...]):
    assert set(codes) <= CODES[fact].keys()


def test_what_is_about_a_site_names_it_and_is_settled_without_an_order(console: Console, clerk: Visit):
    with console.shop.begin() as tx:
        id_ = new_id()
        open_exceptions(tx, [NewException("", id_, "count_disputed", {"place": "A-1", "sku": "MUG"}, site="LEEDS")])
    words = clerk.get("/exceptions?site=LEEDS").words
    for told in ("Counts disagree", "LEEDS", "Place A-1", "Have a third person count."):
        assert told in words
    path = f"/exceptions/{console.shop.value('SELECT id::text FROM exception')}/resolve"
    assert "It leaves the queue; nothing else changes." in clerk.get(path).words
    assert clerk.submit(path, path).status == 303
    assert open_kinds(console) == []


def goods_told(visit: Visit, path: str = "/exceptions") -> list[list[str]]:
    """The rows of the tables of goods on a page."""
    tables = re.findall('about"><table>(.*?)</table>', visit.get(path).text, re.DOTALL)
    rows = [row for table in tables for row in re.findall("<tr>(.*?)</tr>", table, re.DOTALL)]
    return [[" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in re.findall("<t[hd].*?</t[hd]>", row, re.DOTALL)]
            for row in rows]  # fmt: skip


def test_who_is_to_count_a_bin_is_told_which_and_what_was_missing(console: Console, clerk: Visit):
    floor = Floor(console.shop.store)
    number = str(console.shop.place({"MUG": 3}).number)
    floor.release(number)
    [task] = floor.tasks(number)
    floor.short(task, 1)
    assert goods_told(clerk) == [
        ["Product", "Place", "Units", "What is wrong"], ["MUG Mug", "LEEDS STOCK", "2", "Missing"]
    ]  # fmt: skip
    assert goods_told(clerk, f"/exceptions/{exception(console, number)}")[1:] == goods_told(clerk)[1:]
    picker = console.visit(console.person("support", name="Sue Support"))
    assert "MUG" in picker.get("/exceptions").words


def test_what_came_back_stands_beside_what_was_announced(console: Console, clerk: Visit):
    console.shop.stock("LEEDS", MUG=9)
    floor = Floor(console.shop.store)
    floor.carrier = PracticeCarrier()
    number = str(console.shop.place({"MUG": 2}).number)
    floor.shipped(number)
    lines = [AskedLine(position=1, quantity=2)]
    [asked] = console.shop.run(ask_returns, AskReturn(number=number, lines=lines, actor="test"))
    console.shop.run(receive_returns, ReceiveReturn(
        return_id=asked.id, lines=[ReceivedLine(line=1, quantity=1)],
        unexpected=[UnexpectedLine(sku="TEE", quantity=4)], actor="test",
    ))  # fmt: skip
    assert goods_told(clerk) == [
        ["Product", "Expected", "Found", "What is wrong"], ["MUG Mug", "2", "1", ""],
        ["TEE Tee", "0", "4", "Not announced"],
    ]  # fmt: skip


def test_codes_are_told_in_words_and_what_people_wrote_as_it_stands(console: Console, clerk: Visit):
    facts = {"place": "A-1", "sku": "MUG", "reason": "defective", "note": "defective"}
    with console.shop.begin() as tx:
        open_exceptions(tx, [NewException("", new_id(), "goods_damaged", facts, site="LEEDS")])
    spanish = console.visit(console.person("clerk", name="Carmen Clerk"), language="es")
    told = dict(re.findall("<dt>([^<]+)</dt><dd>([^<]*)</dd>", spanish.get("/exceptions").text))
    assert (told["Motivo"], told["Nota"]) == ("Defectuoso", "defective")
