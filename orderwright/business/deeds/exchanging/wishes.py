"""What may go out for what comes back, and what it costs: to the minor unit, before anything is sent."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from orderwright.business.catalog.reads import Product, catalog_of
from orderwright.business.catalog.variants import Variant, siblings_of
from orderwright.business.deeds.invoice import names_of
from orderwright.business.deeds.settle import Account
from orderwright.business.returns.forms import AskedLine
from orderwright.business.returns.rules import price_in_exchange
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


class Wish(NamedTuple):
    """Units that go out for units of a line. price_minor, tax_minor: of one unit, the tax within the price."""

    position: int
    sku: str
    units: int
    price_minor: int
    tax_minor: int

    @property
    def total_minor(self) -> int:
        """What all of them cost."""
        return self.price_minor * self.units


class Wishes:
    """What may go out for lines of orders. A constant number of statements, however many orders."""

    def __init__(self, tx: Tx, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._skus = {key: sku for key, (sku, _title) in names_of(tx, list(accounts)).items()}
        self._variants = siblings_of(tx, self._skus.values())
        wanted = {each.sku for mine in self._variants.values() for each in mine}
        self._products = catalog_of(tx).products(tx, wanted | set(self._skus.values()))

    def variants_of(self, order_id: str, position: int) -> list[Variant]:
        """What may go out for a line: the same, where it is still sold, then others of its family."""
        return self._variants.get(self.sku_of(order_id, position), [])

    def sku_of(self, order_id: str, position: int) -> str:
        """The product of a line."""
        return self._skus.get((order_id, position), "")

    def wish_of(self, order_id: str, position: int, sku: str, units: int) -> Wish | Refusal:
        """Units of a product for a line, with their price. Refuses not_a_variant."""
        if sku not in {each.sku for each in self.variants_of(order_id, position)}:
            return Refusal("not_a_variant", position=position, sku=sku)
        account = self._accounts[order_id]
        (line,) = [each for each in account.lines if each.position == position]
        more = self.difference(order_id, position, sku)
        price = price_in_exchange(line.goods_minor, line.tax_minor, line.quantity, more)
        return Wish(position, sku, units, *price)

    def wishes_of(self, order_id: str, lines: Sequence[AskedLine]) -> list[Wish] | Refusal:
        """All that the lines of a return ask for, by line and product. Refuses not_a_variant."""
        units: dict[tuple[int, str], int] = {}
        for line in lines:
            if line.exchange:
                units[line.position, line.exchange] = units.get((line.position, line.exchange), 0) + line.quantity
        found = []
        for (position, sku), count in units.items():
            wish = self.wish_of(order_id, position, sku, count)
            if isinstance(wish, Refusal):
                return wish
            found.append(wish)
        return found

    def difference(self, order_id: str, position: int, new: str) -> int:
        """What the list says a product costs more than a line's, minor units; nothing in another currency."""
        old, currency = self._skus[order_id, position], self._accounts[order_id].currency
        before, after = self._products.get(old), self._products.get(new)
        return _listed(after, currency) - _listed(before, currency) if before and after and old != new else 0


def _listed(product: Product, currency: str) -> int:
    return product.price_minor if product.currency == currency else 0
