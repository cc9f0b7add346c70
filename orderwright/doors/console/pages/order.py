"""One order: what it is, where each unit is, what was promised, why it is where it is, and what can be done next."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

import msgspec

from orderwright.business.deeds.balance import Balance, get_balance
from orderwright.business.deeds.paying.showing import PayLink, find_pay_link, may_be_asked_for
from orderwright.business.deeds.supply.expecting import get_order_expecting
from orderwright.business.orders.contacts import ContactShown, list_contacts
from orderwright.business.orders.customer_links import CustomerLink, get_link
from orderwright.business.orders.facts import OrderNoted
from orderwright.business.orders.notes import NoteShown, list_notes, notes_by_id
from orderwright.business.orders.order_view import OrderView, Stages
from orderwright.business.orders.promises import Promised, list_promises
from orderwright.business.orders.story import Explanation, FactView, explain_order, list_facts
from orderwright.business.staff.naming import list_named
from orderwright.database.tx import Tx
from orderwright.doors.api.within import order as within_order
from orderwright.doors.console import contact_words, story_words
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.exception_words import CASES
from orderwright.doors.console.page import page
from orderwright.doors.console.pages.returns import EXCHANGES, STATES, ReturnSeen, returns_of
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.words import Word
from orderwright.values.forms import Form
from orderwright.values.pages import After, Page
from orderwright.values.refusal import Refusal

FACTS, NOTES = 40, 5
OPEN_STAGES = ("waiting", "allocated", "picked")
"""Where units can still be cancelled."""
STAGES: tuple[tuple[str, str, str], ...] = (
    ("waiting", _("waiting"), "wait"),
    ("allocated", _("allocated"), "busy"),
    ("picked", _("picked"), "busy"),
    ("packed", _("packed"), "busy"),
    ("shipped", _("shipped"), "good"),
    ("delivered", _("delivered"), "good"),
    ("returned", _("returned"), "quiet"),
    ("cancelled", _("cancelled"), "quiet"),
)
"""The positions of units, what they are called, and the tone they are shown in."""


class OrderPageQuery(Form, frozen=True):
    """Where the timeline goes on."""

    after: After | None = None


class Next(NamedTuple):
    """A next action: where its preview is, and what the button says; of: which of several, in words."""

    path: str
    label: str
    is_grave: bool = False
    of: str = ""


class OrderShown(msgspec.Struct, frozen=True):
    """Everything of an order. balance: None for who may not see money. nexts: what this visitor can do now.

    notes, contacts: the latest; noted: notes the facts shown tell of, by id. people: whom a note can name; none for
    who may write none. link: the customer's, for who may give it to them. pay: the latest link to pay; may_ask: whether
    something is to be paid, and this visitor may ask for it.
    """

    order: OrderView
    balance: Balance | None
    story: Explanation
    facts: Page[FactView]
    nexts: list[Next]
    notes: Page[NoteShown]
    contacts: Page[ContactShown]
    noted: dict[str, NoteShown]
    people: list[str]
    pay: PayLink | None
    may_ask: bool
    returns: list[ReturnSeen]
    link: CustomerLink | None
    promises: list[Promised]

    @staticmethod
    def stages_of(stages: Stages) -> list[tuple[int, str, str]]:
        """Where the units of a line are: (units, word, tone), those there are; each unit once, where it is by now.

        What was delivered was shipped, and what came back, mostly, delivered.
        """
        units = msgspec.structs.asdict(stages) | {
            "shipped": stages.shipped - max(stages.delivered, stages.returned),
            "delivered": max(0, stages.delivered - stages.returned),
        }
        return [(units[name], word, tone) for name, word, tone in STAGES if units[name] > 0]

    def told(self, fact: FactView) -> story_words.Told:
        """A fact in words."""
        return story_words.tell(fact.type, msgspec.json.decode(fact.facts), self.order.currency)

    def note_of(self, fact: FactView) -> NoteShown | None:
        """The note that a fact tells of."""
        return self.noted.get(note_id(fact)) if fact.type == OrderNoted.TYPE else None

    @property
    def ways(self) -> list[tuple[str, str]]:
        """How a customer may have got in touch, in words."""
        return list(contact_words.WAYS.items())

    @property
    def whys(self) -> list[tuple[str, str]]:
        """Why a customer may have got in touch, in words."""
        return list(contact_words.WHYS.items())

    def contact_word(self, contact: ContactShown) -> tuple[str, str]:
        """Why and how a customer got in touch, in words."""
        return contact_words.words_of(contact)

    def cause(self, kind: str) -> str:
        """What an exception is about, in words."""
        return CASES[kind].name if kind in CASES else story_words.hold_word(kind)

    def return_word(self, state: str) -> Word:
        """The state of a return."""
        return STATES[state]

    def exchange_word(self, state: str) -> Word:
        """The state of an exchange."""
        return EXCHANGES[state]

    def why(self, reason: str) -> story_words.Told:
        """Why a site was chosen or not, in words."""
        return story_words.reason(reason)

    @property
    def arrives_by(self) -> date | None:
        """When the last of it that has a site is to be there."""
        return max((each.deliver_by for each in self.order.fulfilments if each.state != "cancelled"), default=None)

    @property
    def waiting(self) -> int:
        """Units that wait for stock."""
        return sum(line.stages.waiting for line in self.order.lines)

    def promised_word(self, promised: Promised) -> tuple[str, str]:
        """By what something was promised, in words and its tone."""
        return story_words.PROMISED[promised.type]


@page(
    "/orders/{number}", template="order.html", scope="orders:read", title=_("Order"), section="orders",
    within=within_order,
)  # fmt: skip
def order(asked: Asked[OrderPageQuery]) -> OrderShown:
    """One order."""
    number, tx = asked.at["number"], asked.tx
    found = get_order_expecting(tx, number)
    facts = list_facts(tx, number, after=asked.query.after, limit=FACTS)
    noted = [note_id(each) for each in facts.items if each.type == OrderNoted.TYPE]
    may_write = "orders:write" in asked.access.scopes
    return OrderShown(
        order=found,
        balance=get_balance(tx, number) if "money:read" in asked.access.scopes else None,
        story=explain_order(tx, number),
        facts=facts,
        nexts=nexts_of(found, asked.access.scopes),
        notes=list_notes(tx, number, after=None, limit=NOTES),
        contacts=list_contacts(tx, number, after=None, limit=NOTES),
        noted=notes_by_id(tx, noted) if noted else {},
        people=[each.name for each in list_named(tx)] if may_write else [],
        pay=find_pay_link(tx, order=number),
        may_ask=may_write and may_be_asked_for(tx, number),
        returns=returns_of(tx, number),
        link=_link_of(tx, number) if may_write else None,
        promises=list_promises(tx, number),
    )


def _link_of(tx: Tx, number: str) -> CustomerLink | None:
    """The customer's link; None once the order's people were erased."""
    try:
        return get_link(tx, number)
    except Refusal:
        return None


def note_id(fact: FactView) -> str:
    """The id of the note that a fact tells of."""
    return str(msgspec.json.decode(fact.facts).get("note", ""))


def nexts_of(order: OrderView, scopes: Collection[str]) -> list[Next]:
    """What can be done with an order as it stands, by who may do this."""
    if "orders:write" not in scopes:
        return []
    here = f"/orders/{order.number}"
    kinds, several = [each.kind for each in order.holds], len(order.holds) > 1
    nexts = [
        Next(f"{here}/release/{kind}", _("Release hold"), of=story_words.hold_word(kind) if several else "")
        for kind in kinds
    ]
    if any(line.stages.shipped > line.stages.returned for line in order.lines) and not order.is_erased:
        nexts.append(Next(f"{here}/return", _("Take something back")))
    if is_to_leave(order):
        nexts.append(Next(f"{here}/address", _("Change address")))
    if open_units(order):
        nexts.append(Next(f"{here}/hold", _("Hold")))
        nexts.append(Next(f"{here}/cancel", _("Cancel"), is_grave=True))
    return nexts


def open_units(order: OrderView) -> list[tuple[Any, int]]:
    """The lines of which units can still be cancelled, with how many."""
    counted = [(line, sum(getattr(line.stages, stage) for stage in OPEN_STAGES)) for line in order.lines]
    return [(line, units) for line, units in counted if units]


def is_to_leave(order: OrderView) -> bool:
    """Whether some of it has not left yet, so that it can go to another address: what is packed gets a new label."""
    return any(line.stages.packed for line in order.lines) or bool(open_units(order))
