"""What must be true of facts: dense, chained, in order, and ended where the subject's row says."""

from orderwright.database.facts import SUBJECTS
from orderwright.database.invariants import Invariant

# facts.link_hash said in SQL, so that the facts need not be read into Python to be hashed there.
LINK_HASH = """
    sha256(coalesce({previous}, '') || int4send({seq}) || timestamptz_send({at})
           || convert_to({type} || E'\\n' || {body}, 'UTF8'))
"""

_HEADS = " UNION ALL ".join(
    f"SELECT id, '{kind}' AS kind, fact_seq, fact_hash, fact_at FROM {{{table} by subject}} AS {table}"
    for kind, table in SUBJECTS.items()
)

# One walk along all chains and all heads: asking of the heads alone would walk the chains once more.
INVARIANTS = (
    Invariant(
        "facts_form_a_chain",
        "A subject's facts run from 1 without gaps to where its row says, never go back in time, and each seals the "
        "one before.",
        f"""
        SELECT coalesce(h.id, f.subject) AS subject, coalesce(h.kind, f.kind) AS kind, coalesce(f.seq, 0) AS seq,
               coalesce(f.type, 'none') AS type,
               CASE WHEN f.seq IS NULL THEN 'is all there is: its row says ' || h.fact_seq
                    WHEN before <> seq - 1 THEN 'follows number ' || before
                    WHEN recorded_at < earlier THEN 'is older than the one before'
                    WHEN h.id IS NULL OR f.kind <> h.kind THEN 'is of a subject that is not there'
                    WHEN is_last AND fact_seq <> seq THEN 'is the last: its row says ' || fact_seq
                    WHEN is_last AND (fact_hash <> hash OR fact_at IS DISTINCT FROM recorded_at)
                    THEN 'is not the one its row knows'
                    ELSE 'does not carry its hash' END AS fault
        FROM ({_HEADS}) AS h
        FULL JOIN (
            SELECT *, coalesce(lag(seq) OVER chain, 0) AS before, lag(recorded_at) OVER chain AS earlier,
                   lag(hash) OVER chain AS previous, lead(seq) OVER chain IS NULL AS is_last
            FROM {{fact by subject}} AS f WINDOW chain AS (PARTITION BY subject ORDER BY seq)
        ) AS f ON f.subject = h.id
        WHERE CASE WHEN f.seq IS NULL THEN h.fact_seq <> 0
              ELSE before <> seq - 1 OR recorded_at < earlier OR f.kind IS DISTINCT FROM h.kind
                   OR is_last AND (fact_seq <> seq OR fact_hash <> hash OR fact_at IS DISTINCT FROM recorded_at)
                   OR hash <> """
        + LINK_HASH.format(previous="previous", seq="seq", type="type", at="recorded_at", body="body")
        + " END",
        "fact {seq} ({type}) of {kind} {subject} {fault}",
    ),
)
