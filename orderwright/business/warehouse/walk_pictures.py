"""Floors and walks as pictures of the site."""

from collections.abc import Callable

from orderwright.business.warehouse.floors import floors_of
from orderwright.business.warehouse.walk_reads import get_walk
from orderwright.business.warehouse.walking.layout import Bin, Layout
from orderwright.business.warehouse.walking.picture import ENGLISH, Ends, Near, near_picture, picture
from orderwright.business.warehouse.walking.walks import Walk, walk_of
from orderwright.database.tx import Tx
from orderwright.values.refusal import Refusal


def draw_floor(tx: Tx, site: str, ends: Ends = ENGLISH) -> str:
    """A site's floor as SVG. Refuses not_found."""
    floor = floors_of(tx, [site]).get(site)
    if floor is None:
        raise Refusal("not_found", site=site)
    return picture(floor.layout, title=site, ends=ends)


def draw_walk(tx: Tx, walk_id: str) -> str:
    """A walk over its site's floor as SVG, as it goes by the layout of now. Refuses not_found."""
    layout, walk, stops, names, title = _walk(tx, walk_id)
    return picture(layout, walk, stops, names, title=title)


def draw_walk_near(tx: Tx, walk_id: str, now: str) -> Callable[[Ends], Near]:
    """The same for who walks it, with a phone. now: the bin that comes next. Refuses not_found."""
    layout, walk, stops, names, title = _walk(tx, walk_id)
    return lambda ends: near_picture(layout, walk, stops, names, title=title, now=now, ends=ends)


def _walk(tx: Tx, walk_id: str) -> tuple[Layout, Walk, list[Bin], list[str], str]:
    shown = get_walk(tx, walk_id)
    floor = floors_of(tx, [shown.walk.site])[shown.walk.site]
    layout = floor.seen_in(shown.walk.zone if shown.walk.strategy == "zone" else None).layout
    stops = [Bin(stop.zone, stop.aisle, stop.bay) for stop in shown.stops]
    names = [stop.place for stop in shown.stops]
    return layout, walk_of(layout, stops), stops, names, f"{shown.walk.site} {shown.walk.number}"
