"""Customers follow their order: by its link, or by what only its buyer knows."""

from datetime import UTC, datetime, timedelta

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.cancel import cancel_orders
from orderwright.business.deeds.hold import hold_orders
from orderwright.business.orders.commands import CancelOrder, HoldOrder, LineUnits
from orderwright.business.orders.customer_links import RenewLink, renew_links
from orderwright.business.orders.kit_parts import KitPart, as_kits
from orderwright.business.returns.forms import AskedLine, AskReturn
from orderwright.settings import findings_of
from tests.floor import done
from tests.portal.conftest import Counter
from tests.portal.looks import dress
from tests.portal.scene import EMAIL, EVIL


def test_the_link_becomes_a_cookie_and_a_clean_address(counter: Counter):
    number = counter.scene.placed()
    visit = counter.visit()
    seen = visit.get(counter.scene.link(number))
    assert (seen.status, seen.location) == (303, "/track")
    cookie = str(seen.header("set-cookie"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    words = visit.get("/track").words
    assert number in words
    assert "We have your order" in words
    assert "High St" not in words


def test_over_https_the_cookie_is_kept_for_this_host_alone(counter: Counter):
    seen = counter.visit().get(counter.scene.link(counter.scene.placed()), sec_fetch_site="none", host="shop.example")
    assert str(seen.header("set-cookie")).startswith("__Host-orderwright-order=")
    assert "Secure" in str(seen.header("set-cookie"))


def test_an_order_that_arrived_tells_where_it_was_seen(counter: Counter):
    seen = counter.visit(counter.scene.delivered()).get("/track")
    assert seen.title == "Delivered"
    assert "Out for delivery" in seen.words
    assert "Send something back" in seen.words


def test_what_is_no_link_opens_nothing(counter: Counter):
    for end in ("", "A", "AAAA", "%00", "." * 30):
        seen = counter.visit().get(f"/track/{counter.floor.store.name}.{'A' * 40}{end}")
        assert seen.status in (404, 410, 422)
        assert seen.header("set-cookie") is None


def test_a_link_of_another_order_opens_that_one_alone(counter: Counter):
    mine, other = counter.scene.placed(), counter.scene.placed()
    visit = counter.visit(mine)
    visit.get(counter.scene.link(other))
    words = visit.get("/track").words
    assert other in words
    assert mine not in words


def test_the_seal_of_one_order_does_not_open_another(counter: Counter):
    mine, other = (counter.scene.link(counter.scene.placed()) for _ in range(2))
    assert counter.visit().get(other[:-22] + mine[-22:]).status == 410


def test_a_link_made_anew_ends_the_old_one_and_its_cookies(counter: Counter):
    number = counter.scene.placed()
    old = counter.scene.link(number)
    visit = counter.visit(number)
    done(counter.floor.run(renew_links, RenewLink(number=number, actor="test")))
    assert visit.get("/track").location == "/track/find"
    assert counter.visit().get(old).status == 410
    assert counter.visit().get(counter.scene.link(number)).location == "/track"


def test_a_link_is_too_old_some_time_after_the_last_thing_that_happened(counter: Counter):
    number = counter.scene.placed()
    visit, link = counter.visit(number), counter.scene.link(number)
    counter.floor.at(datetime.now(UTC) + timedelta(days=121))
    assert counter.visit().get(link).status == 410
    assert visit.get("/track").location == "/track/find"


def test_a_parcels_own_tracking_token_opens_its_order(counter: Counter):
    number = counter.scene.placed()
    token = counter.floor.packed(number).tracking_token
    visit = counter.visit()
    assert visit.get(f"/track/{token}").location == "/track"
    assert visit.get("/track").title == "Packed"


def test_an_order_is_found_by_a_number_of_it_and_what_its_buyer_knows(counter: Counter):
    number = counter.scene.placed(reference="#1001")
    for told, word in ((number, EMAIL), (number.lower(), EMAIL.upper()), ("#1001", "LS1 1AA"), ("#1001", "ls11aa")):
        visit = counter.visit()
        seen = visit.submit("/track/find", "/track/find", number=told, word=word)
        assert (seen.status, seen.location) == (303, "/track")
        assert number in visit.get("/track").words


def test_unknown_orders_and_wrong_words_are_answered_alike(counter: Counter):
    known = counter.scene.placed()
    for number, word in (("OW-999999", EMAIL), (known, "x@example.org"), (known, ""), (known, "SW1A 1AA")):
        seen = counter.visit().submit("/track/find", "/track/find", number=number, word=word)
        assert seen.status == 401
        assert "We found no order with this." in seen.words
        assert seen.header("set-cookie") is None


def test_guessing_is_slowed_down_also_for_who_guesses_right_at_last(counter: Counter):
    number = counter.scene.placed()
    for _ in range(5):
        counter.visit().submit("/track/find", "/track/find", number=number, word="wrong")
    seen = counter.visit().submit("/track/find", "/track/find", number=number, word=EMAIL)
    assert seen.status == 429
    assert "Too many tries." in seen.words


def test_what_is_not_packed_says_when_it_will_be_by_the_pace_of_a_week_ago(counter: Counter):
    now = datetime.now(UTC)
    for n in range(12):
        number = counter.scene.placed({"MUG": 1})
        counter.floor.packed(number)
        with counter.floor.begin() as tx:
            at = now - timedelta(days=7) + timedelta(hours=n)
            tx.write(
                "UPDATE parcel SET packed_at = %(at)s WHERE packed_at > %(now)s - interval '1 hour'", at=at, now=now
            )
    counter.floor.stock("LEEDS", MUG=9)
    first, second = counter.scene.placed({"MUG": 1}), counter.scene.placed({"MUG": 1})
    assert "We will pack it in about 60 minutes." in counter.visit(first).get("/track").words
    assert "We will pack it in about 2 hours." in counter.visit(second).get("/track").words


def test_without_a_past_nothing_is_made_up(counter: Counter):
    words = counter.visit(counter.scene.placed()).get("/track").words
    assert "cannot say yet at what hour" in words


def test_an_order_on_hold_or_waiting_says_so(counter: Counter):
    held, waits = counter.scene.placed(), counter.scene.placed({"HAT": 1})
    done(counter.floor.run(hold_orders, HoldOrder(number=held, kind="fraud", actor="test")))
    assert counter.visit(held).get("/track").title == "We are looking at your order"
    assert "fraud" not in counter.visit(held).get("/track").text
    assert counter.visit(waits).get("/track").title == "We wait for goods"


def test_what_people_write_is_shown_and_never_run(counter: Counter):
    counter.floor.product("EVIL", title=EVIL)
    counter.floor.stock("LEEDS", EVIL=3)
    number = counter.scene.delivered({"EVIL": 2}, ship_to=counter.scene.address(EVIL), gift_note=EVIL)
    dress(counter.floor, **{"portal.shop_name": EVIL})
    visit = counter.visit(number)
    for path in ("/track", "/returns", "/returns/check?lines=1x1&reason=unwanted"):
        seen = visit.get(path)
        assert seen.status == 200
        assert EVIL not in seen.text
        assert "&lt;img" in seen.text


def test_staff_and_customers_do_not_see_each_others_sessions(counter: Counter):
    visit = counter.visit(counter.scene.placed())
    assert str(visit.get("/orders").location).startswith("/sign-in")
    stranger = counter.visit()
    stranger.cookies["orderwright"] = visit.cookies["orderwright-order"]
    assert stranger.get("/track").location == "/track/find"


def test_pages_are_kept_by_nobody_and_forgotten_when_asked(counter: Counter):
    visit = counter.visit(counter.scene.placed())
    seen = visit.get("/track")
    assert seen.header("cache-control") == "no-store"
    assert "unsafe" not in str(seen.header("content-security-policy"))
    assert visit.submit("/track", "/track/leave").location == "/track/find"
    assert visit.get("/track").location == "/track/find"


def test_the_shops_looks_are_files_named_by_what_is_in_them(counter: Counter):
    dress(counter.floor)
    visit = counter.visit()
    page = visit.get("/track/find").text
    assert "Mug &amp; Moss" in page
    (path,) = {part for part in page.split('"') if part.startswith("/brand/")}
    seen = visit.get(path)
    assert "--accent: #1b5e20" in seen.text
    assert "immutable" in str(seen.header("cache-control"))
    dress(counter.floor, **{"portal.colour": "#8b0000"})
    assert path not in visit.get("/track/find").text


def test_looks_nobody_could_read_or_show_are_refused():
    wrong = {
        "portal.colour": ["#ffcc00", "red"], "portal.logo": ["PHN2Zz4=", "???"], "portal.email": ["nobody"],
    }  # fmt: skip
    for name, values in wrong.items():
        for value in values:
            assert [each["pointer"] for each in findings_of({name: value})] == [f"/{name}"]
    assert findings_of({"portal.colour": "#0f5f5c", "portal.email": "hello@example.org"}) == []


def test_spanish_is_spoken_to_who_asks_for_it(counter: Counter):
    assert counter.visit(counter.scene.delivered(), language="es-ES").get("/track").title == "Entregado"


def test_returns_of_other_orders_are_nobodys(counter: Counter):
    mine, other = counter.scene.delivered(), counter.scene.delivered()
    [back] = done(counter.floor.run(ask_returns, AskReturn(number=other, lines=[AskedLine(1, 1)], actor="customer")))
    visit = counter.visit(mine)
    assert visit.get(f"/returns/{back.number}").status == 404
    assert visit.get(f"/returns/{back.number}/photos/{back.id}").status == 404


def test_a_wrong_word_for_an_order_at_hand_is_not_told_to_look_at_a_number_nobody_gave(counter: Counter):
    visit = counter.visit(counter.scene.placed())
    visit.get("/track/prove")
    seen = visit.submit("/track/prove", "/track/prove", word="nonsense")
    assert (seen.status, "That does not belong to this order." in seen.words) == (401, True)
    assert "number" not in seen.words


def test_a_kit_is_what_was_ordered_and_its_parts_are_named_where_they_come_apart(counter: Counter):
    counter.floor.product("PEN", title="Red pen")
    counter.floor.product("PAD", title="Lined pad")
    counter.floor.product("SET", title="Desk set", parts={"PEN": 2, "PAD": 1})
    counter.floor.stock("LEEDS", PEN=6, PAD=2)
    whole = counter.visit(counter.scene.placed({"SET": 2, "MUG": 1})).get("/track").words
    assert "What you get Desk set 2 × Mug 1 ×" in whole
    parts = {"PAD": KitPart("Lined pad", 1), "PEN": KitPart("Red pen", 2)}
    assert list(as_kits(parts, {"PEN": 5, "PAD": 2})) == [("", "", 2), ("PEN", "Red pen", 1)]
    assert list(as_kits(parts, {"PAD": 1})) == [("PAD", "Lined pad", 1)]


def test_what_was_cancelled_is_not_told_to_cost_anything(counter: Counter):
    number = counter.scene.placed({"MUG": 2, "TEE": 1})
    visit = counter.visit(number)
    assert "Goods £22.50 Shipping £0.00 Total £22.50" in visit.get("/track").words
    done(
        counter.floor.run(
            cancel_orders, CancelOrder(number=number, reason="other", actor="test", lines=[LineUnits(1, 1)])
        )
    )
    assert "Goods £22.50 Shipping £0.00 Cancelled −£7.50 Total £15.00" in visit.get("/track").words
    done(counter.floor.run(cancel_orders, CancelOrder(number=number, reason="other", actor="test")))
    assert "Cancelled −£22.50 Total £0.00" in visit.get("/track").words
