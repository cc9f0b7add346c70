"""People for tests of signing in. Hashing is quick here: how slow it is meant to be has a test of its own."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from orderwright.business.staff.devices import register_devices
from orderwright.business.staff.entrance import become_owner, join, sign_in
from orderwright.business.staff.forms import (
    CodeNeeded,
    Invite,
    Linked,
    MakeFirstLink,
    Place,
    RegisterDevice,
    SignedIn,
    Visitor,
)
from orderwright.business.staff.links import make_first_links
from orderwright.business.staff.people import invite
from orderwright.business.staff.reads import find_visitor
from orderwright.database.keys import SCOPES
from orderwright.values.refusal import Refusal
from tests.shop import Shop

PASSWORD = "a lamp, a kettle"
DESK = Place("192.0.2.7", "Firefox")


class Staff:
    """A shop's people, with short ways to invite them and let them in."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def run(self, action: Any, commands: Sequence[Any]) -> list[Any]:
        """What `Writer.run` does."""
        return self.shop.run(action, *commands)

    def one(self, action: Any, command: Any) -> Any:
        [result] = self.run(action, [command])
        return result

    def owner(self, name: str = "Olive") -> SignedIn:
        """The first owner, signed in."""
        link = self.one(make_first_links, MakeFirstLink(actor="test"))
        return become_owner(self.run, link.token, f"{name.lower()}@shop.example", name, PASSWORD, DESK)

    def invited(self, name: str, *roles: str, **changes: Any) -> Linked:
        told: dict[str, Any] = {"by": SCOPES, "email": f"{name.lower()}@shop.example", "name": name, **changes}
        linked = self.one(invite, Invite(roles=roles, actor="staff:Olive", **told))
        assert isinstance(linked, Linked), linked
        return linked

    def joined(self, name: str, *roles: str, **changes: Any) -> SignedIn:
        return join(self.run, self.invited(name, *roles, **changes).token, PASSWORD, [name], DESK)

    def sign_in(self, name: str, password: str = PASSWORD, place: Place = DESK) -> SignedIn:
        signed = sign_in(self.run, f"{name.lower()}@shop.example", password, place)
        assert isinstance(signed, SignedIn), signed
        return signed

    def ticket(self, name: str) -> str:
        """Signing in by password where a code is to follow."""
        needed = sign_in(self.run, f"{name.lower()}@shop.example", PASSWORD, DESK)
        assert isinstance(needed, CodeNeeded), needed
        return needed.ticket

    def visitor(self, token: str) -> Visitor | None:
        with self.shop.store.read() as tx:
            return find_visitor(tx, token)

    def device(self, site: str = "LEEDS") -> Any:
        return self.one(register_devices, RegisterDevice(name="Scanner 1", site=site, actor="staff:Olive"))

    def wait(self, span: timedelta) -> None:
        """Time passes."""
        with self.shop.begin() as tx:
            tx.write("UPDATE clock SET simulated_at = %(at)s", at=tx.now + span)

    def changes(self, name: str) -> list[Any]:
        """What was kept of a person: (before, after, actor), in order."""
        return self.shop.rows(
            "SELECT before::jsonb AS before, after::jsonb AS after, actor FROM house_change"
            " WHERE kind = 'account' AND name = %(name)s ORDER BY id",
            name=name,
        )

    def counts(self) -> dict[str, int]:
        """Rows of what a refused act must leave alone."""
        tables = ("staff_account", "staff_session", "staff_link", "staff_device", "house_change")
        return {each: int(self.shop.value(f"SELECT count(*) FROM {each}")) for each in tables}


def code_of(no: Any) -> str:
    assert isinstance(no, Refusal), no
    return no.code
