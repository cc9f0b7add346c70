"""A desk at which something happened: views, notes, a procedure, orders changed at once, decisions of the system."""

from collections.abc import Mapping

from msgspec.structs import replace

from orderwright.business.deeds.bulk import ChangeMany, change_many
from orderwright.business.deeds.dials import turn_dials
from orderwright.business.orders.contacts import ContactForm, RecordContact, record_contacts
from orderwright.business.orders.dials import SetDial, set_dials
from orderwright.business.orders.form import CustomerForm
from orderwright.business.orders.notes import WriteNote, write_notes
from orderwright.business.orders.procedures import WriteProcedure, write_procedures
from orderwright.business.staff.views import SaveView, save_views
from orderwright.values.forms import AddressForm
from tests.shop import Shop

EVIL = '<img src=x onerror="alert(1)">'
WHO = "staff:Olivia Owner"
TYPO = AddressForm(name=f"Bea {EVIL}", lines=["1 High St"], city="Leeds", postal_code="LS1 IAA", country="GB")


def desk(shop: Shop, held: str) -> Mapping[str, str]:
    """What pages of the desk show; the parts of their addresses that vary. held: an order to write about."""
    views = [
        SaveView(list="orders", name=name, query=query, is_shared=shared, actor=WHO, by=frozenset({"staff:write"}))
        for name, query, shared in (("Late", "state=waiting&site=LEEDS", True), (EVIL, "channel=web", False))
    ]
    view = shop.run(save_views, *views)[0]
    for text in (f"Wants it after the 5th. {EVIL}\n@Olivia Owner, please call.", "Called."):
        shop.run(write_notes, WriteNote(number=held, text=text, actor="staff:Clara"))
    asked = ContactForm(channel="phone", reason="where_is_it", words=f"Since Monday! {EVIL}")
    shop.run(record_contacts, RecordContact(number=held, form=asked, actor="staff:Clara"))
    steps = f"# First\n1. **Call** the buyer {EVIL}\n2. Write down what they said.\n- and when"
    for kind in ("manual", "address"):
        shop.run(write_procedures, WriteProcedure(kind=kind, stage="any", text=steps, actor=WHO))
    shop.run(set_dials, SetDial(kind="address", setting="tell", actor=WHO))
    bea = CustomerForm(email="bea@example.org", name="Bea")
    shop.place({"MUG": 1}, ship_to=TYPO, customer=bea)
    with shop.begin() as tx:
        turn_dials(tx, [])
    kim = CustomerForm(email="kim@example.org", name="Kim")
    doubtful = shop.place({"TEE": 1}, ship_to=replace(TYPO, name="Kim"), customer=kim).number
    decision = str(shop.value("SELECT exception_id::text FROM suggestion"))
    told = ChangeMany(deed="hold", orders=[held, "OW-999999"], kind="address", actor=WHO)
    bulk = shop.run(change_many, told)[0]
    return {"list": "orders", "view": view.id, "bulk": bulk.id, "decision": decision, "doubtful": doubtful,
            "cause": "manual", "stage": "any", "dial": "address"}  # fmt: skip
