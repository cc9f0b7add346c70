"""What the pages of settings, imports and people show something of."""

import hashlib
import tempfile
from pathlib import Path

from orderwright.business.imports.forms import BeginLooking, ImportAsked
from orderwright.business.imports.jobs import begin_looking
from orderwright.business.imports.running import Run
from orderwright.database.writer import Writer
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
    return {"import": import_id, "sku": "EVIL", "code": "LEEDS", "channel": "web", "person": person}


SETTINGS = {"imports/{id}": "imports/{import}", "staff/{id}": "staff/{person}", "channels/{code}": "channels/{channel}"}
"""What parts of addresses stand for there."""
