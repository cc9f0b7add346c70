"""All pages and acts of customers, gathered from the modules of pages/."""

from importlib import import_module

from orderwright.doors.console.page import Act, Page, Route

MODULES: tuple[str, ...] = ("finding", "tracking", "changing", "returning", "following", "paying")
"""The modules of pages/. Add yours here."""


def all_pages() -> list[Route]:
    """Every page and act, in the order the modules give them."""
    return [
        each
        for name in MODULES
        for each in vars(import_module(f"orderwright.doors.portal.pages.{name}")).values()
        if isinstance(each, (Page, Act))
    ]
