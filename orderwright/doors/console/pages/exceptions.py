"""The exceptions desk: one queue of what needs a person, each with its evidence and what is suggested."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote

import msgspec
from msgspec import Meta

from orderwright.business.catalog.reads import catalog_of
from orderwright.business.orders.dials import count_untold
from orderwright.business.orders.exception_desk import Cause, OrderBeside, causes_since, orders_beside, owners_open
from orderwright.business.orders.exception_goods import Goods, goods_beside
from orderwright.business.orders.exception_queue import ExceptionQuery, ExceptionShown, get_exception, list_exceptions
from orderwright.business.orders.procedures import Procedure, list_procedures, procedure_for
from orderwright.business.orders.rules import ESCALATES_TO
from orderwright.business.staff.forms import Visitor
from orderwright.business.staff.views import SavedView
from orderwright.database.tx import Tx
from orderwright.doors.api.access import Access
from orderwright.doors.api.reach import exception as within_exception
from orderwright.doors.console import exception_words
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.evidence import Evidence, evidence_of, twin_number
from orderwright.doors.console.exception_words import Case, case_of
from orderwright.doors.console.page import page
from orderwright.doors.console.pages.views import first_of, views_of
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.values.forms import Form
from orderwright.values.pages import After
from orderwright.values.phrases import Phrase

ROWS = 20
LATELY = timedelta(days=28)
AGES: Mapping[int, str] = {
    1: _("an hour"), 4: _("four hours"), 24: _("a day"), 72: _("three days"), 168: _("a week"),
}  # fmt: skip
"""Ages to filter by, in hours."""
Word = Annotated[str, Meta(max_length=64)]


class DeskQuery(Form, frozen=True):
    """What the filters say. older: hours since it was opened, at least. mine: only what is the visitor's.

    snoozed: what was put off for now. view: the view that was opened.
    """

    kind: Word | None = None
    site: Word | None = None
    owner: Word | None = None
    older: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    mine: bool = False
    snoozed: bool = False
    view: Word | None = None
    after: After | None = None


class Step(NamedTuple):
    """Something that can be done about it: where its preview is, and what the button says. is_away: no preview."""

    path: str
    label: str
    is_grave: bool = False
    is_away: bool = False


class Beside(NamedTuple):
    """What is looked at beside exceptions: orders by number, goods by the exception's id."""

    orders: Mapping[str, OrderBeside]
    goods: Mapping[str, Sequence[Goods]]


class Item(NamedTuple):
    """One exception as the desk shows it. suggestion: None for who may do nothing; steps: what else can be done.

    is_off: it was put off for now. procedure: how the shop settles it; None where nobody wrote that.
    """

    of: ExceptionShown
    case: Case
    order: OrderBeside | None
    evidence: Evidence
    lasting: timedelta
    is_due: bool
    is_off: bool
    procedure: Procedure | None
    suggestion: Step | None
    steps: list[Step]

    @property
    def says(self) -> str:
        """What to do about it, in words."""
        return exception_words.USE_SUGGESTED if self.evidence.suggested else self.case.says

    def wrong_with(self, goods: Goods) -> str | Phrase:
        """What is wrong with goods it is about, in words."""
        return exception_words.wrong_with(goods)

    @property
    def how(self) -> str | Phrase:
        """How it was settled, in words."""
        return exception_words.resolution(self.of.resolution)

    @property
    def severity(self) -> tuple[str, str]:
        """How pressing it is, with its tone."""
        return exception_words.SEVERITIES[self.of.severity]


class DeskShown(msgspec.Struct, frozen=True):
    """A page of the queue. causes: how each cause fares; empty for who sees but some sites or channels.

    untold: how much the system did by itself that nobody looked at, None for them.
    """

    query: DeskQuery
    items: list[Item]
    next: str | None
    causes: list[Cause]
    kinds: Mapping[str, Case]
    owners: list[str]
    sites: list[str]
    ages: Mapping[int, str]
    roles: Mapping[str, str]
    kept: Sequence[SavedView]
    untold: int | None

    @property
    def current(self) -> str:
        """The kept view that was opened, '' for none."""
        return next((each.id for each in self.kept if each.id == self.query.view), "")

    @property
    def kind_names(self) -> dict[str, str]:
        """The causes in words."""
        return {kind: case.name for kind, case in self.kinds.items()}

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter narrows the queue."""
        query = self.query
        return any((query.kind, query.site, query.owner, query.older, query.mine, query.snoozed))


class ItemShown(msgspec.Struct, frozen=True):
    """One exception on a page of its own."""

    item: Item
    roles: Mapping[str, str]


@page("/exceptions", template="exceptions.html", scope="orders:read", title=_("Exceptions"), section="exceptions")
def exceptions(asked: Asked[DeskQuery]) -> DeskShown | Reply:
    """What is open, what is due first at the top; without a question what the view shows that somebody opens first."""
    query, access, tx = asked.query, asked.access, asked.tx
    kept = views_of(asked, "exceptions")
    if query == DeskQuery() and (first := first_of(kept, DeskQuery)) is not None:
        return see_other(first)
    wanted = ExceptionQuery(
        state="snoozed" if query.snoozed else "open", kind=query.kind, owner=query.owner, site=query.site,
        after=query.after, limit=ROWS,
        opened_before=None if query.older is None else tx.now - timedelta(hours=query.older),
    )  # fmt: skip
    owners = owners_of(asked.visitor) if query.mine else None
    found = list_exceptions(tx, wanted, channels=access.channels, sites=access.sites, owners=owners)
    beside, written = beside_of(asked, found.items), procedures_now(tx)
    return DeskShown(
        query=query,
        items=[item_of(each, beside, written, access.scopes, tx.now) for each in found.items],
        next=found.next,
        causes=[] if access.is_limited else causes_since(tx, tx.now - LATELY),
        kinds=exception_words.CASES,
        owners=list(exception_words.ROLES) if access.is_limited else owners_open(tx),
        sites=[code for code in sorted(catalog_of(tx).sites) if access.sites is None or code in access.sites],
        ages=AGES,
        roles=exception_words.ROLES,
        kept=kept,
        untold=None if access.is_limited else count_untold(tx),
    )


@page("/exceptions/{id}", template="exception.html", scope="orders:read", title=_("Exception"), section="exceptions",
      within=within_exception)  # fmt: skip
def one_exception(asked: Asked[None]) -> ItemShown:
    """One exception, open or settled."""
    return ItemShown(looked_at(asked), exception_words.ROLES)


def looked_at(asked: Asked[None]) -> Item:
    """The exception of the page's address, with its evidence. Refuses not_found."""
    found = get_exception(asked.tx, asked.at["id"])
    written = procedures_now(asked.tx)
    return item_of(found, beside_of(asked, [found]), written, asked.access.scopes, asked.tx.now)


def procedures_now(tx: Tx) -> dict[tuple[str, str], Procedure]:
    """How the shop settles what, by cause and stage."""
    return {(each.kind, each.stage): each for each in list_procedures(tx)}


def owners_of(visitor: Visitor) -> list[str]:
    """As whom somebody has exceptions: by their roles and by themselves."""
    return sorted({*visitor.roles, visitor.email})


def beside_of(asked: Asked[Any], shown: Sequence[ExceptionShown]) -> Beside:
    """The orders exceptions are about, and those they double, as far as the visitor may see them; and the goods."""
    own = {each.order for each in shown if each.order}
    twins = {number for each in shown if (number := twin_number(each))}
    found = orders_beside(asked.tx, [*own, *twins])
    orders = {number: each for number, each in found.items() if number in own or _may_see(asked.access, each)}
    return Beside(orders, goods_beside(asked.tx, shown))


def item_of(
    shown: ExceptionShown, beside: Beside, written: Mapping[tuple[str, str], Procedure], scopes: Collection[str],
    now: datetime,
) -> Item:  # fmt: skip
    """An exception as the desk shows it."""
    order, twin = beside.orders.get(shown.order), beside.orders.get(twin_number(shown) or "")
    evidence = evidence_of(shown, order, twin, beside.goods.get(shown.id, ()))
    may_do = "orders:write" in scopes and shown.closed_at is None
    is_off = shown.snoozed_until is not None and shown.snoozed_until > now
    steps = _steps(shown, evidence, scopes, is_off=is_off) if may_do else []
    procedure = procedure_for(written, shown.kind, "" if order is None else order.state)
    return Item(
        shown, case_of(shown.kind), order, evidence, (shown.closed_at or now) - shown.opened_at,
        shown.due_at < now, is_off, procedure, steps[0] if steps else None, steps[1:],
    )  # fmt: skip


def _steps(shown: ExceptionShown, evidence: Evidence, scopes: Collection[str], *, is_off: bool) -> list[Step]:
    """What can be done about it, what is suggested first."""
    here, order = f"/exceptions/{shown.id}", f"/orders/{shown.order}"
    steps = []
    if evidence.suggested is not None:
        steps.append(Step(f"{order}/suggested-address", _("Use the suggested address")))
    if evidence.twin is not None:
        steps.append(Step(f"{order}/duplicate", _("Cancel the duplicate"), is_grave=True))
    if evidence.unknown_sku and "stock:write" in scopes:
        new = f"/products/new?sku={quote(evidence.unknown_sku, safe='')}"
        steps.append(Step(new, _("Add the product"), is_away=True))
    steps.append(Step(f"{here}/resolve", case_of(shown.kind).label))
    if evidence.entered is not None:
        steps.append(Step(f"{order}/address", _("Change address")))
    if shown.is_hold and evidence.twin is None:
        steps.append(Step(f"{order}/cancel", _("Cancel order"), is_grave=True))
    steps.append(Step(f"{here}/snooze", _("Look at it now") if is_off else _("Put off")))
    steps.append(Step(f"{here}/assign", _("Give to")))
    if shown.owner in ESCALATES_TO:
        steps.append(Step(f"{here}/escalate", _("Escalate")))
    return steps


def _may_see(access: Access, order: OrderBeside) -> bool:
    if access.sites is not None:
        return False
    return access.channels is None or order.channel in access.channels
