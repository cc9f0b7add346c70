"""Lists as people want to see them again."""

from typing import Any

from orderwright.business.staff.views import (
    VIEWS_MAX,
    ChangeView,
    DropView,
    SaveView,
    change_views,
    drop_views,
    list_views,
    save_views,
)
from tests.shop import Shop

ANN, BEN = "staff:Ann", "staff:Ben"
LEAD = frozenset({"staff:write"})


def save(shop: Shop, name: str, actor: str = ANN, **told: Any) -> Any:
    return shop.run(save_views, SaveView(list="orders", name=name, actor=actor, **told))[0]


def change(shop: Shop, id_: str, name: str, actor: str = ANN, **told: Any) -> Any:
    return shop.run(change_views, ChangeView(id=id_, name=name, actor=actor, **told))[0]


def bar(shop: Shop, actor: str) -> list[str]:
    with shop.store.read() as tx:
        return [f"{each.name}{'*' if each.is_first else ''}" for each in list_views(tx, "orders", actor)]


def test_views_are_ones_own_and_shared_ones_everybodys(shop: Shop):
    save(shop, "Late", query="state=waiting")
    save(shop, "Held", BEN)
    assert save(shop, "Peak", BEN, is_shared=True).code == "leads_only"
    save(shop, "Peak", BEN, is_shared=True, by=LEAD)
    assert (bar(shop, ANN), bar(shop, BEN)) == (["Peak", "Late"], ["Peak", "Held"])


def test_a_view_is_moved_to_its_place(shop: Shop):
    ids = [save(shop, name).id for name in ("A", "B", "C")]
    change(shop, ids[2], "C", place=1)
    assert bar(shop, ANN) == ["C", "A", "B"]
    change(shop, ids[0], "Z")
    assert bar(shop, ANN) == ["C", "Z", "B"]


def test_a_list_opens_with_one_view_of_each_person(shop: Shop):
    shared = save(shop, "Peak", BEN, is_shared=True, by=LEAD)
    own = save(shop, "Late", is_first=True)
    change(shop, shared.id, "Peak", ANN, is_shared=True, is_first=True)
    assert (bar(shop, ANN), bar(shop, BEN)) == (["Peak*", "Late"], ["Peak"])
    change(shop, own.id, "Late", is_first=True)
    assert bar(shop, ANN) == ["Peak", "Late*"]
    change(shop, own.id, "Late")
    assert bar(shop, ANN) == ["Peak", "Late"]


def test_everybodys_views_are_changed_and_dropped_by_managers(shop: Shop):
    shared = save(shop, "Peak", BEN, is_shared=True, by=LEAD)
    assert change(shop, shared.id, "Mine", is_shared=True).code == "leads_only"
    assert change(shop, shared.id, "Peak").code == "leads_only"
    assert shop.run(drop_views, DropView(id=shared.id, actor=ANN))[0].code == "leads_only"
    shop.run(drop_views, DropView(id=shared.id, actor=ANN, by=LEAD))
    assert bar(shop, BEN) == []


def test_what_is_somebody_elses_is_not_there(shop: Shop):
    own = save(shop, "Late")
    assert change(shop, own.id, "Mine", BEN).code == "not_found"
    assert shop.run(drop_views, DropView(id=own.id, actor=BEN))[0].code == "not_found"


def test_a_name_is_taken_once_and_views_are_few(shop: Shop):
    save(shop, "Late")
    assert save(shop, "LATE").code == "view_taken"
    assert save(shop, " ").code == "malformed"
    for number in range(VIEWS_MAX - 1):
        save(shop, f"View {number}")
    assert save(shop, "One more").code == "too_many_views"


def test_two_views_swap_their_names_in_one_go(shop: Shop):
    one, other = save(shop, "One"), save(shop, "Other")
    told = [ChangeView(id=one.id, name="Third", actor=ANN), ChangeView(id=other.id, name="One", actor=ANN),
            ChangeView(id=one.id, name="Other", actor=ANN)]  # fmt: skip
    shop.run(change_views, *told)
    assert bar(shop, ANN) == ["Other", "One"]


def test_dropping_the_first_view_opens_the_list_as_it_is(shop: Shop):
    own = save(shop, "Late", is_first=True)
    shop.run(drop_views, DropView(id=own.id, actor=ANN))
    assert shop.value("SELECT count(*) FROM first_view") == 0


def test_lists_of_others_open_as_they_are_once_everybodys_view_is_somebodys_own(shop: Shop):
    peak = save(shop, "Peak", ANN, is_shared=True, is_first=True, by=LEAD)
    change(shop, peak.id, "Peak", BEN, is_shared=True, is_first=True)
    assert bar(shop, BEN) == ["Peak*"]
    change(shop, peak.id, "Peak", ANN, is_shared=False, is_first=True, by=LEAD)
    assert (bar(shop, ANN), bar(shop, BEN)) == (["Peak*"], [])
    assert shop.rows("SELECT owner FROM first_view") == [(ANN,)]
