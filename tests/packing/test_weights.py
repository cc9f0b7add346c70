"""What things weigh is learned from what parcels really weighed; what is off is explained."""

import pytest

from orderwright.business.shipping.actions import weigh
from orderwright.business.shipping.forms import ParcelForm, ScaleWeight, Weigh
from orderwright.business.shipping.rules import Learned, OffWeight, Packaging, Piece, learn, weight_problem
from tests.floor import refused
from tests.packing.bench import Bench

S, L = Packaging("S", 100), Packaging("L", 400)
MUGS = [Piece("MUG", 300, 3)]


def test_a_weight_is_learned_from_five_on_and_one_wrong_weighing_does_not_move_it() -> None:
    assert learn([300_000] * 4) is None
    assert learn([300_000, 301_000, 299_000, 300_000, 950_000]) == Learned(300_000, 1_500)


@pytest.mark.parametrize(
    ("measured_g", "off"),
    [
        (1_000, None),
        (1_060, None),  # some fill
        (700, ("MUG", -1, None, None)),
        (1_310, ("MUG", 1, "L", None)),  # both would explain it
        (1_350, ("MUG", 1, "L", None)),
        (2_204, (None, 0, None, "lb")),
        (454, (None, 0, None, "kg")),
        (35, (None, 0, None, "oz")),
        (5_000, (None, 0, None, None)),
    ],
)
def test_a_weight_that_is_off_is_explained(measured_g: int, off: tuple[str | None, int, str, str] | None) -> None:
    """Edge case 34: an item, another carton, a scale in pounds."""
    assert weight_problem(MUGS, measured_g, S, [L]) == (off and OffWeight(1_000, measured_g, *off))


def test_packaging_alone_is_told_as_such() -> None:
    pieces = [Piece("TEE", 150, 2)]
    assert weight_problem(pieces, 700, S, [L]) == OffWeight(400, 700, None, 0, "L")


def test_the_tolerance_follows_what_was_learned() -> None:
    exact = [Piece("MUG", 300, 1, Learned(310_000, 1_000))]
    carton = Packaging("S", 100, Learned(120_000, 2_000))
    assert weight_problem(exact, 430, carton) is None
    assert weight_problem(exact, 441, carton) is None  # 5 g of the scale and three spreads of 2.236 g
    assert weight_problem(exact, 443, carton) is not None
    loose = [Piece("MUG", 300, 1, Learned(310_000, 10_000))]
    assert weight_problem(loose, 443, carton) is None
    assert weight_problem([Piece("NEW", 0, 1, Learned(310_000, 1_000))], 900, carton) is not None


def test_two_weights_are_one_too_many(bench: Bench) -> None:
    number = bench.picked(MUG=1)
    two = {"weight_g": 424, "weight": ScaleWeight(value="0.7")}
    code, facts = refused(bench.pack(number, parcels=[ParcelForm(**two)]))
    assert (code, [each["pointer"] for each in facts["findings"]]) == ("malformed", ["/parcels/0/weight"])
    [parcel] = bench.pack(number).parcels
    code, facts = refused(bench.one(weigh, Weigh(parcel_id=parcel.id, actor="test", **two)))
    assert (code, [each["pointer"] for each in facts["findings"]]) == ("malformed", ["/weight"])
    assert bench.value("SELECT weight_g FROM parcel") == parcel.weight_g


def test_a_product_s_weight_is_learned_from_parcels_of_it_alone(bench: Bench) -> None:
    for gross_g in (423, 425, 424, 424, 426):  # a mug of 324 g in a carton of 100
        bench.pack(bench.picked(MUG=1), parcels=[ParcelForm(weight_g=gross_g, carton="S")])
    number = bench.picked(MUG=2)
    code, facts = refused(bench.pack(number, parcels=[ParcelForm(weight_g=600, carton="S")]))
    # Two mugs of 324 g, and 124 g of carton and fill as the catalogue's 300 g a mug leave it.
    assert (code, facts) == ("weight_off", {"expected_g": 772, "measured_g": 600, "sku": None, "units": 0})
    assert bench.pack(number, parcels=[ParcelForm(weight_g=770, carton="S")]).parcels[0].expected_weight_g == 772


def test_the_scale_s_unit_is_told_with_the_weight(bench: Bench) -> None:
    number = bench.picked(MUG=3)
    wrong = ParcelForm(weight_g=2_204, carton="S")
    assert refused(bench.pack(number, parcels=[wrong]))[1]["scale"] == "lb"
    right = ParcelForm(weight=ScaleWeight(value="2.204", unit="lb"), carton="S")
    [parcel] = bench.pack(number, parcels=[right]).parcels
    assert (parcel.weight_g, parcel.expected_weight_g) == (1_000, 1_000)
    told = Weigh(parcel_id=parcel.id, weight=ScaleWeight(value="35.5", unit="oz"), actor="test")
    assert bench.one(weigh, told).weight_g == 1_006
    assert refused(bench.one(weigh, Weigh(parcel_id=parcel.id, actor="test")))[0] == "malformed"
    off = refused(bench.one(weigh, Weigh(parcel_id=parcel.id, weight_g=1_310, actor="test")))
    assert (off[1]["carton"], off[1]["sku"]) == ("L", "MUG")


def test_a_confirmed_weight_that_does_not_fit_teaches_nothing(bench: Bench) -> None:
    bench.pack(bench.picked(MUG=1), parcels=[ParcelForm(weight_g=900, carton="S")], confirm=True)
    assert bench.value("SELECT count(*) FROM weighing") == 0
