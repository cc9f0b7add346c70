"""What task `follow_pay_link` does: ask the gateway about pages it was asked for, and give back what is nobody's."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol, TypeVar

from orderwright.business.billing.pay_links import PayLinkRow, links_by_id, mark_returned
from orderwright.business.billing.ports import Checkouts, CheckoutSeen, Gateway, PaymentAnswer, PaymentRequest
from orderwright.business.deeds.paying.checkouts import FIRST_LOOK, CheckoutPaid, key_of, record_checkouts
from orderwright.business.deeds.paying.showing import FOLLOW
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal

LONGEST = timedelta(minutes=30)
"""So often at least it is asked about a page that is not paid."""
AFTER_ITS_END = timedelta(hours=1)
"""So long after a link's end a gateway may still tell that it was paid before."""
WORKER = "worker"
Answer = TypeVar("Answer")


class LookAt(NamedTuple):
    """A page to be asked about, by its key."""

    key: str


class Away(NamedTuple):
    """No answer came about a page: it is asked about again later, as if it were not paid yet."""

    key: str


Asked = LookAt | PaymentRequest
Answered = CheckoutSeen | Away | PaymentAnswer


class PayingGateway(Gateway, Checkouts, Protocol):
    """A gateway that has pages to pay on."""


class FollowPayLinks:
    """The task's verbs; app.py gives it the gateway."""

    start: Callable[[Tx, Sequence[Task]], list[Asked | None]]

    def __init__(self, gateway: PayingGateway) -> None:
        self._gateway = gateway
        self.start = start_following

    def call(self, request: Asked) -> Answered:
        """Ask the gateway once."""
        if isinstance(request, PaymentRequest):
            return self._gateway.perform(request)
        try:
            return self._gateway.look_at_checkout(request.key) or CheckoutSeen("gone")
        except OSError:
            return Away(request.key)

    def ask(self, request: Asked) -> Answered | None:
        """What became of a call whose answer never came."""
        return self._gateway.look_up(request) if isinstance(request, PaymentRequest) else self.call(request)

    def finish(self, tx: Tx, tasks: Sequence[Task], answers: Sequence[Answered]) -> None:
        """Record what was paid and what went back; look again later at what is not paid."""
        links = links_by_id(tx, [task.subject for task in tasks])
        paid: list[CheckoutPaid] = []
        returned: dict[str, str | None] = {}
        for task, answer in zip(tasks, answers, strict=True):
            link = links[task.subject]
            if isinstance(answer, PaymentAnswer):
                if not answer.is_done:  # asked again it says the same: the dead task shows it to somebody
                    raise RuntimeError(f"the gateway gives nothing back: {answer.said}")
                returned[link.id] = None
            elif isinstance(answer, CheckoutSeen) and answer.state == "paid":
                paid.append(CheckoutPaid(
                    id=link.id, gateway=self._gateway.name, reference=answer.reference,
                    amount_minor=answer.amount_minor, actor=WORKER,
                ))  # fmt: skip
            elif at := next_look(link, tx.now):
                tx.enqueue(FOLLOW, link.id, run_at=at)
            elif isinstance(answer, Away) and link.paid_at is None:  # nobody would ever learn whether it was paid
                raise Refusal("gateway_away")
        for recorded in record_checkouts(tx, paid):
            if isinstance(recorded, Refusal):
                raise recorded  # its money is another order's by our books: the dead task shows it to somebody
        mark_returned(tx, returned)

    def give_up(self, tx: Tx, task: Task, error: str) -> None:
        """The task is among the dead, where somebody has it tried again; what was paid is at the gateway."""


def ask_gateway(ask: Callable[[Any], Answer], given: Any) -> Answer:
    """Ask a gateway for who waits for its answer. Refuses gateway_away when none comes.

    Nobody knows then what it did: it is asked again under the same key, which it counts once.
    """
    try:
        return ask(given)
    except OSError as error:
        raise Refusal("gateway_away") from error


def start_following(tx: Tx, tasks: Sequence[Task]) -> list[Asked | None]:
    """What to ask of the gateway: about a page, or for money back; None where nothing is left to ask."""
    links = links_by_id(tx, [task.subject for task in tasks])
    return [_asked(links[task.subject]) if task.subject in links else None for task in tasks]


def next_look(link: PayLinkRow, now: datetime) -> datetime | None:
    """When a page is asked about again: the longer ago its customer went there the less often; None: it is over."""
    if link.handed_at is None or now >= link.expires_at + AFTER_ITS_END:
        return None
    return now + min(LONGEST, max(FIRST_LOOK, (now - link.handed_at) / 2))


def _asked(link: PayLinkRow) -> Asked | None:
    if link.paid_at is None:
        return LookAt(key_of(link.id)) if link.handed_at is not None else None
    if link.order_id is not None or link.returned_at is not None:
        return None
    gateway, reference = link.gateway or "", link.reference or ""
    came_in = link.paid_minor or 0
    return PaymentRequest(
        link.id, "refund", gateway, f"refund:{gateway}:{reference}:1", came_in, link.currency, reference
    )
