"""People who count bins, and a floor with bins to count."""

from typing import Any

from orderwright.business.deeds.books import adjust_stock
from orderwright.business.deeds.counts.enter import enter_counts
from orderwright.business.stock.forms import Adjustment, AdjustmentForm
from orderwright.business.warehouse.counts.actions import ask_counts, begin_counts
from orderwright.business.warehouse.counts.forms import AskCount, BeginCount, CountedLine, CountShown, EnterCount
from orderwright.settings import PutSettings, put_settings
from tests.floor import done
from tests.sessions.scanner import ScannedFloor


class CountedFloor(ScannedFloor):
    """A floor at LEEDS whose bins A-1, A-2, ... are counted."""

    def asked(self, place: str, sku: str = "", **told: Any) -> CountShown:
        """A count somebody asked for."""
        command = AskCount(site="LEEDS", place=place, sku=sku, actor="test", **told)
        [count] = done(self.run(ask_counts, command))
        return count

    def begun(self, place: str, counter: str = "ann", sku: str = "") -> str:
        """The id of a count that somebody began."""
        id_ = self.asked(place, sku).id
        self.begin_count(id_, counter)
        return id_

    def begin_count(self, id_: str, counter: str = "ann") -> Any:
        return self.one(begin_counts, BeginCount(count_id=id_, counter=counter, actor=counter))

    def enter(self, id_: str, counter: str = "ann", at: Any = None, **units: int) -> Any:
        """Tell what was found: enter(id, "ann", MUG=3)."""
        lines = [CountedLine(sku=sku, counted=count) for sku, count in units.items()]
        return self.one(enter_counts, EnterCount(count_id=id_, counter=counter, lines=lines, counted_at=at, actor="x"))

    def counted(self, place: str, counter: str = "ann", **units: int) -> Any:
        """Ask for a count, begin it and tell what was found."""
        return self.enter(self.begun(place, counter), counter, **units)

    def set(self, **values: Any) -> None:
        """Settings: set(tolerance_units=0)."""
        told = {f"counts.{name}": value for name, value in values.items()}
        done(self.run(put_settings, PutSettings(values=told, actor="test")))

    def adjust(self, place: str, sku: str, **told: Any) -> Any:
        form = AdjustmentForm(site="LEEDS", sku=sku, place=place, **{"reason": "counted", **told})
        return self.one(adjust_stock, Adjustment(form=form, actor="test"))

    def units_in(self, place: str) -> dict[str, int]:
        """Units by product that the books say lie in a bin."""
        return {sku: units for (sku, code), (units, _) in self.lying("LEEDS").items() if code == place}
