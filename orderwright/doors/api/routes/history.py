"""What was changed in the house: what is sold, sites, channels, settings, keys, staff."""

from orderwright.database.changes import ChangeKept, ChangeQuery, list_changes
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question
from orderwright.doors.api.route import read
from orderwright.doors.api.within import whole_store
from orderwright.values.pages import Page


@read("/v1/history", "admin", within=whole_store, example={"kind": "product"})
def history(tx: Tx, question: Question[ChangeQuery]) -> Page[ChangeKept]:
    """Who changed what and when, before and after, the latest first: of a kind, of one thing of it, or all."""
    return list_changes(tx, question.query)
