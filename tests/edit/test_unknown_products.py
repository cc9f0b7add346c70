"""A channel's name for a product that nobody knew yet: the line waits for it, and goes on by itself."""

from datetime import timedelta

from orderwright.business.catalog.forms import ProductForm, PutProduct
from orderwright.business.deeds.hold import release_holds
from orderwright.business.deeds.unknown_products import put_products_and_look, resolve_products, want_resolving
from orderwright.business.orders.commands import ReleaseHold
from orderwright.database import tasks
from tests.edit.editing import Desk
from tests.floor import done
from tests.shop import NO_SPLIT, REFUSE


def resolve(desk: Desk) -> None:
    """Look for lines that can be resolved, as the worker does."""
    with desk.floor.begin() as tx:
        want_resolving(tx)
    while desk.floor.value("SELECT count(*) FROM task WHERE name = 'resolve_products' AND state = 'open'"):
        with desk.floor.begin() as tx:
            due = tasks.claim(tx, ["resolve_products"], 100)
            resolve_products(tx, due)
            tasks.finish(tx, due)


def test_a_line_gets_its_product_when_the_name_appears_and_its_hold_goes(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5, TEE=5)
    number = desk.place({"MUG": 1, "NEW-TEE": 2}, door="channel")
    assert desk.floor.state(number) == "held"
    desk.floor.product("TEE", codes=[{"code": "NEW-TEE", "kind": "alias"}])
    resolve(desk)
    assert (desk.floor.state(number), desk.floor.exceptions()) == ("allocated", [])
    assert desk.floor.units(number) == [("MUG", {"allocated": 1}), ("TEE", {"allocated": 2})]
    assert desk.plan(number) == [("LEEDS", "MUG", 1), ("LEEDS", "TEE", 2)]
    assert len([row for row in desk.floor.fulfilments(number) if row.state == "planned"]) == 1
    assert desk.order(number).version == 2


def test_a_product_of_that_very_sku_will_do_too(desk: Desk) -> None:
    number = desk.place({"CUP": 2}, door="channel")
    assert desk.floor.fulfilments(number) == []
    desk.floor.product("CUP")
    desk.floor.stock("LEEDS", CUP=1)
    resolve(desk)
    assert desk.floor.units(number) == [("CUP", {"waiting": 1, "allocated": 1})]
    assert desk.floor.free("CUP", "LEEDS") == -1


def test_putting_products_looks_for_lines_only_where_some_wait(desk: Desk) -> None:
    def put(sku: str) -> int:
        form = ProductForm(title=sku, price="7.50", currency="GBP")
        done(desk.floor.run(put_products_and_look, PutProduct(sku=sku, form=form, actor="sue")))
        return int(desk.floor.value("SELECT count(*) FROM task WHERE name = 'resolve_products'"))

    assert put("CUP") == 0
    desk.place({"BOWL": 2}, door="channel")
    assert put("PLATE") == 1


def test_the_hold_stays_while_another_line_is_unknown(desk: Desk) -> None:
    desk.floor.stock("LEEDS", TEE=5)
    number = desk.place({"NEW-TEE": 2, "NOPE": 1}, door="channel")
    desk.floor.product("TEE", codes=[{"code": "NEW-TEE", "kind": "alias"}])
    resolve(desk)
    assert (desk.floor.state(number), desk.floor.exceptions()) == ("held", ["product"])
    assert desk.floor.units(number) == [("TEE", {"allocated": 2})]


def test_what_is_wrong_with_the_product_is_found_then(desk: Desk) -> None:
    desk.floor.product("CUP", price="99.00")
    number = desk.place({"GOBLET": 1}, door="channel")
    desk.floor.product("CUP", price="99.00", codes=[{"code": "GOBLET", "kind": "alias"}])
    resolve(desk)
    assert (desk.floor.state(number), desk.floor.exceptions()) == ("held", ["price"])


def test_old_and_new_names_of_one_day_both_find_their_product(desk: Desk) -> None:
    # Edge case 10: renamed at noon; an order of the morning comes in after that, under the old name.
    desk.floor.stock("LEEDS", MUG=9)
    with desk.floor.begin() as tx:
        noon = tx.now - timedelta(hours=1)
    names = [
        {"code": "OLD-MUG", "kind": "alias", "valid_to": noon},
        {"code": "NEW-MUG", "kind": "alias", "valid_from": noon},
    ]
    desk.floor.product("MUG", codes=names)
    morning = desk.place({"OLD-MUG": 1}, door="channel", placed_at=noon - timedelta(hours=1))
    afternoon = desk.place({"NEW-MUG": 2}, placed_at=noon + timedelta(minutes=1))
    assert [desk.floor.units(number) for number in (morning, afternoon)] == [
        [("MUG", {"allocated": 1})], [("MUG", {"allocated": 2})],
    ]  # fmt: skip
    unknown = desk.place({"OLD-MUG": 1}, door="channel", placed_at=noon + timedelta(minutes=1))
    resolve(desk)
    assert desk.floor.state(unknown) == "held"  # nothing was called that any more


def test_a_name_that_was_in_force_when_it_was_sold_is_found_later(desk: Desk) -> None:
    # Edge case 10: the alias is entered only after the order came, and is over by then.
    desk.floor.stock("LEEDS", MUG=9)
    with desk.floor.begin() as tx:
        now = tx.now
    number = desk.place({"OLD-MUG": 1}, door="channel", placed_at=now - timedelta(hours=2))
    ended = {"code": "OLD-MUG", "kind": "alias", "valid_to": now - timedelta(hours=1)}
    desk.floor.product("MUG", codes=[ended])
    resolve(desk)
    assert desk.floor.units(number) == [("MUG", {"allocated": 1})]


def test_a_line_stays_what_it_was_sold_as_when_its_name_means_another_product(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=9, TEE=9)
    desk.floor.product("MUG", codes=[{"code": "GIFT", "kind": "alias"}])
    number = desk.place({"GIFT": 1})
    desk.floor.product("MUG")
    desk.floor.product("TEE", codes=[{"code": "GIFT", "kind": "alias"}])
    desk.edit(number, {"GIFT": 2})
    assert desk.floor.units(number) == [("MUG", {"allocated": 2})]


def test_a_never_split_order_is_planned_as_a_whole_once_all_is_known(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    desk.floor.stock("GLASGOW", MUG=5, TEE=5)
    number = desk.place({"MUG": 1, "NEW-TEE": 1}, door="channel", policy=NO_SPLIT)
    desk.floor.product("TEE", codes=[{"code": "NEW-TEE", "kind": "alias"}])
    resolve(desk)
    assert desk.plan(number) == [("GLASGOW", "MUG", 1), ("GLASGOW", "TEE", 1)]


def test_an_order_that_would_not_wait_waits_once_it_was_taken(desk: Desk) -> None:
    number = desk.place({"NEW-TEE": 1}, door="channel", policy=REFUSE)
    desk.floor.product("TEE", codes=[{"code": "NEW-TEE", "kind": "alias"}])
    resolve(desk)
    assert desk.floor.units(number) == [("TEE", {"waiting": 1})]


def test_what_is_on_the_floor_stays_there(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5, TEE=5)
    number = desk.place({"MUG": 1, "NEW-TEE": 1}, door="channel")
    desk.floor.run(release_holds, ReleaseHold(number=number, actor="sue", kind="product"))
    desk.floor.pick_all(number)
    desk.floor.product("TEE", codes=[{"code": "NEW-TEE", "kind": "alias"}])
    resolve(desk)
    assert desk.floor.units(number) == [("MUG", {"picked": 1}), ("TEE", {"allocated": 1})]


def test_an_edit_that_names_the_product_resolves_its_line(desk: Desk) -> None:
    desk.floor.stock("LEEDS", MUG=5)
    number = desk.place({"NOPE": 2}, door="channel")
    form = desk.forms[number]
    lines = [type(form.lines[0])(sku="MUG", quantity=2, unit_price="7.50", reference="1")]
    answer = desk.edit(number, lines=lines)
    assert (answer.state, answer.holds) == ("allocated", [])
    assert desk.order(number).line_count == 1


def test_units_given_up_before_stay_given_up(desk: Desk) -> None:
    from orderwright.business.deeds.cancel import cancel_orders
    from orderwright.business.orders.commands import CancelOrder, LineUnits

    desk.floor.stock("LEEDS", TEE=5)
    number = desk.place({"NEW-TEE": 3}, door="channel")
    desk.floor.run(cancel_orders, CancelOrder(number=number, reason="x", actor="test", lines=[LineUnits(1, 1)]))
    desk.floor.product("TEE", codes=[{"code": "NEW-TEE", "kind": "alias"}])
    resolve(desk)
    assert desk.floor.units(number) == [("TEE", {"allocated": 2, "cancelled": 1})]


def test_many_orders_are_resolved_chunk_by_chunk(desk: Desk, monkeypatch) -> None:
    monkeypatch.setattr("orderwright.business.deeds.unknown_products.ORDERS_A_TIME", 2)
    desk.floor.stock("LEEDS", TEE=9)
    numbers = [desk.place({"NEW-TEE": 1}, door="channel") for _ in range(5)]
    desk.floor.product("TEE", codes=[{"code": "NEW-TEE", "kind": "alias"}])
    resolve(desk)
    assert {desk.floor.state(number) for number in numbers} == {"allocated"}
