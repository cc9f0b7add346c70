"""Labels for what comes back: bought once, of the carrier, for the way from the customer to the site."""

from datetime import UTC, datetime
from typing import Any

import pytest

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.take_back import receive_returns
from orderwright.business.returns.forms import AskedLine, AskReturn, ReceiveReturn
from orderwright.business.returns.labels import (
    BUY,
    BuyReturnLabels,
    WantReturnLabel,
    return_label,
    seen_by_code,
    want_return_labels,
)
from orderwright.business.returns.reads import get_return
from orderwright.doors.worker.kinds import CallKind
from orderwright.links.carriers.practice import PracticeCarrier, Troubles
from orderwright.papers.return_labels import return_label_pdf
from orderwright.settings import PutSettings, put_settings
from orderwright.values.refusal import Refusal
from tests.floor import Floor, done, refused


@pytest.fixture
def back(floor: Floor) -> Any:
    """A return of one mug that is to come."""
    floor.stock("LEEDS", MUG=5)
    number = floor.place({"MUG": 1}).number
    floor.shipped(number)
    return floor.one(ask_returns, AskReturn(number=number, lines=[AskedLine(1, 1, "unwanted")], actor="customer"))


def want(floor: Floor, return_id: str, **changes: Any) -> Any:
    return floor.one(want_return_labels, WantReturnLabel(return_id=return_id, actor="customer", **changes))


def buy(floor: Floor) -> int:
    desk = BuyReturnLabels({"practice": floor.carrier})
    return floor.call(CallKind(BUY, desk.start, desk.call, desk.finish, desk.ask, desk.give_up))


def now(floor: Floor, return_id: str) -> Any:
    with floor.store.read() as tx:
        return get_return(tx, return_id).label


def test_a_label_is_bought_once_and_can_be_printed(floor: Floor, back: Any) -> None:
    sold = len(floor.carrier.bought)
    assert want(floor, back.id).label.state == "wanted"
    assert want(floor, back.id).repeated
    assert (buy(floor), buy(floor), len(floor.carrier.bought) - sold) == (1, 0, 1)
    label = now(floor, back.id)
    assert (label.state, label.carrier, label.cost) == ("bought", "practice", "3.20")
    with floor.store.read() as tx:
        paper = return_label(tx, back.id)
    assert (paper.sender[-1], paper.recipient[0], paper.tracking_code) == ("GB", "1 Dock St", label.tracking_code)
    assert return_label_pdf(paper, language="es").content.startswith(b"%PDF")
    assert want(floor, back.id).repeated
    floor.scan(label.tracking_code, "in_transit", datetime.now(UTC))
    with floor.store.read() as tx:
        assert [each.milestone for each in seen_by_code(tx, label.tracking_code)] == ["in_transit"]
    assert floor.facts(back.id) == ["return_asked", "return_label_wanted", "return_label_bought"]


def test_after_the_carriers_no_it_is_asked_once_more(floor: Floor, back: Any) -> None:
    floor.carrier = PracticeCarrier(Troubles(refused=1000))
    want(floor, back.id)
    assert (buy(floor), now(floor, back.id).state) == (1, "refused")
    for id_ in (back.id, "no-id"):
        with floor.store.read() as tx, pytest.raises(Refusal):
            return_label(tx, id_)
    floor.carrier = PracticeCarrier()
    assert not want(floor, back.id).repeated
    assert (buy(floor), now(floor, back.id).state) == (1, "bought")


def test_a_label_is_for_what_is_to_come_and_where_the_shop_offers_one(floor: Floor, back: Any) -> None:
    done(floor.run(receive_returns, ReceiveReturn(return_id=back.id, actor="test")))
    assert refused(want(floor, back.id)) == ("return_step", {"state": "received", "deed": "label"})
    assert refused(want(floor, "x"))[0] == "not_found"
    done(floor.run(put_settings, PutSettings(values={"returns.labels": False}, actor="test")))
    assert refused(want(floor, back.id, by_customer=True))[0] == "not_offered"
