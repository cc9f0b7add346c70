"""Tasks: what follows from what happened."""

from orderwright.database.task_list import RetryTask, TaskState, TaskView, list_tasks, retry_tasks
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import whole_store
from orderwright.values.forms import Form
from orderwright.values.pages import After, Limit, Page


class TaskQuery(Form, frozen=True):
    """Which tasks."""

    state: TaskState = "dead"
    after: After | None = None
    limit: Limit = 50


@read("/v1/tasks", "admin", within=whole_store, example={"state": "dead"})
def tasks(tx: Tx, question: Question[TaskQuery]) -> Page[TaskView]:
    """Tasks in one state, newest first; those that died, if nothing is said."""
    query = question.query
    return list_tasks(tx, query.state, after=query.after, limit=query.limit)


@deed("POST", "/v1/tasks/{id}/retry", "admin", retry_tasks, within=whole_store, answer=TaskView)
def retry_task(request: Request[None]) -> RetryTask:
    """Give a dead task fresh attempts, due now."""
    return RetryTask(id=request.at["id"], actor=request.actor)
