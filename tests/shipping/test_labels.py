"""Labels: bought once, whatever becomes of the answer."""

from typing import Any

import msgspec
import pytest

from orderwright.business.deeds.pack import unpack
from orderwright.business.shipping.actions import void_labels, want_labels, weigh
from orderwright.business.shipping.forms import ParcelNow, Unpack, VoidLabel, WantLabel, Weigh
from orderwright.business.shipping.labels import VOID, VoidLabels
from orderwright.business.shipping.reads import get_label
from orderwright.database.task_list import RetryTask, retry_tasks
from orderwright.doors.worker.kinds import CallKind
from orderwright.links.carriers.practice import PracticeCarrier, Troubles, is_tracking_code
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.floor import Floor, refused


def packed(floor: Floor, **form: Any) -> Any:
    floor.stock("LEEDS", MUG=2)
    return floor.packed(str(floor.place({"MUG": 2}, **form).number))


def wake(floor: Floor) -> None:
    """Let every task be due now: a retry waits, a lease lapses."""
    with floor.store.begin() as tx:
        tx.write("UPDATE task SET run_at = %(now)s WHERE state = 'open'", now=tx.now)


def test_a_packed_parcel_gets_its_label_by_itself(floor: Floor) -> None:
    parcel = packed(floor)
    assert floor.rows("SELECT kind, state, key FROM intent") == [("buy_label", "wanted", f"label:{parcel.id}:1")]
    assert floor.buy_labels() == 1
    row = floor.parcel(parcel.id)
    assert (row.state, row.carrier, is_tracking_code(row.tracking_code)) == ("labelled", "practice", True)
    assert floor.rows("SELECT state, cost_minor, currency, tracking_code FROM label") == [
        ("live", 320, "GBP", row.tracking_code)
    ]
    assert floor.rows("SELECT state FROM intent") == [("done",)]
    assert floor.facts(parcel.id) == ["parcel_packed", "label_bought"]
    with floor.store.read() as tx:
        shown = get_label(tx, parcel.id)
    assert "^FDA. Buyer^FS" in shown.content
    assert "^FDLS1 1AA Leeds^FS" in shown.content


def test_what_a_purchase_keeps_knows_nothing_of_people(floor: Floor) -> None:
    packed(floor)
    floor.buy_labels()
    [(request, answer)] = floor.rows("SELECT request, answer FROM intent")
    assert "Buyer" not in request + answer
    assert "High St" not in request + answer


def test_a_label_whose_answer_was_lost_is_found_and_not_paid_twice(floor: Floor) -> None:
    # Edge case 32.
    parcel = packed(floor)
    floor.carrier = PracticeCarrier(Troubles(unanswered=1000))
    floor.buy_labels()
    assert len(floor.carrier.bought) == 1
    assert floor.parcel(parcel.id).state == "labelled"
    assert floor.rows("SELECT count(*) FROM label") == [(1,)]


def test_a_call_that_never_arrived_is_made_again_under_the_same_key(floor: Floor) -> None:
    parcel = packed(floor)
    floor.carrier = PracticeCarrier(Troubles(unheard=1000))
    floor.buy_labels()
    assert (floor.parcel(parcel.id).state, floor.carrier.bought) == ("packed", [])
    floor.carrier = PracticeCarrier()
    wake(floor)
    assert floor.buy_labels() == 1
    assert list(floor.carrier.bought) == [f"label:{parcel.id}:1"]
    assert floor.parcel(parcel.id).state == "labelled"


def test_a_carrier_s_no_opens_an_exception_that_the_next_label_closes(floor: Floor) -> None:
    parcel = packed(floor)
    floor.carrier = PracticeCarrier(Troubles(refused=1000))
    floor.buy_labels()
    assert (floor.parcel(parcel.id).state, floor.exceptions()) == ("packed", ["label_failed"])
    assert floor.facts(parcel.id) == ["parcel_packed", "label_refused"]
    floor.carrier = PracticeCarrier()
    answer = floor.one(want_labels, WantLabel(parcel_id=parcel.id, actor="test"))
    assert answer == ParcelNow(parcel.id, "P-000001", "packed", 600, is_pending=True)
    floor.buy_labels()
    assert (floor.parcel(parcel.id).state, floor.exceptions()) == ("labelled", [])
    assert floor.rows("SELECT state, key FROM intent ORDER BY id") == [
        ("failed", f"label:{parcel.id}:1"), ("done", f"label:{parcel.id}:2"),
    ]  # fmt: skip


def test_where_no_service_goes_the_carrier_says_no(floor: Floor) -> None:
    parcel = packed(floor, service="standard")
    with floor.store.begin() as tx:
        tx.write("UPDATE parcel SET service = 'drone'")
    floor.buy_labels()
    assert (floor.parcel(parcel.id).state, floor.exceptions()) == ("packed", ["label_failed"])


def test_asking_for_a_label_twice_buys_one(floor: Floor) -> None:
    parcel = packed(floor)
    want = WantLabel(parcel_id=parcel.id, actor="test")
    first, second = floor.run(want_labels, want, want)
    assert (first.is_pending, first.repeated, second.repeated) == (True, True, True)
    floor.buy_labels()
    bought = floor.one(want_labels, want)
    assert (bought.state, bought.repeated, bought.tracking_code) == (
        "labelled", True, floor.parcel(parcel.id).tracking_code,
    )  # fmt: skip
    assert floor.rows("SELECT count(*) FROM intent") == [(1,)]


def test_only_parcels_get_labels(floor: Floor) -> None:
    parcel = packed(floor)
    floor.one(unpack, Unpack(parcel_id=parcel.id, actor="test"))
    strange = floor.run(want_labels, *[WantLabel(parcel_id=id_, actor="test") for id_ in (new_id(), "?", parcel.id)])
    assert [refused(each)[0] for each in strange] == ["not_found", "not_found", "parcel_step"]
    with floor.store.read() as tx:
        for id_, code in ((new_id(), "not_found"), (parcel.id, "no_label")):
            with pytest.raises(Refusal) as no:
                get_label(tx, id_)
            assert no.value.code == code


def void(floor: Floor, parcel_id: str) -> Any:
    return floor.one(void_labels, VoidLabel(parcel_id=parcel_id, actor="test"))


def test_a_label_taken_back_leaves_a_packed_parcel_that_can_have_another(floor: Floor) -> None:
    parcel = packed(floor)
    floor.buy_labels()
    code = floor.parcel(parcel.id).tracking_code
    assert void(floor, parcel.id).is_pending
    assert void(floor, parcel.id).repeated
    assert floor.void_labels() == 1
    row = floor.parcel(parcel.id)
    assert (row.state, row.carrier, row.tracking_code) == ("packed", None, None)
    assert floor.facts(parcel.id)[-2:] == ["label_void_wanted", "label_voided"]
    floor.one(want_labels, WantLabel(parcel_id=parcel.id, actor="test"))
    floor.buy_labels()
    assert floor.parcel(parcel.id).tracking_code != code
    assert floor.rows("SELECT state FROM label ORDER BY id") == [("void",), ("live",)]


def test_a_label_is_taken_back_from_the_carrier_that_sold_it(floor: Floor) -> None:
    # Edge case 33, as far as it goes: a carrier has one account, and the label says whose it is.
    parcel = packed(floor)
    floor.buy_labels()
    with floor.begin() as tx:
        for sold in ("label SET carrier", "parcel SET carrier", "intent SET provider"):
            tx.write(f"UPDATE {sold} = 'other'")
    void(floor, parcel.id)
    other = PracticeCarrier()
    desk = VoidLabels({"practice": floor.carrier, "other": other})
    floor.call(CallKind(VOID, desk.start, desk.call, desk.finish, desk.ask, desk.give_up))
    assert (len(other.voided), len(floor.carrier.voided), floor.parcel(parcel.id).state) == (1, 0, "packed")


def test_a_take_back_whose_answer_was_lost_is_found(floor: Floor) -> None:
    parcel = packed(floor)
    floor.buy_labels()
    void(floor, parcel.id)
    floor.carrier.troubles = Troubles(unanswered=1000)
    floor.void_labels()
    assert floor.parcel(parcel.id).state == "packed"


def test_a_refused_take_back_leaves_the_label_live_and_may_be_asked_again(floor: Floor) -> None:
    # Edge case 18: the manifest is closed.
    parcel = packed(floor)
    floor.buy_labels()
    void(floor, parcel.id)
    floor.carrier.troubles = Troubles(refused=1000)
    floor.void_labels()
    assert (floor.parcel(parcel.id).state, floor.exceptions()) == ("labelled", ["label_failed"])
    assert floor.facts(parcel.id)[-1] == "void_refused"
    assert not void(floor, parcel.id).repeated
    assert floor.rows("SELECT state FROM intent WHERE kind = 'void_label' ORDER BY id") == [("failed",), ("wanted",)]


def test_what_has_no_label_or_left_has_none_to_take_back(floor: Floor) -> None:
    parcel = packed(floor)
    assert refused(void(floor, parcel.id)) == ("label_pending", {"number": "P-000001"})
    floor.carrier = PracticeCarrier(Troubles(refused=1000))
    floor.buy_labels()
    assert refused(void(floor, parcel.id)) == ("no_label", {"number": "P-000001"})
    assert refused(void(floor, new_id()))[0] == "not_found"


def test_while_a_carrier_is_asked_the_parcel_stays_as_it_is(floor: Floor) -> None:
    parcel = packed(floor)
    floor.carrier = PracticeCarrier(Troubles(unheard=1000))
    floor.buy_labels()  # asked, and it will be asked again
    assert refused(floor.one(unpack, Unpack(parcel_id=parcel.id, actor="test")))[0] == "label_pending"
    assert refused(floor.one(weigh, Weigh(parcel_id=parcel.id, weight_g=600, actor="test")))[0] == "label_pending"


def test_a_worker_that_died_in_the_call_leaves_it_to_be_asked_about(floor: Floor) -> None:
    # Edge case 72, for labels: the claim is in state `calling` when the worker dies.
    from orderwright.business.shipping.labels import BUY, BuyLabels
    from orderwright.database import tasks
    from orderwright.doors.figures import Figures
    from orderwright.doors.worker.calls import Calls
    from orderwright.doors.worker.kinds import CallKind

    parcel = packed(floor)
    desk = BuyLabels({"practice": floor.carrier})
    with floor.store.begin() as tx:
        claimed = tasks.claim(tx, [BUY], 10)
        [request] = desk.start(tx, claimed)
        tasks.mark_calling(tx, claimed)
    assert request is not None
    desk.call(request)  # the carrier has the order, and the worker is gone
    with floor.store.begin() as tx:
        tx.write("UPDATE task SET leased_until = %(then)s", then=floor.parcel(parcel.id).packed_at)
        assert tasks.sweep_lapsed(tx) == 1
    kind = CallKind(BUY, desk.start, desk.call, desk.finish, desk.ask, desk.give_up)
    assert Calls(floor.store, Figures()).settle_unknown({BUY: kind}) == 1
    assert floor.parcel(parcel.id).state == "labelled"
    assert len(floor.carrier.bought) == 1


def give_up(floor: Floor, act: Any) -> None:
    """Try until the task is dead."""
    while act():
        wake(floor)


def unknown(floor: Floor) -> list[Any]:
    return floor.rows("SELECT kind, state FROM intent WHERE ended_at IS NULL")


def test_a_purchase_whose_task_died_is_seen_by_a_person_and_tried_again(floor: Floor) -> None:
    parcel = packed(floor)
    floor.carrier = PracticeCarrier(Troubles(unheard=1000))
    give_up(floor, floor.buy_labels)
    assert (unknown(floor), floor.exceptions()) == ([("buy_label", "unknown")], ["effect_unknown"])
    [row] = floor.rows("SELECT document, (SELECT id::text FROM task WHERE state = 'dead') AS dead FROM exception")
    told = msgspec.json.decode(row.document)
    assert (told["asked"], told["of"], told["task"]) == ("buy_label", "practice", row.dead)
    floor.carrier = PracticeCarrier()
    [task] = floor.run(retry_tasks, RetryTask(id=row.dead, actor="test"))
    assert task.state == "open"
    assert floor.buy_labels() == 1
    assert (floor.parcel(parcel.id).state, unknown(floor), floor.exceptions()) == ("labelled", [], [])


def test_a_label_asked_for_again_after_its_task_died_is_bought_once(floor: Floor) -> None:
    parcel = packed(floor)
    floor.carrier = PracticeCarrier(Troubles(unheard=1000))
    give_up(floor, floor.buy_labels)
    want = WantLabel(parcel_id=parcel.id, actor="test")
    first, second = floor.run(want_labels, want, want)
    assert (first.is_pending, first.repeated, second.repeated) == (True, False, True)
    assert unknown(floor) == [("buy_label", "wanted")]
    give_up(floor, floor.buy_labels)  # and it dies once more
    assert (unknown(floor), floor.exceptions()) == ([("buy_label", "unknown")], ["effect_unknown"])
    floor.carrier = PracticeCarrier()
    floor.one(want_labels, want)
    floor.buy_labels()
    assert (floor.parcel(parcel.id).state, floor.exceptions()) == ("labelled", [])
    assert floor.carrier.bought == [f"label:{parcel.id}:1"]
    for (id_,) in floor.rows("SELECT id::text FROM task WHERE state = 'dead'"):
        floor.one(retry_tasks, RetryTask(id=id_, actor="test"))  # comes too late, and does nothing
    while floor.buy_labels():
        pass
    assert floor.rows("SELECT DISTINCT state FROM task WHERE name = 'buy_label'") == [("done",)]
    assert len(floor.carrier.bought) == 1


def test_a_take_back_whose_task_died_is_seen_and_tried_again(floor: Floor) -> None:
    parcel = packed(floor)
    floor.buy_labels()
    void(floor, parcel.id)
    floor.carrier.troubles = Troubles(unheard=1000)
    give_up(floor, floor.void_labels)
    assert (unknown(floor), floor.exceptions()) == ([("void_label", "unknown")], ["effect_unknown"])
    floor.carrier.troubles = Troubles()
    first, second = floor.run(void_labels, *[VoidLabel(parcel_id=parcel.id, actor="test")] * 2)
    assert (first.is_pending, first.repeated, second.repeated) == (True, False, True)
    floor.void_labels()
    assert (floor.parcel(parcel.id).state, unknown(floor), floor.exceptions()) == ("packed", [], [])


def test_a_carrier_s_no_also_ends_what_was_unknown(floor: Floor) -> None:
    parcel = packed(floor)
    floor.carrier = PracticeCarrier(Troubles(unheard=1000))
    give_up(floor, floor.buy_labels)
    floor.carrier = PracticeCarrier(Troubles(refused=1000))
    floor.one(want_labels, WantLabel(parcel_id=parcel.id, actor="test"))
    floor.buy_labels()
    assert (unknown(floor), floor.exceptions()) == ([], ["label_failed"])
