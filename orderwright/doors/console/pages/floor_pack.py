"""At the packing bench: a photo of the open carton, how its next unit lies, and the papers of parcels."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from orderwright.business.deeds.packing.advice import PictureQuery, packing_advice, packing_picture
from orderwright.business.deeds.scanning.opening import get_session
from orderwright.business.shipping.packing.photos import AddPhoto, add_photos
from orderwright.business.shipping.papers import packing_slip
from orderwright.business.shipping.reads import ParcelShown, get_label, get_parcel
from orderwright.database.tx import Tx
from orderwright.doors.api import perform
from orderwright.doors.api.reach import both, every_channel, of_session
from orderwright.doors.api.routes import papers
from orderwright.doors.api.within import owned
from orderwright.doors.console import cookies
from orderwright.doors.console.acting import Call
from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import act, deed, page
from orderwright.doors.console.pages.floor_session import session
from orderwright.doors.console.reply import PERSONAL, Reply, see_other
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.visitors import access_of
from orderwright.papers.slips import packing_slip_pdf
from orderwright.values.forms import Form
from orderwright.values.pictures import BYTES_MAX
from orderwright.values.refusal import Refusal

FORM_BYTES = 10_000
"""What a form with a photo holds besides the photo."""
_its_own, _its_parcel = both(of_session, every_channel), owned("parcel")


class StepQuery(Form, frozen=True):
    """Which unit of the carton, from 1; what lies beyond the last one is the last one."""

    step: Annotated[int, Meta(ge=1, le=1_000)] = 1


class PapersShown(msgspec.Struct, frozen=True):
    """A parcel and its papers. has_label: its label is bought and may be printed."""

    parcel: ParcelShown
    has_label: bool


@act("/floor/sessions/{id}/photo", scope="floor:write", page=session, files_bytes_max=BYTES_MAX + FORM_BYTES)
async def photograph(call: Call) -> Reply:
    """Keep a photo of what lies in the open carton. Refuses bad_photo; the same picture again is kept once."""
    id_, who, sent = call.at["id"], call.who, call.files.get("photo")
    packed = await call.find(lambda tx: get_session(tx, id_))
    if packed.kind != "pack":
        raise Refusal("not_found")
    if who.channels is not None or (who.sites is not None and packed.site not in who.sites):
        raise perform.forbidden(access_of(who))
    if sent is None:
        raise Refusal("bad_photo", reason="empty")
    content = sent.path.read_bytes()
    await call.do(add_photos, AddPhoto(content=content, fulfilment_id=packed.subject, actor=who.actor))
    return see_other(f"/floor/sessions/{id_}", cookies.said(_("The photo is kept.")))


@page("/floor/sessions/{id}/fill.svg", template="", scope="floor:write", title=_("Picture"), section="floor",
      within=_its_own)  # fmt: skip
def filling(asked: Asked[StepQuery]) -> Reply:
    """How one unit lies in the advised carton, as a picture. Refuses not_found where there is no advice."""
    found = get_session(asked.tx, asked.at["id"])
    if found.kind != "pack" or not found.instruction.picture:
        raise Refusal("not_found")
    steps = len(packing_advice(asked.tx, found.subject).cartons[0].steps)
    step = min((asked.query or StepQuery()).step, steps)
    drawn = packing_picture(asked.tx, found.subject, PictureQuery(step=step))
    return Reply(200, drawn.encode(), [(b"content-type", b"image/svg+xml; charset=utf-8"), PERSONAL])


@page("/floor/parcels/{id}", template="floor_parcel.html", scope="shipping:read", title=_("Parcel"), section="floor",
      within=_its_parcel)  # fmt: skip
def parcel(asked: Asked[None]) -> PapersShown:
    """A parcel that was just packed: its label, once the carrier sent it, and its packing slip."""
    return PapersShown(get_parcel(asked.tx, asked.at["id"]), _has_label(asked.tx, asked.at["id"]))


@page("/floor/parcels/{id}/label.zpl", template="", scope="shipping:read", title=_("Label"), within=_its_parcel)
def label_file(asked: Asked[None]) -> Reply:
    """The label as the printer takes it. Refuses no_label."""
    found = get_label(asked.tx, asked.at["id"])
    return _file(found.content.encode(), "application/zpl", f"{found.tracking_code}.zpl")


@page("/floor/parcels/{id}/slip.pdf", template="", scope="shipping:read", title=_("Packing slip"), within=_its_parcel)
def slip_file(asked: Asked[None]) -> Reply:
    """What lies in the parcel, to lie in it."""
    slip = packing_slip(asked.tx, asked.at["id"])
    return _file(packing_slip_pdf(slip).content, "application/pdf", "packing-slip.pdf")


def _printing(tree: Any) -> dict[str, Any]:
    """A paper wanted, with the reason only where one was given."""
    return {name: tree[name] for name in ("printer", "kind", "subject", "reason") if name in tree}


print_it = deed(
    "/floor/parcels/{id}/print", papers.ask_print, page=parcel, then="/floor/parcels/{id}",
    said=_("It waits at the printer."), body=_printing,
)  # fmt: skip


def _has_label(tx: Tx, parcel_id: str) -> bool:
    try:
        get_label(tx, parcel_id)
    except Refusal:
        return False
    return True


def _file(content: bytes, media: str, name: str) -> Reply:
    told = f'attachment; filename="{name}"'.encode("ascii", "ignore")
    return Reply(200, content, [(b"content-type", media.encode()), (b"content-disposition", told), PERSONAL])
