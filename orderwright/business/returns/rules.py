"""The four steps of a return."""

from collections.abc import Mapping

from orderwright.values.refusal import Refusal

STEPS: Mapping[tuple[str, str], str] = {
    ("asked", "receive"): "received",
    ("received", "inspect"): "inspected",
    ("inspected", "settle"): "settled",
}
"""(state, deed) -> the state it leads to. Every other pair is refused, or was done before."""

DONE_AT = {"receive": ("received", "inspected", "settled"), "inspect": ("inspected", "settled"), "settle": ("settled",)}


def after(state: str, deed: str) -> "str | Refusal":
    """The state a deed leads to; refuses return_step for any pair not in the table."""
    return STEPS.get((state, deed)) or Refusal("return_step", state=state, deed=deed)


def is_done(state: str, deed: str) -> bool:
    """Whether the deed was done before, so that doing it again changes nothing."""
    return state in DONE_AT[deed]
