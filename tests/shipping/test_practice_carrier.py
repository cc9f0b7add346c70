"""The practice carrier: the same request, the same label; trouble only where it is asked for."""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from orderwright.business.shipping.ports import CarrierSaidNo, LabelToVoid, NoAnswer, ParcelToShip, ShippedParcel
from orderwright.links.carriers.practice import PracticeCarrier, Troubles, is_tracking_code, tracking_code
from orderwright.links.carriers.zpl import address_lines, label_zpl
from orderwright.values.forms import AddressForm

LEEDS = AddressForm(country="GB", name="Shop", lines=["1 Dock St"], city="Leeds", postal_code="LS1 1AA")
HOME = AddressForm(country="GB", name="A. Buyer", lines=["1 High St", "Flat 4"], city="York", postal_code="YO1 7HH")
PARCEL = ParcelToShip("label:1:1", "practice", "P-000001", "standard", 900, LEEDS, HOME, 365, "GBP")
SHIPPED = ShippedParcel("PX1", datetime(2026, 11, 20, 15, 0, tzinfo=UTC), date(2026, 11, 24), "Europe/London")
LONDON = ZoneInfo("Europe/London")


def parcel(n: int) -> ParcelToShip:
    return PARCEL._replace(key=f"label:{n}:1")


def test_the_same_key_buys_the_same_label_once() -> None:
    carrier = PracticeCarrier()
    first = carrier.buy_label(PARCEL)
    assert carrier.buy_label(PARCEL._replace(quoted_minor=5)) == first
    assert (first.cost_minor, first.currency, carrier.bought) == (365, "GBP", [PARCEL.key])
    assert carrier.find_label(PARCEL) == first
    assert carrier.find_label(parcel(2)) is None


def test_a_memory_that_could_not_be_opened_is_opened_the_next_time(tmp_path: Path) -> None:
    file = tmp_path / "carrier.sqlite"
    file.write_bytes(b"no database" * 100)
    carrier = PracticeCarrier(memory=file)
    with pytest.raises(sqlite3.DatabaseError):
        carrier.buy_label(PARCEL)
    file.unlink()
    carrier.buy_label(PARCEL)
    assert carrier.bought == [PARCEL.key]


def test_two_processes_and_a_restart_agree_on_what_was_bought_and_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "data" / "carrier.sqlite"
    one, other = PracticeCarrier(memory=file), PracticeCarrier(memory=file)
    first = one.buy_label(PARCEL)
    assert other.find_label(PARCEL) == first
    assert other.buy_label(PARCEL._replace(quoted_minor=5)) == first
    other.void_label(LabelToVoid("void:1:1", "practice", first.tracking_code))
    assert one.is_voided("void:1:1")
    after = PracticeCarrier(memory=file)
    assert (after.bought, after.find_label(PARCEL), after.is_voided("void:1:1")) == ([PARCEL.key], first, True)


def test_what_the_carrier_remembers_knows_nothing_of_people(tmp_path: Path) -> None:
    file = tmp_path / "carrier.sqlite"
    PracticeCarrier(memory=file).buy_label(PARCEL)
    kept = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert PARCEL.key.encode() in kept
    for word in (b"Buyer", b"High St", b"YO1"):
        assert word not in kept


def test_a_code_has_a_check_digit_that_catches_a_slip() -> None:
    code = tracking_code("label:1:1")
    assert len(code) == 20
    assert is_tracking_code(code)
    assert not [code for n in range(10) if is_tracking_code(code[:-1] + str(n)) and str(n) != code[-1]]
    assert not is_tracking_code("PX" + code[2:].replace(code[5], str((int(code[5]) + 1) % 10), 1))
    assert not is_tracking_code("")


def test_every_key_has_a_code_of_its_own() -> None:
    assert len({tracking_code(f"label:{n}:1") for n in range(20_000)}) == 20_000


def test_trouble_comes_at_its_rate_and_the_same_every_time() -> None:
    def outcomes() -> list[str]:
        carrier = PracticeCarrier(Troubles(seed=7, refused=50, unheard=50, unanswered=50))
        told = []
        for n in range(1_000):
            try:
                carrier.buy_label(parcel(n))
                told.append("bought")
            except CarrierSaidNo:
                told.append("refused")
            except NoAnswer:
                told.append("kept" if carrier.find_label(parcel(n)) else "lost")
        return told

    counted = {word: outcomes().count(word) for word in ("bought", "refused", "lost", "kept")}
    assert outcomes() == outcomes()
    assert all(30 <= counted[word] <= 75 for word in ("refused", "lost", "kept"))


def test_a_retry_is_drawn_anew() -> None:
    carrier = PracticeCarrier(Troubles(seed=1, unheard=500))
    tries = 0
    while carrier.find_label(PARCEL) is None and tries < 50:
        tries += 1
        try:
            carrier.buy_label(PARCEL)
        except NoAnswer:
            continue
    assert 0 < tries < 50


def test_where_no_service_goes_it_says_no() -> None:
    with pytest.raises(CarrierSaidNo, match="standard does not go to GB"):
        PracticeCarrier().buy_label(PARCEL._replace(quoted_minor=None))


def test_a_take_back_is_known_by_its_key() -> None:
    carrier = PracticeCarrier(Troubles(unanswered=1000))
    label = LabelToVoid("void:1:1", "practice", "PX1")
    assert not carrier.is_voided(label.key)
    with pytest.raises(NoAnswer):
        carrier.void_label(label)
    assert carrier.is_voided(label.key)
    with pytest.raises(NoAnswer):
        PracticeCarrier(Troubles(unheard=1000)).void_label(label)
    with pytest.raises(CarrierSaidNo):
        PracticeCarrier(Troubles(refused=1000)).void_label(label)


def test_a_parcel_is_scanned_on_its_way_and_arrives_on_its_day() -> None:
    scans = PracticeCarrier().scans_of(SHIPPED)
    assert [each.milestone for each in scans] == ["accepted", "in_transit", "out_for_delivery", "delivered"]
    assert scans == sorted(scans, key=lambda each: each.occurred_at)
    assert scans == PracticeCarrier().scans_of(SHIPPED)
    arrival = scans[-1].occurred_at.astimezone(LONDON)
    assert (arrival.date(), 9 <= arrival.hour < 18) == (date(2026, 11, 24), True)
    assert len({each.external_id for each in scans}) == 4


def test_a_parcel_that_arrives_the_day_it_leaves_is_still_scanned_in_order() -> None:
    late = SHIPPED._replace(handed_over_at=datetime(2026, 11, 20, 22, 0, tzinfo=UTC), arrives_on=date(2026, 11, 20))
    times = [each.occurred_at for each in PracticeCarrier().scans_of(late)]
    assert times == sorted(set(times))
    assert times[0] > late.handed_over_at


def test_trouble_on_the_road_shows_in_the_scans() -> None:
    late = PracticeCarrier(Troubles(late=1000)).scans_of(SHIPPED)
    assert late[-1].occurred_at.astimezone(LONDON).date() == date(2026, 11, 25)
    failed = PracticeCarrier(Troubles(failed=1000)).scans_of(SHIPPED)
    assert [each.milestone for each in failed][2:] == [
        "out_for_delivery", "failed", "out_for_delivery", "delivered",
    ]  # fmt: skip
    lost = PracticeCarrier(Troubles(lost=1000)).scans_of(SHIPPED)
    assert [each.milestone for each in lost] == ["accepted", "in_transit", "lost"]
    assert lost[-1].occurred_at > scans_end(SHIPPED) + timedelta(days=6)


def scans_end(shipped: ShippedParcel) -> datetime:
    return PracticeCarrier().scans_of(shipped)[-1].occurred_at


def test_a_label_is_written_for_the_printer() -> None:
    zpl = label_zpl(PARCEL, "PX1")
    assert zpl.startswith("^XA\n^CI28\n")
    assert zpl.endswith("^XZ\n")
    for told in (
        "^FDA. Buyer^FS",
        "^FDFlat 4^FS",
        "^FDYO1 7HH York^FS",
        "^FDstandard · P-000001 · 900 g^FS",
        "^FDPX1^FS",
    ):
        assert told in zpl


def test_an_address_keeps_every_part_in_lines_of_at_most_40_characters() -> None:
    # Edge case 71.
    address = AddressForm(
        country="GB", name="Zoë ‏שלום‏ 🌸", company="The Extraordinarily Long-Winded Trading Company of York Limited",
        lines=["x" * 95, "", "Apartment 12"], city="York", postal_code="YO1 7HH",
    )  # fmt: skip
    lines = address_lines(address)
    assert max(map(len, lines)) == 40
    assert "Apartment 12" in lines
    assert "".join(lines).replace(" ", "") == "".join(
        [address.name, address.company, "x" * 95, "Apartment12", "YO17HHYork", "GB"]
    ).replace(" ", "")
    assert lines[1:3] == ["The Extraordinarily Long-Winded Trading", "Company of York Limited"]


def test_what_would_command_the_printer_is_printed_instead() -> None:
    zpl = label_zpl(PARCEL._replace(recipient=AddressForm(country="GB", name="^XZ~JA_1")), "PX1")
    assert "^FD_5EXZ_7EJA_5F1^FS" in zpl
    assert zpl.count("^XZ") == 1
