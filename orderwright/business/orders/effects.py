"""Outside effects of which nobody knows whether they happened: a person sees them until it is known."""

from collections.abc import Iterable

from orderwright.business.orders.actions import NewException, close_exceptions, open_exceptions
from orderwright.database import intents
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx

UNKNOWN = "effect_unknown"
SAID_MAX = 500


def give_up(tx: Tx, intent_ids: Iterable[str], task: Task, error: str, *, site: str = "") -> None:
    """The task of intents died: they are left unknown, and effect_unknown names the task to be tried again.

    The rows of the intents' subjects are locked by the caller. An intent that has ended is left as it is.
    site: of an effect that is about no order.
    """
    open_exceptions(tx, [
        NewException(each.order_id, each.subject, UNKNOWN, {
            "asked": each.kind, "of": each.provider, "task": task.id, "said": error[:SAID_MAX]}, site)
        for each in intents.leave_unknown(tx, intent_ids)
    ])  # fmt: skip


def tell_known(tx: Tx, subjects: Iterable[str]) -> None:
    """Answers came for subjects: close what was told of those of which nothing is unknown any more."""
    asked = set(subjects)
    known = sorted(asked - intents.still_unknown(tx, asked)) if asked else []
    close_exceptions(tx, [(subject, UNKNOWN) for subject in known], actor="worker", resolution="answered")
