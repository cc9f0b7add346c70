"""What picking came to: picks for each hour walked, metres beside first come, errors by whom and where."""

from datetime import timedelta

from orderwright.business.deeds.picking.walks import end_walk
from orderwright.business.reports.picking import Mistakes, pick_figures
from orderwright.business.warehouse.walk_forms import EndWalk
from orderwright.business.warehouse.walk_reads import WalkQuery, list_walks
from tests.floor import done
from tests.walks.aisles import FRIDAY, Aisles


def test_twelve_hundred_units_in_six_hours_of_four_pickers_are_fifty_an_hour(aisles: Aisles) -> None:
    aisles.released(*[{"MUG": 300}] * 4)
    walks = {who: aisles.claim(who, cart="HAND") for who in ("ann", "ben", "cat", "dan")}
    for number in {stop[0] for walk in walks.values() for stop in aisles.stops(walk.id)}:
        aisles.pick_all(number)
    aisles.at(FRIDAY + timedelta(hours=6))
    done(aisles.run(end_walk, *[EndWalk(walk_id=walk.id, actor="test") for walk in walks.values()]))
    with aisles.store.read() as tx:
        told = pick_figures(tx, "LEEDS", FRIDAY, FRIDAY + timedelta(days=1))
        none = pick_figures(tx, "LEEDS", FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2))
    total = told.total
    assert (total.walks, total.lines, total.units, total.hours_s, total.units_per_hour) == (4, 4, 1_200, 86_400, 50)
    assert [(each.of, each.units_per_hour) for each in told.by_picker] == [
        (who, 50) for who in ("ann", "ben", "cat", "dan")
    ]
    assert [(each.of, each.walks) for each in told.by_strategy] == [("single", 4)]
    assert total.metres == sum(-(-walk.predicted_mm // 1) for walk in walks.values()) // 1000
    assert total.metres <= total.first_come_metres
    assert (none.total.walks, none.total.units_per_hour) == (0, 0)


def test_mistakes_are_told_by_picker_zone_product_and_hour(aisles: Aisles) -> None:
    one, two = aisles.released({"MUG": 2}, {"HAT": 1})
    aisles.short(aisles.tasks(one)[0], 1, actor="pia")
    session = "00000000-0000-7000-8000-000000000001"
    with aisles.store.begin() as tx:
        tx.write(
            "INSERT INTO floor_session (id, site, kind, person, next_n, opened_at, last_at)"
            " VALUES (%(id)s, 'LEEDS', 'pick', 'paul', 5, %(now)s, %(now)s)", id=session, now=tx.now,
        )  # fmt: skip
        tx.copy(
            "scan", "session_id, n, code, occurred_at, recorded_at, outcome, refusal, sku, zone",
            [(session, n, "X", tx.now, tx.now, "refused" if n == 1 else "taken", "wrong_item" if n == 1 else "",
              "HAT", "B") for n in range(1, 5)],
        )  # fmt: skip
    with aisles.store.read() as tx:
        told = pick_figures(tx, "LEEDS", FRIDAY, FRIDAY + timedelta(days=1))
    assert told.mistakes_by_picker == [Mistakes("paul", 4, 1, 250, 0), Mistakes("pia", 0, 0, 0, 1)]
    assert told.mistakes_by_zone == [Mistakes("A", 0, 0, 0, 1), Mistakes("B", 4, 1, 250, 0)]
    assert told.mistakes_by_sku == [Mistakes("HAT", 4, 1, 250, 0), Mistakes("MUG", 0, 0, 0, 1)]
    assert told.mistakes_by_hour == [Mistakes("09", 4, 1, 250, 1)]
    assert two in {row.number for row in aisles.rows("SELECT number FROM orders")}


def test_walks_are_listed_newest_first_page_by_page(aisles: Aisles) -> None:
    aisles.released({"MUG": 1}, {"TEE": 1}, {"HAT": 1})
    walks = [aisles.claim(who, cart="HAND").id for who in ("ann", "ben", "cat")]
    with aisles.store.read() as tx:
        first = list_walks(tx, WalkQuery(site="LEEDS", state="walking", limit=2))
        rest = list_walks(tx, WalkQuery(site="LEEDS", state="walking", limit=2, after=first.next))
        assert [each.id for each in (*first.items, *rest.items)] == sorted(walks, reverse=True)
        assert rest.next is None
        assert [each.picker for each in list_walks(tx, WalkQuery(picker="ben")).items] == ["ben"]
        assert list_walks(tx, WalkQuery(site="LEEDS"), sites=["BRISTOL"]).items == []
        assert list_walks(tx, WalkQuery(), channels=["market"]).items == []
        assert len(list_walks(tx, WalkQuery(), sites=["LEEDS"], channels=["web"]).items) == 3
