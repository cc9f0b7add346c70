"""The head of a printer's queue, and what a job prints."""

from collections.abc import Collection, Sequence
from typing import Any

from orderwright.business.shipping.papers import carton_label, carton_labels, packing_slip
from orderwright.business.shipping.printing.forms import FORMATS, PrintFormat, PrintJob
from orderwright.business.shipping.printing.tables import COUNTS, JOB
from orderwright.business.warehouse.papers import pick_list_paper
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.papers.labels import labels_pdf
from orderwright.papers.lists import pick_list_pdf
from orderwright.papers.slips import packing_slip_pdf
from orderwright.papers.thermal import ThermalLabel, labels_zpl
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal


def next_prints(
    tx: Tx, printer: str, limit: int, *, sites: Collection[str] | None = None, channels: Collection[str] | None = None
) -> list[PrintJob]:
    """What a printer is to print next: what leaves first, of that the higher priority, then what was asked first.

    A job stays at the head until it is acknowledged. What no longer counts (a label taken back or for another
    address, a parcel opened again) is never among them. sites, channels: only of these; None: of all.
    """
    rows = tx.rows(
        f"""
        SELECT {JOB}, j.site, j.ship_by, j.priority, (SELECT l.content FROM label l WHERE l.id = j.label_id) AS content
        FROM print_job j JOIN orders o ON o.id = j.order_id
        WHERE j.printer = %(printer)s AND j.state = 'waiting' AND {COUNTS}
          AND (%(sites)s::text[] IS NULL OR j.site = ANY(%(sites)s::text[]))
          AND (%(channels)s::text[] IS NULL OR o.channel = ANY(%(channels)s::text[]))
        ORDER BY j.ship_by, j.priority DESC, j.id LIMIT %(limit)s
        """,
        printer=printer, limit=limit, sites=None if sites is None else array(sorted(sites)),
        channels=None if channels is None else array(sorted(channels)),
    )  # fmt: skip
    thermal = _thermal(tx, rows)
    return [
        PrintJob(
            row.id, row.kind, row.subject, row.site, row.ship_by, row.priority, row.attempts, row.reason,
            list(FORMATS[row.kind]), *thermal.get(row.id, (row.content, "")),
        )
        for row in rows
    ]  # fmt: skip


def print_pdf(tx: Tx, job_id: str) -> bytes:
    """What a job prints, as PDF. Refuses not_found (a label that comes as ZPL alone is none), print_step."""
    job = _job(tx, job_id, "pdf")
    if job.kind == "pick_list":
        return pick_list_pdf(pick_list_paper(tx, job.subject), language=job.language).content
    if job.kind == "packing_slip":
        return packing_slip_pdf(packing_slip(tx, job.subject), language=job.language).content
    return labels_pdf([carton_label(tx, job.subject)], language=job.language).content


def print_zpl(tx: Tx, job_id: str) -> str:
    """What a job prints, as ZPL. Refuses not_found (a paper that comes as PDF alone is none), print_step."""
    job = _job(tx, job_id, "zpl")
    if job.kind == "carton_label":
        return labels_zpl([carton_label(tx, job.subject)], language=job.language)[0].zpl
    return str(job.content)


def _thermal(tx: Tx, rows: Sequence[Any]) -> dict[str, ThermalLabel]:
    """Carton labels as ZPL, by job."""
    jobs = [row for row in rows if row.kind == "carton_label"]
    labels = carton_labels(tx, [row.subject for row in jobs])
    return {row.id: labels_zpl([labels[row.subject]], language=row.language)[0] for row in jobs}


def _job(tx: Tx, job_id: str, wanted: PrintFormat) -> Any:
    row: Any = is_id(job_id) and tx.row(
        f"SELECT {JOB}, {COUNTS} AS counts, (SELECT l.content FROM label l WHERE l.id = j.label_id) AS content"
        " FROM print_job j WHERE j.id = %(id)s",
        id=job_id,
    )
    if not row or wanted not in FORMATS[row.kind]:
        raise Refusal("not_found", job_id=job_id)
    if row.state != "waiting" or not row.counts:
        raise Refusal("print_step", state=row.state if row.state != "waiting" else "void")
    return row
