"""Contacts: that a customer got in touch about an order, counted from the day on which the first was written down."""

from datetime import datetime, timedelta
from typing import Any

from orderwright.business.orders.contacts import (
    ContactForm,
    RecordContact,
    WithdrawContact,
    list_contacts,
    record_contacts,
    withdraw_contacts,
)
from orderwright.business.orders.story import list_facts
from orderwright.business.reports.days.telling import tell_all
from orderwright.business.reports.was_now import was_now
from tests.shop import Shop
from tests.stories.test_order_to_cash import Floor, floor  # noqa: F401 - a fixture


def now_of(shop: Shop) -> datetime:
    with shop.store.read() as tx:
        return tx.now


def record(shop: Shop, number: str, reason: Any = "where_is_it", **told: Any) -> Any:
    form = ContactForm(channel="phone", reason=reason, **told)
    return shop.run(record_contacts, RecordContact(number=number, form=form, actor="staff:Sam"))[0]


def test_a_contact_is_kept_and_told_in_the_timeline_without_its_words(shop: Shop):
    number = shop.place({"MUG": 1}).number
    asked_at = now_of(shop) - timedelta(hours=2)
    contact = record(shop, number, words=" Where\nis it? ", asked_at=asked_at, is_settled=True)
    assert (contact.words, contact.asked_at, contact.is_settled) == ("Where\nis it?", asked_at, True)
    with shop.store.read() as tx:
        assert list_contacts(tx, number, after=None, limit=5).items == [contact]
        fact = list_facts(tx, number, after=None, limit=1).items[0]
    assert (fact.type, fact.actor) == ("contact_recorded", "staff:Sam")
    assert bytes(fact.facts).decode() == f'{{"contact":"{contact.id}","channel":"phone","reason":"where_is_it"}}'


def test_contacts_are_listed_a_page_at_a_time_the_last_first(shop: Shop):
    number = shop.place({"MUG": 1}).number
    for words in "abc":
        record(shop, number, words=words)
    with shop.store.read() as tx:
        first = list_contacts(tx, number, after=None, limit=2)
        rest = list_contacts(tx, number, after=first.next, limit=2)
    assert ([each.words for each in first.items], [each.words for each in rest.items]) == (["c", "b"], ["a"])


def test_nothing_is_kept_of_a_refused_contact(shop: Shop):
    number = shop.place({"MUG": 1}).number
    before = shop.counts()
    for asked_at in (now_of(shop) + timedelta(seconds=1), now_of(shop) - timedelta(days=31, seconds=1)):
        refused = record(shop, number, asked_at=asked_at)
        assert (refused.code, refused.facts["findings"][0]["pointer"]) == ("malformed", "/asked_at")
    assert record(shop, number, words="a\x00b").code == "malformed"
    assert record(shop, "OW-999999").code == "not_found"
    assert (shop.counts(), shop.value("SELECT count(*) FROM contact")) == (before, 0)


def test_a_contact_of_this_order_alone_is_withdrawn_once(shop: Shop):
    number, other = shop.place({"MUG": 1}).number, shop.place({"MUG": 1}).number
    contact = record(shop, number)
    wrong = WithdrawContact(number=other, id=contact.id, actor="staff:Kim")
    assert [each.code for each in shop.run(withdraw_contacts, wrong)] == ["not_found"]
    assert shop.value("SELECT count(*) FROM contact WHERE withdrawn_at IS NULL") == 1
    told = [WithdrawContact(number=number, id=contact.id, actor=actor) for actor in ("staff:Kim", "staff:Sam")]
    assert [each.withdrawn_by for each in shop.run(withdraw_contacts, *told)] == ["staff:Kim", "staff:Kim"]
    assert [each.withdrawn_by for each in shop.run(withdraw_contacts, told[1])] == ["staff:Kim"]
    assert shop.value("SELECT count(*) FROM fact WHERE type = 'contact_withdrawn'") == 1


def told_days(shop: Shop, figure: str, scope: str = "") -> dict[str, int]:
    with shop.begin() as tx:
        tell_all(tx)
    rows = shop.rows(
        "SELECT part, sum(counted)::bigint AS n FROM report_day WHERE scope = %(scope)s AND figure = %(figure)s"
        " GROUP BY part",
        scope=scope, figure=figure,
    )  # fmt: skip
    return {row.part: row.n for row in rows}


def test_contacts_are_counted_for_the_orders_shipped_since_the_first_was_written_down(
    shop: Shop, floor: Floor  # noqa: F811
):  # fmt: skip
    shop.stock("LEEDS", MUG=5)
    early = shop.place({"MUG": 1}).number
    floor.ship()
    floor.pass_time(days=2)
    assert told_days(shop, "shipped_with_contacts") == {}
    late = shop.place({"MUG": 1}).number
    floor.ship()
    yesterday = now_of(shop) - timedelta(days=2)
    for number, when in ((early, None), (late, None), (late, yesterday)):
        record(shop, number, asked_at=when)
    mistake = record(shop, late, "complaint")
    assert told_days(shop, "contacts") == {"where_is_it": 2, "complaint": 1}
    shop.run(withdraw_contacts, WithdrawContact(number=late, id=mistake.id, actor="staff:Kim"))
    expected = {"where_is_it": 2}  # the day of the third was before anybody wrote contacts down
    for scope in ("", "site:LEEDS", "channel:web"):
        assert (told_days(shop, "contacts", scope), told_days(shop, "shipped_with_contacts", scope)) == (
            expected, {"": 1},
        )  # fmt: skip
    floor.pass_time(days=1)
    with shop.begin() as tx:
        tell_all(tx)
    with shop.store.read() as tx:
        now = {each.figure: each.now for each in was_now(tx, ["web"]).standing}["contacts"]
    assert (now.value, [(part.name, part.counted) for part in now.parts]) == (200, [("where_is_it", 2)])


def test_a_shop_that_wrote_down_no_contact_is_not_said_to_have_none(shop: Shop, floor: Floor):  # noqa: F811
    shop.stock("LEEDS", MUG=5)
    shop.place({"MUG": 1})
    floor.ship()
    floor.pass_time(days=1)
    with shop.begin() as tx:
        tell_all(tx)
    with shop.store.read() as tx:
        now = {each.figure: each.now for each in was_now(tx, ["web"]).standing}["contacts"]
    assert (now.value, now.because) == (None, "Nobody wrote a contact down yet, or no order was shipped since.")
