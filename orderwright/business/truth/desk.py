"""What must be true of the desk: views, notes, procedures, and what the system decided by itself."""

from orderwright.business.orders.dials import DIALS
from orderwright.database.invariants import Invariant
from orderwright.database.rows import array

INVARIANTS = (
    Invariant(
        "a_list_opens_with_a_view_one_sees",
        "The view a list opens with is one of that list, and the person's own or everybody's.",
        """
        SELECT f.owner, f.list, v.name FROM first_view f JOIN saved_view v ON v.id = f.view_id
        WHERE v.list <> f.list OR v.owner NOT IN ('', f.owner)
        """,
        "{owner} opens {list} with {name}",
    ),
    Invariant(
        "notes_stand_in_the_timeline",
        "Every note is on an order, and the order's facts tell of it.",
        """
        SELECT n.id, n.author FROM order_note n
        WHERE NOT EXISTS (SELECT 1 FROM fact f WHERE f.subject = n.order_id AND f.type = 'order_noted'
                          AND f.body::json ->> 'note' = n.id::text)
        """,
        "note {id} of {author} is told by no fact",
        in_sweeps=False,
    ),
    Invariant(
        "contacts_stand_in_the_timeline",
        "Every contact is about an order that is there, and the order's facts tell of it, and of its withdrawal.",
        """
        SELECT c.id, c.actor FROM contact c
        WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = c.order_id)
           OR NOT EXISTS (SELECT 1 FROM fact f WHERE f.subject = c.order_id AND f.type = 'contact_recorded'
                          AND f.body::json ->> 'contact' = c.id::text)
           OR (c.withdrawn_at IS NOT NULL) <> EXISTS (
                SELECT 1 FROM fact f WHERE f.subject = c.order_id AND f.type = 'contact_withdrawn'
                AND f.body::json ->> 'contact' = c.id::text)
        """,
        "contact {id}, written down by {actor}, is not told by its order's facts as it stands",
        in_sweeps=False,
    ),
    Invariant(
        "procedures_keep_their_versions",
        "The versions of a procedure are numbered from 1 without a gap: none is lost.",
        """
        SELECT kind, stage, max(version) AS latest, count(*) AS kept FROM desk_procedure GROUP BY kind, stage
        HAVING max(version) <> count(*)
        """,
        "{kind} ({stage}): version {latest}, {kept} kept",
    ),
    Invariant(
        "decisions_are_about_their_exceptions",
        "A suggestion is of its exception's kind and order, there is a dial for it, and what was overridden after the"
        " system did it has a reason.",
        """
        SELECT s.exception_id AS id, s.kind, CASE WHEN e.kind IS DISTINCT FROM s.kind THEN 'is about another cause'
               WHEN e.order_id IS DISTINCT FROM s.order_id THEN 'is about another order'
               WHEN NOT s.kind = ANY(%(kinds)s::text[]) THEN 'has no dial'
               ELSE 'was overridden without a reason' END AS what
        FROM suggestion s LEFT JOIN exception e ON e.id = s.exception_id
        WHERE e.kind IS DISTINCT FROM s.kind OR e.order_id IS DISTINCT FROM s.order_id
           OR NOT s.kind = ANY(%(kinds)s::text[])
           OR (s.done_at IS NOT NULL AND s.came = 'overridden' AND s.reason = '')
        """,
        "the {kind} suggestion of exception {id} {what}",
        values=lambda tx, scope: {"kinds": array(DIALS)},
        in_sweeps=False,
    ),
)  # fmt: skip
