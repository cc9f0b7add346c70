"""Print queues: what waits at which printer, and what really came out of it."""
