"""What puts the floor on a phone's home screen."""

import re

import msgspec

from tests.console.conftest import Console


def test_a_phone_is_told_what_it_may_put_on_its_home_screen(console: Console):
    visit = console.visit()
    [path] = re.findall(r'<link rel="manifest" href="([^"]+)">', visit.get("/sign-in").text)
    seen = visit.get(path)
    assert (seen.status, seen.header("content-type")) == (200, "application/manifest+json; charset=utf-8")
    told = msgspec.json.decode(seen.text)
    assert (told["start_url"], told["display"]) == ("/floor", "standalone")
    for icon in told["icons"]:
        picture = visit.save(icon["src"])
        width = int.from_bytes(picture[16:20], "big")
        assert (picture[:8], icon["sizes"]) == (b"\x89PNG\r\n\x1a\n", f"{width}x{width}")
    assert "manifest-src 'self'" in (visit.get("/sign-in").header("content-security-policy") or "")
