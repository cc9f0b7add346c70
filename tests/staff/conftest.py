from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from orderwright.business.staff import passwords
from orderwright.business.truth.check import check_store
from tests.shop import Shop
from tests.staff.people import Staff


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def staff(shop: Shop) -> Iterator[Staff]:
    """A shop's people; at the end every invariant must hold."""
    yield Staff(shop)
    broken = [result for result in check_store(shop.store, full=True) if not result.holds]
    assert broken == []
