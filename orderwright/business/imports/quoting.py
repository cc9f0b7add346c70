"""Cells kept from becoming formulas in a spreadsheet, and turned back when the file returns."""

import re

# What a spreadsheet may run or swallow at the start of a cell; the full-width signs count in Japanese ones.
_DANGEROUS = re.compile("['=+\\-@\t\r\n\0＝＋－＠]")
_NEGATIVE = re.compile(r"-\d+(?:[.,]\d+)*")


def quoted(cell: str) -> str:
    """The cell, behind an apostrophe if a spreadsheet could take it for a formula.

    A plain negative number stays a number. `restored` undoes it for every text.
    """
    if _DANGEROUS.match(cell) and not _NEGATIVE.fullmatch(cell):
        return "'" + cell
    return cell


def restored(cell: str) -> str:
    """What `quoted` was given."""
    return cell.removeprefix("'")
