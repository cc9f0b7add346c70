"""What must be true of people at work."""

from orderwright.database.invariants import Invariant

INVARIANTS = (
    Invariant(
        "people_do_one_thing_at_a_time",
        "Nobody's clocked hours overlap, and nobody is at two tasks at once.",
        """
        SELECT person, started_at, ended_at, next_at FROM (
            SELECT person, started_at, ended_at, lead(started_at) OVER (PARTITION BY person ORDER BY started_at, id)
                   AS next_at FROM work_clock
        ) AS c
        WHERE next_at < coalesce(ended_at, 'infinity')
        """,
        "{person} worked from {started_at} to {ended_at}, and began another task at {next_at}",
        in_sweeps=False,
    ),
)
