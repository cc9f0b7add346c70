"""Two sites with bins and scanners, and goods that go from one to the other."""

from collections.abc import Iterator
from typing import Any

import pytest

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.deeds.books import receive_stock
from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.deeds.supply.low import put_levels
from orderwright.business.deeds.transferring.moving import plan_transfers
from orderwright.business.purchasing.forms import LevelForm, PutLevel
from orderwright.business.stock.forms import DispatchLine, Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.sessions.forms import OpenSession
from orderwright.business.warehouse.transferring.forms import (
    ArrivedUnits,
    AskedUnits,
    PlanTransfer,
    ReceiveTransfer,
    SiteTransferNow,
    TransferArrivalForm,
    TransferGoodsForm,
    TransferPlanForm,
)
from orderwright.business.warehouse.transferring.rows import get_site_transfer
from tests.floor import Floor, done, new_floor
from tests.sessions.scanner import Scanner


class TwoSites(Floor):
    """Goods lie in bin A-1 of LEEDS; BRISTOL has bin B-1."""

    def bin(self, site: str, code: str) -> None:
        done(self.run(put_places, PutPlace(site=site, code=code, form=PlaceForm(), actor="test")))

    def put(self, site: str, place: str, sku: str, quantity: int, **line: Any) -> None:
        lines = [ReceiptLine(sku=sku, quantity=quantity, place=place, **line)]
        done(self.run(receive_stock, Receipt(form=ReceiptForm(site=site, lines=lines), actor="test")))

    def level(self, site: str, sku: str, point: int, target: int) -> None:
        form = LevelForm(reorder_point=point, target=target)
        done(self.run(put_levels, PutLevel(sku=sku, site=site, form=form, actor="test")))

    def planned(self, **units: int) -> str:
        """The number of a transfer from LEEDS to BRISTOL; without units, whatever is loaded goes."""
        lines = [AskedUnits(sku=sku, quantity=count) for sku, count in units.items()]
        form = TransferPlanForm(site="LEEDS", to_site="BRISTOL", lines=lines)
        [plan] = done(self.run(plan_transfers, PlanTransfer(form=form, actor="test")))
        return str(plan.number)

    def goes(self, action: Any, command: Any, number: str, *lines: tuple[str, int, str], **told: Any) -> Any:
        """Load or receive (sku, units, place)."""
        form: TransferGoodsForm | TransferArrivalForm
        if command is ReceiveTransfer:
            came = [ArrivedUnits(sku=sku, quantity=units, place=place, **told) for sku, units, place in lines]
            form = TransferArrivalForm(lines=came)
        else:
            goods = [DispatchLine(sku=sku, quantity=units, place=place, **told) for sku, units, place in lines]
            form = TransferGoodsForm(lines=goods)
        return self.one(action, command(number=number, form=form, actor="test"))

    def transfer(self, number: str) -> SiteTransferNow:
        with self.store.read() as tx:
            return get_site_transfer(tx, number)

    def scanner(self, kind: str, site: str, subject: str, person: str = "rosa") -> Scanner:
        command = OpenSession(kind=kind, site=site, person=person, subject=subject, actor="test")
        return Scanner(self, done(self.run(open_sessions, command))[0])  # type: ignore[arg-type]


@pytest.fixture
def sites(postgres: str) -> Iterator[TwoSites]:
    with new_floor(postgres) as floor:
        two = TwoSites(floor.store)
        two.bin("LEEDS", "A-1")
        two.bin("LEEDS", "A-2")
        two.bin("BRISTOL", "B-1")
        yield two
        assert two.broken() == []
