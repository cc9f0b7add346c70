"""Names as people write them, made comparable, and the countries they name."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[a-z0-9]+")


def folded(text: str) -> str:
    """Case, accents, punctuation and run-together words taken out: "Fecha_Envío", "FechaEnvio" are "fecha envio"."""
    apart = _CAMEL.sub(" ", text)
    letters = unicodedata.normalize("NFKD", apart.casefold())
    return " ".join(_WORD.findall("".join(c for c in letters if not unicodedata.combining(c))))


@cache
def _codes_by_name() -> dict[str, str]:
    text = (files(__package__) / "country_names.txt").read_text(encoding="utf-8")
    codes = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            code, *names = line.split("\t")
            codes[code.casefold()] = code
            codes |= dict.fromkeys(map(folded, names), code)
    return codes


def find_country(name: str, own: Mapping[str, str]) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country by code or name, or None.

    `own`: the shop's own names (compared without case), which win and may map to "": no country known.
    """
    wanted = name.strip().casefold()
    for own_name, code in own.items():
        if own_name.strip().casefold() == wanted:
            return code
    known = _codes_by_name()
    return known.get(wanted) or known.get(folded(name))
