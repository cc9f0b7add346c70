"""Every verb of stock. Documents (receipts ...) for people, the rest for other areas and deeds."""

from orderwright.business.stock.adjustments import adjust, adjustment_shortfalls
from orderwright.business.stock.arrivals import transfer_in
from orderwright.business.stock.bins import Pick, Want, commit_bins, uncommit_bins
from orderwright.business.stock.closing import close_transfers
from orderwright.business.stock.expiry import expire_lots, expiry_shortfalls
from orderwright.business.stock.moves import Move, move_units
from orderwright.business.stock.promises import (
    allocate_freely,
    give_back,
    put_safety_stock,
    take,
    wait_less,
    wait_more,
)
from orderwright.business.stock.receipts import receive
from orderwright.business.stock.rules import Shortfall
from orderwright.business.stock.tables import lock_counters, lock_lying
from orderwright.business.stock.transfers import dispatch_shortfalls, transfer, transfer_out, transfer_shortfalls

__all__ = [
    "Move",
    "Pick",
    "Shortfall",
    "Want",
    "adjust",
    "adjustment_shortfalls",
    "allocate_freely",
    "close_transfers",
    "commit_bins",
    "dispatch_shortfalls",
    "expire_lots",
    "expiry_shortfalls",
    "give_back",
    "lock_counters",
    "lock_lying",
    "move_units",
    "put_safety_stock",
    "receive",
    "take",
    "transfer",
    "transfer_in",
    "transfer_out",
    "transfer_shortfalls",
    "uncommit_bins",
    "wait_less",
    "wait_more",
]
