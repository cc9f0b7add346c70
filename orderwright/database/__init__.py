"""PostgreSQL: found or started, reached through a `Tx`, kept true by facts, tasks and invariants."""
