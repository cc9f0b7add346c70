"""Print queues: in order of leaving, once each, and never what no longer counts."""

from typing import Any

import pytest

from orderwright.business.deeds.pack import unpack
from orderwright.business.shipping.actions import void_labels
from orderwright.business.shipping.forms import Unpack, VoidLabel
from orderwright.business.shipping.papers import packing_slip
from orderwright.business.shipping.printing.actions import ATTEMPTS_MAX, acknowledge_prints, request_prints
from orderwright.business.shipping.printing.forms import AcknowledgePrint, RequestPrint
from orderwright.business.shipping.printing.reads import next_prints, print_pdf, print_zpl
from orderwright.business.shipping.ssccs import COMPANY_PREFIX
from orderwright.papers.slips import packing_slip_pdf
from orderwright.settings import PutSettings, put_settings
from orderwright.values.ids import new_id
from orderwright.values.refusal import Refusal
from tests.floor import Floor, done, refused
from tests.papers.reading import words


@pytest.fixture
def parcel(floor: Floor) -> Any:
    """A parcel with its label bought."""
    done(floor.run(put_settings, PutSettings(values={COMPANY_PREFIX.name: "9506000"}, actor="test")))
    floor.stock("LEEDS", MUG=20)
    return floor.labelled(str(floor.place({"MUG": 1}).number))


def ask(floor: Floor, subject: str, kind: str = "carrier_label", printer: str = "bench-1", **how: Any) -> Any:
    return floor.one(request_prints, RequestPrint(printer=printer, kind=kind, subject=subject, actor="ann", **how))


def tell(floor: Floor, job_id: str, printed: bool = True, reason: str = "") -> Any:
    return floor.one(acknowledge_prints, AcknowledgePrint(job_id=job_id, printed=printed, reason=reason, actor="ann"))


def queue(floor: Floor, printer: str = "bench-1", **limits: Any) -> list[Any]:
    with floor.store.read() as tx:
        return next_prints(tx, printer, 50, **limits)


def test_a_job_waits_until_it_is_told_printed(floor: Floor, parcel: Any) -> None:
    job = ask(floor, parcel.id)
    assert (job.state, job.attempts, job.repeated) == ("waiting", 0, False)
    assert [each.id for each in queue(floor)] == [job.id] == [each.id for each in queue(floor)]
    assert queue(floor)[0].zpl.startswith("^XA")
    assert queue(floor, "bench-2") == []
    assert tell(floor, job.id).state == "printed"
    assert queue(floor) == []
    assert tell(floor, job.id).repeated
    assert refused(tell(floor, job.id, printed=False)) == ("print_step", {"state": "printed"})


def test_a_packing_slip_is_in_the_customers_language_unless_another_is_asked_for(floor: Floor, parcel: Any) -> None:
    with floor.begin() as tx:
        tx.write("UPDATE customer SET language = 'es'")
    theirs, english = ask(floor, parcel.id, "packing_slip"), ask(floor, parcel.id, "packing_slip", language="en")
    with floor.store.read() as tx:
        said = [
            words(print_pdf(tx, theirs.id)),
            words(packing_slip_pdf(packing_slip(tx, parcel.id), language="en").content),
        ]
    assert english.repeated
    assert [("Pedido" in each, "Order" in each) for each in said] == [(True, False), (False, True)]


def test_asked_twice_it_is_one_job_and_at_another_printer_it_moves(floor: Floor, parcel: Any) -> None:
    first = ask(floor, parcel.id)
    assert ask(floor, parcel.id).id == first.id
    assert ask(floor, parcel.id).repeated
    moved = ask(floor, parcel.id, printer="bench-2")
    assert (moved.repeated, moved.id == first.id) == (False, False)
    assert (queue(floor), [each.id for each in queue(floor, "bench-2")]) == ([], [moved.id])
    assert tell(floor, first.id).is_discarded


def test_the_same_thing_asked_twice_in_one_call_is_one_job(floor: Floor, parcel: Any) -> None:
    command = RequestPrint(printer="bench-1", kind="packing_slip", subject=parcel.id, actor="ann")
    one, two, other = floor.run(
        request_prints, command, command, RequestPrint(printer="b", kind="packing_slip", subject=parcel.id, actor="ann")
    )
    assert (one.id == two.id == other.id, one.repeated, two.repeated, other.repeated) == (True, False, True, True)
    assert len(queue(floor)) == 1


def test_a_copy_needs_a_reason_once_it_was_printed(floor: Floor, parcel: Any) -> None:
    tell(floor, ask(floor, parcel.id).id)
    assert refused(ask(floor, parcel.id, printer="bench-2")) == ("printed_before", {"printer": "bench-1"})
    assert queue(floor, "bench-2") == []
    again = ask(floor, parcel.id, reason="torn")
    assert [(each.id, each.reason) for each in queue(floor)] == [(again.id, "torn")]
    assert ask(floor, parcel.id, kind="packing_slip").state == "waiting"  # another paper


def test_what_failed_is_tried_again_and_at_last_let_go(floor: Floor, parcel: Any) -> None:
    job = ask(floor, parcel.id)
    for attempt in range(1, ATTEMPTS_MAX):
        now = tell(floor, job.id, printed=False, reason="out of paper")
        assert (now.state, now.attempts) == ("waiting", attempt)
        assert [(each.id, each.reason) for each in queue(floor)] == [(job.id, "out of paper")]
    assert tell(floor, job.id, printed=False, reason="jam").state == "failed"
    assert queue(floor) == []
    assert tell(floor, job.id, printed=False).repeated
    assert ask(floor, parcel.id).state == "waiting"  # it was never printed, so no reason is needed


def test_two_answers_in_one_call_count_once(floor: Floor, parcel: Any) -> None:
    job = ask(floor, parcel.id)
    told = AcknowledgePrint(job_id=job.id, printed=True, actor="ann")
    first, second = floor.run(acknowledge_prints, told, told)
    assert (first.repeated, second.repeated, second.attempts) == (False, True, 1)


def test_what_leaves_first_is_printed_first(floor: Floor, parcel: Any) -> None:
    parcels = [parcel, *(floor.labelled(str(floor.place({"MUG": 1}).number)) for _ in range(3))]
    for n, ship_by in enumerate(("2026-11-25", "2026-11-23", "2026-11-24", "2026-11-23")):
        with floor.store.begin() as tx:
            tx.write(
                "UPDATE fulfilment SET ship_by = %(at)s::timestamptz WHERE id = (SELECT fulfilment_id FROM parcel"
                " WHERE id = %(id)s)", at=f"{ship_by} 12:00+00", id=parcels[n].id,
            )  # fmt: skip
            tx.write(
                "UPDATE orders SET priority = %(n)s WHERE id = (SELECT order_id FROM parcel WHERE id = %(id)s)",
                n=n, id=parcels[n].id,
            )  # fmt: skip
    jobs = [ask(floor, each.id, kind="packing_slip") for each in parcels]
    assert [each.id for each in queue(floor)] == [jobs[n].id for n in (3, 1, 2, 0)]


def test_a_label_taken_back_is_never_given_out(floor: Floor, parcel: Any) -> None:
    job = ask(floor, parcel.id)
    done([floor.one(void_labels, VoidLabel(parcel_id=parcel.id, actor="ann"))])
    floor.void_labels()
    assert queue(floor) == []
    with floor.store.read() as tx:
        assert refused(caught(print_zpl, tx, job.id)) == ("print_step", {"state": "void"})
    assert refused(ask(floor, parcel.id)) == ("no_label", {"number": parcel.number})
    answer = tell(floor, job.id)
    assert (answer.state, answer.is_discarded) == ("void", True)


def test_a_label_for_another_address_is_never_given_out(floor: Floor, parcel: Any) -> None:
    job = ask(floor, parcel.id)
    with floor.store.begin() as tx:
        tx.write("UPDATE label SET is_stale = true WHERE parcel_id = %(id)s", id=parcel.id)
    assert queue(floor) == []
    assert refused(ask(floor, parcel.id, printer="b")) == ("label_stale", {"number": parcel.number})
    assert tell(floor, job.id).is_discarded
    with floor.store.begin() as tx:
        tx.write("UPDATE label SET is_stale = false WHERE parcel_id = %(id)s", id=parcel.id)


def test_a_parcel_opened_again_has_no_papers(floor: Floor, parcel: Any) -> None:
    done([floor.one(void_labels, VoidLabel(parcel_id=parcel.id, actor="ann"))])
    floor.void_labels()
    ask(floor, parcel.id, kind="packing_slip")
    ask(floor, parcel.id, kind="carton_label")
    assert len(queue(floor)) == 2
    done([floor.one(unpack, Unpack(parcel_id=parcel.id, actor="ann"))])
    assert queue(floor) == []
    assert refused(ask(floor, parcel.id, kind="packing_slip")) == ("parcel_step", {"state": "unpacked"})


def test_a_list_nobody_walks_is_not_printed(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=2)
    number = str(floor.place({"MUG": 1}).number)
    work = floor.fulfilment(number)
    assert refused(ask(floor, work, kind="pick_list")) == ("fulfilment_step", {"state": "planned"})
    floor.release(number)
    job = ask(floor, work, kind="pick_list")
    with floor.store.read() as tx:
        assert print_pdf(tx, job.id).startswith(b"%PDF")
        assert refused(caught(print_zpl, tx, job.id))[0] == "not_found"
    assert [each.zpl for each in queue(floor)] == [None]
    floor.pick_all(number)
    assert queue(floor) == []


def test_what_there_is_not_is_refused(floor: Floor, parcel: Any) -> None:
    for subject in ("mist", new_id()):
        assert refused(ask(floor, subject)) == ("not_found", {"subject": subject})
        assert refused(tell(floor, subject)) == ("not_found", {"job_id": subject})
    done(floor.run(put_settings, PutSettings(values={}, actor="test")))
    bare = floor.packed(str(floor.place({"MUG": 1}).number))
    assert refused(ask(floor, bare.id, kind="carton_label")) == ("no_sscc", {"number": bare.number})
    assert refused(ask(floor, bare.id)) == ("no_label", {"number": bare.number})
    assert queue(floor) == []


def test_a_limited_key_sees_its_own_jobs(floor: Floor, parcel: Any) -> None:
    ask(floor, parcel.id)
    assert len(queue(floor, sites=["LEEDS"], channels=["web"])) == 1
    assert queue(floor, sites=["YORK"]) == queue(floor, channels=["shop"]) == []


def caught(call: Any, *args: Any) -> Any:
    with pytest.raises(Refusal) as no:
        call(*args)
    return no.value
