"""Every figure reports tell: what it is called, what it counts, how days add up to it, and what is better."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

How = Literal["sum", "share", "per", "median", "last", "turnover", "cost"]
Unit = Literal["count", "share", "minutes", "per_hour", "money", "per_1000", "per_100", "times"]


class Measure(NamedTuple):
    """One figure.

    how: sum: of days. share: counted of judged. per: counted, times `times`, for each of `over` (a figure, or '' for
    judged). median: of the lengths of time its parts are. last: as it stood on the last day. turnover, cost: see
    `told.py`. because: why there may be nothing to tell. parts: whether its parts are told beside it.
    good: whether more or less of it is better; '' neither.
    """

    name: str
    title: str
    says: str
    how: How
    unit: Unit = "count"
    good: Literal["more", "less", ""] = ""
    parts: bool = False
    over: str = ""
    times: int = 1
    because: str = "There was nothing to judge yet."


GROUPS: Mapping[str, Sequence[Measure]] = {
    "Orders": (
        Measure("orders_in", "Orders placed", "Orders placed, by what became of them since.", "sum", parts=True),
        Measure("order_lines", "Order lines", "Lines of the orders placed.", "sum"),
        Measure("order_value", "Value of orders", "Totals of the orders placed, taxes and shipping with them.", "sum",
                "money"),
        Measure("cancelled", "Cancelled", "Orders placed of which nothing is left, by the reason that was told.",
                "share", "share", "less", parts=True),
        Measure("held", "Held", "Orders placed that were stopped at least once, by kind of hold; one with two kinds"
                " counts under both.", "share", "share", "less", parts=True),
        Measure("backordered", "Made to wait", "Orders of which something had to wait for stock when they were placed.",
                "share", "share", "less"),
        Measure("zero_touch", "Zero touch", "Orders shipped in full at which nobody had to do anything at a desk: no"
                " hold a person released, no exception a person closed, no change a person made. Beside it: what made"
                " people touch the others.", "share", "share", "more", parts=True),
    ),
    "Fulfilment": (
        Measure("orders_shipped", "Orders shipped", "Orders whose last parcel left.", "sum"),
        Measure("parcels_shipped", "Parcels shipped", "Parcels that left, by carrier.", "sum", parts=True),
        Measure("time_per_order", "Time per order", "Half of the orders placed that are shipped in full left within"
                " this: from being taken to the last parcel. To five minutes, beyond eight hours to the hour.",
                "median", "minutes", "less"),
        Measure("same_day", "Gone the same day", "Orders placed and not cancelled whose last parcel left on the day"
                " they were taken.", "share", "share", "more"),
        Measure("release_to_label", "Print to last label", "Half of the orders let out to the floor, where their pick"
                " list is printed or shown, had the last label of their parcels within this.", "median", "minutes",
                "less", because="No label was bought yet for an order let out to the floor."),
        Measure("wave_to_parcel", "Wave to last parcel", "Half of the waves, and of the walks in none, had their last"
                " parcel packed within this after they were begun.", "median", "minutes", "less",
                because="No walk ended yet whose orders are packed: picking is not told by scans."),
    ),
    "Accuracy": (
        Measure("order_accuracy", "Order accuracy", "Delivered orders without a complaint about a wrong item, a wrong"
                " quantity or a delivery that failed. Judged 14 days after delivery.", "share", "share", "more",
                because="No order was delivered 14 days ago or longer."),
        Measure("perfect_orders", "Perfect orders", "Delivered orders that were on time, in one go, accurate and"
                " undamaged. Judged like accuracy.", "share", "share", "more",
                because="No order was delivered 14 days ago or longer."),
        Measure("picking_accuracy", "Picking accuracy", "Units picked, less those of mistakes found that began with a"
                " pick, of the units picked.", "share", "share", "more", because="Nothing was picked."),
        Measure("errors_reached", "Errors that reached the customer, per 1,000 orders",
                "Orders that came back for a reason that is ours,"
                " or of which a customer told a mistake, each once a day, for 1,000 orders shipped.", "per", "per_1000",
                "less", parts=True, over="orders_shipped", times=1000, because="No order was shipped."),
    ),
    "Promises": (
        Measure("shipped_on_time", "Shipped on time", "Orders of which every unit not cancelled left by the moment"
                " promised when they were placed. Judged are orders promised in full when placed: shipped ones, and"
                " late ones still here.", "share", "share", "more"),
        Measure("delivered_on_time", "Delivered on time", "Parcels that left and arrived by the promised day, by"
                " carrier. Judged are those that arrived or are lost, and late ones on their way.", "share", "share",
                "more", parts=True),
        Measure("fill_rate", "Promised from stock", "Units promised from stock at the moment of placing, of all units"
                " ordered of known products.", "share", "share", "more"),
    ),
    "Carriers": (
        Measure("parcels_lost", "Parcels lost", "Parcels that left and are lost, by carrier.", "share", "share", "less",
                parts=True),
        Measure("label_cost", "Label cost per parcel", "What labels cost, for each parcel that left with one.", "per",
                "money", "less", because="No parcel left with a label."),
    ),
    "Work": (
        Measure("picks_per_hour", "Picks per labour hour", "Units picked for each hour clocked in for picking.", "per",
                "per_hour", "more", times=3600, because="Nobody clocked in for picking. Hours are told for the store"
                " and for sites."),
        Measure("packs_per_hour", "Packed per labour hour", "Units packed for each hour clocked in for packing.", "per",
                "per_hour", "more", times=3600, because="Nobody clocked in for packing. Hours are told for the store"
                " and for sites."),
        Measure("touch_time", "Touch minutes per order", "Minutes of people for each order shipped, by step. An act"
                " takes the time since the same person's act before it on that day, at most the idle cap.", "per",
                "minutes", "less", parts=True, over="orders_shipped", because="No order was shipped."),
    ),
    "Returns": (
        Measure("return_rate", "Returned", "Units received back, of the units shipped of the orders placed, by reason."
                " Units on their way back do not count yet.", "share", "share", "less", parts=True),
        Measure("returns_received", "Units received back", "Units that came back, whenever they were ordered, by"
                " reason.", "sum", "count", "less", parts=True),
        Measure("return_to_refund", "Return scan to refund", "Half of the returns settled were settled within this"
                " after they were received.", "median", "minutes", "less", because="No return was settled."),
    ),
    "Stock": (
        Measure("stock_value", "Stock value", "What lay at the sites at the end, at average cost.", "last", "money",
                because="Stock was not looked at on that day: it is seen on the day itself alone."),
        Measure("units_shipped", "Units shipped", "Units that left.", "sum"),
        Measure("turnover", "Stock turnover", "How often the stock would turn over in a year at this pace: units that"
                " left, over the mean of what lay here on the days it was looked at.", "turnover", "times", "more",
                over="stock_units",
                because="Stock was not looked at on those days: it is seen on the day itself alone."),
    ),
    "Costs": (
        Measure("cost_per_order", "Cost per order", "For each order shipped: hours clocked at the cost of an hour,"
                " cartons at their present cost, labels, and refunds for mistakes of ours. What is not known is named"
                " and not counted.", "cost", "money", "less", parts=True, over="orders_shipped",
                because="No order was shipped, or no part of its cost is known."),
    ),
    "Customers": (
        Measure("contacts", "Contacts per 100 orders", "How often customers wrote or called about orders, by why, for"
                " 100 orders shipped; since the day on which the first contact was written down.", "per", "per_100",
                "less", parts=True, over="shipped_with_contacts", times=100,
                because="Nobody wrote a contact down yet, or no order was shipped since."),
    ),
}  # fmt: skip
"""The figures of reports, in the order they are read."""

MEASURES: Mapping[str, Measure] = {each.name: each for group in GROUPS.values() for each in group}

WAS_NOW = (
    "errors_reached", "touch_time", "cost_per_order", "contacts", "picking_accuracy", "picks_per_hour",
    "wave_to_parcel", "release_to_label", "zero_touch", "return_to_refund", "same_day", "order_accuracy",
    "shipped_on_time",
)  # fmt: skip
"""What is put beside how it was before."""

TARGETS: Mapping[str, float] = {
    "errors_reached": 5, "touch_time": 4, "picking_accuracy": 0.998, "picks_per_hour": 100, "wave_to_parcel": 90,
    "release_to_label": 60, "zero_touch": 0.9, "return_to_refund": 1440, "same_day": 0.9, "order_accuracy": 0.995,
    "shipped_on_time": 0.98, "contacts": 5,
}  # fmt: skip
"""What a well-run shop reaches, in the figure's own unit; settings may say otherwise."""
COST_PARTS: Mapping[str, str] = {
    "labour": "No cost of an hour is set, or nobody clocked in.",
    "cartons": "No parcel left in a carton whose cost is known.",
    "labels": "No parcel left with a label.",
    "gateway": "What payment gateways charge is not taken in yet.",
    "errors": "",
}
"""The parts of the cost of an order, and why one may not be known."""
