"""Facts of the floor, on the chains of fulfilments and orders."""

from typing import ClassVar

from orderwright.database.facts import Fact


class FulfilmentReleased(Fact, frozen=True):
    """A fulfilment went to its site's floor. units: (demand, sku, units) on its pick list.

    policy_version: of the rule of the site's gate it went by; 0 without one.
    """

    TYPE: ClassVar[str] = "fulfilment_released"
    order_id: str
    site: str
    units: list[tuple[str, str, int]]
    policy_version: int = 0


class FulfilmentRecalled(Fact, frozen=True):
    """A fulfilment was taken back from its site's floor, untouched. units: (demand, units) to be let out again."""

    TYPE: ClassVar[str] = "fulfilment_recalled"
    order_id: str
    site: str
    units: list[tuple[str, int]]


class UnitsPicked(Fact, frozen=True):
    """Units were taken from their bins. picks: (pick task, sku, lot, units). `is_complete`: nothing is left to pick."""

    TYPE: ClassVar[str] = "units_picked"
    picks: list[tuple[str, str, str, int]]
    is_complete: bool = False


class PickShort(Fact, frozen=True):
    """A bin held less than its pick task asked for; the missing units were routed again."""

    TYPE: ClassVar[str] = "pick_short"
    task_id: str
    demand_id: str
    sku: str
    lot: str
    asked: int
    found: int
    reason: str


class PutBackDone(Fact, frozen=True):
    """Units that lost their order are in a bin again and can be sold."""

    TYPE: ClassVar[str] = "put_back_done"
    demand_id: str
    site: str
    sku: str
    lot: str
    units: int
