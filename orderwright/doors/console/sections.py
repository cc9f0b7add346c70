"""The navigation: the sections of the console in the order they stand, and who sees which."""

from collections.abc import Collection
from typing import NamedTuple

from orderwright.doors.console.texts import text as _


class Section(NamedTuple):
    """A section. keys: pressed one after the other they open it. scope: who sees it; '' for everybody signed in.

    is_whole: not who is limited to a part of the shop.
    """

    name: str
    path: str
    title: str
    keys: str
    scope: str
    is_whole: bool = False


SECTIONS = (
    Section("today", "/", _("Today"), "g t", "reports:read", is_whole=True),
    Section("orders", "/orders", _("Orders"), "g o", "orders:read"),
    Section("new_order", "/orders/new", _("New order"), "n", "orders:write"),
    Section("customers", "/customers", _("Customers"), "g c", "orders:read"),
    Section("exceptions", "/exceptions", _("Exceptions"), "g e", "orders:read"),
    Section("floor", "/floor", _("Floor"), "g f", "floor:read"),
    Section("stock", "/stock", _("Stock"), "g s", "stock:read"),
    Section("reports", "/reports", _("Reports"), "g r", "reports:read"),
    Section("staff", "/staff", _("People"), "g p", "staff:read"),
    Section("settings", "/settings", _("Settings"), "g ,", "stock:read"),
)
"""A section is shown as soon as there is a page at its path."""


def first_path(scopes: Collection[str], paths: Collection[str]) -> str:
    """Where somebody begins who may do this: the first section they see."""
    seen = [each.path for each in SECTIONS if each.path in paths and (not each.scope or each.scope in scopes)]
    return next((path for path in seen if path != "/"), "/me")
