"""GS1 Digital Link: a web address that says what a GS1 barcode says, `https://id.example.org/01/09506000134352/10/AB-1`.

Source: GS1 Digital Link Standard, URI Syntax 1.4, sections 4.3 to 4.10. Its compressed form is not read.
"""

from urllib.parse import parse_qsl, unquote, urlsplit

from orderwright.values.gs1 import Element, check_elements, gtin14
from orderwright.values.gs1_identifiers import IDENTIFIERS
from orderwright.values.refusal import Refusal

PATH_PARTS_MAX = 40
# A key begins the path's GS1 part; qualifiers of that key may follow it.
_KEYS = {"00", "01", "253", "255", "402", "414", "417", "8006", "8017", "8018"}
_QUALIFIERS = {"10", "21", "22", "235", "254", "8020"}


def is_link(text: str) -> bool:
    """Whether a text is a web address at all."""
    return text[:8].lower().startswith(("http://", "https://"))


def read_link(text: str) -> list[Element]:
    """The elements of a Digital Link, key first, then qualifiers, then what its query says.

    The domain may be any, and a path may come before the key. Refuses bad_code with `reason`: foreign (a web
    address without a GS1 key), and what `gs1.parse` refuses of the elements.
    """
    parts = _path_parts(text)
    start = next((i for i, part in enumerate(parts[:-1]) if part in _KEYS), None)
    if start is None or (len(parts) - start) % 2:
        raise Refusal("bad_code", reason="foreign", value=text[:90])
    pairs = list(zip(parts[start::2], parts[start + 1 :: 2], strict=True))
    elements = [Element(parts[start], _key_value(*pairs[0]))]
    for code, value in pairs[1:]:
        if code not in _QUALIFIERS:
            raise Refusal("bad_code", reason="unknown_identifier", identifier=code[:8])
        elements.append(Element(code, value))
    # What is no identifier in the query is for web servers: tracking words and the like.
    query = parse_qsl(urlsplit(text).query, max_num_fields=PATH_PARTS_MAX)
    elements += [Element(code, value) for code, value in query if code in IDENTIFIERS]
    check_elements(elements)
    return elements


def _path_parts(text: str) -> list[str]:
    try:
        split = urlsplit(text)
        parse_qsl(split.query, max_num_fields=PATH_PARTS_MAX)
        parts = [unquote(part, errors="strict") for part in split.path.strip("/").split("/")]
    except ValueError:  # brackets that hold no address, half an escape, too many fields
        raise Refusal("bad_code", reason="foreign", value=text[:90]) from None
    if not is_link(text) or len(parts) > PATH_PARTS_MAX:
        raise Refusal("bad_code", reason="foreign", value=text[:90])
    return parts


def _key_value(code: str, value: str) -> str:
    return gtin14(value) if code == "01" else value
