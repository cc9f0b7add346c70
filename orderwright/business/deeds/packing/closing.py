"""What closing parcels leaves behind besides the parcels: cartons used, weights to learn from, photos, memory."""

from collections.abc import Sequence
from typing import Any

from orderwright.business.deeds.floor import Work
from orderwright.business.deeds.packing.bench import Bench, Filled
from orderwright.business.deeds.packing.checks import flag_unmeasured
from orderwright.business.deeds.packing.totes import Tote
from orderwright.business.shipping.forms import Pack, Packed
from orderwright.business.shipping.packing.cartons import Used, use_cartons
from orderwright.business.shipping.packing.checking import Closed, end_claims, keep_closed, keep_risks
from orderwright.business.shipping.packing.forms import CartonStock
from orderwright.business.shipping.packing.memory import Choice, remember
from orderwright.business.shipping.packing.photos import put_into_parcels
from orderwright.business.shipping.packing.rules import fingerprint
from orderwright.business.shipping.packing.weighings import Weighed, keep_weighings
from orderwright.database.tx import Tx

Made = tuple[str, Work, Filled, Pack]
"""A parcel just made: its id, whose it is, what is in it, as it was told."""


def close_parcels(tx: Tx, made: Sequence[Made], bench: Bench) -> dict[tuple[str, str], CartonStock]:
    """Keep how parcels just written were closed, and ask for sizes that are missing.

    Returns what is left of the cartons used, by (carton, site).
    """
    keep_closed(tx, [
        Closed(id_, filled.carton, command.person, command.checked_by, filled.checked, filled.scanned)
        for id_, _, filled, command in made
    ])  # fmt: skip
    weighed = [
        Weighed(id_, work.site, filled.carton if filled.is_named else None, filled.pieces, filled.weight_g)
        for id_, work, filled, _ in made
        if filled.is_weighed and filled.problem is None
    ]
    keep_weighings(tx, weighed, bench.packagings)
    homes = {work.id: work.order_id for _, work, _, _ in made}
    keep_risks(tx, {id_: (order_id, bench.risks[id_]) for id_, order_id in homes.items()})
    flag_unmeasured(tx, {id_: (homes[id_], skus) for id_, skus in bench.unmeasured.items() if id_ in homes})
    first: dict[str, str] = {}
    for id_, work, _, _ in made:
        first.setdefault(work.id, id_)
    put_into_parcels(tx, {home: id_ for home, id_ in first.items() if home in bench.photographed})
    return use_cartons(
        tx, [Used(id_, f.carton, work.site, command.packer) for id_, work, f, command in made if f.carton]
    )  # fmt: skip


def remember_packed(tx: Tx, packed: Sequence[tuple[Pack, Work, Sequence[Filled], Tote, Any]]) -> None:
    """Remember the cartons named for whole baskets, and let go of fulfilments that are done."""
    choices = []
    for command, _, parcels, tote, result in packed:
        is_whole = not tote.gone and not tote.to_pick and not tote.left
        if not (is_whole and isinstance(result, Packed) and all(each.is_named for each in parcels)):
            continue
        units: dict[str, int] = {}
        for content in [content for each in parcels for content in each.contents]:
            units[content.sku] = units.get(content.sku, 0) + content.units
        cartons = tuple(each.carton for each in parcels if each.carton)
        choices.append(Choice(result.parcels[0].id, fingerprint(units), cartons, (), command.packer))
    remember(tx, choices)
    end_claims(tx, [work.id for _, work, _, tote, _ in packed if not tote.left and not tote.to_pick])
