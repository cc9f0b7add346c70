"""Moments at which a test lets this process die, as by kill -9, to see that nothing is lost and nothing done twice.

Off unless ORDERWRIGHT_CRASH_AT names a moment when the process starts; nothing else can arm it, and a moment that
is not armed costs a comparison. They are per transaction, call or step, never per row.
"""

import os
from collections.abc import Mapping

VARIABLE = "ORDERWRIGHT_CRASH_AT"
EXIT_CODE = 86
"""What a process that died here ends with, so that a test knows it died where it should."""

POINTS: Mapping[str, str] = {
    "before begin": "a writing transaction is wanted and not begun",
    "after stock": "stock or its counters are changed, within the transaction",
    "before commit": "all is written, nothing committed",
    "after commit": "committed, and nobody was told",
    "before reply": "the answer is made and not sent",
    "after reply": "the answer is sent",
    "task claimed": "a worker claimed tasks and did nothing yet",
    "before call": "a call to the outside is noted as begun and not made",
    "after call": "the outside did it, and the answer is not recorded",
    "in migration": "a migration's statements ran, within its transaction",
    "between migrations": "a migration is committed, and the next one is to come",
    "in backup": "a backup is written, and not under its name yet",
    "import chunk": "a chunk of an import is placed, and not accounted for",
}
"""Every moment there is, by the words it is armed with; `import chunk#3` is the third time it is passed."""

_armed, _, _nth = os.environ.get(VARIABLE, "").partition("#")
_left = int(_nth or 1)


def point(name: str) -> None:
    """Die here, at once and without a last word, if a test armed this moment."""
    if name == _armed:
        _pass()


def _pass() -> None:
    global _left
    _left -= 1
    if _left == 0:
        os._exit(EXIT_CODE)
