"""Which site ships which line, split or whole, at what cost, and why."""
