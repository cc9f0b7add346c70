"""What channels send: read once each, in order, whatever order it comes in."""

import msgspec
import pytest

from orderwright.business.deeds.inbox import reading
from orderwright.business.deeds.inbox.forms import RetryMessage
from orderwright.business.deeds.inbox.keeping import MessageQuery, list_messages, retry_messages
from orderwright.business.orders.form import PaymentForm
from tests.floor import refused
from tests.inbox.channel import Web, replace
from tests.shop import HOME


def test_the_same_message_twice_makes_one_order_and_one_effect(web: Web) -> None:
    # Edge case 1.
    web.floor.stock("LEEDS", MUG=5)
    form = web.order({"MUG": 2})
    first, again = web.send("order.created", form), web.send("order.created", form)
    assert (first.repeated, again.repeated, first.id) == (False, True, again.id)
    assert web.read() == 1
    assert web.send("order.created", form).repeated
    assert web.read() == 0
    assert (web.effects(), web.floor.counts()["orders"], web.floor.free("MUG", "LEEDS")) == (1, 1, 3)


def test_the_same_order_under_two_topics_is_placed_once(web: Web) -> None:
    web.floor.stock("LEEDS", MUG=5)
    form = web.order({"MUG": 2})
    web.send("order.created", form)
    web.send("order.updated", form)
    web.read()
    assert web.outcomes() == [("created", f"placed {web.number()}", 1), ("updated", "unchanged", 0)]


def test_a_changed_body_before_release_is_applied_and_raises_the_version_by_one(web: Web) -> None:
    # Edge case 2.
    web.floor.stock("LEEDS", MUG=5, TEE=5)
    form = web.order({"MUG": 2})
    web.tell("order.created", form)
    assert web.tell("order.created", web.sell(form, {"MUG": 3, "TEE": 1})).startswith("edited /total")
    assert web.floor.units(web.number()) == [("MUG", {"allocated": 3}), ("TEE", {"allocated": 1})]
    assert (web.row().version, web.row().total_minor, web.effects()) == (2, 3000, 2)


def test_a_changed_body_after_the_pick_goes_to_a_person_and_disturbs_no_picker(web: Web) -> None:
    # Edge case 3.
    web.floor.stock("LEEDS", MUG=5)
    form = web.order({"MUG": 2})
    web.tell("order.created", form)
    web.floor.pick_all(web.number())
    before = (web.floor.tasks(web.number()), web.floor.units(web.number()), web.row().version)
    assert web.tell("order.updated", web.sell(form, {"MUG": 1})).startswith("differs")
    assert (web.floor.tasks(web.number()), web.floor.units(web.number()), web.row().version) == before
    [row] = web.floor.rows("SELECT kind, document FROM exception WHERE closed_at IS NULL")
    assert row.kind == "channel_differs"
    assert msgspec.json.decode(row.document)["fields"] == ["/lines/0/quantity"]


def test_a_channel_that_takes_its_late_change_back_closes_the_exception(web: Web) -> None:
    web.floor.stock("LEEDS", MUG=5)
    form = web.order({"MUG": 2})
    web.tell("order.created", form)
    web.floor.pick_all(web.number())
    web.tell("order.updated", web.sell(form, {"MUG": 1}))
    web.tell("order.updated", form)
    assert web.floor.exceptions() == []


def test_what_comes_before_its_order_waits_for_it(web: Web) -> None:
    # Edge case 4: update before create, paid before create.
    web.floor.stock("LEEDS", MUG=5)
    form = web.order({"MUG": 2}, payment=PaymentForm(state="unpaid"))
    payment = PaymentForm(state="paid", amount="22.50", gateway="stripe", reference="pi_1")
    web.send("order.updated", web.sell(form, {"MUG": 3}))
    web.send("order.paid", {"reference": form.reference, "payment": payment})
    web.read()
    assert web.outcomes() == [("updated", "stored", 0), ("paid", "stored", 0)]
    web.tell("order.created", form)
    assert [effects for _, _, effects in web.outcomes()] == [1, 1, 1]
    assert (web.floor.state(web.number()), web.row().total_minor) == ("allocated", 2250)
    assert web.floor.rows("SELECT reference, captured_minor FROM payment") == [("pi_1", 2250)]


def test_an_order_cancelled_before_it_came_comes_in_cancelled(web: Web) -> None:
    # Edge case 4: cancel before create.
    web.floor.stock("LEEDS", MUG=5)
    form = web.order({"MUG": 2})
    web.send("order.cancelled", {"reference": form.reference, "reason": "changed my mind"})
    web.read()
    assert web.floor.counts()["orders"] == 0
    web.tell("order.created", form)
    assert (web.floor.state(web.number()), web.floor.free("MUG", "LEEDS")) == ("cancelled", 5)
    assert web.floor.facts(web.row().id) == ["order_placed", "order_cancelled"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("customer_changed_mind", "customer_changed_mind"),
        ("Mrs Smith of 1 High St, +44 7700 900123, is ill", "cancelled_by_channel"),
        ("Smith", "cancelled_by_channel"),
        (None, "cancelled_by_channel"),
    ],
)
def test_what_a_channel_writes_about_a_cancellation_never_enters_a_fact(web: Web, said: str | None, kept: str) -> None:
    web.floor.stock("LEEDS", MUG=5)
    form = web.order({"MUG": 2})
    web.tell("order.created", form)
    body = {"reference": form.reference} | ({} if said is None else {"reason": said})
    web.tell("order.cancelled", body)
    [(fact,)] = web.floor.rows("SELECT body FROM fact WHERE type = 'order_cancelled'")
    assert msgspec.json.decode(fact)["reason"] == kept
    for table in ("fact", "task", "intent", "decision", "exception", "hold"):
        texts = web.floor.rows(f"SELECT t::text AS text FROM {table} t")
        assert not [row for row in texts if "Smith" in row.text], table
    assert (said or form.reference) in web.floor.rows("SELECT body FROM inbox ORDER BY id DESC")[0].body.decode()


def test_messages_of_one_object_take_effect_in_order_of_arrival(web: Web) -> None:
    web.floor.stock("LEEDS", MUG=9)
    form = web.order({"MUG": 1})
    for units in (2, 5, 3):
        web.send("order.updated", web.sell(form, {"MUG": units}))
    web.send("order.created", form)
    assert web.read() == 1  # one task of an object at a time, and it reads all there is
    assert web.floor.units(web.number()) == [("MUG", {"allocated": 3})]


def drained(web: Web) -> int:
    """Read until nothing is due, or twenty times; how often that was."""
    return next((n for n in range(20) if web.read() == 0), 20)


def test_an_order_behind_more_messages_than_are_read_at_a_time_is_found_and_nobody_reads_in_vain(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LETTERS_A_TIME", 3)
    web.floor.stock("LEEDS", MUG=9)
    form = web.order({"MUG": 1})
    for units in (2, 3, 4, 5):
        web.send("order.updated", web.sell(form, {"MUG": units}))
    assert drained(web) == 4  # a task for each message
    web.send("order.created", form)
    web.send("order.created", web.sell(form, {"MUG": 6}))
    assert drained(web) == 4  # and one more each time that there may be more to read
    assert [effects for _, _, effects in web.outcomes()] == [1] * 6
    assert web.floor.units(web.number()) == [("MUG", {"allocated": 6})]


def test_a_message_that_cannot_be_read_is_parked_and_those_behind_it_go_on(web: Web) -> None:
    web.floor.stock("LEEDS", MUG=9)
    form = web.order({"MUG": 1})
    web.send("order.created", form)
    web.send("order.updated", b'{"lines": 7', external_id=form.reference)
    web.send("order.updated", web.sell(form, {"MUG": 4}))
    web.read()
    [_, (_, parked, _), (_, last, _)] = web.outcomes()
    assert parked.startswith("malformed: ")
    assert last == "edited /total, /lines/0/quantity"
    with web.floor.store.read() as tx:
        page = list_messages(tx, MessageQuery(state="parked"))
    assert [(each.topic, each.effects) for each in page.items] == [("order.updated", 0)]


@pytest.mark.parametrize(
    ("topic", "body", "reason"),
    [
        ("order.created", b"\xff", "malformed"),
        ("order.created", b'{"a": 1, "a": 2}', "malformed"),
        ("order.moved", b"{}", "unknown_topic"),
        ("order.cancelled", b'{"reference": "OTHER"}', "wrong_object"),
    ],
)
def test_each_unreadable_message_says_why(web: Web, topic: str, body: bytes, reason: str) -> None:
    web.floor.stock("LEEDS", MUG=9)
    form = web.order({"MUG": 1})
    web.tell("order.created", form)
    web.send(topic, body, external_id=form.reference)
    web.read()
    assert web.outcomes()[-1][1].startswith(f"{reason}: ")
    assert web.effects() == 1


def test_an_update_founds_the_order_whose_creation_could_not_be_read(web: Web) -> None:
    web.floor.stock("LEEDS", MUG=9)
    form = web.order({"MUG": 1})
    web.send("order.created", replace(form, currency="XXQ"))
    web.read()
    assert web.outcomes()[0][1].startswith("order_refused: ")
    web.tell("order.updated", form)
    assert (web.floor.state(web.number()), web.effects()) == ("allocated", 1)


def test_a_parked_message_is_read_again_once_somebody_says_so(web: Web) -> None:
    web.floor.stock("LEEDS", MUG=9)
    form = web.order({"MUG": 1}, channel="mart")
    web.floor.channel("mart")
    with web.floor.begin() as tx:
        tx.write("UPDATE channel SET is_active = false WHERE code = 'mart'")
        tx.write("UPDATE revision SET number = number + 1 WHERE name = 'catalog'")
    sent = _send_to_mart(web, form)
    web.read()
    assert web.outcomes()[0][1].startswith("order_refused: ")
    web.floor.channel("mart")
    assert refused(web.floor.one(retry_messages, RetryMessage(message_id="x", actor="sue")))[0] == "not_found"
    web.floor.one(retry_messages, RetryMessage(message_id=sent.id, actor="sue"))
    web.read()
    assert web.outcomes()[0][1] == f"placed {web.number()}"
    again = web.floor.one(retry_messages, RetryMessage(message_id=sent.id, actor="sue"))
    assert refused(again) == ("message_step", {"state": "done"})


def _send_to_mart(web: Web, form):
    from orderwright.business.deeds.inbox.forms import Message
    from orderwright.business.deeds.inbox.keeping import store_messages

    told = {"topic": "order.created", "external_id": form.reference, "body": msgspec.json.encode(form), "actor": "hook"}
    return web.floor.one(store_messages, Message(channel="mart", **told))


def test_an_unknown_channel_is_refused_at_the_door(web: Web) -> None:
    from orderwright.business.deeds.inbox.forms import Message
    from orderwright.business.deeds.inbox.keeping import store_messages

    good = Message(channel="web", topic="order.paid", external_id="1", body=b"{}", actor="hook")
    bad = replace(good, channel="nowhere")
    ugly = replace(good, external_id="a\0b")
    one, two, three, four = web.floor.run(store_messages, good, bad, ugly, good)
    assert (one.repeated, four.repeated, one.id) == (False, True, four.id)
    assert (refused(two)[0], refused(three)[0]) == ("unknown_channel", "malformed")


def test_a_cancellation_that_comes_too_late_goes_to_a_person(web: Web) -> None:
    web.floor.stock("LEEDS", MUG=5)
    form = web.order({"MUG": 2})
    web.tell("order.created", form)
    web.floor.shipped(web.number())
    assert web.tell("order.cancelled", {"reference": form.reference}).startswith("differs")
    assert (web.floor.state(web.number()), web.floor.exceptions()) == ("shipped", ["channel_differs"])


def test_a_cancellation_twice_in_other_words_has_one_effect(web: Web) -> None:
    web.floor.stock("LEEDS", MUG=5)
    form = web.order({"MUG": 2})
    web.tell("order.created", form)
    web.tell("order.cancelled", {"reference": form.reference, "reason": "a"})
    assert web.tell("order.cancelled", {"reference": form.reference, "reason": "b"}) == "unchanged"
    assert (web.effects(), web.floor.exceptions()) == (2, [])


def test_a_payment_told_twice_counts_once(web: Web) -> None:
    web.floor.stock("LEEDS", MUG=5)
    form = web.order({"MUG": 2}, payment=PaymentForm(state="unpaid"))
    web.tell("order.created", form)
    payment = PaymentForm(state="paid", gateway="stripe", reference="pi_1")  # all of it
    web.tell("order.paid", {"reference": form.reference, "payment": payment})
    told = replace(payment, amount="15.00")
    assert web.tell("order.paid", {"reference": form.reference, "payment": told}) == "unchanged"
    assert (web.floor.state(web.number()), web.floor.rows("SELECT captured_minor FROM payment")) == (
        "allocated", [(1500,)],
    )  # fmt: skip


def test_a_line_a_channel_no_longer_sells_stays_an_order(web: Web) -> None:
    # Edge case 11: the product is gone from the channel, its order comes and changes all the same.
    web.floor.product("OLD", is_retired=True)
    web.floor.stock("LEEDS", MUG=5)
    with web.floor.begin() as tx:
        tx.write("UPDATE product SET is_retired = false WHERE sku = 'OLD'")
    web.floor.stock("LEEDS", OLD=5)
    web.floor.product("OLD", is_retired=True)
    form = web.order({"OLD": 2})
    web.tell("order.created", form)
    assert web.floor.state(web.number()) == "allocated"
    web.tell("order.updated", replace(form, ship_to=replace(HOME, lines=["3 High St"])))
    assert (web.floor.state(web.number()), web.row().version) == ("allocated", 2)


def test_many_objects_are_read_with_the_same_few_statements(web: Web) -> None:
    web.floor.stock("LEEDS", MUG=90)

    def statements() -> int:
        with web.floor.begin() as tx:
            from orderwright.business.deeds.inbox.reading import read_inbox
            from orderwright.database import tasks

            due = tasks.claim(tx, ["read_inbox"], 100)
            count, run = 0, tx.rows

            def counted(sql, **values):
                nonlocal count
                count += 1
                return run(sql, **values)

            tx.rows = counted
            read_inbox(tx, due)
            tasks.finish(tx, due)
        return count

    web.tell("order.created", web.order({"MUG": 1}))
    web.send("order.created", web.order({"MUG": 1}))
    one = statements()
    for _ in range(6):
        web.send("order.created", web.order({"MUG": 1}))
    assert statements() == one
