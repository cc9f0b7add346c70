"""The demo's three sites: real towns with real coordinates; all else about them is made up."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from orderwright.business.catalog.forms import PlaceForm, PutPlace, PutSite, SiteForm
from orderwright.business.warehouse.floor_forms import CartForm, FloorForm, PutFloor
from orderwright.doors.demo.goods import Good
from orderwright.values.calendars import SiteCalendar
from orderwright.values.forms import AddressForm

ACTOR = "demo"
BAYS_AN_AISLE, AISLE_MM, BAY_MM = 24, 3_200, 1_300
CART_TOTES = 10
ZONES = ((0.2, "A"), (0.5, "B"), (1.0, "C"))
"""Shares of the goods by how often they are asked for, and the zone they lie in."""


class Town(NamedTuple):
    """A site. range_max: how many of the goods asked for most it keeps; None: all. pickers: clocked in all day."""

    code: str
    name: str
    postal_code: str
    latitude: float
    longitude: float
    cut_off: str
    daily_capacity: int
    range_max: int | None
    holidays: str
    pickers: int

    @property
    def pickers_max(self) -> int:
        """How many may be on their feet at once, when clerks and packers lend a hand."""
        return 5 * self.pickers

    @property
    def calendar(self) -> SiteCalendar:
        """When it works."""
        country, _, region = self.holidays.partition("-")
        return SiteCalendar(
            time_zone="Europe/London", cut_off=self.cut_off, holidays_country=country, holidays_region=region
        )


TOWNS = (
    Town("LEICESTER", "Leicester", "LE1 6ZB", 52.6369, -1.1398, "18:00", 240, None, "GB-ENG", 6),
    Town("BRISTOL", "Bristol", "BS1 4UA", 51.4545, -2.5879, "16:30", 80, 800, "GB-ENG", 2),
    Town("GLASGOW", "Glasgow", "G2 1AL", 55.8609, -4.2514, "16:30", 80, 800, "GB-SCT", 2),
)


def site_commands() -> list[PutSite]:
    """The sites as actions take them."""
    return [
        PutSite(
            code=town.code, actor=ACTOR,
            form=SiteForm(
                name=town.name, latitude=town.latitude, longitude=town.longitude, time_zone="Europe/London",
                address=AddressForm(
                    country="GB", name=town.name, lines=["1 Warehouse Way"], city=town.name,
                    postal_code=town.postal_code,
                ),
                cut_off=town.cut_off, daily_capacity=town.daily_capacity, holidays=town.holidays,
            ),
        )
        for town in TOWNS
    ]  # fmt: skip


def floor_commands() -> list[PutFloor]:
    """How the sites' floors are worked: carts of totes, an order a tote."""
    form = FloorForm(carts=(CartForm(kind="CART", totes=CART_TOTES),), strategies=("single", "batch"))
    return [PutFloor(site=town.code, form=form, actor=ACTOR) for town in TOWNS]


def range_of(town: Town, goods: Sequence[Good]) -> list[Good]:
    """The goods a site keeps, those asked for most first. goods: in that order."""
    return list(goods if town.range_max is None else goods[: town.range_max])


def bin_of(town: Town, rank: int, count: int) -> str:
    """The bin of the product of a rank (from 0) among `count`: two products share one, the most wanted up front."""
    zone = next(letter for share, letter in ZONES if rank < share * count or share == 1.0)
    aisle, bay = divmod(rank // 2, BAYS_AN_AISLE)
    return f"{zone}-{aisle + 1:02}-{bay + 1:02}"


def place_commands(town: Town, count: int) -> Iterator[PutPlace]:
    """The bins of a site for `count` products, with their place in the hall."""
    for code in dict.fromkeys(bin_of(town, rank, count) for rank in range(count)):
        zone, aisle, bay = code.split("-")
        form = PlaceForm(zone=zone, aisle=int(aisle), bay=int(bay), x_mm=int(aisle) * AISLE_MM, y_mm=int(bay) * BAY_MM)
        yield PutPlace(site=town.code, code=code, form=form, actor=ACTOR)
