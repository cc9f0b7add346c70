"""What app.py puts together for the doors, which must not import it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from orderwright.business.billing.ports import Checkouts
from orderwright.doors.worker.kinds import Kind, Schedule


class Wiring(NamedTuple):
    """flows: fact type -> task names. kinds: what each task's name stands for. timetable: what falls due.

    checkouts: the gateway on whose pages customers pay.
    """

    flows: Mapping[str, Sequence[str]]
    kinds: Sequence[Kind]
    timetable: Sequence[Schedule]
    checkouts: Checkouts
