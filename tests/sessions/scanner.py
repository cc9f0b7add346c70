"""A picker with a scanner, and a floor with bins to scan."""

from typing import Any

from orderwright.business.catalog.actions import put_places
from orderwright.business.catalog.forms import PlaceForm, PutPlace
from orderwright.business.deeds.books import receive_stock
from orderwright.business.deeds.picking.claim import claim_work
from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.deeds.scanning.take import take_scans
from orderwright.business.stock.forms import Receipt, ReceiptForm, ReceiptLine
from orderwright.business.warehouse.sessions.forms import (
    Instruction,
    OpenSession,
    ScanAnswer,
    ScanForm,
    SessionNow,
    TakeScans,
)
from orderwright.business.warehouse.walk_forms import ClaimWork
from tests.floor import Floor, done


class ScannedFloor(Floor):
    """A floor whose goods lie in bins A-1, A-2, ... of LEEDS."""

    def __init__(self, floor: Floor) -> None:
        super().__init__(floor.store)
        self.carrier = floor.carrier

    def bin(self, code: str, zone: str = "", bay: int = 1, site: str = "LEEDS", kind: Any = "bin") -> None:
        form = PlaceForm(kind=kind, zone=zone, aisle=1, bay=bay, x_mm=1000 * bay)
        done(self.run(put_places, PutPlace(site=site, code=code, form=form, actor="test")))

    def put(self, place: str, sku: str, quantity: int, **line: Any) -> None:
        """Units arrive in a bin, which is made first."""
        self.bin(place, bay=int(place.partition("-")[2] or 1))
        lines = [ReceiptLine(sku=sku, quantity=quantity, place=place, **line)]
        done(self.run(receive_stock, Receipt(form=ReceiptForm(site="LEEDS", lines=lines), actor="test")))

    def walk(self, person: str = "ann", totes: tuple[str, ...] = ("T1",), **told: Any) -> Any:
        """A walk of what is released, begun by a person."""
        [walk] = done(self.run(claim_work, ClaimWork(site="LEEDS", picker=person, totes=totes, actor="test", **told)))
        return walk

    def scanner(self, person: str = "ann", kind: str = "pick", subject: str = "") -> "Scanner":
        command = OpenSession(kind=kind, site="LEEDS", person=person, subject=subject, actor="test")
        return Scanner(self, done(self.run(open_sessions, command))[0])


class Scanner:
    """A device: it counts its scans, and beeps."""

    def __init__(self, floor: ScannedFloor, opened: SessionNow) -> None:
        self.floor = floor
        self.id = opened.id
        self.now: Instruction = opened.instruction
        self.n = opened.next_n

    def scan(self, code: str = "", **told: Any) -> ScanAnswer:
        """One scan, and its answer."""
        [answer] = self.send([ScanForm(n=self.n, code=code, **told)])
        self.n += 1
        return answer

    def key(self, command: Any, **told: Any) -> ScanAnswer:
        """A command keyed by the person."""
        return self.scan(command=command, **told)

    def all(self, first: str, *codes: str) -> ScanAnswer:
        """Scans none of which is refused; the last answer."""
        for code in (first, *codes):
            answer = self.scan(code)
            assert answer.outcome == "taken", answer
        return answer

    def send(self, scans: list[ScanForm]) -> list[ScanAnswer]:
        """Scans in one call."""
        told: SessionNow = done(self.floor.run(take_scans, TakeScans(session_id=self.id, scans=scans, actor="test")))[0]
        self.now = told.instruction
        return told.answers

    def rows(self) -> list[Any]:
        """The session's scans, in order."""
        return self.floor.rows("SELECT * FROM scan WHERE session_id = %(id)s ORDER BY n", id=self.id)


def beeps(answer: ScanAnswer) -> tuple[str, str]:
    """What a device needs of an answer: the tone, and what to scan next."""
    return answer.instruction.tone, answer.instruction.expects
