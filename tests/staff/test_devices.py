"""Scanners several people share: a registered device, and a PIN for who holds it."""

from datetime import timedelta

import pytest

from orderwright.business.staff.devices import register_devices, revoke_devices
from orderwright.business.staff.entrance import set_own_pin, set_pin_of, sign_in_by_pin
from orderwright.business.staff.forms import Device, OpenByPin, RegisterDevice, RevokeDevice, SignedIn
from orderwright.business.staff.reads import find_device, list_devices, list_people_at, list_sessions
from orderwright.business.staff.sessions import open_by_pin
from orderwright.values.refusal import Refusal
from tests.meeting import while_open
from tests.staff.people import DESK, Staff, code_of

PIN = "4071"


def take(staff: Staff, device: Device, who: SignedIn, pin: str = PIN) -> SignedIn:
    return sign_in_by_pin(staff.run, device, device.token, who.visitor.account_id, pin, DESK)


def refused(staff: Staff, device: Device, who: SignedIn, pin: str = PIN) -> str:
    before = staff.counts()
    with pytest.raises(Refusal) as no:
        take(staff, device, who, pin)
    assert staff.counts() == before
    return no.value.code


@pytest.fixture
def kim(staff: Staff) -> SignedIn:
    staff.owner()
    signed = staff.joined("Kim", "picker")
    set_own_pin(staff.run, signed.visitor, PIN)
    return signed


def test_a_pin_on_a_registered_device_lets_in_at_its_site(staff: Staff, kim: SignedIn) -> None:
    visitor = take(staff, staff.device("LEEDS"), kim).visitor
    assert (visitor.name, visitor.is_device, visitor.sites) == ("Kim", True, {"LEEDS"})
    assert visitor.actor == "staff:Kim"


def test_the_next_person_signs_the_one_before_out_of_it(staff: Staff, kim: SignedIn) -> None:
    device, pat = staff.device(), staff.joined("Pat", "packer")
    set_own_pin(staff.run, pat.visitor, "9318")
    first = take(staff, device, kim)
    second = take(staff, device, pat, "9318")
    assert [staff.visitor(each.token) is None for each in (first, second, kim)] == [True, False, False]
    with staff.shop.store.read() as tx:
        assert [each.device for each in list_sessions(tx, pat.visitor.account_id).items] == ["Scanner 1", ""]


def test_of_two_who_take_a_scanner_at_the_same_moment_the_later_one_holds_it(staff: Staff, kim: SignedIn) -> None:
    device, pat = staff.device(), staff.joined("Pat", "packer")
    set_own_pin(staff.run, pat.visitor, PIN)
    pins = dict(staff.shop.rows("SELECT id::text, pin FROM staff_account"))
    told = [
        OpenByPin(account_id=who, proof=pins[who], device=device.token, actor="door")
        for who in (kim.visitor.account_id, pat.visitor.account_id)
    ]
    (first,), (second,) = while_open(
        staff.shop, lambda tx: open_by_pin(tx, told[:1]), lambda writer: writer.submit(open_by_pin, told[1:])
    )
    assert [staff.visitor(each.token) is None for each in (first, second)] == [True, False]


def test_a_manager_on_a_scanner_does_the_work_of_the_floor_alone(staff: Staff, kim: SignedIn) -> None:
    olive = staff.sign_in("Olive")
    set_own_pin(staff.run, olive.visitor, PIN)
    scopes = take(staff, staff.device(), olive).visitor.scopes
    assert {"floor:write", "stock:write"} <= scopes
    assert not {"admin", "orders:read", "money:write", "staff:write", "reports:read"} & scopes


def test_a_pin_opens_nothing_without_its_device(staff: Staff, kim: SignedIn) -> None:
    device = staff.device()
    assert staff.visitor(device.token) is None  # a device alone is nobody
    assert refused(staff, Device(**{**_fields(device), "token": "main.none"}), kim) == "unknown_device"
    staff.one(revoke_devices, RevokeDevice(id=device.id, actor="staff:Olive"))
    assert refused(staff, device, kim) == "unknown_device"


def test_wrong_pins_close_the_device_for_that_person(staff: Staff, kim: SignedIn) -> None:
    device, pat = staff.device(), staff.joined("Pat", "packer")
    set_own_pin(staff.run, pat.visitor, PIN)
    codes = [refused(staff, device, kim, guess) for guess in ("4072", "", "40710", "x", "4070")]
    assert codes == ["sign_in_refused"] * 5
    assert refused(staff, device, kim) == "sign_in_wait"
    take(staff, device, pat)
    staff.wait(timedelta(minutes=15))
    take(staff, device, kim)


def test_who_has_no_pin_no_site_or_no_work_there_is_refused(staff: Staff, kim: SignedIn) -> None:
    device = staff.device("LEEDS")
    without = staff.joined("Ann", "picker")
    elsewhere, desk = staff.joined("Bob", "picker", sites=["BRISTOL"]), staff.joined("Dee", "accounts")
    for each in (elsewhere, desk):
        set_own_pin(staff.run, each.visitor, PIN)
    assert [refused(staff, device, each) for each in (without, elsewhere, desk)] == ["sign_in_refused"] * 3
    with staff.shop.store.read() as tx:
        here = list_people_at(tx, device, roles=["picker", "packer", "receiver"])
    assert [each.name for each in here] == ["Kim"]


def test_a_device_asks_again_after_twenty_minutes(staff: Staff, kim: SignedIn) -> None:
    held = take(staff, staff.device(), kim)
    staff.wait(timedelta(minutes=20))
    assert staff.visitor(held.token) is None
    assert staff.visitor(kim.token) is not None


def test_a_revoked_device_ends_who_holds_it(staff: Staff, kim: SignedIn) -> None:
    device = staff.device()
    held = take(staff, device, kim)
    gone, again = staff.run(revoke_devices, [RevokeDevice(id=device.id, actor="staff:Olive")] * 2)
    assert gone == again
    assert gone.revoked_at is not None
    assert staff.visitor(held.token) is None
    with staff.shop.store.read() as tx:
        assert find_device(tx, device.token) is None
        assert [each.id for each in list_devices(tx).items] == [device.id]
    assert code_of(staff.one(revoke_devices, RevokeDevice(id="mist", actor="x"))) == "not_found"
    kept = staff.shop.rows("SELECT before IS NULL AS is_new, actor FROM house_change WHERE kind = 'device' ORDER BY id")
    assert [(row.is_new, row.actor) for row in kept] == [(True, "staff:Olive"), (False, "staff:Olive")]


def test_a_device_needs_a_name_and_a_site(staff: Staff) -> None:
    before = staff.counts()
    for name, site, code in (
        ("", "LEEDS", "malformed"),
        ("x" * 65, "LEEDS", "malformed"),
        ("S", "MARS", "unknown_site"),
    ):
        no = staff.one(register_devices, RegisterDevice(name=name, site=site, actor="x"))
        assert code_of(no) == code
    assert staff.counts() == before


def test_pins_are_hashed_and_those_anybody_would_guess_are_refused(staff: Staff, kim: SignedIn) -> None:
    kept = staff.shop.value("SELECT pin FROM staff_account WHERE name = 'Kim'")
    assert kept.startswith("$argon2id$")
    for pin in ("1234", "0000", "987654", "12", "1234567", "12a4", "٤٠٧١"):
        with pytest.raises(Refusal) as no:
            set_own_pin(staff.run, kim.visitor, pin)
        assert no.value.code == "weak_password"
    assert staff.shop.value("SELECT pin FROM staff_account WHERE name = 'Kim'") == kept


def test_a_pin_of_somebody_else_is_set_by_who_may_do_as_much(staff: Staff, kim: SignedIn) -> None:
    max_, olive = staff.joined("Max", "manager").visitor, staff.sign_in("Olive").visitor
    assert set_pin_of(staff.run, kim.visitor.account_id, "5813", max_).has_pin
    take(staff, staff.device(), kim, "5813")
    assert not set_pin_of(staff.run, kim.visitor.account_id, "", max_).has_pin
    with pytest.raises(Refusal) as no:
        set_pin_of(staff.run, olive.account_id, "5813", max_)
    assert no.value.code == "role_beyond"


def _fields(device: Device) -> dict[str, object]:
    return {name: getattr(device, name) for name in device.__struct_fields__}
