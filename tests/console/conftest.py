"""A served shop with its pages, and people signed in to it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from argon2 import PasswordHasher

from orderwright.business.staff import entrance, passwords
from orderwright.business.staff.forms import Invite, MakeFirstLink, SignedIn
from orderwright.business.staff.links import make_first_links
from orderwright.business.staff.people import invite
from orderwright.business.staff.rules import ROLE_SCOPES
from orderwright.doors.api.routes import all_routes
from orderwright.links.carriers.practice import PracticeCarrier
from tests.console.visiting import Visit
from tests.floor import Floor
from tests.served import serving
from tests.shop import Shop, new_shop

PASSWORD = "four plain mugs on a shelf"


class Console(NamedTuple):
    """A served shop."""

    shop: Shop
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def first_link(self) -> str:
        """The path of the link that makes the first owner."""
        (link,) = self.shop.run(make_first_links, MakeFirstLink(actor="test"))
        return f"/first/{link.token}"

    def owner(self) -> SignedIn:
        """The first owner, signed in."""
        token = self.first_link().rpartition("/")[2]
        return entrance.become_owner(self._run, token, "olivia@example.org", "Olivia Owner", PASSWORD)

    def person(self, *roles: str, name: str = "Sam", **limits: Any) -> SignedIn:
        """Somebody with these roles, signed in."""
        email = f"{name.lower().replace(' ', '.')}@example.org"
        command = Invite(email=email, name=name, roles=roles, by=ROLE_SCOPES["owner"], actor="test", **limits)
        with self.shop.begin() as tx:
            (linked,) = invite(tx, [command])
        return entrance.join(self._run, linked.token, PASSWORD, (name, email))

    def visit(self, signed: SignedIn | None = None, language: str = "en") -> Visit:
        """A browser, signed in as somebody."""
        visit = Visit(self.port, language)
        if signed is not None:
            visit.cookies["orderwright"] = signed.token
        return visit

    def _run(self, action: Any, commands: Any) -> list[Any]:
        return self.shop.run(action, *commands)


@pytest.fixture
def console(postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    # Passwords are slow to compare on purpose; tests/staff looks at that, here it is only waited for.
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    with new_shop(postgres) as shop, serving(postgres, all_routes(), shop.store.name) as port:
        yield Console(shop, port)


@pytest.fixture
def floor(console: Console) -> Floor:
    """The shop's floor with nine mugs and a practice carrier; it has an owner."""
    console.owner()
    floor = Floor(console.shop.store)
    floor.carrier = PracticeCarrier()
    floor.stock("LEEDS", MUG=9)
    return floor
