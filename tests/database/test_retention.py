"""What need not be kept is forgotten, in bites; what must be kept stays."""

from datetime import UTC, datetime, timedelta

import pytest

from orderwright.database import retention
from orderwright.doors.worker.kinds import TaskKind
from orderwright.doors.worker.loop import Worker
from orderwright.settings import PutSettings, put_settings
from orderwright.values.ids import new_id
from tests.shop import Shop

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _age(shop: Shop, days: int, count: int = 1) -> None:
    """Remembered keys, done and dead tasks, and messages done and parked, of that age."""
    at = NOW - timedelta(days=days)
    with shop.begin() as tx:
        for _ in range(count):
            key = new_id()
            tx.copy("idempotency", "key_id, method, path, key, body_hash, status, answer, made_at",
                    [(key, "POST", "/", f"{days}", b"", 200, b"", at)])  # fmt: skip
            tx.copy("task", "id, name, subject, state, run_at, made_at, ended_at",
                    [(new_id(), "t", new_id(), state, at, at, at) for state in ("done", "dead")])  # fmt: skip
            messages = [(new_id(), "web", new_id(), "order", b"", b"", state, at) for state in ("done", "parked")]
            tx.copy("inbox", "id, channel, external_id, topic, hash, body, state, received_at", messages)


def _left(shop: Shop) -> list[int]:
    tables = ("idempotency", "task WHERE state = 'done'", "task WHERE state = 'dead'", "inbox WHERE state = 'done'",
              "inbox WHERE state = 'parked'")  # fmt: skip
    return [shop.value(f"SELECT count(*) FROM {table}") for table in tables]


@pytest.fixture
def old_shop(shop: Shop) -> Shop:
    with shop.begin() as tx:
        tx.write("UPDATE clock SET simulated_at = %(now)s", now=NOW)
    return shop


def test_only_what_is_past_its_time_and_over_is_forgotten(old_shop: Shop) -> None:
    for days in (13, 15, 29, 31, 89, 91):
        _age(old_shop, days)
    with old_shop.begin() as tx:
        assert retention.forget_old(tx) is False
    assert _left(old_shop) == [3, 1, 6, 5, 6]


def test_a_setting_says_how_long(old_shop: Shop) -> None:
    _age(old_shop, 3)
    old_shop.run(put_settings, PutSettings(values={"retention.idempotency_days": 2}, actor="test"))
    with old_shop.begin() as tx:
        retention.forget_old(tx)
    assert _left(old_shop)[0] == 0


def test_much_is_forgotten_bite_by_bite(old_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BITE", 2)
    _age(old_shop, 100, count=5)
    with old_shop.begin() as tx:
        tx.enqueue("forget_old", new_id())
    done = Worker(old_shop.store, [TaskKind("forget_old", retention.forget)], []).run_until_idle()
    assert (done, _left(old_shop)[0]) == (3, 0)
