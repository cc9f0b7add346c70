"""The account of an import: where every row, unit and penny of the file went."""

from collections import Counter
from typing import Any, NamedTuple

from orderwright.business.imports.reading import Notes
from orderwright.business.imports.results import (
    BUCKETS,
    BadRow,
    LeftOut,
    NotGoods,
    ReadAdjustment,
    ReadCredit,
    ReadOrder,
    ReadResult,
    ReadWriteOff,
)
from orderwright.values.money import format_minor

_SHOWN = 10


class Tally(NamedTuple):
    """Rows, units and amount (minor units, the file's own signs) counted under one name."""

    rows: int = 0
    units: int = 0
    amount_minor: int = 0

    def plus(self, rows: int, units: int, amount_minor: int) -> "Tally":
        """This and that much more."""
        return Tally(self.rows + rows, self.units + units, self.amount_minor + amount_minor)


class ImportReport:
    """Counts results as they come; `close` with the reading's notes, then ask.

    The two sides are counted apart: `notes` before rows are sorted, the tallies from what came of them.
    """

    def __init__(self) -> None:
        self.tallies: dict[tuple[str, str, str], Tally] = {}
        self.kinds: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()
        self.guests = self.without_country = 0
        self.notes = Notes()
        self._countries: dict[str, str] = {}
        self._two_countries: set[str] = set()
        self._prices: dict[str, str] = {}
        self._priced_twice: set[str] = set()

    def add(self, result: ReadResult) -> None:
        """Count one result."""
        for bucket, name, rows, units, amount_minor in result.booked:
            key = (bucket, name, result.currency)
            self.tallies[key] = self.tallies.get(key, Tally()).plus(rows, units, amount_minor)
        self.kinds[_KINDS[type(result)]] += 1
        if isinstance(result, ReadOrder):
            self._notice(result)
        elif isinstance(result, BadRow):
            self.findings.update({finding.code for finding in result.findings})

    def close(self, notes: Notes) -> None:
        """Take over what the reading counted and noticed."""
        self.notes = notes

    @property
    def customers_in_two_countries(self) -> list[str]:
        """Customers whose orders went to more than one country, by reference."""
        return sorted(self._two_countries)

    @property
    def prices_changed(self) -> int:
        """Products ordered at more than one unit price."""
        return len(self._priced_twice)

    def bucket(self, bucket: str) -> dict[str, Tally]:
        """A bucket's tallies by currency ("" where rows have none)."""
        sums: dict[str, Tally] = {}
        for (name, _, currency), tally in self.tallies.items():
            if name == bucket:
                sums[currency] = sums.get(currency, Tally()).plus(*tally)
        return sums

    def differences(self) -> list[str]:
        """What does not add up, in words; empty when every row, unit and amount is in exactly one bucket."""
        rows = sum(tally.rows for tally in self.tallies.values())
        units: Counter[str] = Counter()
        amounts: Counter[str] = Counter()
        for (_, _, currency), tally in self.tallies.items():
            units[currency] += tally.units
            amounts[currency] += tally.amount_minor
        found = [] if rows == self.notes.rows else [f"rows: {self.notes.rows} read, {rows} accounted for"]
        for what, read, told in (
            ("units", self.notes.units, units),
            ("amount", self.notes.amounts_minor, amounts),
        ):
            found += [
                f"{what} {currency}: {read[currency]} read, {told[currency]} accounted for"
                for currency in sorted(read.keys() | told.keys())
                if read[currency] != told[currency]
            ]
        return found

    def adds_up(self) -> bool:
        """Whether every input row landed in exactly one bucket, with its units and money."""
        return not self.differences()

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values: amounts in minor units beside their currency."""
        notes = self.notes
        return {
            "rows": notes.rows,
            "adds_up": self.adds_up(),
            "differences": self.differences(),
            "buckets": [
                {"bucket": bucket, "name": name, "currency": currency, **tally._asdict()}
                for (bucket, name, currency), tally in self._sorted()
            ],
            "results": dict(self.kinds),
            "findings": dict(self.findings),
            "duplicate_rows": notes.duplicates,
            "codes_renamed": len(notes.renamed),
            "codes_renamed_rows": notes.renamed.total(),
            "codes_renamed_most": [
                {"written": written, "sku": sku, "rows": rows}
                for (written, sku), rows in notes.renamed.most_common(_SHOWN)
            ],
            "products_at_several_prices": self.prices_changed,
            "customers_in_two_countries": self.customers_in_two_countries,
            "orders_of_guests": self.guests,
            "orders_without_country": self.without_country,
            "orders_with_two_times": notes.orders_with_two_times,
            "orders_not_standing_together": notes.scattered_orders,
            "times_as_clocks_change": notes.clock_change_times,
            "remarks": notes.remarks,
        }

    def lines(self) -> list[str]:
        """The report for people, one sentence or table row a line."""
        notes = self.notes
        told = [f"{'':<36}{'rows':>10}{'units':>12}{'amount':>21}"]
        for bucket, words in BUCKETS.items():
            names = [(name, cur, tally) for (b, name, cur), tally in self._sorted() if b == bucket]
            for currency, tally in self.bucket(bucket).items():
                told.append(_row(words, tally, currency))
            if any(name for name, _, _ in names):
                told += [_row(f"  {name or words}", tally, currency) for name, currency, tally in names]
        for currency in sorted(notes.units) or [""]:
            everything = Tally(notes.rows, notes.units[currency], notes.amounts_minor[currency])
            told.append(_row("all rows of the file", everything, currency))
        told.append("Every row is accounted for." if self.adds_up() else "It does not add up: ")
        told += self.differences()
        told.append(
            f"{self.kinds['orders']:,} orders, {self.kinds['credits']:,} credit notes, "
            f"{self.kinds['stock_changes']:,} changes of stock, {self.kinds['bad_rows']:,} bad rows."
        )
        return told + self._noticed()

    def text(self) -> str:
        """`lines` as one text."""
        return "\n".join(self.lines()) + "\n"

    def _noticed(self) -> list[str]:
        notes = self.notes
        dropped = self.bucket("duplicate")
        fate = "dropped as repeats" if dropped else "kept, since equal rows are real quantity"
        counted = [
            (f"Rows equal to an earlier row of their order ({fate})", notes.duplicates),
            (f"Codes given their normal form (in {notes.renamed.total():,} rows)", len(notes.renamed)),
            ("Products sold at more than one price", self.prices_changed),
            ("Customers who ordered to more than one country", len(self._two_countries)),
            ("Orders without a customer (guests)", self.guests),
            ("Orders that name no country and will wait for an address", self.without_country),
            ("Orders with two times, of which the earlier counts", notes.orders_with_two_times),
            ("Orders with other orders' rows between their own", notes.scattered_orders),
            ("Orders placed while clocks changed, at the earlier of two readings", notes.clock_change_times),
        ]
        return [f"{words}: {count:,}" for words, count in counted if count] + notes.remarks

    def _notice(self, order: ReadOrder) -> None:
        form = order.form
        customer, country = form.customer.reference or form.customer.email, form.ship_to.country
        self.guests += not (customer or form.customer.name or form.customer.phone)
        self.without_country += not country
        if customer and country and self._countries.setdefault(customer, country) != country:
            self._two_countries.add(customer)
        prices = self._prices
        for line in form.lines:
            if prices.setdefault(line.sku, line.unit_price) != line.unit_price:
                self._priced_twice.add(line.sku)

    def _sorted(self) -> list[tuple[tuple[str, str, str], Tally]]:
        order = {bucket: place for place, bucket in enumerate(BUCKETS)}
        return sorted(self.tallies.items(), key=lambda item: (order[item[0][0]], item[0][1:]))


_KINDS: dict[type, str] = {
    ReadOrder: "orders",
    ReadCredit: "credits",
    ReadWriteOff: "stock_changes",
    ReadAdjustment: "adjustments",
    NotGoods: "not_goods",
    LeftOut: "left_out",
    BadRow: "bad_rows",
}


def _row(words: str, tally: Tally, currency: str) -> str:
    amount = ""
    if currency:
        whole, point, decimals = format_minor(abs(tally.amount_minor), currency).partition(".")
        amount = f"{'-' if tally.amount_minor < 0 else ''}{int(whole):,}{point}{decimals} {currency}"
    return f"{words:<36}{tally.rows:>10,}{tally.units:>12,}{amount:>21}"
