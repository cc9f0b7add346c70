"""A floor that buys: a supplier, purchase orders, deliveries and the worker's looks after supply."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.deeds.fill import fill_backorders
from orderwright.business.deeds.receiving.stow import stow
from orderwright.business.deeds.receiving.take_in import take_in
from orderwright.business.deeds.supply.expecting import get_order_expecting
from orderwright.business.deeds.supply.looking import look_after_supply
from orderwright.business.purchasing.delivery_forms import Delivery, DeliveryForm, DeliveryLineForm
from orderwright.business.purchasing.forms import (
    AnsweredLine,
    AnswerForm,
    ConfirmPurchase,
    DraftPurchase,
    EndForm,
    EndPurchase,
    PurchaseForm,
    PurchaseLineForm,
    PutSupplier,
    SendPurchase,
    SupplierForm,
    SupplierProductForm,
)
from orderwright.business.purchasing.looking import LOOK
from orderwright.business.purchasing.mailing import MailPurchases
from orderwright.business.purchasing.ordering import MAIL, confirm_purchases, draft_purchases, send_purchases
from orderwright.business.purchasing.suppliers import put_suppliers
from orderwright.business.warehouse.putaway.forms import PutAwayForm, StowUnits
from orderwright.database import tasks
from orderwright.doors.worker.kinds import CallKind
from orderwright.links.messages.practice import PracticePost
from tests.floor import Floor, done, new_floor

FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIRST = date(2026, 12, 1)


class Buying(Floor):
    """A floor with a supplier called POTTERY, who sells MUG, TEE and HAT."""

    post: PracticePost

    def supplier(self, code: str = "POTTERY", **changes: Any) -> Any:
        products = [
            SupplierProductForm(sku=sku, unit_cost="3.10", code=f"P-{sku}", pack_size=6)
            for sku in ("MUG", "TEE", "HAT")
        ]
        told = {"name": "The Pottery", "currency": "GBP", "email": "orders@pottery.example", "products": products}
        return self.one(put_suppliers, PutSupplier(code=code, form=SupplierForm(**told | changes), actor="test"))

    def drafted(self, due_on: date | None = FIRST, site: str = "LEEDS", supplier: str = "POTTERY", **units: int) -> str:
        """The number of a draft for these units."""
        lines = [PurchaseLineForm(sku=sku, quantity=count, due_on=due_on) for sku, count in units.items()]
        form = PurchaseForm(supplier=supplier, site=site, lines=lines)
        [draft] = done(self.run(draft_purchases, DraftPurchase(form=form, actor="test")))
        return str(draft.number)

    def ordered(self, due_on: date | None = FIRST, **units: int) -> str:
        """The number of a purchase order that was sent."""
        number = self.drafted(due_on, **units)
        done(self.run(send_purchases, SendPurchase(number=number, actor="test")))
        return number

    def answered(self, number: str, due_on: date | None = None, **units: int) -> Any:
        """The supplier answers: another day, other quantities."""
        lines = [AnsweredLine(sku=sku, quantity=count) for sku, count in units.items()]
        form = AnswerForm(due_on=due_on, lines=lines)
        return self.one(confirm_purchases, ConfirmPurchase(number=number, form=form, actor="test"))

    def end(self, action: Any, number: str) -> Any:
        return self.one(action, EndPurchase(number=number, form=EndForm(), actor="test"))

    def come(self, purchase: str, *lines: DeliveryLineForm, site: str = "LEEDS", **changes: Any) -> Any:
        """Goods come."""
        form = DeliveryForm(site=site, purchase=purchase, lines=list(lines), **changes)
        return self.one(take_in, Delivery(form=form, actor="test"))

    def came(self, purchase: str, **units: int) -> Any:
        """So many units came, all of them good."""
        lines = [DeliveryLineForm(sku=sku, accepted=count) for sku, count in units.items()]
        return done([self.come(purchase, *lines)])[0]

    def bin(self, code: str, site: str = "LEEDS", **changes: Any) -> None:
        done(self.run(put_places, PutPlace(site=site, code=code, form=PlaceForm(**changes), actor="test")))

    def stow(self, sku: str, quantity: int, place: str, **changes: Any) -> Any:
        form = PutAwayForm(site="LEEDS", sku=sku, quantity=quantity, place=place, **changes)
        return self.one(stow, StowUnits(form=form, actor="test"))

    def work(self) -> None:
        """Do what is to be done after facts, as the worker does it."""
        for name, verb in ((LOOK, look_after_supply), ("fill_backorders", fill_backorders), (LOOK, look_after_supply)):
            with self.store.begin() as tx:
                claimed = tasks.claim(tx, [name], 100)
                if claimed:
                    verb(tx, claimed)
                    tasks.finish(tx, claimed)

    def mail(self) -> int:
        """Mail what is to be mailed, as the worker does it; how many tasks there were."""
        desk = MailPurchases(self.post)
        return self.call(CallKind(MAIL, desk.start, desk.call, desk.finish, desk.ask, desk.give_up))

    def expected(self, number: str) -> list[date | None]:
        """The day each line of an order is expected."""
        with self.store.read() as tx:
            return [line.expected_on for line in get_order_expecting(tx, number).lines]

    def line(self, purchase: str, sku: str = "MUG") -> dict[str, int]:
        """What a purchase order's line says, without zeros."""
        [row] = self.rows(
            "SELECT l.* FROM purchase_line l JOIN purchase_order p ON p.id = l.purchase_id"
            " WHERE p.number = %(number)s AND l.sku = %(sku)s",
            number=purchase, sku=sku,
        )  # fmt: skip
        names = ("quantity", "accepted", "rejected", "cancelled")
        return {name: getattr(row, name) for name in names if getattr(row, name)}

    def purchase_state(self, number: str) -> str:
        return str(self.value("SELECT state FROM purchase_order WHERE number = %(number)s", number=number))


@contextmanager
def new_buying(dsn: str, folder: Path) -> Iterator[Buying]:
    with new_floor(dsn) as floor:
        buying = Buying(floor.store)
        buying.carrier = floor.carrier
        buying.post = PracticePost(folder)
        buying.at(FRIDAY_NOON)
        done([buying.supplier()])
        yield buying


@pytest.fixture
def shop(postgres: str, tmp_path: Path) -> Iterator[Buying]:
    with new_buying(postgres, tmp_path / "mail") as buying:
        yield buying
