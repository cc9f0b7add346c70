"""What shipping needs of a carrier. Links implement it; nothing here knows one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from orderwright.values.forms import AddressForm


class ParcelToShip(NamedTuple):
    """A parcel as a carrier is asked to take it. `key`: the idempotency key, the same when asked again.

    quoted_minor: what our rate card says it costs, in minor units of `currency`; None when the service does
    not go there. account: ours at the carrier, '' where none is written down.
    """

    key: str
    carrier: str
    number: str
    service: str
    weight_g: int
    sender: AddressForm
    recipient: AddressForm
    quoted_minor: int | None
    currency: str
    account: str = ""


class BoughtLabel(NamedTuple):
    """What a carrier answers: `content` goes to the printer as it is (ZPL)."""

    tracking_code: str
    cost_minor: int
    currency: str
    content: str


class LabelToVoid(NamedTuple):
    """A label that will not be used. `key` as for the purchase."""

    key: str
    carrier: str
    tracking_code: str


class CarrierSaidNo(Exception):
    """The carrier answered and will not do it; `str()` says why. Asking again changes nothing."""


class NoAnswer(Exception):
    """No answer came: it may have happened or not."""


class ShippedParcel(NamedTuple):
    """A parcel on its way, as a carrier that tells its scans by itself needs it."""

    tracking_code: str
    handed_over_at: datetime
    arrives_on: date
    time_zone: str


class Scan(NamedTuple):
    """What a carrier says of a parcel: `milestone` is one of `rules.MILESTONES`, `external_id` its own name for it."""

    external_id: str
    milestone: str
    detail: str
    occurred_at: datetime


class Carrier(Protocol):
    """A carrier. Each call is made outside any transaction and may raise CarrierSaidNo or anything else.

    buy_label, void_label: idempotent by the request's key. find_label, is_voided: what became of a call
    whose answer never came; None and False when it never happened.
    """

    def buy_label(self, parcel: ParcelToShip) -> BoughtLabel:
        """Buy a label."""
        ...

    def find_label(self, parcel: ParcelToShip) -> BoughtLabel | None:
        """The label bought under the request's key."""
        ...

    def void_label(self, label: LabelToVoid) -> None:
        """Take a label back."""
        ...

    def is_voided(self, key: str) -> bool:
        """Whether the label was taken back under this key."""
        ...


class SelfTelling(Protocol):
    """A carrier whose scans can be told in advance: the practice carrier."""

    def scans_of(self, parcel: ShippedParcel) -> Sequence[Scan]:
        """All scans the parcel will have, in order of time."""
        ...
