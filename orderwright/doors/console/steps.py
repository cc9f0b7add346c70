"""Procedures as people write them, shown: lists, headings and strong words; everything else is text."""

import re

from markupsafe import Markup, escape

_NUMBERED = re.compile(r"\d{1,3}[.)]\s+(.*)")
_DASHED = re.compile(r"[-*]\s+(.*)")
_HEADED = re.compile(r"#{1,6}\s+(.*)")
_STRONG = re.compile(r"\*\*(.+?)\*\*")


def steps(text: str) -> Markup:
    """The HTML of a procedure. Lines beginning with `1.` or `-` are steps, with `#` headings; `**so**` is strong."""
    parts: list[Markup] = []
    open_list = ""
    for line in text.splitlines():
        kind, said = _kind(line.strip())
        if open_list and kind != open_list:
            parts.append(Markup(f"</{open_list}>"))
            open_list = ""
        if kind in ("ol", "ul"):
            parts.append(Markup("" if open_list else f"<{kind}>") + Markup("<li>{}</li>").format(_strong(said)))
            open_list = kind
        elif kind == "h":
            parts.append(Markup("<p><strong>{}</strong></p>").format(said))
        elif said:
            parts.append(Markup("<p>{}</p>").format(_strong(said)))
    if open_list:
        parts.append(Markup(f"</{open_list}>"))
    return Markup("").join(parts)


def _kind(line: str) -> tuple[str, str]:
    for kind, form in (("ol", _NUMBERED), ("ul", _DASHED), ("h", _HEADED)):
        if found := form.fullmatch(line):
            return kind, found[1]
    return "", line


def _strong(said: str) -> Markup:
    """The text, with what stands between double stars strong; escaped before it is marked."""
    return Markup(_STRONG.sub(r"<strong>\1</strong>", str(escape(said))))
