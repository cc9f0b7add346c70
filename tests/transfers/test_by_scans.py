"""Loading and receiving a transfer with a scanner."""

from orderwright.business.deeds.scanning.opening import open_sessions
from orderwright.business.warehouse.sessions.forms import OpenSession, ScanAnswer
from orderwright.doors.console.floor_waiting import waiting
from tests.floor import refused
from tests.transfers.conftest import TwoSites


def refusal(answer: ScanAnswer) -> str:
    assert answer.outcome == "refused"
    return answer.refusal


def test_what_is_asked_for_is_loaded_at_the_one_site_and_received_at_the_other(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    number = sites.planned(MUG=6)
    gun = sites.scanner("load", "LEEDS", number)
    assert (gun.now.say, gun.now.where, gun.now.sku, gun.now.left) == ("load_from_bin", "A-1", "MUG", 6)
    assert gun.now.facts["asked"] == 6
    gun.all("L:LEEDS/A-1", "MUG")
    gun.scan(quantity=6)
    assert gun.now.words == "6 of MUG from A-1: scan on or key how many; scan the next bin or say done to load them."
    gun.key("done")
    assert (gun.now.say, sites.counters("MUG", "LEEDS")) == ("nothing_to_load", (3, 0))
    gun.key("done")
    assert (gun.now.say, sites.transfer(number).state) == ("transfer_left", "sent")
    other = sites.scanner("unload", "BRISTOL", number)
    assert (other.now.say, other.now.left) == ("scan_transferred", 6)
    other.all("MUG")
    other.scan(quantity=6)
    other.all("L:BRISTOL/B-1")
    assert (other.now.say, sites.counters("MUG", "BRISTOL")) == ("transfer_done", (6, 0))


def test_what_is_to_be_loaded_or_received_is_shown_where_it_is(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    number = sites.planned(MUG=6)

    def shown(kind: str, site: str) -> list[tuple[str, str, int | None]]:
        with sites.store.read() as tx:
            return [(each.subject, each.who, each.units) for each in waiting(tx, kind, site)]

    assert (shown("load", "LEEDS"), shown("load", "BRISTOL")) == ([(number, "BRISTOL", 6)], [])
    assert (shown("unload", "LEEDS"), shown("unload", "BRISTOL")) == ([], [])
    gun = sites.scanner("load", "LEEDS", number.lower())
    gun.all("L:LEEDS/A-1", "MUG")
    gun.scan(quantity=4)
    gun.key("done")
    assert (shown("load", "LEEDS"), shown("unload", "BRISTOL")) == ([(number, "BRISTOL", 2)], [(number, "LEEDS", 4)])


def test_what_did_not_come_and_what_nobody_sent_is_told_at_the_scanner(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    sites.put("LEEDS", "A-1", "TEE", 1)
    number = sites.planned()
    gun = sites.scanner("load", "LEEDS", number)
    gun.all("A-1", "MUG", "A-1", "TEE")
    gun.key("done")
    gun.key("done")
    other = sites.scanner("unload", "BRISTOL", number)
    other.all("TEE", "TEE")
    answer = other.all("B-1")
    assert [each.words for each in answer.instruction.notices] == ["1 of TEE more than was sent: a manager is told."]
    answer = other.key("done")
    assert [each.say for each in answer.instruction.notices] == ["transfer_short"]
    assert sites.exceptions() == ["transfer_differs"]
    assert sites.counters("TEE", "BRISTOL") == (2, 0)


def test_a_wrong_scan_while_loading_changes_nothing(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    sites.put("LEEDS", "A-1", "TEE", 9)
    number = sites.planned(MUG=2)
    gun = sites.scanner("load", "LEEDS", number)
    assert refusal(gun.scan("MUG")) == "unexpected_scan"
    assert refusal(gun.scan("L:LEEDS/PACKING")) == "unexpected_scan"
    assert refusal(gun.scan("RUBBISH")) == "unknown_scan"
    gun.all("A-1")
    assert refusal(gun.scan("TEE")) == "transfer_quantity"
    assert refusal(gun.scan("HAT")) == "short_stock"
    gun.all("MUG")
    assert refusal(gun.scan(quantity=3)) == "transfer_quantity"
    assert refusal(gun.scan(quantity=10)) == "short_stock"
    assert refusal(gun.scan("TEE")) == "wrong_item"
    assert refusal(gun.key("skip")) == "command_step"
    assert sites.counters("MUG", "LEEDS") == (9, 0)
    gun.key("back")
    assert gun.now.say == "load_from_bin"


def test_the_lot_is_asked_for_where_a_bin_holds_several(sites: TwoSites):
    sites.product("MILK", tracking="lot")
    sites.put("LEEDS", "A-1", "MILK", 4, lot="L1")
    sites.put("LEEDS", "A-1", "MILK", 4, lot="L2")
    number = sites.planned(MILK=6)
    gun = sites.scanner("load", "LEEDS", number)
    gun.all("A-1", "MILK")
    assert (gun.now.say, gun.now.expects) == ("scan_one_of_lots", "lot")
    assert refusal(gun.key("done")) == "lot_needed"
    assert refusal(gun.scan("L9")) == "wrong_lot"
    gun.all("L2", "A-1", "MILK", "L1")
    gun.key("done")
    gun.key("done")
    other = sites.scanner("unload", "BRISTOL", number)
    other.all("MILK")
    assert (other.now.say, other.now.facts["sku"]) == ("scan_one_of_lots", "MILK")
    other.all("L1", "B-1", "MILK", "B-1")
    assert [(row.lot, row.quantity) for row in sites.rows(
        "SELECT s.lot, s.quantity FROM stock s JOIN place p ON p.id = s.place_id AND p.code = 'B-1' ORDER BY s.lot"
    )] == [("L1", 1), ("L2", 1)]  # fmt: skip


def test_a_wrong_scan_while_receiving_changes_nothing(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    number = sites.planned(MUG=2)
    gun = sites.scanner("load", "LEEDS", number)
    gun.all("A-1", "MUG", "MUG")
    gun.key("done")
    gun.key("done")
    other = sites.scanner("unload", "BRISTOL", number)
    assert refusal(other.scan("B-1")) == "unexpected_scan"
    other.all("MUG")
    assert refusal(other.scan("TEE")) == "wrong_item"
    assert refusal(other.scan("L:BRISTOL/PACKING")) == "unexpected_scan"
    assert refusal(other.scan("L:BRISTOL/NOWHERE")) == "unknown_place"
    assert refusal(other.key("full")) == "command_step"
    other.key("back")
    assert sites.counters("MUG", "BRISTOL") == (0, 0)
    other.all("MUG", "MUG", "L:BRISTOL/QUARANTINE")  # broken on the way
    assert (sites.transfer(number).state, sites.counters("MUG", "BRISTOL")) == ("done", (0, 0))
    assert refusal(other.scan("MUG")) == "transfer_step"


def test_the_same_scan_twice_loads_once(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    gun = sites.scanner("load", "LEEDS", sites.planned())
    gun.all("A-1", "MUG")
    gun.key("done")
    gun.n -= 1
    assert gun.key("done").repeated
    assert sites.counters("MUG", "LEEDS") == (8, 0)


def test_a_transfer_is_loaded_and_received_at_its_own_sites_only(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    number = sites.planned(MUG=2)

    def opened(kind: str, site: str) -> str:
        command = OpenSession(kind=kind, site=site, person="rosa", subject=number, actor="test")
        return refused(sites.one(open_sessions, command))[0]

    assert opened("load", "BRISTOL") == "not_found"
    assert opened("unload", "LEEDS") == "not_found"
    assert opened("unload", "BRISTOL") == "transfer_step"


def test_what_comes_lies_on_the_receiving_bench_until_somebody_puts_it_away(sites: TwoSites):
    sites.put("LEEDS", "A-1", "MUG", 9)
    number = sites.planned()
    gun = sites.scanner("load", "LEEDS", number)
    gun.all("A-1", "MUG")
    gun.scan(quantity=3)
    gun.key("done")
    gun.key("done")
    other = sites.scanner("unload", "BRISTOL", number)
    other.all("MUG")
    answer = other.key("done")
    assert [each.words for each in answer.instruction.notices] == ["1 of MUG to the receiving bench, 0 to quarantine."]
    other.all("MUG", "MUG", "MUG", "L:BRISTOL/RECEIVING")  # one more than was sent
    assert (sites.transfer(number).state, sites.exceptions()) == ("done", ["transfer_differs"])
    assert sites.counters("MUG", "BRISTOL") == (0, 0)
    away = sites.scanner("put_away", "BRISTOL", "")
    assert (away.now.sku, away.now.left) == ("MUG", 4)
    away.all("MUG")
    away.scan(quantity=4)
    away.all("L:BRISTOL/B-1")
    assert (away.now.say, sites.counters("MUG", "BRISTOL")) == ("receiving_empty", (4, 0))


def test_another_product_is_refused_while_the_unit_in_hand_is_not_named_yet(sites: TwoSites):
    sites.product("CAM", tracking="serial")
    sites.put("LEEDS", "A-1", "CAM", 1)
    sites.put("LEEDS", "A-1", "MUG", 5)
    gun = sites.scanner("load", "LEEDS", sites.planned())
    gun.all("A-1", "CAM")
    other = gun.scan("MUG")
    assert (other.refusal, other.instruction.facts) == ("wrong_item", {"wanted": "CAM", "scanned": "MUG"})
    assert (gun.now.expects, gun.now.sku) == ("serial", "CAM")
