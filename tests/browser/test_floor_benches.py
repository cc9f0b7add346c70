"""The main jobs of packers and receivers, each once, on a phone; and a scanner handed from one to the next."""

from playwright.sync_api import expect

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.returns.forms import AskedLine, AskReturn
from orderwright.links.carriers.practice import PracticeCarrier
from tests.browser.test_floor import SCANNER, Look, says, wedge
from tests.console.conftest import Console
from tests.console.floor_scene import opened, scanned, scene, sized
from tests.console.test_packing_bench import picture
from tests.console.test_shared_scanner import Scanner
from tests.floor import Floor, done


def test_an_order_is_packed_weighed_photographed_and_its_label_printed(console: Console, look: Look):
    console.owner()
    sized(console.shop)
    scene(console.shop).picked_into_tote("Ann")
    looker = look(console.person("packer", name="Pam"), **SCANNER, color_scheme="dark")
    page = looker.go("/floor/begin/pack?site=LEEDS")
    wedge(page, "T:T-1")
    says(page, "into carton S: scan each unit")
    with console.shop.begin() as tx:
        tx.write("UPDATE packing_check SET ask = 'photo'")
    page.wait_for_function("() => document.querySelector('.filling img').naturalWidth > 100")
    wedge(page, "MUG", "MUG", "TEE")
    page.click("text=I took S")
    page.fill("#grams", "1000")
    page.click("text=That is it")
    says(page, "Take a photo of what lies in the open carton")
    page.set_input_files("#photo", {"name": "a.png", "mimeType": "image/png", "buffer": picture(900)})
    expect(page.locator(".photo .badge")).to_have_text("1 photo taken")
    looker.check()
    page.click("button[value=done]")
    says(page, "is packed.")
    floor = Floor(console.shop.store)
    floor.carrier = PracticeCarrier()
    floor.buy_labels()
    page.click("text=Label and papers")
    page.fill("#printer", "bench-1")
    page.click("text=Print the label")
    expect(page.locator("[data-toast]")).to_have_text("It waits at the printer.")
    looker.check()
    [photo] = console.shop.rows("SELECT media, parcel_id IS NOT NULL AS is_kept FROM photo")
    assert tuple(photo) == ("image/jpeg", True)


def test_goods_are_taken_in_and_put_away_and_a_return_is_looked_at(console: Console, look: Look):
    console.owner()
    shop = console.shop
    sized(shop)
    work = scene(shop)
    work.picked_into_tote("Ann")
    scanned(shop, opened(shop, "pack", "Pam", "T-1"), "MUG", "MUG", "TEE", "S", "=1000g")
    floor = Floor(shop.store)
    floor.carrier = PracticeCarrier()
    floor.buy_labels()
    [parcel] = shop.rows("SELECT id::text FROM parcel")
    floor.hand_over(parcel.id)
    lines = [AskedLine(1, 2, "unwanted"), AskedLine(2, 1, "damaged")]
    [back] = done(shop.run(ask_returns, AskReturn(number=work.number, lines=lines, actor="test")))
    looker = look(console.person("receiver", name="Rex"), **SCANNER)

    page = looker.go("/floor?site=LEEDS")
    page.click("text=What suppliers bring")
    page.click(".big button")
    says(page, "Scan what came.")
    wedge(page, "MUG")
    says(page, "1 of MUG counted")
    page.click("summary:has-text('How many')")
    page.fill("#all", "12")
    page.click("button:text-is('That many')")
    says(page, "12 of MUG counted")
    page.click("button[value=done]")
    says(page, "12 of MUG taken in.")
    looker.go("/floor?site=LEEDS")
    page.click("text=From the receiving bench into bins")
    says(page, "12 to put away")
    wedge(page, "MUG", "F-1")
    says(page, "11 to put away")
    looker.check()

    looker.go("/floor?site=LEEDS")
    page.click("text=What customers send back")
    says(page, "Scan the return")
    wedge(page, back.number, "MUG", "MUG")
    says(page, "2 of MUG")
    looker.check()
    page.click("button[value=restock]")
    says(page, "into a bin")
    wedge(page, "F-1", "TEE")
    says(page, "1 of TEE")
    page.click("button[value=quarantine]")
    says(page, "All of")
    page.click("button[value=done]")
    says(page, "2 restocked, 1 to quarantine, 0 scrapped.")
    looker.check()


def test_a_scanner_is_handed_on_and_locks_itself(console: Console, look: Look):
    scanner = Scanner(console)
    looker = look(None, **SCANNER)
    token = scanner.visit.cookies["orderwright-device"]
    looker.context.add_cookies([{"name": "orderwright-device", "value": token, "url": console.address}])
    page = looker.go("/floor")
    looker.check()
    page.click(".work:has-text('Bob')")
    for digit in "2580":
        page.click(f"[data-digit='{digit}']")
    looker.check()
    page.click(".pin .deeds button")
    expect(page.locator("h1")).to_have_text("Floor")
    page.evaluate("document.querySelector('[data-lock]').dataset.idleS = '0'")
    page.wait_for_url("**/floor/who")
