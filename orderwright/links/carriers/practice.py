"""The practice carrier: labels, take-backs and scans without an outside world, made to fail on request.

All it does follows from the request and a seed, so a run can be repeated. What it is told to do wrong stands
in its `Troubles`; out of the box it does nothing wrong.
"""

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from orderwright.business.shipping.ports import (
    BoughtLabel,
    CarrierSaidNo,
    LabelToVoid,
    NoAnswer,
    ParcelToShip,
    Scan,
    ShippedParcel,
)
from orderwright.links.carriers.zpl import label_zpl
from orderwright.links.memory import Memory
from orderwright.values.codes import check_digit

PREFIX = "PX"
SCHEMA = """
    CREATE TABLE IF NOT EXISTS effect (key TEXT PRIMARY KEY, tracking_code TEXT, cost INTEGER, currency TEXT);
    CREATE TABLE IF NOT EXISTS call (key TEXT PRIMARY KEY, calls INTEGER);
"""
CALL_TROUBLES = ("refused", "unheard", "unanswered")
_DIGITS = 17


class Troubles(NamedTuple):
    """What goes wrong, in thousandths of the calls or parcels it can happen to.

    refused: the carrier says no. unheard: the call never reaches it. unanswered: it does what is asked, and the
    answer is lost. late: a parcel arrives a day late. failed: the first delivery fails. lost: it never arrives.
    """

    seed: int = 0
    refused: int = 0
    unheard: int = 0
    unanswered: int = 0
    late: int = 0
    failed: int = 0
    lost: int = 0


class PracticeCarrier:
    """A carrier as shipping wants it. It remembers in a file what was bought and taken back under which key.

    Of a label only key, code and price are remembered: what is printed follows from the request, and names and
    addresses stay with the shop. memory: None for a carrier that forgets all when it ends.
    """

    def __init__(self, troubles: Troubles | None = None, memory: Path | None = None) -> None:
        self.troubles = troubles or Troubles()
        self._memory = Memory(memory, SCHEMA)

    @property
    def bought(self) -> list[str]:
        """The keys of all labels sold, in order of time: what the outside world says, to compare our books with."""
        return self._keys("tracking_code <> ''")

    @property
    def voided(self) -> list[str]:
        """The keys of all labels taken back, in order of time."""
        return self._keys("tracking_code = ''")

    def buy_label(self, parcel: ParcelToShip) -> BoughtLabel:
        """Sell a label at the rate card's price, once per key. Raises CarrierSaidNo, NoAnswer."""
        trouble = self._trouble(parcel.key)
        if trouble == "unheard":
            raise NoAnswer(f"{parcel.key}: timed out")
        if trouble == "refused":
            raise CarrierSaidNo("the address cannot be served today")
        if parcel.quoted_minor is None:
            raise CarrierSaidNo(f"{parcel.service} does not go to {parcel.recipient.country}")
        with self._memory.open() as file:
            file.execute(
                "INSERT OR IGNORE INTO effect VALUES (?, ?, ?, ?)",
                (parcel.key, tracking_code(parcel.key), parcel.quoted_minor, parcel.currency),
            )
        if trouble == "unanswered":
            raise NoAnswer(f"{parcel.key}: the connection was lost")
        label = self.find_label(parcel)
        if label is None:
            raise NoAnswer(f"{parcel.key}: the practice carrier's memory is gone")
        return label

    def find_label(self, parcel: ParcelToShip) -> BoughtLabel | None:
        """The label bought under the request's key."""
        with self._memory.open() as file:
            row = file.execute(
                "SELECT tracking_code, cost, currency FROM effect WHERE key = ? AND tracking_code <> ''", (parcel.key,)
            ).fetchone()
        return None if row is None else BoughtLabel(row[0], row[1], row[2], label_zpl(parcel, row[0]))

    def void_label(self, label: LabelToVoid) -> None:
        """Take a label back. Raises CarrierSaidNo, NoAnswer."""
        trouble = self._trouble(label.key)
        if trouble == "unheard":
            raise NoAnswer(f"{label.key}: timed out")
        if trouble == "refused":
            raise CarrierSaidNo("the label is on a closed manifest")
        with self._memory.open() as file:
            file.execute("INSERT OR IGNORE INTO effect VALUES (?, '', 0, '')", (label.key,))
        if trouble == "unanswered":
            raise NoAnswer(f"{label.key}: the connection was lost")

    def is_voided(self, key: str) -> bool:
        """Whether the label was taken back under this key."""
        with self._memory.open() as file:
            return file.execute("SELECT 1 FROM effect WHERE key = ?", (key,)).fetchone() is not None

    def _keys(self, which: str) -> list[str]:
        with self._memory.open() as file:
            rows = file.execute(f"SELECT key FROM effect WHERE {which} ORDER BY rowid").fetchall()
        return [row[0] for row in rows]

    def scans_of(self, parcel: ShippedParcel) -> list[Scan]:
        """The scans of a parcel: taken over, on the road, out for delivery, delivered; times follow from its code.

        It arrives on `arrives_on` between 9 and 18 o'clock by the site's clock, unless there is trouble.
        """
        code, troubles = parcel.tracking_code, self.troubles
        arrives_on = parcel.arrives_on + timedelta(days=1 if self._draw(code, "late") < troubles.late else 0)
        taken = parcel.handed_over_at + timedelta(minutes=30 + self._draw(code, "taken") % 90)
        scans = [_scan(code, "accepted", taken), _scan(code, "in_transit", taken + timedelta(hours=4))]
        if self._draw(code, "lost") < troubles.lost:
            return [*scans, _scan(code, "lost", _at(parcel, arrives_on, 20, 0) + timedelta(days=7))]
        tries = [arrives_on]
        if self._draw(code, "failed") < troubles.failed:
            tries.append(arrives_on + timedelta(days=1))
        for n, day in enumerate(tries):
            earliest = scans[-1].occurred_at + timedelta(hours=1)
            out = max(_at(parcel, day, 7, self._draw(code, f"out{n}") % 90), earliest)
            done = max(_at(parcel, day, 9, self._draw(code, f"done{n}") % 540), out + timedelta(minutes=20))
            is_last = n + 1 == len(tries)
            scans += [
                _scan(code, "out_for_delivery", out, n),
                _scan(code, "delivered" if is_last else "failed", done, n),
            ]
        return scans

    def _trouble(self, key: str) -> str:
        """What goes wrong with this call; each call of a key is drawn apart, so that a retry may succeed."""
        if not any(getattr(self.troubles, name) for name in CALL_TROUBLES):
            return ""
        with self._memory.open() as file:
            file.execute("INSERT INTO call VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET calls = calls + 1", (key,))
            [call] = file.execute("SELECT calls FROM call WHERE key = ?", (key,)).fetchone()
        drawn = self._draw(key, f"call{call}")
        for name in CALL_TROUBLES:
            share: int = getattr(self.troubles, name)
            if drawn < share:
                return name
            drawn -= share
        return ""

    def _draw(self, *words: str) -> int:
        """A number from 0 to 999 that follows from the seed and the words."""
        return _number(str(self.troubles.seed), *words) % 1000


def tracking_code(key: str) -> str:
    """The code of the label bought under a key: PX, 17 digits and a check digit (GS1, modulo 10)."""
    body = str(_number(key) % 10**_DIGITS).rjust(_DIGITS, "0")
    return f"{PREFIX}{body}{check_digit(body)}"


def is_tracking_code(text: str) -> bool:
    """Whether a text is a code of this carrier, with the right check digit."""
    body, last = text[len(PREFIX) : -1], text[-1:]
    is_formed = text.startswith(PREFIX) and len(body) == _DIGITS and (body + last).isdigit() and text.isascii()
    return is_formed and int(last) == check_digit(body)


def _number(*words: str) -> int:
    return int.from_bytes(sha256("\n".join(words).encode()).digest()[:10], "big")


def _scan(code: str, milestone: str, at: datetime, attempt: int = 0) -> Scan:
    return Scan(f"{code}:{milestone}:{attempt + 1}", milestone, "", at)


def _at(parcel: ShippedParcel, day: date, hour: int, minutes: int) -> datetime:
    """Minutes after an hour of the site's clock, as aware UTC."""
    start = datetime.combine(day, time(hour), tzinfo=ZoneInfo(parcel.time_zone))
    return start.astimezone(UTC) + timedelta(minutes=minutes)
