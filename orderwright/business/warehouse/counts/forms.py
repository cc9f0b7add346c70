"""What people say about counts, and what they are told."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.values.forms import Command, Form, Word
from orderwright.values.pages import After, Limit

LINES_MAX = 10_000
Instant = Annotated[datetime, Meta(tz=True)]
Lot = Annotated[str, Meta(max_length=64)]
CountState = Literal["open", "counting", "done", "cancelled"]


class AskCountForm(Form, frozen=True):
    """A bin to be counted; with `sku`, one product in it alone. The highest priority is counted first."""

    site: Word
    place: Word
    sku: Annotated[str, Meta(max_length=64)] = ""
    priority: Annotated[int, Meta(ge=0, le=100)] = 30


class AskCount(AskCountForm, frozen=True, kw_only=True):
    """A count that somebody wants."""

    actor: str


class BeginForm(Form, frozen=True):
    """Who counts."""

    counter: Word


class BeginCount(BeginForm, frozen=True, kw_only=True):
    """Somebody goes to count."""

    count_id: str
    actor: str


class CountedLine(Form, frozen=True):
    """Units found of a product, by lot where it has lots. counted_at: when, by whoever counted; without one, now."""

    sku: Word
    counted: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    lot: Lot = ""
    counted_at: Instant | None = None


class EnterForm(Form, frozen=True):
    """All that was found. What is not named was not there: it is counted 0, at the time of the last line."""

    counter: Word
    lines: Annotated[list[CountedLine], Meta(max_length=LINES_MAX)]
    counted_at: Instant | None = None


class EnterCount(EnterForm, frozen=True, kw_only=True):
    """What was found in a round of a count."""

    count_id: str
    actor: str


class CancelCount(Command, frozen=True):
    """A count nobody needs."""

    count_id: str


class CountFound(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the last round of a count found. booked: by the books at the moment of counting.

    posted: what the books were changed by.
    """

    sku: str
    counted: int
    booked: int
    lot: str = ""
    posted: int = 0


class CountShown(msgspec.Struct, frozen=True, omit_defaults=True):
    """A count. While it is open it tells nothing of what the books say: people count what is there.

    sku: '' all that lies there. counted_by: of the rounds before. found: once it is done.
    """

    id: str
    site: str
    place: str
    zone: str
    sku: str
    reason: str
    state: str
    round: int
    priority: int
    made_at: datetime
    due_at: datetime
    counter: str = ""
    counted_by: list[str] = []
    started_at: datetime | None = None
    ended_at: datetime | None = None
    found: list[CountFound] = []
    repeated: bool = False


class CountQuery(Form, frozen=True):
    """Which counts of a site: those to be done, what is wanted first at the top, or those that ended, latest first."""

    site: Word
    state: CountState = "open"
    reason: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    after: After | None = None
    limit: Limit = 50


TAGS_MAX = 20_000


class TagPass(Form, frozen=True):
    """What a reader heard in one pass of a place: EPC tags, 24 hexadecimal digits each; the same twice counts once."""

    place: Word
    tags: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=TAGS_MAX)]


class TagForm(Form, frozen=True):
    """A bulk read of bins of a site, at most 20,000 tags in all. The same reference again is answered as before."""

    site: Word
    reference: Word
    passes: Annotated[list[TagPass], Meta(min_length=1, max_length=1_000)]
    read_at: Instant | None = None


class CountTags(Command, frozen=True):
    """A bulk read, and who made it."""

    form: TagForm


class StrayTag(msgspec.Struct, frozen=True):
    """A tag that counted nowhere. why: not_booked (its product is not booked there), seldom_heard, held_elsewhere."""

    tag: str
    sku: str
    place: str
    why: str


class PlaceTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was read in a place. found: what differed and was booked. to_count: products somebody is to count."""

    place: str
    count_id: str
    products: int
    units: int
    found: list[CountFound] = []
    to_count: list[str] = []


class TagsCounted(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a bulk read: reads as they came, tags without repetitions.

    strays: the first thousand. unreadable, cartons, unknown: tags that are none, of cartons, of no product of ours.
    """

    site: str
    reference: str
    reads: int
    tags: int
    places: list[PlaceTold]
    strays: list[StrayTag] = []
    strays_in_all: int = 0
    unreadable: int = 0
    cartons: int = 0
    unknown: int = 0
    repeated: bool = False
