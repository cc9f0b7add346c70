"""A manager's work: products come in by a file; what is wrong is mended and brought again."""

from collections.abc import Callable
from pathlib import Path

from tests.browser.chromium import Looker
from tests.console.conftest import Console

Look = Callable[..., Looker]
GOODS = "sku,title,price,currency\nMUG,Mug,8.25,GBP\nLAMP,Lamp,12.50,GBP\nBULB,,1.20,GBP\n"


def test_products_come_in_by_a_file_and_a_bad_row_is_mended(console: Console, look: Look, tmp_path: Path):
    console.owner()
    looker = look(console.person("manager", name="Mia"), accept_downloads=True)
    page = looker.go("/settings")
    page.get_by_role("link", name="Import and export").click()
    (tmp_path / "goods.csv").write_text(GOODS, encoding="utf-8")
    page.set_input_files("#file", tmp_path / "goods.csv")
    page.get_by_role("button", name="Look at what it would change").click()
    page.get_by_role("heading", name="What would change").wait_for()
    looker.check()
    page.get_by_role("button", name="Import it").click()
    page.get_by_role("heading", name="What came of it").wait_for()
    looker.check()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save the rows to mend").click()
    mended = Path(saving.value.path()).read_text(encoding="utf-8-sig").replace("BULB,,", "BULB,Bulb,")
    (tmp_path / "mended.csv").write_text(mended, encoding="utf-8")
    page.get_by_role("button", name="Bring the mended file").click()
    page.set_input_files("#file", tmp_path / "mended.csv")
    page.get_by_role("button", name="Look at what it would change").dblclick()
    page.get_by_role("button", name="Import it").dblclick()
    page.get_by_text("Every row was taken.").wait_for()
    rows = console.shop.rows("SELECT sku, price_minor FROM product WHERE sku IN ('MUG', 'LAMP', 'BULB') ORDER BY sku")
    assert [tuple(row) for row in rows] == [("BULB", 120), ("LAMP", 1250), ("MUG", 825)]
    looker.check()
