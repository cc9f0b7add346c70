"""Who is limited to a channel or a site sees nothing of the others: on no page, by no search, by no address."""

import re
from collections.abc import Set as AbstractSet

import pytest

from tests.browser.every_page import PEOPLE, fill, paths
from tests.console.conftest import Console
from tests.console.visiting import Visit

ROLES = ("manager", "clerk", "buyer", "support", "sales", "accounts", "analyst", "partner")
"""Together they may look at all there is: what is not shown is kept back by the limit alone."""
THEIRS = re.compile(r"OW-\d{6}|buyer\d@example\.org|" + "|".join(map(re.escape, PEOPLE)))
SEARCHES = ("OW-000001", "Ada Lovelace", "buyer1@example.org", "LS1 1AA", "MUG")


def shown(visit: Visit, addresses: AbstractSet[str]) -> dict[str, set[str]]:
    """What of orders and their buyers each address shows beyond what was asked it for; those that show any."""
    found = {}
    for address in sorted(addresses):
        seen = visit.get(address)
        assert seen.status < 500, address
        words = set(THEIRS.findall(seen.text)) - set(THEIRS.findall(address.replace("+", " ")))
        found.update({address: words} if words else {})
    return found


@pytest.fixture
def addresses(console: Console) -> set[str]:
    """Every page of a filled shop, and what somebody might look for."""
    console.owner()
    found = set(paths(fill(console.shop)).values())
    for word in SEARCHES:
        found |= {f"/{each}?q={word.replace(' ', '+')}" for each in ("orders", "customers", "exceptions", "quotes")}
    return found | {"/today/live", "/exports/orders/csv", "/exports/customers/xlsx"}


def test_a_partner_of_a_channel_without_orders_finds_nobody_on_any_page(console: Console, addresses: set[str]):
    console.shop.channel("quiet")
    assert shown(console.visit(console.person(*ROLES, channels=["quiet"])), addresses) == {}


def test_a_partner_of_a_site_finds_no_order_but_those_with_work_there(console: Console, addresses: set[str]):
    rows = console.shop.rows(
        "SELECT number FROM orders o WHERE EXISTS"
        " (SELECT FROM fulfilment f WHERE f.order_id = o.id AND f.site = 'GLASGOW')"
    )
    found = shown(console.visit(console.person(*ROLES, sites=["GLASGOW"])), addresses)
    numbers = {word for words in found.values() for word in words if word.startswith("OW-")}
    assert numbers
    assert numbers == {row.number for row in rows}
