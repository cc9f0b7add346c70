from orderwright.business.truth.acknowledged import lost_or_doubled
from orderwright.business.truth.canaries import Found, find_texts
from orderwright.database.store import Store
from tests.truth.world import planted

CARD = "4111 1111 1111 1111"


def test_a_card_number_is_found_wherever_it_stands(world: Store) -> None:
    sql = (
        "UPDATE orders SET form = '{\"gift_note\":\"4111-1111-1111-1111\"}' WHERE number IN ('OW-1', 'OW-2');\n"
        "UPDATE inbox SET body = 'card=4111111111111111' WHERE id = #message1;\n"
        "UPDATE setting SET value = '[4111111111111111]';\n"
        "UPDATE api_key SET scopes = '{4111111111111111}'"
    )
    with planted(world, "INSERT INTO setting VALUES ('x', '1');\n" + sql) as tx:
        assert find_texts(tx, [CARD]) == [
            Found("api_key", "scopes", 1), Found("inbox", "body", 1), Found("orders", "form", 2),
            Found("setting", "value", 1),
        ]  # fmt: skip


def test_nothing_is_found_where_no_card_number_stands(world: Store) -> None:
    with planted(world) as tx:
        assert find_texts(tx, [CARD, "5500005555555559"]) == []


def test_acknowledged_orders_are_here_once(world: Store) -> None:
    with planted(world) as tx:
        assert lost_or_doubled(tx, {("web", "R-1"): "OW-1", ("web", "R-2"): "OW-2"}) == []
        assert lost_or_doubled(tx, {("web", "R-1"): "OW-9", ("web", "R-8"): "OW-8"}) == [
            "web R-1 was answered OW-9: 1 orders here, the first OW-1",
            "web R-8 was answered OW-8: 0 orders here, the first None",
        ]
