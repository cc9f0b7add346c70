"""Messages of channels that wait, or are being read, while whom they are about is erased."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from orderwright.business.deeds.erase_customers import EraseCustomer, erase_customers
from orderwright.business.orders.form import CustomerForm, PaymentForm
from tests.customers.test_erasing import EMAIL, MARK, THEIRS, arrived, left_of
from tests.floor import done
from tests.inbox.channel import Web, replace


def theirs(web: Web) -> Any:
    """An order of somebody who can be erased, as the channel tells of it."""
    web.floor.stock("LEEDS", MUG=9)
    buyer = CustomerForm(email=EMAIL, name=f"{MARK} Q")
    form = web.floor.form({"MUG": 2}, customer=buyer, ship_to=THEIRS)
    web.tell("order.created", form)
    arrived(web.floor, web.number())
    return form


def erasing(web: Web) -> EraseCustomer:
    return EraseCustomer(id=str(web.row().customer_id), name=f"{MARK} Q", actor="ann")


def test_what_nobody_could_read_until_somebody_was_erased_is_read_then(web: Web) -> None:
    form = theirs(web)
    web.send("order.updated", replace(form, gift_note=f"Dear {MARK}"))
    with web.floor.begin() as tx:
        tx.write(
            "UPDATE task SET state = 'dead', attempt = 8, error = 'it broke', ended_at = %(now)s WHERE state = 'open'",
            now=tx.now,
        )
    done(web.floor.run(erase_customers, erasing(web)))
    web.read()
    assert web.outcomes()[1] == ("updated", "erased", 0)
    assert left_of(web.floor) == {"kept_buyer.name", "kept_buyer.address"}


def test_who_is_erased_while_a_message_is_read_is_waited_for(web: Web) -> None:
    form = theirs(web)
    web.send("order.updated", replace(form, gift_note=f"Dear {MARK}"))
    command = erasing(web)
    with ThreadPoolExecutor(1) as pool:
        with web.floor.begin() as tx:
            done(erase_customers(tx, [command]))
            reading = pool.submit(web.read)
            me = tx.row("SELECT pg_backend_pid() AS pid").pid
            waits = "SELECT count(*) FROM pg_sleep(0.01), pg_locks WHERE NOT granted"
            while not reading.done() and not web.floor.value(f"{waits} AND %(me)s = ANY(pg_blocking_pids(pid))", me=me):
                pass
        reading.result(30)
    assert web.outcomes()[1] == ("updated", "erased", 0)
    assert left_of(web.floor) == {"kept_buyer.name", "kept_buyer.address"}


def test_a_payment_nobody_can_place_is_looked_into_also_after_its_buyer_was_erased(web: Web) -> None:
    form = theirs(web)
    done(web.floor.run(erase_customers, erasing(web)))
    told = PaymentForm(state="paid", amount="15.00", gateway="acme", reference="P-1")
    web.floor.place({"MUG": 2}, payment=told)
    said = web.tell("order.paid", {"reference": form.reference, "payment": told})
    assert said.startswith("differs")
    assert web.floor.exceptions() == ["channel_differs"]
