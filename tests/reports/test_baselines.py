"""How it was: entered or timed, kept as it was told, and put beside how it is."""

import pytest

from orderwright.business.reports.baselines import BaselineForm, TellBaseline, baselines, tell_baselines, told_before
from orderwright.business.reports.told import Costs, Sums
from orderwright.business.reports.was_now import mends, was_now
from orderwright.values.refusal import Refusal
from tests.shop import Shop


def tell(shop: Shop, figure: str, **form: str) -> object:
    [told] = shop.run(tell_baselines, TellBaseline(figure=figure, form=BaselineForm(**form), actor="staff:Olivia"))
    return told


def test_what_was_timed_for_a_day_is_worked_out_and_the_last_word_counts(shop: Shop) -> None:
    tell(shop, "touch_time", value="7,5")
    tell(shop, "touch_time", timed="312", count="48", note="Stopwatch.")
    tell(shop, "order_accuracy", value="96 %")
    with shop.store.read() as tx:
        known, before = baselines(tx), told_before(tx, ["touch_time"])
        standing = {each.figure: each for each in was_now(tx, ["web"]).standing}
    assert {name: (each.value, each.source) for name, each in known.items()} == {
        "touch_time": (6.5, "timed"), "order_accuracy": (96.0, "entered"),
    }  # fmt: skip
    assert [(each.value, each.actor, each.note) for each in before] == [
        (6.5, "staff:Olivia", "Stopwatch."), (7.5, "staff:Olivia", ""),
    ]  # fmt: skip
    was = standing["order_accuracy"].was
    assert was is not None
    assert (was.value, standing["order_accuracy"].target, standing["order_accuracy"].is_met) == (96.0, 99.5, None)
    assert standing["contacts"].now.because.startswith("Nobody wrote a contact down yet")


def test_what_was_told_is_taken_back_by_an_empty_word(shop: Shop) -> None:
    tell(shop, "same_day", value="80")
    tell(shop, "same_day", value="")
    with shop.store.read() as tx:
        assert baselines(tx) == {}
        assert [each.value for each in told_before(tx, ["same_day"])] == [None, 80.0]


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"value": "1e3"}, "/value"),
        ({"value": "-2"}, "/value"),
        ({"value": "101"}, "/value"),
        ({"value": "5", "timed": "5", "count": "1"}, "/value"),
        ({"timed": "5"}, "/count"),
        ({"timed": "5", "count": "0"}, "/count"),
        ({"timed": "much", "count": "2"}, "/timed"),
    ],
)
def test_what_is_no_number_is_told_at_its_field(shop: Shop, form: dict[str, str], pointer: str) -> None:
    refused = tell(shop, "order_accuracy", **form)
    assert isinstance(refused, Refusal)
    assert (refused.code, [each["pointer"] for each in refused.facts["findings"]]) == ("malformed", [pointer])
    assert shop.value("SELECT count(*) FROM report_baseline") == 0


def test_how_much_it_can_be_at_most_is_told_in_digits(shop: Shop) -> None:
    refused = tell(shop, "touch_time", value="99999999999999999")
    assert isinstance(refused, Refusal)
    assert [each["message"] for each in refused.facts["findings"]] == ["This can be at most 1000000000000."]


def test_what_to_mend_is_ranked_by_what_it_saves_with_its_arithmetic() -> None:
    def sums(counted: int, judged: int = 0) -> Sums:
        return Sums(counted, judged, 0, 28)

    days = {
        "zero_touch": {"": sums(60, 100), "hold:fraud": sums(40), "exception:address": sums(8)},
        "touch_time": {"desk": sums(48 * 300)},
        "errors_reached": {"wrong_item": sums(4)},
        "refunds_ours": {"GBP": sums(6_000)},
        "picks_per_hour": {"": sums(1_600, 40 * 3600)},
    }
    found = mends(days, Costs(15.0, "GBP", {}))
    assert [(each.kind, each.of, each.hours, each.cost, each.errors) for each in found] == [
        ("picking", "", 6.0, 90.0, None),
        ("mistake", "wrong_item", None, 15.0, 1.0),
        ("touch", "hold:fraud", pytest.approx(10 * 5 / 60), pytest.approx(12.5), None),
        ("touch", "exception:address", pytest.approx(2 * 5 / 60), pytest.approx(2.5), None),
    ]
    assert found[0].sums == {"hours": 10.0, "units": 400.0, "rate": 40.0, "target": 100}
    assert found[2].sums == {"orders": 10.0, "minutes": 5.0}


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (0, [("contact_untimed", "where_is_it", None, None), ("contact_untimed", "question", None, None)]),
        (6, [("contact", "where_is_it", 1.0, 15.0), ("contact", "question", 0.5, 7.5)]),
    ],
)
def test_what_customers_ask_is_to_be_mended_at_what_a_question_takes_where_that_is_told(
    minutes: int, told: list[tuple[str, str, float | None, float | None]]
) -> None:
    days = {"contacts": {"question": Sums(20, 0, 0, 28), "where_is_it": Sums(40, 0, 0, 28), "other": Sums(0, 0, 0, 28)}}
    found = mends(days, Costs(15.0, "GBP", {}, minutes))
    assert [(each.kind, each.of, each.hours, each.cost) for each in found] == told
    assert {each.of: each.sums["contacts"] for each in found} == {"where_is_it": 10.0, "question": 5.0}
