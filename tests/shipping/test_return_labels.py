"""Labels for what comes back: bought once, of the carrier, for the way from the customer to the site."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.not_offered import DropServiceTerms, drop_services
from orderwright.business.deeds.take_back import receive_returns
from orderwright.business.returns.forms import AskedLine, AskReturn, ReceiveReturn
from orderwright.business.returns.labels import (
    BUY,
    BuyReturnLabels,
    WantReturnLabel,
    return_label,
    seen_on_way_back,
    want_return_labels,
)
from orderwright.business.returns.reads import get_return
from orderwright.business.routing.carriers import (
    CarrierForm,
    PutCarrier,
    PutServiceTerms,
    ServiceForm,
    ZoneForm,
    put_carriers,
    put_services,
)
from orderwright.business.shipping.ports import BoughtLabel, ParcelToShip
from orderwright.doors.api.access import Access
from orderwright.doors.api.asked import Question
from orderwright.doors.api.routes.papers import SheetQuery
from orderwright.doors.api.routes.returns import label_pdf
from orderwright.doors.worker.kinds import CallKind
from orderwright.links.carriers.practice import PracticeCarrier, Troubles
from orderwright.papers.return_labels import return_label_pdf
from orderwright.settings import PutSettings, put_settings
from orderwright.values.refusal import Refusal
from tests.floor import Floor, done, refused
from tests.papers.reading import words


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


def seen(floor: Floor, return_id: str) -> list[str]:
    with floor.store.read() as tx:
        return [each.milestone for each in seen_on_way_back(tx, return_id)]


class Noting(PracticeCarrier):
    """It keeps what it was asked for."""

    asked: ParcelToShip

    def buy_label(self, parcel: ParcelToShip) -> BoughtLabel:
        self.asked = parcel
        return super().buy_label(parcel)


def noted(floor: Floor) -> Noting:
    floor.carrier = Noting()
    return floor.carrier


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
    assert seen(floor, back.id) == ["in_transit"]
    assert floor.facts(back.id) == ["return_asked", "return_label_wanted", "return_label_bought"]


@pytest.mark.parametrize(
    ("query", "said"), [(SheetQuery(), "Cut this out"), (SheetQuery(language="es"), "Recorte esto")]
)
def test_it_is_printed_in_the_language_that_is_asked_for(floor: Floor, back: Any, query: SheetQuery, said: str) -> None:
    want(floor, back.id)
    buy(floor)
    question = Question(Access("key", "ann", "ann", frozenset()), {"id": back.id}, query)
    with floor.store.read() as tx:
        assert said in words(label_pdf.find(tx, question))


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


def test_the_carrier_is_told_our_account_with_it(floor: Floor, back: Any) -> None:
    carrier = noted(floor)
    done(floor.run(put_carriers, PutCarrier(code="practice", form=CarrierForm("Practice", "AC-1"), actor="test")))
    want(floor, back.id)
    assert (buy(floor), carrier.asked.account, carrier.asked.service) == (1, "AC-1", "standard")


@pytest.mark.parametrize("gone", ["dropped", "paused", "for others only"])
def test_what_went_by_a_service_that_is_offered_no_more_comes_back_by_the_usual_one(floor: Floor, gone: str) -> None:
    floor.stock("LEEDS", MUG=5)
    zone = ZoneForm(name="home", km_max=25_000, base="2.95", step="0.20", transit_days=3)
    form = ServiceForm(name="Economy", zones=[zone])
    done(floor.run(put_services, PutServiceTerms(code="economy", form=form, actor="test")))
    number = floor.place({"MUG": 1}, service="economy").number
    shipped = floor.shipped(number)
    floor.scan(floor.parcel(shipped.id).tracking_code, "delivered", datetime.now(UTC))
    back = floor.one(ask_returns, AskReturn(number=number, lines=[AskedLine(1, 1, "unwanted")], actor="customer"))
    if gone == "dropped":
        done(floor.run(drop_services, DropServiceTerms(code="economy", actor="test")))
    else:
        form = ServiceForm(name="Economy", zones=[zone], is_active=gone != "paused", countries=["IE"])
        done(floor.run(put_services, PutServiceTerms(code="economy", form=form, actor="test")))
    carrier = noted(floor)
    want(floor, back.id)
    assert (buy(floor), now(floor, back.id).state, carrier.asked.service) == (1, "bought", "standard")


def test_only_what_that_carrier_saw_of_that_parcel_is_shown(floor: Floor, back: Any) -> None:
    want(floor, back.id)
    buy(floor)
    code = now(floor, back.id).tracking_code
    made_at = floor.value("SELECT made_at FROM return_label")
    floor.scan(code, "in_transit", made_at - timedelta(hours=20))  # a carrier's clock may be behind ours
    floor.scan(code, "delivered", made_at - timedelta(days=2))
    floor.scan(code, "lost", made_at + timedelta(hours=1), carrier="acme")
    assert seen(floor, back.id) == ["in_transit"]
    floor.stock("LEEDS", MUG=5)
    other = floor.place({"MUG": 1}).number
    floor.shipped(other)
    again = floor.one(ask_returns, AskReturn(number=other, lines=[AskedLine(1, 1, "unwanted")], actor="customer"))
    want(floor, again.id)
    buy(floor)
    with floor.begin() as tx:  # the carrier gives out the code a second time
        tx.write(
            "UPDATE return_label SET tracking_code = %(code)s, made_at = %(at)s WHERE return_id = %(id)s",
            code=code, at=made_at + timedelta(days=90), id=again.id,
        )  # fmt: skip
    floor.scan(code, "out_for_delivery", made_at + timedelta(days=91))
    assert (seen(floor, back.id), seen(floor, again.id)) == (["in_transit"], ["out_for_delivery"])
    assert seen(floor, "no-id") == []


def test_a_code_a_parcel_had_before_is_the_returns_from_its_label_on(floor: Floor, back: Any) -> None:
    parcel = floor.rows("SELECT id::text, tracking_code, labelled_at FROM parcel")[0]
    months_later = parcel.labelled_at + timedelta(days=200)
    floor.at(months_later)
    want(floor, back.id)
    buy(floor)
    with floor.begin() as tx:
        tx.write("UPDATE return_label SET tracking_code = %(code)s", code=parcel.tracking_code)
    for at, milestone in ((months_later + timedelta(days=1), "delivered"), (months_later - timedelta(days=9), "lost")):
        floor.scan(parcel.tracking_code, milestone, at)
    assert seen(floor, back.id) == ["delivered"]
    # What happened before there was the return's label is still the parcel's.
    assert floor.parcel(parcel.id).state == "lost"


def test_a_code_a_return_had_before_is_the_parcels_from_its_label_on(floor: Floor, back: Any) -> None:
    want(floor, back.id)
    buy(floor)
    code = now(floor, back.id).tracking_code
    months_later = datetime.now(UTC) + timedelta(days=200)
    floor.at(months_later)
    other = floor.shipped(floor.place({"MUG": 1}).number)
    with floor.begin() as tx:
        tx.write("UPDATE parcel SET tracking_code = %(code)s WHERE id = %(id)s", code=code, id=other.id)
        tx.write("UPDATE label SET tracking_code = %(code)s WHERE parcel_id = %(id)s", code=code, id=other.id)
    floor.scan(code, "in_transit", months_later - timedelta(days=150))
    floor.scan(code, "delivered", months_later + timedelta(days=2))
    assert seen(floor, back.id) == ["in_transit"]
    assert floor.parcel(other.id).state == "delivered"
