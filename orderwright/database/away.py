"""The database cannot be had: why, and what to do about it, in plain sentences."""


class DatabaseAway(Exception):
    """The database cannot be opened. `str()` of it is what people read; commands end with `exit_code`."""

    exit_code = 3
