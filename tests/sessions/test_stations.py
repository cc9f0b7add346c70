"""Lights and sensors that stand in for real ones drive the sessions a hand scanner drives."""

from collections.abc import Iterator, Sequence

import pytest

from orderwright.business.deeds.scanning.opening import get_session
from orderwright.business.deeds.scanning.take import take_scans
from orderwright.business.warehouse.sessions.forms import Instruction, ScanForm, SessionNow, TakeScans
from orderwright.business.warehouse.sessions.ports import Press
from orderwright.business.warehouse.sessions.station import Lit, Station, lit_by, scans_of_press
from tests.floor import done, new_floor
from tests.sessions.scanner import ScannedFloor


class Rail:
    """A row of lights with buttons."""

    def __init__(self) -> None:
        self.lit: dict[str, int] = {}
        self.presses: list[Press] = []

    def show(self, where: str, units: int) -> None:
        self.lit.pop(where, None)
        if units:
            self.lit[where] = units

    def pressed(self) -> list[Press]:
        presses, self.presses = self.presses, []
        return presses

    def press(self, where: str, units: int | None = None) -> None:
        self.presses.append(Press(where, units))


class Eye:
    """A sensor that sees codes go by: a light curtain, or a reader over a conveyor."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def seen(self) -> list[str]:
        codes, self.codes = self.codes, []
        return codes


@pytest.fixture
def floor(postgres: str) -> Iterator[ScannedFloor]:
    with new_floor(postgres) as plain:
        scanned = ScannedFloor(plain)
        scanned.put("A-1", "MUG", 9)
        scanned.put("A-2", "TEE", 9)
        yield scanned
        assert scanned.broken() == []


def walked(floor: ScannedFloor) -> str:
    """The session of Ann's walk for two mugs and a tee."""
    number = floor.place({"MUG": 2, "TEE": 1}).number
    floor.release(number)
    floor.walk()
    return floor.scanner().id


def sender(floor: ScannedFloor, id_: str):
    def send(scans: Sequence[ScanForm]) -> SessionNow:
        if not scans:
            with floor.store.read() as tx:
                return get_session(tx, id_)
        return done(floor.run(take_scans, TakeScans(session_id=id_, scans=list(scans), actor="test")))[0]

    return send


def picked(floor: ScannedFloor) -> list[tuple[str, int]]:
    return [tuple(row) for row in floor.rows("SELECT sku, picked::int FROM pick_task WHERE picked > 0 ORDER BY sku")]


def test_lights_lead_a_walk_from_bin_to_tote_and_buttons_pick(floor: ScannedFloor):
    id_ = walked(floor)
    rail = Rail()
    station = Station(sender(floor, id_), light=rail)
    station.turn()
    assert rail.lit == {"A-1": 2}
    rail.press("A-1")
    station.turn()
    assert (rail.lit, picked(floor)) == ({"T1": 2}, [])  # in hand until the tote is confirmed
    rail.press("T1")
    station.turn()
    assert (rail.lit, picked(floor)) == ({"A-2": 1}, [("MUG", 2)])
    rail.press("A-2")
    rail.press("T1")
    now = station.turn()
    assert (rail.lit, picked(floor), now.instruction.say) == ({}, [("MUG", 2), ("TEE", 1)], "all_picked")


def test_a_hand_at_the_wrong_light_is_refused_and_the_right_one_stays_lit(floor: ScannedFloor):
    id_ = walked(floor)
    rail = Rail()
    station = Station(sender(floor, id_), light=rail)
    station.turn()
    rail.press("A-2")
    station.turn()
    assert (rail.lit, picked(floor)) == ({"A-1": 2}, [])
    assert [row.refusal for row in floor.rows("SELECT refusal FROM scan ORDER BY n")] == ["wrong_bin"]


def test_a_display_set_to_fewer_takes_so_many_and_asks_for_the_rest(floor: ScannedFloor):
    id_ = walked(floor)
    rail = Rail()
    station = Station(sender(floor, id_), light=rail)
    station.turn()
    rail.press("A-1", 1)
    now = station.turn()
    assert (rail.lit, now.instruction.say) == ({"A-1": 1}, "scan_more")
    rail.press("A-1")
    station.turn()
    assert rail.lit == {"T1": 2}


def test_a_press_that_bounces_counts_once(floor: ScannedFloor):
    id_ = walked(floor)
    rail = Rail()
    station = Station(sender(floor, id_), light=rail)
    station.turn()
    rail.press("A-1")
    rail.press("A-1")
    station.turn()
    rail.press("T1")
    station.turn()
    assert picked(floor) == [("MUG", 2)]


def test_sensors_scan_what_they_see_and_a_hand_scanner_may_help(floor: ScannedFloor):
    id_ = walked(floor)
    eye = Eye()
    station = Station(sender(floor, id_), sensors=[eye])
    eye.codes = ["L:LEEDS/A-1", "MUG", "MUG"]
    assert station.turn().instruction.say == "put_in_tote"
    by_hand = sender(floor, id_)
    by_hand([ScanForm(n=by_hand(()).next_n, code="T:T1")])
    eye.codes = ["RUBBISH", "L:LEEDS/A-2"]
    now = station.turn()
    assert (now.instruction.say, now.instruction.sku, picked(floor)) == ("scan_item", "TEE", [("MUG", 2)])


def test_what_no_button_can_say_is_left_to_the_scanner():
    lot = Instruction("scan_lot", "", "lot", where="A-1", sku="MUG", left=2)
    assert lit_by(lot) is None
    assert scans_of_press(Press("A-1"), lot) == [{"code": "A-1"}]
    over = Instruction("walk_over", "", "done", "done")
    assert lit_by(over) is None
    tote = Instruction("put_in_tote", "", "tote", tote="T1", facts={"units": 3})
    assert lit_by(tote) == Lit("T1", 3)
