"""A sweep looks at what was touched since the last clean check, and misses nothing that came since."""

from collections.abc import Iterator

import pytest

from orderwright.business.truth import slices
from orderwright.business.truth.check import INVARIANTS, check_store
from orderwright.business.truth.slices import touched_since
from orderwright.database.store import Store
from orderwright.database.sweep import last_watermark, watermark_of
from tests.shop import Shop, new_shop


@pytest.fixture
def shop(postgres: str) -> Iterator[Shop]:
    with new_shop(postgres) as shop:
        shop.stock("LEEDS", MUG=5)
        yield shop


def broken(store: Store, *, full: bool = False) -> list[str]:
    return [result.name for result in check_store(store, full) if not result.holds]


def names_asked(store: Store) -> int:
    return len(check_store(store, False))


def touched(store: Store) -> dict[str, list[str]]:
    with store.read() as tx:
        since = last_watermark(tx)
        assert since is not None
        scope = touched_since(tx, since)
        assert scope is not None
        return {
            name: [each for each in scope.values[name].strip("{}").replace('"', "").split(",") if each]
            for name in ("orders", "skus")
        }


def test_the_first_check_looks_at_everything_and_the_next_only_at_what_came_since(shop: Shop) -> None:
    assert broken(shop.store) == []
    assert names_asked(shop.store) == sum(each.in_sweeps for each in INVARIANTS)
    shop.place({"MUG": 1})
    assert broken(shop.store) == []
    number = shop.place({"MUG": 1}).number
    assert shop.order_id(number) in touched(shop.store)["orders"]  # work of other stores may hold the mark back
    assert touched(shop.store)["skus"] == ["MUG"]


def test_a_sweep_finds_what_broke_in_an_order_that_was_touched(shop: Shop) -> None:
    assert broken(shop.store) == []
    number = shop.place({"MUG": 1}).number
    with shop.begin() as tx:
        tx.write("UPDATE orders SET state = 'shipped' WHERE number = %(number)s", number=number)
    assert broken(shop.store) == ["state_is_what_units_say"]
    assert broken(shop.store) == ["state_is_what_units_say"]  # the watermark waits until it is mended
    with shop.begin() as tx:
        tx.write("UPDATE orders SET state = 'allocated' WHERE number = %(number)s", number=number)
    assert broken(shop.store) == []


def test_a_sweep_sees_stock_that_moved_without_an_order(shop: Shop) -> None:
    assert broken(shop.store) == []
    with shop.begin() as tx:
        tx.write("UPDATE availability SET on_hand = 99 WHERE sku = 'HAT'")
    shop.stock("LEEDS", HAT=1)
    assert broken(shop.store) == ["on_hand_is_what_lies_there"]


def test_a_transaction_that_was_open_during_a_sweep_is_seen_by_the_next(shop: Shop) -> None:
    assert broken(shop.store) == []
    with shop.begin() as slow:
        slow.write("UPDATE orders SET version = version")
        with shop.store.read() as tx:
            began = watermark_of(tx)
        assert slow.xid is not None
        assert int(began.xid) <= int(slow.xid)
        number = shop.place({"MUG": 1}).number
        assert broken(shop.store) == []
        assert shop.order_id(number) in touched(shop.store)["orders"]  # work of other stores may hold the mark back


def test_after_a_restore_everything_is_looked_at(shop: Shop) -> None:
    assert broken(shop.store) == []
    with shop.begin() as tx:
        tx.write("UPDATE clock SET epoch = epoch + 1")
    assert names_asked(shop.store) == len(INVARIANTS)


def test_when_very_much_was_touched_everything_is_looked_at(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert broken(shop.store) == []
    monkeypatch.setattr(slices, "TOUCHED_MAX", 1)
    shop.place({"MUG": 1})
    shop.place({"MUG": 1})
    assert names_asked(shop.store) == len(INVARIANTS)
