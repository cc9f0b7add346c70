"""Amounts in files of goods, read with the marks their columns show: spreadsheets of each country have their own."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import NamedTuple

from orderwright.business.imports.findings import Wrong, wrong_at
from orderwright.business.imports.goods_columns import Field, Value
from orderwright.business.imports.guessing import marks_of
from orderwright.business.imports.numbers import plain_number
from orderwright.business.imports.sheets import Sheet
from orderwright.values.phrases import phrase

NOTHING = "-"
"""Empties an amount that may be none."""


class WrittenAmounts(NamedTuple):
    """How the amounts of a file are written. plain: reads one; None: they stand in the house's own form."""

    fields: Sequence[str]
    plain: Callable[[str], str | None] | None

    def put_plain(self, values: MutableMapping[str, Value]) -> list[Wrong]:
        """Put a row's amounts in the house's own form; what is wrong with those that are written otherwise."""
        wrong: list[Wrong] = []
        for name in self.fields if self.plain else ():
            cell = values.get(name, NOTHING)
            if self.plain is None or not isinstance(cell, str) or cell == NOTHING:
                continue
            plain = self.plain(cell)
            if plain is None:
                said = phrase('is not written as other amounts of this file are ("{value}")', value=cell[:40])
                wrong.append(wrong_at(name, said))
            else:
                values[name] = plain
        return wrong


def written_amounts(sheet: Sheet, at: Mapping[str, int], fields: Sequence[Field]) -> WrittenAmounts:
    """How the first rows of a file show its amounts to be written. at: where each field stands.

    Beside decimal commas a point can only stand between thousands, even where none of the first rows has one.
    """
    names = [each.name for each in fields if each.is_amount and each.name in at]
    values = [row[at[name]].strip() for row in sheet.sample() for name in names if at[name] < len(row)]
    decimal, thousands = marks_of(values)
    if decimal == ",":
        # a workbook's own numbers are written out as those beside them
        sheet.write_numbers_with(decimal)
        thousands = thousands or "."
    return WrittenAmounts(names, plain_number(decimal, thousands, ()) if thousands else None)
