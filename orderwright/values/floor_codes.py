"""The codes we print ourselves, told from goods by their first two characters.

    L:LEEDS/A-03-12   a bin (location) of a site
    T:0042            a tote
    C:7               a cart
    S:ann             a person's badge (staff)
    W:<id>            work: a pick list of a fulfilment or batch
    P:P-000017        a parcel

No GTIN, SSCC or GS1 barcode has a colon in second place. The letter may be typed small; what follows stands as it is.
A badge says who someone claims to be, never that it is them: what a person may do comes from their session.
"""

from typing import Literal, NamedTuple, get_args

from orderwright.values.refusal import Refusal

FloorKind = Literal["place", "tote", "cart", "staff", "work", "parcel"]
CODE_CHARACTERS_MAX = 64

_LETTERS: dict[str, FloorKind] = dict(zip("LTCSWP", get_args(FloorKind), strict=True))
_LETTER_OF = {kind: letter for letter, kind in _LETTERS.items()}


class FloorCode(NamedTuple):
    """One of our codes, read. site: of a place alone."""

    kind: FloorKind
    code: str
    site: str = ""


def floor_code(kind: FloorKind, code: str, site: str = "") -> str:
    """What the barcode of one of our things holds. site: of a place, and of nothing else.

    Refuses bad_code with `reason`: form (empty, or longer than 64), characters (any that is not printable ASCII,
    which hand scanners that act as keyboards get wrong, or a slash in a site).
    """
    if (kind == "place") != bool(site):
        raise Refusal("bad_code", reason="form", value=code[:64])
    for part in (code, site) if site else (code,):
        if not 0 < len(part) <= CODE_CHARACTERS_MAX or part != part.strip():
            raise Refusal("bad_code", reason="form", value=part[:64])
        if not (part.isascii() and part.isprintable()):
            raise Refusal("bad_code", reason="characters", value=part)
    if "/" in site:
        raise Refusal("bad_code", reason="characters", value=site)
    return f"{_LETTER_OF[kind]}:{site}/{code}" if site else f"{_LETTER_OF[kind]}:{code}"


def tote_of(text: str) -> str:
    """The tote a text names: by its printed barcode as it was scanned, or by its plain code.

    Refuses bad_code for a barcode of something else of ours, such as a bin, with `reason` kind; and with `reason` form
    for one whose first letter was lost, as happens where a page is not ready yet for what a scanner types.
    """
    found = find_floor_code(text)
    if found is None:
        if text.startswith(":"):
            raise Refusal("bad_code", reason="form", value=text[:64])
        return text
    if found.kind != "tote":
        raise Refusal("bad_code", reason="kind", value=text[:64])
    return found.code


def name_of(text: str, *kinds: FloorKind) -> str:
    """What a text names where any of these kinds is asked for: the code in its barcode, else the text as it stands."""
    try:
        found = find_floor_code(text.strip())
    except Refusal:
        return text.strip()
    return found.code if found is not None and found.kind in kinds else text.strip()


def find_floor_code(text: str) -> FloorCode | None:
    """The code of ours that a text is, or None when it is none. Refuses bad_code for one that is damaged."""
    kind = _LETTERS.get(text[:1].upper())
    if kind is None or text[1:2] != ":":
        return None
    site, slash, code = text[2:].partition("/") if kind == "place" else ("", "", text[2:])
    if kind == "place" and not slash:
        raise Refusal("bad_code", reason="form", value=text[:64])
    floor_code(kind, code, site)
    return FloorCode(kind, code, site)
