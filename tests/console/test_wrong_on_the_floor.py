"""What pickers and packers hear on the floor's pages when something is wrong: plain words, in their language.

The same list by calls, with all that must stay as it was, is tests/stories/test_wrong_input_on_the_floor.py.
"""

import re

import pytest

from tests.console.conftest import Console
from tests.console.floor_scene import Scene, opened, scene, sized
from tests.console.test_floor import scanned
from tests.console.visiting import Seen, Visit

MISREAD = (
    "This barcode is damaged or was misread: scan it again, or type what is printed below it.",
    "Este código de barras está dañado o se leyó mal: escanéelo otra vez o escriba lo que pone debajo.",
)
NO_LABEL = (
    "The scanner read signs that no label has: scan it again, or type what is printed below it.",
    "El escáner leyó signos que ninguna etiqueta tiene: escanéelo otra vez o escriba lo que pone debajo.",
)
ASKED_OTHERWISE = "Something else is to be scanned now. Scanned: {}", "Ahora toca escanear otra cosa. Escaneado: {}"
HEARD = {
    "4006381333931": (
        "Nothing in this store has this code. Scanned: 4006381333931",
        "Nada en esta tienda tiene este código. Escaneado: 4006381333931",
    ),
    "]C1019506000134353": MISREAD,
    "[)>\x1e06\x1d1PMUG": (
        "This barcode is none of ours and says nothing here: look for another one.",
        "Este código de barras no es nuestro y aquí no dice nada: busque otro.",
    ),
    "MU\0G": NO_LABEL,
    "MU\x07G": NO_LABEL,
    "x" * 4_000: (
        "This barcode holds too much to be one of ours: look for another one.",
        "Este código de barras contiene demasiado para ser nuestro: busque otro.",
    ),
    "": ("Nothing was read: scan it again.", "No se ha leído nada: escanéelo otra vez."),
    "L:LEEDS/F-99": (
        "There is no such place at this site. Place: F-99 · Site: LEEDS",
        "No existe esa ubicación en este almacén. Ubicación: F-99 · Centro: LEEDS",
    ),
    "L:GLASGOW/F-1": (
        "This is not the bin to go to. Wanted: F-1 · Scanned: F-1 · Site: GLASGOW",
        "No es la ubicación a la que hay que ir. Se pide: F-1 · Escaneado: F-1 · Centro: GLASGOW",
    ),
    "T:T-9": (ASKED_OTHERWISE[0].format("a tote"), ASKED_OTHERWISE[1].format("una caja")),
    "TEE": (ASKED_OTHERWISE[0].format("an item"), ASKED_OTHERWISE[1].format("un artículo")),
}
"""What is heard in English and in Spanish where bin F-1 is to be scanned."""


@pytest.fixture
def work(console: Console) -> Scene:
    console.owner()
    return scene(console.shop)


def speaking(console: Console, language: str) -> Visit:
    return console.visit(console.person("picker", "packer", name=f"Ann {language}"), language=language)


def heard(seen: Seen) -> str:
    """What is said of what was refused."""
    said = seen.text.partition('<div class="said wrong">')[2].partition("</div>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", said)).replace(" :", ":").strip()


def test_each_wrong_barcode_has_its_own_words_in_both_languages(console: Console, work: Scene):
    path = f"/floor/sessions/{work.session('Ann').id}"
    people = speaking(console, "en"), speaking(console, "es")
    for code, words in HEARD.items():
        assert tuple(heard(scanned(person, path, code)) for person in people) == words
    assert "Go to F-1 and scan it." in people[0].get(path).words
    assert work.picked() == [("MUG", 0), ("TEE", 0)]


def test_a_tote_in_use_is_refused_at_the_form_with_what_was_typed(console: Console, work: Scene):
    work.session("Zoe")
    work.shop.place({"MUG": 1})
    begin = "/floor/begin/pick"
    for language, words in (("en", "in use"), ("es", "en uso")):
        person = speaking(console, language)
        seen = person.post(begin, {**person.get(f"{begin}?site=LEEDS").hidden(begin), "totes": "T-1"})
        assert seen.status >= 400
        assert words in seen.words


def test_what_another_packs_is_refused_at_the_form(console: Console, work: Scene):
    sized(console.shop)
    work.picked_into_tote("Zoe")
    opened(console.shop, "pack", "Zoe", "T-1")
    begin = "/floor/begin/pack"
    for language, words in (("en", "Somebody else packs this just now."), ("es", "Otra persona lo está embalando.")):
        person = speaking(console, language)
        seen = person.post(begin, {**person.get(f"{begin}?site=LEEDS").hidden(begin), "subject": "T-1"})
        assert seen.status == 409
        assert words in seen.words


def test_what_has_no_sizes_is_packed_by_hand(console: Console, work: Scene):
    work.picked_into_tote("Zoe")
    path = f"/floor/sessions/{opened(console.shop, 'pack', 'Ann es', 'T-1').id}"
    packer = speaking(console, "es")
    assert "como vea mejor" in packer.get(path).words
    assert work.number in packer.get(path).words
    assert heard(scanned(packer, path, "HAT")).startswith("Aquí se pide otro producto.")
