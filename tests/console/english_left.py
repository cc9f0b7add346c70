"""What a page still says in English to somebody who reads Spanish."""

import re
from collections.abc import Collection, Iterator
from functools import cache
from html.parser import HTMLParser
from typing import NamedTuple

from tools import console_texts

TOLD = frozenset({"aria-label", "aria-description", "title", "placeholder", "alt", "label", "summary"})
"""Attributes somebody reads or hears."""
LATER = re.compile(r"data-(copied|many|name|one|out|sending|waits)")
"""Attributes with what a script says later on."""
UNSEEN = frozenset({"script", "style", "textarea"})
"""Nobody reads these; and what stands in a field, somebody wrote there."""
BUTTONS = frozenset({"submit", "button", "reset"})
WORD = re.compile(r"[^\W\d_]+")
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}|`\w+`")
"""Where a value goes, and what programs alone are told."""
FUNCTION_WORDS = frozenset({
    "the", "of", "and", "with", "is", "are", "was", "were", "this", "that", "these", "those", "for", "from",
    "by", "to", "not", "it", "its", "be", "been", "will", "would", "which", "who", "what", "when", "where",
    "you", "your", "we", "they", "their", "there", "an", "or", "if", "but", "have", "had", "does", "can",
    "into", "than", "only", "at", "on", "as",
})  # fmt: skip
"""English ones that no Spanish sentence has."""
FUNCTION_WORDS_MAX = 1
LITERAL = re.compile(r"\bLiteral\[([^\]]*)\]")
QUOTED = re.compile(r'"(\w+)"')
MARKS = re.compile(
    r"<img src=x onerror=\"alert\(1\)\">|\b\S+@example\.org\b|/(?:track|pay)/\S+|\b(?:[A-Z0-9]{4} ){7}[A-Z0-9]{4}\b"
    r"|\b(?:GBP|GB|UTC)\b|\b[a-z]+\.[a-z][a-z0-9_]+\b|\b[a-z]+:(?:read|write)\b|\bR-\d{6}-EXCHANGE\b"
    r"|\b(?=[\w-]*\d)[\w-]{6,}"
)
"""What is the same in every language: markup that somebody wrote, addresses, keys, currencies, countries, names of
settings and scopes (programs know them so), numbers and ids."""


class Left(NamedTuple):
    """A text that is left in English. why: what gives it away."""

    where: str
    text: str
    why: str


class _Reader(HTMLParser):
    """Takes the texts of a page, each with the element it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._unseen = ""
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        names = [name for name in told if name in TOLD or LATER.fullmatch(name)]
        if tag == "input" and told.get("type") in BUTTONS:
            names.append("value")
        self.found += [(f"{tag} {name}", told[name]) for name in names]
        self._unseen = tag if tag in UNSEEN else ""
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._unseen = ""

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append((self._within, data))


def texts_of(page: str) -> list[tuple[str, str]]:
    """(where, text) of whatever a reader meets on a page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    told = [(where, " ".join(text.split())) for where, text in reader.found]
    return [(where, text) for where, text in told if text]


class Judge:
    """Tells English from Spanish by what the catalogues say.

    names: words that people of the shop gave things, wherever they stand; texts: those they wrote as a whole.
    """

    def __init__(self, names: Collection[str] = (), texts: Collection[str] = ()) -> None:
        known = "|".join(re.escape(each) for each in sorted(names, key=len, reverse=True))
        self._names = re.compile(rf"(?<!\w)(?:{known})(?!\w)") if names else None
        self._texts = frozenset(texts)

    def left_on(self, page: str) -> list[Left]:
        """What is left in English on a page."""
        return [Left(where, text, why) for where, text in dict.fromkeys(texts_of(page)) if (why := self.judge(text))]

    def judge(self, text: str) -> str:
        """What gives a text away as English; "" for nothing."""
        if text in self._texts:
            return ""
        text = MARKS.sub(" ", text)
        text = " ".join((self._names.sub(" ", text) if self._names else text).split()).replace("_", " ")
        if text.casefold() in _untranslated():
            return "a text of the catalogue as it stands there"
        words = [word.casefold() for word in WORD.findall(text)]
        if sum(word in FUNCTION_WORDS for word in words) > FUNCTION_WORDS_MAX:
            return "English function words"
        foreign = dict.fromkeys(word for word in words if len(word) > 1 and word in _english_words())
        return f"only English texts have: {', '.join(foreign)}" if foreign else ""


@cache
def _untranslated() -> frozenset[str]:
    """English texts, but for those that Spanish ones are equal to."""
    return frozenset(text.casefold() for text, _spanish in _pairs()) - {
        text.casefold() for _english, spanish in _pairs() for text in spanish
    }


@cache
def _english_words() -> frozenset[str]:
    """Words of English texts and of codes, that no Spanish text has."""
    told = [text for text, _spanish in _pairs()] + [text for english in _codes() for text in english]
    english = {word for text in told for word in _words(text)}
    return frozenset(english - {word for _text, spanish in _pairs() for each in spanish for word in _words(each)})


def _codes() -> Iterator[list[str]]:
    """The words of which forms take one."""
    for path in console_texts.sources():
        for one_of in LITERAL.findall(path.read_text()):
            yield [code.replace("_", " ") for code in QUOTED.findall(one_of)]


@cache
def _pairs() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (english, spanish)
        for room in console_texts.ROOMS
        for message in console_texts.catalogue("es", room)
        if message.id
        for spanish in (_forms(message.string),)
        for english in _forms(message.id)
    )


def _forms(text: object) -> tuple[str, ...]:
    return tuple(str(each) for each in text) if isinstance(text, list | tuple) else (str(text),)


def _words(text: str) -> Iterator[str]:
    return (word.casefold() for word in WORD.findall(PLACE.sub(" ", text)))
