"""Asking for papers and saying what became of them. A paper is printed once, unless somebody says why again."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.shipping.parcels import lock_parcels
from orderwright.business.shipping.printing import tables
from orderwright.business.shipping.printing.forms import AcknowledgePrint, PrintNow, RequestPrint
from orderwright.database.tx import Tx
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal

ATTEMPTS_MAX = 5
"""After so many failures a job leaves the queue, so that it does not block what stands behind it."""


def request_prints(tx: Tx, commands: Sequence[RequestPrint]) -> list[PrintNow | Refusal]:
    """Put papers into printers' queues; one `PrintNow` or Refusal per command.

    Asked again while it waits, it is `repeated`; at another printer, it moves there. Refuses not_found, parcel_step
    (unpacked), no_label, label_stale, no_sscc, fulfilment_step (a list nobody walks), and printed_before without a
    reason. A label bought anew is another paper.
    """
    walks = tables.walks(tx, [each.subject for each in commands if each.kind == "pick_list"])
    of_parcels = [each.subject for each in commands if each.kind != "pick_list"]
    lock_parcels(tx, of_parcels)
    parcels = tables.printables(tx, of_parcels)
    known = tables.jobs_of(tx, [each.subject for each in commands])
    results: list[PrintNow | Refusal] = []
    new: dict[str, tables.NewJob] = {}
    moved: list[tables.Ended] = []
    for command in commands:
        row: Any = (walks if command.kind == "pick_list" else parcels).get(command.subject)
        problem = _problem(command, row)
        if problem is not None:
            results.append(problem)
            continue
        label_id = row.label_id if command.kind == "carrier_label" else None
        before = known.setdefault((command.kind, row.id, label_id), [])
        waiting = next((each for each in before if each.state == "waiting"), None)
        if waiting is not None and (waiting.printer == command.printer or waiting.id in new):
            results.append(_now(waiting, repeated=True))
        elif waiting is None and not command.reason and (done := _printed(before)):
            results.append(Refusal("printed_before", printer=done.printer))
        else:
            if waiting is not None:
                moved.append(tables.Ended(waiting.id, "void", waiting.attempts, "moved", command.actor))
                before.remove(waiting)
            job = _job(command, row, label_id)
            new[job.id] = job
            before.append(job)
            results.append(_now(job))
    tables.end(tx, moved)
    tables.insert(tx, list(new.values()))
    return results


def _problem(command: RequestPrint, row: Any) -> Refusal | None:
    if row is None:
        return Refusal("not_found", subject=command.subject)
    if command.kind == "pick_list":
        return None if row.state == "released" else Refusal("fulfilment_step", state=row.state)
    if row.state == "unpacked":
        return Refusal("parcel_step", state=row.state)
    if command.kind == "carton_label" and row.sscc is None:
        return Refusal("no_sscc", number=row.number)
    if command.kind == "carrier_label" and row.label_id is None:
        return Refusal("no_label", number=row.number)
    if command.kind == "carrier_label" and row.is_stale:
        return Refusal("label_stale", number=row.number)
    return None


def _printed(jobs: Sequence[Any]) -> Any:
    """The job that printed this paper last, if one did."""
    return next((each for each in reversed(jobs) if each.state == "printed"), None)


def _job(command: RequestPrint, row: Any, label_id: str | None) -> tables.NewJob:
    return tables.NewJob(
        new_id(), command.printer, command.kind, row.id, label_id, row.site, row.order_id, row.ship_by, row.priority,
        command.reason, command.language, command.actor,
    )  # fmt: skip


def acknowledge_prints(tx: Tx, commands: Sequence[AcknowledgePrint]) -> list[PrintNow | Refusal]:
    """Keep what became of print jobs; one `PrintNow` or Refusal per command.

    One that failed is tried again, up to five times. Said again, it is `repeated`. A label taken back while it was
    printed is_discarded: its paper is to be thrown away. Refuses not_found, print_step (it failed, though it was
    printed before).
    """
    jobs = tables.lock(tx, [each.job_id for each in commands])
    results: list[PrintNow | Refusal] = []
    ended: dict[str, tables.Ended] = {}
    for command in commands:
        job = jobs.get(command.job_id)
        if job is None:
            results.append(Refusal("not_found", job_id=command.job_id))
        elif job.state == "printed" and not command.printed:
            results.append(Refusal("print_step", state=job.state))
        elif job.state in ("printed", "void") or (job.state == "failed" and not command.printed):
            results.append(_now(job, repeated=True, is_discarded=job.state == "void" and command.printed))
        else:
            after = _after(job, command)
            ended[job.id] = after
            jobs[job.id] = job._replace(state=after.state, attempts=after.attempts, reason=after.reason)
            results.append(_now(jobs[job.id], is_discarded=after.state == "void" and command.printed))
    tables.end(tx, list(ended.values()))
    return results


def _after(job: Any, command: AcknowledgePrint) -> tables.Ended:
    if not job.counts:
        return tables.Ended(job.id, "void", job.attempts, job.reason, command.actor)
    if command.printed:
        return tables.Ended(job.id, "printed", job.attempts + 1, job.reason, command.actor)
    attempts = job.attempts + 1
    state = "waiting" if attempts < ATTEMPTS_MAX else "failed"
    return tables.Ended(job.id, state, attempts, command.reason, command.actor)


def _now(job: Any, *, repeated: bool = False, is_discarded: bool = False) -> PrintNow:
    return PrintNow(
        job.id, job.printer, job.kind, job.subject, job.state, job.attempts, job.reason, repeated=repeated,
        is_discarded=is_discarded,
    )  # fmt: skip
