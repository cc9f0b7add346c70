"""What packers do beside their scans: photos, weights, cartons, and the papers of the parcel they closed."""

import struct
import zlib

import pytest

from orderwright.links.carriers.practice import PracticeCarrier
from tests.console.conftest import Console
from tests.console.floor_scene import SITE, opened, scanned, scene, sized
from tests.console.visiting import Seen, Visit
from tests.floor import Floor


def picture(side_px: int = 2) -> bytes:
    """A PNG of so many pixels each way."""

    def chunk(kind: bytes, told: bytes) -> bytes:
        return struct.pack(">I", len(told)) + kind + told + struct.pack(">I", zlib.crc32(kind + told))

    rows = b"".join(b"\0" + b"\x7f" * side_px * 3 for _ in range(side_px))
    head = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Bench:
    """A packer, and the page of an order that is to be packed."""

    def __init__(self, console: Console, *roles: str, check: str = "photo", **limits: object) -> None:
        console.owner()
        sized(console.shop)
        self.shop = console.shop
        scene(self.shop).picked_into_tote("Ann")
        self.packer = console.visit(console.person(*roles or ("packer",), name="Pam", **limits))
        self.now = opened(self.shop, "pack", "Pam", "T-1")
        self.path = f"/floor/sessions/{self.now.id}"
        with self.shop.begin() as tx:
            tx.write("UPDATE packing_check SET ask = %(check)s", check=check)

    def csrf(self) -> str:
        return self.packer.get(self.path).text.partition('name="csrf" value="')[2].partition('"')[0]

    def photo(self, content: bytes, csrf: str | None = None) -> Seen:
        """Send a file as a form with files sends it."""
        token = self.csrf() if csrf is None else csrf
        head = '--cut\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
        body = head.format("csrf", "") + token + "\r\n" + head.format("photo", '; filename="a.png"')
        told = {
            "content_type": "multipart/form-data; boundary=cut", "sec_fetch_site": "same-origin",
            "origin": f"http://127.0.0.1:{self.packer.port}",
        }  # fmt: skip
        whole = body + content.decode("latin-1") + "\r\n--cut--\r\n"
        return self.packer._send("POST", f"{self.path}/photo", whole, told)

    def scan(self, code: str = "", **fields: str) -> Seen:
        n = self.packer.get(self.path).text.partition('data-next="')[2].partition('"')[0]
        told = {f"scans/0/{name}": text for name, text in {"code": code, **fields}.items() if text}
        sent = self.packer.post(self.path, {"csrf": self.csrf(), "scans/0/n": n, **told})
        return self.packer.get(str(sent.location))


def test_a_parcel_is_packed_with_carton_weight_and_photo_by_forms_alone(console: Console):
    bench = Bench(console)
    now = scanned(bench.shop, bench.now, "MUG", "MUG", "TEE")
    assert now.instruction.expects == "carton"
    assert "I took S" in bench.packer.get(bench.path).words
    assert "Weight in grams" in bench.scan("S").words
    assert "Take a photo" in bench.scan(grams="1000").words
    sent = bench.photo(picture())
    assert sent.location == bench.path
    seen = bench.packer.get(bench.path)
    assert "1 photo taken" in seen.words
    assert "The photo is kept." in seen.words
    bench.photo(picture())
    assert "1 photo taken" in bench.packer.get(bench.path).words
    seen = bench.scan(command="done")
    assert "is packed." in seen.words
    assert "data-over" in seen.text
    [row] = bench.shop.rows("SELECT p.id::text, p.weight_g, p.carton, x.parcel_id::text FROM parcel p, photo x")
    assert (row.weight_g, row.carton, row.parcel_id) == (1000, "S", row.id)
    assert f'href="/floor/parcels/{row.id}"' in seen.text
    assert bench.packer.submit(bench.path, f"{bench.path}/close").location == f"/floor/begin/pack?site={SITE}"


def test_a_weight_that_does_not_fit_is_confirmed_by_a_button(console: Console):
    bench = Bench(console, check="weight")
    scanned(bench.shop, bench.now, "MUG", "MUG", "TEE", "S")
    seen = bench.scan(grams="1500")
    assert "Measured, g: 1500" in seen.words
    assert "I checked: 1,500 g is right" in seen.words
    assert "is packed." in bench.scan(command="done", quantity="1500").words


@pytest.mark.parametrize("content", [b"", b"rubbish", b"GIF89a" + bytes(40), b"\x89PNG\r\n\x1a\n", b"<svg/>"])
def test_what_is_no_photo_is_told_and_not_kept(console: Console, content: bytes):
    bench = Bench(console)
    seen = bench.photo(content)
    assert seen.status == 422
    assert "This is no photo that can be kept." in seen.words
    assert bench.shop.rows("SELECT FROM photo") == []


def test_a_photo_from_another_site_or_of_other_work_is_not_taken(console: Console):
    bench = Bench(console)
    assert bench.photo(picture(), csrf="").status == 403
    abroad = console.visit(console.person("packer", name="Gil", sites=["GLASGOW"]))
    bench.packer = abroad
    assert bench.photo(picture(), csrf=_csrf(abroad)).status == 403
    bench.packer = console.visit(console.person("packer", name="Pia"))
    bench.path = f"/floor/sessions/{opened(bench.shop, 'receive', 'Pia').id}"
    assert bench.photo(picture()).status == 404
    assert bench.shop.rows("SELECT FROM photo") == []


def _csrf(visit: Visit) -> str:
    return visit.get("/me").text.partition('name="csrf" value="')[2].partition('"')[0]


def test_the_next_unit_is_shown_in_its_place_in_the_carton(console: Console):
    bench = Bench(console)
    assert f'src="{bench.path}/fill.svg?step=1"' in bench.packer.get(bench.path).text
    seen = bench.packer.get(f"{bench.path}/fill.svg?step=2")
    assert seen.header("content-type") == "image/svg+xml; charset=utf-8"
    assert "2. MUG" in seen.text
    assert bench.packer.get(f"{bench.path}/fill.svg?step=900").text == bench.packer.get(
        f"{bench.path}/fill.svg?step=3"
    ).text  # fmt: skip


def test_the_papers_of_a_parcel_are_printed_and_handed_out(console: Console):
    bench = Bench(console, check="none")
    scanned(bench.shop, bench.now, "MUG", "MUG", "TEE", "S")
    [row] = bench.shop.rows("SELECT id::text FROM parcel")
    path = f"/floor/parcels/{row.id}"
    assert "The carrier is asked for the label." in bench.packer.get(path).words
    part = bench.packer.get(path, hx_request="true", hx_target="papers").text
    assert part.strip().startswith('<div id="papers"')
    assert bench.packer.get(f"{path}/label.zpl").status == 409
    assert bench.packer.get(f"{path}/slip.pdf").header("content-type") == "application/pdf"
    floor = Floor(bench.shop.store)
    floor.carrier = PracticeCarrier()
    assert floor.buy_labels() == 1
    seen = bench.packer.get(path)
    assert "The label is here" in seen.words
    assert bench.packer.get(f"{path}/label.zpl").text.startswith("^XA")
    assert bench.packer.submit(path, f"{path}/print", printer="bench-1").location == path
    [job] = bench.shop.rows("SELECT printer, kind, state FROM print_job")
    assert tuple(job) == ("bench-1", "carrier_label", "waiting")
