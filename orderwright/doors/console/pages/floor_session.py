"""Work with a scanner: one screen that says what to do, takes a scan, and tells what came of it."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from msgspec import Meta

from orderwright.business.deeds.packing.advice import PictureQuery, packing_picture
from orderwright.business.deeds.scanning.opening import get_session
from orderwright.business.returns.photos import ReturnPhotoShown, list_return_photos
from orderwright.business.shipping.bench import Bench, bench_of
from orderwright.business.staff.settings import idle_s
from orderwright.business.warehouse.sessions.forms import Instruction, Notice, ScanAnswer, SessionNow
from orderwright.business.warehouse.sessions.reads import list_answers
from orderwright.business.warehouse.sessions.saying import SAYINGS
from orderwright.business.warehouse.walk_pictures import draw_walk_near
from orderwright.business.warehouse.walking.picture import Ends, Near
from orderwright.database.tx import Tx
from orderwright.doors.api.reach import both, every_channel, of_session
from orderwright.doors.api.routes import sessions
from orderwright.doors.console import floor_words
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form
from orderwright.values.refusal import Refusal

SEPARATOR, SHOWN_SEPARATOR = "\x1d", "\u241d"
"""What GS1 barcodes put between their parts, and how forms send it, which take no control characters."""
CLOCKS_APART = timedelta(minutes=5)
"""A store's clock this far from ours is a simulated one; scans then have its time, not the device's."""
NOT_KEPT = ("scan_differs", "scan_ahead")
"""Refusals of scans that leave no answer behind under their number."""

_its_own = both(of_session, every_channel)


class SessionQuery(Form, frozen=True):
    """since: the first of the scans whose answers are to be shown. differs: another device used their numbers."""

    since: Annotated[int, Meta(ge=1, le=1_000_000_000)] | None = None
    differs: bool = False


class SessionShown(msgspec.Struct, frozen=True):
    """A session as its person sees it. now: the store's time, where devices may go by theirs.

    differs: a scan was not taken, since another device had sent one under its number. bench: beside a packing session.
    idle_s: a shared scanner is locked when nobody touches it for so long. photos: of the return that is open.
    """

    session: SessionNow
    answers: list[ScanAnswer]
    now: datetime | None
    differs: bool = False
    bench: Bench | None = None
    idle_s: int = 0
    photos: list[ReturnPhotoShown] = []

    @property
    def refused(self) -> list[ScanAnswer]:
        """The scans that changed nothing, the last ones."""
        return [each for each in self.answers if each.outcome == "refused"][-5:]

    @property
    def tone(self) -> str:
        """How to beep: as the last scan was answered, unless one before it was refused."""
        if self.differs:
            return "wrong"
        if not self.answers:
            return ""
        last = self.answers[-1].instruction.tone
        return "wrong" if self.refused else "notice" if last == "ok" and self.notices else last

    @property
    def notices(self) -> list[Notice]:
        """What people must hear besides, each once."""
        told = [*(each for answer in self.answers for each in answer.instruction.notices),
                *self.session.instruction.notices]  # fmt: skip
        says = [self._said(answer.instruction) for answer in self.answers]
        return list({each.words: each for each in [*told, *filter(None, says)]}.values())

    def _said(self, told: Instruction) -> Notice | None:
        """What a command was answered with in place of the next instruction, such as that a scan is taken back."""
        is_other = told.tone == "notice" and told.say in SAYINGS
        return (
            Notice(told.say, told.words, told.facts) if is_other and told.say != self.session.instruction.say else None
        )

    @property
    def words(self) -> ModuleType:
        """What is asked for and commanded, in words."""
        return floor_words

    @property
    def commands(self) -> Sequence[str]:
        """The commands there are buttons for, in their order."""
        kind, say = self.session.kind, self.session.instruction.say
        known = floor_words.COMMANDS[kind]
        if self.is_at_end:
            return [each for each in known if each == "back"]
        is_idle = kind in ("receive", "put_away") and (self.is_over or say in floor_words.NOTHING_IN_HAND)
        return [each for each in known if not is_idle or each not in ("short", "full")]

    @property
    def much(self) -> int:
        """The number that stands out: how many are in hand, where goods come in or lie; else how many are left."""
        now, kind = self.session.instruction, self.session.kind
        if kind not in floor_words.IN_HAND:
            return now.left
        # What is left of all products, or of all counts, is no number of the product that stands there.
        mine = now.facts.get("units") or now.facts.get("asked")
        return int(mine or (0 if now.sku or kind == "count" else now.left))

    @property
    def is_at_end(self) -> bool:
        """Whether nothing is to be scanned any more but that it is done."""
        now = self.session.instruction
        return now.expects == "done" and (now.say != "take_photo" or bool(self.bench and self.bench.photos))

    @property
    def is_over(self) -> bool:
        """Whether nothing is left of this piece of work."""
        return self.session.instruction.say in floor_words.OVER

    @property
    def may_be_done(self) -> bool:
        """Whether there is a button that says done."""
        now, kind = self.session.instruction, self.session.kind
        if now.say in floor_words.NOTHING_TO_END:
            return False
        if kind == "return":
            return now.expects in ("item", "done") and now.stops_done > 0
        return now.expects == "done" or kind in floor_words.DONE or now.say == "scan_readable_serial"

    @property
    def is_done_next(self) -> bool:
        """Whether saying done is what comes next, most likely."""
        return self.is_at_end or self.session.instruction.say in ("count_arrival", "count_more")

    @property
    def may_be_keyed(self) -> bool:
        """Whether how many there are can be keyed in."""
        now, kind = self.session.instruction, self.session.kind
        if (
            self.is_over
            or now.expects == "done"
            or now.say in floor_words.NOTHING_IN_HAND
            or (kind == "pack" and not now.stops_done)
        ):
            return False
        return kind != "return" or now.expects == "verdict"

    @property
    def doubted_g(self) -> int | None:
        """A weight that was just refused as not fitting, which its person may confirm."""
        last = self.answers[-1] if self.answers else None
        return last.instruction.facts.get("measured_g") if last and last.refusal == "weight_off" else None

    def told(self, said: Instruction | Notice) -> floor_words.Told:
        """A sentence, to be translated."""
        return floor_words.told(said)

    def facts(self, said: Instruction) -> list[floor_words.Fact]:
        """What a refusal knows."""
        return floor_words.facts_of(said)


class MapShown(msgspec.Struct, frozen=True):
    """The way of a walk, or how to fill a carton, as a picture within the page: one of the two."""

    session: SessionNow
    walk: Callable[[Ends], Near] | None = None
    filling: str = ""

    def way(self, start: str, end: str, both: str) -> Near | None:
        """The way, with these words where it begins and ends."""
        return self.walk(Ends(start, end, both)) if self.walk else None

    def source(self, svg: str) -> str:
        """A picture as its own address."""
        return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


@page("/floor/sessions/{id}", template="floor_session.html", scope="floor:write", title=_("Work"), section="floor",
      within=_its_own)  # fmt: skip
def session(asked: Asked[SessionQuery]) -> SessionShown:
    """What is to be done now, and what came of the scans that were just sent."""
    found = get_session(asked.tx, asked.at["id"])
    since = asked.query.since if asked.query else None
    answers = list_answers(asked.tx, found.id, since, found.next_n) if since is not None else []
    now = asked.tx.now if abs(asked.tx.now - datetime.now(UTC)) < CLOCKS_APART else None
    bench = bench_of(asked.tx, found.subject) if found.kind == "pack" else None
    differs = asked.query is not None and asked.query.differs
    photos = _photos(asked.tx, str(found.instruction.facts.get("return", ""))) if found.kind == "return" else []
    return SessionShown(found, answers, now, differs, bench, idle_s(asked.tx), photos)


def _photos(tx: Tx, number: str) -> list[ReturnPhotoShown]:
    """What the customer shows of a return."""
    row: Any = number and tx.row("SELECT id::text FROM return_request WHERE number = %(number)s", number=number)
    return list_return_photos(tx, row.id) if row else []


@page("/floor/sessions/{id}/map", template="floor_map.html", scope="floor:write", title=_("Picture"), section="floor",
      within=_its_own)  # fmt: skip
def way(asked: Asked[None]) -> MapShown:
    """The map of the walk that a session picks; how to fill the carton that it packs."""
    found = get_session(asked.tx, asked.at["id"])
    if found.kind not in ("pick", "pack") or not found.instruction.picture:
        raise Refusal("not_found")
    if found.kind == "pick":
        return MapShown(found, walk=draw_walk_near(asked.tx, found.subject, found.instruction.where))
    return MapShown(found, filling=packing_picture(asked.tx, found.subject, PictureQuery(columns=1)))


def _scanned(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Scans as the form brings them. A command counts before what was left in the field; grams are as a scale's."""
    scans = []
    for each in tree.get("scans", ()):
        told = {name: text for name, text in each.items() if name != "code" or "command" not in each}
        if "grams" in told:
            told["code"] = f"={told.pop('grams')}g"
        if "code" in told:
            told["code"] = told["code"].replace(SHOWN_SEPARATOR, SEPARATOR)
        scans.append(told)
    return {"scans": scans}


def _look_at(answer: Mapping[str, Any], at: Mapping[str, str]) -> str:
    answers = answer.get("answers", ())
    differing = [each["n"] for each in answers if each.get("refusal") in NOT_KEPT]
    told = [each["n"] for each in answers if each["n"] not in differing]
    since = min(told, default=answer["next_n"])
    return f"/floor/sessions/{at['id']}?since={since}{'&differs=true' if differing else ''}"


scan = deed("/floor/sessions/{id}", sessions.scan, page=session, then=_look_at, body=_scanned)


def _next(answer: Mapping[str, Any], at: Mapping[str, str]) -> str:
    """Where to begin the next piece: packers go on packing, all others look what there is."""
    site = urlencode({"site": answer["site"]})
    return f"/floor/begin/pack?{site}" if answer["kind"] == "pack" else f"/floor?{site}"


close = deed(
    "/floor/sessions/{id}/close", sessions.close_session, page=session, then=_next, said=_("This work is closed.")
)
