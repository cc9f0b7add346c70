"""Forgetting what need not be kept, in small bites, so that no table of passing things grows for ever."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from msgspec import Meta

from orderwright.database.settings import Setting, value_of
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx

BITE = 5_000
Days = Annotated[int, Meta(ge=1, le=3650)]

IDEMPOTENCY_DAYS = Setting("retention.idempotency_days", Days, 30, "Days an Idempotency-Key is remembered.")
TASK_DAYS = Setting("retention.task_days", Days, 14, "Days a finished task or re-optimisation stays to be seen.")
INBOX_DAYS = Setting("retention.inbox_days", Days, 90, "Days a channel's raw message is kept once it is done.")
PRINT_DAYS = Setting("retention.print_days", Days, 90, "Days a print job is remembered once it ended.")
SIGN_IN_DAYS = Setting("retention.sign_in_days", Days, 90, "Days it is kept who was signed in, and by which link.")
IMPORT_FILE_DAYS = Setting("retention.import_file_days", Days, 7, "Days a file brought for import is kept, to be read.")
INVOICE_DAYS = Setting(
    "retention.invoice_days", Annotated[int, Meta(ge=0, le=11_000)], 3650,
    "Days an invoice's buyer stays named after the person was erased, as tax law asks; 0: not at all.",
)  # fmt: skip
SETTINGS = (IDEMPOTENCY_DAYS, TASK_DAYS, INBOX_DAYS, PRINT_DAYS, SIGN_IN_DAYS, IMPORT_FILE_DAYS, INVOICE_DAYS)

_OLD = (
    (IDEMPOTENCY_DAYS, "idempotency", "made_at < %(before)s"),
    (TASK_DAYS, "task", "state = 'done' AND ended_at < %(before)s"),
    (INBOX_DAYS, "inbox", "state = 'done' AND received_at < %(before)s"),
    (TASK_DAYS, "reoptimisation", "ended_at < %(before)s"),
    (PRINT_DAYS, "print_job", "ended_at < %(before)s"),
    (SIGN_IN_DAYS, "staff_session", "ends_at < %(before)s"),
    (SIGN_IN_DAYS, "staff_link", "ends_at < %(before)s"),
    (TASK_DAYS, "sign_in_gate", "last_at < %(before)s"),
    (IMPORT_FILE_DAYS, "import_file", "made_at < %(before)s"),
    (INVOICE_DAYS, "kept_buyer", "issued_at < %(before)s"),
)


def forget_old(tx: Tx) -> bool:
    """Delete a bite of what is past its time from each table. True when there is more to do."""
    is_more = False
    for setting, table, is_old in _OLD:
        before = tx.now - timedelta(days=value_of(tx, setting))
        deleted = tx.write(
            f"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE {is_old} LIMIT %(bite)s))",
            before=before, bite=BITE,
        )  # fmt: skip
        is_more = is_more or deleted == BITE
    return is_more


def forget(tx: Tx, tasks: Sequence[Task]) -> None:
    """The scheduled task: a bite now, and another right after while there is more to forget."""
    if forget_old(tx):
        tx.enqueue(tasks[0].name, tasks[0].subject)
