"""A shop with a floor: short ways to walk an order from placed to delivered, and to look at what it left."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from orderwright.business.deeds.hand_over import hand_over
from orderwright.business.deeds.pack import pack
from orderwright.business.deeds.pick import pick, report_short
from orderwright.business.deeds.release import release_fulfilments
from orderwright.business.deeds.track import record_tracking
from orderwright.business.orders.exception_goods import goods_beside
from orderwright.business.orders.exception_queue import ExceptionQuery, list_exceptions
from orderwright.business.shipping.forms import HandOver, Pack, TrackingEvent
from orderwright.business.shipping.labels import BUY, VOID, BuyLabels, VoidLabels
from orderwright.business.truth.check import check_store
from orderwright.business.warehouse.forms import Pick, Release, ShortPick
from orderwright.database import tasks
from orderwright.doors.figures import Figures
from orderwright.doors.worker.calls import Calls
from orderwright.doors.worker.kinds import CallKind
from orderwright.links.carriers.practice import PracticeCarrier
from orderwright.values.refusal import Refusal
from tests.shop import Shop, new_shop


class Floor(Shop):
    """A shop whose orders are picked, packed and shipped by one person called `test`."""

    carrier: PracticeCarrier

    def at(self, moment: datetime) -> None:
        """Set the store's clock."""
        with self.store.begin() as tx:
            tx.write("UPDATE clock SET simulated_at = %(at)s", at=moment)

    def one(self, action: Any, command: Any) -> Any:
        return self.run(action, command)[0]

    def fulfilments(self, number: str) -> list[Any]:
        """Rows (id, site, state) of the order's fulfilments, in order of site."""
        return self.rows(
            "SELECT f.id::text, f.site, f.state FROM fulfilment f JOIN orders o ON o.id = f.order_id"
            " WHERE o.number = %(number)s ORDER BY f.site, f.id",
            number=number,
        )

    def fulfilment(self, number: str, site: str = "LEEDS") -> str:
        """The id of the order's latest fulfilment at a site."""
        return str([row.id for row in self.fulfilments(number) if row.site == site][-1])

    def release(self, number: str, site: str = "LEEDS") -> Any:
        return self.one(release_fulfilments, Release(fulfilment_id=self.fulfilment(number, site), actor="test"))

    def tasks(self, number: str) -> list[Any]:
        """Rows of the order's pick tasks, in walking order; `place` is the bin's code."""
        return self.rows(
            "SELECT t.*, t.id::text AS task_id, p.code AS place FROM pick_task t JOIN place p ON p.id = t.place_id"
            " JOIN fulfilment f ON f.id = t.fulfilment_id JOIN orders o ON o.id = f.order_id"
            " WHERE o.number = %(number)s ORDER BY f.site, t.fulfilment_id, t.walk",
            number=number,
        )

    def pick(self, task: Any, quantity: int | None = None, **changes: Any) -> Any:
        told = {"quantity": quantity or task.quantity, "actor": "test", **changes}
        return self.one(pick, Pick(task_id=task.task_id, **told))

    def short(self, task: Any, found: int, **changes: Any) -> Any:
        told = {"found": found, "actor": "test", **changes}
        return self.one(report_short, ShortPick(task_id=task.task_id, **told))

    def pick_all(self, number: str) -> None:
        """Release what is planned and pick what is released."""
        for row in self.fulfilments(number):
            if row.state == "planned":
                done(self.run(release_fulfilments, Release(fulfilment_id=row.id, actor="test")))
        open_tasks = [task for task in self.tasks(number) if task.state == "open"]
        done(self.run(pick, *[Pick(task_id=task.task_id, quantity=task.quantity, actor="test") for task in open_tasks]))

    def pack(self, number: str, site: str = "LEEDS", **changes: Any) -> Any:
        return self.one(pack, Pack(fulfilment_id=self.fulfilment(number, site), actor="test", **changes))

    def packed(self, number: str) -> Any:
        """Pick and pack an order of one fulfilment; its parcel."""
        self.pick_all(number)
        [parcel] = done([self.pack(number)])[0].parcels
        return parcel

    def labelled(self, number: str) -> Any:
        """Pick, pack and label an order of one fulfilment; its parcel."""
        parcel = self.packed(number)
        self.buy_labels()
        return parcel

    def shipped(self, number: str) -> Any:
        """Walk an order of one fulfilment out of the door; its parcel."""
        parcel = self.labelled(number)
        done([self.hand_over(parcel.id)])
        return parcel

    def hand_over(self, parcel_id: str, **changes: Any) -> Any:
        return self.one(hand_over, HandOver(parcel_id=parcel_id, actor="test", **changes))

    def scan(self, code: str, milestone: str, at: datetime, **changes: Any) -> Any:
        told = {
            "carrier": "practice", "external_id": f"{code}:{milestone}", "tracking_code": code,
            "milestone": milestone, "occurred_at": at, "actor": "carrier", **changes,
        }  # fmt: skip
        return self.one(record_tracking, TrackingEvent(**told))

    def buy_labels(self) -> int:
        """Do the tasks that buy labels, as the worker does them; how many there were."""
        desk = BuyLabels({"practice": self.carrier})
        return self.call(CallKind(BUY, desk.start, desk.call, desk.finish, desk.ask, desk.give_up))

    def void_labels(self) -> int:
        desk = VoidLabels({"practice": self.carrier})
        return self.call(CallKind(VOID, desk.start, desk.call, desk.finish, desk.ask, desk.give_up))

    def call(self, kind: CallKind) -> int:
        with self.store.begin() as tx:
            claimed = tasks.claim(tx, [kind.name], 100)
        Calls(self.store, Figures()).run(kind, claimed)
        return len(claimed)

    def parcel(self, parcel_id: str) -> Any:
        [row] = self.rows("SELECT * FROM parcel WHERE id = %(id)s", id=parcel_id)
        return row

    def facts(self, subject: str) -> list[str]:
        """Types of the facts on a subject's chain, in order."""
        rows = self.rows("SELECT type FROM fact WHERE subject = %(id)s ORDER BY seq", id=subject)
        return [row.type for row in rows]

    def exceptions(self) -> list[str]:
        """Kinds of the open exceptions, in order."""
        return [row.kind for row in self.rows("SELECT kind FROM exception WHERE closed_at IS NULL ORDER BY id")]

    def goods(self) -> list[str]:
        """The goods that what is open is about, as the desk reads them: a line each."""
        with self.store.read() as tx:
            shown = list_exceptions(tx, ExceptionQuery()).items
            told = goods_beside(tx, shown)
        found = [each for exception in shown for each in told.get(exception.id, ())]
        return [" ".join(f"{part}" for part in each._replace(title="") if part not in ("", None, 0)) for each in found]

    def lying(self, site: str) -> dict[tuple[str, str], tuple[int, int]]:
        """(sku, place) -> (units, of them committed) of what lies at a site."""
        rows = self.rows(
            "SELECT s.sku, p.code, sum(s.quantity)::int AS units, sum(s.committed)::int AS committed FROM stock s"
            " JOIN place p ON p.id = s.place_id WHERE p.site = %(site)s GROUP BY s.sku, p.code"
            " HAVING sum(s.quantity) > 0",
            site=site,
        )
        return {(row.sku, row.code): (row.units, row.committed) for row in rows}

    def counters(self, sku: str, site: str) -> tuple[int, int]:
        """(on hand, allocated)."""
        [row] = self.rows(
            "SELECT on_hand, allocated FROM availability WHERE sku = %(sku)s AND site = %(site)s", sku=sku, site=site
        )
        return row.on_hand, row.allocated

    def broken(self) -> list[str]:
        """What `check` finds wrong."""
        return [f"{each.name}: {each.rows}" for each in check_store(self.store, full=True) if not each.holds]


def done(results: list[Any]) -> list[Any]:
    """The results, none of them a refusal."""
    for each in results:
        assert not isinstance(each, Refusal), each
    return results


def refused(result: Any) -> tuple[str, dict[str, Any]]:
    """(code, facts) of a refusal."""
    assert isinstance(result, Refusal), result
    return result.code, result.facts


@contextmanager
def new_floor(dsn: str) -> Iterator[Floor]:
    """A shop with a floor; when it closes, every invariant must hold."""
    with new_shop(dsn) as shop:
        floor = Floor(shop.store)
        floor.carrier = PracticeCarrier()
        yield floor
        assert floor.broken() == []
