"""What must be true of facts: dense, chained, in order, and ended where the subject's row says."""

from orderwright.database.facts import SUBJECTS
from orderwright.database.invariants import Invariant

# facts.link_hash said in SQL: 5 million facts take 19 s of processor time here and 37 s when they are read into
# Python to be hashed there. Python prints no fraction of a second when there is none, else six digits.
LINK_HASH = """
    sha256(coalesce({previous}, '') || convert_to(
        E'\\n' || {seq} || E'\\n' || {type} || E'\\n' || to_char({at} AT TIME ZONE 'UTC',
            CASE WHEN {at}::timestamptz(0) = {at} THEN 'YYYY-MM-DD"T"HH24:MI:SS'
                 ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US' END)
        || E'+00:00\\n' || {body}, 'UTF8'))
"""

_HEADS = " UNION ALL ".join(
    f"SELECT id, '{kind}' AS kind, fact_seq, fact_hash, fact_at FROM {{{table} by subject}} AS {table}"
    for kind, table in SUBJECTS.items()
)

INVARIANTS = (
    Invariant(
        "facts_form_a_chain",
        "A subject's facts are numbered without gaps, never go back in time, and each seals the one before.",
        """
        SELECT subject, seq, type, CASE WHEN before <> seq - 1 THEN 'follows number ' || before
                                        WHEN recorded_at < earlier THEN 'is older than the one before'
                                        ELSE 'does not carry its hash' END AS fault
        FROM (
            SELECT *, coalesce(lag(seq) OVER chain, 0) AS before, lag(recorded_at) OVER chain AS earlier,
                   lag(hash) OVER chain AS previous
            FROM {fact by subject} AS f WINDOW chain AS (PARTITION BY subject ORDER BY seq)
        ) AS f
        WHERE before <> seq - 1 OR recorded_at < earlier OR hash <> """
        + LINK_HASH.format(previous="previous", seq="seq", type="type", at="recorded_at", body="body"),
        "fact {seq} ({type}) of {subject} {fault}",
    ),
    Invariant(
        "chains_end_where_their_subject_says",
        "A subject's row carries number, hash and time of its last fact, and every fact has its subject.",
        f"""
        SELECT coalesce(h.id, f.subject) AS subject, coalesce(h.kind, f.kind) AS kind,
               coalesce(h.fact_seq, 0) AS says, coalesce(f.seq, 0) AS last
        FROM ({_HEADS}) AS h
        FULL JOIN (
            SELECT DISTINCT ON (subject) subject, seq, kind, hash, recorded_at FROM {{fact by subject}} AS f
            ORDER BY subject, seq DESC
        ) AS f ON f.subject = h.id AND f.kind = h.kind
        WHERE coalesce(h.fact_seq, 0) <> coalesce(f.seq, 0) OR f.hash <> h.fact_hash OR f.recorded_at <> h.fact_at
           OR h.id IS NULL
        """,
        "{kind} {subject}: its row says {says}, its last fact is {last}",
    ),
)
