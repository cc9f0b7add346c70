"""Labels for what comes back: bought of the carrier as those of parcels are, outside of any transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from orderwright.business.orders.actions import lock_orders
from orderwright.business.orders.effects import give_up, tell_known
from orderwright.business.orders.form import USUAL_SERVICE
from orderwright.business.returns.actions import lock_returns, orders_of, returns_now
from orderwright.business.returns.facts import ReturnLabelBought, ReturnLabelRefused, ReturnLabelWanted
from orderwright.business.routing.lanes import Destination
from orderwright.business.routing.reads import Origin, account_of, quote, rate_card
from orderwright.business.shipping.labels import CARRIER, WORKER, BuyLabels, SaidNo, open_intents
from orderwright.business.shipping.papers import address_lines
from orderwright.business.shipping.ports import BoughtLabel, ParcelToShip
from orderwright.business.shipping.reads import SeenAt
from orderwright.database import intents
from orderwright.database.intents import Intent, NewIntent, Outcome
from orderwright.database.rows import array
from orderwright.database.settings import Setting, value_of
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.papers.return_labels import ReturnLabel
from orderwright.values import money
from orderwright.values.forms import AddressForm, Command, Form
from orderwright.values.ids import is_id
from orderwright.values.refusal import Refusal

BUY = "buy_return_label"
LABELS: Setting[bool] = Setting(
    "returns.labels", Annotated[bool, Meta()], True,
    "Whether customers can have a carrier's label for what they send back; the shop pays it.",
)  # fmt: skip
SETTINGS = (LABELS,)


class LabelForm(Form, frozen=True):
    """A carrier's label for a return. `by_customer`: only where the shop offers one."""

    by_customer: bool = False


class WantReturnLabel(Command, frozen=True):
    """A carrier's label is wanted for a return."""

    return_id: str
    by_customer: bool = False


class LabelToCome(msgspec.Struct, frozen=True):
    """What a label for a return would be. cost: the rate card's; '' where the service does not go there.

    sender, recipient: lines of addresses.
    """

    service: str
    weight_g: int
    cost: str
    currency: str
    sender: list[str]
    recipient: list[str]


class _ShipTo(msgspec.Struct):
    ship_to: AddressForm


def want_return_labels(tx: Tx, commands: Sequence[WantReturnLabel]) -> list[Any]:
    """Want labels; one `ReturnNow` or Refusal per command. One that is wanted or bought already: `repeated`.

    A carrier that said no is asked once more. Refuses not_found, return_step (it is here already) and not_offered.
    """
    homes = orders_of(tx, [each.return_id for each in commands])
    lock_orders(tx, homes.values())
    rows = lock_returns(tx, homes)
    before = intents.list_of(tx, BUY, rows)
    offered = value_of(tx, LABELS)
    results: list[Any] = []
    new: dict[str, NewIntent] = {}
    for each in commands:
        row, tries = rows.get(each.return_id), before.get(each.return_id, [])
        if row is None:
            results.append(Refusal("not_found", return_id=each.return_id))
        elif each.by_customer and not offered:
            results.append(Refusal("not_offered"))
        elif row.id in new or (tries and tries[-1].state != "failed"):
            results.append("repeated")
        elif row.state != "asked":
            results.append(Refusal("return_step", state=row.state, deed="label"))
        else:
            attempt = len(tries) + 1
            new[row.id] = NewIntent(BUY, row.id, row.order_id, CARRIER, f"return-label:{row.id}:{attempt}", {})
            tx.record("return", row.id, ReturnLabelWanted(attempt=attempt), actor=each.actor)
            tx.enqueue(BUY, row.id)
            results.append(None)
    _write_wanted(tx, dict(zip(new, intents.want(tx, list(new.values())), strict=True)))
    now = returns_now(tx, list(rows))
    return [
        result if isinstance(result, Refusal)
        else msgspec.structs.replace(now[each.return_id], repeated=result == "repeated")
        for each, result in zip(commands, results, strict=True)
    ]  # fmt: skip


class BuyReturnLabels(BuyLabels):
    """Buying labels for returns: asked as for parcels, from the customer's address to the site's."""

    def start(self, tx: Tx, tasks: Sequence[Task]) -> list[ParcelToShip | None]:
        """What to ask the carriers; None where nothing is to be asked any more."""
        wanted = open_intents(tx, BUY, list(lock_returns(tx, [task.subject for task in tasks])))
        intents.mark_calling(tx, [intent.id for intent in wanted.values()])
        requests = _requests(tx, wanted)
        return [requests.get(task.subject) for task in tasks]

    def finish(self, tx: Tx, tasks: Sequence[Task], answers: Sequence[BoughtLabel | SaidNo]) -> None:
        """Keep the labels that were bought; where the carrier says no, the customer is told to do without."""
        wanted = open_intents(tx, BUY, list(lock_returns(tx, [task.subject for task in tasks])))
        ended: list[Outcome] = []
        bought: dict[str, BoughtLabel] = {}
        refused: list[str] = []
        for intent, answer in intents.answered(wanted, tasks, answers):
            if isinstance(answer, SaidNo):
                ended.append(Outcome(intent.id, "failed", {"said": answer.said}))
                refused.append(intent.subject)
                tx.record("return", intent.subject, ReturnLabelRefused(carrier=intent.provider), actor=WORKER)
                continue
            ended.append(Outcome(intent.id, "done", {"tracking_code": answer.tracking_code}))
            bought[intent.subject] = answer
            fact = ReturnLabelBought(
                carrier=intent.provider, tracking_code=answer.tracking_code, cost_minor=answer.cost_minor,
                currency=answer.currency,
            )  # fmt: skip
            tx.record("return", intent.subject, fact, actor=WORKER)
        intents.end(tx, ended)
        _write_bought(tx, bought)
        tx.write("UPDATE return_label SET state = 'refused' WHERE return_id = ANY(%(ids)s::uuid[])", ids=array(refused))
        tell_known(tx, [task.subject for task in tasks])

    def give_up(self, tx: Tx, task: Task, error: str) -> None:
        """The task died: whether the label was bought is for a person to find out, or for another try."""
        open_ = open_intents(tx, BUY, list(lock_returns(tx, [task.subject])))
        give_up(tx, [intent.id for intent in open_.values()], task, error)


def return_label(tx: Tx, return_id: str) -> ReturnLabel:
    """What the label of a return says. Refuses not_found, also before it is bought."""
    label = is_id(return_id) and tx.row(
        "SELECT carrier, tracking_code FROM return_label WHERE return_id = %(id)s AND state = 'bought'", id=return_id
    )
    if not label:
        raise Refusal("not_found", return_id=return_id)
    rows = _rows(tx, [return_id])
    sender, recipient = _addresses(rows[0])
    return ReturnLabel(
        number=rows[0].number, carrier=label.carrier, tracking_code=label.tracking_code,
        sender=address_lines(sender), recipient=address_lines(recipient), language=rows[0].language,
    )  # fmt: skip


def preview_return_label(tx: Tx, return_id: str) -> LabelToCome:
    """What a label for a return would be if it were bought now. Refuses not_found."""
    rows = _rows(tx, [return_id]) if is_id(return_id) else []
    if not rows:
        raise Refusal("not_found", return_id=return_id)
    asked = _request(tx, rows[0], "", CARRIER)
    return LabelToCome(
        asked.service, asked.weight_g,
        "" if asked.quoted_minor is None else money.format_minor(asked.quoted_minor, asked.currency), asked.currency,
        address_lines(asked.sender), address_lines(asked.recipient),
    )  # fmt: skip


def seen_on_way_back(tx: Tx, return_id: str) -> list[SeenAt]:
    """Where the parcel of a return was seen by who sold its label, latest first; none before it is bought.

    Codes are used again: what was seen before the label was made, or after the code's next label, is of another
    parcel. A day is allowed for a carrier's clock that is behind ours.
    """
    rows = tx.rows(
        """
        SELECT e.milestone, e.occurred_at FROM return_label l
        JOIN tracking_event e ON e.tracking_code = l.tracking_code AND e.carrier = l.carrier AND e.parcel_id IS NULL
                             AND e.occurred_at >= l.made_at - interval '1 day'
        WHERE l.return_id = %(id)s AND l.state = 'bought' AND NOT EXISTS (
            SELECT FROM return_label n WHERE n.tracking_code = l.tracking_code AND n.tracking_code <> ''
            AND n.carrier = l.carrier AND n.made_at > l.made_at AND n.made_at - interval '1 day' <= e.occurred_at)
        ORDER BY e.occurred_at DESC, e.id DESC LIMIT 20
        """,
        id=return_id if is_id(return_id) else None,
    )
    return [SeenAt(*row) for row in rows]


class WayBack(NamedTuple):
    """The order whose return has a label, and since when."""

    order_id: str
    made_at: datetime


def orders_on_way_back(tx: Tx, scans: Sequence[tuple[str, str, datetime]]) -> dict[int, WayBack]:
    """The order whose return a scan may be of, by position; scans: (carrier, tracking code, when it happened) each.

    Of labels that have the code the latest that was made by then, as `seen_on_way_back` shows it.
    """
    if not scans:
        return {}
    rows = tx.rows(
        """
        SELECT DISTINCT ON (a.n) (a.n - 1)::int AS n, r.order_id::text, l.made_at
        FROM unnest(%(carriers)s::text[], %(codes)s::text[], %(times)s::timestamptz[]) WITH ORDINALITY
             AS a(carrier, code, at, n)
        JOIN return_label l ON l.tracking_code = a.code AND l.tracking_code <> '' AND l.carrier = a.carrier
                           AND l.made_at - interval '1 day' <= a.at
        JOIN return_request r ON r.id = l.return_id
        ORDER BY a.n, l.made_at DESC
        """,
        carriers=array(each[0] for each in scans), codes=array(each[1] for each in scans),
        times=array(each[2] for each in scans),
    )  # fmt: skip
    return {row.n: WayBack(row.order_id, row.made_at) for row in rows}


def _requests(tx: Tx, wanted: Mapping[str, Intent]) -> dict[str, ParcelToShip]:
    return {
        row.id: _request(tx, row, wanted[row.id].key, wanted[row.id].provider) for row in _rows(tx, list(wanted))
    }  # fmt: skip


def _request(tx: Tx, row: Any, key: str, carrier: str) -> ParcelToShip:
    """A return's parcel as a carrier is asked to take it: by the service its order went by, as long as it is offered
    there, else by the usual one.
    """
    offered = row.service in rate_card(tx).offered_to(row.country)
    service, weight_g = row.service if offered else USUAL_SERVICE, max(1, row.weight_g)
    origin = Origin(row.site_country, row.latitude, row.longitude)
    told = quote(tx, origin, Destination(row.country, row.postal_code, service), weight_g)
    sender, recipient = _addresses(row)
    return ParcelToShip(
        key=key, carrier=carrier, number=row.number, service=service, weight_g=weight_g, sender=sender,
        recipient=recipient, quoted_minor=told.cost_minor if told else None, currency=told.currency if told else "",
        account=account_of(tx, service),
    )  # fmt: skip


def _addresses(row: Any) -> tuple[AddressForm, AddressForm]:
    """Where a return comes from, and where it goes."""
    return msgspec.json.decode(row.form, type=_ShipTo).ship_to, msgspec.json.decode(row.address, type=AddressForm)


def _rows(tx: Tx, return_ids: Sequence[str]) -> list[Any]:
    return tx.rows(
        """
        SELECT r.id::text, r.number, o.country, o.postal_code, o.service, o.form, s.country AS site_country,
               s.latitude, s.longitude, s.address, coalesce(c.language, '') AS language,
               (SELECT coalesce(sum(l.asked * p.weight_g), 0)::bigint FROM return_line l JOIN product p USING (sku)
                WHERE l.return_id = r.id) AS weight_g
        FROM return_request r JOIN orders o ON o.id = r.order_id JOIN site s ON s.code = r.site
        LEFT JOIN customer c ON c.id = o.customer_id
        WHERE r.id = ANY(%(ids)s::uuid[])
        """,
        ids=array(sorted(set(return_ids))),
    )


def _write_wanted(tx: Tx, wanted: Mapping[str, str]) -> None:
    """Note which intent is to bring the label of which return."""
    tx.write(
        "INSERT INTO return_label AS l (return_id, intent_id, state, carrier, made_at)"
        " SELECT n.id, n.intent_id, 'wanted', %(carrier)s, %(now)s"
        " FROM unnest(%(ids)s::uuid[], %(intents)s::uuid[]) AS n(id, intent_id)"
        " ON CONFLICT (return_id) DO UPDATE SET intent_id = excluded.intent_id, state = 'wanted',"
        " made_at = excluded.made_at",
        carrier=CARRIER, now=tx.now, ids=array(wanted), intents=array(wanted.values()),
    )  # fmt: skip


def _write_bought(tx: Tx, bought: Mapping[str, BoughtLabel]) -> None:
    tx.write(
        "UPDATE return_label l SET state = 'bought', tracking_code = n.code, cost_minor = n.cost,"
        " currency = n.currency, content = n.content"
        " FROM unnest(%(ids)s::uuid[], %(codes)s::text[], %(costs)s::bigint[], %(currencies)s::text[],"
        " %(contents)s::text[]) AS n(id, code, cost, currency, content) WHERE l.return_id = n.id",
        ids=array(bought), codes=array(each.tracking_code for each in bought.values()),
        costs=array(each.cost_minor for each in bought.values()),
        currencies=array(each.currency for each in bought.values()),
        contents=array(each.content for each in bought.values()),
    )  # fmt: skip
