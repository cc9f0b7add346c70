"""What comes back: whose it is, what it is, how it is; booked by the deeds of returns, all at once."""

import pytest

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.damaged import judge_damaged
from orderwright.business.deeds.take_back import receive_returns
from orderwright.business.returns.forms import AskedLine, AskReturn, ReceiveReturn
from orderwright.business.returns.labels import BUY, BuyReturnLabels, WantReturnLabel, want_return_labels
from orderwright.business.warehouse.damage.forms import JudgeDamage
from orderwright.doors.worker.kinds import CallKind
from tests.floor import done
from tests.sessions.scanner import ScannedFloor, Scanner, beeps


class Sent:
    """An order of 3 mugs and 1 tee that left the house and comes back."""

    def __init__(self, floor: ScannedFloor) -> None:
        self.floor = floor
        floor.put("A-1", "MUG", 9)
        floor.put("A-2", "TEE", 9)
        self.order = floor.place({"MUG": 3, "TEE": 1}).number
        self.parcel = floor.shipped(self.order)
        lines = [AskedLine(1, 3, "unwanted"), AskedLine(2, 1, "defective")]
        self.asked = floor.one(ask_returns, AskReturn(number=self.order, lines=lines, actor="test"))

    def line(self, n: int) -> tuple[int, int, int, int]:
        """(received, restocked, quarantined, scrapped) of a line."""
        [row] = self.floor.rows(
            "SELECT received, restocked, quarantined, scrapped FROM return_line"
            " WHERE return_id = %(id)s AND line = %(n)s",
            id=self.asked.id, n=n,
        )  # fmt: skip
        return tuple(row)

    @property
    def state(self) -> str:
        return str(self.floor.value("SELECT state FROM return_request WHERE id = %(id)s", id=self.asked.id))


@pytest.fixture
def sent(floor: ScannedFloor) -> Sent:
    return Sent(floor)


def bench(sent: Sent) -> Scanner:
    return sent.floor.scanner("rita", "return")


def test_a_return_is_looked_at_unit_by_unit_and_booked_at_once(sent: Sent) -> None:
    rita = bench(sent)
    assert beeps(rita.scan(sent.asked.number)) == ("ok", "item")
    assert beeps(rita.all("MUG", "MUG")) == ("ok", "verdict")
    answer = rita.scan("restock")
    assert beeps(answer) == ("ok", "bin")
    assert answer.instruction.where == "A-1"
    rita.all("A-1", "MUG", "scrap", "TEE")
    assert beeps(rita.scan("quarantine")) == ("ok", "done")
    assert sent.state == "asked"
    answer = rita.key("done")
    assert beeps(answer) == ("ok", "return")
    assert [each.words for each in answer.instruction.notices] == [
        f"{sent.asked.number} is done: 2 restocked, 1 to quarantine, 1 scrapped."
    ]
    assert (sent.state, sent.line(1), sent.line(2)) == ("inspected", (3, 2, 0, 1), (1, 0, 1, 0))
    lying = sent.floor.rows(
        "SELECT p.code, s.sku, s.quantity FROM stock s JOIN place p ON p.id = s.place_id"
        " WHERE p.code IN ('QUARANTINE', 'RETURNS') AND s.quantity > 0"
    )
    assert [tuple(row) for row in lying] == [("QUARANTINE", "TEE", 1)]


def test_what_is_doubted_is_judged_by_a_supervisor(sent: Sent) -> None:
    bench(sent).all(sent.asked.number, "TEE", "quarantine")
    rita = bench(sent)
    rita.key("done")
    [row] = sent.floor.rows("SELECT id::text, reason, reference FROM damage")
    assert (row.reason, row.reference) == ("defective", f"{sent.asked.number}/2")
    assert "goods_damaged" in sent.floor.exceptions()
    done(sent.floor.run(judge_damaged, JudgeDamage(damage_id=row.id, verdict="restock", place="A-2", actor="max")))
    assert "goods_damaged" not in sent.floor.exceptions()


@pytest.mark.parametrize("name", ["order", "parcel", "tracking", "sealed parcel"])
def test_a_return_is_found_by_whatever_is_on_the_parcel(sent: Sent, name: str) -> None:
    row = sent.floor.parcel(sent.parcel.id)
    code = {
        "order": sent.order,
        "parcel": row.number,
        "tracking": row.tracking_code,
        "sealed parcel": f"P:{row.number}",
    }[name]
    assert beeps(bench(sent).scan(code)) == ("ok", "item")


def test_a_return_is_found_by_its_own_label_of_two_of_an_order(sent: Sent) -> None:
    floor = sent.floor
    floor.put("A-3", "MUG", 9)
    order = floor.place({"MUG": 2}).number
    floor.shipped(order)
    first, second = (
        floor.one(ask_returns, AskReturn(number=order, lines=[AskedLine(1, 1, "unwanted")], actor="test"))
        for _ in range(2)
    )
    desk = BuyReturnLabels({"practice": floor.carrier})
    for back in (first, second):
        floor.one(want_return_labels, WantReturnLabel(return_id=back.id, actor="test"))
        floor.call(CallKind(BUY, desk.start, desk.call, desk.finish, desk.ask, desk.give_up))
        code = floor.value("SELECT tracking_code FROM return_label WHERE return_id = %(id)s", id=back.id)
        rita = bench(sent)
        assert beeps(rita.scan(code)) == ("ok", "item")
        rita.all("MUG", "scrap")
        rita.key("done")
        state = floor.value("SELECT state FROM return_request WHERE id = %(id)s", id=back.id)
        assert state == "inspected"
        assert bench(sent).scan(code).refusal == "unknown_scan"


def test_what_nobody_announced_is_laid_aside_and_a_clerk_is_told(sent: Sent) -> None:
    rita = bench(sent)
    rita.all(sent.asked.number, "MUG", "scrap")
    answer = rita.scan("HAT")
    assert beeps(answer) == ("notice", "item")
    assert answer.instruction.words == "1 of HAT nobody announced: lay it aside; a clerk is told."
    assert rita.key("done").outcome == "taken"
    assert sent.line(1) == (1, 0, 0, 1)
    assert sent.line(2) == (0, 0, 0, 0)
    assert "return_differs" in sent.floor.exceptions()


def test_what_was_booked_at_the_dock_is_only_inspected_and_whole(sent: Sent) -> None:
    done(sent.floor.run(receive_returns, ReceiveReturn(return_id=sent.asked.id, actor="dock")))
    rita = bench(sent)
    rita.all(sent.asked.number, "MUG", "scrap")
    assert rita.key("done").refusal == "units_missing"
    assert rita.scan("HAT").refusal == "wrong_item"
    rita.all("MUG")
    rita.scan(quantity=2)
    rita.all("scrap", "TEE", "scrap")
    rita.key("done")
    assert (sent.state, sent.line(1), sent.line(2)) == ("inspected", (3, 0, 0, 3), (1, 0, 0, 1))


def test_wrong_scans_change_nothing_and_steps_are_taken_back(sent: Sent) -> None:
    rita = bench(sent)
    assert rita.scan("MUG").refusal == "unexpected_scan"
    assert rita.scan("R-999999").refusal == "unknown_scan"
    assert rita.key("done").refusal == "command_step"
    rita.scan(sent.asked.number)
    assert rita.key("done").refusal == "command_step"
    assert rita.scan("restock").refusal == "unknown_scan"
    rita.scan("MUG")
    assert rita.scan("TEE").refusal == "wrong_item"
    assert rita.scan(quantity=4).refusal == "unexpected_scan"
    assert rita.key("done").refusal == "command_step"
    rita.scan("restock")
    assert rita.scan("MUG").refusal == "unexpected_scan"
    assert rita.scan("L:LEEDS/QUARANTINE").refusal == "unexpected_scan"
    rita.all("A-1", "MUG", "restock")
    assert rita.scan("A-2").refusal == "wrong_bin"
    for expects in ("verdict", "item", "item", "return", "return"):
        assert beeps(rita.key("back"))[1] == expects
    assert sent.state == "asked"
    assert sent.line(1) == (0, 0, 0, 0)


def test_two_people_at_one_return_book_it_once(sent: Sent) -> None:
    rita, rob = bench(sent), sent.floor.scanner("rob", "return")
    rita.all(sent.asked.number, "MUG", "scrap")
    rob.all(sent.asked.number, "MUG", "MUG", "scrap")
    rita.key("done")
    answer = rob.key("done")
    assert answer.refusal == "command_step"
    assert [each.say for each in answer.instruction.notices] == ["return_gone"]
    assert sent.line(1) == (1, 0, 0, 1)


def test_a_return_is_named_in_small_letters_too(sent: Sent):
    rita = bench(sent)
    rita.all(sent.order.lower())
    assert rita.now.say == "scan_what_returned"


def test_another_return_scanned_meanwhile_is_not_unknown(sent: Sent):
    rita = bench(sent)
    rita.all(sent.asked.number)
    for code in (sent.asked.number, sent.order, sent.parcel.number):
        answer = rita.scan(code)
        assert (answer.refusal, answer.instruction.facts["scanned"]) == ("unexpected_scan", "return"), code


def test_what_has_no_open_return_is_told_from_what_is_nothing(sent: Sent):
    sent.floor.put("A-1", "MUG", 9)
    other = sent.floor.place({"MUG": 1}).number
    rita = bench(sent)
    answer = rita.scan(other)
    assert (answer.refusal, answer.instruction.words) == (
        "unknown_scan",
        "No return of this is open here: it was looked at already, or none was announced. Ask the office.",
    )
    assert rita.scan("OW-404404").instruction.words == "Nothing in this store has this code."
