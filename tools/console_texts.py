"""Brings the catalogues of pages up to date: `python tools/console_texts.py` adds new texts and drops gone ones.

There are two, of the pages of staff and of those of customers; what customers' pages say in the words of the console is
translated there.

Whatever is then without a translation is printed; `tests/console/test_texts.py` fails until there is none.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

from orderwright.business.catalog.forms import PlaceForm
from orderwright.business.catalog.rules import VIRTUAL_PLACES
from orderwright.business.stock.rules import REASONS
from orderwright.doors.console import floor_words, report_words
from orderwright.settings import SETTINGS
from orderwright.values import shape_words
from orderwright.values.refusal import REFUSALS

CONSOLE = Path(__file__).parents[1] / "orderwright" / "doors" / "console"
PORTAL = CONSOLE.parent / "portal"
ROOMS = (CONSOLE, PORTAL)
LOCALES = ("es",)
SAID_AT = {"Finding": 2, "worded": 2, "malformed": 2, "wrong": 2, "phrase": 0, "BadAmount": 0}
"""Which argument is an English sentence, of the calls that take one."""
OWN_WORDS = ("malformed", "wrong", "BadAmount")
"""Those that take one wherever they come from; the others, where they are imported from the modules below."""
SAID_BY = ("orderwright.values.findings", "orderwright.values.phrases")
ABOUT = "Texts of the {room}. Made by tools/console_texts.py; the translations are written by hand."


def texts_of_templates(room: Path = CONSOLE) -> Iterator[Any]:
    """Every text a template shows through `_()` or `ngettext()`: a string, or singular and plural."""
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    for path in sorted(room.rglob("*.html")):
        for _line, function, text in environment.extract_translations(path.read_text()):
            words = [each for each in ([text] if isinstance(text, str) else text) if each is not None]
            if words:
                yield tuple(words[:2]) if function == "ngettext" else words[0]


def texts_of_modules(room: Path = CONSOLE) -> Iterator[str]:
    """Every text marked `_("...")` in a module."""
    for path in sorted(room.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                (text,) = node.args
                assert isinstance(text, ast.Constant), f"{path.name}:{node.lineno}: `_()` takes a text as it stands"
                yield str(text.value)


def texts_of_rules() -> Iterator[str]:
    """What rules say of settings and of what is wrong with a form: sentences, and templates of those with facts."""
    yield from (each.says for each in SETTINGS.values())
    yield from (*shape_words.TEMPLATES, *shape_words.KINDS, *REASONS, *VIRTUAL_PLACES.values())
    yield from get_args(get_type_hints(PlaceForm)["kind"])
    for _where, told in sentences_told():
        if isinstance(told, ast.Constant):
            yield str(told.value)
    yield from (kind.sentence for kind in REFUSALS.values())


def sources() -> list[Path]:
    """The modules of the program, but for the one that shows programs what an answer looks like."""
    return sorted(path for path in CONSOLE.parents[1].rglob("*.py") if path.name != "openapi.py")


@cache
def sentences_told() -> tuple[tuple[str, ast.expr], ...]:
    """Every sentence that is handed to something pages may translate, as it is written, and where. Read once."""
    return tuple(told for path in sources() for told in _told_in(path))


def _told_in(path: Path) -> Iterator[tuple[str, ast.expr]]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module in SAID_BY]
    known = {each.name for node in imports for each in node.names}
    where = str(path.relative_to(CONSOLE.parents[1]))
    for node in nodes:
        if isinstance(node, ast.Call):
            name = _called(node.func)
            if name in SAID_AT and len(node.args) > SAID_AT[name] and (name in known or name in OWN_WORDS):
                yield where, node.args[SAID_AT[name]]
        elif isinstance(node, ast.Dict):
            names = [each.value if isinstance(each, ast.Constant) else None for each in node.keys]
            if names == ["pointer", "code", "message"]:
                yield where, node.values[2]


def _called(function: ast.expr) -> str:
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def wanted(room: Path = CONSOLE) -> list[Any]:
    """All texts of a room, each once, in a steady order."""
    more = (*floor_words.texts(), *report_words.texts(), *texts_of_rules()) if room == CONSOLE else ()
    found = dict.fromkeys([*texts_of_templates(room), *texts_of_modules(room), *more])
    return sorted(found, key=lambda text: text if isinstance(text, str) else text[0])


def catalogue(locale: str, room: Path = CONSOLE) -> Catalog:
    """What is translated."""
    path = path_of(locale, room)
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as source:
        return read_po(source, locale=locale)


def path_of(locale: str, room: Path = CONSOLE) -> Path:
    """Where a language's catalogue lies."""
    return room / "locales" / locale / f"{room.name}.po"


def untranslated(locale: str, room: Path = CONSOLE) -> list[Any]:
    """The texts a language lacks."""
    known = catalogue(locale, room)
    return [text for text in wanted(room) if not is_translated(known.get(text if isinstance(text, str) else text[0]))]


def is_translated(message: Message | None) -> bool:
    """Whether every form of a text has words."""
    if message is None:
        return False
    return bool(message.string and (isinstance(message.string, str) or all(message.string)))


def write(locale: str, room: Path) -> None:
    """Write a catalogue anew."""
    known = catalogue(locale, room)
    about = f"# {ABOUT.format(room=room.name)}"
    fresh = Catalog(locale=locale, header_comment=about, fuzzy=False, charset="utf-8")
    fresh.project = "Orderwright"
    fresh.creation_date, fresh.revision_date = known.creation_date, known.revision_date
    for text in wanted(room):
        old = known.get(text if isinstance(text, str) else text[0])
        fresh.add(text, old.string if old is not None else None)
    with path_of(locale, room).open("wb") as target:
        write_po(target, fresh, omit_header=False, width=110, sort_output=True, include_lineno=False)


def main() -> None:
    """Write the catalogues anew."""
    for locale in LOCALES:
        for room in ROOMS:
            write(locale, room)
            for text in untranslated(locale, room):
                print(f"{locale}: {text}")


if __name__ == "__main__":
    main()
