"""A picker's work on a phone: scans typed by a wedge, a dead spot of the network, keys in words and tones."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.chromium import PHONE, Looker
from tests.console.conftest import Console
from tests.console.floor_scene import scene

Look = Callable[..., Looker]
SCANNER = {"viewport": PHONE, "is_mobile": True, "has_touch": True}


def wedge(page: Page, *codes: str) -> None:
    """A scanner types each code and presses Enter, wherever the focus is; no faster than somebody takes the next."""
    for code in codes:
        page.keyboard.type(code, delay=60)
        page.keyboard.press("Enter")


def says(page: Page, words: str) -> None:
    expect(page.locator("#told")).to_contain_text(words)


def test_a_walk_is_picked_by_scans_through_a_dead_spot(console: Console, look: Look):
    console.owner()
    work = scene(console.shop, mugs=2, tees=1)
    looker = look(console.person("picker", name="Ann"), **SCANNER)
    page = looker.go("/floor?site=LEEDS")
    looker.check()
    page.click("text=Take goods from their bins")
    expect(page.locator("#totes")).to_be_focused()
    page.keyboard.type("T:T-1")
    looker.check()
    page.click(".big button")
    says(page, "Go to F-1 and scan it.")
    looker.check()
    wedge(page, "F-1")
    says(page, "Scan MUG")
    wedge(page, "TEE")
    says(page, "Another product is asked for.")
    expect(page.locator(".session")).to_have_attribute("data-tone", "wrong")
    looker.check()

    looker.context.set_offline(True)
    wedge(page, "MUG", "MUG", "T-1")
    expect(page.locator("[data-away]")).to_have_text("3 scans wait")
    looker.check()
    assert work.picked() == [("MUG", 0), ("TEE", 0)]
    looker.context.set_offline(False)
    says(page, "Go to F-2 and scan it.")
    expect(page.locator("[data-away]")).to_be_hidden()
    assert work.picked() == [("MUG", 2), ("TEE", 0)]
    rows = console.shop.rows("SELECT n, code, outcome, occurred_at, recorded_at FROM scan ORDER BY n")
    assert [(row.n, row.code, row.outcome) for row in rows] == [
        (1, "F-1", "taken"), (2, "TEE", "refused"), (3, "MUG", "taken"), (4, "MUG", "taken"), (5, "T-1", "taken")
    ]  # fmt: skip

    wedge(page, "F-2", "TEE", "T-1")
    says(page, "All is picked")
    page.click("button[value=done]")
    says(page, "This walk is over.")
    assert page.evaluate("localStorage.length") == 0
    looker.check()


def test_scans_survive_an_empty_battery_and_count_once_when_their_answer_was_lost(console: Console, look: Look):
    console.owner()
    work = scene(console.shop)
    looker = look(console.person("picker", name="Ann"), **SCANNER)
    session = work.session("Ann")
    page = looker.go(f"/floor/sessions/{session.id}")
    lost = []

    def lose(route, request):
        if request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)  # it arrives, and nobody hears the answer
            return route.abort()
        return route.abort()

    page.route("**/floor/sessions/*", lose)
    wedge(page, "F-1", "MUG")
    expect(page.locator("[data-away]")).to_have_text("2 scans wait")
    assert lost == [303]
    page.close()
    page = looker.page = looker.context.new_page()
    looker.go(f"/floor/sessions/{session.id}")
    says(page, "1 left to take")
    rows = console.shop.rows("SELECT n, code FROM scan ORDER BY n")
    assert [(row.n, row.code) for row in rows] == [(1, "F-1"), (2, "MUG")]


def test_scans_of_who_was_signed_out_wait_until_they_are_back(console: Console, look: Look):
    console.owner()
    work = scene(console.shop)
    looker = look(console.person("picker", name="Ann"), **SCANNER)
    path = f"/floor/sessions/{work.session('Ann').id}"
    page = looker.go(path)
    cookies = looker.context.cookies()
    looker.context.clear_cookies()
    wedge(page, "F-1")
    expect(page.locator("[data-away] a")).to_have_attribute("href", f"/sign-in?next={path.replace('/', '%2F')}")
    looker.check()
    looker.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.close()
    page = looker.page = looker.context.new_page()
    looker.go(path)
    says(page, "Scan MUG")


def test_targets_are_large_and_keys_do_what_they_say(console: Console, look: Look):
    console.owner()
    work = scene(console.shop, mugs=3)
    looker = look(console.person("picker", name="Ann"), **SCANNER, color_scheme="dark")
    page = looker.go(f"/floor/sessions/{work.session('Ann').id}")
    heights = page.eval_on_selector_all(
        ".session button, .session [role=button], .session #code",
        "found => found.map(e => [e.textContent, e.getBoundingClientRect().height]).filter(e => e[1] > 0)",
    )
    assert [each for each in heights if each[1] < 48] == []
    wedge(page, "F-1", "MUG")
    says(page, "2 left to take")
    page.click("button[value=back]")
    says(page, "The last scan is taken back.")
    wedge(page, "MUG")
    says(page, "2 left to take")
    page.click("summary:has-text('How many')")
    page.fill("#all", "3")
    looker.check()
    page.click("button:text-is('That many')")
    says(page, "Put 3 into tote T-1")
    page.click("a[href$='/map']")
    page.wait_for_selector(".way img")
    assert page.evaluate("document.querySelector('.way img').naturalWidth") > 100
    looker.check()


SEEING = """
window.seen = [];
window.BarcodeDetector = class { async detect() { return window.seen.map((rawValue) => ({ rawValue })); } };
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream();
"""
"""A phone whose camera sees what the test holds before it."""


def test_a_phone_without_a_scanner_scans_by_its_camera(console: Console, look: Look):
    console.owner()
    work = scene(console.shop)
    looker = look(console.person("picker", name="Ann"), **SCANNER)
    looker.context.add_init_script(SEEING)
    page = looker.go(f"/floor/sessions/{work.session('Ann').id}")
    page.click("[data-camera]")
    looker.check()
    page.evaluate("seen = ['F-1']")
    says(page, "Scan MUG")
    page.evaluate("seen = ['MUG']")
    says(page, "1 left to take")
    page.click("[data-camera]")
    expect(page.locator("video")).to_be_hidden()
    rows = console.shop.rows("SELECT code FROM scan ORDER BY n")
    assert [row.code for row in rows] == ["F-1", "MUG"]


def test_a_dead_spot_is_crossed_with_a_reload_and_a_new_window_in_it(console: Console, look: Look):
    console.owner()
    work = scene(console.shop)
    looker = look(console.person("picker", name="Ann"), **SCANNER, service_workers="allow")
    path = f"/floor/sessions/{work.session('Ann').id}"
    page = looker.go(path)
    page.evaluate("navigator.serviceWorker.ready")
    wedge(page, "F-1")
    says(page, "Scan MUG")
    looker.context.set_offline(True)
    wedge(page, "MUG")
    expect(page.locator("[data-away]")).to_have_text("1 scan waits")
    page.reload()
    expect(page.locator("h1")).to_have_text("No network")
    expect(page.locator("[data-waiting]")).to_have_text("MUG")
    assert "Ann" not in page.content()
    wedge(page, "MUG")
    expect(page.locator("[data-away]")).to_have_text("2 scans wait")
    looker.check()
    page.close()
    page = looker.page = looker.context.new_page()
    looker.go(path)
    wedge(page, "T-1")
    expect(page.locator("[data-away]")).to_have_text("3 scans wait")
    assert work.picked() == [("MUG", 0), ("TEE", 0)]
    looker.context.set_offline(False)
    says(page, "Go to F-2 and scan it.")
    assert work.picked() == [("MUG", 2), ("TEE", 0)]
    rows = console.shop.rows("SELECT n, code, occurred_at < recorded_at AS earlier FROM scan ORDER BY n")
    assert [tuple(row) for row in rows] == [
        (1, "F-1", True), (2, "MUG", True), (3, "MUG", True), (4, "T-1", True)
    ]  # fmt: skip
    assert page.evaluate("caches.keys().then((all) => all.length)") == 1
    kept = "caches.keys().then(async ([one]) => (await (await caches.open(one)).keys()).map((each) => each.url))"
    assert [url for url in page.evaluate(kept) if "/static/" not in url] == [f"{console.address}/floor/away"]
