"""A floor with work on it: goods in bins, an order let out, somebody on a walk."""

from typing import NamedTuple

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.deeds.books import receive_stock
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.deeds.scanning.take import take_scans
from orderwright.business.shipping.packing.cartons import put_cartons
from orderwright.business.shipping.packing.forms import CartonForm, PutCarton
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.forms import Release
from orderwright.business.warehouse.sessions.forms import OpenSession, ScanForm, SessionNow, TakeScans
from orderwright.business.warehouse.walk_forms import ClaimWork
from tests.floor import done
from tests.shop import Shop

SITE = "LEEDS"


class Scene(NamedTuple):
    """An order whose units are to be picked at LEEDS: MUGs in F-1, then TEEs in F-2."""

    shop: Shop
    number: str

    def picked(self) -> list[tuple[str, int]]:
        """(sku, units picked), in the order of the way."""
        rows = self.shop.rows("SELECT sku, picked FROM pick_task ORDER BY walk, id")
        return [(row.sku, row.picked) for row in rows]

    def session(self, person: str) -> SessionNow:
        """A picker's walk and session."""
        done(self.shop.run(claim_work, ClaimWork(site=SITE, picker=person, totes=("T-1",), actor="test")))
        [opened] = done(self.shop.run(open_sessions, OpenSession(kind="pick", site=SITE, person=person, actor="test")))
        return opened

    def picked_into_tote(self, person: str) -> None:
        """All of it picked by somebody, into tote T-1."""
        now = self.session(person)
        while (wanted := now.instruction).expects in ("bin", "item", "tote"):
            code = {"bin": wanted.where, "item": wanted.sku, "tote": "T-1"}[wanted.expects]
            now = scanned(self.shop, now, code)


def scanned(shop: Shop, session: SessionNow, *codes: str) -> SessionNow:
    """A session after scans, none of which is refused."""
    scans = [ScanForm(n=session.next_n + i, code=code) for i, code in enumerate(codes)]
    [now] = done(shop.run(take_scans, TakeScans(session_id=session.id, scans=scans, actor="test")))
    assert [each.outcome for each in now.answers] == ["taken"] * len(codes), now.answers
    return now


def opened(shop: Shop, kind: str, person: str, subject: str = "") -> SessionNow:
    """A session somebody begins at the site."""
    command = OpenSession(kind=kind, site=SITE, person=person, subject=subject, actor="test")
    [now] = done(shop.run(open_sessions, command))
    return now


def sized(shop: Shop) -> None:
    """Sizes of what the scene's orders hold, and a carton it fits."""
    for sku in ("MUG", "TEE"):
        shop.product(sku, length_mm=80, width_mm=80, height_mm=90, weight_g=300)
    form = CartonForm(length_mm=300, width_mm=200, height_mm=200, tare_g=100)
    done(shop.run(put_cartons, PutCarton(code="S", form=form, actor="test")))


def scene(shop: Shop, mugs: int = 2, tees: int = 1) -> Scene:
    """Make it."""
    for bay, (place, sku) in enumerate((("F-1", "MUG"), ("F-2", "TEE")), 1):
        form = PlaceForm(kind="bin", zone="F", aisle=1, bay=bay, x_mm=1000 * bay)
        done(shop.run(put_places, PutPlace(site=SITE, code=place, form=form, actor="test")))
        lines = [ReceiptLine(sku=sku, quantity=20, place=place)]
        done(shop.run(receive_stock, Receipt(form=ReceiptForm(site=SITE, lines=lines), actor="test")))
    number = shop.place({"MUG": mugs, "TEE": tees}).number
    [part] = shop.rows(
        "SELECT f.id::text FROM fulfilment f JOIN orders o ON o.id = f.order_id WHERE o.number = %(number)s"
        " AND f.site = %(site)s", number=number, site=SITE,
    )  # fmt: skip
    done(shop.run(release_fulfilments, Release(fulfilment_id=part.id, actor="test")))
    return Scene(shop, number)
