"""Transfers between sites by scans: loading at the one, receiving at the other."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orderwright.business.deeds.scanning.asking import Asking, Wanted
from orderwright.business.deeds.scanning.lying import lying_where_scanned, skus_of
from orderwright.business.deeds.scanning.outcomes import Outcomes
from orderwright.business.deeds.transferring.arriving import receive_transfers
from orderwright.business.deeds.transferring.moving import finish_transfers, load_transfers, send_off
from orderwright.business.stock.forms import DispatchLine
from orderwright.business.warehouse.serials import holders_of
from orderwright.business.warehouse.sessions.forms import Notice, OpenSession
from orderwright.business.warehouse.sessions.load import LoadUp, LoadView, SendOff, ToLoad
from orderwright.business.warehouse.sessions.steps import notice, serial_of
from orderwright.business.warehouse.sessions.unload import BENCH, Finish, PutIn, UnloadView
from orderwright.business.warehouse.transferring.forms import (
    ArrivedUnits,
    FinishTransfer,
    LoadTransfer,
    ReceiveTransfer,
    SendTransfer,
    SiteTransferNow,
    TransferArrivalForm,
    TransferEndForm,
    TransferGoodsForm,
)
from orderwright.business.warehouse.transferring.rows import Head, list_heads, units_of
from orderwright.business.warehouse.transferring.rules import STEPS
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import askable
from orderwright.values.refusal import Refusal

Begin = Callable[[Tx, Sequence[OpenSession]], list[str | Refusal]]


def _begins(deed: str, side: str) -> Begin:
    """Sessions about a transfer, by its number, that is to be loaded or received at the session's site."""

    def begin(tx: Tx, commands: Sequence[OpenSession]) -> list[str | Refusal]:
        named = [each.subject.strip() for each in commands]
        asked = [spelled for name in named for spelled in (name, name.upper())]
        heads = {each.number: each for each in list_heads(tx, numbers=asked)}
        heads |= {each.id: each for each in heads.values()}
        found = [heads.get(name) or heads.get(name.upper()) for name in named]
        return [_begin(each, head) for each, head in zip(commands, found, strict=True)]

    def _begin(command: OpenSession, head: Head | None) -> str | Refusal:
        if head is None or getattr(head, side) != command.site:
            return Refusal("not_found", transfer=command.subject)
        if head.state not in STEPS[deed]:
            return Refusal("transfer_step", transfer=head.number, state=head.state, deed=deed)
        return head.id

    return begin


begin_loading = _begins("load", "site")
begin_receiving = _begins("receive", "to_site")


def _heads(tx: Tx, asking: Sequence[Asking]) -> dict[str, Head]:
    ids = sorted({each.session.subject for each in asking})
    return {each.id: each for each in list_heads(tx, ids=ids, is_locked=tx.is_again)}


def read_loading(tx: Tx, asking: Sequence[Asking]) -> dict[str, LoadView]:
    """Transfers as their loaders see them, by session id."""
    heads = _heads(tx, asking)
    units = units_of(tx, heads)
    holders = _holders(tx, asking)
    asked: dict[str, dict[str, int]] = {}
    for id_, mine in units.items():
        for line in mine:
            asked.setdefault(id_, {}).setdefault(line.sku, 0)
            asked[id_][line.sku] += line.asked - line.loaded
    free = {id_ for id_ in heads if not any(line.asked for line in units.get(id_, ()))}
    open_skus = {
        (heads[id_].site, sku)
        for id_, mine in asked.items() if id_ not in free for sku, left in mine.items() if left > 0
    }  # fmt: skip
    homes = _homes(tx, open_skus)
    titles = _titles(tx, {sku for _, sku in open_skus} | {sku for each in asking for sku in skus_of(each)})
    piles = lying_where_scanned(tx, asking)
    views = {}
    for each in asking:
        head = heads[each.session.subject]
        todo = {} if head.id in free else asked.get(head.id, {})
        views[each.session.id] = LoadView(
            head.number, head.to_site, head.state in STEPS["load"], head.id in free,
            tuple(ToLoad(sku, left, homes.get((head.site, sku), "")) for sku, left in todo.items() if left > 0),
            {sku: row.title for sku, row in titles.items()}, piles.get(head.site, {}), _tracked(titles, "serial"),
            holders,
        )  # fmt: skip
    return views


def read_receiving(tx: Tx, asking: Sequence[Asking]) -> dict[str, UnloadView]:
    """Transfers as their receivers see them, by session id."""
    heads = _heads(tx, asking)
    units = units_of(tx, heads)
    skus = {(each.session.site, sku) for each in asking for sku in skus_of(each)}
    homes = _homes(tx, skus)
    holders = _holders(tx, asking)
    goods = _titles(tx, {sku for _, sku in skus})
    views = {}
    for each in asking:
        head = heads[each.session.subject]
        left: dict[str, dict[str, int]] = {}
        for line in units.get(head.id, ()):
            if line.left:
                left.setdefault(line.sku, {})[line.lot] = line.left
        views[each.session.id] = UnloadView(
            head.number, head.site, head.state not in STEPS["receive"], left,
            {sku: code for (site, sku), code in homes.items() if site == each.session.site},
            {sku: row.title for sku, row in goods.items()},
            _tracked(goods, "lot"), _tracked(goods, "serial"), holders,
        )  # fmt: skip
    return views


def do_loading(tx: Tx, wanted: Sequence[Wanted]) -> list[list[Notice] | Refusal]:
    """Load units, and send off what is loaded."""
    outcomes = Outcomes(wanted)
    outcomes.run(
        LoadUp, lambda each, want: LoadTransfer(
            number=each.view.number, form=TransferGoodsForm(lines=[DispatchLine(**_line(want))]),
            actor=each.session.person),
        lambda commands: load_transfers(tx, commands),
        lambda want, now: notice("units_loaded", units=want.units, sku=want.sku),
    )  # fmt: skip
    outcomes.run(
        SendOff, lambda each, want: SendTransfer(number=each.view.number, actor=each.session.person),
        lambda commands: send_off(tx, commands),
    )  # fmt: skip
    return outcomes.results


def do_receiving(tx: Tx, wanted: Sequence[Wanted]) -> list[list[Notice] | Refusal]:
    """Put what came into bins, and tell what did not come."""
    outcomes = Outcomes(wanted)
    outcomes.run(
        PutIn, lambda each, want: ReceiveTransfer(
            number=each.view.number, form=TransferArrivalForm(lines=[ArrivedUnits(**_line(want))]),
            actor=each.session.person),
        lambda commands: receive_transfers(tx, commands), _came,
    )  # fmt: skip
    outcomes.run(
        Finish, lambda each, want: FinishTransfer(
            number=each.view.number, form=TransferEndForm(), actor=each.session.person),
        lambda commands: finish_transfers(tx, commands),
        lambda want, now: notice("transfer_short", missing=want.missing, transfer=now.number),
    )  # fmt: skip
    return outcomes.results


def _came(want: PutIn, now: SiteTransferNow) -> Notice:
    if now.over:
        return notice("transfer_over", over=now.over, sku=want.sku)
    if want.place == BENCH:
        return notice("arrival_on_bench", sku=want.sku, good=want.units, bad=0)
    return notice("arrival_taken", units=want.units, sku=want.sku)


def _line(want: LoadUp | PutIn) -> dict[str, Any]:
    return {
        "sku": want.sku, "quantity": want.units, "place": want.place, "lot": want.lot, "serials": list(want.serials)
    }  # fmt: skip


def _tracked(goods: Mapping[str, Any], how: str) -> frozenset[str]:
    return frozenset(sku for sku, row in goods.items() if row.tracking == how)


def _holders(tx: Tx, asking: Sequence[Asking]) -> dict[tuple[str, str], str]:
    """Who has the units whose serials may be among the scans."""
    return holders_of(tx, {
        (sku, serial_of(told)) for each in asking for sku in skus_of(each) for told in each.told if serial_of(told)
    })  # fmt: skip


def _homes(tx: Tx, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The bin that holds most of a product that nobody is to pick, by (site, sku)."""
    asked = sorted(pairs)
    rows = tx.rows(
        """
        SELECT a.site, a.sku, home.code FROM unnest(%(sites)s::text[], %(skus)s::text[]) AS a(site, sku)
        CROSS JOIN LATERAL (
            SELECT p.code FROM stock s JOIN place p ON p.id = s.place_id AND p.site = a.site AND p.kind = 'bin'
            WHERE s.sku = a.sku AND s.quantity > 0 ORDER BY s.quantity - s.committed DESC, p.id LIMIT 1) AS home
        """,
        sites=array(site for site, _ in asked), skus=array(sku for _, sku in asked),
    )  # fmt: skip
    return {(row.site, row.sku): row.code for row in rows}


def _titles(tx: Tx, skus: set[str]) -> dict[str, Any]:
    rows = tx.rows("SELECT sku, title, tracking FROM product WHERE sku = ANY(%(skus)s::text[])",
                   skus=array(askable(skus)))  # fmt: skip
    return {row.sku: row for row in rows}
