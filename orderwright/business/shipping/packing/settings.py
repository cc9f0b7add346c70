"""What a store decides about packing."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.business.shipping.packing.risk import RiskWeights
from orderwright.business.warehouse.cartons.model import PackingRules
from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx

Small = Annotated[int, Meta(ge=0, le=100_000)]

DIVISOR = Setting(
    "packing.divisor_cm3_per_kg", Small, 5_000,
    "Cubic centimetres a carrier bills as a kilogram, for parcels that are large for their weight; 0: volume is free.",
)  # fmt: skip
FILL_MINOR = Setting(
    "packing.fill_minor_per_litre",
    Small,
    0,
    "What a litre of void fill costs, in minor units of the currency of carriers' prices.",
)
FILL_G = Setting("packing.fill_g_per_litre", Small, 10, "What a litre of void fill weighs, in grams.")
SUPPORT = Setting(
    "packing.support_percent", Annotated[int, Meta(ge=0, le=100)], 75,
    "How much of a unit's base stands on the bottom or on other units.",
)  # fmt: skip
CLAIM_MINUTES = Setting(
    "packing.claim_minutes", Annotated[int, Meta(ge=1, le=1_440)], 30,
    "For how long a fulfilment is kept for who began to pack it.",
)  # fmt: skip
CHECKS_BIND = Setting(
    "packing.checks_bind", bool, False,
    "Whether parcels are refused without the check their order's risk asks for, also when packed by a plain call."
    " A scan session always asks for it.",
)  # fmt: skip
WEIGHTS: Setting[Any] = Setting(
    "packing.risk", RiskWeights, msgspec.to_builtins(RiskWeights()),
    "Points for what makes an order risky, and from how many points it is weighed, scanned, photographed or looked at"
    " by a second person.",
)  # fmt: skip
SETTINGS: tuple[Setting[Any], ...] = (DIVISOR, FILL_MINOR, FILL_G, SUPPORT, CLAIM_MINUTES, CHECKS_BIND, WEIGHTS)


def packing_rules(tx: Tx) -> PackingRules:
    """How this store's cartons are filled."""
    return PackingRules(
        support_percent=value_of(tx, SUPPORT),
        fill_minor_per_litre=value_of(tx, FILL_MINOR),
        fill_g_per_litre=value_of(tx, FILL_G),
    )


def risk_weights(tx: Tx) -> RiskWeights:
    """What makes an order risky in this store."""
    return msgspec.convert(value_of(tx, WEIGHTS), RiskWeights)
