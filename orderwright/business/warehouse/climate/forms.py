"""What devices and people tell of the air, and what they hear."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.values.forms import Command, Form, Word

Kind = Literal["temperature", "humidity"]
Milli = Annotated[int, Meta(ge=-273_150, le=1_000_000)]
Zone = Annotated[str, Meta(max_length=64)]
Instant = Annotated[datetime, Meta(tz=True)]


class LimitForm(Form, frozen=True):
    """Limits of a zone, in thousandths of a degree Celsius or of a per cent of relative humidity.

    storage_class: for places of that class alone. minutes: how long it may be outside.
    """

    kind: Kind
    min_milli: Milli
    max_milli: Milli
    minutes: Annotated[int, Meta(ge=0, le=10_080)]
    zone: Zone = ""
    storage_class: Zone = ""


class PutLimit(LimitForm, frozen=True, kw_only=True):
    """A limit of a site, and who sets it."""

    site: str
    actor: str


class ReadingForm(Form, frozen=True):
    """One reading. device: its name, or that of who read it by hand."""

    kind: Kind
    milli: Milli
    device: Word
    occurred_at: Instant
    zone: Zone = ""


class ReadingsForm(Form, frozen=True):
    """Readings of a site, in any order, late ones too. The same reading again counts once."""

    site: Word
    readings: Annotated[list[ReadingForm], Meta(min_length=1, max_length=1_000)]


class TakeReadings(Command, frozen=True):
    """Readings, and who sends them."""

    form: ReadingsForm


class BreachShown(msgspec.Struct, frozen=True, omit_defaults=True):
    """Outside of a limit for too long. units: quarantined. is_doubtful: later readings say it was not so long."""

    id: str
    zone: str
    storage_class: str
    kind: str
    device: str
    began_at: datetime
    worst_milli: int
    units: int
    ended_at: datetime | None = None
    is_doubtful: bool = False


class ReadingsTaken(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many readings were new, and the breaches they show."""

    site: str
    taken: int
    repeated: int
    breaches: list[BreachShown] = []


class LatestReading(msgspec.Struct, frozen=True):
    """What a device read last."""

    zone: str
    kind: str
    device: str
    milli: int
    occurred_at: datetime


class ClimateQuery(Form, frozen=True):
    """Of which site."""

    site: Word


class Climate(msgspec.Struct, frozen=True):
    """The limits of a site, what was read last, and the latest breaches."""

    site: str
    limits: list[LimitForm]
    latest: list[LatestReading]
    breaches: list[BreachShown]
