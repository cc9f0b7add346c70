"""What a parcel may go through, what a scan means, and whether a weight fits: pure rules."""

import pytest

from orderwright.business.shipping.rules import (
    MILESTONES,
    PARCEL_STEPS,
    Heard,
    OffWeight,
    Piece,
    heard,
    weight_problem,
)
from orderwright.values.weights import WeightUnit, grams_of

THREE_MUGS = [Piece("MUG", 320, 3)]


def test_every_parcel_state_is_reachable() -> None:
    seen = {"packed"}
    while grown := {to for (start, _), to in PARCEL_STEPS.items() if start in seen} - seen:
        seen |= grown
    assert seen == {"packed", "labelled", "shipped", "delivered", "lost", "unpacked"}


def test_what_was_delivered_stays_delivered_whatever_comes_later() -> None:
    assert {heard("delivered", milestone) for milestone in MILESTONES} == {Heard()}


def test_a_lost_parcel_may_be_found_but_only_by_being_delivered() -> None:
    assert heard("lost", "delivered").deed == "deliver"
    assert heard("lost", "in_transit") == Heard()


@pytest.mark.parametrize(
    ("measured_g", "likely"),
    [
        (960, None),
        (1_020, None),  # a box
        (950, None),  # the scale
        (680, ("MUG", -1)),  # 640 and a box
        (640, ("MUG", -1)),
        (1_300, ("MUG", 1)),
        (300, (None, 0)),  # two missing: no single item explains it
    ],
)
def test_a_weight_names_the_item_that_explains_it(measured_g: int, likely: tuple[str | None, int] | None) -> None:
    # Edge case 34.
    problem = weight_problem(THREE_MUGS, measured_g)
    assert problem == (None if likely is None else OffWeight(960, measured_g, *likely))


def test_of_several_items_the_one_that_fits_is_named() -> None:
    pieces = [Piece("MUG", 320, 2), Piece("KETTLE", 1_500, 1)]
    assert weight_problem(pieces, 680) == OffWeight(2_140, 680, "KETTLE", -1)
    assert weight_problem(pieces, 1_850) == OffWeight(2_140, 1_850, "MUG", -1)


def test_a_weight_cannot_be_judged_when_a_product_s_own_is_not_known() -> None:
    assert weight_problem([Piece("MUG", 320, 1), Piece("CARD", 0, 1)], 9_000) is None


@pytest.mark.parametrize(
    ("text", "unit", "grams"),
    [("0.71", "lb", 322), ("11.3", "oz", 320), ("0.32", "kg", 320), ("320", "g", 320), ("1", "lb", 454)],
)
def test_a_scale_in_pounds_is_converted_by_its_unit(text: str, unit: WeightUnit, grams: int) -> None:
    # Edge case 34.
    assert grams_of(text, unit) == grams


@pytest.mark.parametrize("text", ["", "-1", "1e3", "1,5", "nan"])
def test_what_is_no_weight_is_not_converted(text: str) -> None:
    with pytest.raises(ValueError, match=r"decimal|negative"):
        grams_of(text, "g")
