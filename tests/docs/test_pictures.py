"""The pictures in the pages are what the product draws and prints."""

import numpy
import pytest

from tests.docs.pages import DOCS
from tests.docs.pictures import made_pictures, pixels_of

AGAIN = "make it anew: python -m tests.docs.pictures"


@pytest.fixture(scope="module")
def made(postgres: str) -> dict[str, bytes]:
    return made_pictures(postgres)


@pytest.mark.parametrize("name", ["walk.svg", "carton.svg"])
def test_a_drawing_is_what_the_product_draws(made: dict[str, bytes], name: str) -> None:
    assert (DOCS / name).read_bytes() == made[name], AGAIN


@pytest.mark.parametrize("name", ["pick-list.png", "carton-label.png"])
def test_a_paper_is_what_the_product_prints(made: dict[str, bytes], name: str) -> None:
    shown, printed = pixels_of((DOCS / name).read_bytes()), pixels_of(made[name])
    assert shown.shape == printed.shape, AGAIN
    # Another version of the program that turns paper into pixels may smooth edges otherwise.
    off = numpy.abs(shown.astype(int) - printed.astype(int))
    assert (off > 128).mean() < 0.001, AGAIN
