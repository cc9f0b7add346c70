"""The visitor's own second step, set up with an authenticator app, and their PIN for shared scanners."""

from base64 import b64encode
from typing import NamedTuple

from orderwright.business.staff import entrance
from orderwright.business.staff.forms import BeginTotp, ConfirmTotp, MakeRecoveryCodes, RecoveryCodes, RemoveTotp
from orderwright.business.staff.own import begin_totp, confirm_totp, make_recovery_codes, remove_totp
from orderwright.business.staff.reads import count_recovery_codes, find_pending_totp
from orderwright.doors.console import cookies
from orderwright.doors.console.acting import Call
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import SIGNED_IN, act, page
from orderwright.doors.console.pages import me as own
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.papers.barcodes import MATRIX_CHARACTERS_MAX, qr


class TotpShown(NamedTuple):
    """What the app is told: as a picture to be scanned ('' where it does not fit one), and in letters."""

    picture: str
    secret: str


@page("/me/totp", template="totp.html", scope=SIGNED_IN, title=_("Second step"))
def totp(asked: Asked[None]) -> TotpShown | Reply:
    """Scan this, then give the first code."""
    pending = find_pending_totp(asked.tx, asked.visitor.account_id)
    if pending is None:
        return see_other("/me")
    picture = ""
    if len(pending.uri) <= MATRIX_CHARACTERS_MAX and pending.uri.isascii():
        picture = f"data:image/svg+xml;base64,{b64encode(qr(pending.uri).svg.encode()).decode()}"
    letters = " ".join(pending.secret[at : at + 4] for at in range(0, len(pending.secret), 4))
    return TotpShown(picture, letters)


class CodesShown(NamedTuple):
    """Recovery codes that were made just now, told this once; and how many are left."""

    new: RecoveryCodes | None
    left: int


@page("/me/totp/codes", template="recovery_codes.html", scope=SIGNED_IN, title=_("Recovery codes"))
def recovery_codes(asked: Asked[None]) -> CodesShown:
    """What lets in without the app."""
    return CodesShown(asked.answer, count_recovery_codes(asked.tx, asked.visitor.account_id))


@act("/me/totp/begin", page=own.me)
async def begin(call: Call) -> Reply:
    """A secret for an app, for who knows the password."""
    await call.enter(entrance.confirm_password, call.who, call.fields.get("proof", ""), call.place)
    await call.do(begin_totp, BeginTotp(account_id=call.who.account_id, actor=call.who.actor))
    return see_other("/me/totp")


@act("/me/totp", page=totp)
async def confirm(call: Call) -> Reply:
    """The first code of the app puts the second step in force; recovery codes are told at once."""
    code = call.fields.get("code", "").replace(" ", "")
    command = ConfirmTotp(account_id=call.who.account_id, code=code, actor=call.who.actor)
    return await call.show(recovery_codes, await call.do(confirm_totp, command))


@act("/me/totp/codes", page=recovery_codes)
async def make_codes(call: Call) -> Reply:
    """Other recovery codes, for who knows the password."""
    await call.enter(entrance.confirm_password, call.who, call.fields.get("proof", ""), call.place)
    command = MakeRecoveryCodes(account_id=call.who.account_id, actor=call.who.actor)
    return await call.show(recovery_codes, await call.do(make_recovery_codes, command))


@act("/me/totp/remove", page=own.me)
async def remove(call: Call) -> Reply:
    """No second step any more, for who knows the password."""
    await call.enter(entrance.confirm_password, call.who, call.fields.get("proof", ""), call.place)
    await call.do(remove_totp, RemoveTotp(account_id=call.who.account_id, actor=call.who.actor))
    return see_other("/me", cookies.said(_("The second step is taken away.")))


@act("/me/pin", page=own.me)
async def choose_pin(call: Call) -> Reply:
    """A PIN of one's own; left empty, none."""
    await call.enter(entrance.set_own_pin, call.who, call.fields.get("pin", "").strip())
    return see_other("/me", cookies.said(_("Saved.")))
