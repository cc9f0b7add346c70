"""The boring parts of papers."""

from datetime import UTC, date, datetime

from orderwright.papers.labels import CartonLabel, FloorLabel
from orderwright.papers.lists import CountRow, FloorList, PickListPaper, PickRow, PutAwayRow
from orderwright.papers.slips import PackingSlip, SlipLine
from orderwright.values.codes import sscc
from orderwright.values.gs1 import Element

WORK = "0199c0de-0000-7000-8000-000000000001"
NINE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HEAD = FloorList(number="COUNT-7", site="LEEDS", made_at=NINE, person="Ann")
SENDER = ("Rose & Co", "1 Dock St", "Leeds LS1 1AA", "GB")
BUYER = ("A. Buyer", "1 Market St", "Apt 4", "San Francisco CA 94105", "United States")
HOSTILE = (
    "#panic()", "*bold* _it_ @x $1$ `raw` // <a>", '"); evil', "<script>alert(1)</script>", "=cmd|' /C calc'!A0",
    "^XZ~JA_1", "\\u{41} \\", "a" * 64, "W" * 200,
)  # fmt: skip


def pick_list(*rows, **how):
    """A pick list with its rows in walking order."""
    return PickListPaper(**{"work": WORK, "number": "OW-000123", "site": "LEEDS", "made_at": NINE, "rows": rows} | how)


def stop(place="A-03-12", sku="MUG", quantity=2, **how):
    """One stop of a walk."""
    return PickRow(place=place, sku=sku, quantity=quantity, **{"title": "Mug, blue"} | how)


def slip(**how):
    """A packing slip."""
    usual = {
        "order": "OW-000123", "parcel": "P-000017", "sender": SENDER, "recipient": BUYER,
        "lines": [SlipLine(sku="MUG", title="Mug, blue", quantity=2)],
    }  # fmt: skip
    return PackingSlip(**usual | how)


def carton(serial=17, **how):
    """A carton's label."""
    return CartonLabel(**{"sscc": sscc(0, "9506000", serial), "sender": SENDER, "recipient": BUYER} | how)


TOTE = FloorLabel(kind="tote", code="0042")
BIN = FloorLabel(kind="place", code="A-03-12", site="LEEDS", line="Zone A")
LONG_BIN = FloorLabel(kind="place", code="SHELF-" + "X" * 58, site="L" * 64)
MIXED = carton(18, contents=[Element("02", "09506000134352"), Element("37", "24"), Element("10", "AB_1")])
WHOLE = carton(19, contents=MIXED.contents, parcel="P-000017", lines=["OW-000123", "standard", "1,250 g"])
COUNTS = [CountRow(place="A-01-01"), CountRow(place="A-01-02", sku="MUG", title="Mug, blue", lot="AB-1")]
ARRIVED = [
    PutAwayRow(sku="MUG", title="Mug, blue", quantity=12, place="A-01-01", expires_on=date(2027, 1, 31)),
    PutAwayRow(sku="TEE", title="Tea towel", quantity=3),
]
