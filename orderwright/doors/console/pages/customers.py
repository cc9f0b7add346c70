"""Customers: found, looked at with what they ordered, written down, changed."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from msgspec import Meta

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.customers.forms import CustomerCard, CustomerKept, PriceListNow
from orderwright.business.customers.price_reads import list_price_lists
from orderwright.business.customers.reads import get_customer
from orderwright.business.deeds.customer_record import COUNTED_MAX, CustomerRecord, get_customer_record
from orderwright.business.deeds.erase_customers import Erasing, look_at_erasing
from orderwright.business.orders.contacts import ContactShown
from orderwright.business.orders.customer_list import CustomerQuery, CustomerRow, list_customers
from orderwright.doors.api.routes import customers as routes
from orderwright.doors.api.within import whole_store
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.contact_words import words_of
from orderwright.doors.console.page import deed, page
from orderwright.doors.console.pages.history import Part, parts_of
from orderwright.doors.console.pages.order import order
from orderwright.doors.console.texts import LANGUAGES
from orderwright.doors.console.texts import text as _
from orderwright.values.countries import COUNTRIES
from orderwright.values.forms import AddressForm, Form
from orderwright.values.ids import new_id
from orderwright.values.pages import Page

READ, WRITE, SECTION = "orders:read", "orders:write", "customers"
MORE = 1
"""Empty addresses after those there are."""


class CustomersShown(NamedTuple):
    """Customers, and what was looked for. must_say: who sees a part of the shop alone says whom they look for."""

    page: Page[CustomerRow]
    q: str
    may_write: bool
    must_say: bool


class CustomerShown(NamedTuple):
    """A customer. changes: what people changed, and the parts of each. counted_max: nobody's orders count further."""

    record: CustomerRecord
    changes: Sequence[tuple[Any, Sequence[Part]]]
    may_write: bool
    may_erase: bool
    counted_max: int

    def contact_word(self, contact: ContactShown) -> tuple[str, str]:
        """Why and how they got in touch, in words."""
        return words_of(contact)


class CardShown(NamedTuple):
    """A customer to be changed, or a new one. version: 0 for a new one. country: of addresses that are empty yet."""

    id: str
    card: CustomerCard
    version: int
    address_rows: int
    price_lists: Sequence[PriceListNow]
    languages: Mapping[str, str]
    countries: Sequence[str]
    country: str


@page("/customers", template="customers.html", scope=READ, title=_("Customers"), section=SECTION)
def customers(asked: Asked[CustomerQuery]) -> CustomersShown:
    """The customers."""
    access, query = asked.access, asked.query
    found = list_customers(asked.tx, query, channels=access.channels, sites=access.sites)
    return CustomersShown(found, query.q, WRITE in access.scopes, access.is_limited)


@page("/customers/new", template="customer_card.html", scope=WRITE, title=_("New customer"), section=SECTION)
def adding(asked: Asked[None]) -> CardShown:
    """An empty card."""
    id_ = asked.tried.values.get("id", "") if asked.tried else ""
    return _card(asked, id_ or new_id(), CustomerCard(), 0)


@page("/customers/{id}", template="customer.html", scope=READ, title=_("Customer"), section=SECTION,
      within=routes.within_customer)  # fmt: skip
def customer(asked: Asked[routes.RecordQuery]) -> CustomerShown:
    """One customer."""
    access = asked.access
    record = get_customer_record(
        asked.tx, asked.at["id"], after=asked.query.after, channels=access.channels, sites=access.sites
    )
    changes = [(each, list(parts_of(each.before, each.after, "customer"))) for each in record.changes]
    is_kept = _is_kept(record.customer)
    may_erase = is_kept and "admin" in access.scopes and not access.is_limited
    return CustomerShown(record, changes, is_kept and WRITE in access.scopes, may_erase, COUNTED_MAX)


@page("/customers/{id}/edit", template="customer_card.html", scope=WRITE, title=_("Change a customer"), section=SECTION,
      within=routes.within_customer)  # fmt: skip
def changing(asked: Asked[None]) -> CardShown:
    """A customer's card."""
    kept = get_customer(asked.tx, asked.at["id"])
    return _card(asked, kept.id, kept.card, kept.version)


class JoinQuery(Form, frozen=True):
    """Whom somebody looks for."""

    q: Annotated[str, Meta(max_length=200)] = ""


class JoinShown(NamedTuple):
    """A customer, and who could be the same: those who fit what is looked for, at first those of the same surname."""

    customer: CustomerKept
    found: list[CustomerRow]
    q: str


@page("/customers/{id}/join", template="customer_join.html", scope=WRITE, title=_("The same customer"),
      section=SECTION, within=whole_store)  # fmt: skip
def joining(asked: Asked[JoinQuery]) -> JoinShown:
    """Which other customer this one is."""
    kept = get_customer(asked.tx, asked.at["id"])
    q = asked.query.q.strip() or kept.card.name.rpartition(" ")[2]
    found = list_customers(asked.tx, CustomerQuery(q=q, limit=10)).items if q else []
    return JoinShown(kept, [each for each in found if each.id != kept.id], q)


@page("/customers/{id}/erase", template="customer_erase.html", scope="admin", title=_("Erase a person's data"),
      section=SECTION, within=whole_store)  # fmt: skip
def erasing(asked: Asked[None]) -> Erasing:
    """What goes and what stays, before it is done."""
    return look_at_erasing(asked.tx, asked.at["id"])


def _card(asked: Asked[None], id_: str, card: CustomerCard, version: int) -> CardShown:
    catalog = catalog_of(asked.tx)
    country = next((catalog.sites[code].country for code in sorted(catalog.sites)), "")
    return CardShown(
        id_, card, version, len(card.addresses) + MORE, list_price_lists(asked.tx), LANGUAGES, list(COUNTRIES), country
    )


def _is_kept(customer: CustomerKept) -> bool:
    return customer.erased_at is None and not customer.merged_into


def _body(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The card as the form leaves it. Each part that the form shows may be emptied."""
    body = {name: tree[name] for name in CustomerCard.__struct_fields__ if name in tree}
    body["addresses"] = [_address(each) for each in body.get("addresses", ()) if isinstance(each, dict)]
    return body


def _address(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in AddressForm.__struct_fields__ if name in told} | {
        "country": told.get("country", "")
    }


def _to_kept(answer: Mapping[str, Any], at: Mapping[str, str]) -> str:
    return f"/customers/{answer['key']}"


join = deed("/customers/{id}/join", routes.join_customer, page=joining, then=_to_kept,
            said=_("They are one customer now."))  # fmt: skip
erase = deed("/customers/{id}/erase", routes.erase_customer, page=erasing, then="/customers/{id}",
             said=_("What was personal is erased."))  # fmt: skip
keep = deed("/orders/{number}/customer", routes.keep_buyer, page=order, then=_to_kept,
            said=_("They are kept as a customer."))  # fmt: skip
add_customer = deed("/customers/new", routes.put_customer, page=adding, then="/customers/{id}",
                    said=_("The customer is added."), body=_body, named=("id",))  # fmt: skip
change_customer = deed("/customers/{id}/edit", routes.put_customer, page=changing, then="/customers/{id}",
                       said=_("Saved."), body=_body)  # fmt: skip
