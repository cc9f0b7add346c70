"""People who sign in: they are invited, come and go, forget their passwords, guess those of others."""

from typing import Any

import pytest
from pyotp import TOTP

from orderwright.business.staff.codes import STEP_S, step_of
from orderwright.business.staff.devices import register_devices, revoke_devices
from orderwright.business.staff.entrance import set_own_pin
from orderwright.business.staff.forms import (
    AcceptFirst,
    AcceptLink,
    BeginTotp,
    ChangePassword,
    ConfirmTotp,
    EndSessions,
    EnterCode,
    Invite,
    Knock,
    MakeFirstLink,
    MakeLink,
    MakeRecoveryCodes,
    OpenByPin,
    OpenSession,
    RegisterDevice,
    RemoveTotp,
    RevokeDevice,
    SetActive,
    SetPin,
    SetRoles,
    SignedIn,
    TouchSession,
)
from orderwright.business.staff.gates import knock
from orderwright.business.staff.links import accept_first_owner, accept_links, make_first_links
from orderwright.business.staff.own import (
    begin_totp,
    change_passwords,
    confirm_totp,
    make_recovery_codes,
    remove_totp,
    set_pins,
)
from orderwright.business.staff.people import invite, make_links, set_active, set_roles
from orderwright.business.staff.rules import ROLE_SCOPES
from orderwright.business.staff.sessions import end_sessions, enter_codes, open_by_pin, open_sessions, touch_sessions
from orderwright.database.keys import SCOPES
from orderwright.values.refusal import Refusal
from tests.random.floor import an_id
from tests.random.steps import step
from tests.random.world import World

NAMES = ("Olive", "Max", "Kim", "Pat")
HASH = "hash"  # actions are given hashes, and compare them with hashes


def _somebody(world: World) -> Any:
    return world.some("SELECT id::text, email FROM staff_account ORDER BY name_key")


def _scopes(world: World) -> Any:
    return world.pick(SCOPES, SCOPES, ("staff:write", "floor:read"))


@step(2)
def somebody_becomes_owner(world: World) -> None:
    link = world.one(make_first_links, MakeFirstLink(actor="random"))
    token = "main.none" if isinstance(link, Refusal) else link.token
    name = world.pick("Olive", "Olive", "", "a\0b")
    command = AcceptFirst(token=token, email="olive@shop.example", name=name, password=HASH, actor="random")
    world.run(accept_first_owner, *[command] * world.pick(1, 2))


@step(3)
def somebody_is_invited(world: World) -> None:
    name, roles = world.pick(*NAMES), world.pick(["owner"], ["picker"], ["manager", "clerk"], ["partner"], ["king"])
    told = Invite(
        email=world.pick(f"{name}@shop.example", "nonsense"), name=name, roles=roles, by=_scopes(world),
        sites=world.pick(None, None, ["LEEDS"]), actor="random",
    )  # fmt: skip
    for linked in world.run(invite, *[told] * world.pick(1, 1, 2)):
        if not isinstance(linked, Refusal) and world.chance(0.8):
            accepted = AcceptLink(token=linked.token, password=HASH, actor="random")
            world.run(accept_links, *[accepted] * world.pick(1, 2))


@step(3)
def somebodys_rights_change(world: World) -> None:
    id_ = an_id(world, _somebody(world))
    roles = world.pick([*ROLE_SCOPES][:3], ["picker"], ["packer", "receiver"], [])
    world.one(set_roles, SetRoles(id=id_, roles=roles, by=_scopes(world), actor="random"))
    for is_active in (False, True):
        id_ = an_id(world, _somebody(world))
        world.one(set_active, SetActive(id=id_, is_active=is_active, by=_scopes(world), actor="random"))
    linked = world.one(make_links, MakeLink(id=an_id(world, _somebody(world)), by=_scopes(world), actor="random"))
    if not isinstance(linked, Refusal) and world.chance(0.5):
        world.one(accept_links, AcceptLink(token=linked.token, password=HASH, actor="random"))


@step(1)
def everybody_is_disabled(world: World) -> None:
    """But one: a store keeps an owner, and who is disabled gets no link."""
    for row in world.rows("SELECT id::text FROM staff_account ORDER BY name_key"):
        world.one(set_active, SetActive(id=row.id, is_active=False, by=SCOPES, actor="random"))
        world.one(make_links, MakeLink(id=row.id, by=SCOPES, actor="random"))
    for row in world.rows("SELECT id::text FROM staff_account ORDER BY name_key"):
        world.one(set_active, SetActive(id=row.id, is_active=True, by=SCOPES, actor="random"))


@step(4)
def somebody_signs_in(world: World) -> None:
    row = _somebody(world)
    email = "nobody@shop.example" if row is None else row.email
    known = world.one(knock, Knock(kind="password", who=email, place="192.0.2.1", actor="door"))
    if isinstance(known, Refusal):
        return
    for proof in (known.secret, "guessed"):
        signed = world.one(open_sessions, OpenSession(account_id=known.account_id, proof=proof, actor="door"))
        if isinstance(signed, SignedIn):
            _uses_the_session(world, signed)


def _uses_the_session(world: World, signed: SignedIn) -> None:
    who, session = signed.visitor.account_id, signed.visitor.session_id
    with world.store.begin() as tx:
        touch_sessions(tx, [TouchSession(session_id=session, actor="random")])
    if world.chance(0.3):
        change = ChangePassword(
            account_id=who, session_id=session, proof=HASH, password=world.pick(HASH, "other"), actor="random"
        )
        world.run(change_passwords, *[change] * world.pick(1, 2))
    ended = EndSessions(account_id=who, id=world.pick("", session), by=world.pick(None, _scopes(world)), actor="random")
    world.run(end_sessions, *[ended] * world.pick(1, 2))


@step(2)
def somebody_guesses_until_the_gate_closes(world: World) -> None:
    guess = Knock(kind="password", who="olive@shop.example", place=f"192.0.2.{world.rng.randint(2, 9)}", actor="door")
    world.run(knock, *[guess] * 7)


@step(2)
def a_second_step_is_wanted(world: World) -> None:
    row = _somebody(world)
    if row is None:
        return
    world.one(confirm_totp, ConfirmTotp(account_id=row.id, code="000000", actor="random"))
    key = world.one(begin_totp, BeginTotp(account_id=row.id, actor="random"))
    if isinstance(key, Refusal):
        return
    for code in ("nonsense", _code_now(world, key.secret)):
        world.one(confirm_totp, ConfirmTotp(account_id=row.id, code=code, actor="random"))
    needed = world.one(open_sessions, OpenSession(account_id=row.id, proof=HASH, actor="door"))
    if not isinstance(needed, Refusal):
        for code in (_code_now(world, key.secret), _code_now(world, key.secret, later=1)):
            entered = EnterCode(ticket=needed.ticket, code=code, actor="door")
            world.run(enter_codes, *[entered] * world.pick(1, 2))
    codes = world.one(make_recovery_codes, MakeRecoveryCodes(account_id=row.id, actor="random"))
    if not isinstance(needed, Refusal) and not isinstance(codes, Refusal):
        world.one(enter_codes, EnterCode(ticket=needed.ticket, code=codes.codes[0], actor="door"))
    if world.chance(0.7):
        world.one(remove_totp, RemoveTotp(account_id=row.id, actor="random"))


def _code_now(world: World, secret: str, later: int = 0) -> str:
    now = world.now
    code = TOTP(secret).generate_otp(int(now.timestamp()) // STEP_S + later)
    assert step_of(secret, code, now, 0) is not None
    return code


@step(3)
def a_scanner_is_shared(world: World) -> None:
    told = RegisterDevice(name=world.pick("Scanner 1", ""), site=world.pick("LEEDS", "LEEDS", "MARS"), actor="random")
    device = world.one(register_devices, told)
    token = "main.none" if isinstance(device, Refusal) else device.token
    for row in world.rows("SELECT id::text FROM staff_account ORDER BY name_key"):
        world.one(set_pins, SetPin(id=row.id, pin=world.pick(HASH, ""), by=_scopes(world), actor="random"))
        taken = OpenByPin(account_id=row.id, proof=HASH, device=token, actor="door")
        world.run(open_by_pin, *[taken] * world.pick(1, 1, 2))
    if not isinstance(device, Refusal) and world.chance(0.5):
        world.run(revoke_devices, *[RevokeDevice(id=device.id, actor="random")] * world.pick(1, 2))
    world.one(revoke_devices, RevokeDevice(id=an_id(world, None), actor="random"))


@step(3)
def somebody_comes_and_goes(world: World) -> None:
    """Invited, let in, given other rights, given a scanner, and out; what of it cannot be is refused."""
    for name in ("Olive", "Olga"):
        link = world.one(make_first_links, MakeFirstLink(actor="random"))
        if not isinstance(link, Refusal):
            first = AcceptFirst(
                token=link.token, email=f"{name}@shop.example", name=name, password=HASH, actor="random"
            )
            world.run(accept_first_owner, first, first)
    name = f"P{world.rng.randint(1, 10**6)}"
    told = Invite(email=f"{name}@shop.example", name=name, roles=["clerk"], by=SCOPES, actor="random")
    linked, _ = world.run(invite, told, told)
    if isinstance(linked, Refusal):
        return
    accepted = AcceptLink(token=linked.token, password=HASH, actor="random")
    signed, _ = world.run(accept_links, accepted, accepted)
    with pytest.raises(Refusal) as no:
        set_own_pin(world.run, signed.visitor, "1234")
    world.note(no.value)
    _rights_change(world, linked.id)
    _a_scanner_comes_and_goes(world, linked.id)


def _rights_change(world: World, id_: str) -> None:
    for roles, by in ((["king"], SCOPES), (["owner"], ["staff:write"]), (["picker"], SCOPES)):
        world.one(set_roles, SetRoles(id=id_, roles=roles, by=by, actor="random"))
    world.one(begin_totp, BeginTotp(account_id=id_, actor="random"))
    world.one(confirm_totp, ConfirmTotp(account_id=id_, code="nonsense", actor="random"))
    world.one(make_recovery_codes, MakeRecoveryCodes(account_id=id_, actor="random"))
    world.one(make_links, MakeLink(id=id_, by=SCOPES, actor="random"))
    world.one(end_sessions, EndSessions(account_id=id_, by=SCOPES, actor="random"))
    owners = world.rows("SELECT id::text FROM staff_account WHERE 'owner' = ANY(roles) ORDER BY name_key")
    for is_active in (False, True):
        for who in (id_, *[row.id for row in owners]):
            world.one(set_active, SetActive(id=who, is_active=is_active, by=SCOPES, actor="random"))
        world.one(make_links, MakeLink(id=id_, by=SCOPES, actor="random"))


def _a_scanner_comes_and_goes(world: World, id_: str) -> None:
    device = world.one(register_devices, RegisterDevice(name="Scanner 2", site="LEEDS", actor="random"))
    world.one(set_pins, SetPin(id=id_, pin=HASH, by=SCOPES, actor="random"))
    taken = OpenByPin(account_id=id_, proof=HASH, device=device.token, actor="door")
    world.one(open_by_pin, taken)
    world.one(revoke_devices, RevokeDevice(id=device.id, actor="random"))
    world.one(open_by_pin, taken)
