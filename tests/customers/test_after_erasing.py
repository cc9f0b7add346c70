"""What is refused of orders whose buyer was erased: nothing of theirs can be written anew."""

from collections.abc import Iterator

import pytest

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.customer_view import customer_may, list_returnable, preview_return
from orderwright.business.deeds.edit import edit_orders
from orderwright.business.deeds.editing.forms import EditOrder
from orderwright.business.deeds.invoice import issue_invoices
from orderwright.business.deeds.reship import Reship, reship_parcels
from orderwright.business.orders.form import CustomerForm
from orderwright.business.orders.order_view import get_order
from orderwright.business.returns.forms import AskedLine, AskReturn
from orderwright.database.tasks import Task
from orderwright.doors.console.pages.order import nexts_of
from orderwright.values.refusal import Refusal
from tests.customers.test_erasing import EMAIL, MARK, arrived, erase, ordered
from tests.floor import Floor, done, new_floor, refused
from tests.inbox.channel import Web


@pytest.fixture
def floor(postgres: str) -> Iterator[Floor]:
    with new_floor(postgres) as floor:
        yield floor


def test_nothing_is_asked_for_or_sent_again_of_an_order_whose_buyer_was_erased(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=5)
    floor.product("MUG-M", family="MUGS", options={"size": "M"})
    floor.product("MUG-S", family="MUGS", options={"size": "S"})
    floor.stock("LEEDS", **{"MUG-M": 5, "MUG-S": 5})
    number, id_ = ordered(floor)
    arrived(floor, number)
    sized = floor.place({"MUG-S": 2}, customer=CustomerForm(email=EMAIL, name=f"{MARK} Q")).number
    parcel = floor.shipped(sized)
    with floor.store.begin() as tx:
        issue_invoices(tx, [Task("", "issue_invoice", parcel.id, 1, "running", {})])
        tx.write("UPDATE parcel SET state = 'lost' WHERE id = %(id)s", id=parcel.id)  # and nobody was to look at it
        tx.write("UPDATE task SET state = 'done', ended_at = %(now)s WHERE state = 'open'", now=tx.now)
    done([erase(floor, id_)])
    before = floor.rows("SELECT number, form FROM orders ORDER BY number")
    for exchange in ("", "MUG-M"):
        back = AskReturn(number=sized, lines=[AskedLine(1, 1, exchange=exchange)], actor="ann")
        assert refused(floor.one(ask_returns, back)) == ("customer_step", {"merged_into": ""})
    again = refused(floor.one(reship_parcels, Reship(parcel_id=parcel.id, actor="ann")))
    assert again == ("customer_step", {"merged_into": ""})
    edit = EditOrder(number=sized, form=floor.form({"MUG-S": 2}), actor="ann")
    assert isinstance(floor.one(edit_orders, edit), Refusal)
    with floor.store.read() as tx:
        order = get_order(tx, sized)
        may = customer_may(tx, order, floor.order_id(sized))
        assert (may.returnable, list_returnable(tx, order, floor.order_id(sized))) == ([], [])
        with pytest.raises(Refusal, match="customer_step"):
            preview_return(tx, floor.order_id(sized), sized, [AskedLine(1, 1)])
        assert [each.path for each in nexts_of(order, {"orders:write"})] == []
    assert floor.rows("SELECT number, form FROM orders ORDER BY number") == before
    assert floor.rows("SELECT 1 FROM return_request") == []


def test_what_a_channel_says_late_of_somebody_erased_changes_nothing_and_is_not_kept(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=5)
    web = Web(floor)
    number, id_ = ordered(floor)
    arrived(floor, number)
    form = floor.form({"MUG": 1}, customer=CustomerForm(email=EMAIL, name=f"{MARK} Q"), reference="W-1")
    done([erase(floor, id_)])
    before = floor.rows("SELECT * FROM orders")
    assert web.tell("order.updated", form) == "erased"
    assert web.tell("order.cancelled", {"reference": "W-1", "reason": f"{MARK} says so"}) == "erased"
    assert web.tell("order.paid", {"reference": "W-1", "payment": {"state": "unpaid"}}) == "unchanged"
    assert floor.rows("SELECT * FROM orders") == before
    assert floor.rows("SELECT 1 FROM inbox WHERE body <> '' OR state <> 'done'") == []
    assert floor.exceptions() == []
    assert floor.broken() == []
