"""Idempotency keys: the same key and body get the first answer that wrote something."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from orderwright.database.rows import array
from orderwright.values.refusal import Refusal

if TYPE_CHECKING:
    from orderwright.database.tx import Tx


class Answer(NamedTuple):
    """A stored answer, to be sent again as it was. headers: of a file, which says itself what it is."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Claim(NamedTuple):
    """One use of an Idempotency-Key. `render` turns the results into the answer to keep.

    retell: puts back into a kept answer what is not kept (secrets); None where all of it is.
    """

    key_id: str
    method: str
    path: str
    key: str
    body_hash: bytes
    render: Callable[[list[Any]], Answer]
    retell: "Callable[[Tx, Answer], Answer] | None" = None

    def lock_number(self) -> int:
        """The advisory lock twins meet at: 63 bits of a hash of what the key belongs to."""
        digest = sha256("\n".join(self[:4]).encode()).digest()
        return int.from_bytes(digest[:8], "big") >> 1


def look_up(tx: "Tx", claims: Sequence[Claim | None]) -> tuple[list[list[Any] | None], list[int]]:
    """Known answers by position, and the positions that are to be run.

    A known answer is `[Answer]`, or a Refusal: key_reused (other body), twin_running (same key at work now,
    here or in another process).
    """
    answers: list[list[Any] | None] = [None] * len(claims)
    keyed = sorted((claim.lock_number(), i) for i, claim in enumerate(claims) if claim is not None)
    if not keyed:
        return answers, list(range(len(claims)))
    # The lock first, the row in a later statement: a twin that committed in between is then seen.
    got = tx.rows(
        "SELECT n, pg_try_advisory_xact_lock(n) AS is_mine FROM unnest(%(numbers)s::bigint[]) AS n",
        numbers=array(dict(keyed)),
    )
    is_mine = {row.n: row.is_mine for row in got}
    stored = _stored(tx, [claim for claim in claims if claim is not None])
    first_in_group: dict[int, int] = {}
    for number, i in keyed:
        claim = claims[i]
        if claim is None:
            continue
        known = stored.get(claim[:4])
        if known is not None:
            answers[i] = [_again(tx, claim, *known)]
        elif not is_mine[number] or first_in_group.setdefault(number, i) != i:
            answers[i] = [Refusal("twin_running", key=claim.key)]
    return answers, [i for i in range(len(claims)) if answers[i] is None]


def _again(tx: "Tx", claim: Claim, body_hash: bytes, answer: Answer) -> Answer | Refusal:
    if body_hash != claim.body_hash:
        return Refusal("key_reused", key=claim.key)
    return answer if claim.retell is None else claim.retell(tx, answer)


def keep(tx: "Tx", answered: Sequence[tuple[Claim | None, list[Any] | None]]) -> None:
    """Store the answers that wrote something; refusals are decided afresh on a retry."""
    rows = []
    for claim, results in answered:
        if claim is None or results is None or all(isinstance(result, Refusal) for result in results):
            continue
        answer = claim.render(results)
        rows.append((*claim[:4], claim.body_hash, answer.status, answer.body, tx.now))
    tx.copy("idempotency", "key_id, method, path, key, body_hash, status, answer, made_at", rows)


def _stored(tx: "Tx", claims: Sequence[Claim]) -> dict[tuple[Any, ...], tuple[bytes, Answer]]:
    rows = tx.rows(
        """
        SELECT i.key_id::text, i.method, i.path, i.key, i.body_hash, i.status, i.answer
        FROM unnest(%(ids)s::uuid[], %(methods)s::text[], %(paths)s::text[], %(keys)s::text[])
             AS asked(key_id, method, path, key)
        JOIN idempotency i USING (key_id, method, path, key)
        """,
        ids=array(claim.key_id for claim in claims), methods=array(claim.method for claim in claims),
        paths=array(claim.path for claim in claims), keys=array(claim.key for claim in claims),
    )  # fmt: skip
    return {tuple(row[:4]): (bytes(row.body_hash), Answer(row.status, bytes(row.answer))) for row in rows}
