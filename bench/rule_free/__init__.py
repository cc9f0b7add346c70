"""The baseline of HTTP intake: the same server, storing the same rows, deciding nothing."""
