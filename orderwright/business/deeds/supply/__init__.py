"""Supply: what is on its way, for whom it is, and what is to be ordered."""
