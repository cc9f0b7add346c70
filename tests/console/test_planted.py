"""Whatever people wrote anywhere, no page of staff or of customers takes it for markup of its own."""

import pytest

from tests.browser import every_page
from tests.console.conftest import Console
from tests.console.planting import evil, fired_on, plant, shown_on, take_out
from tests.portal import looks
from tests.portal.conftest import Counter, counter  # noqa: F401

STAFF_SEE = {
    "order_note.text", "contact.words", "customer.name", "customer.note", "product.title", "site.name", "channel.name",
    "carrier.name", "staff_account.name", "saved_view.name", "desk_procedure.text", "import_job.file_name",
    "quote.name", "orders.form", "fact.body", "house_change.after", "exception.document",
}  # fmt: skip
CUSTOMERS_SEE = {"paper.lines", "product.title", "portal.shop_name"}


def test_markup_planted_in_every_column_of_words_is_text_on_every_page_of_staff(console: Console):
    visit = console.visit(console.owner())
    paths = every_page.paths(every_page.fill(console.shop))
    with console.shop.begin() as tx:
        planted = plant(tx)
    seen = {name: visit.get(path) for name, path in paths.items()}
    assert {name: each.status for name, each in seen.items() if each.status >= 500} == {}
    assert {name: fired for name, each in seen.items() if (fired := fired_on(each.text))} == {}
    shown = {each for page in seen.values() for each in shown_on(page.text)}
    assert shown >= STAFF_SEE, sorted(STAFF_SEE - shown)
    assert shown <= planted


def test_markup_planted_in_every_column_of_words_is_text_on_every_page_of_customers(counter: Counter):  # noqa: F811
    told = looks.paths(looks.fill(counter.floor))
    looks.dress(counter.floor, **{"portal.shop_name": evil("portal.shop_name")})
    with counter.floor.store.begin() as tx:
        planted = plant(tx)
    fired, shown = {}, set()
    for name, (link, path) in told.items():
        visit = counter.visit()
        visit.get(link or "/track/find")
        seen = visit.get(path)
        assert seen.status < 500, (name, seen.status)
        fired[name] = fired_on(seen.text)
        shown |= shown_on(seen.text)
    with counter.floor.store.begin() as tx:
        take_out(tx, planted)
    assert {name: each for name, each in fired.items() if each} == {}
    assert shown >= CUSTOMERS_SEE, sorted(CUSTOMERS_SEE - shown)


@pytest.mark.parametrize(
    "page",
    [f"<p>{evil('a.b')}</p>", f'<p title="{evil("a.b")}">', f"<p title='{evil('a.b')}'>",
     f"<script>var told = \"{evil('a.b')}\"</script>", "<a onclick='1'>"],
)  # fmt: skip
def test_markup_that_is_let_into_a_page_is_found(page: str):
    assert fired_on(page)
    assert not shown_on(page)
