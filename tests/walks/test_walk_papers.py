"""A walk on paper: all its orders in one list, with the tote of each, as the guided walk goes."""

from orderwright.business.warehouse.papers import walk_list_paper
from orderwright.papers.lists import pick_list_pdf
from tests.floor import done
from tests.papers.reading import barcodes, pages, words
from tests.walks.aisles import Aisles


def test_a_walk_s_list_holds_the_open_stops_of_all_its_orders_in_the_order_of_the_way(aisles: Aisles) -> None:
    aisles.released({"MUG": 2, "TEE": 1}, {"TEE": 3})
    walk = aisles.claim(totes=("T1", "T2"))
    stops = aisles.rows(
        "SELECT t.id::text AS task_id, t.sku, t.quantity, t.tote FROM pick_task t WHERE t.batch_id = %(id)s"
        " ORDER BY t.walk, t.id",
        id=walk.id,
    )
    done([aisles.pick(stops[0])])
    with aisles.store.read() as tx:
        paper = walk_list_paper(tx, walk.id)
    assert [(row.sku, row.quantity, row.tote) for row in paper.rows] == [
        (stop.sku, stop.quantity, stop.tote) for stop in stops[1:]
    ]  # fmt: skip
    assert (paper.work, paper.number, paper.picker) == (walk.id, walk.number, "pia")
    assert paper.walking_m == -(-walk.predicted_mm // 1000)
    made = pick_list_pdf(paper)
    assert ("]Q1", f"W:{walk.id}") in barcodes(pages(made.content, 203.2)[0])
    assert "→ T2" in words(made.content)
