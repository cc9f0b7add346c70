"""Ghost stock: what speaks for it, how it is weighed, and how many of the planted ones are found."""

from math import log

import pytest

from orderwright.business.warehouse.ghosts.rules import Evidence, centi_ln, ghost_of, rank, sentences, worst_run
from tests.counts.haunted import GHOSTS, haunted

TOP, FOUND_MIN, SEEDS = 60, 30, range(1, 21)


def found(seed: int) -> tuple[int, int]:
    """Ghosts in the top 60 of the list, and of the list by last count."""
    site = haunted(seed)
    assert len(site.ghosts) == GHOSTS
    top = {(each.place_id, each.sku) for each in rank(site.evidence)[:TOP]}
    return len(site.ghosts & top), len(site.ghosts & set(site.by_last_count[:TOP]))


@pytest.mark.parametrize("seed", [8, 17])  # of twenty, those where least was found
def test_thirty_of_forty_ghosts_in_5000_bins_stand_in_the_top_60(seed: int):
    ours, by_last_count = found(seed)
    assert ours >= FOUND_MIN
    assert by_last_count <= 3


@pytest.mark.torture
def test_thirty_of_forty_ghosts_are_found_whatever_the_seed(capsys: pytest.CaptureFixture[str]):
    results = {seed: found(seed) for seed in (*SEEDS, *range(101, 121))}
    with capsys.disabled():
        print("\nseed: ghosts of 40 in the top 60, and by last count", results)
    assert min(ours for ours, _ in results.values()) >= FOUND_MIN


@pytest.mark.parametrize(("numerator", "denominator"), [(1, 1), (2, 1), (90, 1), (7, 3), (10**40, 3**50)])
def test_logarithms_in_whole_numbers(numerator: int, denominator: int):
    assert abs(centi_ln(numerator, denominator) - 100 * log(numerator / denominator)) <= 2


@pytest.mark.parametrize(
    ("picks", "run"),
    [
        ("", (0, 0)),
        ("....", (0, 0)),
        ("....s", (1, 0)),
        ("s.", (1, 1)),
        ("s..", (0, 0)),  # found twice since: the first picker was wrong
        (".s.ss", (3, 1)),
        ("s" + "." * 200 + "s", (1, 0)),
    ],
)
def test_shorts_count_since_the_goods_went_missing(picks: str, run: tuple[int, int]):
    assert worst_run([each == "s" for each in picks]) == run


def test_a_short_pick_says_more_than_silence_and_silence_more_when_others_were_asked():
    short = Evidence(1, "MUG", 10, shorts=1)
    alone = Evidence(2, "MUG", 10, quiet_days=80, picks_before=40, days_before=40, all_before=40)
    asked = Evidence(3, "MUG", 10, quiet_days=20, picks_before=40, days_before=70, all_before=50, passed_over=9)
    slow = Evidence(4, "MUG", 10, quiet_days=80, picks_before=1, days_before=10, all_before=1)
    assert [each.place_id for each in rank([slow, alone, asked, short])] == [1, 3, 2]


def test_what_was_scanned_where_it_is_not_booked_lies_there_unless_many_picks_met_nothing():
    once = ghost_of(Evidence(1, "MUG", 0, strange=1))
    assert (once.kind, once.score) == ("hidden", 500)
    assert ghost_of(Evidence(1, "MUG", 0, strange=1, is_next_door=True)).score == 410
    assert rank([Evidence(1, "MUG", 0, strange=1, not_strange=15)]) == []


def test_a_ghost_is_told_with_its_evidence():
    ghost = ghost_of(Evidence(1, "MUG", 10, shorts=2, full=1, quiet_days=9, passed_over=4, surplus_near=1))
    assert sentences(ghost) == [
        "2 short picks, 1 full ones since the first of them.",
        "More than booked was found in a bin next door.",
        "4 order lines went elsewhere in 9 days without a pick here.",
    ]
