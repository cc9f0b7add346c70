"""Scans of receiving and of putting away that come at once lock in one order, whatever order they come in."""

from tests.receiving.conftest import Buying
from tests.receiving.test_by_scans import scanner
from tests.sessions.meeting import send_against

_TWO = ({"code": "TEE"}, {"command": "done"}, {"code": "MUG"}, {"command": "done"})


def on_bench(shop: Buying) -> None:
    gun = scanner(shop, "receive")
    for sku in ("MUG", "TEE"):
        gun.all(sku)
        gun.scan(quantity=5)
        gun.key("done")


def test_what_is_received_at_once_waits_before_it_holds_what_comes_later(shop: Buying):
    on_bench(shop)
    gun = scanner(shop, "receive")
    answers = send_against(shop, gun, _TWO, held="stock WHERE sku = 'MUG'", free="stock WHERE sku = 'TEE'")
    assert [each.outcome for each in answers] == ["taken"] * 4
    assert shop.rows("SELECT sku, sum(quantity)::int FROM put_away GROUP BY sku ORDER BY sku") == [
        ("MUG", 6), ("TEE", 6),
    ]  # fmt: skip


def test_new_lots_received_at_once_are_met_by_their_product(shop: Buying):
    shop.product("MILK", tracking="lot")
    shop.product("YEAST", tracking="lot")
    gun = scanner(shop, "receive")
    scans = [
        {"code": "YEAST"}, {"code": "Y1"}, {"command": "done"}, {"code": "MILK"}, {"code": "M1"}, {"command": "done"},
    ]  # fmt: skip
    answers = send_against(shop, gun, scans, held="product WHERE sku = 'MILK'", free="product WHERE sku = 'YEAST'")
    assert [each.outcome for each in answers] == ["taken"] * 6
    assert [row.lot for row in shop.rows("SELECT lot FROM lot ORDER BY lot")] == ["M1", "Y1"]


def test_what_is_put_away_at_once_waits_before_it_holds_what_comes_later(shop: Buying):
    on_bench(shop)
    gun = scanner(shop, "put_away")
    bin_ = shop.value("SELECT code FROM place WHERE site = 'LEEDS' AND kind = 'bin' ORDER BY id LIMIT 1")
    scans = [
        {"code": "TEE"}, {"code": f"L:LEEDS/{bin_}"}, {"code": "MUG"}, {"code": f"L:LEEDS/{bin_}"},
    ]  # fmt: skip
    mug, tee = "availability WHERE sku = 'MUG' AND site = 'LEEDS'", "availability WHERE sku = 'TEE' AND site = 'LEEDS'"
    answers = send_against(shop, gun, scans, held=mug, free=tee)
    assert [each.outcome for each in answers] == ["taken"] * 4
    assert [shop.counters(sku, "LEEDS")[0] for sku in ("MUG", "TEE")] == [1, 1]
