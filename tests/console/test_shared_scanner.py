"""A scanner several people share: registered in its browser, held by whoever gave their PIN last, locked."""

from typing import Any

import pytest

from orderwright.business.staff.forms import SetPin, SignedIn
from orderwright.business.staff.own import set_pins
from orderwright.business.staff.passwords import hashed
from tests.console.conftest import Console
from tests.console.floor_scene import scene
from tests.console.visiting import Seen, Visit


class Scanner:
    """A scanner registered by a manager, two pickers with PINs, and a clerk who has nothing to do with it."""

    def __init__(self, console: Console) -> None:
        self.console = console
        owner = console.owner()
        scene(console.shop)
        self.people = {name: self._person(name, pin) for name, pin in (("Ann", "4711"), ("Bob", "2580"))}
        console.person("clerk", name="Carl")
        console.person("picker", name="Nopin")
        self._person("Gus", "9753", sites=["GLASGOW"])
        self.visit = console.visit(owner)
        self.registered = self.visit.submit("/floor/device", "/floor/device", name="Scanner 1", site="LEEDS")

    def _person(self, name: str, pin: str, **limits: Any) -> SignedIn:
        signed = self.console.person("picker", name=name, **limits)
        self.console.shop.run(set_pins, SetPin(id=signed.visitor.account_id, pin=hashed(pin), actor="test"))
        return signed

    def take(self, name: str, pin: str) -> Seen:
        """Touch a name and give a PIN."""
        id_ = self.people[name].visitor.account_id
        return self.visit.submit(f"/floor/who?person={id_}", "/floor/who", pin=pin)


@pytest.fixture
def scanner(console: Console) -> Scanner:
    return Scanner(console)


def test_registering_signs_the_manager_out_and_asks_for_a_name(scanner: Scanner):
    assert scanner.registered.location == "/floor/who"
    assert "orderwright" not in scanner.visit.cookies
    words = scanner.visit.get("/floor/who").words
    assert "Scanner 1 · LEEDS" in words
    for name, is_there in (("Ann", True), ("Bob", True), ("Carl", False), ("Nopin", False), ("Gus", False)):
        assert (name in words) == is_there, name
    assert scanner.visit.get("/floor").location == "/floor/who"


def test_people_hand_the_scanner_on_by_their_pins(scanner: Scanner):
    assert scanner.take("Ann", "4711").location == "/floor"
    held = dict(scanner.visit.cookies)
    seen = scanner.visit.get("/floor")
    assert "Ann" in seen.words
    assert 'action="/floor/lock"' in seen.text
    assert "BRISTOL" not in seen.words
    assert "Ann holds it now." in scanner.visit.get("/floor/who").words
    assert scanner.take("Bob", "2580").location == "/floor"
    assert "Bob" in scanner.visit.get("/floor").words
    scanner.visit.cookies = held
    assert scanner.visit.get("/floor").location == "/floor/who"


def test_a_wrong_pin_opens_nothing_and_five_close_it(scanner: Scanner):
    for _ in range(5):
        seen = scanner.take("Ann", "0000")
        assert "That does not fit together." in seen.words
    assert "Too many tries." in scanner.take("Ann", "4711").words
    assert scanner.take("Bob", "2580").location == "/floor"


def test_a_locked_scanner_is_nobodys(scanner: Scanner):
    scanner.take("Ann", "4711")
    held = dict(scanner.visit.cookies)
    locked = scanner.visit.submit("/floor", "/floor/lock")
    assert locked.location == "/floor/who"
    assert locked.header("clear-site-data") is None
    scanner.visit.cookies = held
    assert scanner.visit.get("/floor").location == "/floor/who"


def test_a_browser_that_is_no_scanner_takes_no_pin(scanner: Scanner):
    other: Visit = scanner.console.visit()
    assert "This is no shared scanner" in other.get("/floor/who").words
    id_ = scanner.people["Ann"].visitor.account_id
    for cookies in ({}, {"orderwright-device": "main.made-up"}, {"orderwright-device": "nowhere.made-up"}):
        other.cookies = dict(cookies)
        seen = other.post("/floor/who", {"person": id_, "pin": "4711"})
        assert seen.status >= 400, cookies
        assert "orderwright" not in other.cookies


def test_only_who_looks_after_people_registers_a_scanner(console: Console):
    console.owner()
    picker = console.visit(console.person("picker", name="Ann"))
    assert picker.get("/floor/device").status == 403
    fields = {"csrf": picker.get("/me").text.partition('name="csrf" value="')[2].partition('"')[0]}
    assert picker.post("/floor/device", {**fields, "name": "Mine", "site": "LEEDS"}).status == 403
    manager = console.visit(console.person("manager", name="Max", sites=["GLASGOW"]))
    seen = manager.submit("/floor/device", "/floor/device", name="Mine", site="LEEDS")
    assert seen.status == 403
    seen = manager.submit("/floor/device", "/floor/device", name=" ", site="GLASGOW")
    assert seen.status == 422
    assert "A device has a name" in seen.words
