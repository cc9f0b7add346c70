"""Fitting a profile to the store a file is taken into."""

from typing import NamedTuple

import msgspec

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.imports.profile import Profile
from orderwright.database.tx import Tx
from orderwright.values.phrases import Phrase, phrase

UNSAID = Profile().channel


class Fitted(NamedTuple):
    """The profile to read with, and sentences on what was taken from the store."""

    profile: Profile
    reasons: list[Phrase]


def fit_profile(tx: Tx, profile: Profile, channel: str | None = None) -> Fitted:
    """Fill in what a profile leaves open of channel and currency.

    The channel said by hand wins; a profile that names none takes the store's only one. A profile without a
    currency takes its channel's.
    """
    known = {code: each for code, each in catalog_of(tx).channels.items() if each.is_active}
    reasons: list[Phrase] = []
    chosen = channel or profile.channel
    if channel is None and profile.channel == UNSAID and UNSAID not in known and len(known) == 1:
        chosen = next(iter(known))
        reasons.append(phrase("Orders come in by {channel!r}, the store's only channel.", channel=chosen))
    currency = profile.currency
    if not currency and chosen in known:
        currency = known[chosen].currency
        reasons.append(
            phrase(
                "Amounts are in {currency}, the currency of channel {channel!r}, where the file says nothing.",
                currency=currency,
                channel=chosen,
            )
        )
    return Fitted(msgspec.structs.replace(profile, channel=chosen, currency=currency), reasons)
