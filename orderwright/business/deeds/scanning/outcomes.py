"""What came of the effects that scans wanted, kind of effect after kind of effect."""

from collections.abc import Callable, Sequence
from typing import Any

from orderwright.business.deeds.scanning.asking import Wanted
from orderwright.business.warehouse.sessions.forms import Notice
from orderwright.database.tx import Collision
from orderwright.values.refusal import Refusal


class Outcomes:
    """One list of things to tell, or one refusal, for each scan."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._wanted = wanted
        self._begun: set[int] = set()
        self.results: list[list[Notice] | Refusal] = [[] for _ in wanted]

    def run(
        self,
        effect: type[Any],
        build: Callable[[Wanted, Any], Any],
        act: Callable[[Sequence[Any]], list[Any]],
        tell: Callable[[Any, Any], Notice] | None = None,
    ) -> None:
        """Do all effects of one type in one call of the deed `act`.

        A scan whose first deed refuses is refused. A later one refuses only when somebody was quicker since the view
        was read: raises Collision, so that the group is run again over locked rows.
        """
        asked = [
            (i, want)
            for i, each in enumerate(self._wanted)
            if not isinstance(self.results[i], Refusal)
            for want in each.effects
            if isinstance(want, effect)
        ]
        if not asked:
            return
        for (i, want), result in zip(asked, act([build(self._wanted[i], want) for i, want in asked]), strict=True):
            so_far = self.results[i]
            if isinstance(result, Refusal):
                if i in self._begun:
                    raise Collision
                self.results[i] = result
            elif tell is not None and not isinstance(so_far, Refusal):
                so_far.append(tell(want, result))
            self._begun.add(i)
