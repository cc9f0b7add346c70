"""A tiny shop's life from the first order to the last settled return, killed on the way and gone on with."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orderwright.business.truth.check import check_store
from orderwright.database.clock import find_simulated, set_clock
from orderwright.database.store import Store
from orderwright.doors.demo.house import Bought, Cartons, Counted, bins_counted, cartons_used, goods_bought
from orderwright.doors.demo.mistakes import count_mistakes
from orderwright.doors.demo.people import Rates
from orderwright.doors.demo.running import Cast
from tests.demo.tiny import judged, live, tiny_cast

NewStore = Callable[[], Store]
Lived = tuple[Store, Cast]


def broken(store: Store) -> list[str]:
    return [f"{each.name}: {each.rows}" for each in check_store(store, full=True) if not each.holds]


def states(store: Store) -> dict[str, int]:
    with store.read() as tx:
        return {row.state: row.n for row in tx.rows("SELECT state, count(*)::int AS n FROM orders GROUP BY state")}


def house(store: Store, cast: Cast) -> tuple[Cartons, Bought, Counted]:
    with store.read() as tx:
        end = cast.script.end
        return cartons_used(tx, cast.script.begin, end), goods_bought(tx, end), bins_counted(tx)


def test_every_order_lives_its_life_and_the_books_agree(flawless: Lived) -> None:
    store, cast = flawless
    assert broken(store) == []
    assert cast.script.account._asdict() == {
        "orders_before": 8, "orders_run": 63, "orders_to_come": 0, "credits_before": 0, "credits_run": 2,
        "credits_to_come": 0, "units_credited": 3, "units_of_earlier_orders": 0, "units_without_a_sale": 0,
    }  # fmt: skip
    # One was cancelled within minutes, one has no country to go to, one sent a unit back; nobody erred.
    assert states(store) == {"delivered": 60, "partially_returned": 1, "cancelled": 1, "held": 1}
    with store.read() as tx:
        assert tx.rows("SELECT r.state, l.reason FROM return_request r JOIN return_line l ON l.return_id = r.id") == [
            ("settled", "unknown")
        ]
        held = dict(tx.rows("SELECT kind, released_at IS NULL AS is_open FROM hold"))
        assert held == {"address": True, "price": False}
        money = tx.row("SELECT sum(captured_minor)::int AS taken, sum(refunded_minor)::int AS back FROM payment")
        papers = tx.row(
            "SELECT sum(total_minor) FILTER (WHERE kind = 'invoice')::int AS invoiced,"
            " sum(total_minor) FILTER (WHERE kind = 'credit_note')::int AS credited FROM paper"
        )
        assert (money.taken, money.back) == (papers.invoiced, papers.credited)
    found = judged(store, cast)
    values = {name: found[name].value for name in ("orders_in", "fill_rate", "order_accuracy", "oversold_units")}
    assert values == {"orders_in": 63, "fill_rate": 1000, "order_accuracy": 1000, "oversold_units": 0}


def test_the_house_buys_packs_and_counts(flawless: Lived) -> None:
    store, cast = flawless
    cartons, bought, counted = house(store, cast)
    with store.read() as tx:
        packed = tx.row("SELECT count(*)::int AS n FROM parcel WHERE state <> 'unpacked'").n
        stock = tx.rows(
            "SELECT s.carton, s.site, s.quantity = sum(m.quantity) AS adds_up FROM carton_stock s"
            " JOIN carton_move m USING (carton, site) GROUP BY s.carton, s.site, s.quantity"
        )
        used = tx.row("SELECT count(*)::int AS n FROM carton_move WHERE kind = 'pack'").n
        benches = tx.row("SELECT count(*)::int AS n FROM put_away WHERE state = 'open'").n
    assert sum(cartons.by_kind.values()) + cartons.without == packed
    assert used == sum(cartons.by_kind.values()) > 0
    assert all(row.adds_up for row in stock)
    assert cartons.fill_permille is not None
    assert 0 < cartons.fill_permille < 1000
    assert bought.orders > bought.due == bought.on_time > 0
    assert (bought.late, bought.short, bought.broken, bought.over, benches) == (0, 0, 0, 0, 0)
    # Nobody erred, so nothing is found.
    assert sum(counted.by_reason.values()) > 0
    assert (counted.found, counted.lost) == (0, 0)


def test_two_runs_with_one_seed_end_alike(new_store: NewStore) -> None:
    rates = Rates(
        wrong_item=5_000, wrong_quantity=5_000, swapped_labels=5_000, misread_address=5_000, late_shift=9_000,
        late_supplier=40_000, short_line=20_000, over_line=20_000, broken_units=20_000, miscounted_line=30_000,
    )  # fmt: skip
    first, second, cast = new_store(), new_store(), tiny_cast(rates)
    live(first, cast)
    with first.read() as tx:
        assert find_simulated(tx) is None
    live(second, tiny_cast(rates))
    assert judged(first, cast) == judged(second, cast)
    assert states(first) == states(second)
    assert broken(first) == []
    (cartons, bought, counted), again = house(first, cast), house(second, cast)
    assert (cartons, bought, counted) == again
    assert min(bought.on_time, bought.late, bought.short, bought.broken, bought.over) > 0
    # What pickers left in a bin is found by counting.
    assert counted.found > 0


def test_what_a_picker_overlooked_is_found_by_counting_and_the_order_goes_on(new_store: NewStore) -> None:
    store, cast = new_store(), tiny_cast(Rates(*[80_000 * (name == "overlooked") for name in Rates._fields]))
    live(store, cast)
    with store.read() as tx:
        short = tx.row(
            "SELECT count(*)::int AS lines, sum(quantity - picked)::int AS units FROM pick_task WHERE state = 'short'"
        )
        waiting = tx.row("SELECT coalesce(sum(waiting), 0)::int AS units FROM demand").units
    _, bought, counted = house(store, cast)
    assert short.lines > 0
    # What its order waited for meanwhile came, and went past its bin.
    assert bought.docked > 0
    assert counted.by_reason["pick_short"] > 0
    # Nothing was really gone, so the books are put right by what they had written off, and by nothing else.
    assert (counted.found, counted.lost) == (short.units, 0)
    assert waiting == 0
    assert broken(store) == []


def test_a_demo_that_was_killed_goes_on_and_ends_as_if_nothing_had_been(
    flawless: Lived, new_store: NewStore, postgres: str, gateway_folder: Path
) -> None:
    killed, (whole, cast) = new_store(), flawless
    for stops in (9, 6):
        command = [sys.executable, "-m", "tests.demo.tiny", postgres, killed.name]
        environment = {**os.environ, "ORDERWRIGHT_DATA": str(gateway_folder)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, start_new_session=True) as demo:
            assert demo.stdout is not None
            for _ in range(stops):
                assert demo.stdout.readline()
            demo.send_signal(signal.SIGKILL)  # in the middle of the next stop
        assert broken(killed) == []
    live(killed, cast)
    assert broken(killed) == []
    assert states(killed) == states(whole)
    assert judged(killed, cast) == judged(whole, cast)


def test_whoever_serves_the_shop_afterwards_tells_its_days_at_once(flawless: Lived) -> None:
    store, cast = flawless
    with store.begin() as tx:
        set_clock(tx, None)
    with store.begin() as tx:
        due = tx.rows(
            "SELECT name FROM schedule WHERE next_at BETWEEN %(end)s AND %(now)s", end=cast.script.end, now=tx.now
        )
    assert {"tell_days", "keep_hours", "release_sites"} <= {row.name for row in due}


def test_what_was_lived_through_is_not_lived_again(flawless: Lived) -> None:
    store, cast = flawless
    with store.begin() as tx:
        set_clock(tx, None)
    stops: list[object] = []
    live(store, cast, at=stops.append)
    assert stops == []


@pytest.mark.parametrize(
    ("rates", "moved"),
    [
        ({"wrong_item": 30_000}, {"order_accuracy", "perfect_orders", "return_rate"}),
        ({"wrong_quantity": 10_000}, {"order_accuracy", "perfect_orders", "return_rate"}),
        ({"swapped_labels": 20_000}, {"order_accuracy", "perfect_orders", "return_rate"}),
        ({"misread_address": 20_000}, {"order_accuracy", "perfect_orders"}),
        ({"late_shift": 40_000}, {"shipped_on_time", "perfect_orders", "time_per_order"}),
        ({"forgotten_hold": 100_000}, {"shipped_on_time", "perfect_orders"}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_planted_mistake_moves_exactly_its_figures(
    new_store: NewStore, flawless: Lived, rates: dict[str, int], moved: set[str]
) -> None:
    without = judged(*flawless)
    store, cast = new_store(), tiny_cast(Rates(*[rates.get(name, 0) for name in Rates._fields]))
    live(store, cast)
    found = judged(store, cast)
    assert {name for name, each in found.items() if each.value != without[name].value} == moved
    reasons = {"wrong_item": "wrong_item", "wrong_quantity": "wrong_quantity", "swapped_labels": "wrong_item"}
    planted = {reasons[name] for name in rates if name in reasons}
    assert set(found["return_rate"].parts) - {"unknown"} == planted
    with store.read() as tx:
        counts = count_mistakes(tx, cast.people, cast.script.begin, cast.script.end)
    assert any(counts.values()) or "forgotten_hold" in rates
    assert ("wrong_item" in rates) == (counts["caught at the scanner"] > 0)
    assert bool({"wrong_item", "wrong_quantity"} & set(rates)) == (counts["caught on the scale"] > 0)
