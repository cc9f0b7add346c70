"""The real shop's year that comes along, through its profile and nothing else."""

import lzma
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from orderwright.business.imports.credits import events_of, match_credits
from orderwright.business.imports.profile import Profile, get_profile
from orderwright.business.imports.results import BadRow, ReadCredit, ReadOrder, ReadResult
from orderwright.business.imports.samples import get_sample, list_samples
from orderwright.business.imports.sheets import open_sheet
from orderwright.business.orders.checks import check_totals, price
from tests.imports.reading_through import only, read_through


@pytest.fixture(scope="module")
def profile() -> Profile:
    return get_profile("online_retail")


@pytest.fixture
def slice_path(tmp_path: Path) -> Callable[[int, int], Path]:
    """Rows first to last of the year, as a file of its own."""

    def cut(first: int, last: int) -> Path:
        with lzma.open(get_sample("online_retail.csv.xz"), "rb") as year:
            header = next(year)
            path = tmp_path / f"{first}-{last}.csv"
            path.write_bytes(header + b"".join(islice(year, first - 1, last)))
        return path

    return cut


def assert_all_add_up(results: list[ReadResult]) -> None:
    for order in only(ReadOrder, results):
        findings: list[object] = []
        priced = price(order.form, findings)  # type: ignore[arg-type]
        assert priced is not None
        check_totals(order.form, priced, findings)  # type: ignore[arg-type]
        assert findings == [], order.form.reference


def test_the_first_rows_of_the_year_add_up(profile: Profile, slice_path: Callable[[int, int], Path]) -> None:
    results, report = read_through(open_sheet(slice_path(1, 5_000), profile.form), profile)
    buckets = {name: report.bucket(name)["GBP"].rows for name in ("order_goods", "order_shipping", "credit_goods")}
    assert buckets == {"order_goods": 4_909, "order_shipping": 6, "credit_goods": 69}
    assert (report.bucket("written_off")["GBP"].rows, report.bucket("found")["GBP"].rows) == (2, 10)
    assert {name: tally.rows for (bucket, name, _), tally in report.tallies.items() if bucket == "not_goods"} == {
        "bank charges": 1, "discount": 1, "typed in by hand": 2,
    }  # fmt: skip
    assert (report.notes.rows, only(BadRow, results)) == (5_000, [])
    assert_all_add_up(results)
    first = only(ReadOrder, results)[0].form
    assert (first.reference, first.total, first.customer.reference) == ("536365", "139.12", "17850")
    assert first.placed_at is not None
    assert first.placed_at.isoformat() == "2010-12-01T08:26:00+00:00"


def test_two_overlapping_slices_give_the_same_orders(profile: Profile, slice_path: Callable[[int, int], Path]) -> None:
    first, _ = read_through(open_sheet(slice_path(1, 3_000), profile.form), profile)
    second, _ = read_through(open_sheet(slice_path(1_001, 4_000), profile.form), profile)
    forms = {order.form.reference: order.form for order in only(ReadOrder, first)}
    shared = [order.form for order in only(ReadOrder, second) if order.form.reference in forms]
    # The orders cut in two at the ends of the overlap differ; all others are the same.
    assert len(shared) > 50
    assert sum(forms[form.reference] != form for form in shared) == 2


def test_the_sample_says_where_it_is_from() -> None:
    assert list_samples() == ["online_retail.csv.xz"]
    path = get_sample("online_retail.csv.xz")
    assert path.stat().st_size < 6_000_000
    assert "CC BY 4.0" in path.with_name("online_retail.SOURCE.txt").read_text(encoding="utf-8")


@pytest.mark.torture
def test_the_whole_year_adds_up_and_its_credits_find_their_sales(profile: Profile) -> None:
    results, report = read_through(open_sheet(get_sample("online_retail.csv.xz"), profile.form), profile)
    notes = report.notes
    assert (notes.rows, notes.units, notes.amounts_minor) == (541_909, {"GBP": 5_176_450}, {"GBP": 974_774_793})
    assert report.kinds == {
        "orders": 19_785, "credits": 3_422, "stock_changes": 2_089, "not_goods": 1_018, "adjustments": 3,
    }  # fmt: skip
    assert (notes.duplicates, notes.orders_with_two_times, notes.scattered_orders) == (5_268, 43, 1)
    assert (len(notes.renamed), notes.renamed.total()) == (111, 1_942)
    assert len(report.customers_in_two_countries) == 8
    assert_all_add_up(results)
    matches = list(match_credits(events_of(results)))
    assert len(matches) == sum(len(credit.lines) for credit in only(ReadCredit, results)) == 8_704
    assert sum(not match.unmatched_units for match in matches) == 7_432
    assert sum(match.unmatched_units for match in matches) == 21_353
