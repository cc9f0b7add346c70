"""What every written form shares: how it is read, and the words of limited length it is made of."""

from typing import Annotated

import msgspec
from msgspec import Meta

Word = Annotated[str, Meta(min_length=1, max_length=64)]
"""A short code or reference: sku, site, channel, place, lot, order reference."""
Text = Annotated[str, Meta(max_length=500)]
Decimal = Annotated[str, Meta(max_length=24)]
"""Money as a decimal string, read by `values.money`; its form is a finding, not a parse error."""
Amount = Annotated[str, Meta(pattern=r"^[0-9]{1,18}([.][0-9]{1,6})?$")]
"""Money not below zero; whether its decimals are the currency's is told by who knows the currency."""
Units = Annotated[int, Meta(ge=1, le=1_000_000_000)]


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of everything a caller writes: unknown fields are refused."""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what an action is told: the form a caller wrote, where to, and who asks."""

    actor: str


class AddressForm(Form, frozen=True):
    """Where to. `country` is ISO 3166-1 alpha-2; `region` a state code where the country has them."""

    country: Annotated[str, Meta(max_length=2)]
    name: Text = ""
    company: Text = ""
    lines: Annotated[list[Text], Meta(max_length=6)] = msgspec.field(default_factory=list)
    city: Text = ""
    region: Text = ""
    postal_code: Annotated[str, Meta(max_length=20)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
