"""Papers at the command line."""

from pathlib import Path

import pytest

from tests.doors.conftest import Served
from tests.doors.test_commands import Say, say
from tests.papers.reading import barcodes, pages
from tests.shop import Shop

__all__ = ["say"]


@pytest.fixture
def shop(served: Served) -> Shop:
    return served.shop


def test_totes_and_carts_are_labelled_without_a_store(say: Say, tmp_path: Path) -> None:
    assert say("print", "totes", "t.pdf", "0001", "0002").code == 0
    assert [barcodes(page)[0] for page in pages(Path("t.pdf").read_bytes(), 203.2)] == [
        ("]C0", "T:0001"), ("]C0", "T:0002"),
    ]  # fmt: skip
    assert say("print", "totes", "c.zpl", "7", "--cart", "--language", "es").code == 0
    assert "^FDCarro^FS" in Path("c.zpl").read_text()
    refused = say("print", "totes", "t.zpl", "Ä")
    assert (refused.code, "bad_code" in refused.err) == (1, True)
    assert say("print", "totes", "t.doc", "1").code == 2


def test_bins_and_pick_lists_come_out_of_the_store(say: Say, shop: Shop) -> None:
    shop.stock("LEEDS", MUG=1)
    number = shop.place({"MUG": 1}).number
    assert say("print", "bins", "LEEDS", "bins.zpl").code == 0
    assert Path("bins.zpl").read_text().startswith("^XA")
    [row] = shop.rows(
        "SELECT f.id::text FROM fulfilment f JOIN orders o ON o.id = f.order_id WHERE o.number = %(number)s",
        number=number,
    )
    assert say("print", "pick-list", row.id, "list.pdf").code == 0
    [page] = pages(Path("list.pdf").read_bytes(), 203.2)
    assert ("]Q1", f"W:{row.id}") in barcodes(page)
    assert say("print", "packing-slip", row.id, "slip.pdf").code == 1
    assert say("print", "queue", "bench-1").out.strip() == "Nothing waits there."
