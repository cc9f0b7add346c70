"""What is promised of the stock of a site: taken, given back, claimed by who waits, kept as safety stock.

Each verb locks the availability rows it changes in (sku, site) order, in the statement that changes them.
"""

from collections.abc import Mapping, Sequence

from orderwright.business.stock import tables
from orderwright.business.stock.forms import SafetyStock, SafetyStockKept
from orderwright.database import crash
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import Finding, known_as, refusal_of
from orderwright.values.refusal import Refusal

# One look-up per row asked for, whatever the planner makes of the number of them: a LATERAL subquery that locks
# is run for one row after the other, in the order of the rows asked for.
_LOCKED = """
    WITH locked AS MATERIALIZED (
        SELECT asked.* FROM (SELECT * FROM unnest(%(skus)s::text[], %(sites)s::text[], %(units)s::bigint[])
                             AS asked(sku, site, units) ORDER BY sku, site) AS asked
        CROSS JOIN LATERAL (
            SELECT FROM availability a WHERE a.sku = asked.sku AND a.site = asked.site FOR UPDATE) AS row
    )
    UPDATE availability a
"""
_MATCHED = "FROM locked WHERE a.sku = locked.sku AND a.site = locked.site"


def take(
    tx: Tx, quantities: Mapping[tuple[str, str], int], keeps: Mapping[tuple[str, str], int]
) -> set[tuple[str, str]]:
    """Allocate units by (sku, site) where that many are free; returns the pairs that could not be taken.

    Free is on hand - allocated - waiting - safety stock - keep, as the locked row says. keeps: what is
    withheld from the channel, 0 where absent. Quantities of one pair are summed by the caller, so that two
    lines that fit alone but not together do not both pass.
    """
    # The inner rows come locked, in order and in their latest version; the outer ones are then ours to change.
    taken = tx.rows(
        """
        WITH free AS MATERIALIZED (
            SELECT asked.sku, asked.site, asked.quantity, row.units - asked.keep AS units
            FROM (SELECT * FROM unnest(%(skus)s::text[], %(sites)s::text[], %(units)s::bigint[],
                                       %(keeps)s::bigint[]) AS asked(sku, site, quantity, keep)
                  ORDER BY sku, site) AS asked
            CROSS JOIN LATERAL (
                SELECT a.on_hand - a.allocated - a.waiting - a.safety_stock AS units
                FROM availability a WHERE a.sku = asked.sku AND a.site = asked.site FOR UPDATE) AS row
        )
        UPDATE availability a SET allocated = a.allocated + free.quantity FROM free
        WHERE a.sku = free.sku AND a.site = free.site AND free.units >= free.quantity
        RETURNING a.sku, a.site
        """,
        **_columns(quantities), keeps=array(keeps.get(pair, 0) for pair in sorted(quantities)),
    )  # fmt: skip
    crash.point("after stock")
    return quantities.keys() - {(sku, site) for sku, site in taken}


def allocate_freely(tx: Tx, quantities: Mapping[tuple[str, str], int]) -> None:
    """Allocate units that orders waited for, whatever else waits or is kept: on hand is the only limit.

    The caller has locked the rows and seen that they hold that much.
    """
    _change_allocated(tx, quantities, 1)


def give_back(tx: Tx, quantities: Mapping[tuple[str, str], int]) -> None:
    """Lower what is allocated by (sku, site): the units are free again, or have left the site."""
    _change_allocated(tx, quantities, -1)


def wait_more(tx: Tx, units: Mapping[str, int]) -> None:
    """Let backorders claim more units of these skus, at whichever site they turn up."""
    _change_waiting(tx, units, 1)


def wait_less(tx: Tx, units: Mapping[str, int]) -> None:
    """Let backorders claim fewer units of these skus."""
    _change_waiting(tx, units, -1)


def put_safety_stock(tx: Tx, commands: Sequence[SafetyStock]) -> list[SafetyStockKept | Refusal]:
    """Set how many units of a product a site does not promise. Safety stock limits promising, not shipping.

    Refuses unknown_sku, unknown_site and kit_not_stocked, all findings at once.
    """
    goods = tables.goods(tx, [command.sku for command in commands])
    sites = tables.time_zones(tx, [command.site for command in commands])
    results: list[SafetyStockKept | Refusal] = []
    units: dict[tuple[str, str], int] = {}
    for command in commands:
        findings: list[Finding] = []
        if command.sku not in goods:
            findings.append(known_as("unknown_sku", "/sku"))
        elif goods[command.sku].is_kit:
            findings.append(known_as("kit_not_stocked", "/sku"))
        if command.site not in sites:
            findings.append(known_as("unknown_site", "/site"))
        kept = SafetyStockKept(command.sku, command.site, command.units)
        results.append(refusal_of(findings) if findings else kept)
        if not findings:
            units[command.sku, command.site] = command.units
    if units:
        tx.write(f"{_LOCKED} SET safety_stock = locked.units {_MATCHED}", **_columns(units))
    return results


def _change_allocated(tx: Tx, quantities: Mapping[tuple[str, str], int], sign: int) -> None:
    if not quantities:
        return
    changed = tx.write(
        f"{_LOCKED} SET allocated = a.allocated + %(sign)s * locked.units {_MATCHED}", **_columns(quantities), sign=sign
    )
    if changed != len(quantities):
        raise LookupError(f"{len(quantities) - changed} of {sorted(quantities)} have no availability row")
    crash.point("after stock")


def _change_waiting(tx: Tx, units: Mapping[str, int], sign: int) -> None:
    changed = {sku: count for sku, count in sorted(units.items()) if count}
    if not changed:
        return
    skus = array(changed)
    # Apart from the change: a site that is being set up adds rows meanwhile, which only a later statement sees.
    tx.row(
        "SELECT count(*) FROM (SELECT FROM availability WHERE sku = ANY(%(skus)s::text[])"
        " ORDER BY sku, site FOR UPDATE) AS locked",
        skus=skus,
    )
    tx.write(
        """
        UPDATE availability a SET waiting = a.waiting + %(sign)s * claim.units
        FROM unnest(%(skus)s::text[], %(units)s::bigint[]) AS claim(sku, units) WHERE a.sku = claim.sku
        """,
        skus=skus, units=array(changed.values()), sign=sign,
    )  # fmt: skip


def _columns(quantities: Mapping[tuple[str, str], int]) -> dict[str, str]:
    pairs = sorted(quantities)
    return {
        "skus": array(sku for sku, _ in pairs),
        "sites": array(site for _, site in pairs),
        "units": array(quantities[pair] for pair in pairs),
    }
