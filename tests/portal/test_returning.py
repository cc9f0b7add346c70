"""Sending something back: chosen, previewed to the cent, asked for with photos, followed to the refund."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.take_back import inspect_returns, receive_returns, settle_returns
from orderwright.business.orders.commands import CancelOrder
from orderwright.business.orders.form import DiscountForm, PaymentForm
from orderwright.business.returns.forms import InspectedLine, InspectReturn, ReceivedLine, ReceiveReturn, SettleReturn
from orderwright.business.returns.labels import BUY, BuyReturnLabels
from orderwright.doors.worker.kinds import CallKind
from tests.console.visiting import Visit
from tests.floor import done
from tests.papers.reading import words
from tests.portal.conftest import Counter
from tests.portal.looks import png
from tests.portal.scene import EMAIL

CHECK = "/returns/check"
CUT_OUT = {"en": "Cut this out", "es": "Recorte esto"}


def asked(visit: Visit, lines: str = "1x1", reason: str = "damaged", files: Any = None) -> Any:
    form = visit.get(f"{CHECK}?lines={lines}&reason={reason}").hidden(CHECK)
    return visit.send(CHECK, form, files or {})


def settled(counter: Counter, return_id: str) -> str:
    """Take a return back as it was asked for; what is refunded."""
    done(counter.floor.run(receive_returns, ReceiveReturn(return_id=return_id, actor="test")))
    lines = counter.floor.rows("SELECT line, received FROM return_line WHERE return_id = %(id)s", id=return_id)
    judged = [InspectedLine(line=row.line, restock=row.received) for row in lines]
    done(counter.floor.run(inspect_returns, InspectReturn(return_id=return_id, lines=judged, actor="test")))
    [now] = done(counter.floor.run(settle_returns, SettleReturn(return_id=return_id, actor="test")))
    return str(now.refund)


def return_id(counter: Counter, number: str) -> str:
    return str(counter.floor.value("SELECT id::text FROM return_request WHERE number = %(number)s", number=number))


def test_something_goes_back_from_choice_to_refund(counter: Counter):
    order = counter.scene.delivered({"MUG": 3, "TEE": 1})
    visit = counter.visit(order)
    chosen = visit.submit("/returns", "/returns", **{"units/1": 2, "units/2": 0, "reason": "damaged"})
    assert chosen.location == f"{CHECK}?lines=1x2&reason=damaged"
    assert visit.get(str(chosen.location)).title == "You get back £15.00"
    seen = asked(visit, "1x2")
    assert (seen.status, str(seen.location)[:11]) == (303, "/returns/R-")
    page = visit.get(str(seen.location))
    assert "1 Dock St" in page.words
    assert "<svg" in page.text
    number = str(seen.location).rpartition("/")[2]
    assert settled(counter, return_id(counter, number)) == "15.00"
    assert "Refund: £15.00" in visit.get(str(seen.location)).words
    facts = counter.floor.rows("SELECT actor FROM fact WHERE type = 'return_asked'")
    assert [row.actor for row in facts] == ["customer"]


def test_what_is_promised_is_paid_however_a_discount_falls_on_the_units(counter: Counter):
    order = counter.scene.delivered(
        {"MUG": 3, "TEE": 5},
        discounts=[DiscountForm(amount="10.00")],
        total="50.00",
        payment=PaymentForm(state="paid", amount="50.00"),
    )
    visit = counter.visit(order)
    for lines in ("1x1.2x1", "1x1.2x2", "1x1.2x1"):
        promised = visit.get(f"{CHECK}?lines={lines}&reason=unwanted").title.rpartition("£")[2]
        number = str(asked(visit, lines).location).rpartition("/")[2]
        assert promised in visit.get(f"/returns/{number}").words
        assert settled(counter, return_id(counter, number)) == promised


def test_sent_twice_it_is_asked_for_once(counter: Counter):
    visit = counter.visit(counter.scene.delivered({"MUG": 2}))
    form = visit.get(f"{CHECK}?lines=1x1&reason=unwanted").hidden(CHECK)
    first, again = (visit.send(CHECK, form, {"photo/0": ("a.png", png())}) for _ in range(2))
    assert first.location == again.location
    assert len(counter.floor.rows("SELECT 1 FROM return_request")) == 1
    assert len(counter.floor.rows("SELECT 1 FROM return_photo")) == 1


def test_what_cannot_be_sent_back_is_told_where_it_was_chosen(counter: Counter):
    visit = counter.visit(counter.scene.delivered({"MUG": 2}))
    for fields, says in (
        ({"reason": "damaged"}, "Say how many of something you send back."),
        ({"units/1": "1"}, "Please say why."),
        ({"units/1": "many", "reason": "damaged"}, "This is no number."),
        ({"units/1": "3", "reason": "damaged"}, "That is more than can be sent back."),
        ({"units/77": "1", "reason": "damaged"}, "That is not part of this order."),
    ):
        seen = visit.submit("/returns", "/returns", **fields)
        assert seen.status in (409, 422)
        assert says in seen.words


def test_an_address_made_up_asks_for_nothing(counter: Counter):
    visit = counter.visit(counter.scene.delivered({"MUG": 2}))
    form = visit.get(f"{CHECK}?lines=1x1&reason=unwanted").hidden(CHECK)
    for lines in ("", "1x9", "77x1", "1x1.1x1", "x", "1x-1", "0x0", "1x1e9", "%3Cimg"):
        assert visit.get(f"{CHECK}?lines={lines}&reason=unwanted").status in (409, 422)
        assert visit.send(CHECK, {**form, "lines": lines}, {}).status in (409, 422)
    assert counter.floor.rows("SELECT 1 FROM return_request") == []


def test_what_is_no_photo_is_refused_and_nothing_is_sent(counter: Counter):
    visit = counter.visit(counter.scene.delivered({"MUG": 2}))
    huge = b"\xff\xd8\xff" + b"\0" * (8 * 1024 * 1024)
    for content in (b"", b"<svg onload=alert(1)>", b"GIF89a" + b"\0" * 20, png()[:20], huge):
        seen = asked(visit, files={"photo/1": ("evil.png", content)})
        assert seen.status == 422
        assert "This photo cannot be used" in seen.words
        assert "You get back £7.50" in seen.words
    assert counter.floor.rows("SELECT 1 FROM return_request") == []


def test_photos_too_large_together_are_refused_in_words(counter: Counter):
    visit = counter.visit(counter.scene.delivered({"MUG": 2}))
    big = png() + b"\0" * (9 * 1024 * 1024)
    seen = asked(visit, files={f"photo/{n}": ("big.png", big) for n in range(3)})
    assert seen.status == 413
    assert "too large" in seen.words
    assert counter.floor.rows("SELECT 1 FROM return_request") == []


def test_photos_are_kept_bare_and_served_as_pictures_alone(counter: Counter):
    visit = counter.visit(counter.scene.delivered({"MUG": 2}))
    secret = b"tEXt" + b"Author\0Ada"
    chunk = len(secret[4:]).to_bytes(4, "big") + secret + b"\0\0\0\0"
    content = png()[:33] + chunk + png()[33:]
    where = str(asked(visit, files={"photo/0": ("a.png", content)}).location)
    (path,) = {part for part in visit.get(where).text.split('"') if "/photos/" in part}
    seen = visit.get(path)
    assert seen.header("content-type") == "image/png"
    assert seen.header("x-content-type-options") == "nosniff"
    assert bytes(counter.floor.value("SELECT content FROM return_photo")) == png()
    more = f"{where}/photos"
    assert visit.send(more, visit.get(where).hidden(more), {"photo/2": ("b.png", png(9, 9))}).location == where
    assert len(counter.floor.rows("SELECT 1 FROM return_photo")) == 2


def test_the_days_to_send_something_back_end(counter: Counter):
    visit = counter.visit(counter.scene.delivered({"MUG": 2}, days_ago=1))
    form = visit.get(f"{CHECK}?lines=1x1&reason=unwanted").hidden(CHECK)
    counter.floor.at(datetime.now(UTC) + timedelta(days=30))
    visit = counter.visit(counter.floor.value("SELECT number FROM orders"))
    assert "The time for sending something back ended" in visit.get("/returns").words
    form = {**form, "csrf": visit.get("/track").hidden("/track/leave")["csrf"]}
    seen = visit.send(CHECK, form, {})
    assert seen.status == 409
    assert "The time for sending this back is over." in seen.words


def test_before_anything_left_there_is_nothing_to_send_back(counter: Counter):
    visit = counter.visit(counter.scene.placed())
    assert "you can cancel instead" in visit.get("/returns").words


def test_who_has_no_order_is_asked_for_one_and_goes_on(counter: Counter):
    number = counter.scene.delivered()
    visit = counter.visit()
    assert visit.get("/returns").location == "/track/find?next=returns"
    seen = visit.submit("/track/find?next=returns", "/track/find", number=number, word="LS1 1AA")
    assert seen.location == "/returns"


def test_invoices_are_shown_to_their_customer_alone(counter: Counter):
    mine, other = counter.scene.delivered(), counter.scene.delivered()
    counter.scene.invoice()
    numbers = {}
    for row in counter.floor.rows("SELECT o.number, p.number AS paper FROM paper p JOIN orders o ON o.id = p.order_id"):
        numbers[row.number] = f"INV-{row.paper:06}"
    visit = counter.visit(mine)
    assert f"Invoice {numbers[mine]}" in visit.get("/track").words
    assert visit.get(f"/track/papers/{numbers[mine]}").title == f"Invoice {numbers[mine]}"
    assert visit.get(f"/track/papers/{numbers[other]}").status == 404


def sizes(counter: Counter) -> None:
    """Tees in three sizes: one as dear, one dearer, one of which there is none."""
    for size, price in (("S", "7.50"), ("M", "7.50"), ("L", "9.00"), ("XL", "7.50")):
        counter.floor.product(f"TEE.{size}", title=f"Tee {size}", price=price, family="TEES", options={"size": size})
    counter.floor.stock("LEEDS", **{"TEE.S": 5, "TEE.M": 2, "TEE.L": 9})


def test_another_size_is_chosen_seen_and_followed(counter: Counter):
    sizes(counter)
    visit = counter.visit(counter.scene.delivered({"TEE.S": 2}))
    page = visit.get("/returns")
    for each in ("M · 2 left", "L · £1.50 more", "XL · sold out", "The same again"):
        assert each in page.words
    fields = {"units/1": 1, "reason": "unwanted"}
    chosen = visit.submit("/returns", "/returns", **fields, **{"exchange/1": "TEE.L"})
    assert visit.get(str(chosen.location)).title == "You pay £1.50 more"
    chosen = visit.submit("/returns", "/returns", **fields, **{"exchange/1": "TEE.M"})
    seen = visit.get(str(chosen.location))
    assert (seen.title, "You get: 1 × Tee M" in seen.words) == ("It costs you nothing", True)
    asked_for = visit.send(CHECK, seen.hidden(CHECK), {})
    page = visit.get(str(asked_for.location))
    assert "It is kept aside for you until" in page.words
    number = str(asked_for.location).rpartition("/")[2]
    settled(counter, return_id(counter, number))
    page = visit.get(str(asked_for.location))
    assert "Credited: £7.50, of which £7.50 paid for what you get" in page.words
    assert "Follow it: order OW-000002" in page.words
    [link] = [each for each in re.findall(r'href="(/track/[^"]+)"', page.text) if "papers" not in each]
    assert visit.get(link).location == "/track"
    assert "OW-000002" in visit.get("/track").words
    assert counter.floor.broken() == []


def test_what_is_gone_meanwhile_is_told_where_it_was_chosen_and_nothing_is_asked(counter: Counter):
    sizes(counter)
    visit = counter.visit(counter.scene.delivered({"TEE.S": 3}))
    fields = {"reason": "unwanted", "exchange/1": "TEE.M"}
    seen = visit.submit("/returns", "/returns", **fields, **{"units/1": 3})
    assert (seen.status, "There is not enough of this left." in seen.words) == (422, True)
    form = visit.get(str(visit.submit("/returns", "/returns", **fields, **{"units/1": 2}).location)).hidden(CHECK)
    counter.scene.placed({"TEE.M": 1})
    seen = visit.send(CHECK, form, {})
    assert (seen.status, "What you would like for it has just gone." in seen.words) == (422, True)
    assert counter.floor.rows("SELECT 1 FROM return_request") == []
    seen = visit.submit("/returns", "/returns", **{**fields, "exchange/1": "MUG", "units/1": 1})
    assert seen.status == 422


def test_money_instead_is_a_press_of_a_button(counter: Counter):
    sizes(counter)
    visit = counter.visit(counter.scene.delivered({"TEE.S": 1}))
    chosen = visit.submit("/returns", "/returns", **{"units/1": 1, "reason": "unwanted", "exchange/1": "TEE.M"})
    page = str(visit.send(CHECK, visit.get(str(chosen.location)).hidden(CHECK), {}).location)
    assert visit.submit(page, f"{page}/money").location == page
    assert "You get back £7.50" in visit.get(page).words
    assert counter.floor.counters("TEE.M", "LEEDS") == (2, 0)


def test_what_was_cancelled_is_promised_to_nobody(counter: Counter):
    sizes(counter)
    visit = counter.visit(counter.scene.delivered({"TEE.S": 1}))
    chosen = visit.submit("/returns", "/returns", **{"units/1": 1, "reason": "unwanted", "exchange/1": "TEE.M"})
    page = str(visit.send(CHECK, visit.get(str(chosen.location)).hidden(CHECK), {}).location)
    assert "What you get for it" in visit.get(page).words
    done(counter.floor.run(cancel_orders, CancelOrder(number="OW-000002", reason="x", actor="test")))
    words = visit.get(page).words
    assert ("You get back £7.50" in words, "What you get for it" in words) == (True, False)


def test_what_costs_more_leaves_when_that_is_paid(counter: Counter):
    sizes(counter)
    paid, later = PaymentForm(state="paid"), PaymentForm(state="on_account")
    for payment, says in ((paid, "It leaves when that is paid."), (later, "It leaves as soon as we have")):
        visit = counter.visit(counter.scene.delivered({"TEE.S": 1}, payment=payment))
        chosen = visit.submit("/returns", "/returns", **{"units/1": 1, "reason": "unwanted", "exchange/1": "TEE.L"})
        page = str(visit.send(CHECK, visit.get(str(chosen.location)).hidden(CHECK), {}).location)
        id_ = return_id(counter, page.rpartition("/")[2])
        done(counter.floor.run(receive_returns, ReceiveReturn(return_id=id_, actor="test")))
        assert says in visit.get(page).words


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_label_speaks_the_language_of_the_page(counter: Counter, language: str):
    visit = counter.visit(counter.scene.delivered({"MUG": 1}), language)
    page = str(asked(visit).location)
    visit.submit(page, f"{page}/label")
    desk = BuyReturnLabels({"practice": counter.floor.carrier})
    counter.floor.call(CallKind(BUY, desk.start, desk.call, desk.finish, desk.ask, desk.give_up))
    visit.get(f"{page}/label.pdf")
    visit.submit("/track/prove", "/track/prove", word=EMAIL)
    said = words(visit.save(f"{page}/label.pdf"))
    assert [line in said for line in CUT_OUT.values()] == [each == language for each in CUT_OUT]


def test_a_label_is_had_by_a_button_and_its_paper_only_by_who_knows_the_address(counter: Counter):
    visit = counter.visit(counter.scene.delivered({"MUG": 1}))
    page = str(asked(visit).location)
    assert visit.submit(page, f"{page}/label").location == page
    assert "We get your label." in visit.get(page).words
    desk = BuyReturnLabels({"practice": counter.floor.carrier})
    counter.floor.call(CallKind(BUY, desk.start, desk.call, desk.finish, desk.ask, desk.give_up))
    words = visit.get(page).words
    assert "Your label is paid." in words
    assert counter.floor.value("SELECT tracking_code FROM return_label") in words
    assert visit.get(f"{page}/label.pdf").location == "/track/prove"
    counter.floor.scan(counter.floor.value("SELECT tracking_code FROM return_label"), "in_transit", datetime.now(UTC))
    assert "Where your parcel is" in visit.get(page).words


def test_a_kit_comes_back_by_its_name_and_parts_that_came_alone_by_theirs(counter: Counter):
    counter.floor.product("PEN", title="Red pen")
    counter.floor.product("PAD", title="Lined pad")
    counter.floor.product("SET", title="Desk set", parts={"PEN": 2, "PAD": 1})
    counter.floor.stock("LEEDS", PEN=4, PAD=2)
    visit = counter.visit(counter.scene.delivered({"SET": 2}))
    path = str(asked(visit, "1x2").location)
    page = visit.get(path)
    assert "What comes back Desk set 2 ×" in page.words
    assert "pad" not in page.words
    assert "United Kingdom" in page.words
    back = return_id(counter, path.rpartition("/")[2])
    lines = {row.sku: row.line for row in counter.floor.rows(
        "SELECT r.line, d.sku FROM return_line r JOIN demand d ON d.id = r.demand_id"
    )}  # fmt: skip
    came = [ReceivedLine(line=lines["PEN"], quantity=3), ReceivedLine(line=lines["PAD"], quantity=2)]
    done(counter.floor.run(receive_returns, ReceiveReturn(return_id=back, lines=came, actor="test")))
    seen = visit.get(path).words
    assert "Lined pad 2 arrived 2 ×" in seen
    assert "Red pen 3 arrived 4 ×" in seen
