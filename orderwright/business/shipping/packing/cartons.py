"""Kinds of cartons, and how many of each there are. A stock row is locked after everything else of a parcel."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from orderwright.business.catalog.forms import Saved
from orderwright.business.shipping.packing.forms import (
    CartonForm,
    CartonShown,
    CartonStock,
    CartonStockForm,
    PutCarton,
    StockCartons,
)
from orderwright.business.shipping.packing.putting import sort_out
from orderwright.business.warehouse.cartons.model import Carton
from orderwright.database.changes import Replacing
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.codes import text_problem
from orderwright.values.findings import Finding, askable, known_as, refusal_of, text_findings
from orderwright.values.ids import new_ids
from orderwright.values.phrases import phrase
from orderwright.values.refusal import Refusal

CARTONS_MAX = 500
_FIELDS = CartonForm.__struct_fields__
Key = tuple[str, str]
"""(carton, site)."""


def put_cartons(tx: Tx, commands: Sequence[PutCarton]) -> list[Saved | Refusal]:
    """Create or replace kinds of cartons; one `Saved` or Refusal per command. Refuses malformed."""
    rows = tx.rows(f"SELECT code, {', '.join(_FIELDS)} FROM carton_kind FOR UPDATE")
    replacing = Replacing("carton", {code: CartonForm(**dict(zip(_FIELDS, each, strict=True))) for code, *each in rows})
    known = {row.code for row in rows}
    results, kept = sort_out(commands, known, _kind_findings, (CARTONS_MAX, phrase("kinds of cartons")), replacing)
    if kept:
        sets = ", ".join(f"{name} = excluded.{name}" for name in (*_FIELDS, "changed_at"))
        columns = ", ".join(f"%({name})s::{'boolean' if name.startswith('is_') else 'bigint'}[]" for name in _FIELDS)
        tx.write(
            f"""
            INSERT INTO carton_kind (code, {", ".join(_FIELDS)}, changed_at)
            SELECT n.*, %(now)s FROM unnest(%(codes)s::text[], {columns}) AS n(code, {", ".join(_FIELDS)})
            ORDER BY code ON CONFLICT (code) DO UPDATE SET {sets}
            """,
            now=tx.now, codes=array(sorted(kept)),
            **{name: array(getattr(kept[code], name) for code in sorted(kept)) for name in _FIELDS},
        )  # fmt: skip
        replacing.note(tx)
    return results


def _kind_findings(command: PutCarton) -> Iterable[Finding]:
    if not 1 <= len(command.code) <= 64 or "," in command.code:
        yield Finding("/code", "code", "A carton's code has 1 to 64 characters and no comma.")
    form = command.form
    for name in ("length_mm", "width_mm", "height_mm"):
        outer = getattr(form, f"outer_{name}")
        if 0 < outer < getattr(form, name):
            yield Finding(f"/outer_{name}", "outer_size", "A carton is not smaller outside than inside.")


def stock_cartons(tx: Tx, commands: Sequence[StockCartons]) -> list[CartonStock | Refusal]:
    """Book cartons that arrived, were wasted or counted; the stock as it stands since, or a Refusal, per command.

    The same reference again: `repeated`. Refuses malformed, unknown_site, unknown_carton, adjustment_differs.
    """
    findings = [_stock_findings(each) for each in commands]
    sound = [each for each, wrong in zip(commands, findings, strict=True) if not wrong]
    cartons = {row.code for row in tx.rows("SELECT code FROM carton_kind")}
    sites = {row.code for row in tx.rows("SELECT code FROM site")}
    known = [each for each in sound if each.carton in cartons and each.site in sites]
    stock = _lock(tx, {(each.carton, each.site) for each in known})
    earlier = _earlier(tx, known)
    results: list[CartonStock | Refusal] = []
    moves: list[tuple[Any, ...]] = []
    for each, wrong in zip(commands, findings, strict=True):
        if not wrong and each.site not in sites:
            wrong.append(known_as("unknown_site", "/site"))
        if not wrong and each.carton not in cartons:
            wrong.append(known_as("unknown_carton", "/carton"))
        results.append(refusal_of(wrong) if wrong else _book(each, stock, earlier, moves))
    _write(tx, moves, stock)
    return results


class _Level:
    """A stock row while it is changed."""

    def __init__(self, row: Any) -> None:
        self.quantity: int = row.quantity
        self.low_at: int = row.low_at
        self.is_counted: bool = row.is_counted
        self.is_changed = False


def _stock_findings(command: StockCartons) -> list[Finding]:
    form = CartonStockForm(**{name: getattr(command, name) for name in CartonStockForm.__struct_fields__})
    findings = list(text_findings(form))
    if command.kind != "count" and command.quantity == 0:
        findings.append(Finding("/quantity", "quantity", "At least one carton arrives or is thrown away."))
    return findings


def _book(each: StockCartons, stock: dict[Key, _Level], earlier: dict[Any, int], moves: list[Any]) -> Any:
    level = stock[each.carton, each.site]
    name = (each.site, each.carton, each.kind, each.reference)
    if each.reference and name in earlier:
        change, told = earlier[name], each.quantity if each.kind == "receive" else -each.quantity
        if each.kind != "count" and change != told:
            return Refusal("adjustment_differs", reference=each.reference, booked=abs(change))
        return _shown(each.carton, each.site, level, repeated=True)
    change = {"receive": each.quantity, "waste": -each.quantity, "count": each.quantity - level.quantity}[each.kind]
    level.is_counted = level.is_changed = True
    if each.low_at is not None:
        level.low_at = each.low_at
    if change:
        level.quantity += change
        moves.append((each.carton, each.site, change, each.kind, each.reference, None, each.actor))
    if each.reference:
        earlier[name] = change
    return _shown(each.carton, each.site, level)


def _shown(carton: str, site: str, level: Any, *, repeated: bool = False) -> CartonStock:
    return CartonStock(
        carton, site, level.quantity, level.low_at, level.is_counted and level.quantity <= level.low_at, repeated
    )


def _earlier(tx: Tx, commands: Sequence[StockCartons]) -> dict[Any, int]:
    named = [each for each in commands if each.reference]
    rows = tx.rows(
        """
        SELECT m.site, m.carton, m.kind, m.reference, m.quantity
        FROM unnest(%(sites)s::text[], %(cartons)s::text[], %(kinds)s::text[], %(references)s::text[])
             AS n(site, carton, kind, reference) JOIN carton_move m USING (site, carton, kind, reference)
        """,
        sites=array(each.site for each in named), cartons=array(each.carton for each in named),
        kinds=array(each.kind for each in named), references=array(each.reference for each in named),
    ) if named else []  # fmt: skip
    return {(row.site, row.carton, row.kind, row.reference): row.quantity for row in rows}


class Used(NamedTuple):
    """A parcel that was closed in a carton."""

    parcel_id: str
    carton: str
    site: str
    actor: str


def use_cartons(tx: Tx, used: Sequence[Used]) -> dict[Key, CartonStock]:
    """Parcels took their cartons: booked whatever the books knew of, never refused. What is left, by (carton, site).

    The kinds exist; a parcel takes one carton, once.
    """
    if not used:
        return {}
    stock = _lock(tx, {(each.carton, each.site) for each in used})
    for each in used:
        stock[each.carton, each.site].quantity -= 1
        stock[each.carton, each.site].is_changed = True
    _write(tx, [(each.carton, each.site, -1, "pack", "", each.parcel_id, each.actor) for each in used], stock)
    return {key: _shown(*key, level) for key, level in stock.items()}


def _lock(tx: Tx, keys: Iterable[Key]) -> dict[Key, _Level]:
    asked = sorted(keys)
    if not asked:
        return {}
    pairs = {"cartons": array(carton for carton, _ in asked), "sites": array(site for _, site in asked)}
    tx.write(
        "INSERT INTO carton_stock (carton, site)"
        " SELECT carton, site FROM unnest(%(cartons)s::text[], %(sites)s::text[]) AS n(carton, site)"
        " ORDER BY carton, site ON CONFLICT DO NOTHING",
        **pairs,
    )
    rows = tx.rows(
        "SELECT s.* FROM carton_stock s WHERE (carton, site) IN"
        " (SELECT * FROM unnest(%(cartons)s::text[], %(sites)s::text[])) ORDER BY carton, site FOR UPDATE",
        **pairs,
    )
    return {(row.carton, row.site): _Level(row) for row in rows}


def _write(tx: Tx, moves: Sequence[tuple[Any, ...]], stock: Mapping[Key, _Level]) -> None:
    tx.copy(
        "carton_move", "id, carton, site, quantity, kind, reference, parcel_id, actor, recorded_at",
        [(id_, *each, tx.now) for id_, each in zip(new_ids(len(moves)), moves, strict=True)],
    )  # fmt: skip
    stock = {key: level for key, level in stock.items() if level.is_changed}
    if stock:
        tx.write(
            """
            UPDATE carton_stock s SET quantity = n.quantity, low_at = n.low_at, is_counted = n.is_counted
            FROM unnest(%(cartons)s::text[], %(sites)s::text[], %(units)s::bigint[], %(lows)s::bigint[],
                        %(counted)s::boolean[]) AS n(carton, site, quantity, low_at, is_counted)
            WHERE s.carton = n.carton AND s.site = n.site
            """,
            cartons=array(carton for carton, _ in stock), sites=array(site for _, site in stock),
            units=array(each.quantity for each in stock.values()), lows=array(each.low_at for each in stock.values()),
            counted=array(each.is_counted for each in stock.values()),
        )  # fmt: skip


def list_cartons(tx: Tx) -> list[CartonShown]:
    """All kinds of cartons, by code."""
    rows = tx.rows(f"SELECT code, {', '.join(_FIELDS)} FROM carton_kind ORDER BY code")
    return [CartonShown(**row._asdict()) for row in rows]


def list_carton_stock(tx: Tx, site: str, *, low: bool = False) -> list[CartonStock]:
    """What a site has of each kind it ever had; with `low`, only what is needed."""
    if text_problem(site) is not None:
        return []
    rows = tx.rows("SELECT * FROM carton_stock WHERE site = %(site)s ORDER BY carton", site=site)
    shown = [_shown(row.carton, row.site, row) for row in rows]
    return [each for each in shown if each.is_low or not low]


def cartons_of(tx: Tx, codes: Iterable[str] | None = None) -> dict[str, Carton]:
    """Kinds of cartons as packing is reckoned with, by code: those that are used, or these."""
    rows = tx.rows(
        "SELECT * FROM carton_kind WHERE %(codes)s::text[] IS NULL AND is_active OR code = ANY(%(codes)s::text[])"
        " ORDER BY code",
        codes=None if codes is None else array(askable(codes)),
    )
    return {
        row.code: Carton(
            row.code, row.length_mm, row.width_mm, row.height_mm, row.cost_minor, row.tare_g, row.weight_max_g,
            row.outer_length_mm, row.outer_width_mm, row.outer_height_mm, row.is_insulated, row.is_hazard_rated,
        )
        for row in rows
    }  # fmt: skip


def missing_cartons(tx: Tx) -> set[Key]:
    """(kind, site) of which none is left, where the site counts them."""
    rows = tx.rows("SELECT carton, site FROM carton_stock WHERE quantity <= 0 AND is_counted")
    return {(row.carton, row.site) for row in rows}
