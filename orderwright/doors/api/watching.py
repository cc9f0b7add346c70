"""Counting how many commands share a transaction."""

from collections.abc import Sequence
from functools import cache, wraps
from typing import Any

from orderwright.database.tx import Tx
from orderwright.doors.api.route import Action, Deed, Many, Route
from orderwright.doors.figures import Figures


def watched(route: Route, figures: Figures) -> Route:
    """The same route, its groups counted. Routes of one action still share groups."""
    if isinstance(route, Deed):
        return route._replace(action=_counting(route.action, figures))
    if isinstance(route, Many):
        return route._replace(deed=route.deed._replace(action=_counting(route.deed.action, figures)))
    return route


@cache
def _counting(action: Action, figures: Figures) -> Action:
    labels = (action.__name__,)

    @wraps(action)
    def counted(tx: Tx, commands: Sequence[Any]) -> Any:
        figures.observe("orderwright_group_commands", labels, len(commands))
        return action(tx, commands)

    return counted
