"""Money that came in by a link, for what could be no order, and that the gateway does not give back: by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from orderwright.business.billing.pay_links import links_by_id, mark_returned
from orderwright.business.deeds.paying.showing import PayLink, dead_followings, links_now, payables, state_of
from orderwright.database.task_list import RetryTask, retry_tasks
from orderwright.database.tx import Tx
from orderwright.values.forms import Command
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal


class GiveBack(Command, frozen=True):
    """Say that what was paid by a link was given back another way than by its gateway."""

    id: str


def give_links_back(tx: Tx, commands: Sequence[GiveBack]) -> list[PayLink | Refusal]:
    """Note that what was paid by links was given back by hand; one `PayLink` or Refusal per command.

    Only after the gateway was asked in vain: else it could go back twice. Refuses not_found, pay_link_step (state;
    `returning` while the gateway is asked still).
    """
    links = links_by_id(tx, [each.id for each in commands if is_id(each.id)], lock=True)
    found = payables(tx, list(links.values()))
    stuck = _taken(tx, dead_followings(tx, links.values()))
    given: dict[str, str | None] = {}
    results: list[Refusal | None] = []
    for command in commands:
        link = links.get(command.id)
        if link is None:
            results.append(Refusal("not_found", link=command.id))
        elif command.id in given or command.id not in stuck:
            state = "returned" if command.id in given else state_of(tx, link, found[link.id])
            results.append(Refusal("pay_link_step", state=state))
        else:
            given[command.id] = command.actor
            results.append(None)
    mark_returned(tx, given)
    shown = links_now(tx, given)
    return [result or shown[each.id] for each, result in zip(commands, results, strict=True)]


def _taken(tx: Tx, dead: Mapping[str, Any]) -> set[str]:
    """The links whose tasks are dead still, and now find nothing left to ask: nobody had them tried again meanwhile."""
    owners = {task: id_ for id_, row in dead.items() for task in row.tasks}
    answers = retry_tasks(tx, [RetryTask(id=task, actor="") for task in owners])
    retried = {owners[task] for task, answer in zip(owners, answers, strict=True) if isinstance(answer, Refusal)}
    return set(dead) - retried
