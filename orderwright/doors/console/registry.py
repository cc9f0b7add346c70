"""All pages and deeds, gathered from the modules of pages/."""

from importlib import import_module

from orderwright.doors.console.page import Act, FormDeed, Page, Route, Sketch

MODULES = (
    "today",
    "sign_in",
    "me",
    "me_second",
    "staff",
    "imports",
    "settings",
    "history",
    "products",
    "stock",
    "sites",
    "layouts",
    "gates",
    "channels",
    "carriers",
    "practice",
    "orders",
    "order",
    "order_deeds",
    "returns",
    "customers",
    "price_lists",
    "new_order",
    "new_order_deeds",
    "quotes",
    "pay_links",
    "notes",
    "contacts",
    "bulk",
    "views",
    "exceptions",
    "exception_deeds",
    "procedures",
    "dials",
    "floor",
    "floor_session",
    "floor_pack",
    "floor_leaving",
    "reports",
    "was_now",
    "floor_device",
)
"""The modules of pages/, one for each page and its deeds. Add yours here."""


def all_pages() -> list[Route]:
    """Every page, deed and act, in the order the modules give them."""
    return [
        each
        for name in MODULES
        for each in vars(import_module(f"orderwright.doors.console.pages.{name}")).values()
        if isinstance(each, (Page, FormDeed, Act, Sketch))
    ]
