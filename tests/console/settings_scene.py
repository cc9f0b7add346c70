"""What the pages of settings, imports and people show something of."""

import hashlib
import tempfile
from datetime import date
from pathlib import Path

from orderwright.business.customers.actions import put_customers
from orderwright.business.customers.forms import (
    CustomerCard,
    PriceForm,
    PriceListForm,
    PutCustomer,
    PutPrice,
    PutPriceList,
)
from orderwright.business.customers.price_lists import put_price_lists, put_prices
from orderwright.business.imports.forms import BeginLooking, ImportAsked
from orderwright.business.imports.jobs import begin_looking
from orderwright.business.imports.running import Run
from orderwright.business.staff.forms import BeginTotp
from orderwright.business.staff.own import begin_totp
from orderwright.database.writer import Writer
from orderwright.values.forms import AddressForm
from tests.shop import Shop

EVIL = '<img src=x onerror="alert(1)">'
_QUOTED = EVIL.replace('"', '""')
GOODS = f'sku,title,price,currency\nMUG,Mug,8.25,GBP\nLAMP,"{_QUOTED}",12.50,GBP\nBULB,,1.20,GBP\n'


def settings_parts(shop: Shop) -> dict[str, str]:
    """A product with every kind of thing to it, and a file that was looked at; the parts of addresses."""
    shop.product(
        "EVIL", title=EVIL, codes=[{"code": "4006381333931"}], weight_g=700, hs_code="691110", hazard=EVIL[:60]
    )
    writer = Writer(shop.store)
    digest = hashlib.sha256(GOODS.encode()).digest()
    begin = BeginLooking(
        kind="products", file_name=f"{EVIL}.csv", file_hash=digest, asked=ImportAsked(), actor="staff:Olivia Owner"
    )
    try:
        (import_id,) = writer.run(begin_looking, [begin])
        run = Run(shop.store, writer, import_id, "staff:Olivia Owner")
        with tempfile.NamedTemporaryFile() as file:
            Path(file.name).write_text(GOODS, encoding="utf-8")
            run.keep(Path(file.name))
        run.look()
    finally:
        writer.stop()
    people = shop.rows("SELECT id::text FROM staff_account ORDER BY id LIMIT 1")
    person = people[0].id if people else import_id
    shop.run(begin_totp, BeginTotp(account_id=person, actor="test"))
    return {**priced(shop), "import": import_id, "sku": "EVIL", "code": "LEEDS", "channel": "web", "person": person,
            "carrier": "practice", "service": "standard"}  # fmt: skip


def priced(shop: Shop) -> dict[str, str]:
    """Somebody who buys at a price list, with everything that can be written of them."""
    form = PriceListForm(name=EVIL, currency="GBP", valid_from=date(2026, 1, 1), valid_until=date(2099, 12, 31))
    shop.run(put_price_lists, PutPriceList(code="TRADE", form=form, actor="staff:Olivia Owner"))
    for sku, price in {"MUG": "6.125", "TEE": "4", "EVIL": "0.5"}.items():
        shop.run(put_prices, PutPrice(price_list="TRADE", sku=sku, form=PriceForm(price=price), actor="test"))
    [known] = shop.rows("SELECT id::text FROM customer WHERE email_key = 'buyer3@example.org'")
    address = AddressForm(
        name=EVIL,
        company="Corner Shop",
        lines=["1 High St", "Flat 4"],
        city="Leeds",
        postal_code="LS1 1AA",
        country="GB",
    )
    card = CustomerCard(
        name="Mary Somerville", email="buyer3@example.org", phone="+44 113 496 0000", note=EVIL, language="es",
        reference="C-7", price_list="TRADE", pays_within_days=30, addresses=[address],
    )  # fmt: skip
    shop.run(put_customers, PutCustomer(id=known.id, card=card, actor="staff:Olivia Owner"))
    return {"customer": known.id, "list_code": "TRADE"}


SETTINGS = {
    "customers/{id}": "customers/{customer}",
    "price-lists/{code}": "price-lists/{list_code}",
    "imports/{id}": "imports/{import}",
    "staff/{id}": "staff/{person}",
    "channels/{code}": "channels/{channel}",
    "carriers/{code}": "carriers/{carrier}",
    "services/{code}": "services/{service}",
}
"""What parts of addresses stand for there."""
