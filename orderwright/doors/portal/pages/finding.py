"""An order found without its link: by its number and what only its buyer knows. And the same proof, later."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.business.orders.customer_links import find_by_turn
from orderwright.business.orders.knowing import find_known
from orderwright.business.staff.forms import Knock
from orderwright.business.staff.gates import knock, let_through
from orderwright.database.tx import Tx
from orderwright.doors.console.page import SIGNED_IN, act, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.doors.portal import sessions
from orderwright.doors.portal.acting import Call
from orderwright.doors.portal.asked import Asked
from orderwright.values.forms import Form
from orderwright.values.refusal import Refusal

Short = Annotated[str, Meta(max_length=64)]
ONWARD = {"returns": "/returns", "address": "/track/address"}
"""Where somebody may want to go on to."""


class FindQuery(Form, frozen=True):
    """next: what somebody came for. store: where, when it is not the house's first."""

    next: Short = ""
    store: Short = ""


class FindShown(msgspec.Struct, frozen=True):
    """What the form hides."""

    next: str
    store: str


@page("/track/find", template="find.html", scope=None, title=_("Find your order"))
def find(asked: Asked[FindQuery]) -> FindShown:
    """Which order?"""
    query = asked.query or FindQuery()
    return FindShown(query.next, query.store)


@page("/track/prove", template="prove.html", scope=SIGNED_IN, title=_("One more question"))
def prove(asked: Asked[FindQuery]) -> FindShown:
    """Who has the link alone is asked for the postcode or e-mail address, before they see or change where it goes."""
    return FindShown((asked.query or FindQuery(next="address")).next, "")


@act("/track/find", scope=None, page=find)
async def found(call: Call) -> Reply:
    """By number, and e-mail address or postcode. The same answer for what is wrong as for what there is not."""
    return await _prove(call, call.fields.get("number", "").strip(), call.fields.get("next", ""))


@act("/track/prove", scope=SIGNED_IN, page=prove)
async def proved(call: Call) -> Reply:
    """By the postcode or e-mail address of the order at hand."""
    return await _prove(call, call.who.number, call.fields.get("next", "") or "address")


async def _prove(call: Call, number: str, onward: str) -> Reply:
    number, word = number[:64], call.fields.get("word", "").strip()[:254]
    who = number.casefold()
    await call.do(knock, Knock(kind="order", who=who, place=call.address, actor="customer"))
    cookie = await call.find(_cookie, number, word)
    if cookie is None:
        raise Refusal("sign_in_refused")
    await call.do(_let_through, (who, call.address))
    return see_other(ONWARD.get(onward, "/track"), *sessions.begins(*cookie, call.headers))


def _cookie(tx: Tx, number: str, word: str) -> tuple[str, int] | None:
    order_id = find_known(tx, number, word)
    order = None if order_id is None else find_by_turn(tx, order_id)
    if order is None or tx.now >= order.ends_at:
        return None
    return sessions.new_cookie(tx, order, is_proved=True)


def _let_through(tx: Tx, passed: Any) -> list[None]:
    let_through(tx, [("order", who, place) for who, place in passed])
    return [None] * len(passed)
