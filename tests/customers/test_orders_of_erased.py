"""What is told of orders whose buyer was erased: nothing of people is written to them again."""

from collections.abc import Iterator

import pytest

from orderwright.business.deeds.packing.errors import RecordError, record_errors
from orderwright.business.orders.contacts import ContactForm, RecordContact, record_contacts
from orderwright.business.orders.customer_links import RenewLink, find_linked, renew_links
from orderwright.business.orders.notes import WriteNote, write_notes
from orderwright.business.returns.photos import AddReturnPhoto, add_return_photos
from orderwright.values.ids import new_id
from tests.customers.test_erasing import MARK, arrived, erase, ordered
from tests.floor import Floor, done, new_floor, refused
from tests.packing.pictures import png

ERASED = ("customer_step", {"merged_into": ""})


@pytest.fixture
def floor(postgres: str) -> Iterator[Floor]:
    with new_floor(postgres) as floor:
        floor.stock("LEEDS", MUG=50)
        yield floor


def erased(floor: Floor) -> str:
    """The number of an order whose buyer was erased."""
    number, id_ = ordered(floor)
    arrived(floor, number)
    done([erase(floor, id_)])
    return number


def test_a_link_of_an_erased_order_is_not_made_anew(floor: Floor) -> None:
    number, other = erased(floor), ordered(floor, "somebody@example.org")[0]
    commands = [RenewLink(number=each, actor="ann") for each in (number, other)]
    gone, made = floor.run(renew_links, *commands)
    assert refused(gone) == ("not_found", {"number": number})
    with floor.store.read() as tx:
        found = find_linked(tx, made.token)
    assert found is not None
    assert found.number == other
    assert floor.value("SELECT count(*) FROM customer_link") == 1
    assert "customer_link_renewed" not in floor.facts(floor.order_id(number))


def test_no_note_is_written_on_an_erased_order(floor: Floor) -> None:
    number, other = erased(floor), ordered(floor, "somebody@example.org")[0]
    told = [WriteNote(number=each, text=f"{MARK} rang", actor="ann") for each in (number, other)]
    asked = ContactForm(channel="phone", reason="other", words=MARK)
    calls = [RecordContact(number=each, form=asked, actor="ann") for each in (number, other)]
    called = floor.run(record_contacts, *calls)
    assert [getattr(each, "code", "") for each in called] == ["customer_step", ""]
    gone, written = floor.run(write_notes, *told)
    assert refused(gone) == ERASED
    assert (written.order, floor.value("SELECT count(*) FROM order_note")) == (other, 1)


def test_no_picture_is_kept_with_a_return_of_an_erased_order(floor: Floor) -> None:
    number, back = erased(floor), new_id()
    with floor.store.begin() as tx:
        tx.write(
            "INSERT INTO return_request (id, number, order_id, state, site, made_at)"
            " VALUES (%(id)s, 'R-000001', %(order)s, 'refused', 'LEEDS', %(now)s)",
            id=back, order=floor.order_id(number), now=tx.now,
        )  # fmt: skip
    assert refused(floor.one(add_return_photos, AddReturnPhoto(return_id=back, content=png(), actor="ann"))) == ERASED
    assert floor.value("SELECT count(*) FROM return_photo") == 0


def test_a_mistake_found_with_an_erased_order_is_kept_without_words(floor: Floor) -> None:
    number = erased(floor)
    command = RecordError(found_at="customer", cause="damaged", order=number, note=f"{MARK} said", actor="ann")
    assert refused(floor.one(record_errors, command)) == ERASED
    done(floor.run(record_errors, RecordError(found_at="customer", cause="damaged", order=number, actor="ann")))
    assert [row.note for row in floor.rows("SELECT note FROM error_found")] == [""]
