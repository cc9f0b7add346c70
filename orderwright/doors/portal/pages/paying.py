"""Paying by a link: what it is for and until when, over to the gateway's page, and what came of it."""

import asyncio
from collections.abc import Mapping

import msgspec

from orderwright.business.billing.pay_links import find_link_id
from orderwright.business.billing.ports import CheckoutRequest, Checkouts, CheckoutSeen, PractisedCheckouts
from orderwright.business.deeds.paying.checkouts import (
    BeginCheckout,
    CheckoutPaid,
    begin_checkouts,
    key_of,
    record_checkouts,
)
from orderwright.business.deeds.paying.following import ask_gateway
from orderwright.business.deeds.paying.showing import PayLink, PaySeen, links_now, look_at_link
from orderwright.database.tx import Tx
from orderwright.doors.console import cookies
from orderwright.doors.console.page import act, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.words import Word
from orderwright.doors.portal import sessions
from orderwright.doors.portal.acting import ACTOR, Call
from orderwright.doors.portal.asked import Asked
from orderwright.values.forms import Form
from orderwright.values.refusal import Refusal

BACK = "?back=1"
STATES: Mapping[str, Word] = {
    "open": Word(_("To be paid"), "busy"),
    "paid": Word(_("Paid. Thank you!"), "good", _("We have your payment, and go on with your order.")),
    "covered": Word(_("There is nothing left to pay"), "good", _("This was paid already, or is not wanted any more.")),
    "changed": Word(
        _("The amount has changed"), "wait",
        _("Your order changed after we sent you this link. Ask us for a new link."),
    ),
    "expired": Word(
        _("This link is over"), "stop",
        _("It could be paid until the day below. Ask us for a new one."),
    ),
    "withdrawn": Word(
        _("This link was taken back"), "stop", _("Write to us if you did not expect it.")
    ),
    "returning": Word(
        _("Your payment goes back to you"), "wait",
        _("What you paid for cannot be ordered any more. The whole amount goes back to you."),
    ),
    "returned": Word(
        _("Your payment went back to you"), "quiet",
        _("What you paid for cannot be ordered any more. Banks take a few days with the money."),
    ),
}  # fmt: skip
"""What a link's page says of its state."""


class BackQuery(Form, frozen=True):
    """back: the customer comes from the gateway's page."""

    back: bool = False


class Paying(msgspec.Struct, frozen=True):
    """A link as its customer sees it. is_back: they come from the gateway, whose answer is not here yet."""

    seen: PaySeen
    word: Word
    is_back: bool


@page("/pay/{token}", template="pay.html", scope=None, title=_("Pay your order"))
def pay_page(asked: Asked[BackQuery]) -> Paying:
    """What is to be paid, for what and until when; or why nothing is. Refuses link_spent."""
    seen = look_at_link(asked.tx, asked.at["token"])
    may_be_paid = seen.link.state in ("open", "changed", "expired", "withdrawn") and seen.link.handed_at is not None
    return Paying(seen, STATES[seen.link.state], may_be_paid and (asked.query or BackQuery()).back)


@page("/pay/{token}/practice", template="pay_practice.html", scope=None, title=_("Practice payment"))
def practice_page(asked: Asked[None]) -> PaySeen:
    """The practice gateway's page: nobody pays there, and it is said who did."""
    return look_at_link(asked.tx, asked.at["token"])


@act("/pay/{token}", scope=None, page=pay_page)
async def pay(call: Call) -> Reply:
    """Over to the gateway's page, asked for once per link. Refuses what beginning refuses, gateway_away."""
    gateway, link = _gateway(call), await _link(call)
    begun = await call.do(begin_checkouts, BeginCheckout(id=link.id, gateway=gateway.name, actor=ACTOR))
    here = f"{_address(call)}/pay/{call.at['token']}"
    request = CheckoutRequest(
        begun.key, begun.amount_minor, begun.currency, begun.says, f"{here}{BACK}", link.expires_at
    )
    return see_other(await asyncio.to_thread(ask_gateway, gateway.open_checkout, request))


@act("/pay/{token}/look", scope=None, page=pay_page)
async def look(call: Call) -> Reply:
    """Ask the gateway whether the link was paid, and record it. Refuses gateway_away."""
    gateway, link = _gateway(call), await _link(call)
    here = f"/pay/{call.at['token']}"
    seen: CheckoutSeen | None = await asyncio.to_thread(ask_gateway, gateway.look_at_checkout, key_of(link.id))
    if seen is None or seen.state != "paid":
        return see_other(here, cookies.said(_("Nothing was paid yet.")))
    await call.do(
        record_checkouts,
        CheckoutPaid(
            id=link.id, gateway=gateway.name, reference=seen.reference, amount_minor=seen.amount_minor, actor=ACTOR
        ),
    )
    return see_other(here)


@act("/pay/{token}/practice", scope=None, page=practice_page)
async def practise(call: Call) -> Reply:
    """The practice gateway is told that the customer paid. Refuses not_found where another gateway takes the money."""
    gateway = _gateway(call)
    if not isinstance(gateway, PractisedCheckouts):
        raise Refusal("not_found")
    link = await _link(call)
    if link.state == "open":
        await asyncio.to_thread(ask_gateway, gateway.pay, key_of(link.id))
    return see_other(f"/pay/{call.at['token']}{BACK}")


def _gateway(call: Call) -> Checkouts:
    if call.house.checkouts is None:
        raise Refusal("gateway_away")
    return call.house.checkouts


async def _link(call: Call) -> PayLink:
    found: PayLink = await call.find(_found, call.at["token"])
    return found


def _found(tx: Tx, token: str) -> PayLink:
    links = links_now(tx, filter(None, [find_link_id(tx, token)]))
    if not links:
        raise Refusal("link_spent")
    return next(iter(links.values()))


def _address(call: Call) -> str:
    """The address of this server, as the customer's browser knows it."""
    scheme = "https" if sessions.is_secure(call.headers) else "http"
    return f"{scheme}://{call.headers.get(b'host', b'').decode('latin-1')}"
