"""print: papers and labels to files, without a server."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

from orderwright.doors.cli import here

if TYPE_CHECKING:
    from orderwright.database.tx import Tx
    from orderwright.papers.thermal import ThermalLabel

app = App(name="print", help="Write pick lists, slips and labels to files, or see what waits at a printer.")


@app.command
def pick_list(fulfilment: str, file: Path, *, language: str = "en") -> None:
    """Write the pick list of a fulfilment to a PDF.

    Example: orderwright print pick-list 0199c0de-0000-7000-8000-000000000001 list.pdf

    Parameters
    ----------
    fulfilment
        Its id.
    file
        The PDF to write.
    language
        Of the words on it: en or es.
    """
    from orderwright.business.warehouse.papers import pick_list_paper
    from orderwright.papers.lists import pick_list_pdf

    _written(file, lambda tx: pick_list_pdf(pick_list_paper(tx, fulfilment), language=language).content)


@app.command
def packing_slip(parcel: str, file: Path, *, language: str = "") -> None:
    """Write the packing slip of a parcel to a PDF.

    Example: orderwright print packing-slip 0199c0de-0000-7000-8000-000000000001 slip.pdf --language es

    Parameters
    ----------
    parcel
        Its id.
    file
        The PDF to write.
    language
        Of the words on it: en or es; left out, the customer's.
    """
    from orderwright.business.shipping.papers import packing_slip as slip_of
    from orderwright.papers.slips import packing_slip_pdf

    _written(file, lambda tx: packing_slip_pdf(slip_of(tx, parcel), language=language).content)


@app.command
def carton_label(parcel: str, file: Path) -> None:
    """Write the logistic label of a parcel, with its SSCC, to a PDF or for a thermal printer.

    Example: orderwright print carton-label 0199c0de-0000-7000-8000-000000000001 label.zpl

    Parameters
    ----------
    parcel
        Its id.
    file
        The file to write: .pdf or .zpl.
    """
    from orderwright.business.shipping.papers import carton_label as label_of
    from orderwright.papers.labels import labels_pdf
    from orderwright.papers.thermal import labels_zpl

    if _is_zpl(file):
        _written(file, lambda tx: labels_zpl([label_of(tx, parcel)])[0].zpl.encode())
    else:
        _written(file, lambda tx: labels_pdf([label_of(tx, parcel)]).content)


@app.command
def bins(site: str, file: Path, *, zone: str | None = None, language: str = "en") -> None:
    """Write labels of a site's bins: on A4 sheets (.pdf), or 100 x 50 mm for a thermal printer (.zpl).

    Example: orderwright print bins LEEDS bins.pdf --zone A

    Parameters
    ----------
    site
        Its code.
    file
        The file to write: .pdf or .zpl.
    zone
        Only the bins of this zone.
    language
        Of the words on it: en or es.
    """
    from orderwright.business.warehouse.papers import bin_labels
    from orderwright.papers.labels import bin_sheet_pdf
    from orderwright.papers.thermal import labels_zpl

    if _is_zpl(file):
        _written(
            file, lambda tx: _joined(labels_zpl(bin_labels(tx, site, zone=zone), language=language, roll="100x50"))
        )
    else:
        _written(file, lambda tx: bin_sheet_pdf(bin_labels(tx, site, zone=zone), language=language).content)


@app.command
def totes(file: Path, *codes: str, cart: bool = False, language: str = "en") -> None:
    """Write labels of totes, or carts, 100 x 150 mm: .pdf, or .zpl for a thermal printer.

    Example: orderwright print totes totes.pdf 0001 0002 0003

    Parameters
    ----------
    file
        The file to write: .pdf or .zpl.
    codes
        The codes of the totes.
    cart
        They are carts.
    language
        Of the words on it: en or es.
    """
    from orderwright.papers.labels import FloorLabel, labels_pdf
    from orderwright.papers.thermal import labels_zpl

    labels = [FloorLabel(kind="cart" if cart else "tote", code=code) for code in codes]
    if _is_zpl(file):
        _kept(file, _joined(labels_zpl(labels, language=language)))
    else:
        _kept(file, labels_pdf(labels, language=language).content)


@app.command
def queue(printer: str, *, limit: int = 50) -> None:
    """Say what a printer is to print next.

    Example: orderwright print queue bench-1

    Parameters
    ----------
    printer
        Its name.
    limit
        How many jobs at most.
    """
    from orderwright.business.shipping.printing.reads import next_prints

    with here.store() as store, store.read() as tx:
        jobs = next_prints(tx, printer, limit)
    for job in jobs:
        tried = f", failed {job.attempts} times: {job.reason}" if job.attempts else ""
        print(f"{job.kind.replace('_', ' '):14} {job.subject}  leaves {job.ship_by:%Y-%m-%d %H:%M} UTC{tried}")
    if not jobs:
        print("Nothing waits there.")


def _is_zpl(file: Path) -> bool:
    if file.suffix.lower() not in (".pdf", ".zpl"):
        raise here.WrongUsage(f"{file} is to end in .pdf or .zpl.")
    return file.suffix.lower() == ".zpl"


def _joined(labels: "Sequence[ThermalLabel]") -> bytes:
    return "".join(each.zpl for each in labels).encode()


def _written(file: Path, make: "Callable[[Tx], bytes]") -> None:
    with here.store() as store, store.read() as tx:
        made = make(tx)
    _kept(file, made)


def _kept(file: Path, content: bytes) -> None:
    if not file.parent.is_dir():
        raise here.WrongUsage(f"There is no folder {file.parent}.")
    file.write_bytes(content)
    print(f"{len(content):,} bytes are in {file}.")
