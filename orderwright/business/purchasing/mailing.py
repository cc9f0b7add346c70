"""Writing to suppliers, outside any transaction: what is sent, and what its answer changes."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from orderwright.business.orders.actions import NewException, open_exceptions
from orderwright.business.orders.effects import give_up, tell_known
from orderwright.business.purchasing.facts import MailFailed, PurchaseMailed
from orderwright.business.purchasing.forms import PurchaseNow
from orderwright.business.purchasing.ordering import MAIL
from orderwright.business.purchasing.papers import paper_of
from orderwright.business.purchasing.ports import Mail, MailPaper, MailRefused, MailSent, PostOffice
from orderwright.business.purchasing.reads import purchases_now
from orderwright.database import intents
from orderwright.database.intents import Intent, Outcome
from orderwright.database.rows import array
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.papers.purchase_orders import PurchasePaper, purchase_order_pdf

WORKER = "worker"


class SaidNo(NamedTuple):
    """The post office's refusal, as an answer."""

    said: str


class Letter(NamedTuple):
    """A message, and the order it is to carry as a paper. The paper is made outside the transaction."""

    mail: Mail
    paper: PurchasePaper


class MailPurchases:
    """Mailing purchase orders that were sent; each at most once, however often its task runs."""

    def __init__(self, post: PostOffice) -> None:
        self._post = post

    def start(self, tx: Tx, tasks: Sequence[Task]) -> list[Letter | None]:
        """What to send; None where nothing is to be sent (any more)."""
        wanted = _open(tx, [task.subject for task in tasks])
        rows = tx.rows(
            "SELECT p.id::text, p.number, s.email, s.name FROM purchase_order p JOIN supplier s ON s.code = p.supplier"
            " WHERE p.id = ANY(%(ids)s::uuid[]) AND s.email <> '' AND p.state <> 'cancelled'",
            ids=array(wanted),
        )
        now = purchases_now(tx, [row.number for row in rows])
        intents.mark_calling(tx, [wanted[row.id].id for row in rows])
        letters = {
            row.id: Letter(_mail(wanted[row.id].key, row, now[row.number]), paper_of(tx, now[row.number]))
            for row in rows
        }
        return [letters.get(task.subject) for task in tasks]

    def call(self, letter: Letter) -> MailSent | SaidNo:
        """Send it once, with the order as a PDF."""
        paper = MailPaper(f"{letter.paper.number}.pdf", purchase_order_pdf(letter.paper).content)
        try:
            return self._post.send(letter.mail._replace(papers=(paper,)))
        except MailRefused as no:
            return SaidNo(str(no))

    def ask(self, letter: Letter) -> MailSent | None:
        """Whether a message whose answer never came was sent all the same."""
        return self._post.find(letter.mail.key)

    def finish(self, tx: Tx, tasks: Sequence[Task], answers: Sequence[MailSent | SaidNo]) -> None:
        """Note what was sent; a refusal opens mail_failed."""
        wanted = _open(tx, [task.subject for task in tasks])
        sites = _sites(tx, wanted)
        ended: list[Outcome] = []
        failed: list[NewException] = []
        for intent, answer in intents.answered(wanted, tasks, answers):
            if isinstance(answer, SaidNo):
                ended.append(Outcome(intent.id, "failed", {"said": answer.said}))
                failed.append(
                    NewException("", intent.subject, "mail_failed", {"said": answer.said}, sites[intent.subject])
                )
                tx.record("purchase", intent.subject, MailFailed(intent_id=intent.id), actor=WORKER)
            else:
                ended.append(Outcome(intent.id, "done", {"message_id": answer.message_id}))
                fact = PurchaseMailed(intent_id=intent.id, message_id=answer.message_id)
                tx.record("purchase", intent.subject, fact, actor=WORKER)
        intents.end(tx, ended)
        open_exceptions(tx, failed)
        tell_known(tx, [task.subject for task in tasks])

    def give_up(self, tx: Tx, task: Task, error: str) -> None:
        """The task died: whether the message went is for a person to find out."""
        wanted = _open(tx, [task.subject])
        give_up(tx, [each.id for each in wanted.values()], task, error, site=_sites(tx, wanted).get(task.subject, ""))


def _mail(key: str, row: Any, purchase: PurchaseNow) -> Mail:
    return Mail(key, row.email, f"Purchase order {row.number}", letter(row.name, purchase))


def letter(name: str, purchase: PurchaseNow) -> str:
    """The order as a plain text: one line per product, in the supplier's own codes where they have any."""
    rows = [
        f"{line.position:>3}  {line.supplier_code or line.sku:<24} {line.quantity - line.cancelled:>8} x"
        f" {line.unit_cost} {purchase.currency}, by {line.due_on}"
        for line in purchase.lines
    ]
    return "\n".join([
        f"To {name}", "", f"Please deliver to {purchase.site}, under our number {purchase.number}:", "", *rows, "",
        f"Total {purchase.total} {purchase.currency}.", "Please answer with the day each line will come.", "",
    ])  # fmt: skip


def _open(tx: Tx, ids: Sequence[str]) -> dict[str, Intent]:
    """Messages whose outcome is awaited, by purchase order; the orders' rows are locked."""
    tx.rows(
        "SELECT FROM purchase_order WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE", ids=array(sorted(set(ids)))
    )
    found = intents.list_of(tx, MAIL, ids)
    return {id_: mine[-1] for id_, mine in found.items() if mine[-1].state in intents.OPEN}


def _sites(tx: Tx, ids: Iterable[str]) -> dict[str, str]:
    rows = tx.rows("SELECT id::text, site FROM purchase_order WHERE id = ANY(%(ids)s::uuid[])", ids=array(ids))
    return {row.id: row.site for row in rows}
