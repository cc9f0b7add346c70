"""The practice carrier's parcel label, 100 x 150 mm."""

from orderwright.business.shipping.ports import ParcelToShip
from orderwright.papers.thermal import wrapped, write_lines
from orderwright.papers.zpl import ZplLabel
from orderwright.values.forms import AddressForm


def label_zpl(parcel: ParcelToShip, tracking_code: str) -> str:
    """What the printer gets: sender, recipient, service, weight, and the tracking code as Code 128."""
    label = ZplLabel(100, 150)
    top = write_lines(label, 5, address_lines(parcel.sender), 26)
    top = write_lines(label, top + 3, address_lines(parcel.recipient), 36)
    top = write_lines(label, top + 3, [f"{parcel.service} · {parcel.number} · {parcel.weight_g} g"], 30)
    label.code_128(5, top + 3, tracking_code, bar_dots=3, height_mm=20)
    write_lines(label, top + 25, [tracking_code], 36)
    return label.text()


def address_lines(address: AddressForm) -> list[str]:
    """An address as printed: every part that is there, none longer than 40 characters."""
    place = " ".join(part for part in (address.postal_code, address.city, address.region) if part)
    parts = [address.name, address.company, *address.lines, place, address.country]
    return [line for part in parts for line in wrapped(part)]
