"""What of a thing that was replaced differs, and how changes are kept and read."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from orderwright.database.changes import Change, ChangeQuery, Replacing, difference, list_changes, note
from tests.shop import Shop


class Thing(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that is put."""

    name: str
    weight_g: int = 0
    since: datetime | None = None
    parts: tuple[dict[str, object], ...] = ()


def test_of_two_trees_only_what_differs_is_told() -> None:
    before = {"name": "Mug", "at": {"city": "Leeds", "country": "GB"}, "days": ["mon"], "gone": 1}
    after = {"name": "Mug", "at": {"city": "York", "country": "GB"}, "days": ["mon", "tue"]}
    assert difference(before, after) == (
        {"at": {"city": "Leeds"}, "days": ["mon"], "gone": 1},
        {"at": {"city": "York"}, "days": ["mon", "tue"], "gone": None},
    )


def test_of_lists_of_objects_those_are_told_that_went_and_came_and_their_order_is_nothing() -> None:
    one, two, three = {"sku": "A"}, {"sku": "B"}, {"sku": "C"}
    assert difference([one, two], [three, one]) == ([two], [three])
    assert difference({"parts": [one, two]}, {"parts": [two, one]}) == ({}, {})


def test_a_thing_put_as_it_was_leaves_no_change_and_one_put_twice_leaves_two(shop: Shop) -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    same = noon.astimezone(timezone(timedelta(hours=2)))
    replacing = Replacing("product", {"MUG": Thing("Mug", 300, noon, ({"sku": "A"}, {"sku": "B"}))})
    replacing.put("MUG", Thing("Mug", 300, same, ({"sku": "B"}, {"sku": "A"})), "ann")
    replacing.put("MUG", Thing("Mug", 0, noon, ({"sku": "B"}, {"sku": "A"})), "ben")
    replacing.put("CUP", Thing("Cup"), "ben")
    replacing.put("CUP", Thing("Cup", 90), "cem")
    with shop.begin() as tx:
        note_before = len(list_changes(tx, ChangeQuery(kind="product", name="CUP")).items)
        replacing.note(tx)
        kept = list_changes(tx, ChangeQuery(kind="product", limit=3)).items
    assert note_before == 0
    assert [(each.name, each.before, each.after, each.actor) for each in kept] == [
        ("CUP", {"weight_g": 0}, {"weight_g": 90}, "cem"),
        ("CUP", None, {"name": "Cup"}, "ben"),
        ("MUG", {"weight_g": 300}, {"weight_g": 0}, "ben"),
    ]


def test_changes_are_read_page_by_page_the_latest_first(shop: Shop) -> None:
    with shop.begin() as tx:
        note(tx, [Change("dial", f"d{i}", None, i, "ann") for i in range(5)])
        seen, after = [], None
        while True:
            page = list_changes(tx, ChangeQuery(kind="dial", limit=2, after=after))
            seen.append([each.after for each in page.items])
            after = page.next
            if after is None:
                break
        assert seen == [[4, 3], [2, 1], [0]]
        assert [each.after for each in list_changes(tx, ChangeQuery(name="d2")).items] == [2]


@pytest.mark.parametrize("odd", ["a\0b", "\ud800"])
def test_a_name_no_database_can_be_asked_for_finds_nothing(shop: Shop, odd: str) -> None:
    with shop.begin() as tx:
        assert list_changes(tx, ChangeQuery(name=odd)).items == []
