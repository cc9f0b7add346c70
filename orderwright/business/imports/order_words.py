"""What is wrong with an order of a file, in words, and at which fields of the file."""

from collections.abc import Mapping, Sequence
from typing import Any

from orderwright.business.imports.fields import FIELDS
from orderwright.business.imports.findings import Detail, Wrong, plain_facts, whole
from orderwright.values.refusal import Refusal

_NAMES: Mapping[str, str] = {
    "lines/amount": "line_amount", "lines/discount": "line_discount", "lines/tax": "line_tax",
    "lines/reference": "line_reference", "lines/note": "line_note", "lines/gift_note": "line_gift_note",
    "shipping/price": "shipping_price", "shipping/tax": "shipping_tax", "discounts/amount": "order_discount",
    "discounts/code": "discount_code", "customer/reference": "customer_id", "customer_reference": "purchase_order",
    "payment": "payment_state", "bill_to": "bill_name", "ship_to": "ship_name",
}  # fmt: skip
"""Fields of a file by where they stand in an order; the others are called as there, or are left out."""


def wrong_with(refusal: Refusal) -> list[Wrong]:
    """Why an order was refused: its findings where there are some, else the refusal."""
    findings: Sequence[Any] = refusal.facts.get("findings", ())
    told = [
        Wrong(f"{each.code} at {each.pointer or 'the order'}{_told(each.facts)}",
              detail_at(each.pointer, each.code, each.facts))
        for each in findings
    ]  # fmt: skip
    if told:
        return told
    differs = [field_at(pointer) for pointer in refusal.facts.get("fields", ())]
    return [Wrong(f"{refusal.code}: {refusal.kind.sentence}{_told(refusal.facts)}", whole(refusal, differs=differs))]


def detail_at(pointer: str, code: str, facts: Mapping[str, Any]) -> Detail:
    """A finding of an order in its parts: its code says what it is, and its facts stand beside it."""
    field, line = field_at(pointer)
    return Detail(field=field, line=line, code=code, values=plain_facts(facts))


def field_at(pointer: str) -> tuple[str, int]:
    """Which field of a file a pointer into an order is about ('' for none), and of which line (0 for none)."""
    parts = pointer.strip("/").split("/")
    line = int(parts[1]) + 1 if parts[0] == "lines" and len(parts) > 1 else 0
    if parts[0] in ("ship_to", "bill_to") and len(parts) > 1:
        role, part, *at = parts
        name = f"{role.removesuffix('_to')}_{part}"
        if part == "lines":
            name = f"{role.removesuffix('_to')}_line_{int(at[0]) + 1 if at else 1}"
    else:
        path = "/".join(part for part in parts if not part.isdecimal())
        name = _NAMES.get(path) or path.removeprefix("lines/").replace("/", "_")
    return name if name in FIELDS else "", line


def _told(facts: Any) -> str:
    told = ", ".join(f"{name} {value}" for name, value in facts.items())
    return f" ({told})" if told else ""
