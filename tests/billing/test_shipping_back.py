"""What sending an order had cost is given back once."""

import pytest

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.take_back import inspect_returns, receive_returns, settle_returns
from orderwright.business.orders.form import PaymentForm, ShippingForm
from orderwright.business.returns.forms import (
    AskedLine,
    AskReturn,
    InspectedLine,
    InspectReturn,
    ReceiveReturn,
    SettleReturn,
)
from tests.floor import Floor, done, new_floor


@pytest.fixture
def floor(postgres):
    with new_floor(postgres) as floor:
        yield floor


def inspected(floor: Floor, number: str) -> str:
    """A mug of the order that came back and was found fit; the return's id."""
    line = AskedLine(position=1, quantity=1)
    [asked] = done(floor.run(ask_returns, AskReturn(number=number, actor="sue", lines=[line])))
    done(floor.run(receive_returns, ReceiveReturn(return_id=asked.id, actor="rita")))
    judged = [InspectedLine(line=1, restock=1)]
    done(floor.run(inspect_returns, InspectReturn(return_id=asked.id, actor="rita", lines=judged)))
    return asked.id


@pytest.mark.parametrize("is_together", [True, False])
def test_two_returns_that_both_ask_for_the_shipping_get_it_once(floor: Floor, is_together: bool) -> None:
    # Edge case 54: the second credit note is still written, for the goods.
    floor.stock("LEEDS", MUG=3)
    number = floor.place({"MUG": 3}, shipping=ShippingForm(price="3.95"), total="26.45",
                         payment=PaymentForm(state="paid")).number  # fmt: skip
    floor.shipped(number)
    returns = [inspected(floor, number) for _ in range(2)]
    commands = [SettleReturn(return_id=id_, refund_shipping=True, actor="rita") for id_ in returns]
    if is_together:
        settled = done(floor.run(settle_returns, *commands))
    else:
        settled = [done(floor.run(settle_returns, command))[0] for command in commands]
    assert [each.refund for each in settled] == ["11.45", "7.50"]
    assert floor.rows("SELECT shipping_minor, total_minor FROM paper ORDER BY number") == [(395, 1145), (0, 750)]
