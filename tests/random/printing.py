"""What benches print, in order and out of it."""

from functools import partial

from orderwright.business.shipping.printing.actions import acknowledge_prints, request_prints
from orderwright.business.shipping.printing.forms import AcknowledgePrint, RequestPrint
from orderwright.database.keys import SCOPES
from orderwright.doors.api.access import Access
from orderwright.doors.api.asked import Question
from orderwright.doors.api.route import Read
from orderwright.doors.api.routes import all_routes
from orderwright.papers.labels import FloorLabel, labels_pdf
from orderwright.settings import PutSettings, put_settings
from tests.random.asking import ask
from tests.random.coverage import call_of
from tests.random.floor import an_id
from tests.random.steps import step
from tests.random.walking import Walk, walked
from tests.random.world import World

ACCESS = Access("key", "random", "random", frozenset(SCOPES))
KINDS = ("carrier_label", "carton_label", "packing_slip", "pick_list")


@step(5)
def papers_are_asked_for(world: World) -> None:
    commands = []
    for _ in range(world.pick(1, 2, 4)):
        kind = world.pick(*KINDS)
        table = "fulfilment" if kind == "pick_list" else "parcel"
        row = world.some(f"SELECT id::text FROM {table} ORDER BY id")
        reason = world.pick("", "", "torn")
        printer = world.pick("bench-1", "bench-1", "bench-2")
        commands.append(RequestPrint(printer=printer, kind=kind, subject=an_id(world, row), reason=reason, actor="ann"))
    world.run(request_prints, *commands)


@step(5)
def papers_come_out_or_do_not(world: World) -> None:
    commands = []
    for _ in range(world.pick(1, 2)):
        row = world.some("SELECT id::text FROM print_job ORDER BY id")
        told = {"printed": world.chance(0.6), "reason": world.pick("", "jam")}
        commands.append(AcknowledgePrint(job_id=an_id(world, row), actor="ann", **told))
    world.run(acknowledge_prints, *commands)


@step(1)
def a_parcel_s_papers_are_printed_and_printed_again(world: World) -> None:
    """With and without a company prefix: asked, looked at, printed, asked again, told once more."""
    for prefix in ("", "9506000"):
        world.one(put_settings, PutSettings(values={"shipping.gs1_company_prefix": prefix}, actor="random"))
        parcel_id = walked(world, Walk.packed).parcel_id
        for path in ("carton-label.pdf", "carton-label.zpl", "packing-slip.pdf"):
            _look(world, f"/v1/parcels/{{id}}/{path}", parcel_id)
        wanted = RequestPrint(printer="bench-3", kind="carton_label", subject=parcel_id, actor="ann")
        job = world.one(request_prints, wanted)
        if not hasattr(job, "id"):
            continue
        for path in ("pdf", "zpl"):
            _look(world, f"/v1/prints/{{id}}/{path}", job.id)
        for printed in (False, True, False):
            world.one(acknowledge_prints, AcknowledgePrint(job_id=job.id, printed=printed, actor="ann"))
        world.one(request_prints, wanted)
        _look(world, "/v1/prints/{id}/pdf", job.id)
    ask(world, "too many", partial(labels_pdf, [FloorLabel(kind="tote", code="1")] * 2001))


def _look(world: World, path: str, id_: str) -> None:
    find = {call_of(each): each for each in all_routes()}[f"GET {path}"]
    assert isinstance(find, Read)
    question = Question(ACCESS, {"id": id_}, find.query() if find.query else None)
    world.told = [f"GET {path} {id_}"]
    with world.store.read() as tx:
        ask(world, call_of(find), partial(find.find, tx, question))
