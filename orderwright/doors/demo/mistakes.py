"""Counting the mistakes the demo's people made, and who noticed."""

from datetime import datetime, timedelta

from orderwright.database.tx import Tx
from orderwright.doors.demo.parcels import contents_of, sent_since, swapped
from orderwright.doors.demo.people import People
from orderwright.doors.demo.sites import TOWNS
from orderwright.doors.demo.window import ZONE
from orderwright.values.calendars import is_working_day

PARCELS_A_TIME = 500


def count_mistakes(tx: Tx, people: People, begin: datetime, end: datetime) -> dict[str, int]:
    """Mistakes with parcels that left, and late shifts, by what they were and where they were noticed."""
    sent = sent_since(tx, begin)
    counts = dict.fromkeys(
        ("caught at the scanner", "caught on the scale", "wrong items that reached customers",
         "wrong quantities that reached customers"), 0,
    )  # fmt: skip
    for at in range(0, len(sent), PARCELS_A_TIME):
        for parcel in contents_of(tx, [each.id for each in sent[at : at + PARCELS_A_TIME]]).values():
            judged = people.judge(parcel)
            counts["caught at the scanner"] += len(judged.at_scanner)
            counts["caught on the scale"] += len(judged.at_scale)
            for mistake in judged.at_customer:
                is_item = mistake.kind == "wrong_item"
                counts[f"wrong {'items' if is_item else 'quantities'} that reached customers"] += 1
    counts["parcels with another's label"] = len(swapped(people, sent))
    counts["parcels whose house was not found at first"] = sum(people.is_misread(each.word) for each in sent)
    counts["trucks that left empty"] = _late_shifts(people, begin, end)
    return counts


def _late_shifts(people: People, begin: datetime, end: datetime) -> int:
    day, last = begin.astimezone(ZONE).date(), end.astimezone(ZONE).date()
    late = 0
    while day < last:
        late += sum(is_working_day(town.calendar, day) and people.is_late(town.code, day) for town in TOWNS)
        day += timedelta(days=1)
    return late
