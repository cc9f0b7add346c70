"""All routes, one file per area."""

from importlib import import_module

from orderwright.doors.api.route import Route

AREAS = (
    "house", "settings", "history", "keys", "staff", "tasks", "catalog", "stock", "orders", "customers", "quotes",
    "changes", "bulk", "views", "notes", "contacts", "procedures", "dials", "exceptions", "routing", "floor",
    "purchasing", "receiving", "transfers", "releasing", "people", "slotting", "walks", "sessions", "counts", "damage",
    "climate", "parcels", "packing", "papers", "carriers", "money", "paying", "returns", "customer_pages", "inbox",
    "imports", "reports",
)  # fmt: skip


def all_routes() -> list[Route]:
    """Every route of every area, in the order the files give them."""
    return [
        each for area in AREAS for each in vars(import_module(f"{__name__}.{area}")).values() if isinstance(each, Route)
    ]
