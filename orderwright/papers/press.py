"""Papers are typst templates of this package, filled with JSON. Nothing that is printed is ever evaluated.

What comes in is text of strangers: letters that would turn text around are left out, and letters for which there is
no font are printed as `[?]` and told of at the foot, never as empty boxes. typst refuses to make a PDF/A of a letter
it has no font for; that is how we know.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import typst

TEMPLATES = Path(__file__).parent / "templates"
MISSING = "[?]"
_FONT_PACKAGE = "noto_cjk_sans_otc"
"""Chinese, Japanese and Korean; comes with the extra `cjk`."""
_ARCHIVABLE = "a-2b"
_ROUNDS_MAX = 8
_NO_FONT = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
# Overrides, embeddings and isolates: a name could turn the words beside it around.
_TURNING = {ord(c): None for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
_NOT_LATIN = re.compile("[^\x00-\u024f]")

_idle: list[typst.Compiler] = []


class Printed(NamedTuple):
    """A paper. missing: letters it could not show, each once; empty when all is there."""

    content: bytes
    missing: str


def print_pdf(template: str, filling: Mapping[str, Any]) -> Printed:
    """A template as an archivable PDF (PDF/A-2b). The same filling makes the same bytes."""
    return _printed(template, filling, _pdf)


def print_picture(template: str, filling: Mapping[str, Any], dots_per_mm: int) -> Printed:
    """The one page of a template as PNG, a pixel a printer's dot."""

    def picture(template: str, text: str) -> bytes:
        _pdf(template, text)  # refuses letters without a font; a picture alone would show boxes
        made = _compile(template, text, format="png", ppi=dots_per_mm * 25.4)
        return made if isinstance(made, bytes) else made[0]

    return _printed(template, filling, picture)


def _printed(template: str, filling: Mapping[str, Any], make: Callable[[str, str], bytes]) -> Printed:
    missing: set[str] = set()
    for _ in range(_ROUNDS_MAX):
        text = _text({**_cleaned(filling, missing), "missing": "".join(sorted(missing))})
        try:
            return Printed(make(template, text), "".join(sorted(missing)))
        except typst.TypstError as error:
            found = _NO_FONT.search(error.message)
            if found is None:
                raise
            # All letters at once: a page in another script would else be set once for each of them.
            missing |= {each for each in set(_NOT_LATIN.findall(text)) if not _has_font(each)} | set(found[1])
    raise ValueError(f"{template}: letters without a font do not come to an end: {sorted(missing)}")


def _cleaned(value: Any, missing: set[str]) -> Any:
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value).translate(_TURNING)
        if missing & set(text):
            text = re.sub(f"[{re.escape(''.join(sorted(missing)))}]+", MISSING, text)
        return text
    if isinstance(value, Mapping):
        return {key: _cleaned(each, missing) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_cleaned(each, missing) for each in value]
    return value


def _text(filling: Mapping[str, Any]) -> str:
    return msgspec.json.encode(filling).decode()


def _pdf(template: str, text: str) -> bytes:
    made = _compile(template, text, format="pdf", pdf_standards=_ARCHIVABLE, timestamp=0, pdf_tags=False)
    if not isinstance(made, bytes):
        raise TypeError(f"{template}: a PDF in pieces")
    return made


@cache
def _has_font(letter: str) -> bool:
    try:
        _pdf("one_letter.typ", _text({"letter": letter}))
    except typst.TypstError:
        return False
    return True


def _compile(template: str, text: str, **how: Any) -> Any:
    # A compiler serves one call at a time; as many are made as are ever needed at once.
    compiler = _idle.pop() if _idle else _new_compiler()
    try:
        return compiler.compile(input=TEMPLATES / template, sys_inputs={"filling": text}, **how)
    finally:
        _idle.append(compiler)


def _new_compiler() -> typst.Compiler:
    # Packages are looked for in a folder of ours, where there are none; system fonts would change a paper's looks.
    return typst.Compiler(
        root=TEMPLATES,
        ignore_system_fonts=True,
        font_paths=_fonts(),
        package_path=TEMPLATES / "none",
        package_cache_path=TEMPLATES / "none",
    )


def _fonts() -> list[Path]:
    found = find_spec(_FONT_PACKAGE)
    return [Path(each) for each in found.submodule_search_locations or ()] if found else []
