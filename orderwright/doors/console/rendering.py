"""From what a page found to its HTML: Jinja templates, in the visitor's language, by their clock."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from gettext import NullTranslations
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orderwright.doors.charts import draw, written_down
from orderwright.doors.console import marks, story_words, words
from orderwright.doors.console.texts import LANGUAGES, RIGHT_TO_LEFT, translated, translations
from orderwright.values.ids import new_id
from orderwright.values.phrases import Phrase

TEMPLATES = Path(__file__).parent / "templates"
MACROS = {"show": "macros/show.html", "forms": "macros/forms.html"}
"""What every template has at hand: `{{ show.badge(...) }}`, `{% call forms.form(...) %}`."""
FRAGMENTS: Mapping[str, str] = {"dialog": "main"}
"""Which block of a page fills an element of that id; any other is filled by the block of its own name."""


class Framed(Protocol):
    """What stands around a page, whoever looks at it."""

    @property
    def language(self) -> str:
        """The language it speaks."""

    @property
    def fragment(self) -> str:
        """The element that is asked for alone; '' for all."""

    def named(self, names: Mapping[str, Any]) -> dict[str, Any]:
        """The names a template may use."""


class Renderer:
    """The templates of one process. static: where a static file is found. speaking: the templates in a language."""

    def __init__(self, static: Callable[[str], str], speaking: "Callable[[str], Environment] | None" = None) -> None:
        self._static = static
        self._speaking = speaking or environment

    def render(self, template: str, frame: Framed, shown: Any) -> bytes:
        """A whole page, or the block of it that `frame.fragment` asks for, if it has such a one."""
        templates = self._speaking(frame.language)
        found = templates.get_template(template)
        names = frame.named({"shown": shown, "static": self._static})
        # Given by name and not imported, so that a block that is asked for alone has them too.
        for name, macros in MACROS.items():
            names[name] = templates.get_template(macros).make_module(names)
        block = found.blocks.get(FRAGMENTS.get(frame.fragment, frame.fragment))
        if block is None:
            return found.render(names).encode()
        return "".join(block(found.new_context(names))).encode()


@cache
def environment(language: str) -> Environment:
    """The templates as they speak one language."""
    catalogue = translations(language)
    found = new_environment((), catalogue, partial(translated, catalogue), words=words)
    found.globals.update(story=story_words, is_right_to_left=language in RIGHT_TO_LEFT)
    return found


def new_environment(
    folders: Sequence[Path], catalogue: NullTranslations, saying: Callable[[str | Phrase], str], **names: Any
) -> Environment:
    """Templates of these folders, and behind them of the console's. names: what they have at hand besides."""
    found = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]), autoescape=True, undefined=StrictUndefined, auto_reload=False,
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )  # fmt: skip
    found.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    found.globals.update(languages=LANGUAGES, new_id=new_id, is_right_to_left=False, **names)
    found.filters.update(marks.FILTERS, t=saying, person=partial(marks.person, saying), draw=draw, spec=written_down)
    return found
