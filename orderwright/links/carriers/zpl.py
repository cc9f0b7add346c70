"""A parcel label in ZPL II, 100 x 150 mm at 8 dots a millimetre. Guide: Zebra ZPL II Programming Guide."""

from orderwright.business.shipping.ports import ParcelToShip
from orderwright.values.forms import AddressForm

CHARACTERS_MAX = 40
"""What fits a line; longer ones go on in the next, so that no part of an address is lost."""

_LINE_DOTS, _LEFT, _TOP = 44, 40, 40
# A caret or tilde would start a command, an underscore is the escape that ^FH brings.
_ESCAPES = str.maketrans({"^": "_5E", "~": "_7E", "_": "_5F"})


def label_zpl(parcel: ParcelToShip, tracking_code: str) -> str:
    """What the printer gets: sender, recipient, service, weight, and the tracking code as Code 128."""
    top = _TOP
    fields = []
    for size, lines in (
        (26, address_lines(parcel.sender)),
        (36, address_lines(parcel.recipient)),
        (30, [f"{parcel.service}  {parcel.number}  {parcel.weight_g} g"]),
    ):
        for line in lines:
            fields.append(_text(line, top, size))
            top += _LINE_DOTS
        top += _LINE_DOTS // 2
    fields.append(f"^FO{_LEFT},{top}^BY3^BCN,160,N,N,N^FD{tracking_code}^FS")
    fields.append(_text(tracking_code, top + 170, 36))
    # ^CI28: texts are UTF-8. ^PW, ^LL: 800 x 1200 dots.
    return "\n".join(["^XA", "^CI28", "^PW800", "^LL1200", *fields, "^XZ", ""])


def address_lines(address: AddressForm) -> list[str]:
    """An address as printed: every part that is there, none longer than 40 characters."""
    place = " ".join(part for part in (address.postal_code, address.city, address.region) if part)
    parts = [address.name, address.company, *address.lines, place, address.country]
    return [line for part in parts if part for line in _wrapped(" ".join(part.split()))]


def _wrapped(text: str) -> list[str]:
    """Cut at the last space that leaves at most 40 characters, else hard at 40."""
    lines = []
    while len(text) > CHARACTERS_MAX:
        cut = text.rfind(" ", 1, CHARACTERS_MAX + 1)
        cut = CHARACTERS_MAX if cut < 0 else cut
        lines.append(text[:cut])
        text = text[cut:].lstrip()
    return [*lines, text] if text else lines


def _text(text: str, top: int, size: int) -> str:
    return f"^FO{_LEFT},{top}^A0N,{size},{size}^FH_^FD{text.translate(_ESCAPES)}^FS"
