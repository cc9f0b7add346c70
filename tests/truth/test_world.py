from orderwright.database.store import Store
from tests.truth.world import all_touched, broken, planted


def test_everything_holds_in_the_small_world(world: Store) -> None:
    with planted(world) as tx:
        assert broken(tx) == []


def test_everything_holds_when_only_what_was_touched_is_looked_at(world: Store) -> None:
    with planted(world) as tx:
        assert broken(tx, all_touched(tx)) == []
