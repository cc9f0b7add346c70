"""The order list, an order's page, and what can be done there."""

import re

import pytest

from orderwright.business.deeds.hold import hold_orders
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.orders.form import CustomerForm
from orderwright.business.orders.order_view import Stages
from orderwright.doors.console.pages.order import OrderShown
from orderwright.links.carriers.practice import PracticeCarrier
from tests.console.conftest import Console
from tests.console.visiting import Visit
from tests.floor import Floor

EVIL = '<img src=x onerror="alert(1)">'
ELSEWHERE = {
    f"order/ship_to/{name}": text
    for name, text in {
        "name": "B", "lines/0": "2 New St", "city": "Leeds", "postal_code": "LS1 1AA", "country": "GB"
    }.items()
}  # fmt: skip


@pytest.fixture
def clerk(console: Console) -> Visit:
    console.owner()
    console.shop.stock("LEEDS", MUG=5)
    return console.visit(console.person("clerk", name="Clara Clerk"))


def placed(console: Console, count: int = 2) -> str:
    answer = console.shop.place({"MUG": count}, customer=CustomerForm(email="b@example.org", name="Bea Buyer"))
    return str(answer.number)


def on_the_floor(console: Console) -> Floor:
    floor = Floor(console.shop.store)
    floor.carrier = PracticeCarrier()
    return floor


def test_the_list_shows_orders_and_finds_them_by_name(console: Console, clerk: Visit):
    number = placed(console)
    assert number in clerk.get("/orders").words
    assert number in clerk.get("/orders?q=Buyer").words
    assert "No order fits" in clerk.get("/orders?q=Nobody&channel=&site=").words


def test_htmx_gets_the_results_alone(console: Console, clerk: Visit):
    placed(console)
    part = clerk.get("/orders?q=Bea", hx_request="true", hx_target="results").text
    assert part.strip().startswith('<section id="results"')
    assert "<html" not in part


def test_an_order_tells_where_its_units_are_and_why(console: Console, clerk: Visit):
    words = clerk.get(f"/orders/{placed(console)}").words
    assert "2 allocated" in words
    assert "From LEEDS" in words
    assert "chosen" in words


def test_cancelling_all_open_units_cancels_the_order_and_says_so(console: Console, clerk: Visit):
    number = placed(console)
    path = f"/orders/{number}/cancel"
    lines = {"lines/0/position": 1, "lines/0/open": 2, "lines/0/quantity": 2}
    seen = clerk.submit(path, path, reason="customer_changed_mind", **lines)
    assert (seen.status, seen.location) == (303, f"/orders/{number}")
    assert console.shop.state(number) == "cancelled"
    assert "Cancelled." in clerk.get(f"/orders/{number}").words


def test_a_form_sent_twice_does_its_deed_once(console: Console, clerk: Visit):
    number = placed(console)
    path = f"/orders/{number}/cancel"
    fields = {**clerk.get(path).hidden(path), "reason": "mistake", "lines/0/position": 1, "lines/0/quantity": 1}
    assert [clerk.post(path, fields).status for _ in range(2)] == [303, 303]
    assert console.shop.units(number) == [("MUG", {"allocated": 1, "cancelled": 1})]


def test_more_than_there_is_is_refused_at_the_form_with_what_was_written(console: Console, clerk: Visit):
    path = f"/orders/{placed(console)}/cancel"
    lines = {"lines/0/position": 1, "lines/0/quantity": 9}
    seen = clerk.submit(path, path, reason="mistake", **lines)
    assert seen.status == 409
    assert 'value="9"' in seen.text
    assert 'role="alert"' in seen.text


def test_what_changed_meanwhile_is_not_changed_over(console: Console, clerk: Visit):
    number = placed(console)
    path = f"/orders/{number}/hold"
    fields = {**clerk.get(path).hidden(path), "kind": "manual"}
    console.shop.run(hold_orders, HoldOrder(number=number, kind="fraud", actor="test"))
    seen = clerk.post(path, fields)
    assert seen.status == 412
    assert "Somebody else changed this meanwhile." in seen.words


def test_a_hold_is_placed_and_released(console: Console, clerk: Visit):
    number = placed(console)
    clerk.submit(f"/orders/{number}/hold", f"/orders/{number}/hold", kind="fraud", note="Called.")
    assert console.shop.state(number) == "held"
    path = f"/orders/{number}/release/fraud"
    clerk.submit(path, path)
    assert console.shop.state(number) == "allocated"


def test_an_address_is_changed_and_nothing_else(console: Console, clerk: Visit):
    number = placed(console)
    path = f"/orders/{number}/address"
    seen = clerk.submit(path, path, **ELSEWHERE)
    assert seen.status == 303
    assert "2 New St" in clerk.get(f"/orders/{number}").words
    assert console.shop.units(number) == [("MUG", {"allocated": 2})]


def test_who_may_only_read_is_offered_nothing_and_refused(console: Console, clerk: Visit):
    number = placed(console)
    analyst = console.visit(console.person("analyst", name="Ann"))
    assert "/cancel" not in analyst.get(f"/orders/{number}").text
    assert analyst.get(f"/orders/{number}/cancel").status == 403
    token = clerk.get(f"/orders/{number}/cancel").hidden(f"/orders/{number}/cancel")
    assert analyst.post(f"/orders/{number}/cancel", {**token, "reason": "mistake"}).status == 403
    assert console.shop.state(number) == "allocated"


def test_a_partner_sees_only_orders_of_their_sites(console: Console, clerk: Visit):
    number = placed(console)
    partner = console.visit(console.person("partner", name="Pat", sites=["GLASGOW"]))
    assert number not in partner.get("/orders").words
    assert partner.get(f"/orders/{number}").status == 403


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ({"sec_fetch_site": "cross-site"}, {}),
        ({"origin": "https://evil.example"}, {}),
        ({"sec_fetch_site": "", "origin": ""}, {}),
        ({}, {"csrf": "0" * 64}),
        ({}, {"csrf": ""}),
    ],
)
def test_what_no_page_of_ours_sent_is_refused(console: Console, clerk: Visit, headers, fields):
    number = placed(console)
    path = f"/orders/{number}/cancel"
    sent = {**clerk.get(path).hidden(path), "reason": "mistake", **fields}
    assert clerk.post(path, sent, **headers).status == 403
    assert console.shop.state(number) == "allocated"


def test_what_people_write_is_shown_and_never_run(console: Console, clerk: Visit):
    answer = console.shop.place({"MUG": 1}, customer=CustomerForm(email="x@example.org", name=EVIL), gift_note=EVIL)
    for path in (f"/orders/{answer.number}", f"/orders?q={'%3Cimg'}", f"/orders/{answer.number}/address"):
        assert EVIL not in clerk.get(path).text


def test_every_page_says_how_browsers_are_to_treat_it(console: Console, clerk: Visit):
    for path in ("/orders", "/sign-in", "/nothing"):
        seen = clerk.get(path)
        policy = str(seen.header("content-security-policy"))
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert seen.header("x-content-type-options") == "nosniff"
        assert seen.header("cache-control") == "no-store"
        assert seen.header("cross-origin-opener-policy") == "same-origin"


def test_files_are_kept_by_browsers_for_ever_under_the_name_of_their_content(console: Console):
    (path,) = {part for part in console.visit().get("/sign-in").text.split('"') if part.endswith(".css")}
    seen = console.visit().get(path)
    assert seen.header("cache-control") == "public, max-age=31536000, immutable"
    assert console.visit().get(path.replace("console.", "console.0")).status == 404


def test_the_address_of_the_customers_page_is_given_and_made_anew(console: Console):
    number = console.shop.place({"MUG": 1}).number
    owner = console.visit(console.owner())
    seen = owner.get(f"/orders/{number}")
    [path] = re.findall(r"data-whole-address>(/track/[^<]+)<", seen.text)
    assert owner.get(path).status == 303
    action = f"/orders/{number}/customer-link"
    assert owner.post(action, seen.hidden(action)).location == f"/orders/{number}"
    [fresh] = re.findall(r"data-whole-address>(/track/[^<]+)<", owner.get(f"/orders/{number}").text)
    assert fresh != path
    assert owner.get(path).status == 410
    analyst = console.visit(console.person("analyst", name="Ann"))
    assert "data-whole-address" not in analyst.get(f"/orders/{number}").text


def test_what_is_packed_can_still_go_elsewhere_and_what_left_cannot(console: Console, clerk: Visit):
    number, floor = placed(console), on_the_floor(console)
    parcel = floor.labelled(number)
    seen = clerk.get(f"/orders/{number}")
    assert [deed in seen.text for deed in (f"{number}/address", f"{number}/hold", f"{number}/cancel")] == [
        True, False, False,
    ]  # fmt: skip
    path = f"/orders/{number}/address"
    assert clerk.submit(path, path, **ELSEWHERE).status == 303
    assert "2 New St" in clerk.get(f"/orders/{number}").words
    floor.void_labels()
    floor.buy_labels()
    floor.hand_over(parcel.id)
    assert f"{number}/address" not in clerk.get(f"/orders/{number}").text
    seen = clerk.get(path)
    assert ("Nothing of it is left to send." in seen.words, f'action="{path}"' in seen.text) == (True, False)


@pytest.mark.parametrize(("deed", "wanted"), [("hold", {"kind": "fraud"}), ("address", ELSEWHERE)])
def test_who_is_overtaken_by_the_truck_is_not_asked_to_press_again(console: Console, clerk: Visit, deed, wanted):
    number, floor = placed(console), on_the_floor(console)
    path = f"/orders/{number}/{deed}"
    fields = {**clerk.get(path).hidden(path), **wanted}
    floor.shipped(number)
    seen = clerk.post(path, fields)
    assert (seen.status, "any more" in seen.words or "no more" in seen.words) == (412, True)
    assert f'action="{path}"' not in seen.text


@pytest.mark.parametrize(
    ("stages", "told"),
    [
        ({"shipped": 3}, [(3, "shipped")]),
        ({"shipped": 3, "delivered": 3}, [(3, "delivered")]),
        ({"waiting": 1, "shipped": 5, "delivered": 4, "returned": 1, "cancelled": 2},
         [(1, "waiting"), (1, "shipped"), (3, "delivered"), (1, "returned"), (2, "cancelled")]),
        ({"shipped": 2, "returned": 2}, [(2, "returned")]),
    ],
)  # fmt: skip
def test_each_unit_of_a_line_is_told_once_where_it_is_by_now(stages: dict[str, int], told: list[tuple[int, str]]):
    shown = OrderShown.stages_of(Stages(**{"waiting": 0, **stages}))
    assert [(units, word) for units, word, _ in shown] == told


def test_an_order_tells_what_was_promised_from_the_first_on(console: Console, clerk: Visit):
    number = placed(console, 8)
    seen = clerk.get(f"/orders/{number}").text
    card = re.sub(r"<[^>]+>", " ", seen[seen.index('<h2 id="promise">') :])
    card = " ".join(card[: card.index("Messages to the customer")].split())
    assert "To arrive by" in card
    assert re.search("Placed .* 5 units from LEEDS, to leave by .* and to arrive by .* 3 units wait for stock", card)


def test_the_money_of_an_order_says_what_it_comes_to_without_what_was_cancelled(console: Console):
    owner = console.visit(console.owner())
    console.shop.stock("LEEDS", MUG=5)
    number = placed(console)
    assert "Without what was cancelled" not in owner.get(f"/orders/{number}").words
    path = f"/orders/{number}/cancel"
    owner.submit(path, path, reason="mistake", **{"lines/0/position": 1, "lines/0/open": 2, "lines/0/quantity": 1})
    assert "Total £15.00 Without what was cancelled £7.50" in owner.get(f"/orders/{number}").words


def test_what_holds_an_order_already_is_not_offered_to_hold_it_again(console: Console, clerk: Visit):
    number = placed(console)
    path = f"/orders/{number}/hold"
    assert 'value="fraud"' in clerk.get(path).text
    console.shop.run(hold_orders, HoldOrder(number=number, kind="fraud", actor="test"))
    assert 'value="fraud"' not in clerk.get(path).text
    assert 'value="manual"' in clerk.get(path).text
