"""Deeds on lines that callers name by reference."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from orderwright.business.orders.line_names import with_positions
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal

Deed = Callable[[Tx, Sequence[Any]], list[Any]]


def by_line(deed: Deed) -> Deed:
    """The same deed, for commands whose lines may be named by reference; refuses unknown_line too."""

    @wraps(deed)
    def placed(tx: Tx, commands: Sequence[Any]) -> list[Any]:
        told = with_positions(tx, commands)
        sound = [each for each in told if not isinstance(each, Refusal)]
        answers = iter(deed(tx, sound) if sound else [])
        return [each if isinstance(each, Refusal) else next(answers) for each in told]

    return placed
