"""Routes: what adding one takes. The decorated function's notes and types also make its OpenAPI entry.

@deed("POST", "/v1/orders/{number}/cancel", "orders:write", cancel_orders, within=order, answer=Cancelled)
def cancel(request: Request[CancelForm]) -> CancelOrder:
    '''Cancel an order, or some of its lines.'''
    return CancelOrder(number=request.at["number"], reason=request.body.reason, actor=request.actor)

@read("/v1/orders/{number}", "orders:read", within=order)
def order(tx: Tx, question: Question[None]) -> OrderView:
    '''One order.'''
    return get_order(tx, question.at["number"])
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_type_hints

from orderwright.database.replay import Answer
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.within import Within

if TYPE_CHECKING:
    from orderwright.doors.api.house import House
    from orderwright.doors.shops import Shop

Action = Callable[[Tx, Sequence[Any]], Any]
Status = int | Callable[[Any], int]
JSON = "application/json"


class Notes(NamedTuple):
    """What the OpenAPI description says of a route. `example`: a body, or the query of a read."""

    name: str
    text: str
    example: Any


class Deed(NamedTuple):
    """A changing call: one command for a plural action, run through the writer.

    body: shape of the body, None for none. weight: rows it writes, roughly. kept: what an Idempotency-Key
    may keep of the result, where that is not all (secrets); retold: puts back into it what can be made again.
    outcome: where the deed leads to a call to the outside, what came of it, or None while it is under way;
    then the answer is 202 with the address to ask. is_mended: texts no text can hold come through as unreadable,
    for the action to refuse one by one.
    """

    method: str
    path: str
    scope: str
    within: Within
    action: Action
    build: Callable[[Request[Any]], Any]
    body: Any
    answer: Any
    status: Status
    weight: Callable[[Any], int] | None
    kept: Callable[[Any], Any] | None
    retold: Callable[[Tx, Any], Any] | None
    outcome: "Outcome | None"
    notes: Notes
    is_mended: bool = False


class Outcome(NamedTuple):
    """What a deed with a call to the outside waits for, and the address to ask when that takes too long."""

    find: Callable[[Tx, Request[Any]], Any]
    ask_at: Callable[[Request[Any]], str]


class Read(NamedTuple):
    """A question: one read-only transaction. query: shape of the query parameters, None for none.

    content_type: what the answer is, where it is a text of its own and no JSON.
    """

    method: str
    path: str
    scope: str
    within: Within
    find: Callable[[Tx, Question[Any]], Any]
    query: Any
    answer: Any
    notes: Notes
    content_type: str = JSON


class Attachment(NamedTuple):
    """A file that somebody sent in, as the answer of a read: to be saved, never to be shown as a page of ours."""

    content: bytes
    media: str
    name: str

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """What a browser is told: its kind, which it is not to guess, and to save it under its name."""
        return (
            (b"content-type", self.media.encode()),
            (b"content-disposition", f'attachment; filename="{self.name}"'.encode()),
        )


class Upload(NamedTuple):
    """A file sent in. `take` works on it outside the event loop, and tells early by what it can be asked for;
    `look` answers that until it is done."""

    method: str
    path: str
    scope: str
    within: Within
    take: "Callable[[Shop, Question[Any], Path, Callable[[Any], None]], Any]"
    look: Callable[[Tx, Any], Any]
    query: Any
    answer: Any
    notes: Notes


class Many(NamedTuple):
    """Many bodies of a deed in one call, each done or refused by itself. See batch.py."""

    method: str
    path: str
    deed: Deed
    notes: Notes

    @property
    def scope(self) -> str:
        """That of the deed."""
        return self.deed.scope


class Open(NamedTuple):
    """A call without a key, about the house itself and never about a store's contents."""

    method: str
    path: str
    say: "Callable[[House], Awaitable[Answer]]"
    content_type: bytes
    notes: Notes


class ByToken(NamedTuple):
    """A question without a key: the `{token}` of its path names the store, and is the key to one thing in it.

    store_of: the store a token names; find: what the token opens, or a Refusal not_found.
    """

    method: str
    path: str
    store_of: Callable[[str], str]
    find: Callable[[Tx, str], Any]
    answer: Any
    notes: Notes


Route = Deed | Read | Many | Upload | Open | ByToken


def deed(
    method: str,
    path: str,
    scope: str,
    action: Action,
    *,
    within: Within,
    answer: Any,
    status: Status = 200,
    weight: Callable[[Any], int] | None = None,
    kept: Callable[[Any], Any] | None = None,
    retold: Callable[[Tx, Any], Any] | None = None,
    outcome: Outcome | None = None,
    example: Any = None,
    is_mended: bool = False,
) -> Callable[[Callable[[Any], Any]], Deed]:
    """Make a function that turns a Request[body shape] into a command the route to a plural action.

    answer: the shape of a result, or of its outcome. status: of the answer, or a function of the result.
    """

    def make(build: Callable[[Any], Any]) -> Deed:
        body = _asked_shape(build, "request")
        notes = _notes(build, example)
        return Deed(
            method, path, scope, within, action, build, body, answer, status, weight, kept, retold, outcome, notes,
            is_mended,
        )  # fmt: skip

    return make


def read(
    path: str,
    scope: str,
    *,
    within: Within,
    example: Mapping[str, Any] | None = None,
    content_type: str = JSON,
) -> Callable[[Callable[[Tx, Any], Any]], Read]:
    """Make a function of (Tx, Question[query shape]) the route of a GET; what it returns is the answer.

    content_type: with another than JSON the function returns a text or bytes, which are sent as they are.
    """

    def make(find: Callable[[Tx, Any], Any]) -> Read:
        answer = get_type_hints(find)["return"]
        query = _asked_shape(find, "question")
        return Read("GET", path, scope, within, find, query, answer, _notes(find, example), content_type)

    return make


def upload(
    path: str, scope: str, *, within: Within, look: Callable[[Tx, Any], Any], answer: Any
) -> Callable[[Callable[..., Any]], Upload]:
    """Make a function of (Shop, Question[query shape], path of the file, tell) the route that takes a file."""

    def make(take: Callable[..., Any]) -> Upload:
        query = _asked_shape(take, "question")
        return Upload("POST", path, scope, within, take, look, query, answer, _notes(take, None))

    return make


def open_to_all(
    path: str, content_type: bytes = b"application/json"
) -> Callable[[Callable[[Any], Awaitable[Answer]]], Open]:
    """Make a coroutine function of the House the route of a GET that needs no key."""
    return lambda say: Open("GET", path, say, content_type, _notes(say, None))


def by_token(path: str, store_of: Callable[[str], str]) -> Callable[[Callable[[Tx, str], Any]], ByToken]:
    """Make a function of (Tx, token) the route of a GET that needs no key; what it returns is the answer."""
    return lambda find: ByToken("GET", path, store_of, find, get_type_hints(find)["return"], _notes(find, None))


def many(path: str, of: Deed, text: str) -> Many:
    """A route that takes many bodies of a deed: a JSON list, or one JSON a line."""
    return Many("POST", path, of, Notes(of.notes.name + "_batch", text, None))


def _asked_shape(function: Callable[..., Any], parameter: str) -> Any:
    (shape,) = get_args(get_type_hints(function)[parameter])
    return None if shape is type(None) else shape


def _notes(function: Callable[..., Any], example: Any) -> Notes:
    return Notes(function.__name__, cleandoc(function.__doc__ or ""), example)
