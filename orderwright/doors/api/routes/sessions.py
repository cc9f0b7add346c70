"""Sessions: somebody at work with a scanner. A scan goes in, the next instruction comes out."""

from msgspec.structs import asdict

from orderwright.business.deeds.scanning.opening import close_sessions, get_session, open_sessions
from orderwright.business.deeds.scanning.take import take_scans
from orderwright.business.warehouse.sessions.commands import CommandCode, command_codes
from orderwright.business.warehouse.sessions.forms import (
    CloseSession,
    OpenForm,
    OpenSession,
    ScansForm,
    SessionNow,
    TakeScans,
)
from orderwright.database.tx import Tx
from orderwright.doors.api.asked import Question, Request
from orderwright.doors.api.reach import both, every_channel, of_session, of_walk
from orderwright.doors.api.route import deed, read
from orderwright.doors.api.within import anywhere, sites
from orderwright.values.pages import Page

_SCANS = {
    "scans": [{"n": 1, "code": "L:LEEDS/A-01-02", "occurred_at": "2026-11-20T09:30:00Z"}, {"n": 2, "code": "MUG"}]
}
_its_site = both(sites(lambda request: [request.body.site]), every_channel)
_its_own = both(of_session, every_channel)


def _status(session: SessionNow) -> int:
    return 200 if session.repeated else 201


@deed(
    "POST", "/v1/sessions", "floor:write", open_sessions, within=_its_site, answer=SessionNow, status=_status,
    example={"kind": "pick", "site": "LEEDS", "person": "ann"},
)  # fmt: skip
def open_session(request: Request[OpenForm]) -> OpenSession:
    """Begin to work with a scanner: what is to be done first. The same again answers the session that is open.

    kind: `pick` (subject: the walk; left out, the one the person is on), `sort` (a walk of the wave), `put_back`,
    `pack` (a fulfilment, or the tote it lies in).
    409 `no_walk`, `packed_by_other`.
    """
    return OpenSession(**asdict(request.body), actor=request.actor)


@deed(
    "POST", "/v1/sessions/{id}/scans", "floor:write", take_scans, within=_its_own, answer=SessionNow, example=_SCANS,
    weight=lambda form: len(form.scans), is_mended=True,
)  # fmt: skip
def scan(request: Request[ScansForm]) -> TakeScans:
    """Send scans, in any order and as often as you like: each counts once, by its number `n`.

    Each answer tells what came of its scan and what to do next. A scan that is refused changes nothing and is
    answered like the others, with `refusal`; 409 `session_closed` is about the session.
    """
    return TakeScans(session_id=request.at["id"], scans=request.body.scans, actor=request.actor)


@deed(
    "POST", "/v1/pick-batches/{id}/scans", "floor:write", take_scans, within=both(of_walk, every_channel),
    answer=SessionNow, weight=lambda form: len(form.scans), example=_SCANS, is_mended=True,
)  # fmt: skip
def scan_walk(request: Request[ScansForm]) -> TakeScans:
    """Send scans of the session that picks this walk, for who knows the walk and not the session."""
    return TakeScans(walk_id=request.at["id"], scans=request.body.scans, actor=request.actor)


@read("/v1/sessions/{id}", "floor:read", within=_its_own)
def session(tx: Tx, question: Question[None]) -> SessionNow:
    """A session, and what is to be done now."""
    return get_session(tx, question.at["id"])


@deed("POST", "/v1/sessions/{id}/close", "floor:write", close_sessions, within=_its_own, answer=SessionNow)
def close_session(request: Request[None]) -> CloseSession:
    """Stop working. What is not finished stays as it is; units in hand were not picked."""
    return CloseSession(session_id=request.at["id"], actor=request.actor)


@read("/v1/scan-commands", "floor:read", within=anywhere)
def scan_commands(tx: Tx, question: Question[None]) -> Page[CommandCode]:
    """The barcodes of commands, to be printed on a card: no other barcode is ever taken for a command."""
    return Page(command_codes(tx))
