"""Errors people can do something about, in plain words."""

from typing import NamedTuple

import psycopg
import psycopg_pool

from orderwright.database.away import DatabaseAway
from orderwright.database.migrate import TooOld
from orderwright.database.stores import BadStoreName
from orderwright.doors.cli import BROKEN, REFUSED, WRONG_USAGE
from orderwright.doors.cli.here import WrongUsage
from orderwright.doors.deployment import BadDeployment
from orderwright.values.refusal import Refusal


class Said(NamedTuple):
    """A sentence for people, and the exit code that goes with it."""

    sentence: str
    code: int


def plain_words(error: Exception) -> Said | None:
    """What to say of an error; None for a bug, which is better shown with its trace."""
    if isinstance(error, Refusal):
        facts = "".join(f"\n  {name}: {value}" for name, value in error.facts.items())
        return Said(f"{error.code}: {error.kind.sentence}{facts}", REFUSED)
    if isinstance(error, (WrongUsage, BadStoreName)):
        return Said(str(error), WRONG_USAGE)
    if isinstance(error, (DatabaseAway, BadDeployment, TooOld, LookupError)) and _has_sentence(error):
        return Said(str(error), BROKEN)
    if type(error).__name__ == "CannotRestore":
        return Said(str(error), REFUSED)
    if isinstance(error, (psycopg.OperationalError, psycopg_pool.PoolTimeout)):
        return Said(f"The database cannot be reached: {str(error).strip()}", BROKEN)
    if type(error).__name__ in ("AddressTaken", "CannotServe"):
        return Said(str(error), BROKEN)
    return None


def _has_sentence(error: Exception) -> bool:
    # KeyError and IndexError are lookup errors too, and always bugs.
    return type(error) not in (KeyError, IndexError)
