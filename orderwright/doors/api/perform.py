"""Running a route: the same for a request over HTTP and for `orderwright call`."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec

from orderwright.database.replay import Answer, Claim
from orderwright.database.tx import Tx
from orderwright.doors.api import queries
from orderwright.doors.api.access import Access
from orderwright.doors.api.asked import Question, Raw, Request
from orderwright.doors.api.route import JSON, Attachment, ByToken, Deed, Outcome, Read
from orderwright.doors.shops import Shop, Shops
from orderwright.values import strict_json
from orderwright.values.findings import worded
from orderwright.values.refusal import Refusal

Render = Callable[[list[Any]], Answer]
READ_MS_MAX = 10_000
KEY_MAX = 255

encode = msgspec.json.Encoder().encode
_encode_canonical = msgspec.json.Encoder(order="deterministic").encode


def request_of(deed: Deed, access: Access, raw: Raw) -> Request[Any]:
    """Read what a deed is asked with. Refuses malformed."""
    queries.refuse_all(raw.query)
    return Request(access, raw.at, read_body(deed, raw.body), _version(raw.if_match))


def read_body(deed: Deed, body: bytes) -> Any:
    """A body in the deed's shape; an empty one is `{}`. Refuses malformed."""
    if deed.body is None:
        if body.strip() not in (b"", b"{}"):
            raise malformed("", "no_body", "This call takes no body.")
        return None
    return strict_json.decode((strict_json.mended(body) if deed.is_mended else body) or b"{}", deed.body)


def submit(deed: Deed, shop: Shop, request: Request[Any], raw: Raw) -> "Future[list[Any]]":
    """Hand a deed to the writer. Refuses overloaded, and what building the command refuses."""
    command = deed.build(request)
    claim = None
    if raw.idempotency_key is not None:
        claim = claim_of(raw, request.access, raw.idempotency_key, request.body, lambda results: _kept(deed, results))
        if deed.retold is not None:
            claim = claim._replace(retell=partial(_retold, deed.answer, deed.retold))
    weight = 1 if deed.weight is None else deed.weight(request.body)
    return shop.writer.submit(deed.action, [command], claim=claim, weight=weight)


def claim_of(raw: Raw, access: Access, key: bytes, body: Any, render: Render) -> Claim:
    """What ties the answer to an Idempotency-Key. Refuses malformed."""
    text = key.decode("latin-1").strip()
    if not text or len(text) > KEY_MAX or not text.isascii() or not text.isprintable():
        raise malformed("Idempotency-Key", "bad_key", "A key has 1 to {most} printable ASCII characters.", most=KEY_MAX)
    return Claim(access.key_id, raw.method, raw.path, text, sha256(_encode_canonical(body)).digest(), render)


def settled(deed: Deed, results: Sequence[Any]) -> Answer:
    """The answer for a deed's result. Raises the refusal it may be."""
    result = results[0]
    if isinstance(result, Refusal):
        raise result
    if isinstance(result, Answer):
        return result  # a known Idempotency-Key: as it was answered the first time
    return Answer(status_of(deed, result), encode(result))


def find_outcome(deed: Deed, outcome: Outcome, shop: Shop, request: Request[Any]) -> Answer | None:
    """What came of a deed's call to the outside; None while it is under way. Waits for the database."""
    with shop.store.read() as tx:
        found = outcome.find(tx, request)
    return None if found is None else Answer(status_of(deed, found), encode(found))


def status_of(deed: Deed, result: Any) -> int:
    """The status a result of the deed is answered with."""
    return deed.status if isinstance(deed.status, int) else deed.status(result)


def find(read: Read, shop: Shop, question: Question[Any]) -> Answer:
    """Answer a question, in one read-only transaction. Waits for the database."""
    with shop.store.read() as tx:
        tx.write(f"SET LOCAL statement_timeout TO {READ_MS_MAX}")
        if question.access.is_limited and not read.within(tx, question):
            raise forbidden(question.access)
        found = read.find(tx, question)
        if isinstance(found, Attachment):
            return Answer(200, found.content, found.headers)
        if read.content_type == JSON:
            return Answer(200, encode(found))
        return Answer(200, found if isinstance(found, bytes) else found.encode())


def find_by_token(route: ByToken, shops: Shops, token: str) -> Answer:
    """What a token opens. Refuses not_found, also where it names no store. Waits for the database."""
    try:
        shop = shops.shop(route.store_of(token))
    except LookupError:
        raise Refusal("not_found") from None
    with shop.store.read() as tx:
        tx.write(f"SET LOCAL statement_timeout TO {READ_MS_MAX}")
        return Answer(200, encode(route.find(tx, token)))


def question_of(read: Read, access: Access, raw: Raw) -> Question[Any]:
    """Read what a question asks. Refuses malformed."""
    if raw.body:
        raise malformed("", "no_body", "A question takes no body.")
    return Question(access, raw.at, queries.parse(raw.query, read.query))


def beyond_limits(deed: Deed, shop: Shop, requests: Sequence[Request[Any]]) -> list[Refusal | None]:
    """A refusal for each request with which a limited key reaches beyond its limits. Waits for the database."""
    with shop.store.read() as tx:
        return [None if deed.within(tx, each) else forbidden(each.access) for each in requests]


def forbidden(access: Access) -> Refusal:
    """The refusal for a key that reaches beyond its sites or channels."""
    limits: Mapping[str, object] = {"sites": access.sites, "channels": access.channels}
    return Refusal(
        "forbidden", limits={name: sorted(each) for name, each in limits.items() if isinstance(each, frozenset)}
    )


def malformed(pointer: str, code: str, template: str, /, **values: Any) -> Refusal:
    """One finding about a request as such, in the words of `findings.worded`."""
    return Refusal("malformed", findings=[worded(pointer, code, template, **values).told()])


def _kept(deed: Deed, results: Sequence[Any]) -> Answer:
    result = results[0]
    return Answer(status_of(deed, result), encode(result if deed.kept is None else deed.kept(result)))


def _retold(shape: Any, retold: Callable[[Tx, Any], Any], tx: Tx, answer: Answer) -> Answer:
    return answer._replace(body=encode(retold(tx, msgspec.json.decode(answer.body, type=shape))))


def _version(if_match: bytes | None) -> int | None:
    if if_match is None or if_match.strip() == b"*":
        return None
    digits = if_match.strip().strip(b'"')
    if not digits.isdigit() or len(digits) > 9:
        raise malformed("If-Match", "bad_version", "If-Match takes the `version` you read, such as 3.")
    return int(digits)
