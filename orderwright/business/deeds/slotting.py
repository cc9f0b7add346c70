"""Slotting: which products to move where, chosen on three weeks of walks and proven on the fourth.

In three steps like re-optimising, because looking takes seconds: read, look, write down. Nothing is moved by it;
people move what they agree with, by transfers.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from orderwright.business.warehouse.floors import floors_of
from orderwright.business.warehouse.slotting.swapping import Goods, Slot, suggest, walked_mm
from orderwright.business.warehouse.walking.layout import Bin
from orderwright.business.warehouse.walking.walks import Lengths, lengths_for
from orderwright.database.rows import array
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.values.forms import Form
from orderwright.values.ids import new_ids
from orderwright.values.pages import Page
from orderwright.values.refusal import Refusal

SUGGEST = "suggest_slots"
WEEK = timedelta(days=7)
PICKS_MAX = 200_000
"""Of the last four weeks, at most: the latest."""
WORTH_MM_A_WEEK = 20_000
"""What an exchange saves a week to be worth carrying two pallets once."""
SHOWN_MAX = 20


class WantSlotsForm(Form, frozen=True):
    """How many exchanges to suggest at most."""

    exchanges_max: Annotated[int, Meta(ge=1, le=200)] = 20


class WantSlots(WantSlotsForm, frozen=True, kw_only=True):
    """Look at a site's slots."""

    site: str
    actor: str


class ExchangeShown(msgspec.Struct, frozen=True):
    """A product goes from one bin to another; `back` is what comes from there (None: the bin is empty).

    saved_m: metres a week. is_measured: sizes of products and bins are known and fit; else look first.
    """

    sku: str
    source: str
    target: str
    back: str | None
    saved_m: int
    is_measured: bool


class Proof(msgspec.Struct, frozen=True):
    """Metres of the last week's walks as the bins are, and as they would be; it took no part in the choice."""

    walks: int
    before_m: int
    after_m: int


class Slotting(msgspec.Struct, frozen=True, omit_defaults=True):
    """One look at a site's slots. before_m, after_m: over the three weeks the exchanges were chosen on.

    state: wanted, done, or failed. `repeated`: one was under way already. says: why there is nothing to suggest.
    """

    id: str
    site: str
    state: str
    actor: str
    made_at: datetime
    ended_at: datetime | None = None
    walks: int = 0
    before_m: int = 0
    after_m: int = 0
    proof: Proof | None = None
    exchanges: list[ExchangeShown] = []
    says: str = ""
    repeated: bool = False


class Question(NamedTuple):
    """What is looked at. seen, unseen: walks (products) of three weeks and of the last one."""

    lengths: Lengths
    slots: list[Slot]
    goods: list[Goods]
    seen: list[set[str]]
    unseen: list[set[str]]
    exchanges_max: int


class Answer(msgspec.Struct, frozen=True):
    """What came of a look: the document that is kept."""

    walks: int
    before_m: int
    after_m: int
    proof: Proof
    exchanges: list[ExchangeShown]
    says: str = ""


def want_slots(tx: Tx, commands: Sequence[WantSlots]) -> list[Slotting | Refusal]:
    """Want a look at sites' slots; one `Slotting` or Refusal per command. Under way already: `repeated`.

    Refuses not_found (no such site).
    """
    sites = {row.code for row in tx.rows("SELECT code FROM site ORDER BY code FOR UPDATE")}
    known = [each.site for each in commands if each.site in sites]
    under_way = {row.site for row in _rows(tx, known, "state = 'wanted'")}
    new = {each.site: (each, id_) for each, id_ in zip(commands, new_ids(len(commands)), strict=True)
           if each.site in sites and each.site not in under_way}  # fmt: skip
    tx.copy(
        "slotting", "id, site, state, exchanges_max, actor, made_at",
        [(id_, each.site, "wanted", each.exchanges_max, each.actor, tx.now) for each, id_ in new.values()],
    )  # fmt: skip
    for _, id_ in new.values():
        tx.enqueue(SUGGEST, id_)
    now = {row.site: _shown(row) for row in _rows(tx, known, "state = 'wanted'")}
    return [
        msgspec.structs.replace(now[each.site], repeated=new.get(each.site, (None,))[0] is not each)
        if each.site in sites
        else Refusal("not_found", site=each.site)
        for each in commands
    ]


def list_slottings(tx: Tx, site: str) -> Page[Slotting]:
    """The latest looks at a site's slots, newest first."""
    return Page([_shown(row) for row in _rows(tx, [site], "true", limit=SHOWN_MAX)])


def start_slotting(tx: Tx, tasks: Sequence[Task]) -> list[Question | None]:
    """What is to be looked at; None for what was ended meanwhile."""
    rows = {
        row.id: row
        for row in tx.rows(
            "SELECT id::text, site, exchanges_max FROM slotting WHERE id = ANY(%(ids)s::uuid[]) AND state = 'wanted'",
            ids=array(task.subject for task in tasks),
        )
    }
    return [_question(tx, rows[task.subject]) if task.subject in rows else None for task in tasks]


def look_at_slots(question: Question) -> Answer:
    """Choose exchanges on what was seen, and measure them on what was not. Takes seconds: never in a transaction."""
    lengths, slots, goods = question.lengths, question.slots, question.goods
    found = suggest(
        lengths, slots, goods, question.seen, exchanges_max=question.exchanges_max, worth_mm=3 * WORTH_MM_A_WEEK
    )
    homes = {each.sku: each.slot for each in goods}
    proof = Proof(
        len(question.unseen),
        walked_mm(lengths, slots, homes, question.unseen) // 1000,
        walked_mm(lengths, slots, found.homes, question.unseen) // 1000,
    )
    exchanges = [
        ExchangeShown(each.sku, each.source, each.target, each.back, each.saved_mm // 3000, each.is_measured)
        for each in found.exchanges
    ]
    says = "" if question.seen else "No walks in the three weeks before the last one."
    return Answer(len(question.seen), found.before_mm // 1000, found.after_mm // 1000, proof, exchanges, says)


def ask_nobody(question: Question) -> None:
    """What became of a look whose worker died: nothing, so it is taken once more."""


def finish_slotting(tx: Tx, tasks: Sequence[Task], answers: Sequence[Answer]) -> None:
    """Write down what was found."""
    _end(tx, {task.subject: ("done", answer) for task, answer in zip(tasks, answers, strict=True)})


def give_up_slotting(tx: Tx, task: Task, error: str) -> None:
    """The task died: who asked is told so."""
    _end(tx, {task.subject: ("failed", None)})


def _end(tx: Tx, ends: dict[str, tuple[str, Answer | None]]) -> None:
    documents = ["{}" if answer is None else msgspec.json.encode(answer).decode() for _, answer in ends.values()]
    tx.write(
        "UPDATE slotting s SET state = n.state, ended_at = %(now)s, document = n.document"
        " FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(documents)s::text[]) AS n(id, state, document)"
        " WHERE s.id = n.id AND s.state = 'wanted'",
        now=tx.now, ids=array(ends), states=array(state for state, _ in ends.values()),
        documents=array(documents),
    )  # fmt: skip


def _question(tx: Tx, wanted: Any) -> Question:
    layout = floors_of(tx, [wanted.site])[wanted.site].layout
    lengths = lengths_for(layout)
    slots: list[Slot] = []
    index: dict[int, int] = {}
    for row in _bins(tx, wanted.site):
        spot = layout.find_spot(Bin(row.zone, row.aisle, row.bay))
        if spot is not None:
            index[row.id] = len(slots)
            slots.append(Slot(row.code, lengths.key_of([spot]), row.room_cm3, row.storage_class))
    goods = [
        Goods(row.sku, index[row.place_id], row.need_cm3, row.storage_class)
        for row in _homes(tx, wanted.site)
        if row.place_id in index
    ]
    seen, unseen = _walks(tx, wanted.site)
    return Question(lengths, slots, goods, seen, unseen, wanted.exchanges_max)


def _bins(tx: Tx, site: str) -> list[Any]:
    return tx.rows(
        "SELECT id, code, zone, aisle, bay, storage_class, room_cm3 FROM place WHERE site = %(site)s AND kind = 'bin'"
        " ORDER BY id",
        site=site,
    )


def _homes(tx: Tx, site: str) -> list[Any]:
    """Where each product lies: the bin with most of it, and the room its units there take."""
    return tx.rows(
        """
        SELECT DISTINCT ON (s.sku) s.sku, s.place_id, r.storage_class,
               (sum(s.quantity) * r.length_mm::bigint * r.width_mm * r.height_mm / 1000)::bigint AS need_cm3
        FROM stock s JOIN place p ON p.id = s.place_id AND p.site = %(site)s AND p.kind = 'bin'
        JOIN product r ON r.sku = s.sku
        WHERE s.quantity > 0
        GROUP BY s.sku, s.place_id, r.storage_class, r.length_mm, r.width_mm, r.height_mm
        ORDER BY s.sku, sum(s.quantity) DESC, s.place_id
        """,
        site=site,
    )


def _walks(tx: Tx, site: str) -> tuple[list[set[str]], list[set[str]]]:
    """Products of each walk (or, without one, of each fulfilment's list): of three weeks, and of the week after."""
    rows = tx.tuples(
        """
        SELECT coalesce(t.batch_id, t.fulfilment_id)::text, m.sku, m.recorded_at
        FROM stock_move m JOIN place p ON p.id = m.from_place AND p.site = %(site)s
        JOIN pick_task t ON t.id = substr(m.cause, 6)::uuid
        WHERE m.kind = 'pick' AND m.recorded_at >= %(since)s AND m.recorded_at < %(now)s
        ORDER BY m.recorded_at DESC LIMIT %(limit)s
        """,
        site=site, since=tx.now - 4 * WEEK, now=tx.now, limit=PICKS_MAX,
    )  # fmt: skip
    split = tx.now - WEEK
    walks: dict[str, set[str]] = {}
    last: dict[str, datetime] = {}
    for walk, sku, at in rows:
        walks.setdefault(walk, set()).add(sku)
        last[walk] = max(at, last.get(walk, at))
    seen = [skus for walk, skus in walks.items() if last[walk] < split]
    return seen, [skus for walk, skus in walks.items() if last[walk] >= split]


def _rows(tx: Tx, sites: Sequence[str], which: str, limit: int | None = None) -> list[Any]:
    return tx.rows(
        "SELECT id::text, site, state, actor, made_at, ended_at, document FROM slotting"
        f" WHERE site = ANY(%(sites)s::text[]) AND {which} ORDER BY id DESC LIMIT %(limit)s",
        sites=array(sorted(set(sites))), limit=limit,
    )  # fmt: skip


def _shown(row: Any) -> Slotting:
    head = (row.id, row.site, row.state, row.actor, row.made_at, row.ended_at)
    if row.state != "done":
        return Slotting(*head)
    answer = msgspec.json.decode(row.document, type=Answer)
    return Slotting(
        *head, answer.walks, answer.before_m, answer.after_m, answer.proof, answer.exchanges, answer.says
    )  # fmt: skip
