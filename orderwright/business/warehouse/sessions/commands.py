"""Commands on a card: barcodes that only this store can have printed."""

from base64 import b32encode
from collections.abc import Mapping, Sequence
from hmac import compare_digest

import msgspec

from orderwright.business.warehouse.rules import ShortReason
from orderwright.database.seals import seals_of
from orderwright.database.tx import Tx

PREFIX = "X:"
_BYTES = 10
PRINTED: Mapping[str, tuple[str, ShortReason]] = {
    "short-missing": ("short", "missing"),
    "short-damaged": ("short", "damaged"),
    "short-expired": ("short", "expired"),
    "full": ("full", "missing"),
    "skip": ("skip", "missing"),
    "back": ("back", "missing"),
    "done": ("done", "missing"),
    "pause": ("pause", "missing"),
}
"""Name on the card -> the command and, of `short`, its reason."""


class CommandCode(msgspec.Struct, frozen=True):
    """A command to be printed as a barcode."""

    name: str
    code: str


def command_codes(tx: Tx) -> list[CommandCode]:
    """The barcodes of all commands: made by this store, and read by it alone."""
    return [CommandCode(name, code) for name, code in zip(PRINTED, _codes(tx, list(PRINTED)), strict=True)]


def read_command(tx: Tx, text: str) -> tuple[str, ShortReason] | None:
    """The command that a barcode stands for; None where it is none of this store's."""
    name = text.removeprefix(PREFIX).partition("/")[0]
    if not text.startswith(PREFIX) or name not in PRINTED or not text.isascii():
        return None
    [code] = _codes(tx, [name])
    return PRINTED[name] if compare_digest(code, text) else None


def _codes(tx: Tx, names: Sequence[str]) -> list[str]:
    seals = seals_of(tx, "scan command", names)
    return [
        f"{PREFIX}{name}/{b32encode(seal[:_BYTES]).decode()}" for name, seal in zip(names, seals, strict=True)
    ]  # fmt: skip
