"""The first owner's way in: a one-time link, told where the shop was opened and nowhere else."""

from orderwright.business.staff.forms import FirstLink, MakeFirstLink
from orderwright.business.staff.links import make_first_links
from orderwright.database.store import Database

ACTOR = "serve"


def find_first_path(dsn: str, store: str) -> str | None:
    """The path that makes the first owner of a store, for a day; None where somebody owns it, or there is no store."""
    database = Database(dsn, {}, size=1)
    try:
        with database.store(store).begin() as tx:
            (link,) = make_first_links(tx, [MakeFirstLink(actor=ACTOR)])
    except LookupError:
        return None
    finally:
        database.close()
    return f"/first/{link.token}" if isinstance(link, FirstLink) else None
