"""Exchanges: another size or colour, or the same once more, goes out for what comes back."""
