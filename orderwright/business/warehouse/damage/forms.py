"""What people say about broken goods, and what they are told."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orderwright.values.forms import Command, Form, Units, Word
from orderwright.values.pages import After, Limit


class DamageForm(Form, frozen=True):
    """Units that cannot be sold. photo: where a picture of them is kept. The same reference again counts once.

    serials: which units they are, of products tracked by serial; each or none.
    """

    site: Word
    sku: Word
    quantity: Units
    reason: Literal["damaged", "defective", "expired", "contaminated"]
    place: Word = "STOCK"
    lot: Annotated[str, Meta(max_length=64)] = ""
    serials: Annotated[list[Word], Meta(max_length=1_000)] = msgspec.field(default_factory=list)
    sent_to: Literal["quarantine", "scrap"] = "quarantine"
    photo: Annotated[str, Meta(max_length=200)] = ""
    note: Annotated[str, Meta(max_length=500)] = ""
    reference: Annotated[str, Meta(max_length=40)] = ""


class ReportDamage(Command, frozen=True):
    """Somebody takes units out of sale."""

    form: DamageForm


class JudgeForm(Form, frozen=True):
    """What becomes of them: scrap, or restock into `place`, which is where they lay if nothing is said."""

    verdict: Literal["scrap", "restock"]
    place: Annotated[str, Meta(max_length=64)] = ""


class JudgeDamage(JudgeForm, frozen=True, kw_only=True):
    """A supervisor judges what was taken out."""

    damage_id: str
    actor: str


class DamageQuery(Form, frozen=True):
    """Of which site: what is to be judged, the oldest first, or what was, the latest first."""

    site: Word
    state: Literal["open", "judged"] = "open"
    after: After | None = None
    limit: Limit = 50


class DamageShown(msgspec.Struct, frozen=True, omit_defaults=True):
    """Units taken out of sale, and what was decided. `repeated`: it was so before."""

    id: str
    site: str
    place: str
    sku: str
    units: int
    reason: str
    sent_to: str
    reported_by: str
    reported_at: datetime
    lot: str = ""
    reference: str = ""
    photo: str = ""
    note: str = ""
    verdict: str = ""
    judged_by: str = ""
    judged_at: datetime | None = None
    serials: list[str] = []
    repeated: bool = False
